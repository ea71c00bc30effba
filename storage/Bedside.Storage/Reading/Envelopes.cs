using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>
/// Least, greatest and mean in columns of time. A block, or a whole segment, that lies inside one column is not read:
/// its summary in the index is exact. A pyramid of coarser summaries would answer at the same place.
/// </summary>
internal sealed class Envelopes(IDisk disk, Holdings holdings, Action<Damage> onDamage)
{
    public IReadOnlyList<EnvelopePoint> Physical(SignalNumber signal, ColumnGrid grid)
    {
        var points = new List<EnvelopePoint>();
        List<RawSum>?[] columns = Gather(signal, grid);
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] is { } sums)
            {
                points.Add(Point(grid.StartOf(i), sums));
            }
        }

        return points;
    }

    public EnvelopeColumns Raw(SignalNumber signal, ColumnGrid grid)
    {
        List<RawSum>?[] columns = Gather(signal, grid);
        RawUnit unit = CommonUnit(columns);
        return new EnvelopeColumns(unit.Scale, [.. columns.Select(sums => sums is null ? default : Column(sums, unit))]);
    }

    private static EnvelopePoint Point(UtcInstant time, List<RawSum> sums)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        double mean = 0;
        long count = sums.Sum(sum => sum.Count);
        foreach (RawSum sum in sums)
        {
            (double a, double b) = (sum.Unit.Physical(sum.Min), sum.Unit.Physical(sum.Max));
            min = Math.Min(min, Math.Min(a, b));
            max = Math.Max(max, Math.Max(a, b));
            mean += sum.Unit.Mean(sum.Sum, sum.Count) * ((double)sum.Count / count);
        }

        return new EnvelopePoint(time, min, max, mean, count);
    }

    private static EnvelopeColumn Column(List<RawSum> sums, RawUnit unit)
    {
        EnvelopePoint all = Point(default, sums);
        if (sums.Count == 1 && sums[0].Unit == unit)
        {
            return new EnvelopeColumn((int)sums[0].Min, (int)sums[0].Max, (double)sums[0].Sum / sums[0].Count, sums[0].Count);
        }

        double a = (all.Min - unit.Offset) / unit.Gain;
        double b = (all.Max - unit.Offset) / unit.Gain;
        return unit.IsDecimal
            ? new EnvelopeColumn(Clamp(Math.Round(a, MidpointRounding.ToEven)), Clamp(Math.Round(b, MidpointRounding.ToEven)), all.Mean / unit.Gain, all.Count)
            : new EnvelopeColumn(Clamp(Math.Floor(Math.Min(a, b))), Clamp(Math.Ceiling(Math.Max(a, b))), (all.Mean - unit.Offset) / unit.Gain, all.Count);
    }

    private static int Clamp(double raw) => (int)Math.Clamp(raw, int.MinValue, int.MaxValue);

    /// <summary>The finest decimal in which everything fits into 32 bits; of samples, the scale that came last.</summary>
    private static RawUnit CommonUnit(List<RawSum>?[] columns)
    {
        RawSum[] all = [.. columns.Where(sums => sums is not null).SelectMany(sums => sums!)]; // the null ones are filtered out
        if (all.Length == 0 || !all[^1].Unit.IsDecimal)
        {
            return all.Length == 0 ? RawUnit.Counts : all[^1].Unit;
        }

        int exponent = all.Where(sum => sum.Unit.IsDecimal).Min(sum => sum.Unit.Exponent);
        while (exponent < sbyte.MaxValue && all.Any(sum => !Fits(sum.Min, sum.Unit, exponent) || !Fits(sum.Max, sum.Unit, exponent)))
        {
            exponent++;
        }

        return RawUnit.OfDecimal((sbyte)exponent);
    }

    private static bool Fits(long raw, RawUnit unit, int exponent) => Math.Abs(unit.Physical(raw)) / Math.Pow(10, exponent) <= int.MaxValue;

    private List<RawSum>?[] Gather(SignalNumber signal, ColumnGrid grid)
    {
        var columns = new List<RawSum>?[grid.Columns];
        var key = new LaneKey(Lane.Data, signal.Value);
        using ReadView view = holdings.View([key]);
        foreach (LaneSource source in view.Sources)
        {
            if (source.Lane is { } lane && (lane.Start >= grid.To || lane.LastInstant < grid.From))
            {
                continue;
            }

            if (source.Lane is { Summary: { } whole } inside && InOneColumn(grid, inside.Start, inside.LastInstant))
            {
                Add(columns, grid.ColumnOf(inside.Start), whole);
                continue;
            }

            using var cursor = new LaneCursor(disk, source, grid.From, grid.To, onDamage);
            foreach (BlockEntry entry in cursor.Open())
            {
                Add(columns, grid, entry, cursor);
            }
        }

        return columns;
    }

    private static bool InOneColumn(ColumnGrid grid, UtcInstant start, UtcInstant last) =>
        grid.Holds(start) && grid.Holds(last) && grid.ColumnOf(start) == grid.ColumnOf(last);

    private static void Add(List<RawSum>?[] columns, ColumnGrid grid, BlockEntry entry, LaneCursor cursor)
    {
        if (entry.Summary is { } summary && InOneColumn(grid, entry.Start, entry.LastInstant))
        {
            Add(columns, grid.ColumnOf(entry.Start), summary);
            return;
        }

        switch (entry.Kind is BlockKind.Samples or BlockKind.Readings ? cursor.Load(entry) : null)
        {
            case SampleBlock samples:
                AddSamples(columns, grid, samples);
                break;
            case NumericBlock readings:
                AddReadings(columns, grid, readings);
                break;
        }
    }

    private static void AddSamples(List<RawSum>?[] columns, ColumnGrid grid, SampleBlock block)
    {
        ReadOnlySpan<int> samples = block.Samples.Span;
        int at = FirstAtOrAfter(block, grid.From);
        int end = FirstAtOrAfter(block, grid.To);
        while (at < end)
        {
            int column = grid.ColumnOf(block.TimeOf(at));
            int next = Math.Max(at + 1, Math.Min(end, FirstAtOrAfter(block, grid.StartOf(column + 1))));
            var sum = new RawSum(RawUnit.Of(block.Scale));
            sum.Add(samples[at..next], block.Validity, at);
            Add(columns, column, sum);
            at = next;
        }
    }

    private static int FirstAtOrAfter(SampleBlock block, UtcInstant time)
    {
        if (time <= block.Start)
        {
            return 0;
        }

        if (time >= block.End)
        {
            return block.Samples.Length;
        }

        int index = (int)Math.Clamp(block.Period.SamplesIn(time.Since(block.Start)), 0, block.Samples.Length);
        while (index > 0 && block.TimeOf(index - 1) >= time)
        {
            index--;
        }

        while (index < block.Samples.Length && block.TimeOf(index) < time)
        {
            index++;
        }

        return index;
    }

    private static void AddReadings(List<RawSum>?[] columns, ColumnGrid grid, NumericBlock block)
    {
        ReadOnlySpan<NumericReading> readings = block.Readings.AsSpan();
        for (int i = 0; i < readings.Length; i++)
        {
            // One at a time, so that no two need one exponent.
            if (grid.Holds(readings[i].Time) && BlockSummary.OfReadings(readings.Slice(i, 1)) is { } summary)
            {
                Add(columns, grid.ColumnOf(readings[i].Time), summary);
            }
        }
    }

    private static void Add(List<RawSum>?[] columns, int column, BlockSummary summary)
    {
        var sum = new RawSum(summary.Unit);
        sum.Add(summary.Min, summary.Max, summary.Sum, summary.Valid);
        Add(columns, column, sum);
    }

    private static void Add(List<RawSum>?[] columns, int column, RawSum sum)
    {
        if (sum.Count == 0)
        {
            return;
        }

        List<RawSum> sums = columns[column] ??= [];
        int same = sums.FindIndex(other => other.Unit == sum.Unit);
        if (same >= 0)
        {
            RawSum together = sums[same];
            together.Add(sum.Min, sum.Max, sum.Sum, sum.Count);
            sums[same] = together;
        }
        else
        {
            sums.Add(sum);
        }
    }
}
