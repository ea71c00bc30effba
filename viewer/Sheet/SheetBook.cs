using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Viewer.Sheet;

/// <summary>
/// Hours of signals as the flowsheet shows them, from the stored readings. An hour that is over is counted once and then kept for a while, and counted again when something came of it later; the
/// running one is counted for each question. One question is answered at a time, so that many screens cost no more than one.
/// </summary>
internal sealed class SheetBook(Store store, TimeProvider time) : IDisposable
{
    /// <summary>A month of hours; beyond that all are forgotten and counted anew.</summary>
    private const int MostHours = 31 * 25;

    /// <summary>Kind of the mark that a stay's data are gone.</summary>
    private const string Erased = "stay-erased";

    /// <summary>What was appended can be read after this time at the latest, and be counted for good.</summary>
    private static readonly long ReadableAfterNs = TimeSpan.FromSeconds(5).Nanoseconds();

    /// <summary>Older hours are kept no longer, for what goes from the store without a word: the oldest data when its budget is spent.</summary>
    private static readonly long KeptNs = TimeSpan.FromMinutes(15).Nanoseconds();

    /// <summary>This day and the one before.</summary>
    private static readonly long RecentNs = TimeSpan.FromHours(50).Nanoseconds();

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<TimeRange, Dictionary<SignalNumber, Kept>> _hours = [];
    private readonly Dictionary<SignalNumber, UtcInstant> _lateAt = [];

    /// <summary>The hours of some signals up to now, in the order of both.</summary>
    public async Task<IReadOnlyList<SheetLine>> ReadAsync(IReadOnlyList<Signal> signals, IReadOnlyList<TimeRange> hours, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Read(signals, hours, cancel), cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A block came: what is kept of the hours that it reaches into no longer holds.</summary>
    public void Observe(Block block)
    {
        lock (_gate)
        {
            if ((block is AnnotationBlock mark && string.Equals(mark.Kind, Erased, StringComparison.Ordinal)) || block is GapBlock { Cause: GapCause.Retention or GapCause.Storage })
            {
                _hours.Clear();
                return;
            }

            if (block is not NumericBlock)
            {
                return;
            }

            UtcInstant now = time.Instant();
            if (now.Since(block.Start) <= ReadableAfterNs)
            {
                return;
            }

            _lateAt[block.Signal] = now;
            foreach ((TimeRange hour, Dictionary<SignalNumber, Kept> kept) in _hours)
            {
                if (block.Start < hour.To && block.End >= hour.From)
                {
                    kept.Remove(block.Signal);
                }
            }
        }
    }

    public void Dispose() => _one.Dispose();

    private List<SheetLine> Read(IReadOnlyList<Signal> signals, IReadOnlyList<TimeRange> hours, CancellationToken cancel)
    {
        var lines = new List<SheetLine>(signals.Count);
        foreach (Signal signal in signals)
        {
            cancel.ThrowIfCancellationRequested();
            lines.Add(ReadLine(signal, hours, time.Instant()));
        }

        return lines;
    }

    private SheetLine ReadLine(Signal signal, IReadOnlyList<TimeRange> hours, UtcInstant now)
    {
        Kept?[] line = [.. hours.Select(hour => KnownOf(signal.Number, hour, now))];
        TimeRange[] missing = [.. hours.Where((hour, at) => line[at] is null && hour.From < now)];
        if (missing.Length > 0)
        {
            var whole = new TimeRange(missing[0].From, missing[^1].To);
            var readings = SheetReadings.Of(store.Read(signal.Number, whole.From, whole.To), whole);
            for (int i = 0; i < line.Length; i++)
            {
                if (line[i] is null && hours[i].From < now)
                {
                    TimeRange over = hours[i].To <= now ? hours[i] : hours[i] with { To = now };
                    line[i] = new Kept(SheetCell.Of(readings.In(over), over, signal.Metric.ExpectedEvery), readings.Decimals, readings.Demo, now);
                    Keep(signal.Number, hours[i], line[i]!, now);
                }
            }
        }

        Kept[] told = [.. line.OfType<Kept>().Where(one => one.Cell is not null)];
        return new SheetLine(signal, told.Length == 0 ? 0 : told.Max(one => one.Decimals), Array.Exists(told, one => one.Demo), [.. line.Select(one => one?.Cell)]);
    }

    private Kept? KnownOf(SignalNumber signal, TimeRange hour, UtcInstant now)
    {
        lock (_gate)
        {
            return _hours.TryGetValue(hour, out Dictionary<SignalNumber, Kept>? kept) && kept.TryGetValue(signal, out Kept? one) && (now.Since(hour.To) < RecentNs || Math.Abs(now.Since(one.At)) < KeptNs) ? one : null;
        }
    }

    private void Keep(SignalNumber signal, TimeRange hour, Kept kept, UtcInstant now)
    {
        lock (_gate)
        {
            bool late = _lateAt.TryGetValue(signal, out UtcInstant at) && Math.Abs(now.Since(at)) < ReadableAfterNs;
            if (late || now.Since(hour.To) < ReadableAfterNs)
            {
                return;
            }

            if (!_hours.TryGetValue(hour, out Dictionary<SignalNumber, Kept>? signals))
            {
                if (_hours.Count >= MostHours)
                {
                    _hours.Clear();
                }

                _hours[hour] = signals = [];
            }

            signals[signal] = kept;
        }
    }

    private sealed record Kept(SheetCell? Cell, int Decimals, bool Demo, UtcInstant At);
}

/// <summary>One signal through the hours of a day.</summary>
/// <param name="Decimals">Digits after the decimal point, of the reading that has most.</param>
/// <param name="Demo">True when a reading is of a demonstration or a test.</param>
/// <param name="Cells">As many as hours; null = no usable reading.</param>
internal sealed record SheetLine(Signal Signal, int Decimals, bool Demo, IReadOnlyList<SheetCell?> Cells);
