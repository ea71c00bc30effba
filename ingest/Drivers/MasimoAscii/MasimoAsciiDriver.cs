using Bedside.Model;

namespace Bedside.Ingest.Drivers.MasimoAscii;

/// <summary>
/// Masimo pulse oximeters that are set to "ASCII 1": a line each second, unasked. Written from our sheet of facts (section C), which rests on
/// recorded lines and two open programs; see README.md for what is confirmed. It never sends.
/// </summary>
public sealed class MasimoAsciiDriver : IDriver
{
    private const int LinesForYes = 2;

    public string Name => "masimo-ascii";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(9600), new LineSettings(19200)],
        SpeaksEvery = TimeSpan.FromSeconds(1),
        SilentAfter = TimeSpan.FromSeconds(4),
        Manufacturer = "Masimo",
        Devices = "Rad-5, Rad-8, Radical-7, Root and others set to ASCII 1",
        Quality = "bronze",
    };

    /// <summary>Yes = two lines of this form in a row with the same layout.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int alike = 0;
        string? layout = null;
        foreach (byte value in window)
        {
            if (deframer.Take(value) is not Part.Line)
            {
                continue;
            }

            string? now = OximeterLine.Read(deframer.Line)?.Layout;
            alike = now is null ? 0 : now == layout ? alike + 1 : 1;
            layout = now;
            if (alike >= LinesForYes)
            {
                return Verdict.Yes;
            }
        }

        return layout is null && window.Length >= 2 * Frame.MostBytes ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new MasimoAsciiSession();
}
