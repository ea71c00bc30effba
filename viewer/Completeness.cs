using System.Globalization;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>
/// What was due of one signal in a range of time, what is stored, and why the rest is not. What was due is counted from the stored data themselves: by the index of samples
/// within an epoch of the device's clock, by time from one epoch to the next and for readings. The gaps only explain it: what no gap covers is unexplained.
/// </summary>
internal sealed class Completeness(TimeRange range, TimeSpan? readingEvery)
{
    private const int MostRecent = 4_096;
    private const long ToleranceNs = 2_000_000;

    private readonly Dictionary<uint, Run> _runs = [];
    private readonly List<GapBlock> _gaps = [];
    private readonly Dictionary<GapCause, long> _missing = [];
    private UtcInstant? _first;
    private UtcInstant _end = new(long.MinValue);
    private (uint Epoch, UtcInstant End)? _newest;

    /// <summary>Samples or readings that are stored.</summary>
    public long Received { get; private set; }

    /// <summary>Due, not stored, and no gap says why.</summary>
    public long Unexplained { get; private set; }

    public long Late { get; private set; }

    public long Duplicated { get; private set; }

    /// <summary>Due, not stored, and explained, by cause.</summary>
    public IReadOnlyDictionary<GapCause, long> Missing => _missing;

    public long Expected => Received + Unexplained + _missing.Values.Sum();

    /// <summary>End of the newest stored data in what was read; null = none.</summary>
    public UtcInstant? NewestEnd => _first is null ? null : _end;

    /// <summary>Takes the blocks of the signal that overlap the range and a little more on both sides, ascending by start.</summary>
    public static Completeness Of(IEnumerable<Block> blocks, TimeRange range, TimeSpan? readingEvery) => Of(blocks, [range], readingEvery)[0];

    /// <summary>The same of several ranges, in one reading; the blocks overlap all of them and a little more on both sides.</summary>
    public static IReadOnlyList<Completeness> Of(IEnumerable<Block> blocks, IReadOnlyList<TimeRange> ranges, TimeSpan? readingEvery)
    {
        Completeness[] counted = [.. ranges.Select(range => new Completeness(range, readingEvery))];
        foreach (Block block in blocks)
        {
            foreach (Completeness one in counted)
            {
                one.Take(block);
            }
        }

        foreach (Completeness one in counted)
        {
            one.Close();
        }

        return counted;
    }

    private void Take(Block block)
    {
        switch (block)
        {
            case SampleBlock samples:
                Take(samples);
                break;
            case NumericBlock readings:
                foreach (NumericReading reading in readings.Readings)
                {
                    Take(reading, readings.ClockEpoch);
                }

                break;
            case GapBlock gap:
                Take(gap);
                break;
            case AnnotationBlock { Kind: "late-samples" } mark when IsWithin(mark.Start):
                Late += CountOf(mark);
                break;
            case AnnotationBlock { Kind: "duplicate-samples" } mark when IsWithin(mark.Start):
                Duplicated += CountOf(mark);
                break;
        }
    }

    private void Take(SampleBlock block)
    {
        Received += SampleRange.Of(block, range).Count;
        int count = block.Samples.Length;
        if (!_runs.TryGetValue(block.ClockEpoch, out Run run) || run.Period != block.Period)
        {
            // The first of an epoch: from where the one before it ended, by time. A clock that was set back makes them overlap, which is no hole.
            UtcInstant before = _runs.Where(former => former.Key <= block.ClockEpoch).OrderByDescending(former => former.Key).Select(former => former.Value.End).FirstOrDefault(block.Start);
            Hole(before, block.Start, block.Period.SamplesIn(block.Start.Since(before) + (block.Period.Nanoseconds / 2)));
        }
        else
        {
            Hole(run.End, block.Start, block.FirstIndex - run.NextIndex);
        }

        if (run.Period != block.Period || block.FirstIndex + count > run.NextIndex)
        {
            _runs[block.ClockEpoch] = new Run(block.Period, block.FirstIndex + count, block.End);
        }

        Reach(block.Start, block.End, block.ClockEpoch);
    }

