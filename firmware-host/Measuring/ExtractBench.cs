using System.Globalization;
using System.Security.Cryptography;
using Bedside.Extract.Package;
using Bedside.Extract.Sealing;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Host.Measuring;

/// <summary>What a package took to build, from the store to the encrypted file on the disk.</summary>
/// <param name="Samples">Samples of waves and readings.</param>
/// <param name="Seconds">By the wall clock, all of it.</param>
/// <param name="ContentSeconds">Of these, for the tables, waves and WFDB records.</param>
/// <param name="SealSeconds">Of these, for the digests, the signature, tar and age.</param>
/// <param name="CpuSeconds">Of all threads, user and system.</param>
/// <param name="RssPeakMiB">Most memory while building, of the whole process.</param>
/// <param name="Bytes">Of the encrypted file.</param>
/// <param name="Files">In it.</param>
/// <param name="LagMilliseconds">The longest from when a block of another bed, captured by the same process meanwhile, was due until the store had it.</param>
/// <param name="Blocks">Of that bed.</param>
internal sealed record ExtractFigures(double Hours, long Samples, double Seconds, double ContentSeconds, double SealSeconds, double CpuSeconds, double RssPeakMiB, long Bytes, int Files, double LagMilliseconds, int Blocks)
{
    private const double Mega = 1e6;

    public double MegasamplesPerSecond => Samples / Mega / Seconds;
}

/// <summary>
/// Fills a store with the bed of <see cref="StoreBenchBed"/>, as the store is filled in life, and builds the package of all of it for one person: content, bag, signature, tar and age, on the disk. A second store takes
/// another such bed meanwhile, at the pace of life.
/// </summary>
internal static class ExtractBench
{
    private const long Second = 1_000_000_000;
    private const int TurnsOfHour = 3600 / StoreBenchBed.SecondsOfBlock;
    private const double KibOfMib = 1024;
    private const int BufferBytes = 1 << 20;
    private const int PaceMs = 10;

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
            return await BuildAsync(path, key, hours, Path.Combine(folder, "package"), time, onProgress, cancel);
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

    private static async Task<ExtractFigures> BuildAsync(string path, BoxKey key, int hours, string directory, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        var store = Store.OpenReadOnly(path, time, key);
        PackagePlan plan = PlanOf(store, hours);
        await using var beside = BedBeside.Start(Path.Combine(directory, "beside"), time);
        ForgetPeak();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = time.GetTimestamp();
        (PackageResult result, double content, long bytes) = await PackageWorkers.AsideAsync(() => Whole(plan, directory, time, onProgress, cancel));
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        double peak = PeakMiB();
        (double lag, int blocks) = await beside.EndAsync();
        return new ExtractFigures(hours, result.Samples + result.Readings, seconds, content, seconds - content, cpuSeconds, peak, bytes, result.Files.Count, lag, blocks);
    }

    /// <summary>As <see cref="Research.PackageBuild"/> does it, for one named person.</summary>
    private static (PackageResult Result, double ContentSeconds, long Bytes) Whole(PackagePlan plan, string directory, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        string bag = Directory.CreateDirectory(Path.Combine(directory, "bag")).FullName;
        long start = time.GetTimestamp();
        PackageResult result = PackageContent.Write(plan, bag, new Progress(onProgress), cancel);
        double content = time.GetElapsedTime(start).TotalSeconds;
        onProgress("sealing");
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var identity = AgeIdentity.Generate();
        BagSeal seal = Bag.Close(bag, Describe(plan), signer, cancel);
        using var file = new FileStream(Path.Combine(directory, "package.tar.age"), FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        using (Stream encrypted = AgeFile.Encrypt(file, [identity.Recipient]))
        {
            PackageTar.Write(bag, seal.Name, encrypted, progress: null, cancel);
        }

        file.Flush(flushToDisk: true);
        return (result, content, file.Length);
    }

    private static BagDescription Describe(PackagePlan plan) => new()
    {
        Study = "ST-2026-001",
        Version = 1,
        Request = plan.Request,
        RequestDigest = RequestText.DigestOf(plan.Request),
        Software = "bench",
        Approvals = [],
        ClockQuality = new TwoTongues("Mesure", "Measurement"),
        Generalisations = [],
        DisclosureJson = "{}\n"u8.ToArray(),
        DisclosureText = "\n"u8.ToArray(),
    };

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

    /// <summary>A bed that is captured while something else goes on: each block is due at its second, as it is at a bed.</summary>
    private sealed class BedBeside : IAsyncDisposable
    {
        private readonly Store _store;
        private readonly TimeProvider _time;
        private readonly Task _capture;
        private volatile bool _ended;
        private double _worst;
        private int _blocks;

        private BedBeside(Store store, TimeProvider time)
        {
            (_store, _time) = (store, time);
            _capture = Task.Run(CaptureAsync);
        }

        public static BedBeside Start(string path, TimeProvider time)
        {
            Directory.CreateDirectory(path);
            var key = BoxKey.ReadOrCreate(Path.Combine(path, BoxKey.FileName), out _);
            return new BedBeside(Store.Open(path, new StoreOptions { BoxKey = key }, time), time);
        }

        /// <summary>The longest delay in milliseconds, and of how many blocks.</summary>
        public async Task<(double Milliseconds, int Blocks)> EndAsync()
        {
            _ended = true;
            await _capture;
            return (_worst, _blocks);
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            await _store.DisposeAsync();
        }

        private async Task CaptureAsync()
        {
            var bed = new StoreBenchBed(_store, waveforms: null);
            long begun = _time.GetTimestamp();
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(PaceMs), _time);
            for (long turn = 0; ; turn++)
            {
                // A turn is due when its last sample was taken.
                var due = TimeSpan.FromSeconds((turn + 1) * StoreBenchBed.SecondsOfBlock);
                while (_time.GetElapsedTime(begun) < due)
                {
                    if (_ended)
                    {
                        return;
                    }

                    await pace.WaitForNextTickAsync(CancellationToken.None);
                }

                foreach (Block block in bed.Turn(turn, parts: 2))
                {
                    await _store.AppendAsync(block, CancellationToken.None);
                    _blocks++;
                }

                _worst = Math.Max(_worst, (_time.GetElapsedTime(begun) - due).TotalMilliseconds);
            }
        }
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
