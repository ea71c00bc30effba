using Bedside.Simulators.Wfdb;

namespace Bedside.Simulators.Philips;

/// <summary>
/// A recorded signal on its way through the protocol: its counts unchanged but for an offset that makes them unsigned, at
/// one of the four rates. Where the record has another rate it is interpolated, and <see cref="Remarks"/> say so.
/// </summary>
internal sealed class RecordedWave
{
    private const int FewestBits = 12;
    private const int MostBits = 16;

    /// <summary>Two bits must be free for a pattern of the kind that real monitors use, one for a simpler one.</summary>
    private const ushort PatternAbove14 = 0x4002;
    private const ushort PatternAbove15 = 0x8000;

    /// <summary>A rate that differs less is the same crystal's; the monitor's own clock decides.</summary>
    private const double SameRate = 0.001;

    private static readonly (double Rate, int Ticks)[] Rates = [(62.5, 128), (125, 64), (250, 32), (500, 16)];

    private readonly int[] _samples;
    private readonly int _offset;
    private readonly int _highest;
    private readonly ushort? _invalid;

    private RecordedWave(WaveObject wave, int[] samples, int offset, int highest, ushort? invalid)
    {
        Wave = wave;
        _samples = samples;
        _offset = offset;
        _highest = highest;
        _invalid = invalid;
    }

    public WaveObject Wave { get; }

    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>How long the record is, ticks.</summary>
    public long Ticks => _samples.Length * (long)Wave.TicksPerSample;

    /// <summary>Prepares a signal of a record.</summary>
    /// <param name="wave">The object it becomes, without rate and scale.</param>
    public static RecordedWave Of(WaveObject wave, WfdbSignal signal, double rate, int[] samples)
    {
        var remarks = new List<string>();
        (double carried, int ticks) = Rates.FirstOrDefault(r => r.Rate >= rate * (1 - SameRate), Rates[^1]);
        bool same = Math.Abs(carried - rate) <= rate * SameRate;
        int[] played = same ? samples : Resample(samples, rate, carried);
        if (!same)
        {
            remarks.Add($"resampled from {rate} to {carried} samples a second");
        }
        else if (carried != rate)
        {
            remarks.Add($"played at {carried} samples a second instead of {rate}, samples unchanged");
        }

        (int bits, int offset) = Fit(played, remarks);
        (WaveScale scale, bool exact) = ExactScale.Of(signal.Gain, signal.Baseline + offset);
        if (!exact)
        {
            remarks.Add($"gain {signal.Gain} is no short decimal: the scale is rounded to 24 bits");
        }

        ushort? invalid = bits <= 14 ? PatternAbove14 : bits == 15 ? PatternAbove15 : null;
        if (invalid is null && Array.IndexOf(played, WfdbRecord.Missing) >= 0)
        {
            remarks.Add("all 16 bits are taken, so that blocks with missing samples are invalid as a whole");
        }

        WaveObject carriedWave = wave with
        {
            TicksPerSample = ticks,
            SignificantBits = bits,
            Flags = (ushort)(WaveObject.StaticScale | (invalid is null ? 0 : WaveObject.ExtendedRange)),
            Scale = scale,
            FixedValues = invalid is { } pattern ? [new FixedValue(FixedValue.Invalid, pattern)] : [],
        };
        return new RecordedWave(carriedWave, played, offset, (1 << bits) - 1, invalid) { Remarks = [$"{bits} bits, {offset} added to make counts unsigned", .. remarks] };
    }

    /// <summary>Samples from <paramref name="tick"/> ticks after the record's begin; true when the block cannot say what is missing.</summary>
    public bool Fill(long tick, bool once, Span<ushort> samples)
    {
        bool useless = false;
        for (int at = 0; at < samples.Length; at++)
        {
            long index = (tick / Wave.TicksPerSample) + at;
            index = once ? index : index % _samples.Length;
            int sample = index < _samples.Length ? _samples[index] : WfdbRecord.Missing;
            useless |= sample == WfdbRecord.Missing && _invalid is null;
            samples[at] = sample == WfdbRecord.Missing ? _invalid ?? 0 : (ushort)Math.Clamp(sample + _offset, 0, _highest);
        }

        return useless;
    }

    /// <summary>The fewest bits that hold every count, and what is added to make them unsigned.</summary>
    private static (int Bits, int Offset) Fit(int[] samples, List<string> remarks)
    {
        int lowest = 0;
        int highest = 0;
        foreach (int sample in samples.Where(s => s != WfdbRecord.Missing))
        {
            lowest = Math.Min(lowest, sample);
            highest = Math.Max(highest, sample);
        }

        for (int bits = FewestBits; bits <= MostBits; bits++)
        {
            int half = 1 << (bits - 1);
            if (lowest >= 0 && highest < 2 * half)
            {
                return (bits, 0);
            }

            if (lowest >= -half && highest < half)
            {
                return (bits, half);
            }
        }

        if ((long)highest - lowest > ushort.MaxValue)
        {
            remarks.Add($"counts from {lowest} to {highest} do not fit 16 bits and are cut");
        }

        return (MostBits, -lowest);
    }

    /// <summary>Cubic interpolation through the four nearest samples; where one of them is missing, so is the result.</summary>
    private static int[] Resample(int[] samples, double from, double to)
    {
        int[] result = new int[(int)(samples.Length * to / from)];
        for (int at = 0; at < result.Length; at++)
        {
            double position = at * from / to;
            int index = (int)position;
            double t = position - index;
            int before = samples[Math.Max(0, index - 1)];
            int start = samples[index];
            int end = samples[Math.Min(samples.Length - 1, index + 1)];
            int after = samples[Math.Min(samples.Length - 1, index + 2)];
            bool missing = start == WfdbRecord.Missing || end == WfdbRecord.Missing;
            before = before == WfdbRecord.Missing ? start : before;
            after = after == WfdbRecord.Missing ? end : after;
            double curve = start + (0.5 * t * (end - before + (t * ((2.0 * before) - (5.0 * start) + (4.0 * end) - after + (t * ((3.0 * (start - (double)end)) + after - before))))));
            result[at] = missing ? WfdbRecord.Missing : (int)Math.Round(curve, MidpointRounding.ToEven);
        }

        return result;
    }
}
