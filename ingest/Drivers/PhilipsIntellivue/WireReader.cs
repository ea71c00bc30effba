using System.Buffers.Binary;
using System.Text;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Reads big-endian fields from left to right. Reading past the end gives zeros and sets <see cref="Failed"/>, so that a
/// whole structure can be read before it is judged.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public bool Failed { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    public byte U8()
    {
        ReadOnlySpan<byte> field = Take(1);
        return Failed ? (byte)0 : field[0];
    }

    public ushort U16()
    {
        ReadOnlySpan<byte> field = Take(2);
        return Failed ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(field);
    }

    public uint U32()
    {
        ReadOnlySpan<byte> field = Take(4);
        return Failed ? 0 : BinaryPrimitives.ReadUInt32BigEndian(field);
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if (Failed || length < 0 || length > Left)
        {
            Failed = true;
            return [];
        }

        ReadOnlySpan<byte> field = _bytes.Slice(Position, length);
        Position += length;
        return field;
    }
}

/// <summary>What a FLOAT says: a number, or why there is none (section 8).</summary>
internal readonly record struct WireFloat(Fixed? Number)
{
    private const int NotANumber = 0x7FFFFF;
    private const int NotAtThisResolution = 0x800000;
    private const int PlusInfinity = 0x7FFFFE;
    private const int MinusInfinity = 0x800002;

    /// <summary>Top byte exponent, low 24 bits mantissa, both signed; the specials are told by the mantissa alone.</summary>
    public static WireFloat Of(uint wire)
    {
        int mantissa = (int)(wire & 0xFFFFFF);
        if (mantissa is NotANumber or NotAtThisResolution or PlusInfinity or MinusInfinity)
        {
            return new WireFloat(Number: null);
        }

        long signed = (mantissa & 0x800000) == 0 ? mantissa : mantissa - 0x1000000;
        return new WireFloat(new Fixed(signed, unchecked((sbyte)(wire >> 24))));
    }
}

/// <summary>Field types that occur in several attributes (section 8).</summary>
internal static class WireFields
{
    private const int AbsoluteTimeLength = 8;

    /// <summary>String: byte length, UTF-16BE, ended by NUL or padded with spaces.</summary>
    public static string Text(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        int length = reader.U16();
        return BareText(reader.Take(Math.Min(length, reader.Left)));
    }

    /// <summary>UTF-16BE without a length in front.</summary>
    public static string BareText(ReadOnlySpan<byte> value) => CutAtNul(Encoding.BigEndianUnicode.GetString(value[..(value.Length & ~1)]));

    /// <summary>VariableLabel: length and ASCII bytes, padded with NUL or spaces.</summary>
    public static string Label(ref WireReader reader) => CutAtNul(Encoding.ASCII.GetString(reader.Take(reader.U16())));

    public static ushort? U16(AttributeList attributes, ushort id) =>
        attributes.TryGet(id, out ReadOnlySpan<byte> value) && value.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(value) : null;

    public static uint? U32(AttributeList attributes, ushort id) =>
        attributes.TryGet(id, out ReadOnlySpan<byte> value) && value.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    public static string? Text(AttributeList attributes, ushort id) =>
        attributes.TryGet(id, out ReadOnlySpan<byte> value) ? Text(value) : null;

    /// <summary>AbsoluteTime in the monitor's local time; null when it is not supplied, not set or no date.</summary>
    public static DateTime? Time(AttributeList attributes, ushort id) =>
        attributes.TryGet(id, out ReadOnlySpan<byte> value) ? Time(value) : null;

    /// <summary>Eight BCD bytes: century, year, month, day, hour, minute, second, fraction (unused).</summary>
    public static DateTime? Time(ReadOnlySpan<byte> value)
    {
        if (value.Length < AbsoluteTimeLength)
        {
            return null;
        }

        Span<int> parts = stackalloc int[AbsoluteTimeLength - 1];
        for (int i = 0; i < parts.Length; i++)
        {
            int high = value[i] >> 4;
            int low = value[i] & 0x0F;
            if (high > 9 || low > 9)
            {
                return null;
            }

            parts[i] = (high * 10) + low;
        }

        int year = (parts[0] * 100) + parts[1];
        bool isDate = year is > 0 and < 9999 && parts[2] is >= 1 and <= 12 && parts[3] >= 1 && parts[3] <= DateTime.DaysInMonth(year, parts[2]);
        bool isTime = parts[4] < 24 && parts[5] < 60 && parts[6] < 60;
        return isDate && isTime ? new DateTime(year, parts[2], parts[3], parts[4], parts[5], parts[6], DateTimeKind.Unspecified) : null;
    }

    private static string CutAtNul(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).Trim();
    }
}
