using System.Buffers.Binary;

namespace Bedside.Simulators.GeDatex;

/// <summary>What a client asks for; fields as the interface specification names them.</summary>
internal abstract record DriRequest
{
    /// <summary>Displayed values or trends: kind 1 displayed, 2 and 3 trends, 4 times of measurements.</summary>
    public sealed record Values(byte Kind, short Interval, uint Classes) : DriRequest;

    public sealed record Waves(bool Start, IReadOnlyList<byte> Ids) : DriRequest;

    public sealed record Alarms(short Command) : DriRequest;

    /// <summary>Null when the record is not packed as it must be.</summary>
    public static DriRequest? Parse(byte[] record)
    {
        const int Header = 40;
        if (record.Length <= Header || BinaryPrimitives.ReadInt16LittleEndian(record) != record.Length
            || BinaryPrimitives.ReadInt16LittleEndian(record.AsSpan(16)) != 0 || record[18] != 0)
        {
            return null;
        }

        ReadOnlySpan<byte> body = record.AsSpan(Header);
        return (BinaryPrimitives.ReadInt16LittleEndian(record.AsSpan(14)), body.Length) switch
        {
            (0, 9) => new Values(body[0], BinaryPrimitives.ReadInt16LittleEndian(body[1..]), BinaryPrimitives.ReadUInt32LittleEndian(body[3..])),
            (1, 32) => new Waves(BinaryPrimitives.ReadInt16LittleEndian(body) == 0, [.. List(body.Slice(4, 8)), .. List(body.Slice(12, 16))]),
            (4, 12) => new Alarms(BinaryPrimitives.ReadInt16LittleEndian(body)),
            _ => null,
        };
    }

    /// <summary>Up to the terminator FF; zeros stand in what is not used.</summary>
    private static byte[] List(ReadOnlySpan<byte> ids)
    {
        int end = ids.IndexOf((byte)0xFF);
        ReadOnlySpan<byte> used = end < 0 ? ids : ids[..end];
        return [.. used.ToArray().Where(id => id != 0)];
    }
}

/// <summary>A record on its way out.</summary>
internal static class DriRecord
{
    private const int Header = 40;
    private const int MostSubrecords = 8;

    /// <summary>Puts the header before the subrecords; at most eight, and no terminator when there are eight.</summary>
    public static byte[] Build(RecordHead head, short mainType, IReadOnlyList<(byte Type, byte[] Data)> subrecords)
    {
        int length = Header + subrecords.Sum(one => one.Data.Length);
        byte[] record = new byte[length];
        Span<byte> span = record;
        BinaryPrimitives.WriteInt16LittleEndian(span, (short)length);
        record[2] = head.Number;
        record[3] = head.Level;
        BinaryPrimitives.WriteUInt16LittleEndian(span[4..], head.Plug);
        BinaryPrimitives.WriteUInt32LittleEndian(span[6..], head.Seconds);
        record[10] = 1;
        BinaryPrimitives.WriteInt16LittleEndian(span[14..], mainType);
        int offset = 0;
        for (int i = 0; i < MostSubrecords && i <= subrecords.Count; i++)
        {
            Span<byte> descriptor = span.Slice(16 + (3 * i), 3);
            BinaryPrimitives.WriteInt16LittleEndian(descriptor, (short)offset);
            if (i == subrecords.Count)
            {
                descriptor[2] = 0xFF;
                break;
            }

            descriptor[2] = subrecords[i].Type;
            subrecords[i].Data.CopyTo(span[(Header + offset)..]);
            offset += subrecords[i].Data.Length;
        }

        return record;
    }
}

/// <summary>What every record begins with.</summary>
/// <param name="Seconds">Of the monitor's wall clock since 1970.</param>
internal readonly record struct RecordHead(byte Number, byte Level, ushort Plug, uint Seconds);
