using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.Ivy450c;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Ivy;

namespace Bedside.Tests.Ingest.Ivy450c;

/// <summary>Blocks and their lines, by the sheet's own words.</summary>
public class BlockTests
{
    private const string SheetText =
        "HR=1;80;ECG-II-DIAG;\rRR=1;35;APNEA: 20 SEC;\rETCO2=1;;;\rSPO2=1;100;PR=80 ;\rNIBP=4;121;75;92;80;;\rP1=3;111;73;88;;\rP2=3;;;;NO TRANSDUCER;\rT1=1;;;\r";

    private static readonly Ivy450cDriver Driver = new();

    [Fact]
    public void The_lines_of_the_sheet_are_read()
    {
        Ear ear = Hear(Block(SheetText));
        Assert.Equal(
            ["hr=80 /min", "resp-rate=35 /min", "etco2= ", "spo2=100 %", "pr-spo2=80 /min", "nibp-sys=121 mm[Hg]", "nibp-dia=75 mm[Hg]", "nibp-mean=92 mm[Hg]", "pr-nibp=80 /min", "ibp-sys=111 mm[Hg]", "ibp-dia=73 mm[Hg]", "ibp-mean=88 mm[Hg]", "ibp-sys= mm[Hg]", "ibp-dia= mm[Hg]", "ibp-mean= mm[Hg]", "temp= "],
            ear.Of<DeviceEvent.Numeric>().Select(numeric => $"{numeric.Metric.SignalId}={numeric.Value} {numeric.Metric.Unit}"));
        Assert.Equal(
            ["HR:status=1", "HR:label=ECG-II-DIAG", "RR:status=1", "RR:label=APNEA: 20 SEC", "ETCO2:status=1", "SPO2:status=1", "NIBP:status=4", "P1:status=3", "P2:status=3", "P2:label=NO TRANSDUCER", "T1:status=1"],
            ear.Of<DeviceEvent.Text>().Select(text => $"{text.Metric.DeviceCode["ivy-450c:".Length..]}={text.Value}"));
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Empty(ear.Of<DeviceEvent.AlertSaid>());
    }

    /// <summary>The simulator, written from the sheet, writes the sheet's own lines; so does the driver's own writer, byte for byte.</summary>
    [Fact]
    public void The_sheets_block_is_written_as_it_is_read()
    {
        var block = new AnsarBlock();
        block.Wave(AnsarBlock.EcgSamples, i => i);
        for (int wave = 0; wave < 4; wave++)
        {
            block.Wave(AnsarBlock.SlowSamples, wave == 3 ? null : i => 100 + i);
        }

        block.Line("HR", 1, [80], "ECG-II-DIAG");
        block.Line("RR", 1, [35], "APNEA: 20 SEC");
        block.Line("ETCO2", 1, [null], "");
        block.Line("SPO2", 1, [100], "PR=80 ");
        block.Line("NIBP", 4, [121, 75, 92, 80], "");
        block.Line("P1", 3, [111, 73, 88], "");
        block.Line("P2", 3, [null, null, null], "NO TRANSDUCER");
        block.Line("T1", 1, [null], "");
        byte[] bytes = block.ToBytes();
        Assert.Equal(SheetText, Encoding.ASCII.GetString(bytes.AsSpan(409, bytes.Length - 410)));
        Assert.Equal(bytes, Frame.Write(bytes.AsSpan(9, 400), bytes.AsSpan(409, bytes.Length - 410)));
        Assert.Equal(561, Frame.Write(new byte[400], Encoding.ASCII.GetBytes(SheetText + "T2=1;;;\r")).Length - 1);
    }

    [Theory]
    [InlineData("ECG-I-MON", "ecg-i")]
    [InlineData("ECG-AVR-DIAG", "ecg-avr")]
    [InlineData("ECG-V5-DIAG", "ecg-v5")]
    [InlineData("ECG-X-DIAG", "ecg-unspecified")]
    [InlineData("", "ecg-unspecified")]
    public void The_label_of_the_heart_rate_names_the_lead(string label, string id) =>
        Assert.Equal(id, Hear(Block($"HR=1;80;{label};\r")).Of<DeviceEvent.Samples>().First().Metric.SignalId);

