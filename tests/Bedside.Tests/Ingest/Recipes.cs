using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.Bis;
using Bedside.Simulators.Capnostream;
using Bedside.Simulators.Hamilton;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Masimo;
using Bedside.Simulators.Mindray;
using Bedside.Simulators.Nonin;
using Bedside.Simulators.PuritanBennett;
using Bedside.Simulators.Servo;
using Bedside.Tests.Ingest.DraegerMedibus;
using Bedside.Tests.Ingest.Ventilators;
using Bedside.Tests.Simulators.GeDatex;
using Bedside.Tests.Simulators.Streaming;

namespace Bedside.Tests.Ingest;

/// <summary>How one of our captures is made.</summary>
/// <param name="Driver">Whose it is.</param>
/// <param name="Name">Its file, without ending.</param>
/// <param name="Enough">So many of its first bytes are enough to recognise the device.</param>
/// <param name="Make">Makes it anew.</param>
internal sealed record Recipe(string Driver, string Name, int Enough, Func<(CaptureHeader Header, IReadOnlyList<Chunk> Line)> Make)
{
    /// <summary>Writes the capture.</summary>
    public void Record()
    {
        (CaptureHeader header, IReadOnlyList<Chunk> line) = Make();
        string path = Golden.PathOf(Driver, Name, "cap");
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        using var writer = CaptureWriter.Create(path, header, default(Bedside.Model.MonotonicInstant));
        foreach (Chunk chunk in line)
        {
            writer.Write(chunk);
        }
    }
}

/// <summary>How our captures are made, but for those that were recorded or played elsewhere.</summary>
internal static class Recipes
{
    private const string NoPerson = "No person, no real machine.";

    private static readonly LineSettings Slow = new(9600);
    private static readonly LineSettings SlowEven = new(9600, Parity: LineParity.Even);

    public static IReadOnlyList<Recipe> All { get; } =
    [
        Scripted("evita-4", "Dräger Evita 4"),
        Scripted("v500", "Dräger V500"),
        Ventilator("puritan-bennett-840", "pb840", 150, PuritanBennettPorts.Pb840, "Puritan Bennett 840", Slow, 18, "--mode simv-vc --fault disconnect@4+3 --fault silenced@5+4 --fault truncated@9+3"),
        Ventilator("puritan-bennett-840", "pb980", 150, PuritanBennettPorts.Pb980, "Puritan Bennett 980", Slow, 10, "--mode ac-pc --fault air-supply@3+4"),
        Ventilator("puritan-bennett-waveform", "breaths", 420, PuritanBennettPorts.Waveform, "Puritan Bennett 840, waveform port", new LineSettings(38400), 26, "--breath 99998 --fault truncated-line@8+4 --fault missing-end@8+6 --fault pause@16 --crlf"),
        Ventilator("servo-cie", "servo-i", 40, ServoPorts.Servo, "SERVO-I", SlowEven, 27, "--fault disconnect@8+3 --fault silenced@9+1 --fault mode-change@12+60 --fault standby@15+5 --fault co2-off@7+1"),
        Ventilator("servo-cie", "servo-s", 40, ServoPorts.Servo, "SERVO-S", SlowEven, 20, "--model s --highest 2 --sampling 40"),
        Theatre("s5-theatre", "Datex-Ohmeda S/5", "--level 9 --anaesthesia --seed 4 --fault relabel@8+20 --fault lost-record@6+4 --fault specials@12+6 --fault bad-checksum@15+3"),
        Theatre("carescape", "GE CARESCAPE B650", "--level 11 --picco --seed 5 --fault apnoea@8+6 --fault probe-off@14+10 --fault mark@9 --fault lead-off@3+2"),
        Stream("ivy-450c", "two-pressures", IvyMonitor.Kind, 8, "--p2 --fault unknown-line@2+3 --fault lead-off@4+2"),
        Stream("ivy-450c", "bad-line", IvyMonitor.Kind, 16, "--seed 4 --fault drop-bytes@2+6 --fault alarm@9+2 --fault no-transducer@10+2 --fault silence@12+3"),
        Stream("masimo-ascii", "rad-8", MasimoOximeter.Kind, 12, "--fault sensor-off@5+3 --fault unknown-key@9+2"),
        Stream("masimo-ascii", "radical-7", MasimoOximeter.Kind, 14, "--model radical-7 --line-end lfcr --seed 4 --fault drop-bytes@4+6 --fault desaturation@11+2"),
        Stream("nonin-df", "format-2", NoninOximeter.Kind, 6, "--fault disconnected@2+1 --fault dropped-frames@3+2"),
        Stream("nonin-df", "format-7", NoninOximeter.Kind, 8, "--format 7 --seed 4 --fault drop-bytes@2+2 --fault tachycardia@5+1 --fault artefact@6+1"),
        Stream("mindray-pds", "monitor", MindrayMonitor.Kind, 5, "--burst 0 --fault lead-off@2+1 --fault alarm@3+1"),
        Stream("mindray-pds", "bad-network", MindrayMonitor.Kind, 9, "--seed 4 --fault truncate@4+2 --fault bad-checksum@5+2 --fault sensor-off@7+1"),
        Stream("capnostream-20", "masimo", CapnostreamMonitor.Kind, 9, "--fault no-filter-line@4+2 --fault sensor-off@6+2 --fault clock-set@7"),
        Stream("capnostream-20", "bad-line", CapnostreamMonitor.Kind, 14, "--unit kpa --sn B200004321 --seed 4 --fault drop-bytes@3+5 --fault shifted-numbers@9+3 --fault no-breath@12+1"),
        Stream("bis-binary", "a-2000", BisMonitor.Kind, 5, "--seed 2"),
        Stream("bis-binary", "bad-line", BisMonitor.Kind, 9, "--bursts --divisors --seed 4 --fault drop-bytes@2+2 --fault start-in-data@5+1 --fault sensor-off@6+1 --fault lost-frames@7+1"),
        Ventilator("hamilton-polling", "pcmv", 90, HamiltonVentilator.Kind, "HAMILTON, POLLING PROTOCOL", new LineSettings(9600, Parity: LineParity.Even, StopBits: 2), 16, "--basic --fault disconnect@6+3 --fault standby@10+4"),
        Ventilator("hamilton-polling", "simv", 90, HamiltonVentilator.Kind, "HAMILTON, POLLING PROTOCOL", new LineSettings(9600, Parity: LineParity.Even, StopBits: 2), 16, "--mode 2 --seed 4 --fault drop-bytes@4+4 --fault truncated@9+3"),
    ];

