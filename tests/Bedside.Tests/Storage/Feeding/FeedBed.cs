using System.Globalization;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Storage.Feeding;

/// <summary>
/// Blocks of a small bed from a seed, as trouble has them: a wave, two numbers and a text, of which some come late, some bear the same time, and now and then a clock was an hour and more ahead. Every sample, reading and
/// text is another one, so that a copy, a loss or an invention shows.
/// </summary>
internal sealed class FeedBed(int seed)
{
    private const long Second = 1_000_000_000;
    private static readonly SamplePeriod Period = SamplePeriod.FromHertz(50);

    private readonly Random _random = new(seed);
    private readonly List<Block> _late = [];
    private long _turn;
    private int _count;

    public static readonly Metric[] Metrics =
    [
        new() { SignalId = "ecg-ii", Kind = SignalKind.Waveform, Unit = "mV", Code = 131330 },
        new() { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", Code = 147842 },
        new() { SignalId = "raw/x/1/odd", Kind = SignalKind.Numeric, Unit = "mm[Hg]", DeviceCode = "x:1", CodeName = "odd" },
        new() { SignalId = "raw/x/2/mode", Kind = SignalKind.Text, Unit = string.Empty, DeviceCode = "x:2", CodeName = "mode" },
    ];

    /// <summary>Where the bed's time is.</summary>
    public UtcInstant Now => Bed.Start.Add(_turn * Second);

    public static void Register(StoreEngine engine)
    {
        foreach (Metric metric in Metrics)
        {
            _ = engine.Signals.Register("d", metric, Bed.Start);
        }
    }

    /// <summary>What comes in a second.</summary>
    public IReadOnlyList<Block> Next()
    {
        UtcInstant at = Bed.Start.Add(_turn++ * Second);
        var blocks = new List<Block> { Wave(at) };
        for (int signal = 2; signal <= 3; signal++)
        {
            if (_random.Next(3) > 0)
            {
                blocks.Add(Readings((uint)signal, at));
            }
        }

        if (_random.Next(6) == 0)
        {
            blocks.Add(new TextBlock { Signal = new SignalNumber(4), Start = at, ClockEpoch = 1, Text = $"t{++_count}" });
        }

        var kept = blocks.Where(_ => _random.Next(12) == 0).ToList();
        blocks.RemoveAll(kept.Contains);
        blocks.AddRange(_late.Where(_ => _random.Next(3) == 0).ToArray() is var come ? come : []);
        _late.RemoveAll(blocks.Contains);
        _late.AddRange(kept);
        return blocks;
    }

    /// <summary>What a block holds, an item each, in its order: signal and what no other has.</summary>
    public static IEnumerable<string> Items(Block block) => block switch
    {
        SampleBlock samples => samples.Samples.ToArray().Select((sample, i) => string.Create(CultureInfo.InvariantCulture, $"{samples.Signal.Value} {samples.FirstIndex + i} {sample} {ValidityOf(samples, i)}")),
        NumericBlock numeric => numeric.Readings.Select(reading => string.Create(CultureInfo.InvariantCulture, $"{numeric.Signal.Value} {reading}")),
        TextBlock text => [$"{text.Signal.Value} {text.Text}"],
        _ => [],
    };

    private static Validity ValidityOf(SampleBlock block, int index) => block.Validity.FirstOrDefault(run => index >= run.Start && index < run.Start + run.Length).Validity;

    private SampleBlock Wave(UtcInstant at)
    {
        int[] samples = new int[50];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = ++_count % 2000;
        }

        return new SampleBlock
        {
            Signal = new SignalNumber(1),
            Start = at.Add(_random.Next(-300_000, 300_000)),
            ClockEpoch = 1,
            UncertaintyMicroseconds = 2_000,
            Period = Period,
            Samples = samples,
            Scale = new Scale(0.005, 0),
            FirstIndex = (_turn - 1) * samples.Length,
            Validity = _random.Next(5) == 0 ? [new ValidityRun(3, 9, Validity.Invalid), new ValidityRun(20, 5, Validity.DemoData)] : [],
        };
    }

    private NumericBlock Readings(uint signal, UtcInstant at)
    {
        UtcInstant first = _random.Next(40) == 0 ? at.Add((3_700 + _random.Next(100)) * Second) : at.Add(_random.Next(0, 4) * Second / 4);
        int count = _random.Next(1, 4);
        long step = _random.Next(3) == 0 ? 0 : Second / 8;
        NumericReading[] readings = [.. Enumerable.Range(0, count).Select(i => new NumericReading(first.Add(i * step), new Fixed(++_count, -1), Validity.Valid, DeviceNanoseconds: null))];
        return new NumericBlock { Signal = new SignalNumber(signal), Start = first, ClockEpoch = 1, UncertaintyMicroseconds = 2_000, Readings = [.. readings] };
    }
}
