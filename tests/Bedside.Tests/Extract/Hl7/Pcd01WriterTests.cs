using System.Text;
using Bedside.Extract.Hl7;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Model;
using Bedside.Storage.Feeding;
using Bedside.Tests.Ingest.Hl7;

namespace Bedside.Tests.Extract.Hl7;

public sealed class Pcd01WriterTests
{
    private const long Second = 1_000_000_000;
    private static readonly UtcInstant From = new(1_795_285_500_000_000_000);
    private const Validity AllMarks = Validity.Invalid | Validity.Questionable | Validity.NotAvailable | Validity.CalibrationOngoing | Validity.TestData | Validity.DemoData
        | Validity.ValidatedData | Validity.EarlyIndication | Validity.MeasurementOngoing | Validity.InAlarm | Validity.AlarmInhibited;

    private static readonly Pcd01Writer Writer = new(new Pcd01Settings("box-7", "5"));

    private static readonly Signal[] Signals =
    [
        new(new SignalNumber(1), "hr", "philips-intellivue", new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", Code = 147842, CodeName = "MDC_SOMETHING_ELSE" }),
        new(new SignalNumber(2), "raw/draeger/CP1-0x7A/odd", "draeger-medibus", new Metric { SignalId = "raw/draeger/CP1-0x7A/odd", Kind = SignalKind.Numeric, Unit = "mbar", DeviceCode = "medibus:CP1:0x7A", CodeName = "odd|one^&~\\" }),
        new(new SignalNumber(3), "ecg-ii", "philips-intellivue", new Metric { SignalId = "ecg-ii", Kind = SignalKind.Waveform, Unit = "mV", Code = 131330 }),
        new(new SignalNumber(4), "raw/draeger/CP3/mode", "draeger-medibus", new Metric { SignalId = "raw/draeger/CP3/mode", Kind = SignalKind.Text, Unit = string.Empty, DeviceCode = "medibus:CP3", CodeName = "mode" }),
    ];

    [Fact]
    public void A_message_holds_what_the_profile_asks_for_and_nothing_of_a_patient()
    {
        FeedPart part = Part(
            Numeric(1, new NumericReading(From.Add(Second), new Fixed(800, -1), Validity.DemoData, DeviceNanoseconds: null)),
            Numeric(2, new NumericReading(From.Add((2 * Second) + 49_999), Value: null, Validity.NotAvailable, DeviceNanoseconds: null)));
        string[] rows = Encoding.UTF8.GetString(Writer.Write(part, Signals)!).Split('\r');
        Assert.Equal(
            [
                @"MSH|^~\&|BEDSIDE^box-7^L||||20261121182512.0000+0000||ORU^R01^ORU_R01|0123456789abcdef0123|P|2.6|||AL|NE||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
                "PV1||I|^^5",
                "OBR|1|0123456789abcdef0123.1^BEDSIDE|0123456789abcdef0123.1^BEDSIDE|69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|||20261121182500.0000+0000|20261121182510.0000+0000",
                "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||philips-intellivue^box-7",
                "OBX|2||69798^MDC_DEV_ECG_VMD^MDC|1.1.0.0|||||||X",
                "OBX|3||69799^MDC_DEV_ECG_CHAN^MDC|1.1.1.0|||||||X",
                "OBX|4||draeger-medibus^draeger-medibus^99BEDSIDE|2.0.0.0|||||||X|||||||draeger-medibus^box-7",
                "OBX|5||vmd^other^99BEDSIDE|2.6.0.0|||||||X",
                "OBX|6||channel^other^99BEDSIDE|2.6.1.0|||||||X",
                "OBX|7|NM|147842^MDC_ECG_HEART_RATE^MDC^hr^^99BEDSIDE-ID|1.1.1.1|80.0|264864^MDC_DIM_BEAT_PER_MIN^MDC^/min^/min^UCUM||DEMO|||R|||20261121182501.0000+0000||||philips-intellivue^box-7",
                @"OBX|8|NM|medibus:CP1:0x7A^odd\F\one\S\\T\\R\\E\^99BEDSIDE^raw/draeger/CP1-0x7A/odd^^99BEDSIDE-ID|2.6.1.2||266098^MDC_DIM_MILLI_BAR^MDC^mbar^mbar^UCUM||NAV|||X|||20261121182502.0000+0000||||draeger-medibus^box-7",
                string.Empty,
            ],
            rows);
    }

    [Fact]
    public void What_is_written_is_read_again_value_by_value_in_order()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            FeedPart part = RandomPart(random, waves: true);
            byte[] message = Writer.Write(part, Signals)!;
            Assert.Equal(message, Writer.Write(part, Signals));
            var said = Said.Hears(Encoding.UTF8.GetString(message));
            Assert.Empty(said.Of<DeviceEvent.Fault>());
            foreach ((uint signal, string id) in new[] { (1U, "hr"), (2U, "raw/99bedside/medibus-CP1-0x7A/odd-one") })
            {
                NumericReading[] wanted = [.. part.Blocks.OfType<NumericBlock>().Where(block => block.Signal.Value == signal).SelectMany(block => block.Readings).OrderBy(reading => reading.Time)];
                DeviceEvent.Numeric[] read = [.. said.Of<DeviceEvent.Numeric>().Where(one => one.Metric.SignalId == id)];
                Assert.Equal(wanted.Select(reading => (reading.Value?.ToString(), reading.Validity)), read.Select(one => (one.Value?.ToString(), one.Validity)));
                Assert.All(wanted.Zip(read), pair => Assert.InRange(Math.Abs((long)pair.Second.At!.Value.Counter - pair.First.Time.UnixNanoseconds), 0, 50_000));
                Assert.All(read, one => Assert.Equal(signal == 1 ? (147842U, "/min") : (0U, "mbar"), (one.Metric.Code, one.Metric.Unit)));
            }

            Assert.Equal(
                part.Blocks.OfType<TextBlock>().Select(text => (text.Text, text.Code)),
                said.Of<DeviceEvent.Text>().Select(text => (text.Value, text.Code)));
        }
    }

    [Fact]
    public void Samples_are_read_again_with_their_places_and_their_gaps()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            FeedPart part = RandomPart(random, waves: true);
            var said = Said.Hears(Encoding.UTF8.GetString(Writer.Write(part, Signals)!));
            var wanted = new List<(long Time, decimal Value)>();
            foreach (SampleBlock block in part.Blocks.OfType<SampleBlock>())
            {
                for (int i = 0; i < block.Samples.Length; i++)
                {
                    if (Mark(block, i).IsUsable())
                    {
                        wanted.Add((block.TimeOf(i).UnixNanoseconds, block.Samples.Span[i] * 0.005m));
                    }
                }
            }

            var read = new List<(long Time, decimal Value)>();
            foreach (DeviceEvent.Samples samples in said.Of<DeviceEvent.Samples>())
            {
                Assert.Equal(("ecg-ii", "mV", SamplePeriod.FromHertz(50)), (samples.Metric.SignalId, samples.Metric.Unit, samples.Period));
                for (int i = 0; i < samples.Raw.Length; i++)
                {
                    if (samples.Runs.FirstOrDefault(run => i >= run.Start && i < run.Start + run.Length).Validity.IsUsable())
                    {
                        read.Add(((long)samples.At!.Value.Counter + samples.Period.NanosecondsOf(i), samples.Raw.Span[i] * (decimal)samples.Scale!.Value.Gain));
                    }
                }
            }

            Assert.Equal(wanted.Select(one => one.Value), read.Select(one => one.Value));

            // One stretch is placed by its first sample: within the two periods that senders are allowed to wander.
            Assert.All(wanted.Zip(read), pair => Assert.InRange(Math.Abs(pair.First.Time - pair.Second.Time), 0, 40_000_000));
        }
    }

    [Fact]
    public void A_scale_that_no_decimal_holds_is_written_so_that_counts_are_told_apart()
    {
        SampleBlock wave = Wave(0, [1, 2, -3, 2047], From) with { Scale = new Scale(40.0 / 4095, 1.0 / 3) };
        var said = Said.Hears(Encoding.UTF8.GetString(Writer.Write(Part(wave), Signals)!));
        DeviceEvent.Samples read = Assert.Single(said.Of<DeviceEvent.Samples>());
        Assert.All(wave.Samples.ToArray().Zip(read.Raw.ToArray()), pair => Assert.Equal(pair.First, (int)Math.Round(((pair.Second * read.Scale!.Value.Gain) - (1.0 / 3)) / (40.0 / 4095))));
    }

    [Fact]
    public void The_largest_part_is_a_message_that_this_box_takes()
    {
        var random = new Random(3);
        int[] samples = [.. Enumerable.Range(0, 40_000).Select(_ => random.Next(-32_768, 32_767))];
        NumericReading[] readings = [.. Enumerable.Range(0, 1_500).Select(i => new NumericReading(From.Add(i * 6_000_000L), new Fixed(random.NextInt64(1_000_000), -3), AllMarks, DeviceNanoseconds: null))];
        byte[] message = Writer.Write(Part(Numeric(2, readings), Wave(0, samples, From)), Signals)!;
        var read = Hl7Message.Read(message);
        Assert.Null(read.Rejection);
        Assert.Empty(read.Faults);
        Assert.InRange(message.Length, 1, Hl7Limits.Default.MessageBytes);
    }

    [Fact]
    public void Nothing_in_a_text_ends_a_field_a_segment_or_a_frame()
    {
        const string Text = "a|b^c&d~e\\f\rOBX|1\n\u000b\u001c\r é€ \u0085 end";
        byte[] message = Writer.Write(Part(new TextBlock { Signal = new SignalNumber(4), Start = From, Text = Text }), Signals)!;
        Assert.False(message.AsSpan().ContainsAny((byte)0x0B, (byte)0x1C, (byte)'\n'));
        DeviceEvent.Text read = Assert.Single(Said.Hears(Encoding.UTF8.GetString(message)).Of<DeviceEvent.Text>());

        // A line break is told as one and read as one.
        Assert.Equal(Text.Replace('\r', '\n'), read.Value);
    }

    [Fact]
    public void A_name_is_called_an_EUI_only_where_it_has_the_form_of_one()
    {
        Assert.Equal("EUI-64", new Pcd01Settings("080019FFFE134535", "5").UniversalType);
        Assert.Equal("L", new Pcd01Settings("box-of-bed-000005", "5").UniversalType);
        string place = Encoding.UTF8.GetString(new Pcd01Writer(new Pcd01Settings("b", "ICU|1^^5")).Write(Part(Numeric(1, new NumericReading(From, new Fixed(1, 0), Validity.Valid, DeviceNanoseconds: null))), Signals)!);
        Assert.Contains("\rPV1||I|ICU\\F\\1^^5\r", place, StringComparison.Ordinal);
    }

    private static Validity Mark(SampleBlock block, int index) => block.Validity.FirstOrDefault(run => index >= run.Start && index < run.Start + run.Length).Validity;

    private static FeedPart Part(params Block[] blocks) => new("0123456789abcdef0123456789abcdef01234567", From, From.Add(10 * Second), From.Add(12 * Second), blocks);

    private static NumericBlock Numeric(uint signal, params NumericReading[] readings) => new() { Signal = new SignalNumber(signal), Start = readings[0].Time, Readings = [.. readings] };

    private static SampleBlock Wave(long index, int[] samples, UtcInstant start) => new()
    {
        Signal = new SignalNumber(3),
        Start = start,
        ClockEpoch = 1,
        Period = SamplePeriod.FromHertz(50),
        Samples = samples,
        Scale = new Scale(0.005, 0),
        FirstIndex = index,
    };

    private static FeedPart RandomPart(Random random, bool waves)
    {
        var blocks = new List<Block>();
        Validity[] marks = [Validity.Valid, Validity.Questionable, Validity.TestData | Validity.InAlarm, Validity.DemoData, Validity.EarlyIndication | Validity.ValidatedData, Validity.Invalid, Validity.MeasurementOngoing];
        for (uint signal = 1; signal <= 2; signal++)
        {
            int count = random.Next(1, 30);
            long at = From.UnixNanoseconds;
            blocks.Add(Numeric(signal, [.. Enumerable.Range(0, count).Select(i =>
            {
                at += random.NextInt64(100_000, 300_000_000);
                Validity mark = marks[random.Next(marks.Length)];
                bool isBlank = i > 0 && random.Next(6) == 0;
                return new NumericReading(new UtcInstant(at), isBlank ? null : new Fixed(random.NextInt64(0, 400), (sbyte)-random.Next(0, 3)), isBlank ? Validity.NotAvailable : mark, DeviceNanoseconds: null);
            })]));
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            blocks.Add(new TextBlock { Signal = new SignalNumber(4), Start = From.Add((4 - i) * Second), Text = $"mode {i} é", Code = (uint)random.Next(2) * 77 });
        }

        long index = 0;
        UtcInstant start = From;
        for (int i = waves ? random.Next(1, 8) : 0; i > 0; i--)
        {
            int[] samples = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(-500, 500))];
            ValidityRun[] runs = random.Next(2) == 0 || samples.Length < 12 ? [] : [new ValidityRun(random.Next(0, 3), 3, Validity.Invalid), new ValidityRun(8, random.Next(1, 4), Validity.DemoData | Validity.PacerMark)];
            blocks.Add(Wave(index, samples, start.Add(random.Next(-200_000, 200_000))) with { Validity = [.. runs] });
            long hole = random.Next(3) == 0 ? random.Next(5, 40) : 0;
            index += samples.Length + hole;
            start = From.Add(SamplePeriod.FromHertz(50).NanosecondsOf(index));
        }

        return Part([.. blocks]);
    }
}
