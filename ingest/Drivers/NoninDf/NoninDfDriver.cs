using Bedside.Model;

namespace Bedside.Ingest.Drivers.NoninDf;

/// <summary>
/// Nonin OEM III modules, 75xx and Bluetooth oximeters in serial data formats 2 and 7: 75 frames a second, unasked. Written from our sheet of facts
/// (section D), which rests on three open programs; see README.md for what is confirmed. It never sends.
/// </summary>
public sealed class NoninDfDriver : IDriver
{
    private const int EnoughToSay = 1_024;

    public string Name => "nonin-df";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(9600)],
        SilentAfter = TimeSpan.FromSeconds(2),
        Manufacturer = "Nonin",
        Devices = "OEM III, 75xx and Bluetooth oximeters in data format 2 or 7",
        Quality = "bronze",
    };

    /// <summary>Yes = 26 frames with right sums, the SYNC bit in the first and the last alone.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        foreach (byte value in window)
        {
            if (deframer.Take(value) == Part.Packet)
            {
                return Verdict.Yes;
            }
        }

        return window.Length >= EnoughToSay ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new NoninDfSession();
}
