using System.Globalization;
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
    private const int Runs = 200;
    private const int LeastRuns = 11;

    /// <summary>A box runs for months: its code is compiled and its files are in memory. What the first answer takes is a figure of its own.</summary>
    private const int WarmUps = 30;
    private const int BufferBytes = 1 << 16;

    /// <summary>No kind of question takes longer than this altogether, unless it could not be asked <see cref="LeastRuns"/> times.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Until what was allocated while starting is given back.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly string? _waveforms;
    private readonly TimeProvider _time;
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
        _onProgress = onProgress;
        _isKept = place.IsKept;
        _folder = place.Parent is { } parent
            ? Directory.CreateDirectory(Path.Combine(parent, $"bedside-bench-{Environment.ProcessId}")).FullName
            : Directory.CreateTempSubdirectory("bedside-bench-").FullName;
    }

    private string StorePath => Path.Combine(_folder, "filled");

    /// <summary>Encrypted, as a bed is; the key lies where bedside run finds it.</summary>
    private StoreOptions Options => new() { BoxKey = BoxKey.ReadOrCreate(Path.Combine(Directory.CreateDirectory(StorePath).FullName, BoxKey.FileName), out _) };

    /// <summary>Stops are hours of the bed, ascending; the store is made in a folder of its own in that of <paramref name="place"/>, which goes at the end unless it is kept.</summary>
    public static async Task<StoreFigures> RunAsync(string? waveforms, IReadOnlyList<int> stops, (string? Parent, bool IsKept) place, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        using var bench = new StoreBench(waveforms, place, time, onProgress);
        double live = await bench.LiveAsync(cancel);
        return await bench.FillAsync(stops, live, cancel);
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

    private async Task<StoreFigures> FillAsync(IReadOnlyList<int> stops, double live, CancellationToken cancel)
    {
        var growth = new List<GrowthFigures>();
        StoreAnatomy? anatomy = null;
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
        }

        return new StoreFigures
        {
            Source = _bed!.Source, // every stop ingests or follows one that did
            ExtraSignals = _bed.Extra,
            Ingested = _ingested.Samples,
            IngestMegasamplesPerCpuSecond = _ingested.Samples / Mega / _ingested.Cpu.TotalSeconds,
            IngestBytesWritten = _ingested.Bytes,
            LiveMegabytesPerDay = live,
            Anatomy = anatomy!, // the same
            AnatomyHours = Math.Min(stops[^1], HoursOfDay),
            Growth = growth,
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
        IReadOnlyList<QueryFigures> inProcess = await AskAllAsync(
            questions,
            hours,
            (question, from, to) => Task.FromResult(question.Ask(store, from, to)),
            static () => Environment.CpuUsage.TotalTime.TotalMilliseconds,
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
        await Task.Delay(Settling, _time, cancel);
        double steady = server.Memory("VmRSS:");
        byte[] buffer = new byte[BufferBytes];
        IReadOnlyList<QueryFigures> overHttp = await AskAllAsync(
            questions,
            (long)figures.Hours,
            (question, from, to) => server.AskAsync(question.Path(from, to), buffer, cancel),
            () => server.CpuMilliseconds,
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

    private async Task<IReadOnlyList<QueryFigures>> AskAllAsync(IReadOnlyList<StoreQuestion> questions, long hours, Ask ask, Func<double> cpu, CancellationToken cancel)
    {
        var first = new List<double>();
        foreach (StoreQuestion question in questions)
        {
            List<double> warming = await AskAsync(question, hours, ask, WarmUps, cancel);
            first.Add(warming[0]);
        }

        // What was called often is compiled better meanwhile.
        await Task.Delay(Settling, _time, cancel);
        var figures = new List<QueryFigures>();
        foreach (StoreQuestion question in questions)
        {
            double before = cpu();
            List<double> taken = await AskAsync(question, hours, ask, Runs, cancel);
            figures.Add(question.Figures(taken) with { FirstMilliseconds = first[figures.Count], CpuMilliseconds = (cpu() - before) / taken.Count });
        }

        return figures;
    }

    /// <summary>How long each answer took, milliseconds, in the order of asking.</summary>
    private async Task<List<double>> AskAsync(StoreQuestion question, long hours, Ask ask, int runs, CancellationToken cancel)
    {
        var random = new Random(1);
        var taken = new List<double>();
        long begun = _time.GetTimestamp();
        while (taken.Count < runs && (taken.Count < LeastRuns || _time.GetElapsedTime(begun) < Patience))
        {
            cancel.ThrowIfCancellationRequested();
            (UtcInstant from, UtcInstant to) = question.Place(random, hours * Hour);
            long start = _time.GetTimestamp();
            if (await ask(question, from, to) == 0)
            {
                throw new InvalidDataException($"{question.Name}: no answer at {from} to {to}");
            }

            taken.Add(_time.GetElapsedTime(start).TotalMilliseconds);
        }

        return taken;
    }

    /// <summary>How many samples, columns or bytes came.</summary>
    private delegate Task<long> Ask(StoreQuestion question, UtcInstant from, UtcInstant to);

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
