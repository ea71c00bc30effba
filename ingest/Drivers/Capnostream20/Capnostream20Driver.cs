using Bedside.Model;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>
/// Capnostream 20 monitors on RS-232. Experimental: written from our sheet of facts (section E), which rests on one open program alone; see README.md for what is
/// not confirmed.
/// </summary>
public sealed class Capnostream20Driver : IDriver
{
    private const int FramesForYes = 2;
    private const int EnoughToSay = 2 * Frame.MostBytes;

    public string Name => "capnostream-20";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(115200)],
        Outgoing = Outgoing.All,
        Probes = [Outgoing.Enable],
        SilentAfter = TimeSpan.FromSeconds(4),
        Manufacturer = "Oridion",
        Devices = "Capnostream 20",
        Quality = DriverTraits.Experimental,
    };

    /// <summary>Yes = two frames with right checksums that the sheet describes; the box's own questions are not among them.</summary>
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
            frames += deframer.Take(value) == Part.Frame && IsDescribed(deframer.Code, deframer.Payload) ? 1 : 0;
            if (frames >= FramesForYes)
            {
                return Verdict.Yes;
            }
        }

        return frames == 0 && window.Length >= EnoughToSay ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new Capnostream20Session(options);

    private static bool IsDescribed(byte code, ReadOnlySpan<byte> payload) => code switch
    {
        DeviceCode.Wave => WaveSample.Read(payload) is not null,
        DeviceCode.Numerics => Numerics.Read(payload, out _) is not null,
        DeviceCode.Identification => Identification.Read(payload) is not null,
        _ => false,
    };
}
