using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Keys;

namespace Bedside.Host.Measuring;

/// <summary>
/// What a screen is asked to show of the past: thirty days of ten numerics that end now, the last two of them at 1 Hz, those before with a reading each ten
/// seconds, and eight waves of 250 Hz over the last hour. Stored the whole path, by a clock that runs as fast as it can.
/// </summary>
internal static class ScreenHistory
{
    private const int Days = 30;
    private const int DenseDays = 2;
    private const int SparseSeconds = 10;
    private const int WaveMinutes = 60;
    private const int WaveHertz = 250;
    private const int WaveBlockSeconds = 5;
    private const long Second = 1_000_000_000;
    private const long Minute = 60 * Second;
    private const long Day = 24 * 60 * Minute;
    private const int Seed = 20_261_122;

    private static readonly string[] Numerics = ["hr", "abp-mean", "spo2", "resp-rate", "etco2", "pip", "peep", "mv", "vt", "temp"];
    private static readonly string[] Waves = ["ecg-ii", "ecg-v", "abp", "pleth", "resp", "co2", "cvp", "pap"];

    /// <summary>Ids of the numerics, as the address of the trend page takes them.</summary>
    public static string Chosen => string.Join(',', Numerics);

    public static async Task StoreAsync(string folder, TimeProvider time, CancellationToken cancel)
    {
        _ = Directory.CreateDirectory(folder);
        using var key = BoxKey.ReadOrCreate(Path.Combine(folder, BoxKey.FileName), out _);
        long end = UtcInstant.FromDateTime(time.GetUtcNow()).UnixNanoseconds / Minute * Minute;
        var clock = new PastClock();
        await using var store = Store.Open(folder, new StoreOptions { BoxKey = key }, clock);
        Signal[] numerics = [.. Numerics.Select(id => store.Register("bench", new Metric { SignalId = id, Kind = SignalKind.Numeric, Unit = "1", ExpectedEvery = TimeSpan.FromSeconds(1) }))];
        Signal[] waves = [.. Waves.Select(id => store.Register("bench", new Metric { SignalId = id, Kind = SignalKind.Waveform, Unit = "1" }))];
        var random = new Random(Seed);
        int[] values = [.. numerics.Select(_ => random.Next(400, 1200))];
        for (long at = end - (Days * Day); at < end; at += Minute)
        {
            clock.Now = at;
            int step = at < end - (DenseDays * Day) ? SparseSeconds : 1;
            for (int i = 0; i < numerics.Length; i++)
            {
                await store.AppendAsync(Readings(numerics[i].Number, at, step, random, ref values[i]), cancel);
            }

            for (long block = at; block < at + Minute && at >= end - (WaveMinutes * Minute); block += WaveBlockSeconds * Second)
            {
                foreach (Signal wave in waves)
                {
                    await store.AppendAsync(Samples(wave.Number, block, random), cancel);
                }
            }
        }

        _ = await store.SyncAsync(cancel);
    }

    /// <summary>A minute that wanders, as values of monitors do.</summary>
    private static NumericBlock Readings(SignalNumber signal, long at, int step, Random random, ref int value)
    {
        var readings = new NumericReading[60 / step];
        for (int i = 0; i < readings.Length; i++)
        {
            value = Math.Clamp(value + (random.Next(10) == 0 ? random.Next(-8, 9) : 0), 200, 1600);
            readings[i] = new NumericReading(new UtcInstant(at + (i * step * Second)), new Fixed(value, -1), Validity.Valid, DeviceNanoseconds: null);
        }

        return new NumericBlock { Signal = signal, Start = new UtcInstant(at), ClockEpoch = 1, UncertaintyMicroseconds = 500, Readings = [.. readings] };
    }

    /// <summary>A beat of 75 a minute with noise.</summary>
    private static SampleBlock Samples(SignalNumber signal, long at, Random random)
    {
        var period = SamplePeriod.FromHertz(WaveHertz);
        int[] samples = new int[WaveHertz * WaveBlockSeconds];
        for (int i = 0; i < samples.Length; i++)
        {
            double phase = (i % (WaveHertz * 4 / 5)) / (WaveHertz * 0.8);
            samples[i] = (int)((1000 * Math.Exp(-Math.Pow((phase - 0.3) * 30, 2))) + (150 * Math.Sin(2 * Math.PI * phase))) + random.Next(-4, 5);
        }

        return new SampleBlock
        {
            Signal = signal,
            Start = new UtcInstant(at),
            ClockEpoch = 1,
            UncertaintyMicroseconds = 500,
            Period = period,
            Samples = samples,
            Scale = new Scale(0.001, 0),
            FirstIndex = at / Second * WaveHertz,
        };
    }

    /// <summary>The time of what is stored.</summary>
    private sealed class PastClock : TimeProvider
    {
        private long _now;

        public long Now
        {
            set => Interlocked.Exchange(ref _now, value);
        }

        public override DateTimeOffset GetUtcNow() => new UtcInstant(Interlocked.Read(ref _now)).ToDateTime();
    }
}
