using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>
/// Least, greatest, mean, first and last in columns of time. Of a segment only what lies around the edges of columns is
/// read: its overview is exact inside of them, and so is the summary in the index of a block that lies inside one column.
/// </summary>
internal sealed class Envelopes(IDisk disk, Holdings holdings, Action<Damage> onDamage)
{
    private readonly CellShelf _shelf = new();

    public IReadOnlyList<EnvelopePoint> Physical(SignalNumber signal, ColumnGrid grid)
    {
        var points = new List<EnvelopePoint>();
        ColumnSums sums = Gather(signal, grid);
        for (int i = 0; i < grid.Columns; i++)
        {
            ReadOnlySpan<RawSum> column = sums[i];
            if (!column.IsEmpty)
            {
                points.Add(Point(grid.StartOf(i), column) with
                {
                    Until = grid.StartOf(i + 1),
                    First = FirstOf(signal, column),
                    Last = LastOf(signal, column),
                });
            }
        }

        return points;
    }

    public EnvelopeColumns Raw(SignalNumber signal, ColumnGrid grid)
    {
        ColumnSums sums = Gather(signal, grid);
        RawUnit unit = CommonUnit(sums);
        var columns = new EnvelopeColumn[grid.Columns];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = sums[i].IsEmpty ? default : Column(sums[i], unit);
        }

