using System.Globalization;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Stays;

/// <summary>
/// What was said of who lies in the bed, for ever, and the stays that it makes: events and every change of a boundary that was told of are in one file of the store's folder,
/// on the disk before anybody is told. Every member may be called from any thread. FORMAT.md, section 15.
/// </summary>
public sealed class StayBook : IStayDesk, IDisposable
{
    private const long Never = long.MinValue;

    private readonly StaySettings _settings;
    private readonly TimeProvider _clock;
    private readonly Func<string, PersonToken> _personOf;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly StayLogWriter? _log;
    private readonly StayLedger _ledger = new();
    private readonly Dictionary<UInt128, long> _contents = [];
    private long _lastEvent;
    private long _heard = Never;
    private volatile Told _told;

    /// <summary>What a start found was not compared with what was told before.</summary>
    private volatile bool _isBehind = true;

    private StayBook(IDisk disk, StoreOptions options, StaySettings settings, TimeProvider clock, Func<string, PersonToken>? personOf, bool isReadOnly)
    {
        _settings = settings;
        _clock = clock;
        _personOf = personOf ?? (_ => default);
        StayLogContent? content = StayLogReading.Read(disk, options.BoxKey);
        _log = isReadOnly ? null : new StayLogWriter(disk, options, clock, content);
        content ??= new StayLogContent();
        content.Changes.ForEach(_ledger.Apply);
        content.Events.ForEach(Note);
        _lastEvent = content.LastEvent;
        Damaged = content.Damaged;
        Locked = content.Locked;
        StayPicture picture = StayProjection.Of(content.Events, settings, Now);
        _told = new Told(1, [.. content.Events], [.. content.Changes], [.. content.Keys], picture, Name(picture));
    }

    public long Version => _told.Version;

    public IReadOnlyList<StaySpan> Spans => _told.Spans;

    public IReadOnlyList<StayTask> Tasks => _told.Picture.Tasks;

    public UtcInstant? AdmissionsHeard => Latest(_told.Picture.AdmissionsHeard, Heard);

    /// <summary>Everything that was said and can be read, in the order of arrival.</summary>
    public IReadOnlyList<StayEvent> Events => _told.Events;

    public IReadOnlyList<StayEvent> Wishes => [.. _told.Events.Where(said => StayWishes.Is(said.Kind))];

    /// <summary>The audit: every change of a boundary, in its order.</summary>
    public IReadOnlyList<StayChange> Changes => _told.Changes;

    /// <summary>Under which key data were kept from when on, ascending.</summary>
    public IReadOnlyList<StayKey> Keys => _told.Keys;

    /// <summary>Signals of a patient come, as far as was said.</summary>
    public bool SignalsCome => _told.Picture.SignalsCome;

    /// <summary>The span that goes on; null = nobody lies in the bed.</summary>
    public StaySpan? Present => Spans is [.., { To: null } last] ? last : null;

    /// <summary>What was not what had been written when the book was opened.</summary>
    public IReadOnlyList<Damage> Damaged { get; }

    /// <summary>Records that cannot be read because their key is not there.</summary>
    public int Locked { get; }

    private UtcInstant? Heard => Volatile.Read(ref _heard) is var at and not Never ? new UtcInstant(at) : null;

    private UtcInstant Now => UtcInstant.FromDateTime(_clock.GetUtcNow());

    /// <summary>Opens the book in a store's folder; whoever writes has the store open for writing. A book that is not there begins with the first event. Throws the disk's errors.</summary>
    public static StayBook Open(string directory, StoreOptions options, StaySettings settings, TimeProvider clock, Func<string, PersonToken>? personOf = null) =>
        Open(new PosixDisk(directory), options, settings, clock, personOf);

    /// <summary>The book as it is now, beside a process that may be writing it. Nothing is changed.</summary>
    public static StayBook OpenReadOnly(string directory, BoxKey? key, StaySettings settings, TimeProvider clock) =>
        new(new PosixDisk(directory), new StoreOptions { BoxKey = key }, settings, clock, personOf: null, isReadOnly: true);

    internal static StayBook Open(IDisk disk, StoreOptions options, StaySettings settings, TimeProvider clock, Func<string, PersonToken>? personOf = null) =>
        new(disk, options, settings, clock, personOf, isReadOnly: false);

