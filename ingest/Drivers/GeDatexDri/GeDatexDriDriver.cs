using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// GE and Datex-Ohmeda monitors by the S/5 Computer Interface: AS/3, CS/3, S/5, Light, Cardiocap/5, B20 to B125 and CARESCAPE.
/// Written from our sheet of facts on GE 8005313 (records) and M1017617 (interface); see README.md for what is confirmed.
/// </summary>
public sealed class GeDatexDriDriver : IDriver
{
    private const int MostSniffed = 4096;
    private const int RecordsForYes = 2;

    public string Name => "ge-datex-dri";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(19_200, Parity: LineParity.Even), new LineSettings(115_200, Parity: LineParity.Even)],
        Outgoing = Outgoing.All,

        // Waves begin within a second, and the more there are the shorter are their packets; displayed values come once in five seconds.
        Probes = [Outgoing.FirstWaves, Outgoing.DisplayedPeriodically],
        AnswersWithin = TimeSpan.FromSeconds(1),
        SpeaksEvery = TimeSpan.FromSeconds(1),
        SilentAfter = TimeSpan.FromSeconds(12),
        Manufacturer = "GE",
        Devices = "Datex-Ohmeda AS/3, CS/3, S/5, Light, Cardiocap/5; B20, B30, B40, B105, B125; CARESCAPE B450, B650, B850 (S/5 Computer Interface)",
        Quality = "bronze",
    };

    /// <summary>Only what a monitor can have sent counts: requests are the other end of the line, or a loop.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int records = 0;
        foreach (byte value in window)
        {
            if (deframer.Take(value) == Part.Record && IsOfMonitor(deframer.Body))
            {
                records++;
            }
        }

        if (records >= RecordsForYes)
        {
            return Verdict.Yes;
        }

        return records == 0 && window.Length >= MostSniffed ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new GeDatexDriSession(options);

    private static bool IsOfMonitor(ReadOnlyMemory<byte> bytes) =>
        DriRecord.Read(bytes, out _) is { IsRequest: false, Subrecords.Count: > 0 } record
        && record.MainType is MainType.Physiological or MainType.Wave or MainType.Alarm or MainType.Network or MainType.Event;
}
