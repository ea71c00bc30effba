using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennettWaveform;

/// <summary>
/// The waveform port of Puritan Bennett 840 and 980 ventilators: flow and pressure at 50 Hz, breath by breath. It only listens. Written from
/// our sheet of facts, which rests on recordings of PB840 ventilators; see README.md.
/// </summary>
public sealed class PuritanBennettWaveformDriver : IDriver
{
    /// <summary>Whole lines of samples in a row, beside the mark of a breath; without a mark half a second of nothing else.</summary>
    private const int LinesWithMark = 8;
    private const int LinesWithoutMark = 25;

    private const int FewSniffed = 256;

    public string Name => "puritan-bennett-waveform";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(38400)],
        SilentAfter = TimeSpan.FromSeconds(5),
        Manufacturer = "Puritan Bennett",
        Devices = "840 and 980 ventilators, serial port set to waveforms",
        Quality = "bronze",
    };

    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var lines = new LineReader();
        int samples = 0;
        int most = 0;
        bool marked = false;
        foreach (byte value in window)
        {
            if (!lines.Take(value))
            {
                continue;
            }

            LineKind kind = WaveLine.Read(lines.Line.Span).Kind;
            marked |= kind == LineKind.BreathBegins;
            samples = kind switch
            {
                LineKind.Sample => samples + 1,
                LineKind.BreathBegins or LineKind.BreathEnds => samples,
                _ => 0,
            };
            most = Math.Max(most, samples);
        }

        if (most >= (marked ? LinesWithMark : LinesWithoutMark))
        {
            return Verdict.Yes;
        }

        return window.Length < FewSniffed || most > 0 ? Verdict.NeedMore : Verdict.No;
    }

    public IDriverSession Open(SessionOptions options) => new PuritanBennettWaveformSession();
}
