using System.Buffers.Binary;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>Codes of the messages inside data frames.</summary>
internal static class MessageCode
{
    public const uint RawEeg = 0x32;
    public const uint Processed = 0x34;
    public const uint ProcessedWithSpectra = 0x35;
    public const uint AskRaw = 0x6F;
    public const uint StopRaw = 0x70;
    public const uint AskProcessed = 0x73;
    public const uint StopProcessed = 0x74;
}

/// <summary>Every message that may leave the box, byte by byte. None changes a setting: they begin and end what the monitor sends on this line.</summary>
internal static class Outgoing
{
    private const byte RawRate = 128;

    public static byte[] AskProcessed { get; } = Request(MessageCode.AskProcessed, [0]);

    public static byte[] StopProcessed { get; } = Request(MessageCode.StopProcessed, []);

    /// <summary>128 samples a second.</summary>
    public static byte[] AskRaw { get; } = Request(MessageCode.AskRaw, [RawRate, 0]);

    public static byte[] StopRaw { get; } = Request(MessageCode.StopRaw, []);

    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        new("begin to send the processed values", AskProcessed),
        new("send no more processed values", StopProcessed),
        new("begin to send the raw EEG", AskRaw),
        new("send no more raw EEG", StopRaw),
    ];

    private static byte[] Request(uint code, ReadOnlySpan<byte> data) => Frame.Write(0, FrameType.Data, Message.Write(code, 0, data));
}

/// <summary>The payload of a data frame: routing, code, number, length, data.</summary>
internal readonly ref struct Message(uint code, ReadOnlySpan<byte> data)
{
    private const uint Routing = 4;
    private const int HeaderBytes = 12;

    public uint Code { get; } = code;

    public ReadOnlySpan<byte> Data { get; } = data;

    public static byte[] Write(uint code, ushort number, ReadOnlySpan<byte> data)
    {
        byte[] payload = new byte[HeaderBytes + data.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, Routing);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), code);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(8), number);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(10), (ushort)data.Length);
        data.CopyTo(payload.AsSpan(HeaderBytes));
        return payload;
    }

    /// <summary>False unless the length that the payload states is the one it has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Message message)
    {
        message = default;
        if (payload.Length < HeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(payload[10..]) != payload.Length - HeaderBytes)
        {
            return false;
        }

        message = new Message(BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]), payload[HeaderBytes..]);
        return true;
    }
}

/// <summary>A piece of the raw EEG: samples of all channels, one after the other for each moment.</summary>
internal readonly ref struct RawPiece(int channels, int rate, ReadOnlySpan<byte> samples)
{
    public const int MostChannels = 4;
    private const int MostRate = 1_024;
    private const int HeaderBytes = 4;

    public int Channels { get; } = channels;

    /// <summary>Samples a second of each channel.</summary>
    public int Rate { get; } = rate;

    /// <summary>Moments in this piece.</summary>
    public int Count => Channels == 0 ? 0 : _samples.Length / (2 * Channels);

    private readonly ReadOnlySpan<byte> _samples = samples;

    public int this[int moment, int channel] => BinaryPrimitives.ReadInt16LittleEndian(_samples[(2 * ((moment * Channels) + channel))..]);

    public static bool TryRead(ReadOnlySpan<byte> data, out RawPiece piece)
    {
        piece = default;
        if (data.Length < HeaderBytes)
        {
            return false;
        }

        int channels = BinaryPrimitives.ReadUInt16LittleEndian(data);
        int rate = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        bool sound = channels is > 0 and <= MostChannels && rate is > 0 and <= MostRate && data.Length > HeaderBytes && (data.Length - HeaderBytes) % (2 * channels) == 0;
        piece = sound ? new RawPiece(channels, rate, data[HeaderBytes..]) : default;
        return sound;
    }
}

/// <summary>The processed values of one moment: the converter (DSC), impedances, filters and three blocks of trends.</summary>
internal readonly ref struct ProcessedValues
{
    public const int Blocks = 3;

    private const int ConverterBytes = 24;
    private const int TrendsAt = 48;
    private const int ShortBlock = 24;
    private const int LongBlock = 36;
    private const int Spectra = 4 + (2 * 60 * 2);
    private const double UsualGain = 0.05;
    private const double UsualOffset = -3234;

    private readonly ReadOnlySpan<byte> _data;

    private ProcessedValues(ReadOnlySpan<byte> data, int block)
    {
        _data = data;
        BlockBytes = block;
    }

    /// <summary>24, or 36 with bursts.</summary>
    public int BlockBytes { get; }

    public bool HasBursts => BlockBytes == LongBlock;

    /// <summary>What the converter and its cable are, in bytes that nobody explains.</summary>
    public ReadOnlySpan<byte> Converter => _data[..8];

    /// <summary>Of the raw EEG, in µV: gain × (count − offset).</summary>
    public Scale Scale
    {
        get
        {
            double gain = Ratio(8) ?? UsualGain;
            double offset = Ratio(16) ?? UsualOffset;
            return new Scale(gain, -gain * offset);
        }
    }

    /// <summary>Filter, smoothing and two masks, as they come.</summary>
    public ReadOnlySpan<byte> Setup => _data[(ConverterBytes + 8)..TrendsAt];

    public static bool TryRead(uint code, ReadOnlySpan<byte> data, out ProcessedValues values)
    {
        int trends = data.Length - TrendsAt - (code == MessageCode.ProcessedWithSpectra ? Spectra : 0);
        bool sound = trends is Blocks * ShortBlock or Blocks * LongBlock;
        values = sound ? new ProcessedValues(data, trends / Blocks) : default;
        return sound;
    }

    public int Impedance(int channel) => Short(ConverterBytes + (4 * channel));

    public int ImpedanceResult(int channel) => Short(ConverterBytes + (4 * channel) + 2);

    /// <summary>A number of two bytes of a trend block.</summary>
    public int Trend(int block, int at) => Short(TrendsAt + (block * BlockBytes) + at);

    /// <summary>A number of four bytes of a trend block.</summary>
    public int LongTrend(int block, int at) => BinaryPrimitives.ReadInt32LittleEndian(_data[(TrendsAt + (block * BlockBytes) + at)..]);

    public ReadOnlySpan<byte> Part(int block, int at, int length) => _data.Slice(TrendsAt + (block * BlockBytes) + at, length);

    private int Short(int at) => BinaryPrimitives.ReadInt16LittleEndian(_data[at..]);

    /// <summary>Null where the divisor is zero: then what is usual holds.</summary>
    private double? Ratio(int at)
    {
        int divisor = BinaryPrimitives.ReadInt32LittleEndian(_data[(at + 4)..]);
        return divisor == 0 ? null : (double)BinaryPrimitives.ReadInt32LittleEndian(_data[at..]) / divisor;
    }
}
