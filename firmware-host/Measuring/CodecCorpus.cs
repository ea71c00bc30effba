using Bedside.Extract;
using Bedside.Host.Commands;
using Bedside.Model;

namespace Bedside.Host.Measuring;

/// <summary>One signal to be coded, as blocks of a second: what the journal gets.</summary>
internal sealed record CodecRecord(string Name, IReadOnlyList<Block> Seconds, long Count, bool IsWave)
{
    /// <summary>Raw samples of a waveform, for the comparison with other programs; empty for readings.</summary>
    public int[] Raw { get; init; } = [];

    /// <summary>How many of them a real bed has in a second, where the record stands for a part of the reference bed; else 0.</summary>
    public double BedRate { get; init; }
}

/// <summary>What the codecs are measured on: a folder of WFDB records, or signals made up from a seed.</summary>
internal static class CodecCorpus
{
    private const int MadeUpSeconds = 600;
    private const int BedNumerics = 40;
    private const int EcgPart = 300_000;
    private const int BedEcgs = 4;
    private const int EcgHertz = 500;

    private static readonly UtcInstant Start = new(1_795_285_500_000_000_000);

    /// <summary>Every signal of every record in the folder. What cannot be read is named on standard error and left out.</summary>
    public static List<CodecRecord> FromFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandFailedException($"{folder} is not a directory; name one that holds WFDB records.");
        }

        var records = new List<CodecRecord>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.hea").Order(StringComparer.Ordinal))
        {
            try
            {
                using var reader = WfdbReader.Open(path);
                string name = Path.GetFileNameWithoutExtension(path);
                for (int i = 0; i < reader.Header.Signals.Length; i++)
                {
                    WfdbSignal signal = reader.Header.Signals[i];
                    var period = new SamplePeriod(reader.Header.FramePeriod.Numerator, reader.Header.FramePeriod.Denominator * signal.SamplesPerFrame);
                    int[] samples = reader.Read(i, 0, (int)reader.Frames);
                    records.Add(Wave(reader.Header.Signals.Length == 1 ? name : $"{name}/{i}", period, samples, signal.Scale));
                }
            }
            catch (WfdbException error)
            {
                Console.Error.WriteLine($"{Path.GetFileName(path)} is left out: {error.Message}");
            }
        }

        return records.Count > 0 ? records : throw new CommandFailedException($"there are no WFDB records in {folder} that can be read.");
    }

    /// <summary>Shapes like those of a bed, from a seed: for machines without recordings. The figures of such signals are not those of a patient's.</summary>
    public static List<CodecRecord> MadeUp() =>
    [
        MadeUpWave("made-up-ecg", new SamplePeriod(1, EcgHertz), 1, Ecg),
        MadeUpWave("made-up-abp", new SamplePeriod(1, 125), 2, static (t, random) => 1600 + (400 * Pulse(t)) + random.Next(-2, 3)),
        MadeUpWave("made-up-pleth", new SamplePeriod(1, 125), 3, static (t, random) => 2048 + (900 * Pulse(t + 0.2)) + random.Next(-3, 4)),
        MadeUpWave("made-up-resp", new SamplePeriod(2, 125), 4, static (t, random) => 2048 + (800 * Math.Sin(t * 1.6)) + random.Next(-4, 5)),
        MadeUpWave("made-up-awp", new SamplePeriod(1, 50), 5, static (t, random) => (t % 4 < 1.3 ? 1100 * (1 - Math.Exp(-(t % 4) * 3)) : 250) + random.Next(-1, 2)),
        Numerics(),
    ];

    /// <summary>The parts of the reference bed, each with its rate, when all of them are among the records; else none.</summary>
    public static List<CodecRecord> ReferenceBed(IReadOnlyList<CodecRecord> records)
    {
        string[] names =
        [
            "ivue_rec1_ECGII", "mimic1_03700181_ECGMCL1", "ivue_rec1_ABP", "ivue_rec1_CVP", "mimic3_p019430_PAP", "ivue_rec1_PLETH",
            "mimic4_85594648_0007_RESP", "ivue_rec1_AWP", "ivue_rec1_AWF",
        ];
        CodecRecord[] found = [.. names.Select(name => records.FirstOrDefault(record => record.Name == name)).OfType<CodecRecord>()];
        if (found.Length < names.Length || found[0].Raw.Length < 2 * EcgPart)
        {
            return [];
        }

        // Four leads, of which the recordings give three: each stands for a third of their rate.
        const double EcgRate = (double)BedEcgs * EcgHertz / 3;
        var first = (SampleBlock)found[0].Seconds[0];
        return
        [
            Wave("ivue_rec1_ECGII from 0", first.Period, found[0].Raw[..EcgPart], first.Scale) with { BedRate = EcgRate },
            Wave("ivue_rec1_ECGII from 300000", first.Period, found[0].Raw[EcgPart..(2 * EcgPart)], first.Scale) with { BedRate = EcgRate },
            found[1] with { BedRate = EcgRate },
            .. found.Skip(2).Select(record => record with { BedRate = ((SampleBlock)record.Seconds[0]).Period.Hertz }),
            Numerics() with { BedRate = BedNumerics },
        ];
    }

    private static CodecRecord Wave(string name, SamplePeriod period, int[] samples, Scale? scale)
    {
        int second = Math.Max(1, (int)Math.Round(period.Hertz));
        var blocks = new List<Block>();
        for (int at = 0; at < samples.Length; at += second)
        {
            blocks.Add(new SampleBlock
            {
                Signal = new SignalNumber(1),
                Start = Start.Add(period.NanosecondsOf(at)),
                UncertaintyMicroseconds = 2_000,
                ClockEpoch = 1,
                Period = period,
                Samples = samples.AsMemory(at, Math.Min(second, samples.Length - at)),
                Scale = scale,
                FirstIndex = at,
                DeviceNanoseconds = period.NanosecondsOf(at),
            });
        }

        return new CodecRecord(name, blocks, samples.Length, IsWave: true) { Raw = samples };
    }

    private static CodecRecord MadeUpWave(string name, SamplePeriod period, int seed, Func<double, Random, double> shape)
    {
        var random = new Random(seed);
        int[] samples = new int[(int)(MadeUpSeconds * period.Hertz)];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (int)Math.Round(shape(i / period.Hertz, random));
        }

        return Wave(name, period, samples, new Scale(0.01, 0));
    }

    private static double Ecg(double t, Random random)
    {
        double phase = t % 0.83;
        double wander = 20 * Math.Sin(t * 0.9);
        double beat = (300 * Bell(phase, 0.3, 0.010)) - (60 * Bell(phase, 0.33, 0.012)) + (30 * Bell(phase, 0.15, 0.03)) + (60 * Bell(phase, 0.55, 0.05));
        return 2048 + wander + beat + random.Next(-1, 2);
    }

    private static double Bell(double x, double centre, double width) => Math.Exp(-Math.Pow((x - centre) / width, 2) / 2);

    private static double Pulse(double t) => Bell(t % 0.83, 0.15, 0.06) + (0.4 * Bell(t % 0.83, 0.42, 0.1));

    /// <summary>Forty numerics at 1 Hz for ten minutes of which nine values in ten repeat, as they do on monitors.</summary>
    private static CodecRecord Numerics()
    {
        var random = new Random(6);
        var blocks = new List<Block>();
        for (uint signal = 0; signal < BedNumerics; signal++)
        {
            long mantissa = 40 + random.Next(140);
            for (int second = 0; second < MadeUpSeconds; second++)
            {
                mantissa += random.Next(10) == 0 ? random.Next(-2, 3) : 0;
                UtcInstant time = Start.Add(second * 1_000_000_000L);
                blocks.Add(new NumericBlock
                {
                    Signal = new SignalNumber(100 + signal),
                    Start = time,
                    UncertaintyMicroseconds = 2_000,
                    ClockEpoch = 1,
                    Readings = [new NumericReading(time, new Fixed(mantissa, signal % 3 == 0 ? (sbyte)-1 : (sbyte)0), Validity.Valid, second * 1_000_000_000L)],
                });
            }
        }

        return new CodecRecord("made-up-numerics", blocks, (long)BedNumerics * MadeUpSeconds, IsWave: false);
    }
}
