using System.Buffers.Binary;
using System.Text;

namespace Bedside.Extract.Arrow;

/// <summary>
/// Reads a table of a FlatBuffer (layout: <see cref="FlatTable"/>). Believes nothing: every offset, count and length is held
/// against the buffer before it is followed, and what does not fit is an <see cref="ArrowException"/>.
/// </summary>
internal readonly struct FlatView
{
    private const int OffsetBytes = 4;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _start;
    private readonly int _tableBytes;
    private readonly int _vtable;
    private readonly int _vtableBytes;

    private FlatView(ReadOnlyMemory<byte> bytes, long start)
    {
        _bytes = bytes;
        Within(start, OffsetBytes);
        long vtable = start - BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[(int)start..]);
        Within(vtable, 4);
        _start = (int)start;
        _vtable = (int)vtable;
        _vtableBytes = UInt16At(_vtable);
        _tableBytes = UInt16At(_vtable + 2);
        if (_vtableBytes < 4 || _tableBytes < OffsetBytes)
        {
            throw new ArrowException("a table of the metadata says that it is smaller than its head");
        }

        Within(_vtable, _vtableBytes);
        Within(_start, _tableBytes);
    }

    public static FlatView Root(ReadOnlyMemory<byte> bytes) =>
        bytes.Length < OffsetBytes ? throw new ArrowException("the metadata are too short for anything") : new FlatView(bytes, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span));

    public byte Int8(int field) => Place(field, 1) is int place ? _bytes.Span[place] : (byte)0;

    public short Int16(int field) => Place(field, 2) is int place ? BinaryPrimitives.ReadInt16LittleEndian(_bytes.Span[place..]) : (short)0;

    public int Int32(int field) => Place(field, 4) is int place ? BinaryPrimitives.ReadInt32LittleEndian(_bytes.Span[place..]) : 0;

    public long Int64(int field) => Place(field, 8) is int place ? BinaryPrimitives.ReadInt64LittleEndian(_bytes.Span[place..]) : 0;

    /// <summary>True when the field is there, whatever it holds.</summary>
    public bool Has(int field) => Place(field, 1) is not null;

    public string? Text(int field)
    {
        if (Place(field, OffsetBytes) is not int place)
        {
            return null;
        }

        (int first, int count) = Vector(place, 1);
        try
        {
            return Strict.GetString(_bytes.Span.Slice(first, count));
        }
        catch (DecoderFallbackException)
        {
            throw new ArrowException("a text of the metadata is not UTF-8");
        }
    }

    /// <summary>Null = absent.</summary>
    public FlatView? Table(int field) => Place(field, OffsetBytes) is int place ? new FlatView(_bytes, Target(place)) : null;

    /// <summary>Absent = none.</summary>
    public IReadOnlyList<FlatView> Tables(int field, int most)
    {
        if (Place(field, OffsetBytes) is not int place)
        {
            return [];
        }

        (int first, int count) = Vector(place, OffsetBytes);
        if (count > most)
        {
            throw new ArrowException($"a list of the metadata has {count} entries; {most} is the most");
        }

        var tables = new FlatView[count];
        for (int i = 0; i < count; i++)
        {
            tables[i] = new FlatView(_bytes, Target(first + (OffsetBytes * i)));
        }

        return tables;
    }

    /// <summary>The bytes of a vector of structs of so many bytes each; absent = none.</summary>
    public ReadOnlyMemory<byte> Structs(int field, int structBytes)
    {
        if (Place(field, OffsetBytes) is not int place)
        {
            return default;
        }

        (int first, int count) = Vector(place, structBytes);
        return _bytes.Slice(first, count * structBytes);
    }

    private int? Place(int field, int width)
    {
        int entry = 4 + (2 * field);
        int offset = entry + 2 <= _vtableBytes ? UInt16At(_vtable + entry) : 0;
        if (offset == 0)
        {
            return null;
        }

        return offset >= OffsetBytes && offset + width <= _tableBytes ? _start + offset : throw new ArrowException("a field of the metadata lies outside of its table");
    }

    private long Target(int place) => place + BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[place..]);

    private (int First, int Count) Vector(int place, int elementBytes)
    {
        long start = Target(place);
        Within(start, OffsetBytes);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[(int)start..]);
        Within(start + OffsetBytes, count * elementBytes);
        return ((int)start + OffsetBytes, (int)count);
    }

    private int UInt16At(int place) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Span[place..]);

    private void Within(long start, long count)
    {
        if (start < 0 || count < 0 || start > _bytes.Length - count)
        {
            throw new ArrowException("the metadata point outside of themselves");
        }
    }
}
