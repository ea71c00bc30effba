namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// Finds the next block in a stream that was damaged, or that was joined in its middle. Each byte that could be a block's first begins a trial;
/// a trial that completes a block of values is right, for its length, its high bytes and its check agree; one that
/// completes a curve block needs a second block to be believed, for only its check speaks for it.
/// </summary>
internal sealed class BlockSearch(BlockCounts counts)
{
    private const int MostTrials = 24;

    /// <summary>Curve blocks last a breath; one of 20 s at the line's full speed has so many bytes.</summary>
    private const int MostKept = 16_384;

    private const int CurveBlocksForLock = 2;

    private readonly List<byte> _kept = [];
    private readonly List<Trial> _trials = [];

    private sealed class Trial(BlockReader reader, int start)
    {
        public BlockReader Reader => reader;

        public int Start { get; set; } = start;

        public int CurveBlocks { get; set; }
    }

    /// <summary>Takes a byte; the bytes from the first believed block on once there is one, otherwise nothing.</summary>
    public byte[]? Take(byte value)
    {
        if (_kept.Count == MostKept)
        {
            Forget(MostKept / 2);
        }

        _kept.Add(value);
        for (int i = _trials.Count - 1; i >= 0; i--)
        {
            if (Advance(_trials[i], value) is { } found)
            {
                Clear();
                return found;
            }
        }

        _trials.RemoveAll(trial => trial.Start < 0);
        if (_trials.Count < MostTrials && IsFirst(value))
        {
            var reader = new BlockReader(counts);
            if (reader.Take(value) == BlockPart.None)
            {
                _trials.Add(new Trial(reader, _kept.Count - 1));
            }
        }

        return null;
    }

    public void Clear()
    {
        _kept.Clear();
        _trials.Clear();
    }

    private static bool IsFirst(byte value) =>
        value is BlockReader.Curve or BlockReader.Phase or BlockReader.Breath or BlockReader.Settings or BlockReader.Trend or BlockReader.Alarm or BlockReader.ExtendedAlarm;

    private byte[]? Advance(Trial trial, byte value)
    {
        switch (trial.Reader.Take(value))
        {
            case BlockPart.Damaged or BlockPart.Error:
                trial.Start = -1;
                return null;
            case BlockPart.CurveEnd:
                trial.CurveBlocks++;
                return trial.CurveBlocks >= CurveBlocksForLock ? [.. _kept[trial.Start..]] : null;
            case BlockPart.Values or BlockPart.StreamEnd:
                return [.. _kept[trial.Start..]];
            default:
                return null;
        }
    }

    /// <summary>Drops the oldest bytes, and the trials that began in them.</summary>
    private void Forget(int bytes)
    {
        _kept.RemoveRange(0, bytes);
        foreach (Trial trial in _trials)
        {
            trial.Start -= bytes;
        }

        _trials.RemoveAll(trial => trial.Start < 0);
    }
}
