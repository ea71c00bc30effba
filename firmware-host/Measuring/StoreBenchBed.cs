using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>
/// The signals of the bench, in blocks: the waves of <see cref="StoreBenchWaves"/>, whose samples are a stretch that repeats
/// with continuing time, and forty numerics at 1 Hz.
/// </summary>
internal sealed class StoreBenchBed
{
    /// <summary>A turn of the bed.</summary>
    public const int SecondsOfBlock = 2;

    public const int Numerics = 40;

    private const long Second = 1_000_000_000;
    private const int Seed = 20_261_121;

    /// <summary>Readings of a numeric until it begins again.</summary>
    private const int NumericStretch = 1 << 14;

    private readonly IReadOnlyList<StoreBenchWave> _waves;
    private readonly Signal[] _signals;
    private readonly int[][] _values = [.. Enumerable.Range(0, Numerics).Select(Values)];

    public StoreBenchBed(Store store, string? waveforms)
    {
        (_waves, Source) = StoreBenchWaves.Of(waveforms);
        _signals =
        [
            .. _waves.Select(wave => store.Register("bench", new Metric { SignalId = wave.Id, Kind = SignalKind.Waveform, Unit = "1" })),
            .. Enumerable.Range(1, Numerics).Select(i => store.Register("bench", new Metric { SignalId = $"n{i}", Kind = SignalKind.Numeric, Unit = "1" })),
        ];
        Fast = _signals[IndexOf(500)];
        Middle = _signals[IndexOf(250)];
    }

    public static UtcInstant Start { get; } = new(1_790_812_800 * Second);

    /// <summary>Where the samples are from, in a sentence.</summary>
    public string Source { get; }

    /// <summary>The wave whose rate is nearest to 500 Hz.</summary>
    public Signal Fast { get; }

    /// <summary>The wave whose rate is nearest to 250 Hz.</summary>
    public Signal Middle { get; }

    public IReadOnlyList<Signal> Signals => _signals;

    public Signal Numeric => _signals[_waves.Count];

    public int Waves => _waves.Count;

    /// <summary>Signals that the bed does not have: something to ask for at a rate of its own.</summary>
    public IReadOnlyList<string> Extra => [.. _waves.Where(wave => wave.IsExtra).Select(wave => wave.Id)];

    public bool IsExtra(SignalNumber signal) => Array.FindIndex(_signals, one => one.Number == signal) is var place && place < _waves.Count && _waves[place].IsExtra;

    /// <summary>How often there is a value, and in which scale; readings have none.</summary>
    public (SamplePeriod Period, Scale? Scale) KindOf(Signal signal) =>
        Array.FindIndex(_signals, one => one.Number == signal.Number) is var place && place < _waves.Count ? (_waves[place].Period, _waves[place].Scale) : (SamplePeriod.FromHertz(1), null);

    /// <summary>Samples and readings of all signals up to a turn.</summary>
    public long SamplesUntil(long turn) => _waves.Sum(wave => wave.Period.SamplesIn(turn * SecondsOfBlock * Second)) + (turn * SecondsOfBlock * Numerics);

    /// <summary>The blocks of one turn, each wave's cut into <paramref name="parts"/>, readings by themselves.</summary>
    public IEnumerable<Block> Turn(long turn, int parts)
    {
        for (int part = 0; part < parts; part++)
        {
            long begin = (turn * SecondsOfBlock * Second) + (SecondsOfBlock * Second * part / parts);
            for (int i = 0; i < _waves.Count; i++)
            {
                if (Wave(i, begin, begin + (SecondsOfBlock * Second / parts)) is { } block)
                {
                    yield return block;
                }
            }
        }

        for (int second = 0; second < SecondsOfBlock; second++)
        {
            for (int i = 0; i < Numerics; i++)
            {
                yield return Reading(i, (turn * SecondsOfBlock) + second);
            }
        }
    }

    private int IndexOf(double hertz) => Enumerable.Range(0, _waves.Count).MinBy(i => Math.Abs(_waves[i].Period.Hertz - hertz));

    /// <summary>The samples between two times since the start; null when there are none.</summary>
    private SampleBlock? Wave(int wave, long begin, long end)
    {
        SamplePeriod period = _waves[wave].Period;
        long index = period.SamplesIn(begin);
        int count = (int)(period.SamplesIn(end) - index);
        return count == 0
            ? null
            : new SampleBlock
            {
                Signal = _signals[wave].Number,
                Start = Start.Add(period.NanosecondsOf(index)),
                UncertaintyMicroseconds = 2_000,
                ClockEpoch = 1,
                Period = period,
                Samples = _waves[wave].From(index, count),
                Scale = _waves[wave].Scale,
                FirstIndex = index,
                DeviceNanoseconds = period.NanosecondsOf(index),
            };
    }

    private NumericBlock Reading(int numeric, long second)
    {
        UtcInstant time = Start.Add(second * Second);
        var value = new Fixed(_values[numeric][second % NumericStretch], numeric % 3 == 0 ? (sbyte)-1 : (sbyte)0);
        return new NumericBlock
        {
            Signal = _signals[_waves.Count + numeric].Number,
            Start = time,
            UncertaintyMicroseconds = 2_000,
            ClockEpoch = 1,
            Readings = [new NumericReading(time, value, Validity.Valid, second * Second)],
        };
    }

    /// <summary>Nine values in ten repeat, as they do on monitors.</summary>
    private static int[] Values(int numeric)
    {
        var random = new Random(Seed + numeric);
        int[] values = new int[NumericStretch];
        int value = 40 + random.Next(140);
        for (int i = 0; i < values.Length; i++)
        {
            value += random.Next(10) == 0 ? random.Next(-2, 3) : 0;
            values[i] = value;
        }

        return values;
    }
}
