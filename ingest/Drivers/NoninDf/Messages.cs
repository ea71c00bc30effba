namespace Bedside.Ingest.Drivers.NoninDf;

/// <summary>The values of a packet, by the place of their frame (sheet D); null where a frame that they need was damaged.</summary>
internal readonly ref struct PacketValues(ReadOnlySpan<Frame?> frames)
{
    /// <summary>No pulse rate; seen nowhere but in documents.</summary>
    public const int NoRate = 511;

    /// <summary>No saturation; likewise.</summary>
    public const int NoSaturation = 127;

    private const int SevenBits = 0x7F;
    private const int TopRateBits = 0x03;

    private readonly ReadOnlySpan<Frame?> _frames = frames;

    /// <summary>Bits of all statuses of the packet together.</summary>
    public byte Status
    {
        get
        {
            byte all = 0;
            foreach (Frame? frame in _frames)
            {
                all |= frame?.Status ?? 0;
            }

            return all;
        }
    }

    /// <summary>The value of a frame, counted from 1 as in the documents.</summary>
    public byte? this[int place] => _frames[place - 1]?.Value;

    /// <summary>Pulse rate, /min: two bits of one frame above seven of the next.</summary>
    public int? Rate(int place) =>
        this[place] is { } high && this[place + 1] is { } low ? ((high & TopRateBits) << 7) | (low & SevenBits) : null;

    /// <summary>Saturation, %.</summary>
    public int? Saturation(int place) => this[place] & SevenBits;
}
