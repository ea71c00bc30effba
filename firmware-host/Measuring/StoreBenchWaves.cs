using Bedside.Extract;
using Bedside.Host.Commands;
using Bedside.Model;

namespace Bedside.Host.Measuring;

/// <summary>One wave of the bench: a stretch of samples that repeats.</summary>
internal sealed record StoreBenchWave(string Id, SamplePeriod Period, int[] Stretch, Scale? Scale)
{
    /// <summary>It is there to be asked for, and no part of the bed's size.</summary>
    public bool IsExtra { get; init; }

    public ReadOnlyMemory<int> From(long index, int count)
    {
        int at = (int)(index % Stretch.Length);
        if (at + count <= Stretch.Length)
        {
            return Stretch.AsMemory(at, count);
        }

        int[] samples = new int[count];
        for (int i = 0; i < count; i++)
        {
            samples[i] = Stretch[(at + i) % Stretch.Length];
        }

        return samples;
    }
}

/// <summary>
/// The waves of a bed: four ECG at 500 Hz, four pressures and a pleth at 125, respiration at 62.5, airway pressure and flow
/// at 50; of real recordings where those of the reference bed are in the folder, else made from a seed. Of another folder each
/// signal of each record is a wave.
/// </summary>
internal static class StoreBenchWaves
{
    private const int MadeSamples = 60_000;
    private const int EcgPart = 300_000;
    private const int Seed = 20_261_121;
    private const int MiddleHertz = 250;

    private static readonly string[] Records =
    [
        "ivue_rec1_ECGII", "mimic1_03700181_ECGMCL1", "ivue_rec1_ABP", "ivue_rec1_CVP", "mimic3_p019430_PAP", "ivue_rec1_PLETH", "mimic4_85594648_0007_RESP", "ivue_rec1_AWP", "ivue_rec1_AWF",
    ];

    private static readonly SamplePeriod Ecg = SamplePeriod.FromHertz(500);
    private static readonly SamplePeriod Pressure = SamplePeriod.FromHertz(125);
    private static readonly SamplePeriod Breath = new(2, 125);
    private static readonly SamplePeriod Airway = SamplePeriod.FromHertz(50);

    public static (IReadOnlyList<StoreBenchWave> Waves, string Source) Of(string? folder)
    {
        if (folder is null)
        {
            return (MadeUp(), "reference bed, waves made from a seed");
        }

        return Records.All(record => File.Exists(Path.Combine(folder, record + ".hea")))
            ? (Reference(folder), "reference bed of real recordings, repeated with continuing time; an ECG at 250 Hz beside it")
            : (Others(folder), "each signal of each record in the folder, repeated with continuing time");
    }

    private static List<StoreBenchWave> Reference(string folder)
    {
        Dictionary<string, (int[] Samples, Scale? Scale)> parts = Records.ToDictionary(record => record, record => Read(Path.Combine(folder, record + ".hea"), 0), StringComparer.Ordinal);
        (int[] ecg, Scale? scale) = parts[Records[0]];
        int[] first = ecg[..Math.Min(EcgPart, ecg.Length)];
        int[] second = ecg.Length >= 2 * EcgPart ? ecg[EcgPart..(2 * EcgPart)] : first;
        int[] third = parts[Records[1]].Samples;

        // Four leads of three recordings: the fourth takes a third of each.
        int[] fourth = [.. first[..(first.Length / 3)], .. second[..(second.Length / 3)], .. third[..(third.Length / 3)]];
        return
        [
            new("ecg-i", Ecg, first, scale), new("ecg-ii", Ecg, second, scale), new("ecg-iii", Ecg, third, parts[Records[1]].Scale), new("ecg-v", Ecg, fourth, scale),
            Of("abp", Pressure, parts[Records[2]]), Of("cvp", Pressure, parts[Records[3]]), Of("pap", Pressure, parts[Records[4]]), Of("pleth", Pressure, parts[Records[5]]),
            Of("resp", Breath, parts[Records[6]]), Of("awp", Airway, parts[Records[7]]), Of("awf", Airway, parts[Records[8]]),
            new("ecg-250", SamplePeriod.FromHertz(MiddleHertz), first, scale) { IsExtra = true },
        ];
    }

