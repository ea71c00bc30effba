using System.Buffers.Binary;
using Bedside.Model;

namespace Bedside.Storage.Index;

/// <summary>
/// The index of one lane of one signal, each entry as its difference from the one before: about 25 bytes a block.
/// Numbers are LEB128 of 64 bits, signed ones zigzag-mapped; sums and differences wrap around. FORMAT.md, section 8.2.
/// </summary>
internal static class IndexCoding
{
    private const int HasSummary = 1;
    private const int HasNewUnit = 2;
    private const int IsDecimal = 4;
    private const int LongestEntry = 160;

    public static byte[] Encode(ReadOnlySpan<BlockEntry> entries)
    {
        byte[] bytes = new byte[entries.Length * LongestEntry];
        var writer = new NumberWriter(bytes);
        BlockEntry last = default;
        RawUnit unit = RawUnit.Counts;
        foreach (BlockEntry entry in entries)
        {
            BlockSummary summary = entry.Summary ?? default;
            bool newUnit = entry.Summary is not null && summary.Unit != unit;
            int flags = (entry.Summary is null ? 0 : HasSummary) | (newUnit ? HasNewUnit : 0) | (newUnit && summary.Unit.IsDecimal ? IsDecimal : 0);
            writer.Byte((byte)entry.Kind);
            writer.Byte((byte)flags);
            writer.Signed(unchecked(entry.Start.UnixNanoseconds - last.End.UnixNanoseconds));
            writer.Unsigned(unchecked((ulong)(entry.End.UnixNanoseconds - entry.Start.UnixNanoseconds)));
            writer.Signed(unchecked((long)(entry.Number - last.Number)));
            writer.Signed(entry.At - last.At);
            writer.Unsigned((uint)entry.Length);
            writer.Unsigned(entry.Count);
            if (newUnit)
            {
                writer.Byte((byte)summary.Unit.Exponent);
                writer.Double(summary.Unit.Gain);
                writer.Double(summary.Unit.Offset);
                unit = summary.Unit;
            }

            if (entry.Summary is not null)
            {
                writer.Unsigned(summary.Valid);
                writer.Signed(summary.Min);
                writer.Unsigned(unchecked((ulong)(summary.Max - summary.Min)));
                writer.Signed(unchecked(summary.Sum - (summary.Min * summary.Valid)));
                writer.Unsigned(unchecked((ulong)(summary.First - summary.Min)));
                writer.Unsigned(unchecked((ulong)(summary.Last - summary.Min)));
            }

            last = entry;
        }

        return bytes[..writer.Length];
    }

    /// <summary>Null when the bytes are not <paramref name="count"/> entries.</summary>
    public static BlockEntry[]? Decode(ReadOnlySpan<byte> bytes, int count, uint signal)
    {
        var reader = new NumberReader(bytes);
        if (count > bytes.Length)
        {
            return null;
        }

        var entries = new BlockEntry[count];
        BlockEntry last = default;
        RawUnit unit = RawUnit.Counts;
        for (int i = 0; i < count; i++)
        {
            var kind = (BlockKind)reader.Byte();
            int flags = reader.Byte();
            long start = unchecked(last.End.UnixNanoseconds + reader.Signed());
            last = new BlockEntry
            {
                Kind = kind,
                Signal = signal,
                Start = new UtcInstant(start),
                End = new UtcInstant(unchecked(start + (long)reader.Unsigned())),
                Number = unchecked(last.Number + (ulong)reader.Signed()),
                At = unchecked(last.At + reader.Signed()),
                Length = unchecked((int)reader.Unsigned()),
                Count = unchecked((uint)reader.Unsigned()),
                Summary = null,
            };
            if ((flags & HasNewUnit) != 0)
            {
                unit = new RawUnit((flags & IsDecimal) != 0, (sbyte)reader.Byte(), reader.Double(), reader.Double());
            }

            entries[i] = last = (flags & HasSummary) != 0 ? last with { Summary = ReadSummary(ref reader, unit) } : last;
        }

        return reader.IsAtEnd ? entries : null;
    }

    /// <summary>True when a slice begins here whose first entry is this one.</summary>
    public static bool BeginsWith(ReadOnlySpan<byte> bytes, BlockEntry first)
    {
        var reader = new NumberReader(bytes);
        var kind = (BlockKind)reader.Byte();
        _ = reader.Byte();
        long start = reader.Signed();
        return kind == first.Kind
            && start == first.Start.UnixNanoseconds
            && unchecked(start + (long)reader.Unsigned()) == first.End.UnixNanoseconds
            && (ulong)reader.Signed() == first.Number
            && reader.Signed() == first.At
            && reader.Unsigned() == (ulong)first.Length;
    }

    private static BlockSummary ReadSummary(ref NumberReader reader, RawUnit unit)
    {
        uint valid = unchecked((uint)reader.Unsigned());
        long min = reader.Signed();
        long max = unchecked(min + (long)reader.Unsigned());
        long sum = unchecked(reader.Signed() + (min * valid));
        long first = unchecked(min + (long)reader.Unsigned());
        long last = unchecked(min + (long)reader.Unsigned());
        return new BlockSummary(min, max, sum, valid, unit, first, last);
    }
}

/// <summary>Writes LEB128 numbers. The destination must be long enough.</summary>
internal ref struct NumberWriter(Span<byte> destination)
{
    private const int BitsOfGroup = 7;
    private const byte More = 0x80;

    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    public void Byte(byte value) => _destination[Length++] = value;

    public void Unsigned(ulong value)
    {
        while (value >= More)
        {
            Byte((byte)((byte)value | More));
            value >>= BitsOfGroup;
        }

        Byte((byte)value);
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[Length..]);
        Length += value.Length;
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_destination[Length..], value);
        Length += sizeof(double);
    }
}

/// <summary>Reads what <see cref="NumberWriter"/> wrote. Beyond the end it gives zeros and is not <see cref="IsAtEnd"/>.</summary>
internal ref struct NumberReader(ReadOnlySpan<byte> source)
{
    private const int BitsOfGroup = 7;
    private const int MostBits = 63;
    private const byte More = 0x80;

    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;

    public readonly bool IsAtEnd => _at == _source.Length;

    public readonly bool HasMore => _at < _source.Length;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _source[Math.Min(_at, _source.Length)..];

    public byte Byte()
    {
        byte value = _at < _source.Length ? _source[_at] : (byte)0;
        _at++;
        return value;
    }

    public ulong Unsigned()
    {
        // Most numbers are small.
        if ((uint)_at < (uint)_source.Length && _source[_at] < More)
        {
            return _source[_at++];
        }

        ulong value = 0;
        for (int shift = 0; shift <= MostBits; shift += BitsOfGroup)
        {
            byte group = Byte();
            value |= (ulong)(group & ~More & 0xFF) << shift;
            if (group < More)
            {
                break;
            }
        }

        return value;
    }

    public long Signed()
    {
        ulong mapped = Unsigned();
        return (long)(mapped >> 1) ^ -(long)(mapped & 1);
    }

    /// <summary>So many bytes, or those that are left, and the reader is beyond the end then.</summary>
    public ReadOnlySpan<byte> Bytes(int length)
    {
        ReadOnlySpan<byte> read = Rest;
        _at += length;
        return read[..Math.Min(length, read.Length)];
    }

    public double Double()
    {
        double value = _at + sizeof(double) <= _source.Length ? BinaryPrimitives.ReadDoubleLittleEndian(_source[_at..]) : 0;
        _at += sizeof(double);
        return value;
    }
}
