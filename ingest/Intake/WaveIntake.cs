using System.Collections.Immutable;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Places the samples of one waveform by the device's time: contiguous ones get contiguous indices, missing ones leave a
/// hole, ones that come after those that follow them fill it, repeated ones are dropped.
/// </summary>
/// <param name="signal">Of the wave.</param>
/// <param name="takesOlder">What was measured before the first samples of an epoch may come after them: a sender that states wall times sends again what was not answered.</param>
internal sealed class WaveIntake(Signal signal, bool takesOlder = false)
{
    private const int MostHoles = 32;
    private const long OlderNs = 24L * 3_600_000_000_000;

    private readonly List<(long First, long Count)> _holes = [];
    private uint _epoch;
    private long _origin;
    private SamplePeriod _period;

    public Signal Signal => signal;

    /// <summary>Index of the next sample of this epoch.</summary>
    public long NextIndex { get; private set; }

    /// <summary>
    /// The samples as a block; null when all of them are repeats. <paramref name="repeated"/> of them came before. <paramref name="fills"/>: they
    /// lie before samples that are stored already.
    /// </summary>
    public SampleBlock? Place(DeviceEvent.Samples samples, long device, IClockMap map, out int repeated, out bool fills)
    {
        (repeated, fills) = (0, false);
        if (_epoch != map.Epoch || _period != samples.Period)
        {
            long room = takesOlder ? samples.Period.SamplesIn(OlderNs) : 0;
            (_epoch, _origin, _period, NextIndex) = (map.Epoch, device - samples.Period.NanosecondsOf(room), samples.Period, room);
            _holes.Clear();
            if (room > 0)
            {
                Leave(0, room);
            }
        }

        // The nearest sample position: device times are exact to less than half a sample.
        long index = _period.SamplesIn(device - _origin + (_period.Nanoseconds / 2));
        int skip = 0;
        int count = samples.Raw.Length;
        if (index > NextIndex)
        {
            Leave(NextIndex, index - NextIndex);
        }
        else if (index + count <= NextIndex)
        {
            (skip, count) = Fill(index, count);
            fills = count > 0;
            repeated = samples.Raw.Length - count;
        }
        else
        {
            repeated = skip = (int)(NextIndex - index);
            count -= skip;
        }

        if (count == 0)
        {
            return null;
        }

        long first = index + skip;
        NextIndex = Math.Max(NextIndex, first + count);
        long firstDevice = _origin + _period.NanosecondsOf(first);
        MappedTime mapped = map.Map(firstDevice);
        return new SampleBlock
        {
            Signal = signal.Number,
            Start = mapped.Time,
            UncertaintyMicroseconds = mapped.UncertaintyMicroseconds,
            ClockEpoch = mapped.Epoch,
            Period = _period,
            Samples = samples.Raw.Slice(skip, count),
            Scale = samples.Scale,
            FirstIndex = first,
            DeviceNanoseconds = firstDevice,
            Validity = Runs(samples, skip, count),
        };
    }

    /// <summary>The samples without the first of them.</summary>
    public static DeviceEvent.Samples Without(DeviceEvent.Samples samples, int count) => samples with
    {
        Raw = samples.Raw[count..],
        Runs = [.. samples.Runs.Where(run => run.Start + run.Length > count).Select(run => new ValidityRun(Math.Max(0, run.Start - count), run.Start + run.Length - Math.Max(count, run.Start), run.Validity))],
    };

    private void Leave(long first, long count)
    {
        _holes.Add((first, count));
        if (_holes.Count > MostHoles)
        {
            _holes.RemoveAt(0);
        }
    }

    /// <summary>Which of the samples a hole has room for; the first such hole takes them.</summary>
    private (int Skip, int Count) Fill(long index, int length)
    {
        for (int i = 0; i < _holes.Count; i++)
        {
            (long first, long count) = _holes[i];
            long from = Math.Max(index, first);
            long to = Math.Min(index + length, first + count);
            if (from >= to)
            {
                continue;
            }

            _holes.RemoveAt(i);
            if (to < first + count)
            {
                _holes.Insert(i, (to, first + count - to));
            }

            if (from > first)
            {
                _holes.Insert(i, (first, from - first));
            }

            return ((int)(from - index), (int)(to - from));
        }

        return (0, 0);
    }

    /// <summary>The validity of all samples and of the runs, as ascending runs that do not overlap.</summary>
    private static ImmutableArray<ValidityRun> Runs(DeviceEvent.Samples samples, int skip, int count)
    {
        if (samples.Runs.IsDefaultOrEmpty)
        {
            return samples.Validity == Validity.Valid ? [] : [new ValidityRun(0, count, samples.Validity)];
        }

        var each = new Validity[count];
        Array.Fill(each, samples.Validity);
        foreach (ValidityRun run in samples.Runs)
        {
            for (int i = Math.Max(0, run.Start - skip); i < Math.Min(count, run.Start + run.Length - skip); i++)
            {
                each[i] |= run.Validity;
            }
        }

        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        for (int start = 0, end; start < count; start = end)
        {
            end = start + 1;
            while (end < count && each[end] == each[start])
            {
                end++;
            }

            if (each[start] != Validity.Valid)
            {
                runs.Add(new ValidityRun(start, end - start, each[start]));
            }
        }

        return runs.DrainToImmutable();
    }
}
