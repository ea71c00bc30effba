using System.Globalization;
using Bedside.Host.Measuring.Peers;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Host.Measuring;

/// <summary>
/// Fills a store of its own with a bed, faster than time, and asks it at each stop, in process and over HTTP. The first day
/// goes the whole path; the days after it are that day moved in time (<see cref="StoreMoving"/>).
/// </summary>
internal sealed class StoreBench : IDisposable
{
    private const int LiveSeconds = 20;
    private const int PartsOfTurn = 8;
    private const int TurnsOfHour = 3600 / StoreBenchBed.SecondsOfBlock;
    private const int HoursOfDay = 24;
    private const long Hour = 3_600_000_000_000;
    private const double SecondsOfDay = 86_400;
    private const double Mega = 1e6;
    private const int BufferBytes = 1 << 16;

    private readonly string? _waveforms;
    private readonly TimeProvider _time;
    private readonly Asking _asking;
    private readonly Action<string> _onProgress;
    private readonly string _folder;
    private readonly bool _isKept;
    private readonly BedTime _bedTime = new();
    private StoreBenchBed? _bed;
    private (TimeSpan Cpu, long Bytes, long Samples) _ingested;

    private StoreBench(string? waveforms, (string? Parent, bool IsKept) place, TimeProvider time, Action<string> onProgress)
    {
        _waveforms = waveforms;
        _time = time;
        _asking = new Asking(time);
        _onProgress = onProgress;
        _isKept = place.IsKept;
        _folder = place.Parent is { } parent
            ? Directory.CreateDirectory(Path.Combine(parent, $"bedside-bench-{Environment.ProcessId}")).FullName
            : Directory.CreateTempSubdirectory("bedside-bench-").FullName;
    }

    private string StorePath => Path.Combine(_folder, "filled");

    private double IngestSpeed => _ingested.Samples / Mega / _ingested.Cpu.TotalSeconds;

    /// <summary>Encrypted, as a bed is; the key lies where bedside run finds it.</summary>
    private StoreOptions Options => new() { BoxKey = BoxKey.ReadOrCreate(Path.Combine(Directory.CreateDirectory(StorePath).FullName, BoxKey.FileName), out _) };

    /// <summary>Stops are hours of the bed, ascending; the store is made in a folder of its own in that of <paramref name="place"/>, which goes at the end unless it is kept.</summary>
    /// <remarks>The peers come in at <paramref name="peerHours"/>, which is a stop then; null = without them.</remarks>
    public static async Task<StoreFigures> RunAsync(string? waveforms, IReadOnlyList<int> stops, int? peerHours, (string? Parent, bool IsKept) place, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        using var bench = new StoreBench(waveforms, place, time, onProgress);
        double live = await bench.LiveAsync(cancel);
        return await bench.FillAsync([.. stops.Append(peerHours ?? stops[0]).Distinct().Order()], peerHours, live, cancel);
    }

    public void Dispose()
    {
        if (!_isKept)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A bed in packets of a quarter of a second, with a sync after each second of it, but without waiting between.</summary>
    private async Task<double> LiveAsync(CancellationToken cancel)
    {
        _onProgress("bytes written for a bed in its own time");
        await using var store = Store.Open(Path.Combine(_folder, "live"), Options, _time);
        var bed = new StoreBenchBed(store, _waveforms);
        long before = 0;
        for (int turn = -1; turn < LiveSeconds / StoreBenchBed.SecondsOfBlock; turn++)
        {
            if (turn == 0)
            {
                before = BytesWritten();
            }

            Block[] blocks = [.. bed.Turn(turn + 1, PartsOfTurn).OrderBy(block => block.Start)];
            foreach (Block[] second in new[] { blocks[..(blocks.Length / 2)], blocks[(blocks.Length / 2)..] })
            {
                foreach (Block block in second)
                {
                    await store.AppendAsync(block, cancel);
                }

                _ = await store.SyncAsync(cancel);
            }
        }

        return (BytesWritten() - before) / (double)LiveSeconds * SecondsOfDay / Mega;
    }

    private async Task<StoreFigures> FillAsync(IReadOnlyList<int> stops, int? peerHours, double live, CancellationToken cancel)
    {
        var growth = new List<GrowthFigures>();
        StoreAnatomy? anatomy = null;
        PeerComparison? peers = null;
        IReadOnlyList<ulong> day = [];
        long hours = 0;
        foreach (int stop in stops)
        {
            while (hours < stop)
            {
                cancel.ThrowIfCancellationRequested();
                if (hours < HoursOfDay)
                {
                    await IngestAsync(hours, Math.Min(stop, HoursOfDay), stops[^1], cancel);
                    hours = Math.Min(stop, HoursOfDay);
                    using StoreEngine engine = Open();
                    anatomy = StoreAnatomy.Of(engine.Disk, engine.Signals.Signals, cancel);
                    day = new StoreMoving(engine.Disk, _time).Segments;
                }
                else
                {
                    using StoreEngine engine = Open();
                    new StoreMoving(engine.Disk, _time).Copy(day, hours * Hour);
                    hours += HoursOfDay;
                    Show(hours, stops[^1]);
                }
            }

            _onProgress(string.Create(CultureInfo.InvariantCulture, $"questions at {hours} h"));
            growth.Add(await MeasureAsync(hours, cancel));
            if (hours == peerHours)
            {
                peers = await CompareAsync(growth[^1], cancel);
            }
        }

        return new StoreFigures
        {
            Source = _bed!.Source, // every stop ingests or follows one that did
            ExtraSignals = _bed.Extra,
            Ingested = _ingested.Samples,
            IngestMegasamplesPerCpuSecond = IngestSpeed,
            IngestBytesWritten = _ingested.Bytes,
            LiveMegabytesPerDay = live,
            Anatomy = anatomy!, // the same
            AnatomyHours = Math.Min(stops[^1], HoursOfDay),
            Growth = growth,
            Peers = peers,
        };
    }

    private StoreEngine Open() => new(new PosixDisk(StorePath), Options, _bedTime, isReadOnly: false);

    /// <summary>The whole path: append, journal with its syncs, overview, sealing. The store's clock is the bed's, so that segments are an hour as in life.</summary>
    private async Task IngestAsync(long from, long to, int last, CancellationToken cancel)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long written = BytesWritten();
        await using (var store = Store.Open(StorePath, Options, _bedTime))
        {
            _bed ??= new StoreBenchBed(store, _waveforms);
            for (long turn = from * TurnsOfHour; turn < to * TurnsOfHour; turn++)
            {
                _bedTime.Now = StoreBenchBed.Start.Add(turn * StoreBenchBed.SecondsOfBlock * 1_000_000_000);
                foreach (Block block in _bed.Turn(turn, parts: 2))
                {
                    await store.AppendAsync(block, cancel);
                }

                if (turn % TurnsOfHour == 0)
                {
                    Show(turn / TurnsOfHour, last);
                }
            }

            _ = await store.SyncAsync(cancel);
        }

        SealAll(cancel);
        _ingested.Cpu += Environment.CpuUsage.TotalTime - cpu;
        _ingested.Bytes += BytesWritten() - written;
        _ingested.Samples = _bed.SamplesUntil(to * TurnsOfHour);
    }

