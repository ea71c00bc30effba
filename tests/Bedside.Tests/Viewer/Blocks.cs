using System.Collections.Immutable;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Viewer;

/// <summary>Signals and blocks as a monitor at a bed would give them.</summary>
internal static class Blocks
{
    public const string Monitor = "monitor";
    public const int Rate = 250;

    public static readonly Scale Scale = new(0.005, -1);

    public static Signal Ecg(Store store) => store.Register(Monitor, new Metric
    {
        SignalId = "ecg-ii",
        Kind = SignalKind.Waveform,
        Code = 131330,
        CodeName = "MDC_ECG_ELEC_POTL_II",
        Unit = "mV",
        Label = "II",
    });

    public static Signal HeartRate(Store store) => store.Register(Monitor, new Metric
    {
        SignalId = "hr",
        Kind = SignalKind.Numeric,
        Code = 147842,
        CodeName = "MDC_ECG_HEART_RATE",
        Unit = "/min",
        Label = "HR",
        ExpectedEvery = TimeSpan.FromSeconds(1),
    });

    /// <summary>A cuff pressure: it comes when it comes.</summary>
    public static Signal Cuff(Store store) => store.Register(Monitor, new Metric
    {
        SignalId = "nibp-sys",
        Kind = SignalKind.Numeric,
        Unit = "mm[Hg]",
        Label = "NIBP",
        DisplayMin = 0,
        DisplayMax = 240,
    });

    public static Signal Mode(Store store) => store.Register(Monitor, new Metric
    {
        SignalId = "raw/test/1/mode",
        Kind = SignalKind.Text,
        Unit = string.Empty,
        Label = "Mode",
    });

    public static SampleBlock Wave(Signal signal, UtcInstant start, int[] samples, long firstIndex = 0, uint epoch = 1) => new()
    {
        Signal = signal.Number,
        Start = start,
        ClockEpoch = epoch,
        UncertaintyMicroseconds = 1500,
        Period = SamplePeriod.FromHertz(Rate),
        Samples = samples,
        Scale = Scale,
        FirstIndex = firstIndex,
    };

    /// <summary>One second of wave, the one that begins that many seconds from now.</summary>
    public static SampleBlock Second(ViewerHost host, Signal signal, int second) =>
        Wave(signal, host.Now.Add(TimeSpan.FromSeconds(second)), Counting(second, Rate), (long)second * Rate);

    /// <summary>Samples that can be told apart: first, first + 1, …</summary>
    public static int[] Counting(int first, int count) => [.. Enumerable.Range(first, count)];

    public static NumericBlock Reading(Signal signal, UtcInstant time, long mantissa, sbyte exponent = 0, Validity validity = Validity.Valid) =>
        Readings(signal, new NumericReading(time, new Fixed(mantissa, exponent), validity, 5_000_000_000));

    public static NumericBlock Readings(Signal signal, params ImmutableArray<NumericReading> readings) => new()
    {
        Signal = signal.Number,
        Start = readings[0].Time,
        ClockEpoch = 1,
        Readings = readings,
    };

    public static AlertBlock Alert(UtcInstant time, string key, AlertPhase phase, string text = "SpO2 84 < 88", AlertPriority priority = AlertPriority.High) => new()
    {
        Signal = SignalNumber.None,
        Start = time,
        Device = Monitor,
        Alert = new Alert { Key = key, Phase = phase, Priority = priority, Text = text },
    };

    public static DeviceBlock Device(UtcInstant time, DeviceState state, string reason = "", bool named = true) => new()
    {
        Signal = SignalNumber.None,
        Start = time,
        Device = Monitor,
        State = state,
        Reason = reason,
        Identity = named ? new DeviceIdentity { Manufacturer = "Maker", Model = "MX1", SerialNumber = "S1", Firmware = "F1", Protocol = "P1" } : null,
    };

    public static async Task StoreAsync(this Store store, params Block[] blocks)
    {
        foreach (Block block in blocks)
        {
            await store.AppendAsync(block, CancellationToken.None);
        }

        await store.SyncAsync(CancellationToken.None);
    }

    public static UtcInstant Add(this UtcInstant time, TimeSpan span) => time.Add(span.Ticks * 100);
}