        return new EnvelopeColumns(unit.Scale, columns);
    }

    /// <summary>Not fewer than the usable samples or readings in [from, to), out of what is in memory.</summary>
    public long MostIn(SignalNumber signal, UtcInstant from, UtcInstant to)
    {
        long count = 0;
        var cells = new List<Cell>();
        using ReadView view = holdings.View([new LaneKey(Lane.Data, signal.Value)], from, to);
        foreach (LaneSource source in view.Sources)
        {
            if (source.Lane is not { } lane)
            {
                count += source.Run.Entries().Where(entry => entry.Overlaps(from, to)).Sum(entry => entry.Count);
            }
            else if (lane.HasCells && LaneCells.TryDecode(lane.Wide.Span, cells))
            {
                Int128 width = LaneCells.WideNanoseconds;
                count += cells.Where(cell => cell.Index * width < to.UnixNanoseconds && (cell.Index + 1) * width > from.UnixNanoseconds).Sum(cell => cell.Count);
            }
            else
            {
                using var cursor = new LaneCursor(disk, source, from, to, onDamage);
                count += cursor.Open().ToArray().Sum(entry => entry.Count);
            }
        }

        return count;
    }

    private static EnvelopePoint Point(UtcInstant time, ReadOnlySpan<RawSum> sums)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        double mean = 0;
        long count = 0;
        foreach (RawSum sum in sums)
        {
            count += sum.Count;
        }

        foreach (RawSum sum in sums)
        {
            (double a, double b) = (sum.Unit.Physical(sum.Min), sum.Unit.Physical(sum.Max));
            min = Math.Min(min, Math.Min(a, b));
            max = Math.Max(max, Math.Max(a, b));
            mean += sum.Unit.Mean(sum.Sum, sum.Count) * ((double)sum.Count / count);
        }

        return new EnvelopePoint(time, min, max, mean, count);
    }

    private static EnvelopeColumn Column(ReadOnlySpan<RawSum> sums, RawUnit unit)
    {
        if (sums.Length == 1 && sums[0].Unit == unit)
        {
            return new EnvelopeColumn((int)sums[0].Min, (int)sums[0].Max, (double)sums[0].Sum / sums[0].Count, sums[0].Count);
        }

        EnvelopePoint all = Point(default, sums);
        double a = (all.Min - unit.Offset) / unit.Gain;
        double b = (all.Max - unit.Offset) / unit.Gain;
        return unit.IsDecimal
            ? new EnvelopeColumn(Clamp(Math.Round(a, MidpointRounding.ToEven)), Clamp(Math.Round(b, MidpointRounding.ToEven)), all.Mean / unit.Gain, all.Count)
            : new EnvelopeColumn(Clamp(Math.Floor(Math.Min(a, b))), Clamp(Math.Ceiling(Math.Max(a, b))), (all.Mean - unit.Offset) / unit.Gain, all.Count);
    }

    private static int Clamp(double raw) => (int)Math.Clamp(raw, int.MinValue, int.MaxValue);

    /// <summary>The finest decimal in which everything fits into 32 bits; of samples, the scale that came last.</summary>
    private static RawUnit CommonUnit(ColumnSums sums)
    {
        RawUnit last = RawUnit.Counts;
        int exponent = int.MaxValue;
        double greatest = 0;
        for (int i = 0; i < sums.Grid.Columns; i++)
        {
            foreach (RawSum sum in sums[i])
            {
                last = sum.Unit;
                exponent = sum.Unit.IsDecimal ? Math.Min(exponent, sum.Unit.Exponent) : exponent;
                greatest = Math.Max(greatest, Math.Max(Math.Abs(sum.Unit.Physical(sum.Min)), Math.Abs(sum.Unit.Physical(sum.Max))));
            }
        }

        if (!last.IsDecimal)
        {
            return last;
        }

        while (exponent < sbyte.MaxValue && greatest / Math.Pow(10, exponent) > int.MaxValue)
        {
            exponent++;
        }

        return RawUnit.OfDecimal((sbyte)exponent);
    }

    /// <summary>Where parts overlap in time, or are of several units, the samples around the beginning of the column are read.</summary>
    private double FirstOf(SignalNumber signal, ReadOnlySpan<RawSum> sums)
    {
        RawSum best = sums[0];
        if (sums.Length == 1 && !best.IsFirstUnsure)
        {
            return best.Unit.Physical(best.First.Raw);
        }

        (UtcInstant from, UtcInstant to) = (best.First.From, best.First.To);
        foreach (RawSum sum in sums)
        {
            from = sum.First.From < from ? sum.First.From : from;
            to = sum.First.To < to ? sum.First.To : to;
        }

        foreach (RawSum sum in Exactly(signal, from, to))
        {
            best = best.First.From != best.First.To || sum.First.From < best.First.From ? sum : best;
        }

        return best.Unit.Physical(best.First.Raw);
    }

    /// <summary>The same at the end of the column.</summary>
    private double LastOf(SignalNumber signal, ReadOnlySpan<RawSum> sums)
    {
        RawSum best = sums[0];
        if (sums.Length == 1 && !best.IsLastUnsure)
        {
            return best.Unit.Physical(best.Last.Raw);
        }

        (UtcInstant from, UtcInstant to) = (best.Last.From, best.Last.To);
        foreach (RawSum sum in sums)
        {
            from = sum.Last.From > from ? sum.Last.From : from;
            to = sum.Last.To > to ? sum.Last.To : to;
        }

        foreach (RawSum sum in Exactly(signal, from, to))
        {
            best = best.Last.From != best.Last.To || sum.Last.From >= best.Last.From ? sum : best;
        }

        return best.Unit.Physical(best.Last.Raw);
    }

    /// <summary>The sums of what was taken between two instants, both included, out of the blocks themselves.</summary>
    private ReadOnlySpan<RawSum> Exactly(SignalNumber signal, UtcInstant from, UtcInstant to)
    {
        var sums = new ColumnSums(new ColumnGrid(from, (Int128)to.UnixNanoseconds - from.UnixNanoseconds + 1, 1));
        using ReadView view = holdings.View([new LaneKey(Lane.Data, signal.Value)], sums.Grid.From, sums.Grid.To);
        foreach (LaneSource source in view.Sources)
        {
            using var cursor = new LaneCursor(disk, source, sums.Grid.From, sums.Grid.To, onDamage);
            foreach (BlockEntry entry in cursor.Open())
            {
                AddBlock(cursor, entry, sums);
            }
        }

        return sums[0];
    }

    private ColumnSums Gather(SignalNumber signal, ColumnGrid grid)
    {
        var sums = new ColumnSums(grid);
        var cells = new CellBuffers();
        using ReadView view = holdings.View([new LaneKey(Lane.Data, signal.Value)], grid.From, grid.To);
        foreach (LaneSource source in view.Sources)
        {
            if (source is { Segment: { } segment, Lane: { } lane })
            {
                if (lane.Start >= grid.To || lane.LastInstant < grid.From)
                {
                    continue;
                }

                using var reading = new CellReading(disk, _shelf, cells, segment, lane, sums, onDamage);
                if (reading.TryAdd())
                {
                    continue;
                }
            }

            AddIndexed(source, sums);
        }

        return sums;
    }

    private void AddIndexed(LaneSource source, ColumnSums sums)
    {
        using var cursor = new LaneCursor(disk, source, sums.Grid.From, sums.Grid.To, onDamage);
        foreach (BlockEntry entry in cursor.Open())
        {
            if (entry.Summary is null || !sums.TryAddWhole(entry.Start, entry.LastTaken, entry.ToSum()))
            {
                AddBlock(cursor, entry, sums);
            }
        }
    }

    private static void AddBlock(LaneCursor cursor, BlockEntry entry, ColumnSums sums) =>
        sums.Add(entry.Kind is BlockKind.Samples or BlockKind.Readings ? cursor.Load(entry) : null, sums.Grid.From, sums.Grid.To);
}
