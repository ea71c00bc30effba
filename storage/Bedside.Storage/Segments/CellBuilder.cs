using Bedside.Model;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;

namespace Bedside.Storage.Segments;

/// <summary>
/// Gathers the cells of one lane while its blocks are written. A lane of two units, or whose blocks do not ascend, gets
/// none: its readers use the summaries of the blocks.
/// </summary>
internal sealed class CellBuilder
{
    private readonly Dictionary<long, RawSum> _fine = [];
    private readonly Dictionary<long, long> _blocksAt = [];
    private RawUnit? _unit;
    private long _width;
    private UtcInstant _last = new(long.MinValue);
    private bool _isMixed;

    public void Add(Block block, long at)
    {
        _isMixed |= block.Start < _last;
        _last = block.Start;
        switch (block)
        {
            case SampleBlock samples:
                AddSamples(samples, at);
                break;
            case NumericBlock numeric:
                AddReadings(numeric, at);
                break;
        }
    }

    /// <summary>The lane's overview as it stands in the file; null = it has none.</summary>
    public byte[]? Encode()
    {
        if (_isMixed || _unit is not { } unit || _fine.Values.Any(sum => sum.Sum < long.MinValue / LaneCells.Factor || sum.Sum > long.MaxValue / LaneCells.Factor || sum.Count > int.MaxValue / LaneCells.Factor))
        {
            return null;
        }

        Cell[] cells = [.. _fine.OrderBy(pair => pair.Key).Select(pair => new Cell(pair.Key, pair.Value.Min, pair.Value.Max, (long)pair.Value.Sum, (uint)pair.Value.Count))];
        return LaneCells.Encode(unit, _width, cells, _blocksAt);
    }

    private void AddSamples(SampleBlock block, long at)
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
            sum.Add(block.Samples.Span[from..to], block.Validity, from);
            Put(index, sum, at);
            from = to;
        }
    }

    private void AddReadings(NumericBlock block, long at)
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
                sum.Add(summary.Min, summary.Max, summary.Sum, summary.Valid);
                Put(IndexOf(block.Readings[i].Time), sum, at);
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

    private void Put(long index, RawSum sum, long at)
    {
        if (sum.Count == 0)
        {
            return;
        }

        RawSum together = _fine.TryGetValue(index, out RawSum known) ? known : new RawSum(sum.Unit);
        together.Add(sum.Min, sum.Max, sum.Sum, sum.Count);
        _fine[index] = together;
        _ = _blocksAt.TryAdd(index >> 4, at);
    }
}
