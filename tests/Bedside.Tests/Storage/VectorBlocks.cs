using System.Collections.Immutable;
using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Tests.Storage;

/// <summary>The blocks behind <c>tests/vectors/*.bin</c>.</summary>
internal static class VectorBlocks
{
    private static readonly UtcInstant Start = SampleBlocks.Start;

    public static ImmutableSortedDictionary<string, Block> All { get; } = Samples().Concat(Others()).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static Dictionary<string, Block> Samples() => new()
    {
        ["samples-constant"] = SampleBlocks.Of([.. Enumerable.Repeat(-512, 500)]),
        ["samples-one"] = SampleBlocks.Of(2047),
        ["samples-verbatim-1"] = SampleBlocks.Of([.. Noise(1, 64, sbyte.MinValue, sbyte.MaxValue)]) with { Scale = null, DeviceNanoseconds = null },
        ["samples-verbatim-2"] = SampleBlocks.Of([.. Noise(2, 33, short.MinValue, short.MaxValue)]),
        ["samples-verbatim-4"] = SampleBlocks.Of([.. Noise(3, 16, int.MinValue, int.MaxValue)]) with { Period = new SamplePeriod(128, 125) },
        ["samples-rice-0"] = SampleBlocks.Of([.. Noise(4, 150, -6, 6)]),
        ["samples-rice-1"] = SampleBlocks.Of([.. Walk(5, 300)]),
        ["samples-rice-2"] = SampleBlocks.Of([.. Enumerable.Range(0, 257).Select(i => (int)(2000 * Math.Sin(i * 0.05)) + (i % 3 == 0 ? 1 : 0))]),
        ["samples-rice-3"] = SampleBlocks.Of([.. Enumerable.Range(0, 500).Select(i => (int)(1_000_000 * Math.Sin(i * 0.02)))]),
        ["samples-rice-escape"] = SampleBlocks.Of([.. Enumerable.Range(0, 192).Select(i => i is 70 or 140 ? 900_000_000 : i % 2)]),
        ["samples-rice-wrap"] = SampleBlocks.Of([.. Enumerable.Range(0, 200).Select(i => unchecked((i * 30_000_000) + int.MaxValue - 100))]),
        ["samples-rice-long-quotient"] = SampleBlocks.Of([.. Enumerable.Range(0, 128).Select(i => i == 77 ? 20 : i == 100 ? -19 : i % 5 == 0 ? 1 : 0)]),
        ["samples-validity"] = SampleBlocks.Of([.. Walk(6, 250)]) with
        {
            Start = new UtcInstant(-1),
            Period = SamplePeriod.FromHertz(125),
            UncertaintyMicroseconds = uint.MaxValue,
            ClockEpoch = uint.MaxValue,
            FirstIndex = 0,
            DeviceNanoseconds = -125_000,
            Validity =
            [
                new ValidityRun(0, 10, Validity.Invalid),
                new ValidityRun(10, 1, Validity.PacerMark | Validity.DemoData),
                new ValidityRun(249, 1, Validity.Saturated | Validity.Questionable),
            ],
        },
    };

