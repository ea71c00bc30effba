using System.Buffers.Binary;
using System.Text;
using Bedside.Model;

namespace Bedside.Identity;

/// <summary>The fields of one record, little-endian, in their order; texts are UTF-8 with a u16 length.</summary>
internal sealed class FieldWriter
{
    private const int LongestText = 1_024;

    private readonly List<byte> _bytes = [];

    public FieldWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public FieldWriter Long(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public FieldWriter Wide(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>−2^63 = none.</summary>
    public FieldWriter Time(UtcInstant? value) => Long(value?.UnixNanoseconds ?? long.MinValue);

    public FieldWriter Text(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value.Length <= LongestText ? value : value[..LongestText]);
        _bytes.Add((byte)utf8.Length);
        _bytes.Add((byte)(utf8.Length >> 8));
        _bytes.AddRange(utf8);
        return this;
    }

    public byte[] ToBytes() => [.. _bytes];
}

/// <summary>Reads what <see cref="FieldWriter"/> wrote; beyond the end everything is zero and <see cref="Failed"/>.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public byte Byte() => Take(1)[0];

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public UInt128 Wide() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public UtcInstant? Time() => Long() is var time && time == long.MinValue ? null : new UtcInstant(time);

    public string Text()
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));
        return length > _rest.Length ? Fail() : Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            Failed = true;
            _rest = default;
            return new byte[length];
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private string Fail()
    {
        Failed = true;
        return string.Empty;
    }
}
