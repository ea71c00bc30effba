using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.Bis;
using Bedside.Simulators.Capnostream;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Masimo;
using Bedside.Simulators.Mindray;
using Bedside.Simulators.Nonin;
using Bedside.Tests.Simulators.Streaming;

namespace Bedside.Tests.Ingest.Streaming;

/// <summary>
/// Our own captures of the devices that send streams against what their drivers made of them when they were read and found right. With
/// BEDSIDE_GOLDEN=write in the environment both are written anew, the captures by the simulators.
/// </summary>
public class CaptureTests
{
    private static readonly bool Write = Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write";

    /// <summary>Driver, capture, seconds, and the options of the simulator that made it.</summary>
    public static readonly TheoryData<string, string, int, string> All = new()
    {
        { "ivy-450c", "two-pressures", 8, "--p2 --fault unknown-line@2+3 --fault lead-off@4+2" },
        { "ivy-450c", "bad-line", 16, "--seed 4 --fault drop-bytes@2+6 --fault alarm@9+2 --fault no-transducer@10+2 --fault silence@12+3" },
        { "masimo-ascii", "rad-8", 12, "--fault sensor-off@5+3 --fault unknown-key@9+2" },
        { "masimo-ascii", "radical-7", 14, "--model radical-7 --line-end lfcr --seed 4 --fault drop-bytes@4+6 --fault desaturation@11+2" },
        { "nonin-df", "format-2", 6, "--fault disconnected@2+1 --fault dropped-frames@3+2" },
        { "nonin-df", "format-7", 8, "--format 7 --seed 4 --fault drop-bytes@2+2 --fault tachycardia@5+1 --fault artefact@6+1" },
        { "mindray-pds", "monitor", 5, "--burst 0 --fault lead-off@2+1 --fault alarm@3+1" },
        { "mindray-pds", "bad-network", 9, "--seed 4 --fault truncate@4+2 --fault bad-checksum@5+2 --fault sensor-off@7+1" },
        { "capnostream-20", "masimo", 9, "--fault no-filter-line@4+2 --fault sensor-off@6+2 --fault clock-set@7" },
        { "capnostream-20", "bad-line", 14, "--unit kpa --sn B200004321 --seed 4 --fault drop-bytes@3+5 --fault shifted-numbers@9+3 --fault no-breath@12+1" },
        { "bis-binary", "a-2000", 5, "--seed 2" },
        { "bis-binary", "bad-line", 9, "--bursts --divisors --seed 4 --fault drop-bytes@2+2 --fault start-in-data@5+1 --fault sensor-off@6+1 --fault lost-frames@7+1" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_gives_its_golden(string driver, string name, int seconds, string options)
    {
        if (Write)
        {
            Record(driver, name, seconds, options);
            File.WriteAllLines(PathOf(driver, name, "golden"), Replay(driver, name, 0));
        }

        Assert.Equal(File.ReadAllLines(PathOf(driver, name, "golden")), Replay(driver, name, 0));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_cut_anywhere_gives_the_same_golden(string driver, string name, int seconds, string options)
    {
        Assert.True(seconds > 0 && options.Length > 0);
        string[] golden = File.ReadAllLines(PathOf(driver, name, "golden"));
        Assert.All([1, 7, 64], piece => Assert.Equal(golden, Replay(driver, name, piece)));
    }

    /// <summary>The simulator says today what it said when the capture was made: the capture is no relic.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_is_what_the_simulator_says(string driver, string name, int seconds, string options)
    {
        byte[] recorded = Join(Ear.Chunks(PathOf(driver, name, "cap")));
        byte[] played = Join(Play(driver, seconds, options).Line);
        Assert.Equal(recorded, played);
    }

    public static string PathOf(string driver, string name, string kind) => Repository.PathOf(Path.Combine("tests", "captures", driver, $"{name}.{kind}"));

    public static byte[] Join(IEnumerable<Chunk> chunks) =>
        [.. chunks.Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray())];

    private static List<string> Replay(string driver, string name, int piece)
    {
        IDriver known = DriverCatalog.ByName(driver) ?? throw new InvalidOperationException(driver);
        Recording recording = CaptureFile.Open(PathOf(driver, name, "cap"));
        Assert.Empty(recording.Faults);
        return Ear.Replays(known, recording.Header.Transport ?? Bedside.Ingest.Drivers.Transport.Serial, recording.Chunks(), piece).Lines;
    }

    private static StreamingBench Play(string driver, int seconds, string options) =>
        new StreamingBench(KindOf(driver), driver, options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Run(seconds);

    private static DeviceKind KindOf(string driver) => driver switch
    {
        "ivy-450c" => IvyMonitor.Kind,
        "masimo-ascii" => MasimoOximeter.Kind,
        "nonin-df" => NoninOximeter.Kind,
        "mindray-pds" => MindrayMonitor.Kind,
        "capnostream-20" => CapnostreamMonitor.Kind,
        "bis-binary" => BisMonitor.Kind,
        _ => throw new ArgumentOutOfRangeException(nameof(driver), driver, "no simulator"),
    };

    private static void Record(string driver, string name, int seconds, string options)
    {
        StreamingBench bench = Play(driver, seconds, options);
        CaptureHeader header = new()
        {
            Device = KindOf(driver).Title,
            Origin = CaptureOrigin.Synthetic,
            Transport = bench.Transport,
            Line = bench.Driver.Traits.Lines.Count > 0 ? bench.Driver.Traits.Lines[0] : null,
            Notes = $"Made by the simulator: {seconds} s of {KindOf(driver).Name} {options}. No person, no real machine.",
        };
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(driver, name, "cap")) ?? ".");
        using var writer = CaptureWriter.Create(PathOf(driver, name, "cap"), header, default(Bedside.Model.MonotonicInstant));
        foreach (Chunk chunk in bench.Line.Where(chunk => !chunk.Bytes.IsEmpty))
        {
            writer.Write(chunk);
        }
    }
}
