using Bedside.Extract;
using Bedside.Host.Commands;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>
/// The reference bed: eleven waveforms of 2,662.5 samples/s and forty numerics at 1 Hz, and one waveform of 250 Hz more,
/// which the queries ask for. Samples are a stretch that repeats with continuing time: made from a seed, or real ones.
/// </summary>
internal sealed class StoreBenchBed
{
    /// <summary>Blocks of this length: what a monitor sends at a time, rounded up to the cycle of the slowest wave.</summary>
    public const int SecondsOfBlock = 2;

    public const int Waves = 12;
    public const int Numerics = 40;

    private const int Stretch = 60_000;
    private const int Seed = 20_261_121;

    /// <summary>What each wave is: id, what a record of it is called, samples in two seconds, beats in a minute, amplitude, noise.</summary>
    private static readonly (string Id, string Record, int SamplesOfBlock, double Beats, double Amplitude, int Noise)[] Kinds =
    [
        ("ecg-i", "ECG", 1000, 72, 220, 2), ("ecg-ii", "ECG", 1000, 72, 320, 2), ("ecg-iii", "ECG", 1000, 72, 180, 2), ("ecg-v", "ECG", 1000, 72, 260, 2),
        ("abp", "ABP", 250, 72, 400, 2), ("cvp", "CVP", 250, 72, 60, 2), ("pap", "PAP", 250, 72, 120, 2), ("pleth", "PLETH", 250, 72, 900, 3),
        ("resp", "RESP", 125, 16, 700, 3), ("awp", "AWP", 100, 16, 900, 4), ("awf", "AWF", 100, 16, 1500, 6), ("ecg-250", "ECG", 500, 72, 320, 2),
    ];

    private readonly Signal[] _signals;
    private readonly int[][] _samples;

    public StoreBenchBed(Store store, string? waveforms)
    {
        _signals =
        [
            .. Kinds.Select(kind => store.Register("bench", new Metric { SignalId = kind.Id, Kind = SignalKind.Waveform, Unit = "1" })),
            .. Enumerable.Range(1, Numerics).Select(i => store.Register("bench", new Metric { SignalId = $"n{i}", Kind = SignalKind.Numeric, Unit = "1" })),
        ];
        _samples = waveforms is null ? [.. Kinds.Select(Make)] : Load(waveforms);
    }

    public static UtcInstant Start { get; } = new(1_795_219_200_000_000_000);

    public SignalNumber Ecg500 => _signals[1].Number;

    public SignalNumber Ecg250 => _signals[Waves - 1].Number;

    public SignalNumber Numeric => _signals[Waves].Number;

    /// <summary>Samples and readings of one turn of <see cref="SecondsOfBlock"/>.</summary>
    public static long SamplesOfTurn(bool isWhole) => isWhole ? Kinds.Sum(kind => kind.SamplesOfBlock) + (Numerics * SecondsOfBlock) : Kinds[1].SamplesOfBlock + Kinds[^1].SamplesOfBlock + SecondsOfBlock;

    /// <summary>
    /// The blocks of one turn, each wave's cut into <paramref name="parts"/>; not whole = only the three signals that the
    /// queries ask for.
    /// </summary>
    public IEnumerable<Block> Turn(long turn, bool isWhole, int parts)
    {
        for (int part = 0; part < parts; part++)
        {
            for (int i = 0; i < Waves; i++)
            {
                if (isWhole || i is 1 or Waves - 1)
                {
                    yield return Wave(i, turn, part, parts);
                }
            }
        }

        for (int i = 0; i < (isWhole ? Numerics : 1); i++)
        {
            for (int second = 0; second < SecondsOfBlock; second++)
            {
                yield return Reading(i, (turn * SecondsOfBlock) + second);
            }
        }
    }

