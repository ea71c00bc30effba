using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>Adds up the columns of an envelope, each in as many sums as there are units in it.</summary>
internal sealed class ColumnSums(ColumnGrid grid)
{
    /// <summary>Columns of a page: small enough that the collector can move and free it cheaply.</summary>
    private const int PageBits = 8;

    private readonly RawSum[]?[] _pages = new RawSum[]?[(grid.Columns >> PageBits) + 1];
    private readonly Dictionary<int, List<RawSum>> _mixed = [];
    private UtcInstant _begin = new(long.MaxValue);
    private UtcInstant _end = new(long.MinValue);
    private int _column;

    public ColumnGrid Grid { get; } = grid;

    /// <summary>The sums of a column, one for each unit; none where there is nothing.</summary>
    public ReadOnlySpan<RawSum> this[int column]
    {
        get
        {
            if (_mixed.Count > 0 && _mixed.TryGetValue(column, out List<RawSum>? mixed))
            {
                return CollectionsMarshal.AsSpan(mixed);
            }

            RawSum[]? page = _pages[column >> PageBits];
            int at = column & ((1 << PageBits) - 1);
            return page is null || page[at].Count == 0 ? [] : page.AsSpan(at, 1);
        }
    }

    /// <summary>False when what was taken between these two instants does not lie inside one column.</summary>
    public bool TryAddWhole(UtcInstant first, UtcInstant last, RawSum sum)
    {
        if (!IsInOneColumn(first, last))
        {
            return false;
        }

        Add(_column, sum);
        return true;
    }

    /// <summary>The same for a cell.</summary>
    public bool TryAddWhole(UtcInstant first, UtcInstant last, in Cell cell, RawUnit unit)
    {
        if (!IsInOneColumn(first, last))
        {
            return false;
        }

        RawSum[]? page = _pages[_column >> PageBits];
        int at = _column & ((1 << PageBits) - 1);
        if (page is null || _mixed.Count > 0 || !page[at].TryAddLater(first, last, cell, unit))
        {
            Add(_column, new RawSum(unit, cell.Min, cell.Max, cell.Sum, cell.Count) { First = new Moment(cell.First, first, last), Last = new Moment(cell.Last, first, last) });
        }

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
        int at = SampleTimes.FirstAtOrAfter(block, from);
        int end = SampleTimes.FirstAtOrAfter(block, to);
        while (at < end)
        {
            int column = Grid.ColumnOf(block.TimeOf(at));
            int next = Math.Max(at + 1, Math.Min(end, SampleTimes.FirstAtOrAfter(block, Grid.StartOf(column + 1))));
            var sum = new RawSum(RawUnit.Of(block.Scale));
            sum.Add(block, at, next);
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
            if (readings[i].Time >= from && readings[i].Time < to && BlockSummary.OfReadings(readings.Slice(i, 1)) is { Valid: > 0 } summary)
            {
                var sum = new RawSum(summary.Unit);
                sum.Add(summary, readings[i].Time);
                _ = TryAddWhole(readings[i].Time, readings[i].Time, sum);
            }
        }
    }

    private void Add(int column, RawSum sum)
    {
        if (sum.Count == 0)
        {
            return;
        }

        RawSum[] page = _pages[column >> PageBits] ??= new RawSum[1 << PageBits];
        ref RawSum known = ref page[column & (page.Length - 1)];
        if (known.Count == 0 || (known.Unit == sum.Unit && (_mixed.Count == 0 || !_mixed.ContainsKey(column))))
        {
            known.Add(sum);
            return;
        }

        ref List<RawSum>? mixed = ref CollectionsMarshal.GetValueRefOrAddDefault(_mixed, column, out _);
        mixed ??= [known];
        foreach (ref RawSum other in CollectionsMarshal.AsSpan(mixed))
        {
            if (other.Unit == sum.Unit)
            {
                other.Add(sum);
                return;
            }
        }

        mixed.Add(sum);
    }
}
