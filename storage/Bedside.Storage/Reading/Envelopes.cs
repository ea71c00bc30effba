using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>
/// Least, greatest and mean in columns of time. A block, or a whole segment, that lies inside one column is not read:
/// its summary in the index is exact; of a segment with an overview only what lies around the edges of columns is read.
/// </summary>
internal sealed class Envelopes(IDisk disk, Holdings holdings, Action<Damage> onDamage)
{
    private readonly CellShelf _shelf = new();

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
        var sums = new ColumnSums(grid);
        var key = new LaneKey(Lane.Data, signal.Value);
        using ReadView view = holdings.View([key]);
        foreach (LaneSource source in view.Sources)
        {
            if (source.Lane is { } lane && (lane.Start >= grid.To || lane.LastInstant < grid.From))
            {
                continue;
            }

            if (source.Lane is { Summary: { } whole } inside && sums.TryAddWhole(inside.Start, inside.LastInstant, whole))
            {
                continue;
            }

            using var cells = new CellReading(disk, _shelf, source, sums, onDamage);
            if (!cells.TryAdd())
            {
                AddIndexed(source, sums);
            }
        }

        return sums.Columns;
    }

    private void AddIndexed(LaneSource source, ColumnSums sums)
    {
        using var cursor = new LaneCursor(disk, source, sums.Grid.From, sums.Grid.To, onDamage);
        foreach (BlockEntry entry in cursor.Open())
        {
            if (entry.Summary is not { } summary || !sums.TryAddWhole(entry.Start, entry.LastInstant, summary))
            {
                sums.Add(entry.Kind is BlockKind.Samples or BlockKind.Readings ? cursor.Load(entry) : null, sums.Grid.From, sums.Grid.To);
            }
        }
    }
}
