using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>Stands on one sample of a lane after the other, whole runs at a time. Holds one block.</summary>
internal sealed class WaveCursor : IDisposable
{
    private readonly WaveLane _lane;
    private readonly int _firstColumn;
    private readonly IEnumerator<SampleBlock> _blocks;
    private SampleBlock? _block;
    private int _index;
    private int _run;

    /// <summary>Stands on the first sample of the blocks, which are those of the lane, ascending.</summary>
    /// <param name="firstColumn">Column of the lane's first scale.</param>
    public WaveCursor(WaveLane lane, int firstColumn, IEnumerable<SampleBlock> blocks)
    {
        (_lane, _firstColumn, _blocks) = (lane, firstColumn, blocks.GetEnumerator());
        NextBlock();
    }

    /// <summary>False = the lane has ended.</summary>
    public bool IsThere => _block is not null;

    /// <summary>Time of the sample; without meaning at the end.</summary>
    public UtcInstant Time { get; private set; }

    /// <summary>Samples of the block from this one on.</summary>
    public int Left => _block is null ? 0 : _block.Samples.Length - _index;

    /// <summary>Writes samples into rows and frames, and goes on behind them.</summary>
    public void Give(int count, WaveBatch batch, int row, WfdbFrames frames, int frame)
    {
        SampleBlock block = _block!; // only where IsThere
        int column = _firstColumn + _lane.IndexOf(block.Scale);
        int end = _index + count;
        for (int at = _index; at < end;)
        {
            (int until, Validity marks) = MarksFrom(block, at);
            int length = Math.Min(until, end) - at;
            if (marks.IsUsable())
            {
                ReadOnlySpan<int> samples = block.Samples.Span.Slice(at, length);
                batch.Put(column, row + at - _index, samples);
                frames.Put(column, frame + at - _index, samples);
            }

            if (marks != Validity.Valid)
            {
                batch.Mark(column, row + at - _index, length, marks);
            }

            at += length;
        }

        if (end < block.Samples.Length)
        {
            _index = end;
            Time = block.TimeOf(end);
        }
        else
        {
            NextBlock();
        }
    }

    public void Dispose() => _blocks.Dispose();

    /// <summary>What the sample at a place is marked with, and up to where that holds.</summary>
    private (int Until, Validity Marks) MarksFrom(SampleBlock block, int at)
    {
        while (_run < block.Validity.Length && block.Validity[_run].Start + block.Validity[_run].Length <= at)
        {
            _run++;
        }

        if (_run == block.Validity.Length)
        {
            return (block.Samples.Length, Validity.Valid);
        }

        ValidityRun run = block.Validity[_run];
        return run.Start <= at ? (run.Start + run.Length, run.Validity) : (run.Start, Validity.Valid);
    }

    private void NextBlock()
    {
        do
        {
            _block = _blocks.MoveNext() ? _blocks.Current : null;
        }
        while (_block is { Samples.Length: 0 });
        (_index, _run) = (0, 0);
        Time = _block?.Start ?? default;
    }
}
