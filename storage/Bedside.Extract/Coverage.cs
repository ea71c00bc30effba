using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>A stretch without samples that no stored gap explains.</summary>
internal readonly record struct Hole(UtcInstant From, UtcInstant To);

/// <summary>Follows the blocks of one waveform and finds where samples are missing without a word.</summary>
internal sealed class Coverage
{
    private SampleBlock? _last;
    private UtcInstant _explained;

    public void Take(GapBlock gap)
    {
        if (_last is not null && gap.Until > _explained)
        {
            _explained = gap.Until;
        }
    }

    /// <summary>The hole before <paramref name="block"/>; null = none.</summary>
    public Hole? Take(SampleBlock block)
    {
        SampleBlock? last = _last;
        UtcInstant known = last is not null && last.End > _explained ? last.End : _explained;
        _last = block;
        _explained = known;
        if (last is null || Continues(last, block))
        {
            return null;
        }

        return block.Start.Since(known) > block.Period.Nanoseconds / 2 ? new Hole(known, block.Start) : null;
    }

    /// <summary>True when <paramref name="next"/> follows <paramref name="last"/> without a missing or a double sample, whatever the times say.</summary>
    public static bool Continues(SampleBlock last, SampleBlock next) =>
        last.ClockEpoch == next.ClockEpoch && last.Period == next.Period && last.FirstIndex + last.Samples.Length == next.FirstIndex;
}

/// <summary>What exports ask of sample blocks.</summary>
internal static class SampleBlocks
{
    /// <summary>The part of a block within [from, to); null = none of it.</summary>
    public static SampleBlock? Within(this SampleBlock block, UtcInstant from, UtcInstant to)
    {
        int first = IndexAt(block, from);
        int end = IndexAt(block, to);
        if (first >= end)
        {
            return null;
        }

        if (first == 0 && end == block.Samples.Length)
        {
            return block;
        }

        return block with
        {
            Start = block.TimeOf(first),
            Samples = block.Samples[first..end],
            FirstIndex = block.FirstIndex + first,
            DeviceNanoseconds = block.DeviceNanoseconds + block.Period.NanosecondsOf(first),
            Validity =
            [
                .. from run in block.Validity
                   let start = Math.Max(run.Start, first)
                   let stop = Math.Min(run.Start + run.Length, end)
                   where start < stop
                   select new ValidityRun(start - first, stop - start, run.Validity),
            ],
        };
    }

    /// <summary>The whole block as runs of equal validity, in order.</summary>
    public static IEnumerable<ValidityRun> Runs(this SampleBlock block) => Runs(block.Validity, block.Samples.Length);

    private static IEnumerable<ValidityRun> Runs(ImmutableArray<ValidityRun> marked, int count)
    {
        int at = 0;
        foreach (ValidityRun run in marked)
        {
            if (run.Start > at)
            {
                yield return new ValidityRun(at, run.Start - at, Validity.Valid);
            }

            yield return run;
            at = run.Start + run.Length;
        }

        if (at < count)
        {
            yield return new ValidityRun(at, count - at, Validity.Valid);
        }
    }

    /// <summary>Index of the first sample at or after an instant.</summary>
    private static int IndexAt(SampleBlock block, UtcInstant instant)
    {
        if (instant <= block.Start)
        {
            return 0;
        }

        if (instant >= block.End)
        {
            return block.Samples.Length;
        }

        long index = Math.Clamp(block.Period.SamplesIn(instant.Since(block.Start)), 0, block.Samples.Length);
        while (index > 0 && block.TimeOf((int)index - 1) >= instant)
        {
            index--;
        }

        while (index < block.Samples.Length && block.TimeOf((int)index) < instant)
        {
            index++;
        }

        return (int)index;
    }
}
