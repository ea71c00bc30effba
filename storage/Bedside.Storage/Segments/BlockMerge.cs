using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Storage.Segments;

/// <summary>
/// Joins blocks that follow each other into longer ones. Times of the later ones are implied by the period then, so they
/// are joined only if that moves no sample by more than 1 ms, and the uncertainty of the whole grows by what it moves
/// them: the true time of each sample stays inside what the block states (FORMAT.md, section 8.1).
/// </summary>
internal static class BlockMerge
{
    /// <summary>Farthest that joining may move a sample, and most that it may add to an uncertainty.</summary>
    public const long ToleranceNanoseconds = 1_000_000;

    /// <summary>Longest joined block of samples, where it has more than <see cref="FewSamples"/>: so much of one signal goes with a broken page.</summary>
    public const long SampleSpanNanoseconds = 60_000_000_000;

    /// <summary>Blocks with no more samples go on, so that slow signals do not spend their bytes on headers.</summary>
    public const int FewSamples = 8192;

    /// <summary>Longest joined block of a slow signal.</summary>
    public const long SlowSpanNanoseconds = 180_000_000_000;

    /// <summary>Longest joined block of readings.</summary>
    public const long ReadingSpanNanoseconds = 600_000_000_000;

    private const int MostSamples = 1 << 16;
    private const int MostRuns = 1 << 12;
    private const long NanosecondsOfMicrosecond = 1_000;

    /// <summary>
    /// How many of the first <paramref name="most"/> blocks can be one, from the first on, and that one. <paramref name="blocks"/> ascend in time; those that were not
    /// appended one behind the other in their lane must not be given as joinable: what is numbered behind a number stays apart from what is before it.
    /// </summary>
    public static (Block Merged, int Used) First(IReadOnlyList<Block> blocks, int most = int.MaxValue) => blocks[0] switch
    {
        SampleBlock first => JoinSamples(first, blocks, Math.Min(most, blocks.Count)),
        NumericBlock first => JoinReadings(first, blocks, Math.Min(most, blocks.Count)),
        Block other => (other, 1),
    };

    /// <summary>How many of these places in the order of appending follow each other without a hole, from the first on.</summary>
    public static int Following(IReadOnlyList<int> places)
    {
        int count = 1;
        while (count < places.Count && places[count] == places[count - 1] + 1)
        {
            count++;
        }

        return count;
    }

    private static (Block, int) JoinSamples(SampleBlock first, IReadOnlyList<Block> blocks, int most)
    {
        long count = first.Samples.Length;
        int runs = first.Validity.Length;
        var bounds = new Uncertainty(first.UncertaintyMicroseconds);
        int used = 1;
        while (used < most && blocks[used] is SampleBlock next && Continues(first, count, next))
        {
            UtcInstant implied = first.Start.Add(first.Period.NanosecondsOf(count));
            Uncertainty grown = bounds.With(next.UncertaintyMicroseconds, Math.Abs(next.Start.Since(implied)));
            count += next.Samples.Length;
            runs += next.Validity.Length;
            if (!grown.IsAcceptable || count > MostSamples || runs > MostRuns || first.Period.NanosecondsOf(count) > (count > FewSamples ? SampleSpanNanoseconds : SlowSpanNanoseconds))
            {
                break;
            }

            bounds = grown;
            used++;
        }

        return used == 1 ? (first, 1) : (Concatenate(first, blocks, used, bounds.Microseconds), used);
    }

    private static bool Continues(SampleBlock first, long count, SampleBlock next)
    {
        long implied = first.Period.NanosecondsOf(count);
        bool sameDeviceTime = (first.DeviceNanoseconds, next.DeviceNanoseconds) switch
        {
            (null, null) => true,
            ({ } a, { } b) => Int128.Abs((Int128)b - a - implied) <= ToleranceNanoseconds,
            _ => false,
        };
        return next.ClockEpoch == first.ClockEpoch
            && next.FirstIndex == first.FirstIndex + count
            && next.Period == first.Period
            && Nullable.Equals(next.Scale, first.Scale)
            && sameDeviceTime
            && Int128.Abs((Int128)next.Start.UnixNanoseconds - first.Start.UnixNanoseconds - implied) <= ToleranceNanoseconds;
    }

    private static SampleBlock Concatenate(SampleBlock first, IReadOnlyList<Block> blocks, int used, uint uncertainty)
    {
        var parts = new SampleBlock[used];
        int total = 0;
        for (int i = 0; i < used; i++)
        {
            parts[i] = (SampleBlock)blocks[i];
            total += parts[i].Samples.Length;
        }

        int[] samples = new int[total];
        ImmutableArray<ValidityRun>.Builder validity = ImmutableArray.CreateBuilder<ValidityRun>();
        int at = 0;
        foreach (SampleBlock part in parts)
        {
            part.Samples.Span.CopyTo(samples.AsSpan(at));
            foreach (ValidityRun run in part.Validity)
            {
                AddRun(validity, run with { Start = run.Start + at });
            }

            at += part.Samples.Length;
        }

        return first with { Samples = samples, Validity = validity.ToImmutable(), UncertaintyMicroseconds = uncertainty };
    }

    /// <summary>A run that goes on where the last one ended with the same validity makes it longer.</summary>
    private static void AddRun(ImmutableArray<ValidityRun>.Builder runs, ValidityRun run)
    {
        if (runs.Count > 0 && runs[^1] is var last && last.Start + last.Length == run.Start && last.Validity == run.Validity)
        {
            runs[^1] = last with { Length = last.Length + run.Length };
        }
        else
        {
            runs.Add(run);
        }
    }

    private static (Block, int) JoinReadings(NumericBlock first, IReadOnlyList<Block> blocks, int most)
    {
        var bounds = new Uncertainty(first.UncertaintyMicroseconds);
        UtcInstant last = first.End;
        int count = first.Readings.Length;
        int used = 1;
        while (used < most && blocks[used] is NumericBlock next && next.ClockEpoch == first.ClockEpoch && next.Start > last)
        {
            Uncertainty grown = bounds.With(next.UncertaintyMicroseconds, 0);
            count += next.Readings.Length;
            if (!grown.IsAcceptable || count > MostRuns || (Int128)next.End.UnixNanoseconds - first.Start.UnixNanoseconds > ReadingSpanNanoseconds)
            {
                break;
            }

            bounds = grown;
            last = next.End;
            used++;
        }

        return used == 1
            ? (first, 1)
            : (first with { Readings = [.. blocks.Take(used).SelectMany(block => ((NumericBlock)block).Readings)], UncertaintyMicroseconds = bounds.Microseconds }, used);
    }

    /// <summary>The uncertainty of a joined block: the least and the greatest of its parts', each with how far it was moved.</summary>
    private readonly record struct Uncertainty(uint Least, long Greatest)
    {
        private const uint Unknown = uint.MaxValue;

        public Uncertainty(uint microseconds)
            : this(microseconds, microseconds)
        {
        }

        public uint Microseconds => (uint)Greatest;

        /// <summary>No part's uncertainty grows by more than the tolerance, and unknown ones stay among themselves.</summary>
        public bool IsAcceptable => Least == Unknown || (Greatest < Unknown && Greatest - Least <= ToleranceNanoseconds / NanosecondsOfMicrosecond);

        public Uncertainty With(uint microseconds, long movedNanoseconds)
        {
            long moved = (movedNanoseconds + NanosecondsOfMicrosecond - 1) / NanosecondsOfMicrosecond;
            long here = microseconds == Unknown ? Unknown : microseconds + moved;
            return new Uncertainty(Math.Min(Least, microseconds), Math.Max(Greatest, here));
        }
    }
}
