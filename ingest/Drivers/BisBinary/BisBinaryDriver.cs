using Bedside.Model;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>
/// BIS A-2000 and VISTA monitors with their binary output on RS-232. Experimental: written from our sheet of facts (section F), which rests on one open program for
/// the bytes; see README.md for what is not confirmed.
/// </summary>
public sealed class BisBinaryDriver : IDriver
{
    private const int FramesForYes = 2;

    public string Name => "bis-binary";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(57600)],
        Outgoing = Outgoing.All,
        Probes = [Outgoing.AskProcessed],
        SilentAfter = TimeSpan.FromSeconds(5),
        Manufacturer = "Aspect Medical",
        Devices = "BIS A-2000 and VISTA, binary output",
        Quality = DriverTraits.Experimental,
    };

    /// <summary>Yes = two frames with right sums that a monitor sends: answers without payload, or values of a known form. What a host asks does not count.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int frames = 0;
        foreach (byte value in window)
        {
            for (Part part = deframer.Take(value); part != Part.None; part = deframer.Next())
            {
                frames += part == Part.Frame && IsDescribed(deframer.Type, deframer.Payload) ? 1 : 0;
            }

            if (frames >= FramesForYes)
            {
                return Verdict.Yes;
            }
        }

        return frames == 0 && window.Length >= Frame.MostBytes ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new BisBinarySession(options);

    private static bool IsDescribed(FrameType type, ReadOnlySpan<byte> payload) => type switch
    {
        FrameType.Acknowledged or FrameType.NotAcknowledged => payload.IsEmpty,
        FrameType.Data => Message.TryRead(payload, out Message message) && message.Code switch
        {
            MessageCode.RawEeg => RawPiece.TryRead(message.Data, out _),
            MessageCode.Processed or MessageCode.ProcessedWithSpectra => ProcessedValues.TryRead(message.Code, message.Data, out _),
            _ => false,
        },
        _ => false,
    };
}
