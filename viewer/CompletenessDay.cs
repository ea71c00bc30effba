using System.Collections.Concurrent;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>
/// How complete every signal was over the last hour and the last day, counted from the store: so it holds over restarts of the program. Time is cut into slots of ten
/// minutes. The running one is counted anew at most three times a minute while somebody asks; one that is over is counted once, and again when something came of it later: data that were
/// late, or the gap that is only known when a signal comes again. The day is counted backwards beside everything else, never with more than half of a processor; until it is
/// whole, the answer says from when on it counts.
/// </summary>
internal sealed class CompletenessDay(BedView view, TimeProvider time) : IAsyncDisposable
{
    private const int SlotsOfHour = 6;
    private const int SlotsOfDay = 24 * SlotsOfHour;

    /// <summary>More is not remembered one by one: then everything is counted anew.</summary>
    private const int MostLate = 10_000;

    /// <summary>How far before and after a slot its first and last hole are looked for.</summary>
    private static readonly long ReachNs = TimeSpan.FromMinutes(5).Nanoseconds();

    private static readonly long SlotNs = TimeSpan.FromMinutes(10).Nanoseconds();
    private static readonly long NewAfterNs = TimeSpan.FromSeconds(20).Nanoseconds();

    /// <summary>What was appended can be read after this time at the latest.</summary>
    private static readonly long ReadableAfterNs = TimeSpan.FromSeconds(3).Nanoseconds();

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SortedDictionary<UtcInstant, Dictionary<SignalNumber, SignalCount>> _slots = [];
    private readonly HashSet<(UtcInstant Slot, SignalNumber Signal)> _stale = [];
    private readonly ConcurrentQueue<(UtcInstant Seen, SignalNumber Signal, UtcInstant From, UtcInstant To)> _late = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _counting = Task.CompletedTask;
    private CompletenessReport? _last;
    private long _running = long.MaxValue;

    /// <summary>The newest count; who asks first waits until the last hour is counted.</summary>
    public async Task<CompletenessReport> ReadAsync(CancellationToken cancel)
    {
        Task counting;
        CompletenessReport? last;
        lock (_gate)
        {
            last = _last;
            if (_counting.IsCompleted && (last?.Day.Whole != true || Math.Abs(time.Instant().Since(last.At)) > NewAfterNs))
            {
                _counting = Task.Run(Count, _stop.Token);
            }

            counting = _counting;
        }

        if (last is not null)
        {
            return last;
        }

        // The day goes on being counted when the hour is.
        await Task.WhenAny(counting, _first.Task).WaitAsync(cancel);
        UtcInstant now = time.Instant();
        return Volatile.Read(ref _last) ?? new CompletenessReport(now, new CountedWindow(now, now, Whole: false), new CountedWindow(now, now, Whole: false), []);
    }

