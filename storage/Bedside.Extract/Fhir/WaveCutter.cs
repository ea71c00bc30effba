using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Cuts the blocks of one wave, given in the order of time, into <see cref="WaveChunk"/>s. Pieces are counted by the index of samples since the clock epoch began, so that they stay the same
/// when the store joins blocks; scale, period, epoch, a hole of more than a second, demo data and the given boundaries (midnight, another patient) begin a new one.
/// </summary>
/// <param name="boundaryAfter">The first boundary after an instant; nanoseconds.</param>
/// <param name="leftOut">Told how many made-up samples were left out.</param>
internal sealed class WaveCutter(Func<long, long> boundaryAfter, bool includesDemo, Action<int>? leftOut = null)
{
    private const Validity MadeUp = Validity.TestData | Validity.DemoData;

    /// <summary>How far the clock may bend between two blocks that go on from each other.</summary>
    private const long MostBend = 200_000_000;

    private WaveChunk? _chunk;
    private uint _epoch;
    private SamplePeriod _period;
    private long _next;
    private long _nextTime;
    private long _boundary;
    private bool _madeUp;

    /// <summary>The chunks that are complete with this block.</summary>
    public IEnumerable<WaveChunk> Take(SampleBlock block)
    {
        int first = 0;
        bool follows = _epoch == block.ClockEpoch && _period == block.Period;
        if (follows)
        {
            long skipped = block.FirstIndex - _next;
            long implied = _nextTime + _period.NanosecondsOf(skipped);
            bool agrees = Math.Abs(block.Start.UnixNanoseconds - implied) <= MostBend;
            first = agrees && skipped < 0 ? (int)Math.Min(-skipped, block.Samples.Length) : 0;
            follows = agrees && _period.NanosecondsOf(skipped) <= FhirRules.LongestHole;
        }

        if (first == block.Samples.Length)
        {
            yield break; // it came twice
        }

        if (!follows || _chunk?.Scale != block.Scale)
        {
            foreach (WaveChunk done in End())
            {
                yield return done;
            }
        }

        foreach (ValidityRun run in block.Runs())
        {
            bool madeUp = (run.Validity & MadeUp) != 0;
            if (madeUp != _madeUp || (madeUp && !includesDemo))
            {
                foreach (WaveChunk done in End())
                {
                    yield return done;
                }
            }

            _madeUp = madeUp;
            if (madeUp && !includesDemo)
            {
                leftOut?.Invoke(run.Length);
                continue;
            }

            for (int at = Math.Max(first, run.Start); at < run.Start + run.Length;)
            {
                int end = Place(block, at, out WaveChunk? done);
                if (done is not null)
                {
                    yield return done;
                }

                end = Math.Min(end, run.Start + run.Length);
                _chunk!.Add(block.Samples.Span[at..end], run.Validity); // Place makes one
                at = end;
                (_next, _nextTime) = (block.FirstIndex + end, block.TimeOf(end).UnixNanoseconds);
            }
        }

        (_epoch, _period) = (block.ClockEpoch, block.Period);
        (_next, _nextTime) = (block.FirstIndex + block.Samples.Length, block.End.UnixNanoseconds);
    }

    /// <summary>What is left when no more blocks come.</summary>
    public IEnumerable<WaveChunk> End()
    {
        if (_chunk is { Count: > 0 } chunk)
        {
            yield return chunk;
        }

        _chunk = null;
    }

    /// <summary>Makes the chunk right for the sample at <paramref name="at"/> and gives the index in the block up to which it goes.</summary>
    private int Place(SampleBlock block, int at, out WaveChunk? done)
    {
        long index = block.FirstIndex + at;
        long time = block.TimeOf(at).UnixNanoseconds;
        long end = EndOfPiece(index, block.Period);
        done = null;
        if (_chunk is { } chunk)
        {
            if (index >= EndOfPiece(chunk.FirstIndex, block.Period) || time >= _boundary)
            {
                done = chunk;
                _chunk = null;
            }
            else
            {
                chunk.Skip(index - (chunk.FirstIndex + chunk.Count));
            }
        }

        if (_chunk is null)
        {
            _boundary = boundaryAfter(time);
            _chunk = new WaveChunk(block.ClockEpoch, index, time, block.Period, block.Scale) { Whole = time + block.Period.NanosecondsOf(end - index) };
        }

        long most = Math.Min(block.Samples.Length, end - block.FirstIndex);
        return block.TimeOf((int)most - 1).UnixNanoseconds < _boundary ? (int)most : FirstAt(block, at, (int)most);
    }

    /// <summary>The first sample after <paramref name="at"/> that is not before the boundary.</summary>
    private int FirstAt(SampleBlock block, int at, int most)
    {
        (int low, int high) = (at + 1, most);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = block.TimeOf(middle).UnixNanoseconds < _boundary ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Index at which the piece that holds this index ends.</summary>
    private static long EndOfPiece(long index, SamplePeriod period)
    {
        Int128 piece = FhirRules.ChunkNanoseconds / 1_000_000_000 * (Int128)period.Denominator;
        Int128 number = (Int128)index * period.Numerator / piece;
        return (long)((((number + 1) * piece) + period.Numerator - 1) / period.Numerator);
    }
}