    private SampleBlock Wave(int wave, long turn, int part, int parts)
    {
        int whole = Kinds[wave].SamplesOfBlock;
        int from = whole * part / parts;
        int count = (whole * (part + 1) / parts) - from;
        long index = (turn * whole) + from;
        var period = new SamplePeriod(SecondsOfBlock, whole);
        int[] samples = _samples[wave];
        return new SampleBlock
        {
            Signal = _signals[wave].Number,
            Start = Start.Add(period.NanosecondsOf(index)),
            UncertaintyMicroseconds = 2_000,
            ClockEpoch = 1,
            Period = period,
            Samples = samples.AsMemory((int)(index % Stretch), count),
            Scale = new Scale(0.005, 0),
            FirstIndex = index,
            DeviceNanoseconds = period.NanosecondsOf(index),
        };
    }

    private NumericBlock Reading(int numeric, long second)
    {
        UtcInstant time = Start.Add(second * 1_000_000_000);
        long value = 60 + numeric + (long)Math.Round(8 * Math.Sin((second + (numeric * 977)) / 311.0));
        return new NumericBlock
        {
            Signal = _signals[Waves + numeric].Number,
            Start = time,
            UncertaintyMicroseconds = 2_000,
            ClockEpoch = 1,
            Readings = [new NumericReading(time, new Fixed(value, 0), Validity.Valid, second * 1_000_000_000)],
        };
    }

    /// <summary>A stretch and the beginning of it once more, so that no block needs a seam.</summary>
    private static int[] Make((string Id, string Record, int SamplesOfBlock, double Beats, double Amplitude, int Noise) kind, int place)
    {
        var random = new Random(Seed + place);
        int[] samples = new int[Stretch + kind.SamplesOfBlock];
        double rate = (double)kind.SamplesOfBlock / SecondsOfBlock;
        bool isEcg = string.Equals(kind.Record, "ECG", StringComparison.Ordinal);
        for (int i = 0; i < Stretch; i++)
        {
            double phase = i / rate * kind.Beats / 60 % 1;
            double wave = isEcg ? Math.Exp(-Math.Pow((phase - 0.3) * 60, 2)) + (0.2 * Math.Exp(-Math.Pow((phase - 0.6) * 15, 2))) : Math.Sin(Math.Tau * phase) + (0.3 * Math.Sin(2 * Math.Tau * phase));
            samples[i] = (int)(kind.Amplitude * (wave + (0.1 * Math.Sin(Math.Tau * i / rate / 4)))) + random.Next(-kind.Noise, kind.Noise + 1);
        }

        Array.Copy(samples, 0, samples, Stretch, kind.SamplesOfBlock);
        return samples;
    }

    private static int[][] Load(string folder)
    {
        string[] records = [.. Directory.EnumerateFiles(folder, "*.hea").Order(StringComparer.Ordinal)];
        int ecg = 0;
        return
        [
            .. Kinds.Select(kind =>
            {
                string[] fitting = [.. records.Where(record => Path.GetFileNameWithoutExtension(record).Split('_')[^1].StartsWith(kind.Record, StringComparison.Ordinal))];
                return fitting.Length == 0
                    ? throw new CommandFailedException($"{folder} holds no record whose name ends in _{kind.Record}…; bench store needs one of each kind of wave.")
                    : Read(fitting[string.Equals(kind.Record, "ECG", StringComparison.Ordinal) ? ecg++ % fitting.Length : 0], kind.SamplesOfBlock);
            }),
        ];
    }

    /// <summary>Missing samples repeat the one before.</summary>
    private static int[] Read(string record, int more)
    {
        using var reader = WfdbReader.Open(record);
        int frames = (int)Math.Min(reader.Frames, Stretch);
        int missing = reader.Header.Signals[0].Format.Missing;
        int[] found = reader.Read(0, 0, frames);
        int[] samples = new int[Stretch + more];
        int last = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            int sample = found[i % Stretch % found.Length];
            last = sample == missing ? last : sample;
            samples[i] = last;
        }

        return samples;
    }
}