    /// <summary>A block came. What belongs to a slot that was counted already has it counted again.</summary>
    public void Observe(Block block)
    {
        if (block.Signal == SignalNumber.None || block.Start.UnixNanoseconds >= Interlocked.Read(ref _running))
        {
            return;
        }

        _late.Enqueue((time.Instant(), block.Signal, block.Start, block.End));
        while (_late.Count > MostLate && _late.TryDequeue(out _))
        {
            // Too many to be told one by one: the next count begins from nothing.
            Interlocked.Exchange(ref _running, long.MaxValue);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // Cancelled, or the store could not be read: whoever asked was told.
        await _counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _stop.Dispose();
    }

    private void Count()
    {
        // A slot runs on until all of it can be read.
        UtcInstant now = time.Instant();
        long readable = now.UnixNanoseconds - ReadableAfterNs;
        UtcInstant running = new(readable - (((readable % SlotNs) + SlotNs) % SlotNs));
        UtcInstant oldest = running.Add(-SlotsOfDay * SlotNs);
        Forget(now, running, oldest);
        Dictionary<SignalNumber, SignalCount> fresh = CountRanges([new TimeRange(running, now)], view.Store.Signals.Where(IsDue))[0];
        for (int back = 0; back < SlotsOfDay; back += SlotsOfHour)
        {
            long begun = time.GetTimestamp();
            UtcInstant[] hour = [.. Enumerable.Range(back + 1, SlotsOfHour).Select(slot => running.Add(-slot * SlotNs))];
            if (Fill(hour))
            {
                Publish(now, running, fresh);
                _stop.Token.WaitHandle.WaitOne(time.GetElapsedTime(begun));
            }
        }

        Publish(now, running, fresh);
    }

    /// <summary>Drops what is too old and what the clock was set back before; what something came of since holds until it is counted again.</summary>
    private void Forget(UtcInstant now, UtcInstant running, UtcInstant oldest)
    {
        if (Interlocked.Exchange(ref _running, running.UnixNanoseconds) == long.MaxValue)
        {
            _slots.Clear();
        }

        foreach (UtcInstant gone in _slots.Keys.Where(slot => slot < oldest || slot >= running).ToArray())
        {
            _slots.Remove(gone);
        }

        _stale.RemoveWhere(one => !_slots.ContainsKey(one.Slot));

        while (_late.TryPeek(out (UtcInstant Seen, SignalNumber Signal, UtcInstant From, UtcInstant To) late) && (now.Since(late.Seen) > ReadableAfterNs || now < late.Seen))
        {
            _late.TryDequeue(out _);
            // A hole at a slot's edge is seen from the next one too.
            _stale.UnionWith(_slots.Keys.Where(slot => slot < late.To.Add(ReachNs) && slot.Add(SlotNs + ReachNs) > late.From).Select(slot => (slot, late.Signal)));
        }
    }

    /// <summary>Counts what is not counted yet of these slots, which follow each other; false = there was nothing to do.</summary>
    private bool Fill(UtcInstant[] slots)
    {
        Signal[] missing = [.. view.Store.Signals.Where(signal => IsDue(signal) && Array.Exists(slots, slot => !IsCounted(slot, signal.Number)))];
        if (missing.Length == 0)
        {
            return false;
        }

        Dictionary<SignalNumber, SignalCount>[] counted = CountRanges([.. slots.Select(slot => new TimeRange(slot, slot.Add(SlotNs)))], missing);
        for (int i = 0; i < slots.Length; i++)
        {
            if (!_slots.TryGetValue(slots[i], out Dictionary<SignalNumber, SignalCount>? known))
            {
                _slots[slots[i]] = known = [];
            }

            foreach ((SignalNumber signal, SignalCount count) in counted[i])
            {
                known[signal] = count;
                _stale.Remove((slots[i], signal));
            }
        }

        return true;
    }

    private bool IsCounted(UtcInstant slot, SignalNumber signal) =>
        _slots.TryGetValue(slot, out Dictionary<SignalNumber, SignalCount>? counts) && counts.ContainsKey(signal) && !_stale.Contains((slot, signal));

    private Dictionary<SignalNumber, SignalCount>[] CountRanges(TimeRange[] ranges, IEnumerable<Signal> signals)
    {
        UtcInstant from = ranges.Min(range => range.From).Add(-ReachNs);
        UtcInstant to = ranges.Max(range => range.To).Add(ReachNs);
        Dictionary<SignalNumber, SignalCount>[] counts = [.. ranges.Select(_ => new Dictionary<SignalNumber, SignalCount>())];
        foreach (Signal signal in signals)
        {
            _stop.Token.ThrowIfCancellationRequested();
            IReadOnlyList<Completeness> counted = Completeness.Of(view.Store.Read(signal.Number, from, to), ranges, signal.Metric.ExpectedEvery);
            for (int i = 0; i < ranges.Length; i++)
            {
                counts[i][signal.Number] = SignalCount.Of(counted[i]);
            }
        }

        return counts;
    }

    /// <summary>What comes when it comes cannot be missing.</summary>
    private static bool IsDue(Signal signal) => signal.Metric.Kind == SignalKind.Waveform || (signal.Metric.ExpectedEvery is not null && signal.Metric.Kind != SignalKind.Text);

    private void Publish(UtcInstant now, UtcInstant running, Dictionary<SignalNumber, SignalCount> fresh)
    {
        // Only what is counted without a hole in time: the newest slots, as far as they go.
        UtcInstant since = running;
        while (_slots.ContainsKey(since.Add(-SlotNs)))
        {
            since = since.Add(-SlotNs);
        }

        UtcInstant anHourAgo = running.Add(-SlotsOfHour * SlotNs);
        var signals = new List<SignalCompleteness>(fresh.Count);
        foreach (Signal signal in view.Store.Signals.Where(signal => fresh.ContainsKey(signal.Number)))
        {
            SignalCount hour = SumOf(signal.Number, anHourAgo, fresh);
            signals.Add(view.Describe(signal, hour, SumOf(signal.Number, since, fresh)));
        }

        Volatile.Write(ref _last, new CompletenessReport(
            now,
            new CountedWindow(anHourAgo > since ? anHourAgo : since, now, since <= anHourAgo),
            new CountedWindow(since, now, since <= running.Add(-SlotsOfDay * SlotNs)),
            [.. signals.Where(signal => signal.Day.Expected > 0).OrderBy(signal => signal.Day.Share).ThenByDescending(signal => signal.Day.Expected - signal.Day.Received)]));
        _first.TrySetResult();
    }

    private SignalCount SumOf(SignalNumber signal, UtcInstant since, Dictionary<SignalNumber, SignalCount> fresh) =>
        _slots.Where(slot => slot.Key >= since).Select(slot => slot.Value.GetValueOrDefault(signal)).OfType<SignalCount>().Append(fresh[signal]).Aggregate(SignalCount.None, SignalCount.Sum);
}

/// <summary>How complete one signal is in one range, to be summed.</summary>
internal sealed record SignalCount(long Expected, long Received, IReadOnlyDictionary<GapCause, long> Missing, long Unexplained, long Late, long Duplicated, UtcInstant? Newest)
{
    public static SignalCount None { get; } = new(0, 0, new Dictionary<GapCause, long>(), 0, 0, 0, Newest: null);

