using System.Collections.Immutable;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage.Disk;
using Bedside.Storage.Evidence;
using Bedside.Storage.Feeding;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Reading;
using Bedside.Storage.Retention;
using Bedside.Storage.Stays;

namespace Bedside.Storage;

/// <summary>
/// The blocks of one bed, in one folder. One process writes it, any number read beside it. Every member may be called
/// from any thread.
/// </summary>
public sealed class Store : IAsyncDisposable
{
    private readonly string _directory;
    private readonly StoreEngine _engine;
    private readonly StoreLock? _lock;
    private readonly StoreTasks? _tasks;
    private readonly Keeper? _keeper;
    private readonly StoreCare? _care;
    private readonly EvidenceTask? _evidence;
    private readonly IReadOnlyList<GoneRange> _gone;
    private readonly string? _tail;
    private readonly StoreOptions? _options;
    private readonly TimeProvider _clock;
    private readonly Envelopes _envelopes;
    private ImmutableArray<StoreFollower> _followers = [];

    private Store(string directory, StoreEngine engine, StoreLock? locked, StoreTasks? tasks, string? tail, Keeper? keeper, TimeProvider clock, StoreOptions? options = null)
    {
        _options = options;
        _clock = clock;
        _keeper = keeper;
        _care = keeper is null ? null : new StoreCare(keeper, engine.Health, clock);
        _evidence = engine.Evidence is { } ring ? new EvidenceTask(ring, clock) : null;
        _gone = keeper is null ? RetentionLedger.ReadOrEmpty(engine.Disk).Gone : [];
        _directory = directory;
        _tail = tail;
        _engine = engine;
        _lock = locked;
        _tasks = tasks;
        _envelopes = new Envelopes(engine.Disk, engine.Holdings, engine.Health.Found);
    }

    /// <summary>All signals that were ever registered, by number.</summary>
    public IReadOnlyList<Signal> Signals => _engine.Signals.Signals;

    /// <summary>Everything appended before this instant of the box's clock is on the disk.</summary>
    public UtcInstant DurableUpTo => _engine.Journal.DurableUpTo;

    /// <summary>The patients that were in the bed, under their opaque names, in their order. Looks into the folder.</summary>
    public IReadOnlyList<Stay> ListStays() => Stay.List(_engine.Disk, _engine.Keys);

    /// <summary>Where ports give what goes over them; null = it is not kept, or the store is open for reading.</summary>
    public EvidenceRing? Evidence => _engine.Evidence;

    /// <summary>The stay whose patient is in the bed; <see cref="StayId.None"/> where nothing is encrypted.</summary>
    public StayId CurrentStay => _engine.Keys.Current;

    /// <summary>A key of 256 bits for one purpose, from the box key (<see cref="BoxKey.Derive(ReadOnlySpan{byte})"/>): the same as long as the box key is; null where nothing is encrypted.</summary>
    public byte[]? DeriveKey(ReadOnlySpan<byte> purpose) => _engine.Keys.Derive(purpose);

    public StoreHealth Health
    {
        get
        {
            (long segments, long journals) = _engine.Holdings.Bytes;
            return new StoreHealth
            {
                Bytes = segments + journals,
                FreeBytes = new DriveInfo(_directory).AvailableFreeSpace,
                Segments = _engine.Holdings.Segments,
                JournalBytes = journals,
                UnsyncedBytes = _engine.Journal.UnsyncedBytes,
                DurableUpTo = DurableUpTo,
                LastSync = _engine.Journal.LastSync,
                PowerCutBound = _engine.SyncEvery,
                KillBound = _engine.TailHolds ? StoreHealth.KillBoundOfTail : _engine.SyncEvery,
                Writing = _engine.Health.Writing,
                Errors = _engine.Health.Errors,
                Damaged = _engine.Health.Damaged,
                Refused = _engine.Health.Refused,
                LastError = _engine.Health.LastError,
                Retention = _keeper?.Health ?? RetentionHealth.Unknown,
                Locked = _engine.Health.Locked,
                LockedReason = _engine.Health.LockedReason,
            };
        }
    }