    private static Dictionary<string, Block> Others() => new()
    {
        ["readings"] = new NumericBlock
        {
            Signal = new SignalNumber(40),
            Start = Start,
            UncertaintyMicroseconds = 20_000,
            ClockEpoch = 3,
            Readings =
            [
                new NumericReading(Start, new Fixed(80, 0), Validity.Valid, 86_400_000_125_000),
                new NumericReading(Start.Add(1_024_000_000), new Fixed(-950, -1), Validity.Questionable | Validity.DemoData, DeviceNanoseconds: null),
                new NumericReading(Start.Add(2_048_000_000), Value: null, Validity.NotAvailable, 86_402_048_125_000),
                new NumericReading(Start.Add(2_048_000_000), new Fixed(long.MaxValue, -18), Validity.Valid, 0),
                new NumericReading(Start.Add(3_072_000_001), new Fixed(long.MinValue, 127), Validity.InAlarm, -1),
            ],
        },
        ["alert"] = new AlertBlock
        {
            Signal = SignalNumber.None,
            Start = Start,
            ClockEpoch = 3,
            UncertaintyMicroseconds = 20_000,
            Device = "philips-intellivue",
            Alert = new Alert
            {
                Key = "0x0102/4711",
                Phase = AlertPhase.Update,
                Priority = AlertPriority.High,
                Text = "*** ASYSTOLIE — appel !",
                Code = 196_616,
                CodeName = "MDC_EVT_ECG_ASYSTOLE",
                Source = "ecg-ii",
                Silenced = true,
                Latched = true,
            },
        },
        ["signal"] = new SignalBlock
        {
            Signal = new SignalNumber(40),
            Start = Start,
            Description = new Signal(new SignalNumber(40), "hr@draeger-evita/2.1", "draeger-evita", new Metric
            {
                SignalId = "hr",
                Kind = SignalKind.Numeric,
                Code = 147_842,
                CodeName = "MDC_ECG_HEART_RATE",
                Unit = "/min",
                Channel = "2.1",
                Label = "FC",
                DeviceCode = "medibus:CP1:0x7A",
                ExpectedEvery = TimeSpan.FromTicks(10_240_001),
                DisplayMin = 30,
                DisplayMax = 220.5,
            }),
        },
        ["signal-least"] = new SignalBlock
        {
            Signal = new SignalNumber(41),
            Start = Start,
            Description = new Signal(new SignalNumber(41), "raw/philips/0xF001/NOM", "d", new Metric { SignalId = "raw/philips/0xF001/NOM", Kind = SignalKind.Waveform, Unit = string.Empty }),
        },
        ["device"] = new DeviceBlock
        {
            Signal = SignalNumber.None,
            Start = Start,
            Device = "philips-intellivue",
            State = DeviceState.Receiving,
            Reason = "Réanimation « lit 4 »",
            Identity = new DeviceIdentity
            {
                Manufacturer = "Philips",
                Model = "MP70",
                SerialNumber = "DE123",
                Firmware = "M.04.00",
                Protocol = "Data Export",
                Demo = true,
                Properties = ImmutableSortedDictionary<string, string>.Empty.Add("altitude", "0 m").Add("line-frequency", "50 Hz"),
            },
        },
        ["device-unplugged"] = new DeviceBlock { Signal = SignalNumber.None, Start = Start, Device = "d", State = DeviceState.Unplugged, Identity = null },
        ["clock"] = new ClockBlock
        {
            Signal = SignalNumber.None,
            Start = Start,
            ClockEpoch = 4,
            Device = "philips-intellivue",
            WallOffsetNanoseconds = -1_440_000_000_000_123,
            AnchorNanoseconds = 1_795_199_119_789_086_701,
            DriftPpm = -12.75,
            Reason = "jump",
        },
        ["gap"] = new GapBlock { Signal = new SignalNumber(7), Start = Start, Until = Start.Add(4_500_000_000), Cause = GapCause.DeviceSilent, Missing = 2250, Device = "philips-intellivue" },
        ["annotation"] = new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = Start,
            Key = "a-1",
            Kind = "suction",
            Text = "Aspiration\n\"longue\" \\ 2 min 🫁",
            Source = "bed",
            Until = Start.Add(120_000_000_001),
            Version = 2,
            Withdrawn = true,
        },
        ["annotation-open"] = new AnnotationBlock { Signal = new SignalNumber(7), Start = Start, Key = "a-2", Kind = "note", Source = "bed" },
        ["annotation-context"] = new AnnotationBlock
        {
            Signal = new SignalNumber(9),
            Start = Start,
            Key = "bed-1795285519789-x1",
            Kind = "probe-site",
            Source = "bed",
            Attributes = CodedAttributes.None.With("size", "adult").With("site", "finger-left"),
        },
        ["text"] = new TextBlock { Signal = new SignalNumber(12), Start = Start, Text = "SIMV", Code = 184_352, Validity = Validity.DemoData | Validity.Questionable },
    };

    /// <summary>A small generator of its own, so that the vectors do not depend on a library's.</summary>
    private static IEnumerable<int> Noise(uint seed, int count, int least, int most)
    {
        ulong state = seed;
        for (int i = 0; i < count; i++)
        {
            state = unchecked((state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407);
            yield return (int)(least + (long)((state >> 33) % (ulong)((long)most - least + 1)));
        }
    }

    private static IEnumerable<int> Walk(uint seed, int count)
    {
        int at = 512;
        foreach (int step in Noise(seed, count, -9, 9))
        {
            yield return at += step;
        }
    }
}
