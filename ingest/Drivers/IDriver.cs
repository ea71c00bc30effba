using System.Globalization;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers;

/// <summary>What a driver makes of a window of bytes.</summary>
public enum Verdict
{
    No,
    NeedMore,

    /// <summary>At least two messages whose checksums or structure are right, and of no other protocol.</summary>
    Yes,
}

/// <summary>What carries the bytes of a protocol.</summary>
public enum Transport
{
    Serial,
    Udp,
    Tcp,
}

/// <summary>
/// One protocol of one family of devices. It does no I/O, takes no clock, starts no task and logs nothing: bytes and time go
/// in, events and bytes to send come out. So a capture is a proof.
/// </summary>
public interface IDriver
{
    /// <summary>Kebab-case; also the folder of its captures.</summary>
    string Name { get; }

    DriverTraits Traits { get; }

    /// <summary>Looks at bytes the device sent (datagrams or stream pieces, joined); never throws, never needs more than 4 KiB.</summary>
    Verdict Sniff(ReadOnlySpan<byte> window, Transport transport);

    IDriverSession Open(SessionOptions options);
}

/// <summary>A driver whose frames some tools record after taking the escapes out; such a recording is no longer what was on the wire.</summary>
public interface IRestoresRecordings
{
    /// <summary>The frames as they were on the wire; null when the bytes are not whole frames with right checksums without their escapes.</summary>
    byte[]? Restore(ReadOnlySpan<byte> recorded);
}

/// <summary>The state of one conversation with one device.</summary>
public interface IDriverSession
{
    /// <summary>
    /// Takes the next chunk. Chunks with <see cref="ChunkDirection.ToDevice"/> are the other side of a tapped or recorded
    /// conversation: they are decoded where that helps, and nothing is sent in answer to them.
    /// </summary>
    void OnChunk(Chunk chunk, IDriverOutput output);

    /// <summary>
    /// Takes leave of the device before the port closes, where the protocol has a farewell: a ventilator that loses its
    /// host without one shows a communication error. Nothing is sent when listening only.
    /// </summary>
    void Stop(IDriverOutput output)
    {
    }
}

public interface IDriverOutput
{
    /// <summary>Sends one message. The link refuses what the driver's allow-list does not have.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    void Report(DeviceEvent said);
}

/// <summary>How a session shall behave.</summary>
/// <param name="Transport">What carries the bytes.</param>
/// <param name="ListenOnly">True = send nothing, ever: a tap or a recording.</param>
/// <param name="Line">Settings of a serial line, where they are known: a slow line is asked for less.</param>
public sealed record SessionOptions(Transport Transport, bool ListenOnly = false, LineSettings? Line = null);

/// <summary>Facts about a driver that the port, the detection and the documents need.</summary>
public sealed record DriverTraits
{
    /// <summary>The <see cref="Quality"/> of a driver that rests on too little to be on unless a site turns it on.</summary>
    public const string Experimental = "experimental";

    /// <summary>The counter that the driver's times are in; <see cref="DeviceClock.SampleCounting"/> when the device has none.</summary>
    public required DeviceClock Clock { get; init; }

    /// <summary>Its times are wall-clock times as the sender states them, in <see cref="Clock"/>'s ticks since 1970 in UTC: mapped by their least delay, not as a counter.</summary>
    public bool TellsWallTimes { get; init; }

    /// <summary>Line settings to try, best first; empty for network protocols.</summary>
    public IReadOnlyList<LineSettings> Lines { get; init; } = [];

    /// <summary>UDP or TCP port of the device; 0 = serial only.</summary>
    public int NetworkPort { get; init; }

    /// <summary>Which of the two, where there is a port.</summary>
    public Transport NetworkTransport { get; init; } = Transport.Udp;

    /// <summary>Everything the driver may ever send; nothing else leaves the box.</summary>
    public IReadOnlyList<AllowedMessage> Outgoing { get; init; } = [];

    /// <summary>Harmless messages that make a silent device of this kind answer on a serial line (each must be in <see cref="Outgoing"/>).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Probes { get; init; } = [];

    /// <summary>The same for a network.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NetworkProbes { get; init; } = [];

    /// <summary>How long the device may think before it answers a probe; zero = at once.</summary>
    public TimeSpan AnswersWithin { get; init; }

    /// <summary>How often the device speaks unasked where that is seldom (a line of text each second); zero = always, or only when asked.</summary>
    public TimeSpan SpeaksEvery { get; init; }

    /// <summary>USB identities (<c>0403:6001</c>, vendor and product, lower case) that only devices of this kind have; never that of a general adapter.</summary>
    public IReadOnlyList<string> UsbIds { get; init; } = [];

    /// <summary>No bytes for this long = the device is silent.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(5);

    public required string Manufacturer { get; init; }

    public required string Devices { get; init; }

    /// <summary>bronze, silver, gold or experimental: design.md section 4; checked by a test.</summary>
    public required string Quality { get; init; }

    /// <summary>True = never tried on a real device: off unless a site turns it on, and labelled wherever its data are shown.</summary>
    public bool IsExperimental => Quality == Experimental;
}

public enum LineParity
{
    None,
    Even,
    Odd,
}

/// <summary>Settings of an asynchronous serial line; <paramref name="StopBits"/> is 1 or 2.</summary>
public sealed record LineSettings(int BitsPerSecond, int DataBits = 8, LineParity Parity = LineParity.None, int StopBits = 1)
{
    /// <summary>Reads what <see cref="ToString"/> writes; the part after the rate may be left out (8N1).</summary>
    public static LineSettings? Parse(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is not (1 or 2)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int rate)
            || rate == 0)
        {
            return null;
        }

        string frame = parts.Length == 2 ? parts[1].ToUpperInvariant() : "8N1";
        if (frame.Length != 3 || frame[0] is < '5' or > '8' || frame[2] is not ('1' or '2'))
        {
            return null;
        }

        LineParity? parity = frame[1] switch
        {
            'N' => LineParity.None,
            'E' => LineParity.Even,
            'O' => LineParity.Odd,
            _ => null,
        };
        return parity is { } known ? new LineSettings(rate, frame[0] - '0', known, frame[2] - '0') : null;
    }

    /// <summary>As engineers write it: <c>19200 8E1</c>.</summary>
    public override string ToString() => $"{BitsPerSecond} {DataBits}{Parity.ToString()[0]}{StopBits}";
}

/// <summary>
/// One message that may leave the box: equal to <paramref name="Bytes"/> wherever <paramref name="Mask"/> is FF. Masked-out
/// bytes are counters and checksums only, never a command or its argument. An empty mask means every byte counts.
/// </summary>
public sealed record AllowedMessage(string Purpose, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Mask = default)
{
    /// <summary>Bytes that may stand where the mask is not FF, the hexadecimal digits say; empty = any.</summary>
    public ReadOnlyMemory<byte> Free { get; init; }

    public bool Matches(ReadOnlySpan<byte> message)
    {
        if (message.Length != Bytes.Length)
        {
            return false;
        }

        for (int i = 0; i < message.Length; i++)
        {
            byte mask = Mask.IsEmpty ? (byte)0xFF : Mask.Span[i];
            if ((message[i] & mask) != (Bytes.Span[i] & mask)
                || (mask != 0xFF && !Free.IsEmpty && !Free.Span.Contains(message[i])))
            {
                return false;
            }
        }

        return true;
    }
}