    /// <summary>
    /// Opens a store for writing and makes it when it is not there. Throws <see cref="StoreLockedException"/> when another
    /// process has it, other <see cref="IOException"/>s when the folder cannot be used at all; damage in it is no reason.
    /// </summary>
    public static Store Open(string directory, StoreOptions options, TimeProvider clock)
    {
        Directory.CreateDirectory(directory);
        new PosixDisk(directory).SetAsideWhatIsNoFile();
        var locked = StoreLock.Take(directory);
        try
        {
            return Open(directory, new PosixDisk(directory), locked, options, clock, TailFolder(directory, options, make: true));
        }
        catch
        {
            locked.Dispose();
            throw;
        }
    }

    /// <summary>The store as it is now, beside a process that may be writing it: what comes later is not seen. Nothing is changed.</summary>
    public static Store OpenReadOnly(string directory, TimeProvider clock, BoxKey? key = null)
    {
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"there is no store in {directory}");
        }

        var options = new StoreOptions { BoxKey = key };
        string? tail = TailFolder(directory, options, make: false);
        return new Store(directory, new StoreEngine(new PosixDisk(directory), options, clock, isReadOnly: true, tail: tail is null ? null : new PosixDisk(tail)), locked: null, tasks: null, tail: null, keeper: null, clock);
    }

    internal static Store Open(string directory, IDisk disk, StoreLock? locked, StoreOptions options, TimeProvider clock, string? tail = null)
    {
        var engine = new StoreEngine(disk, options, clock, isReadOnly: false, tail: tail is null ? null : new PosixDisk(tail, isPrivate: true));
        var keeper = new Keeper(engine, disk as IDiskRoom ?? new PosixDisk(directory), options, clock, () => locked is null ? null : HoldBook.TakeLock(directory));
        return new Store(directory, engine, locked, new StoreTasks(engine, options, clock), tail, keeper, clock, options);
    }

    /// <summary>Null when there is no memory to keep the tail in, or it is not ours alone.</summary>
    internal static string? TailFolder(string directory, StoreOptions options, bool make)
    {
        string path = PrivateFolder.PathFor(options.TailDirectory, directory);
        return (make ? PrivateFolder.TryMake(path) : PrivateFolder.IsOurs(path)) ? path : null;
    }

    /// <summary>By id, or by number in decimal digits.</summary>
    public Signal? Find(string idOrNumber) => _engine.Signals.Find(idOrNumber);

    /// <summary>
    /// The signal of a metric. Device, <see cref="Metric.SignalId"/>, channel, unit and kind make it the same one, also
    /// after a restart; whatever else differs becomes its new description.
    /// </summary>
    public Signal Register(string device, Metric metric)
    {
        StoreTasks tasks = Writable();
        (Signal signal, SignalBlock? changed) = _engine.Signals.Register(device, metric, _engine.Now);
        if (changed is not null)
        {
            tasks.Wake();
            Show(changed);
        }

        return signal;
    }

    /// <summary>
    /// Hands a block to the writer. False = the writer is behind, or the disk takes nothing: the block is not stored, which the
    /// caller records as a gap. Followers see it all the same: a full disk does not darken the screen.
    /// </summary>
    public bool TryAppend(Block block)
    {
        bool taken = Writable().TryAppend(block);
        if (block is ClockBlock { WallOffsetNanoseconds: { } offset })
        {
            _keeper?.HearDevice(offset);
        }

        Show(block);
        return taken;
    }

    /// <summary>Waits until the writer takes the block: for imports, not for live data.</summary>
    public async ValueTask AppendAsync(Block block, CancellationToken cancel)
    {
        await Writable().AppendAsync(block, cancel);
        Show(block);
    }

    /// <summary>Returns when everything appended before is on the disk, with the instant up to which that holds.</summary>
    public Task<UtcInstant> SyncAsync(CancellationToken cancel) => Writable().SyncAsync(cancel);

    /// <summary>
    /// Another patient is in the bed: blocks appended after this returns are kept under a key of their own. Nothing happens for the
    /// current stay. Throws <see cref="ArgumentException"/> for one that ended, and <see cref="IOException"/> when the disk did not
    /// take the new key: the boundary holds all the same, and nothing of the new stay is written before its key is.
    /// </summary>
    public Task BeginStayAsync(StayId stay, CancellationToken cancel) => Writable().BeginStayAsync(stay, cancel);

    /// <summary>
    /// Destroys the key of a stay, and deletes its files: nobody reads it any more. The current one ends first. A mark in the new
    /// stay says that it happened, and nothing of whom. Throws <see cref="IOException"/> when the disk did not take it: in this
    /// process the key is gone, after a restart it may be there, and erasing must be asked for again.
    /// </summary>
    public async Task EraseStayAsync(StayId stay, CancellationToken cancel)
    {
        StoreTasks tasks = Writable();
        if (stay == CurrentStay)
        {
            await tasks.BeginStayAsync(StayId.New(), cancel);
        }

        _ = await tasks.SyncAsync(cancel);
        await Task.Run(() => _engine.Erase(stay), cancel);
        await AppendAsync(new AnnotationBlock { Signal = SignalNumber.None, Start = _engine.Now, Key = $"stay-erased-{stay}", Kind = "stay-erased", Source = "box" }, cancel);
        _ = await tasks.SyncAsync(cancel);
    }

    /// <summary>
    /// The book of stays in this store's folder; whoever opens it gives it back before the store. <paramref name="personOf"/>: whose number stands on a wristband. Throws the disk's errors.
    /// </summary>
    public StayBook OpenStays(StaySettings settings, Func<string, PersonToken>? personOf = null) =>
        StayBook.Open(_directory, _options ?? throw new InvalidOperationException("the store is open for reading"), settings, _clock, personOf);

    /// <summary>The blocks appended from now on; a follower holds at most <paramref name="capacity"/> and loses the oldest then.</summary>
    public StoreFollower Follow(int capacity)
    {
        var follower = new StoreFollower(capacity, left => ImmutableInterlocked.Update(ref _followers, all => all.Remove(left)));
        _ = ImmutableInterlocked.Update(ref _followers, all => all.Add(follower));
        return follower;
    }

    /// <summary>
    /// What is durable, in the order of appending, for a destination outside of the box: it begins with what is appended from now on, and goes on where it was when it is opened again. One at a time. Throws
    /// the disk's errors.
    /// </summary>
    public StoreFeed OpenFeed(FeedOptions options)
    {
        _ = Writable();
        return new StoreFeed(_engine, options);
    }

    /// <summary>
    /// Everything of a signal that overlaps [from, to): its samples, readings or texts, and its gaps and annotations;
    /// ascending by start, each once, read as it is asked for. The writer never waits for it.
    /// </summary>
    public IEnumerable<Block> Read(SignalNumber signal, UtcInstant from, UtcInstant to) =>
        BlockReading.Read(_engine.Disk, _engine.Holdings, [new LaneKey(Lane.Data, signal.Value), new LaneKey(Lane.Marks, signal.Value)], (from, to), _engine.Health.Found);

    /// <summary>Alerts, devices, clocks, gaps and annotations of the bed and of all signals that overlap [from, to), ascending by start; what went as a whole is a gap of the box.</summary>
    public IEnumerable<Block> ReadBed(UtcInstant from, UtcInstant to) => GoneRange.Among(
        _keeper?.Gone ?? _gone,
        (from, to),
        BlockReading.Read(_engine.Disk, _engine.Holdings, lanes: null, (from, to), _engine.Health.Found));

    /// <summary>The samples, readings or text of a signal that were appended last.</summary>
    public Block? Last(SignalNumber signal) =>
        BlockReading.Last(_engine.Disk, _engine.Holdings, new LaneKey(Lane.Data, signal.Value), _engine.Health.Found);

    /// <summary>
    /// Least, greatest, mean, first, last and number of the usable samples in <paramref name="points"/> equal columns of
    /// [from, to), exactly; columns without any are left out.
    /// </summary>
    public IReadOnlyList<EnvelopePoint> Envelope(SignalNumber signal, UtcInstant from, UtcInstant to, int points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        return from < to ? _envelopes.Physical(signal, ColumnGrid.Between(from, to, points)) : [];
    }

    /// <summary>
    /// The same in <paramref name="points"/> nearly equal columns: where they are long enough to hold two cells of the overview they
    /// meet at the edges of those, none farther than a quarter of a column from where it would be. Each is exact for the time it states.
    /// </summary>
    public IReadOnlyList<EnvelopePoint> EnvelopeNearly(Signal signal, UtcInstant from, UtcInstant to, int points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        return from < to ? _envelopes.Physical(signal.Number, ColumnGrid.NearlyEqual(from, to, points, FinestOf(signal))) : [];
    }

    /// <summary>
    /// The same in at most <paramref name="points"/> columns that together hold [from, to) and whose edges are those of the
    /// overview's cells, of 4 s for a wave and 16 s for anything else or a multiple: each is exact, and no sample is read.
    /// </summary>
    public IReadOnlyList<EnvelopePoint> EnvelopeOnGrid(Signal signal, UtcInstant from, UtcInstant to, int points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        return from < to ? _envelopes.Physical(signal.Number, ColumnGrid.OnCells(from, to, points, FinestOf(signal))) : [];
    }

    /// <summary>Not fewer than the usable samples or readings of a signal in [from, to): a bound that costs no reading.</summary>
    public long MostIn(SignalNumber signal, UtcInstant from, UtcInstant to) => _envelopes.MostIn(signal, from, to);

    /// <summary>The same in columns of a given length and in raw numbers, all columns, for tiles.</summary>
    public EnvelopeColumns Columns(SignalNumber signal, UtcInstant start, long columnNanoseconds, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columnNanoseconds);
        return _envelopes.Raw(signal, new ColumnGrid(start, (Int128)columnNanoseconds * columns, columns));
    }

    private static long FinestOf(Signal signal) =>
        signal.Metric.Kind == SignalKind.Waveform ? LaneCells.SampleNanoseconds : LaneCells.ReadingNanoseconds;

    /// <summary>
    /// What went over the ports in [from, to), in the order in which it was kept, with a hole wherever something is missing. Read as
    /// it is asked for; what cannot be read is told by <see cref="Health"/>.
    /// </summary>
    public IEnumerable<EvidenceEntry> ReadEvidence(UtcInstant from, UtcInstant to) =>
        new EvidenceReading(_engine.Disk, _engine.Health.Found, _engine.Health.Lock).Read(from, to);

    /// <summary>Ports, intervals, bytes and holes of the ring; reads all of it. Throws the disk's errors.</summary>
    public EvidenceSurvey SurveyEvidence() =>
        EvidenceSurvey.Of(_engine.EvidenceFiles.Files(), ReadEvidence(new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)));

    /// <summary>Budget, classes, holds and days left, as these options would have it; reads the index of every segment. Throws the disk's errors.</summary>
    public RetentionSurvey SurveyRetention(RetentionOptions options, EvidenceOptions? evidence = null) =>
        RetentionFigures.Survey(_engine, new PosixDisk(_directory).Measure(), new StoreOptions { Retention = options, Evidence = evidence });

    /// <summary>Writes and syncs what is still in memory, ends the followers and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_care is not null)
        {
            await _care.DisposeAsync();
        }

        if (_evidence is not null)
        {
            await _evidence.DisposeAsync();
        }

        if (_tasks is not null)
        {
            await _tasks.DisposeAsync();
        }

        foreach (StoreFollower follower in _followers)
        {
            follower.Close();
        }

        _engine.Dispose();
        if (_tail is not null)
        {
            PrivateFolder.Leave(_tail);
        }

        _lock?.Dispose();
    }

    private StoreTasks Writable() => _tasks ?? throw new InvalidOperationException("the store is open for reading");

    private void Show(Block block)
    {
        foreach (StoreFollower follower in _followers)
        {
            follower.Show(block);
        }
    }
}
