using Bedside.Model;

namespace Bedside.Storage.Index;

/// <summary>A raw number that was taken at some instant between two, both included.</summary>
internal readonly record struct Moment(long Raw, UtcInstant From, UtcInstant To);

/// <summary>
/// Adds up raw numbers of one unit, and keeps the first and the last of them by time. Of numbers of one instant the first is
/// the one added first, the last the one added last.
/// </summary>
internal struct RawSum(RawUnit unit)
{
    public RawSum(RawUnit unit, long min, long max, Int128 sum, long count)
        : this(unit) =>
        (Min, Max, Sum, Count) = (min, max, sum, count);

    public RawUnit Unit { get; } = unit;

    public long Min { get; private set; } = long.MaxValue;

    public long Max { get; private set; } = long.MinValue;

    public Int128 Sum { get; private set; }

    public long Count { get; private set; }

    public Moment First { get; set; }

    public Moment Last { get; set; }

    /// <summary>Two parts overlap in time: which number is the first can only be had from the samples in the span of <see cref="First"/>.</summary>
    public bool IsFirstUnsure { get; private set; }

    public bool IsLastUnsure { get; private set; }

    /// <summary>Adds a sum of the same unit.</summary>
    public void Add(RawSum other)
    {
        if (other.Count == 0)
        {
            return;
        }

        if (Count == 0)
        {
            this = other;
            return;
        }

        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Sum += other.Sum;
        Count += other.Count;
        TakeEnds(other);
    }

    /// <summary>The common case, in place: a cell of the same unit that comes after everything before. False = nothing was added.</summary>
    public bool TryAddLater(UtcInstant first, UtcInstant last, in Cell cell, RawUnit unit)
    {
        if (Count == 0 || first < Last.To || first < First.To || Unit != unit)
        {
            return false;
        }

        Min = Math.Min(Min, cell.Min);
        Max = Math.Max(Max, cell.Max);
        Sum += cell.Sum;
        Count += cell.Count;
        Last = new Moment(cell.Last, first, last);
        IsLastUnsure = false;
        return true;
    }

    /// <summary>Adds the readings of one instant.</summary>
    public void Add(in BlockSummary one, UtcInstant time) =>
        Add(new RawSum(one.Unit, one.Min, one.Max, one.Sum, one.Valid) { First = new Moment(one.First, time, time), Last = new Moment(one.Last, time, time) });

    /// <summary>Adds the usable ones of the samples from <paramref name="from"/> to before <paramref name="to"/> of a block.</summary>
    public void Add(SampleBlock block, int from, int to)
    {
        ReadOnlySpan<int> samples = block.Samples.Span;
        int at = from;
        foreach (ValidityRun run in block.Validity)
        {
            int start = Math.Clamp(run.Start, at, to);
            int end = Math.Clamp(run.Start + run.Length, at, to);
            if (!run.Validity.IsUsable())
            {
                AddAll(block, samples, at, start);
                at = end;
            }
        }

        AddAll(block, samples, at, to);
    }

    private static UtcInstant Earlier(UtcInstant left, UtcInstant right) => left < right ? left : right;

    private static UtcInstant Later(UtcInstant left, UtcInstant right) => left > right ? left : right;

    /// <summary>The earlier first and the later last of the two.</summary>
    private void TakeEnds(RawSum other)
    {
        if (other.First.To < First.From)
        {
            (First, IsFirstUnsure) = (other.First, other.IsFirstUnsure);
        }
        else if (First.To > other.First.From)
        {
            First = new Moment(First.Raw, Earlier(First.From, other.First.From), Earlier(First.To, other.First.To));
            IsFirstUnsure = true;
        }

        if (other.Last.From >= Last.To)
        {
            (Last, IsLastUnsure) = (other.Last, other.IsLastUnsure);
        }
        else if (other.Last.To >= Last.From)
        {
            Last = new Moment(Last.Raw, Later(Last.From, other.Last.From), Later(Last.To, other.Last.To));
            IsLastUnsure = true;
        }
    }

    private void AddAll(SampleBlock block, ReadOnlySpan<int> samples, int from, int to)
    {
        if (from >= to)
        {
            return;
        }

        int min = int.MaxValue;
        int max = int.MinValue;
        long sum = 0;
        foreach (int sample in samples[from..to])
        {
            min = Math.Min(min, sample);
            max = Math.Max(max, sample);
            sum += sample;
        }

        (UtcInstant first, UtcInstant last) = (block.TimeOf(from), block.TimeOf(to - 1));
        Add(new RawSum(Unit, min, max, sum, to - from) { First = new Moment(samples[from], first, first), Last = new Moment(samples[to - 1], last, last) });
    }
}