    public PersonToken PersonOf(string wristband) => _personOf(wristband);

    /// <summary>Throws <see cref="ArgumentException"/> for what answers no question, or takes back what was never said.</summary>
    public Task<long> SayAsync(StayEvent said, CancellationToken cancel) => SayAsync([said], cancel);

    /// <summary>Many at once: one write, one sync. Returns the number of the last. What has the content of something kept is that, and not kept again.</summary>
    public async Task<long> SayAsync(IReadOnlyList<StayEvent> said, CancellationToken cancel)
    {
        foreach (StayEvent one in said)
        {
            if (Refusal(one) is { } sentence)
            {
                throw new ArgumentException(sentence);
            }
        }

        await _turn.WaitAsync(cancel);
        try
        {
            var numbered = new List<StayEvent>();
            long last = 0;
            foreach (StayEvent one in said)
            {
                if (one.Source == StaySource.Admissions)
                {
                    HearAdmissions(one.Arrived);
                }

                long known = one.Content == 0 ? 0 : _contents.GetValueOrDefault(one.Content, numbered.Find(other => other.Content == one.Content)?.Number ?? 0);
                last = known > 0 ? known : _lastEvent + numbered.Count + 1;
                if (known == 0)
                {
                    numbered.Add(one with { Number = last });
                }
            }

            await KeepAsync(numbered, []);
            return last;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Kept in memory only; spans and tasks follow with the next event, or with <see cref="ElapseAsync"/>.</summary>
    public void HearAdmissions(UtcInstant arrived)
    {
        long before = Volatile.Read(ref _heard);
        while (arrived.UnixNanoseconds > before)
        {
            long known = Interlocked.CompareExchange(ref _heard, arrived.UnixNanoseconds, before);
            if (known == before)
            {
                return;
            }

            before = known;
        }
    }

    public StayEvent? Said(long number) => Array.Find(_told.Events, said => said.Number == number);

    /// <summary>Notes under which keys data are kept from when on; those that are known are passed over. Throws the disk's errors.</summary>
    public Task BindAsync(IReadOnlyList<StayKey> keys, CancellationToken cancel) => InTurnAsync(() => KeepAsync([], [.. keys.Where(key => !_told.Keys.Any(known => known.Key == key.Key))]), cancel);

    /// <summary>Notes that what is under a key is of this stay from now on. Throws the disk's errors.</summary>
    public Task AdoptAsync(StayKey key, CancellationToken cancel) => InTurnAsync(() => KeepAsync([], [key]), cancel);

    /// <summary>Looks whether passing time changed anything. Throws the disk's errors.</summary>
    public Task ElapseAsync(CancellationToken cancel) => _isBehind || (_told.Picture.ChangesAt is { } at && at <= Now)
        ? InTurnAsync(() => KeepAsync([], []), cancel)
        : Task.CompletedTask;

    /// <summary>Why an event is not taken, as a plain sentence; null = it is.</summary>
    public string? Refusal(StayEvent said)
    {
        if (said.Kind == StayEventKind.Settled)
        {
            return Tasks.FirstOrDefault(task => task.Key == said.Task) is not { } task
                ? $"there is no question {said.Task}"
                : task.Choices.Contains(said.Choice) ? null : $"{said.Choice} does not answer {said.Task}: its answers are {string.Join(", ", task.Choices)}";
        }

        bool isNumber = long.TryParse(said.Task, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return said.Kind == StayEventKind.Undone && !(isNumber && Events.Any(known => known.Number == number)) ? $"nothing with the number {said.Task} was said" : null;
    }

    /// <summary>The keys under which data of a stay lie.</summary>
    public IReadOnlyList<StayId> KeysOf(StayId stay) =>
        [.. Periods().Where(period => Spans.Any(span => span.Stay == stay && Overlap(period, span))).Select(period => period.Key).Distinct()];

    /// <summary>The stays of which a key holds data.</summary>
    public IReadOnlyList<StayId> StaysOf(StayId key) =>
        [.. Periods().Where(period => period.Key == key).SelectMany(period => Spans.Where(span => Overlap(period, span))).Select(span => span.Stay).Distinct()];

    /// <summary>How long this stay lay in the bed under a key, and how long others did.</summary>
    public (TimeSpan Own, TimeSpan Others) TimesUnder(StayId key, StayId stay) => (TimeUnder(key, other => other == stay), TimeUnder(key, other => other != stay));

    public void Dispose()
    {
        _log?.Dispose();
        _turn.Dispose();
    }

    private TimeSpan TimeUnder(StayId key, Func<StayId, bool> isCounted)
    {
        UtcInstant now = Now;
        long time = Periods().Where(period => period.Key == key)
            .SelectMany(period => Spans.Where(span => isCounted(span.Stay) && Overlap(period, span))
                .Select(span => Math.Min(Math.Min((span.To ?? now).UnixNanoseconds, period.To.UnixNanoseconds), now.UnixNanoseconds) - Math.Max(span.From.UnixNanoseconds, period.From.UnixNanoseconds)))
            .Where(one => one > 0)
            .Sum();
        return TimeSpan.FromTicks(time / TimeSpan.NanosecondsPerTick);
    }

    private static bool Overlap((StayId Key, UtcInstant From, UtcInstant To) period, StaySpan span) =>
        period.From < (span.To ?? new UtcInstant(long.MaxValue)) && span.From < period.To;

    private IEnumerable<(StayId Key, UtcInstant From, UtcInstant To)> Periods()
    {
        StayKey[] keys = [.. Keys.OrderBy(key => key.From)];
        return keys.Select((key, i) => (key.Key, key.From, i + 1 < keys.Length ? keys[i + 1].From : new UtcInstant(long.MaxValue)));
    }

    private static UtcInstant? Latest(UtcInstant? one, UtcInstant? other) => one is null || other > one ? other : one;

    private async Task InTurnAsync(Func<Task> run, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await run();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task KeepAsync(List<StayEvent> said, IReadOnlyList<StayKey> keys)
    {
        StayLogWriter log = _log ?? throw new InvalidOperationException("the book of stays is open for reading");
        Told told = _told;
        StayEvent[] events = said.Count == 0 ? told.Events : [.. told.Events, .. said];
        StayPicture picture = StayProjection.Of(events, _settings, Now, Heard);
        IReadOnlyList<StaySpan> spans = Name(picture);
        IReadOnlyList<StayChange> changes = _ledger.ChangesTo(spans, said.Count == 0 ? (0, 0) : (said[0].Number, said[^1].Number), Now);
        if (said.Count + keys.Count + changes.Count > 0)
        {
            await Task.Run(() => log.Append(said, changes, keys));
        }

        foreach (StayEvent one in said)
        {
            Note(one);
        }

        foreach (StayChange change in changes)
        {
            _ledger.Apply(change);
        }

        bool isNew = !told.Picture.Tasks.SequenceEqual(picture.Tasks, TaskLikeness.Instance) || !told.Spans.SequenceEqual(spans, SpanLikeness.Instance);
        _isBehind = false;
        _told = new Told(told.Version + (isNew ? 1 : 0), events, [.. told.Changes, .. changes], [.. told.Keys, .. keys], picture, spans);
    }

    private IReadOnlyList<StaySpan> Name(StayPicture picture) => StayNaming.Name(_ledger.Named, picture, _settings, StayId.New);

    private void Note(StayEvent said)
    {
        _lastEvent = Math.Max(_lastEvent, said.Number);
        if (said.Content != 0)
        {
            _ = _contents.TryAdd(said.Content, said.Number);
        }
    }

    private sealed record Told(long Version, StayEvent[] Events, StayChange[] Changes, StayKey[] Keys, StayPicture Picture, IReadOnlyList<StaySpan> Spans);

    private sealed class TaskLikeness : IEqualityComparer<StayTask>
    {
        public static readonly TaskLikeness Instance = new();

        public bool Equals(StayTask? x, StayTask? y) => x is not null && y is not null && x with { Choices = y.Choices } == y;

        public int GetHashCode(StayTask obj) => obj.Key.GetHashCode(StringComparison.Ordinal);
    }

    private sealed class SpanLikeness : IEqualityComparer<StaySpan>
    {
        public static readonly SpanLikeness Instance = new();

        public bool Equals(StaySpan? x, StaySpan? y) => x is not null && y is not null && x.Because.SequenceEqual(y.Because) && x with { Because = y.Because } == y;

        public int GetHashCode(StaySpan obj) => obj.From.GetHashCode();
    }
}
