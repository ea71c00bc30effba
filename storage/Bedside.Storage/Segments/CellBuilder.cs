using Bedside.Model;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;

namespace Bedside.Storage.Segments;

/// <summary>Gathers the fine cells of one lane while its blocks are written. A lane of two units gets none: its readers use the summaries of the blocks.</summary>
internal sealed class CellBuilder
{
    private readonly Dictionary<long, RawSum> _fine = [];
    private RawUnit? _unit;
    private long _width;
    private bool _isMixed;

    public void Add(Block block)
    {
        switch (block)
        {
            case SampleBlock samples:
                AddSamples(samples);
                break;
            case NumericBlock numeric:
                AddReadings(numeric);
                break;
        }
    }

    /// <summary>The lane's overview; null = it has none.</summary>
    public LaneCells? Build()
    {
        if (_isMixed || _unit is not { } unit || _fine.Count == 0 || _fine.Values.Any(IsTooLarge))
        {
            return null;
        }

        Cell[] cells =
        [
            .. _fine.OrderBy(pair => pair.Key)
                .Select(pair => new Cell(pair.Key, (uint)pair.Value.Count, pair.Value.Min, pair.Value.Max, (long)pair.Value.Sum, pair.Value.First.Raw, pair.Value.Last.Raw)),
        ];
        return LaneCells.Encode(unit, (int)(LaneCells.MiddleNanoseconds / _width), cells);
    }

    /// <summary>A wide cell of such cells might overflow.</summary>
    private static bool IsTooLarge(RawSum sum) =>
        sum.Sum < long.MinValue / LaneCells.MostFine || sum.Sum > long.MaxValue / LaneCells.MostFine || sum.Count > int.MaxValue / LaneCells.MostFine;

    private void AddSamples(SampleBlock block)
    {
        if (!IsOneUnit(RawUnit.Of(block.Scale), LaneCells.SampleNanoseconds))
        {
            return;
        }

        for (int from = 0; from < block.Samples.Length;)
        {
            long index = IndexOf(block.TimeOf(from));
            int to = Math.Max(from + 1, SampleTimes.FirstAtOrAfter(block, new UtcInstant((index + 1) * _width)));
            var sum = new RawSum(RawUnit.Of(block.Scale));
            sum.Add(block, from, to);
            Put(index, sum);
            from = to;
        }
    }

    private void AddReadings(NumericBlock block)
    {
        for (int i = 0; i < block.Readings.Length && !_isMixed; i++)
        {
            if (BlockSummary.OfReadings(block.Readings.AsSpan().Slice(i, 1)) is not { } summary)
            {
                _isMixed = true;
            }
            else if (summary.Valid > 0 && IsOneUnit(summary.Unit, LaneCells.ReadingNanoseconds))
            {
                var sum = new RawSum(summary.Unit);
                sum.Add(summary, block.Readings[i].Time);
                Put(IndexOf(block.Readings[i].Time), sum);
            }
        }
    }

    private bool IsOneUnit(RawUnit unit, long width)
    {
        _isMixed |= _unit is not null && (_unit != unit || _width != width);
        (_unit, _width) = (unit, width);
        return !_isMixed;
    }

    /// <summary>Rounds down, before 1970 too.</summary>
    private long IndexOf(UtcInstant time)
    {
        long index = Math.DivRem(time.UnixNanoseconds, _width, out long rest);
        return rest < 0 ? index - 1 : index;
    }

    private void Put(long index, RawSum sum)
    {
        if (sum.Count > 0)
        {
            RawSum together = _fine.GetValueOrDefault(index);
            together.Add(sum);
            _fine[index] = together;
        }
    }
}
