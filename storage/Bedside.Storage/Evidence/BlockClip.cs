using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Storage.Evidence;

/// <summary>The part of a block that lies in an interval, sample by sample.</summary>
internal static class BlockClip
{
    /// <summary>What of it lies in [from, to); null = nothing.</summary>
    public static Block? Within(Block block, UtcInstant from, UtcInstant to) => block switch
    {
        SampleBlock samples => Samples(samples, from, to),
        NumericBlock numeric => Readings(numeric, from, to),
        GapBlock gap => Gap(gap, from, to),
        _ => block.Start >= from && block.Start < to ? block : null,
    };

    private static SampleBlock? Samples(SampleBlock block, UtcInstant from, UtcInstant to)
    {
        int first = FirstAtOrAfter(block, from);
        int end = FirstAtOrAfter(block, to);
        if (first >= end)
        {
            return null;
        }

        return first == 0 && end == block.Samples.Length ? block : block with
        {
            Start = block.TimeOf(first),
            Samples = block.Samples[first..end],
            FirstIndex = block.FirstIndex + first,
            DeviceNanoseconds = block.DeviceNanoseconds + block.Period.NanosecondsOf(first),
            Validity = [.. block.Validity.Select(run => Run(run, first, end)).OfType<ValidityRun>()],
        };
    }

    private static int FirstAtOrAfter(SampleBlock block, UtcInstant time)
    {
        (int low, int high) = (0, block.Samples.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = block.TimeOf(middle) < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static ValidityRun? Run(ValidityRun run, int first, int end)
    {
        int start = Math.Max(run.Start, first);
        int length = Math.Min(run.Start + run.Length, end) - start;
        return length > 0 ? run with { Start = start - first, Length = length } : null;
    }

    private static NumericBlock? Readings(NumericBlock block, UtcInstant from, UtcInstant to)
    {
        ImmutableArray<NumericReading> inside = [.. block.Readings.Where(reading => reading.Time >= from && reading.Time < to)];
        return inside.Length == 0 ? null
            : inside.Length == block.Readings.Length ? block
            : block with { Start = inside[0].Time, Readings = inside };
    }

    /// <summary>Of a gap that is cut, the share of its samples.</summary>
    private static GapBlock? Gap(GapBlock gap, UtcInstant from, UtcInstant to)
    {
        UtcInstant start = gap.Start < from ? from : gap.Start;
        UtcInstant until = gap.Until > to ? to : gap.Until;
        if (start > until || gap.Start >= to || (start == until && gap.Start != gap.Until))
        {
            return null;
        }

        long all = gap.Until.Since(gap.Start);
        return gap with { Start = start, Until = until, Missing = all == 0 ? gap.Missing : (long)((Int128)gap.Missing * until.Since(start) / all) };
    }
}
