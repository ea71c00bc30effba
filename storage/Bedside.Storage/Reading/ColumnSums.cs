using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>Adds up the columns of an envelope, each in as many sums as there are units in it.</summary>
internal sealed class ColumnSums(ColumnGrid grid)
{
    private UtcInstant _begin = new(long.MaxValue);
    private UtcInstant _end = new(long.MinValue);
    private int _column;

    public ColumnGrid Grid { get; } = grid;

    public List<RawSum>?[] Columns { get; } = new List<RawSum>?[grid.Columns];

    /// <summary>False when what spans these two instants does not lie inside one column.</summary>
    public bool TryAddWhole(UtcInstant first, UtcInstant last, BlockSummary summary)
    {
        if (!IsInOneColumn(first, last))
        {
            return false;
        }

        var sum = new RawSum(summary.Unit);
        sum.Add(summary.Min, summary.Max, summary.Sum, summary.Valid);
        Add(_column, sum);
        return true;
    }

    /// <summary>The same for a cell from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public bool TryAddWhole(UtcInstant first, UtcInstant last, in Cell cell, RawUnit unit)
    {
        if (!IsInOneColumn(first, last))
        {
            return false;
        }

        var sum = new RawSum(unit);
        sum.Add(cell.Min, cell.Max, cell.Sum, cell.Count);
        Add(_column, sum);
        return true;
    }

    /// <summary>What of a block lies in [from, to), which lies inside the grid.</summary>
    public void Add(Block? block, UtcInstant from, UtcInstant to)
    {
        switch (block)
        {
            case SampleBlock samples:
                AddSamples(samples, from, to);
                break;
            case NumericBlock readings:
                AddReadings(readings, from, to);
                break;
        }
    }

    /// <summary>Moves to the column of the first instant; one after the other costs no division.</summary>
    private bool IsInOneColumn(UtcInstant first, UtcInstant last)
    {
        if (first < _begin || first >= _end)
        {
            if (!Grid.Holds(first))
            {
                return false;
            }

            _column = Grid.ColumnOf(first);
            _begin = Grid.StartOf(_column);
            _end = Grid.StartOf(_column + 1);
        }

        return last < _end;
    }

    private void AddSamples(SampleBlock block, UtcInstant from, UtcInstant to)
    {
        ReadOnlySpan<int> samples = block.Samples.Span;
        int at = SampleTimes.FirstAtOrAfter(block, from);
        int end = SampleTimes.FirstAtOrAfter(block, to);
        while (at < end)
        {
            int column = Grid.ColumnOf(block.TimeOf(at));
            int next = Math.Max(at + 1, Math.Min(end, SampleTimes.FirstAtOrAfter(block, Grid.StartOf(column + 1))));
            var sum = new RawSum(RawUnit.Of(block.Scale));
            sum.Add(samples[at..next], block.Validity, at);
            Add(column, sum);
            at = next;
        }
    }

    private void AddReadings(NumericBlock block, UtcInstant from, UtcInstant to)
    {
        ReadOnlySpan<NumericReading> readings = block.Readings.AsSpan();
        for (int i = 0; i < readings.Length; i++)
        {
            // One at a time, so that no two need one exponent.
            if (readings[i].Time >= from && readings[i].Time < to && BlockSummary.OfReadings(readings.Slice(i, 1)) is { } summary)
            {
                _ = TryAddWhole(readings[i].Time, readings[i].Time, summary);
            }
        }
    }

    private void Add(int column, RawSum sum)
    {
        if (sum.Count == 0)
        {
            return;
        }

        List<RawSum> sums = Columns[column] ??= new List<RawSum>(1);
        foreach (ref RawSum other in CollectionsMarshal.AsSpan(sums))
        {
            if (other.Unit == sum.Unit)
            {
                other.Add(sum.Min, sum.Max, sum.Sum, sum.Count);
                return;
            }
        }

        sums.Add(sum);
    }
}
