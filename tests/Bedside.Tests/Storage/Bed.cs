using Bedside.Model;

namespace Bedside.Tests.Storage;

/// <summary>Makes the blocks of a small bed: a wave in blocks of 256 ms, a numeric every second, an alert now and then.</summary>
internal sealed class Bed(int seed)
{
    public const long BlockNanoseconds = 256_000_000;

    public static readonly SignalNumber Wave = new(1);
    public static readonly SignalNumber Rate = new(2);
    public static readonly UtcInstant Start = new(1_795_285_500_000_000_000);

    public static readonly Metric WaveMetric = new() { SignalId = "ecg-ii", Kind = SignalKind.Waveform, Unit = "mV" };
    public static readonly Metric RateMetric = new() { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min" };

    private readonly Random _random = new(seed);
    private long _count;

    /// <summary>The blocks of one turn: always a wave block, sometimes more.</summary>
    public IReadOnlyList<Block> Next()
    {
        long turn = _count++;
        UtcInstant at = Start.Add(turn * BlockNanoseconds);
        int[] samples = new int[128];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (int)(1000 * Math.Sin(((turn * 128) + i) * 0.05)) + _random.Next(-3, 4);
        }

        var blocks = new List<Block>
        {
            new SampleBlock
            {
                Signal = Wave,
                Start = at.Add(_random.Next(-300_000, 300_000)),
                UncertaintyMicroseconds = 2_000,
                ClockEpoch = 1,
                Period = SamplePeriod.FromHertz(500),
                Samples = samples,
                Scale = new Scale(0.005, 0),
                FirstIndex = turn * 128,
                DeviceNanoseconds = turn * BlockNanoseconds,
                Validity = turn % 7 == 3 ? [new ValidityRun(5, 20, Validity.Invalid), new ValidityRun(90, 1, Validity.PacerMark)] : [],
            },
        };
        if (turn % 4 == 0)
        {
            Fixed? value = turn % 20 == 0 ? null : new Fixed(60 + (turn % 40), 0);
            blocks.Add(new NumericBlock
            {
                Signal = Rate,
                Start = at,
                UncertaintyMicroseconds = 2_000,
                ClockEpoch = 1,
                Readings = [new NumericReading(at, value, value is null ? Validity.NotAvailable : Validity.Valid, turn * BlockNanoseconds)],
            });
        }

        if (_random.Next(10) == 0)
        {
            blocks.Add(new AlertBlock
            {
                Signal = SignalNumber.None,
                Start = at,
                Device = "d",
                Alert = new Alert { Key = $"k{turn}", Phase = AlertPhase.Start, Priority = AlertPriority.Low, Text = $"alert {turn}" },
            });
        }

        return blocks;
    }
}

/// <summary>What is in blocks, one line for each 128 samples, reading or mark, so that joined and single blocks of a <see cref="Bed"/> compare.</summary>
internal static class Contents
{
    private const int Piece = 128;

    public static IEnumerable<string> Of(Block block) => block switch
    {
        SampleBlock samples => Enumerable.Range(0, (samples.Samples.Length + Piece - 1) / Piece).Select(piece => Samples(samples, piece * Piece)),
        NumericBlock numeric => numeric.Readings.Select(reading => $"{numeric.Signal.Value} {numeric.ClockEpoch} {reading}"),
        _ => [block.ToString()],
    };

    public static List<string> Of(IEnumerable<Block> blocks) => [.. blocks.SelectMany(Of)];

    /// <summary>Without their time, which joining may move inside the stated uncertainty.</summary>
    private static string Samples(SampleBlock block, int from)
    {
        ReadOnlySpan<int> samples = block.Samples.Span[from..Math.Min(from + Piece, block.Samples.Length)];
        IEnumerable<ValidityRun> runs = block.Validity.Where(run => run.Start >= from && run.Start < from + Piece).Select(run => run with { Start = run.Start - from });
        return $"{block.Signal.Value} {block.ClockEpoch} {block.FirstIndex + from} {block.Scale} {string.Join(' ', runs)} {Digest(samples):x16}";
    }

    /// <summary>64 bits that tell samples from others (FNV-1a over whole samples).</summary>
    private static ulong Digest(ReadOnlySpan<int> samples)
    {
        ulong digest = 14_695_981_039_346_656_037;
        foreach (int sample in samples)
        {
            digest = unchecked((digest ^ (uint)sample) * 1_099_511_628_211);
        }

        return unchecked(digest ^ ((ulong)samples.Length << 56));
    }
}
