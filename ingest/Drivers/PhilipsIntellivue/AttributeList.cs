using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// <c>u16 count, u16 length, count × { u16 id, u16 length, value }</c>; one that exists has been walked to its end.
/// </summary>
internal readonly struct AttributeList
{
    private const int HeaderLength = 4;
    private readonly ReadOnlyMemory<byte> _entries;

    private AttributeList(ReadOnlyMemory<byte> entries) => _entries = entries;

    public bool IsEmpty => _entries.IsEmpty;

    /// <summary>Reads the list at the beginning of <paramref name="bytes"/>; false when count and lengths do not agree.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out AttributeList list, out int length)
    {
        list = default;
        length = 0;
        var reader = new WireReader(bytes.Span);
        int count = reader.U16();
        int size = reader.U16();
        if (reader.Failed || size > reader.Left)
        {
            return false;
        }

        for (int i = 0; i < count && !reader.Failed; i++)
        {
            reader.U16();
            reader.Take(reader.U16());
        }

        length = HeaderLength + size;
        list = new AttributeList(bytes.Slice(HeaderLength, size));
        return !reader.Failed && reader.Position == length;
    }

    public bool TryGet(ushort id, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = _entries.Span;
        while (rest.Length >= HeaderLength)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == id)
            {
                value = rest.Slice(HeaderLength, size);
                return true;
            }

            rest = rest[(HeaderLength + size)..];
        }

        value = [];
        return false;
    }

    public bool Has(ushort id) => TryGet(id, out _);
}
