using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>A wave in one scale: a column of its own.</summary>
internal sealed class ScaledWave(Scale? scale)
{
    public Scale? Scale => scale;

    /// <summary>Of the usable samples.</summary>
    public int Least { get; private set; } = int.MaxValue;

    public int Most { get; private set; } = int.MinValue;

    /// <summary>Samples that have a number in the package.</summary>
    public long Usable { get; private set; }

    /// <summary>Everything that any sample is marked with.</summary>
    public Validity Marks { get; private set; }

    /// <summary>True when 16 bits hold every count, and their least number is free to say that there is none.</summary>
    public bool IsShort => Usable == 0 || (Least > WfdbFormat.Short.Missing && Most <= short.MaxValue);

    public void Take(SampleBlock block)
    {
        foreach (ValidityRun run in block.Runs())
        {
            Marks |= run.Validity;
            if (!run.Validity.IsUsable())
            {
                continue;
            }

            Usable += run.Length;
            (int least, int most) = (Least, Most);
            foreach (int sample in block.Samples.Span.Slice(run.Start, run.Length))
            {
                least = Math.Min(least, sample);
                most = Math.Max(most, sample);
            }

            (Least, Most) = (least, most);
        }
    }
}

/// <summary>A stretch in which the samples of a wave stand on one even grid.</summary>
internal readonly record struct EvenRun(UtcInstant Start, UtcInstant End);

/// <summary>A wave at one rate, as the first pass found it: its scales, and when it was there.</summary>
/// <param name="taken">Samples a second before the low-pass.</param>
internal sealed class WaveLane(PackagedSignal signal, SamplePeriod period, double taken)
{
    /// <summary>Lanes whose grids differ for more than this part of the time that they share do not go into one file.</summary>
    private const double MostApart = 0.1;

    private readonly List<ScaledWave> _scales = [];
    private readonly List<EvenRun> _runs = [];
    private long _samplesOfRun;

    public PackagedSignal Signal => signal;

    public SamplePeriod Period => period;

    public double HertzTaken => taken;

    public IReadOnlyList<ScaledWave> Scales => _scales;

    public IReadOnlyList<EvenRun> Runs => _runs;

    /// <summary>Two samples stand at one instant when they are no farther apart: half a millisecond, or a quarter of a short period.</summary>
    public static long ToleranceOf(SamplePeriod period) => Math.Min(500_000, period.Nanoseconds / 4);

    public int IndexOf(Scale? scale) => _scales.FindIndex(one => one.Scale == scale);

    public void Take(SampleBlock block)
    {
        int index = IndexOf(block.Scale);
        if (index < 0)
        {
            index = _scales.Count;
            _scales.Add(new ScaledWave(block.Scale));
        }

        _scales[index].Take(block);
        if (_runs.Count > 0 && Math.Abs(block.Start.Since(_runs[^1].Start.Add(period.NanosecondsOf(_samplesOfRun)))) <= ToleranceOf(period) / 4)
        {
            _samplesOfRun += block.Samples.Length;
            _runs[^1] = _runs[^1] with { End = block.End };
        }
        else
        {
            _samplesOfRun = block.Samples.Length;
            _runs.Add(new EvenRun(block.Start, block.End));
        }
    }

    /// <summary>True where the samples of both stand at the same instants as long as both are there, but for a small part.</summary>
    public bool Fits(WaveLane other)
    {
        long together = 0;
        long apart = 0;
        int first = 0;
        foreach (EvenRun run in _runs)
        {
            while (first < other._runs.Count && other._runs[first].End <= run.Start)
            {
                first++;
            }

            for (int i = first; i < other._runs.Count && other._runs[i].Start < run.End; i++)
            {
                EvenRun one = other._runs[i];
                long shared = Math.Min(run.End.UnixNanoseconds, one.End.UnixNanoseconds) - Math.Max(run.Start.UnixNanoseconds, one.Start.UnixNanoseconds);
                together += Math.Max(0, shared);
                apart += shared > 0 && !OnOneGrid(run.Start, one.Start) ? shared : 0;
            }
        }

        return apart <= together * MostApart;
    }

    private bool OnOneGrid(UtcInstant one, UtcInstant other)
    {
        long between = one.Since(other);
        long steps = period.SamplesIn(between + (period.Nanoseconds / 2));
        return Math.Abs(between - period.NanosecondsOf(steps)) <= ToleranceOf(period);
    }
}

/// <summary>The waves of one device at one rate whose samples stand at the same instants: one Arrow file, and the same rows as WFDB.</summary>
/// <param name="Name"><c>STAY_monitor1_500hz</c>: letters, digits and underscores.</param>
internal sealed record WaveFile(string Name, SamplePeriod Period, IReadOnlyList<WaveLane> Lanes)
{
    public long Samples => Lanes.Sum(lane => lane.Scales.Sum(scale => scale.Usable));

    /// <summary>Shares the lanes of a stay out to files: the same lanes give the same files.</summary>
    public static IReadOnlyList<WaveFile> Of(string stay, IEnumerable<WaveLane> lanes)
    {
        var files = new List<WaveFile>();
        foreach (IGrouping<(PackagedDevice Device, SamplePeriod Period), WaveLane> group in lanes.GroupBy(lane => (lane.Signal.Device, lane.Period)))
        {
            var parts = new List<List<WaveLane>>();
            foreach (WaveLane lane in group)
            {
                List<WaveLane>? part = parts.Find(one => one.TrueForAll(lane.Fits));
                if (part is null)
                {
                    parts.Add(part = []);
                }

                part.Add(lane);
            }

            string rate = WfdbNames.Plain(group.Key.Period.Hertz.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture));
            string name = $"{WfdbNames.Plain(stay)}_{group.Key.Device.Name}_{rate}hz";
            foreach (List<WaveLane> part in parts)
            {
                string free = name;
                for (int number = 2; files.Exists(file => file.Name == free); number++)
                {
                    free = $"{name}_{Spelling.Of(number)}";
                }

                files.Add(new WaveFile(free, group.Key.Period, part));
            }
        }

        return files;
    }
}
