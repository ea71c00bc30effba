using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>
/// How complete every signal was over the last hour and the last day, counted from the store: so it holds over restarts of the program. The last hour and what is not
/// settled yet are counted anew at most three times a minute while somebody asks; an hour that is over is counted once. The day is counted backwards, hour by hour, beside
/// everything else; until it is whole, the answer says from when on it counts.
/// </summary>
internal sealed class CompletenessHours(BedView view, TimeProvider time) : IDisposable
{
    private const int HoursOfDay = 24;

    /// <summary>How far before and after a range its first and last hole are looked for.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(5);

    /// <summary>What comes late comes within this time.</summary>
    private static readonly TimeSpan SettledAfter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan NewAfter = TimeSpan.FromSeconds(20);
    private static readonly long HourNs = TimeSpan.FromHours(1).Nanoseconds();

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SortedDictionary<UtcInstant, IReadOnlyDictionary<SignalNumber, SignalCount>> _settled = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _counting = Task.CompletedTask;
    private CompletenessReport? _last;

    /// <summary>The newest count; who asks first waits until the last hour is counted.</summary>
    public async Task<CompletenessReport> ReadAsync(CancellationToken cancel)
    {
        Task counting;
        CompletenessReport? last;
        lock (_gate)
        {
            last = _last;
            if (_counting.IsCompleted && (last is null || !last.Day.Whole || Math.Abs(time.Instant().Since(last.At)) > NewAfter.Nanoseconds()))
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
        return Volatile.Read(ref _last) ?? Empty();
    }

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _counting.Wait();
        }
        catch (AggregateException)
        {
            // It was cancelled, or the store could not be read: whoever asked was told.
        }

        _stop.Dispose();
    }

    private CompletenessReport Empty()
    {
        UtcInstant now = time.Instant();
        return new CompletenessReport(now, new CountedWindow(now, now, Whole: false), new CountedWindow(now, now, Whole: false), []);
    }

    private void Count()
    {
        UtcInstant now = time.Instant();
        UtcInstant running = new(now.UnixNanoseconds - (((now.UnixNanoseconds % HourNs) + HourNs) % HourNs));
        UtcInstant oldest = running.Add(-HoursOfDay * HourNs);
        foreach (UtcInstant gone in _settled.Keys.Where(hour => hour < oldest || hour >= running).ToArray())
        {
            _settled.Remove(gone);
        }

        // Two hours at most are not settled: the running one, and the one before it for its first quarter.
        UtcInstant[] open = [.. Enumerable.Range(0, 2).Select(back => running.Add(-back * HourNs)).Where(hour => hour.Add(HourNs + SettledAfter.Nanoseconds()) > now && hour >= oldest)];
        Dictionary<SignalNumber, IReadOnlyList<SignalCount>> fresh = CountRanges([new TimeRange(now.Add(-HourNs), now), .. open.Select(hour => new TimeRange(hour, Earlier(hour.Add(HourNs), now)))]);
        Publish(now, open, fresh);
        for (UtcInstant hour = open[^1].Add(-HourNs); hour >= oldest; hour = hour.Add(-HourNs))
        {
            if (!_settled.ContainsKey(hour))
            {
                _stop.Token.ThrowIfCancellationRequested();
                _settled[hour] = CountRanges([new TimeRange(hour, hour.Add(HourNs))]).ToDictionary(one => one.Key, one => one.Value[0]);
                Publish(now, open, fresh);
            }
        }
    }

    private Dictionary<SignalNumber, IReadOnlyList<SignalCount>> CountRanges(TimeRange[] ranges)
    {
        long reach = Reach.Nanoseconds();
        UtcInstant from = ranges.Min(range => range.From).Add(-reach);
        UtcInstant to = ranges.Max(range => range.To).Add(reach);
        var counts = new Dictionary<SignalNumber, IReadOnlyList<SignalCount>>();
        foreach (Signal signal in view.Store.Signals.Where(IsDue))
        {
            _stop.Token.ThrowIfCancellationRequested();
            counts[signal.Number] = [.. Completeness.Of(view.Store.Read(signal.Number, from, to), ranges, signal.Metric.ExpectedEvery).Select(SignalCount.Of)];
        }

        return counts;
    }

    /// <summary>What comes when it comes cannot be missing.</summary>
    private static bool IsDue(Signal signal) => signal.Metric.Kind == SignalKind.Waveform || (signal.Metric.ExpectedEvery is not null && signal.Metric.Kind != SignalKind.Text);

    private void Publish(UtcInstant now, UtcInstant[] open, Dictionary<SignalNumber, IReadOnlyList<SignalCount>> fresh)
    {
        // Only what is counted without a hole in time: the newest hours, as far as they go.
        UtcInstant since = open[^1];
        while (_settled.ContainsKey(since.Add(-HourNs)))
        {
            since = since.Add(-HourNs);
        }

        var signals = new List<SignalCompleteness>(fresh.Count);
        foreach (Signal signal in view.Store.Signals)
        {
            if (fresh.TryGetValue(signal.Number, out IReadOnlyList<SignalCount>? counted))
            {
                SignalCount day = _settled.Where(hour => hour.Key >= since).Select(hour => hour.Value.GetValueOrDefault(signal.Number)).OfType<SignalCount>().Concat(counted.Skip(1)).Aggregate(SignalCount.None, SignalCount.Sum);
                signals.Add(view.Describe(signal, counted[0], day));
            }
        }

        bool whole = since <= now.Add(-HoursOfDay * HourNs);
        Volatile.Write(ref _last, new CompletenessReport(
            now,
            new CountedWindow(now.Add(-HourNs), now, Whole: true),
            new CountedWindow(since, now, whole),
            [.. signals.Where(signal => signal.Day.Expected > 0).OrderBy(signal => signal.Day.Share).ThenByDescending(signal => signal.Day.Expected - signal.Day.Received)]));
        _first.TrySetResult();
    }

    private static UtcInstant Earlier(UtcInstant a, UtcInstant b) => a < b ? a : b;
}

/// <summary>How complete one signal is in one range, to be summed.</summary>
internal sealed record SignalCount(long Expected, long Received, IReadOnlyDictionary<GapCause, long> Missing, long Unexplained, long Late, long Duplicated, UtcInstant? Newest)
{
    public static SignalCount None { get; } = new(0, 0, new Dictionary<GapCause, long>(), 0, 0, 0, Newest: null);

    public static SignalCount Of(Completeness counted) =>
        new(counted.Expected, counted.Received, counted.Missing, counted.Unexplained, counted.Late, counted.Duplicated, counted.NewestEnd);

    public static SignalCount Sum(SignalCount one, SignalCount other)
    {
        var missing = new Dictionary<GapCause, long>(one.Missing);
        foreach ((GapCause cause, long count) in other.Missing)
        {
            missing[cause] = missing.GetValueOrDefault(cause) + count;
        }

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
/// <param name="Hour">The last sixty minutes.</param>
/// <param name="Day">The running hour and the 24 before it; less while it is still being counted.</param>
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