    [Fact]
    public void A_channel_that_is_off_gives_no_samples_and_is_missing_once_it_was_on()
    {
        Ear ear = Hear(Block(SheetText), Block(SheetText, Enumerable.Repeat((byte)0xFB, 400)), Block(SheetText));
        Assert.Equal([0UL, 2_000_000_000UL], ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "pleth").Select(samples => samples.At?.Counter ?? 9));
        Assert.Contains(ear.Of<DeviceEvent.Missing>(), missing => missing is { Metric.SignalId: "ecg-ii", Cause: GapCause.SignalOff, Count: 200 });
    }

    [Fact]
    public void A_block_that_lost_its_last_byte_ends_where_the_next_begins()
    {
        Ear ear = Hear([.. Block(SheetText)[..^1], .. Block(SheetText)]);
        Assert.Equal(2, ear.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "hr"));
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void A_wave_with_a_byte_too_few_is_not_believed_and_the_seconds_go_on()
    {
        byte[] good = Block(SheetText);
        Ear ear = Hear(good, [.. good[..100], .. good[101..]], good);
        Assert.Equal([0UL, 2_000_000_000UL], ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "ecg-ii").Select(samples => samples.At?.Counter ?? 9));
        Assert.Single(ear.Of<DeviceEvent.Fault>());
        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void Bytes_between_blocks_begin_the_count_of_seconds_anew()
    {
        Ear ear = Hear(Block(SheetText), [1, 2, 3], Block(SheetText));
        Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.Contains("3 bytes", Assert.Single(ear.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
        Assert.Equal(2, ear.Of<DeviceEvent.Samples>().Count(samples => samples.At?.Counter == 0 && samples.Metric.SignalId == "ecg-ii"));
    }

    [Fact]
    public void An_alarm_begins_and_ends_with_its_field()
    {
        string alarm = SheetText.Replace("DIAG;", "DIAG;HR HIGH;", StringComparison.Ordinal);
        Ear ear = Hear(Block(SheetText), Block(alarm), Block(alarm), Block(SheetText));
        Assert.Equal([(AlertPhase.Start, "HR: HR HIGH"), (AlertPhase.End, "HR: HR HIGH")], ear.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Phase, said.Alert.Text)));
    }

    [Fact]
    public void A_line_that_nobody_knows_is_kept_from_its_second_time_on()
    {
        const string strange = SheetText + "ZZ=7;12;SOMETHING;\r";
        Ear ear = Hear(Block(strange), Block(strange));
        DeviceEvent.Text kept = Assert.Single(ear.Of<DeviceEvent.Text>(), text => text.Metric.SignalId == "raw/ivy-450c/ZZ/line");
        Assert.Equal("7;12;SOMETHING;", kept.Value);
        Assert.DoesNotContain(Hear(Block(strange), Block(SheetText), Block(strange)).Of<DeviceEvent.Text>(), text => text.Metric.SignalId.Contains("ZZ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_field_that_is_no_number_is_a_fault_and_no_value()
    {
        Ear ear = Hear(Block(SheetText.Replace("HR=1;80", "HR=1;8O", StringComparison.Ordinal)));
        Assert.Contains("'8O'", Assert.Single(ear.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(ear.Of<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "hr");
    }

    [Fact]
    public void The_cuff_is_told_when_it_changes()
    {
        string next = SheetText.Replace("121;75", "119;75", StringComparison.Ordinal);
        Ear ear = Hear(Block(SheetText), Block(SheetText), Block(next), Block(next));
        Assert.Equal(["121", "119"], ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId == "nibp-sys").Select(numeric => numeric.Value?.ToString()));
    }

    [Fact]
    public void Two_blocks_are_enough_to_know_it_and_one_is_not()
    {
        byte[] block = Block(SheetText);
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(block, Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. block[300..], .. block, .. block], Transport.Serial));
        Assert.Equal(Verdict.No, Driver.Sniff([.. block, .. block], Transport.Udp));
        Assert.Empty(Driver.Traits.Outgoing);
    }

    [Fact]
    public void A_device_that_falls_silent_in_a_block_is_lost_and_found_again()
    {
        var ear = new Ear(Driver);
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial));
        byte[] block = Block(SheetText);
        session.OnChunk(At(0, block), ear);
        session.OnChunk(At(1, block[..200]), ear);
        for (int tenth = 11; tenth < 60; tenth++)
        {
            session.OnChunk(new Chunk(new MonotonicInstant(tenth * 100_000_000L), default), ear);
        }

        session.OnChunk(At(7, block), ear);
        Assert.Equal([true, false, true], ear.Of<DeviceEvent.Link>().Select(link => link.Receiving));
        Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.Contains(ear.Of<DeviceEvent.Fault>(), fault => fault.Reason.Contains("stopped", StringComparison.Ordinal));
    }

    private static Chunk At(double seconds, byte[] bytes) => new(new MonotonicInstant((long)(seconds * 1e9)), bytes);

    private static Ear Hear(params byte[][] blocks) => Ear.Hears(Driver, Transport.Serial, blocks);

    private static byte[] Block(string text, IEnumerable<byte>? waves = null) =>
        [0xFF, .. "ANSAR-B "u8, .. waves ?? Enumerable.Range(0, 400).Select(i => (byte)(i < 350 ? i % 200 : 0xFB)), .. Encoding.ASCII.GetBytes(text), 0xFE];
}
