using Bedside.Model;

namespace Bedside.Ingest.Drivers.Ivy450c;

/// <summary>
/// Ivy 450C monitors and others with the Ansar-B output on RS-232: a block each second, unasked. Written from our sheet of facts
/// (section H), which rests on one recording and one open program; see README.md for what is confirmed. It never sends.
/// </summary>
public sealed class Ivy450cDriver : IDriver
{
    private const int BlocksForYes = 2;
    private const int MostWithoutBlock = 2 * (Frame.TextAt + Frame.MostTextBytes);

    public string Name => "ivy-450c";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(9600)],
        SpeaksEvery = TimeSpan.FromSeconds(1),
        SilentAfter = TimeSpan.FromSeconds(3),
        Manufacturer = "Ivy Biomedical",
        Devices = "450C and others with the Ansar-B output",
        Quality = "bronze",
    };

    /// <summary>Yes = two whole blocks whose text is made of lines of this output alone.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int blocks = 0;
        foreach (byte value in window)
        {
            if (deframer.Take(value) == Part.Block && BlockText.Read(deframer.Text) is { IsInPlace: true, Broken: 0 })
            {
                blocks++;
            }
        }

        bool hopeless = blocks == 0 && window.Length >= MostWithoutBlock && window.IndexOf(Frame.Header) < 0;
        return blocks >= BlocksForYes ? Verdict.Yes : hopeless ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new Ivy450cSession();
}