    public static Recipe? Of(string driver, string name) => All.SingleOrDefault(one => one.Driver == driver && one.Name == name);

    private static Recipe Scripted(string name, string title) => new("draeger-medibus", name, 200, () =>
    {
        LineSettings line = new(19200, Parity: LineParity.Even);
        return (Header(title, line, $"Made by a scripted device of the tests. {NoPerson}"), CaptureDevices.Talk(name, line).Line);
    });

    private static Recipe Ventilator(string driver, string name, int enough, DeviceKind kind, string title, LineSettings line, int seconds, string options) => new(driver, name, enough, () =>
        (Header(title, line, $"Made by our simulator. {NoPerson}"), new SimulatedLine(kind, driver, options.Split(' ')).Run(seconds).Line));

    private static Recipe Theatre(string name, string title, string options) => new("ge-datex-dri", name, Golden.WindowBytes, () =>
    {
        const double Seconds = 21;
        var talk = new S5Talk(19_200, options.Split(' '));
        talk.Run(Seconds);
        return (Header(title, talk.Line, $"Made by the simulated monitor (ge-s5 {options}). {NoPerson}"), talk.Chunks);
    });

    private static Recipe Stream(string driver, string name, DeviceKind kind, int seconds, string options) => new(driver, name, Golden.WindowBytes, () =>
    {
        StreamingBench bench = new StreamingBench(kind, driver, options.Split(' ')).Run(seconds);
        LineSettings? line = bench.Driver.Traits.Lines.Count > 0 ? bench.Driver.Traits.Lines[0] : null;
        CaptureHeader header = Header(kind.Title, line, $"Made by the simulator: {seconds} s of {kind.Name} {options}. {NoPerson}") with { Transport = bench.Transport };
        return (header, [.. bench.Line.Where(chunk => !chunk.Bytes.IsEmpty)]);
    });

    private static CaptureHeader Header(string title, LineSettings? line, string notes) => new()
    {
        Device = title,
        Origin = CaptureOrigin.Synthetic,
        Transport = Bedside.Ingest.Drivers.Transport.Serial,
        Line = line,
        Notes = notes,
    };
}
