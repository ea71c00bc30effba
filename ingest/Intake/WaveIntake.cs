using System.Collections.Immutable;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Places the samples of one waveform by the device's time: contiguous ones get contiguous indices, missing ones become a
/// gap with its count, repeated ones are dropped.
/// </summary>
internal sealed class WaveIntake(Signal signal)
{
    private uint _epoch;
    private long _origin;
    private SamplePeriod _period;

    public Signal Signal => signal;

    /// <summary>Index of the next sample of this epoch.</summary>
    public long NextIndex { get; private set; }

    /// <summary>Samples that came twice.</summary>
    public long Duplicated { get; private set; }

    /// <summary>
    /// The samples as a block; null when all of them are repeats. <paramref name="missing"/> samples lie between the last
    /// block of this epoch and this one; -1 = this is the first block of an epoch.
    /// </summary>
    public SampleBlock? Place(DeviceEvent.Samples samples, long device, ClockMap map, out long missing)
    {
        missing = 0;
        if (_epoch != map.Epoch || _period != samples.Period)
        {
            (_epoch, _origin, _period, NextIndex) = (map.Epoch, device, samples.Period, 0);
            missing = -1;
        }

        // The nearest sample position: device times are exact to less than half a sample.
        long index = _period.SamplesIn(device - _origin + (_period.Nanoseconds / 2));
        int repeated = 0;
        if (index > NextIndex)
        {
            missing = index - NextIndex;
        }
        else if (index < NextIndex)
        {
            repeated = (int)Math.Min(NextIndex - index, samples.Raw.Length);
            Duplicated += repeated;
            if (repeated == samples.Raw.Length)
            {
                return null;
            }
        }

        long first = index + repeated;
        NextIndex = first + samples.Raw.Length - repeated;
        long firstDevice = _origin + _period.NanosecondsOf(first);
        MappedTime mapped = map.Map(firstDevice);
        return new SampleBlock
        {
            Signal = signal.Number,
            Start = mapped.Time,
            UncertaintyMicroseconds = mapped.UncertaintyMicroseconds,
            ClockEpoch = mapped.Epoch,
            Period = _period,
            Samples = samples.Raw[repeated..],
            Scale = samples.Scale,
            FirstIndex = first,
            DeviceNanoseconds = firstDevice,
            Validity = Runs(samples, repeated),
        };
    }

    /// <summary>The validity of all samples and of the runs, as ascending runs that do not overlap.</summary>
    private static ImmutableArray<ValidityRun> Runs(DeviceEvent.Samples samples, int skip)
    {
        int count = samples.Raw.Length - skip;
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