    public static SignalCount Of(Completeness counted) =>
        new(counted.Expected, counted.Received, counted.Missing.Count == 0 ? None.Missing : counted.Missing, counted.Unexplained, counted.Late, counted.Duplicated, counted.NewestEnd);

    public static SignalCount Sum(SignalCount one, SignalCount other)
    {
        IReadOnlyDictionary<GapCause, long> missing = other.Missing.Count == 0
            ? one.Missing
            : one.Missing.Concat(other.Missing).GroupBy(cause => cause.Key).ToDictionary(cause => cause.Key, cause => cause.Sum(count => count.Value));

        return new SignalCount(
            one.Expected + other.Expected,
            one.Received + other.Received,
            missing,
            one.Unexplained + other.Unexplained,
            one.Late + other.Late,
            one.Duplicated + other.Duplicated,
            one.Newest > other.Newest || other.Newest is null ? one.Newest : other.Newest);
    }
}

/// <summary><c>/completeness</c>: every signal that is due at times, worst first.</summary>
/// <param name="At">When it was counted.</param>
/// <param name="Hour">The running ten minutes and the sixty before them.</param>
/// <param name="Day">The running ten minutes and the 24 hours before them; less while it is still being counted.</param>
internal sealed record CompletenessReport(UtcInstant At, CountedWindow Hour, CountedWindow Day, IReadOnlyList<SignalCompleteness> Signals);

/// <summary>What is counted.</summary>
/// <param name="Whole">False = the rest is being counted; ask again.</param>
internal sealed record CountedWindow(UtcInstant From, UtcInstant To, bool Whole);

/// <summary>One signal in both windows.</summary>
/// <param name="Newest">Nothing is known yet of what was due after this: it is counted when the signal comes again. Null = nothing in these windows.</param>
internal sealed record SignalCompleteness(uint Number, string Id, NameAnswer Name, string Short, SignalKind Kind, string Device, UtcInstant? Newest, CountAnswer Hour, CountAnswer Day);

/// <summary>Samples or readings.</summary>
/// <param name="Missing">By cause.</param>
/// <param name="Unexplained">Due, not stored, and no gap says why.</param>
/// <param name="Share">Received of expected; null = nothing was expected.</param>
internal sealed record CountAnswer(long Expected, long Received, IReadOnlyDictionary<string, long> Missing, long Unexplained, long Late, long Duplicated, double? Share)
{
    public static CountAnswer Of(SignalCount counted) => new(
        counted.Expected,
        counted.Received,
        CompletenessAnswer.Named(counted.Missing),
        counted.Unexplained,
        counted.Late,
        counted.Duplicated,
        counted.Expected > 0 ? (double)counted.Received / counted.Expected : null);
}
