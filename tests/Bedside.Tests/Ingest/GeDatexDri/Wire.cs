using System.Buffers.Binary;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>Records of a monitor, made without the driver's own code.</summary>
internal static class Wire
{
    public const long Millisecond = 1_000_000;

    public static readonly GeDatexDriDriver Driver = new();

    public static byte[] Framed(ReadOnlySpan<byte> record)
    {
        var wire = new List<byte> { 0x7E };
        byte sum = 0;
        foreach (byte one in record)
        {
            sum += one;
        }

        foreach (byte one in (byte[])[.. record, sum])
        {
            wire.AddRange(one is 0x7D or 0x7E ? [0x7D, (byte)(one - 0x20)] : [one]);
        }

        return [.. wire, 0x7E];
    }

    /// <summary>A record as a monitor of that level sends it.</summary>
    public static byte[] Record(int mainType, int number, int level, params (int Type, byte[] Data)[] subrecords)
    {
        byte[] record = new byte[40 + subrecords.Sum(one => one.Data.Length)];
        BinaryPrimitives.WriteInt16LittleEndian(record, (short)record.Length);
        record[2] = (byte)number;
        record[3] = (byte)level;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), 77);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(6), 1_710_498_600);
        BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(14), (short)mainType);
        int offset = 0;
        for (int i = 0; i < subrecords.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(16 + (3 * i)), (short)offset);
            record[18 + (3 * i)] = (byte)subrecords[i].Type;
            subrecords[i].Data.CopyTo(record, 40 + offset);
            offset += subrecords[i].Data.Length;
        }

        if (subrecords.Length < 8)
        {
            record[18 + (3 * subrecords.Length)] = 0xFF;
        }

        return Framed(record);
    }

    /// <summary>A class of values with words put at offsets of the subrecord; everything else is 0.</summary>
    public static byte[] Class(int dataClass, params (int Offset, int Word)[] words)
    {
        byte[] data = new byte[278];
        BinaryPrimitives.WriteUInt32LittleEndian(data, 1_710_498_600);
        foreach ((int offset, int word) in words)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(offset), unchecked((ushort)word));
        }

        data[275] = 0x40;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(276), (ushort)((dataClass << 8) | 0x81));
        return data;
    }

    /// <summary>A group: status, label and values from an offset on.</summary>
    public static (int Offset, int Word)[] Group(int offset, long status, int label, params int[] values) =>
    [
        (offset, (int)(status & 0xFFFF)), (offset + 2, (int)(status >> 16)), (offset + 4, label),
        .. values.Select((value, i) => (offset + 6 + (2 * i), value)),
    ];

    public static byte[] Wave(int status, int label, params int[] samples)
    {
        byte[] data = new byte[6 + (2 * samples.Length)];
        BinaryPrimitives.WriteInt16LittleEndian(data, (short)samples.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2), (ushort)status);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(4), (ushort)label);
        for (int i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(6 + (2 * i)), (short)samples[i]);
        }

        return data;
    }

    public static IDriverSession Session(bool listenOnly = true, LineSettings? line = null) =>
        Driver.Open(new SessionOptions(Transport.Serial, listenOnly) { Line = line });

    public static Chunk From(long milliseconds, params byte[] bytes) => new(new MonotonicInstant(milliseconds * Millisecond), bytes);

    public static Chunk To(long milliseconds, params byte[] bytes) =>
        new(new MonotonicInstant(milliseconds * Millisecond), bytes, ChunkDirection.ToDevice);

    /// <summary>What a listening session makes of frames, each a second after the one before.</summary>
    public static Ear Heard(params byte[][] frames)
    {
        var ear = new Ear(Driver);
        IDriverSession session = Session();
        for (int i = 0; i < frames.Length; i++)
        {
            session.OnChunk(From(1000 * i, frames[i]), ear);
        }

        return ear;
    }

    /// <summary>The last value told of a signal; null when none was or it has none.</summary>
    public static string? Last(this Ear ear, string signal, string channel = "") =>
        ear.Of<DeviceEvent.Numeric>().LastOrDefault(one => one.Metric.SignalId == signal && one.Metric.Channel == channel)?.Value?.ToString();

    /// <summary>The last words of a state.</summary>
    public static string? State(this Ear ear, string code) => ear.Of<DeviceEvent.Text>().LastOrDefault(one => one.Metric.DeviceCode == $"datex:{code}")?.Value;
}
