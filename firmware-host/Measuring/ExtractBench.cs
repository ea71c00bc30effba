using System.Globalization;
using Bedside.Extract.Package;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Host.Measuring;

/// <summary>What the content of a package took to build.</summary>
/// <param name="Samples">Samples of waves and readings.</param>
/// <param name="Seconds">By the wall clock.</param>
/// <param name="CpuSeconds">Of all threads, user and system.</param>
/// <param name="RssPeakMiB">Most memory while building, of the whole process.</param>
/// <param name="Bytes">Of all files.</param>
internal sealed record ExtractFigures(double Hours, long Samples, double Seconds, double CpuSeconds, double RssPeakMiB, long Bytes, int Files)
{
    private const double Mega = 1e6;

    public double MegasamplesPerSecond => Samples / Mega / Seconds;
}

/// <summary>Fills a store with the bed of <see cref="StoreBenchBed"/>, as the store is filled in life, and builds the content of a package of all of it.</summary>
internal static class ExtractBench
{
    private const long Second = 1_000_000_000;
    private const int TurnsOfHour = 3600 / StoreBenchBed.SecondsOfBlock;
    private const double KibOfMib = 1024;

    /// <summary>The bed's own names that the nomenclature does not have.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal) { ["resp"] = "resp-impedance", ["awp"] = "paw", ["awf"] = "airway-flow" };

    /// <summary>In a folder of its own for temporary files, which is deleted at the end.</summary>
    public static async Task<ExtractFigures> RunAsync(int hours, string? parent, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        string folder = parent is null
            ? Directory.CreateTempSubdirectory("bedside-bench-").FullName
            : Directory.CreateDirectory(Path.Combine(parent, $"bedside-bench-{Environment.ProcessId}")).FullName;
        try
        {
            string path = Directory.CreateDirectory(Path.Combine(folder, "store")).FullName;
            var key = BoxKey.ReadOrCreate(Path.Combine(path, BoxKey.FileName), out _);
            await FillAsync(path, key, hours, onProgress, cancel);
            return Build(path, key, hours, Path.Combine(folder, "package"), time, onProgress, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(string path, BoxKey key, int hours, Action<string> onProgress, CancellationToken cancel)
    {
        var time = new TurnTime();
        var options = new StoreOptions { BoxKey = key };
        await using (var store = Store.Open(path, options, time))
        {
            var bed = new StoreBenchBed(store, waveforms: null);
            for (long turn = 0; turn < (long)hours * TurnsOfHour; turn++)
            {
                cancel.ThrowIfCancellationRequested();
                time.Turn = turn;
                foreach (Block block in bed.Turn(turn, parts: 2))
                {
                    await store.AppendAsync(block, cancel);
                }

                if (turn % TurnsOfHour == 0)
                {
                    onProgress(string.Create(CultureInfo.InvariantCulture, $"{turn / TurnsOfHour} of {hours} h stored"));
                }
            }

            _ = await store.SyncAsync(cancel);
        }

        using var engine = new StoreEngine(new PosixDisk(path), options, time, isReadOnly: false);
        while (engine.SealNext(cancel))
        {
        }
    }

    private static ExtractFigures Build(string path, BoxKey key, int hours, string directory, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        var store = Store.OpenReadOnly(path, time, key);
        PackagePlan plan = PlanOf(store, hours);
        ForgetPeak();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = time.GetTimestamp();
        PackageResult result = PackageContent.Write(plan, directory, new Progress(onProgress), cancel);
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        return new ExtractFigures(hours, result.Samples + result.Readings, seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, PeakMiB(), result.Bytes, result.Files.Count);
    }

    /// <summary>One stay with everything of the bed, under names of the nomenclature.</summary>
    private static PackagePlan PlanOf(Store store, int hours)
    {
        string[] numerics = [.. Nomenclature.Shipped.Entries.Where(entry => entry.Kind == "numeric").Select(entry => entry.Id)];
        Signal[] signals = [.. store.Signals.Select(signal => Named(signal, numerics)).Where(signal => Nomenclature.Shipped.Of(signal) is not null)];
        UtcInstant from = StoreBenchBed.Start;
        var stay = new PackageStay("a", "b", [], from, from, from.Add(hours * 3600 * Second), 0, signals, (number, begin, end) => number == SignalNumber.None ? store.ReadBed(begin, end) : store.Read(number, begin, end));
        return new PackagePlan("ST-2026-001", 1, RequestFor(signals), [stay], TimeZoneInfo.Utc);
    }

    private static Signal Named(Signal signal, string[] numerics)
    {
        string id = signal.Metric.SignalId;
        string name = signal.Metric.Kind == SignalKind.Numeric && int.TryParse(id[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? numerics[number - 1] : Names.GetValueOrDefault(id, id);
        return signal with { Metric = signal.Metric with { SignalId = name } };
    }

    private static StudyRequest RequestFor(IEnumerable<Signal> signals) => new()
    {
        Title = new TwoTongues("Mesure", "Measurement"),
        Summary = new TwoTongues("Mesure", "Measurement"),
        PublicInterest = string.Empty,
        Basis = LegalBasis.None,
        BasisReference = string.Empty,
        Opinion = string.Empty,
        Body = string.Empty,
        DataProtectionOfficer = string.Empty,
        People = [],
        SecureSpace = string.Empty,
        Cohort = new CohortRules([], [], 0, []),
        Signals = [.. signals.Select(signal => new AskedSignal(signal.Metric.SignalId, string.Empty))],
        FirstDay = DateOnly.MinValue,
        LastDay = DateOnly.MaxValue,
        Window = new StudyWindow(0, ToHour: null),
        Expires = DateOnly.MaxValue,
        Outputs = string.Empty,
        WhyNotFederated = string.Empty,
    };

    /// <summary>What filling the store took is no part of the figure: proc(5), clear_refs.</summary>
    private static void ForgetPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static double PeakMiB()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / KibOfMib;
    }

    /// <summary>The date is the bed's, so that segments are an hour as in life; everything else is the machine's.</summary>
    private sealed class TurnTime : TimeProvider
    {
        private long _turn;

        public long Turn
        {
            set => Interlocked.Exchange(ref _turn, value);
        }

        public override DateTimeOffset GetUtcNow() => StoreBenchBed.Start.Add(Interlocked.Read(ref _turn) * StoreBenchBed.SecondsOfBlock * Second).ToDateTime();
    }

    private sealed class Progress(Action<string> onProgress) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => onProgress(string.Create(CultureInfo.InvariantCulture, $"{value.Stage}, {value.Done:P0}"));
    }
}