    private void SealAll(CancellationToken cancel)
    {
        using StoreEngine engine = Open();
        while (engine.SealNext(cancel))
        {
        }
    }

    private void Show(long hours, int of) => _onProgress(string.Create(CultureInfo.InvariantCulture, $"{hours} of {of} h stored"));

    private async Task<GrowthFigures> MeasureAsync(long hours, CancellationToken cancel)
    {
        IReadOnlyList<StoreQuestion> questions = StoreQuestion.Of(_bed!); // ingested before
        return await AskServerAsync(await AskStoreAsync(hours, questions, cancel), questions, cancel);
    }

    private async Task<GrowthFigures> AskStoreAsync(long hours, IReadOnlyList<StoreQuestion> questions, CancellationToken cancel)
    {
        GC.Collect();
        long start = _time.GetTimestamp();
        await using var store = Store.Open(StorePath, Options, _bedTime);
        double open = _time.GetElapsedTime(start).TotalMilliseconds;
        IReadOnlyList<QueryFigures> inProcess = await _asking.AskAllAsync(
            [.. questions.Select(question => Of(question, hours, (from, to) => Task.FromResult(question.Ask(store, from, to)), static () => Environment.CpuUsage.TotalTime.TotalMilliseconds))],
            cancel);
        return new GrowthFigures
        {
            Hours = hours,
            Samples = _bed!.SamplesUntil(hours * TurnsOfHour), // ingested before
            BytesOnDisk = store.Health.Bytes,
            Segments = store.Health.Segments,
            OpenMilliseconds = open,
            InProcess = inProcess,
        };
    }

    private async Task<GrowthFigures> AskServerAsync(GrowthFigures figures, IReadOnlyList<StoreQuestion> questions, CancellationToken cancel)
    {
        await using StoreServer server = await StoreServer.StartAsync(StorePath, _time, cancel);
        await _asking.SettleAsync(cancel);
        double steady = server.Memory("VmRSS:");
        byte[] buffer = new byte[BufferBytes];
        IReadOnlyList<QueryFigures> overHttp = await _asking.AskAllAsync(
            [.. questions.Select(question => Of(question, (long)figures.Hours, (from, to) => server.AskAsync(question.Path(from, to), buffer, cancel), () => server.CpuMilliseconds))],
            cancel);
        return figures with
        {
            StartMilliseconds = server.StartMilliseconds,
            SteadyMiB = steady,
            AfterMiB = server.Memory("VmRSS:"),
            PeakMiB = server.Memory("VmHWM:"),
            OverHttp = overHttp,
        };
    }

    private static Answering Of(StoreQuestion question, long hours, Func<UtcInstant, UtcInstant, Task<long>> ask, Func<double> cpu) =>
        new(question, random => question.Place(random, hours * Hour), ask, cpu);

    /// <summary>Right after our store was asked, so that both meet the same machine.</summary>
    private async Task<PeerComparison> CompareAsync(GrowthFigures row, CancellationToken cancel)
    {
        await using var store = Store.Open(StorePath, Options, _bedTime);
        return await new PeerBench(_bed!, PeerBench.Known, _time, _onProgress).RunAsync(store, (long)row.Hours * TurnsOfHour, new PeerYardstick(IngestSpeed, row), _folder, cancel); // ingested before
    }

    private static long BytesWritten()
    {
        string line = File.ReadLines("/proc/self/io").First(line => line.StartsWith("write_bytes:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The date is the bed's, everything else the machine's.</summary>
    private sealed class BedTime : TimeProvider
    {
        private long _now = StoreBenchBed.Start.UnixNanoseconds;

        public UtcInstant Now
        {
            get => new(Interlocked.Read(ref _now));
            set => Interlocked.Exchange(ref _now, value.UnixNanoseconds);
        }

        public override DateTimeOffset GetUtcNow() => Now.ToDateTime();
    }
}