    private static List<StoreBenchWave> Others(string folder)
    {
        var waves = new List<StoreBenchWave>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.hea").Order(StringComparer.Ordinal))
        {
            try
            {
                using var reader = WfdbReader.Open(path);
                for (int i = 0; i < reader.Header.Signals.Length; i++)
                {
                    var period = new SamplePeriod(reader.Header.FramePeriod.Numerator, reader.Header.FramePeriod.Denominator * reader.Header.Signals[i].SamplesPerFrame);
                    (int[] samples, Scale? scale) = Read(path, i);
                    waves.Add(new StoreBenchWave($"{Path.GetFileNameWithoutExtension(path)}-{i}", period, samples, scale));
                }
            }
            catch (WfdbException error)
            {
                Console.Error.WriteLine($"{Path.GetFileName(path)} is left out: {error.Message}");
            }
        }

        return waves.Count > 0 ? waves : throw new CommandFailedException($"there are no WFDB records in {folder} that can be read.");
    }

    private static StoreBenchWave Of(string id, SamplePeriod period, (int[] Samples, Scale? Scale) part) => new(id, period, part.Samples, part.Scale);

    /// <summary>Missing samples repeat the one before.</summary>
    private static (int[] Samples, Scale? Scale) Read(string record, int signal)
    {
        using var reader = WfdbReader.Open(record);
        WfdbSignal described = reader.Header.Signals[signal];
        int[] samples = reader.Read(signal, 0, (int)reader.Frames);
        int last = 0;
        foreach (ref int sample in samples.AsSpan())
        {
            last = sample = sample == described.Format.Missing ? last : sample;
        }

        return (samples, described.Scale);
    }

    private static List<StoreBenchWave> MadeUp()
    {
        (string Id, SamplePeriod Period, double Beats, double Amplitude, int Noise)[] kinds =
        [
            ("ecg-i", Ecg, 72, 220, 2), ("ecg-ii", Ecg, 72, 320, 2), ("ecg-iii", Ecg, 72, 180, 2), ("ecg-v", Ecg, 72, 260, 2),
            ("abp", Pressure, 72, 400, 2), ("cvp", Pressure, 72, 60, 2), ("pap", Pressure, 72, 120, 2), ("pleth", Pressure, 72, 900, 3),
            ("resp", Breath, 16, 700, 3), ("awp", Airway, 16, 900, 4), ("awf", Airway, 16, 1500, 6), ("ecg-250", SamplePeriod.FromHertz(MiddleHertz), 72, 320, 2),
        ];
        return
        [
            .. kinds.Select((kind, place) => new StoreBenchWave(kind.Id, kind.Period, Make(kind.Period.Hertz, kind.Beats, kind.Amplitude, kind.Noise, kind.Id.StartsWith("ecg", StringComparison.Ordinal), place), new Scale(0.005, 0))
            {
                IsExtra = place == kinds.Length - 1,
            }),
        ];
    }

    private static int[] Make(double rate, double beats, double amplitude, int noise, bool isEcg, int place)
    {
        var random = new Random(Seed + place);
        int[] samples = new int[MadeSamples];
        for (int i = 0; i < samples.Length; i++)
        {
            double phase = i / rate * beats / 60 % 1;
            double wave = isEcg ? Math.Exp(-Math.Pow((phase - 0.3) * 60, 2)) + (0.2 * Math.Exp(-Math.Pow((phase - 0.6) * 15, 2))) : Math.Sin(Math.Tau * phase) + (0.3 * Math.Sin(2 * Math.Tau * phase));
            samples[i] = (int)(amplitude * (wave + (0.1 * Math.Sin(Math.Tau * i / rate / 4)))) + random.Next(-noise, noise + 1);
        }

        return samples;
    }
}