    private void Take(NumericReading reading, uint epoch)
    {
        Received += IsWithin(reading.Time) ? 1 : 0;
        if (readingEvery is { } every && _newest is { } before && before.Epoch <= epoch)
        {
            long due = every.Nanoseconds();
            long apart = reading.Time.Since(before.End);
            if (apart > due + (due / 2))
            {
                Hole(before.End.Add(due / 2), reading.Time.Add(-due / 2), ((apart + (due / 2)) / due) - 1);
            }
        }

        Reach(reading.Time, reading.Time, epoch);
    }

    private void Take(GapBlock gap)
    {
        _gaps.Add(gap);
        if (_gaps.Count > MostRecent)
        {
            _gaps.RemoveAt(0);
        }
    }

    private void Reach(UtcInstant start, UtcInstant end, uint epoch)
    {
        if (_first is null)
        {
            _first = start;
            BeforeFirst(start);
        }

        if (end > _end || _newest?.Epoch != epoch)
        {
            _newest = (epoch, end);
        }

        _end = end > _end ? end : _end;
    }

    /// <summary>A hole whose beginning was not read is known by its gap alone: the part of it that lies before what came late into its middle.</summary>
    private void BeforeFirst(UtcInstant start)
    {
        foreach (GapBlock gap in _gaps)
        {
            Explain(gap, range.From, Earlier(range.To, gap.Until <= start.Add(ToleranceNs) ? gap.Until : start));
        }
    }

    /// <summary>Likewise one whose end was not read.</summary>
    private void Close()
    {
        foreach (GapBlock gap in _gaps.Where(gap => _first is null || gap.Until > _end.Add(ToleranceNs)))
        {
            Explain(gap, _first is null || gap.Start >= _end.Add(-ToleranceNs) ? range.From : Later(range.From, _end), range.To);
        }
    }

    /// <summary>So many are missing, evenly between the two instants: part of them within the range, part of those within gaps.</summary>
    private void Hole(UtcInstant start, UtcInstant end, long count)
    {
        if (count <= 0 || end <= start)
        {
            return;
        }

        long due = Positions(start, end, count, range.From, range.To);
        UtcInstant at = start;
        foreach (GapBlock gap in _gaps.Where(gap => gap.Until > start.Add(-ToleranceNs) && gap.Start < end.Add(ToleranceNs)).OrderBy(gap => gap.Start))
        {
            UtcInstant from = Later(at, gap.Start.Since(start) < ToleranceNs ? start : gap.Start);
            UtcInstant until = end.Since(gap.Until) < ToleranceNs ? end : gap.Until;
            if (from < until)
            {
                long here = Positions(start, end, count, Later(from, range.From), Earlier(until, range.To));
                Add(gap.Cause, here);
                due -= here;
                at = until;
            }
        }

        Unexplained += due;
    }

    /// <summary>What is missing of a gap between the two instants, evenly.</summary>
    private void Explain(GapBlock gap, UtcInstant from, UtcInstant to)
    {
        if (gap.Missing > 0 && gap.Until > gap.Start)
        {
            Add(gap.Cause, Positions(gap.Start, gap.Until, gap.Missing, from, to));
        }
    }

    private void Add(GapCause cause, long count)
    {
        if (cause == GapCause.Unexplained)
        {
            Unexplained += count;
        }
        else if (count > 0)
        {
            _missing[cause] = _missing.GetValueOrDefault(cause) + count;
        }
    }

    /// <summary>How many of <paramref name="count"/> samples spread over [start, end) lie in [from, to): each stands in the middle of its share.</summary>
    private static long Positions(UtcInstant start, UtcInstant end, long count, UtcInstant from, UtcInstant to)
    {
        return Math.Max(0, Before(to) - Before(from));

        long Before(UtcInstant instant)
        {
            double step = end.Since(start) / (double)count;
            double place = ((Int128)instant.UnixNanoseconds - start.UnixNanoseconds) is var away && away < 0 ? 0 : (double)away / step;
            return (long)Math.Clamp(Math.Ceiling(place - 0.5), 0, count);
        }
    }

    private bool IsWithin(UtcInstant time) => time >= range.From && time < range.To;

    private static long CountOf(AnnotationBlock mark)
    {
        string number = mark.Text.Split(' ', 2)[0];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : 0;
    }

    private static UtcInstant Later(UtcInstant a, UtcInstant b) => a > b ? a : b;

    private static UtcInstant Earlier(UtcInstant a, UtcInstant b) => a < b ? a : b;

    private readonly record struct Run(SamplePeriod Period, long NextIndex, UtcInstant End);
}
