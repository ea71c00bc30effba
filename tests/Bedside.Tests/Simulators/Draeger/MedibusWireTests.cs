using System.Text;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;
using Xunit;

namespace Bedside.Tests.Simulators.Draeger;

/// <summary>The worked examples of the protocol sheet, byte for byte.</summary>
public sealed class MedibusWireTests
{
    private static readonly VentilatorReadings Standby = new(new Patient(1), 0, new VentilatorCondition(Standby: true, Disconnected: false, Co2Off: false, AirSupplyLost: false));

    [Theory]
    [InlineData(0x30, "1B3034420D", "013033310D")]
    [InlineData(0x51, "1B5136430D", "015135320D")]
    [InlineData(0x52, "1B5236440D", "015235330D")]
    [InlineData(0x55, "1B5537300D", "015535360D")]
    [InlineData(0x56, "1B5637310D", "015635370D")]
    [InlineData(0x49, "1B4936340D", "014934410D")]
    [InlineData(0x24, "1B2433460D", "012432350D")]
    [InlineData(0x25, "1B2534300D", null)]
    [InlineData(0x26, "1B2634310D", null)]
    [InlineData(0x27, "1B2734320D", null)]
    [InlineData(0x28, "1B2834330D", null)]
    [InlineData(0x29, "1B2934340D", null)]
    [InlineData(0x2A, "1B2A34350D", null)]
    [InlineData(0x2B, "1B2B34360D", null)]
    [InlineData(0x2C, "1B2C34370D", null)]
    [InlineData(0x2D, "1B2D34380D", null)]
    [InlineData(0x2E, "1B2E34390D", null)]
    [InlineData(0x53, "1B5336450D", null)]
    [InlineData(0x15, null, "011531360D")]
    public void Bare_frames_have_the_checksums_of_the_sheet(byte code, string? command, string? response)
    {
        Assert.Equal(command ?? Hex(MedibusFrame.Command(code)), Hex(MedibusFrame.Command(code)));
        Assert.Equal(response ?? Hex(MedibusFrame.Response(code)), Hex(MedibusFrame.Response(code)));
    }

    [Theory]
    [InlineData(0x52, "0161'Bedside'01.00:06.00", "015230313631274265647369646527" + "30312E30303A30362E3030" + "33360D")]
    [InlineData(0x24, "EB 98 E1 70 ", "0124454220393820453120373020" + "37410D")]
    [InlineData(0x24, "EB 98 ", "012445422039382035440D")]
    [InlineData(0x26, "7D 40 ", "012637442034302034360D")]
    [InlineData(0x24, "7D 22 B9 7.5", "01243744203232204239" + "20372E3537390D")]
    [InlineData(0x28, "11:11:1911-NOV-93", "012831313A31313A313931312D4E4F562D393345360D")]
    public void Responses_of_the_sheet_are_made(byte echo, string payload, string hex) =>
        Assert.Equal(hex, Hex(MedibusFrame.Response(echo, payload)));

    [Fact]
    public void Configuration_commands_of_the_sheet_are_made_and_read()
    {
        Assert.Equal("1B4A2445423130" + "0D", Hex(MedibusFrame.Command(0x4A, Encoding.ASCII.GetBytes("$EB"))));
        Assert.Equal("1B4A2438390D", Hex(MedibusFrame.Command(0x4A, "$"u8)));
        Assert.Equal("014A34420D", Hex(MedibusFrame.Response(0x4A)));
        Assert.Equal("1B543030303230363033" + "46410D", Hex(MedibusFrame.Command(0x54, "00020603"u8)));
        Assert.Equal("015435350D", Hex(MedibusFrame.Response(0x54)));
        Assert.EndsWith("35320D", Hex(MedibusFrame.Command(0x54, "00010101030106011C01"u8)), StringComparison.Ordinal);
        Assert.EndsWith("44410D", Hex(MedibusFrame.Response(0x52, Evita4.Model(oximeter: false).Identification)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_request_for_identification_stands_inside_the_answer_to_ICC() =>
        Assert.Equal("0151" + "1B5236440D" + "35320D", Hex(MedibusFrame.Embed(MedibusFrame.Response(0x51), MedibusFrame.Command(0x52), 2)));

    [Fact]
    public void Alarms_settings_and_texts_of_the_sheet_are_made()
    {
        string alarms = $"{MedibusText.Priority(30)}10{MedibusText.Phrase("PAW HIGH")}{MedibusText.Priority(29)}90{MedibusText.Phrase("RESP RATE HI")}";
        Assert.Equal("01274E313050415720484947482020202" + "04D3930524553502052415445204849" + "36430D", Hex(MedibusFrame.Response(0x27, alarms)));
        string settings = $"01{MedibusText.Field("_XXX_", 40)}0B{MedibusText.Field("_XX.X", 5)}";
        Assert.Equal("0129303120203430203042" + "2020352E3039340D", Hex(MedibusFrame.Response(0x29, settings)));
        string texts = MedibusText.Message("0E", "Mode BIPAP") + MedibusText.Message("23", "kPa");
        Assert.Equal("012A30453A4D6F646520424950415003" + "3233336B50610341350D", Hex(MedibusFrame.Response(0x2A, texts)));
    }

    [Theory]
    [InlineData("_XX_", 22, " 22 ")]
    [InlineData("*XXX_", 5, "  5 ")]
    [InlineData("*_XXX", -8, "-  8")]
    [InlineData("*XXX_", -8, "- 8 ")]
    [InlineData("XX.X", 7.54, " 7.5")]
    [InlineData("X.XX", 0.456, "0.46")]
    [InlineData("*XXX_", -0.2, "  0 ")]
    [InlineData("XXXX", 1234, "1234")]
    [InlineData("X.XX", 12.0, null)]
    [InlineData("XXX_", -3, null)]
    [InlineData("*XXX_", -100, null)]
    public void A_value_stands_in_its_field_or_is_left_out(string pattern, double value, string? field) =>
        Assert.Equal(field, MedibusText.Field(pattern, value));

    [Theory]
    [InlineData(3, false, true, "23:59:0701-MAR-26")]
    [InlineData(5, false, true, "23:59:0701-MAI-26")]
    [InlineData(10, false, true, "23:59:0701-OKT-26")]
    [InlineData(10, true, true, "23:59:0701-OCT-26")]
    [InlineData(12, false, false, "23:5901-DEZ-26")]
    public void Months_are_German_unless_told_otherwise(int month, bool english, bool seconds, string text) =>
        Assert.Equal(text, MedibusText.Time(new DateTime(2026, month, 1, 23, 59, 7, DateTimeKind.Utc), english, seconds));

    [Fact]
    public void The_realtime_configuration_of_the_sheet_is_made()
    {
        RealtimeTrace[] traces = [Trace("00", 16000, "-  10", "  100", 0x370), Trace("06", 16000, "-  20", "  100", 0x460)];

        string payload = new RealtimeStreams(expirationMarks: false).Describe(traces);

        Assert.Equal("00   16000-  10  100370" + "06   16000-  20  100460", payload);
        Assert.EndsWith("33420D", Hex(MedibusFrame.Response(0x53, payload)), StringComparison.Ordinal);
        Assert.Equal((81, 84), (traces[0].Bin(0.125), traces[0].Bin(0.5)));
        Assert.Equal(205, traces[1].Bin(1.964));
        Assert.Equal((0, 4095), (traces[0].Bin(-50), traces[0].Bin(5000)));
    }

    [Fact]
    public void Realtime_records_of_the_sheet_are_made()
    {
        Assert.Equal("D391818D83", Records([[81, 205]])[0]);
        Assert.Equal("D19481", Records([[84, null]])[0]);
        Assert.Equal("D28E83", Records([[null, 206]])[0]);
        Assert.Equal("D5B0A38BBC", Records([[0x8F0, null, 0xF0B]])[0]);
    }

    [Fact]
    public void A_stream_beyond_the_fourth_is_announced_only_when_that_changes()
    {
        string[] records = Records([[640, 1820, 450, 380, 650], [641, 1830, 455, null, 651], [1, 2, 3, 4, null], [1, 2, 3, 4, null]]);

        Assert.Equal(["DFC4C1808A9C9C8287BC858A8A", "D7818AA69C87878B8A", "DFC4C0818082808380" + "8480", "DF8180828083808480"], records);
    }

    [Fact]
    public void Twelve_streams_are_announced_in_their_groups() =>
        Assert.Equal("DFC4CFC5C9" + string.Concat(Enumerable.Range(1, 9).Select(n => $"{0x80 + n:X2}80")) + "8C80", Records([[1, 2, 3, 4, 5, 6, 7, 8, 9, null, null, 12]])[0]);

    [Fact]
    public void The_start_of_a_breath_is_marked_in_the_record()
    {
        var patient = new Patient(1);
        (long start, long expiration, _) = patient.BreathAt(60_000_000_000);

        Assert.Equal("D3C6C090818A83", MarkAt(patient, start + 3_000_000, expirationMarks: false));
        Assert.Equal("D390818A83", MarkAt(patient, expiration + 3_000_000, expirationMarks: false));
        Assert.Equal("D3C6C190818A83", MarkAt(patient, expiration + 3_000_000, expirationMarks: true));
        Assert.Equal("D390818A83", MarkAt(patient, expiration - 40_000_000, expirationMarks: true));
    }

    [Fact]
    public void Multipliers_take_every_nth_sample_and_a_tick_without_a_stream_sends_nothing()
    {
        RealtimeTrace[] traces = [Trace("00", 16000, "    0", " 4095", 0xFFF, 1), Trace("06", 16000, "    0", " 4095", 0xFFF, 2)];
        var streams = new RealtimeStreams(expirationMarks: false);
        streams.Describe(traces);
        streams.Select("00020603"u8, traces);
        Enable(streams, 3);

        long[] ticks = new long[7];
        string[] records = new string[7];
        for (int i = 0; i < 7; i++)
        {
            ticks[i] = streams.NextTick;
            records[i] = Hex(streams.Tick(Standby));
        }

        Assert.Equal([16, 32, 48, 64, 80, 96, 112], ticks.Select(tick => tick / 1_000_000));
        Assert.Equal(["", "D18180", "D28280", "D18180", "", "D381808280", ""], records);
    }

    [Fact]
    public void Nothing_flows_before_it_was_asked_for_selected_and_enabled()
    {
        RealtimeTrace[] traces = [Trace("00", 16000, "    0", " 4095", 0xFFF, 1)];
        var streams = new RealtimeStreams(expirationMarks: false);
        streams.Select("0001"u8, traces);
        Enable(streams, 1);
        Assert.False(streams.Runs);
        streams.Describe(traces);
        streams.Select("0001"u8, traces);
        Assert.False(streams.Runs);
        Enable(streams, 1);
        Assert.True(streams.Runs);
        streams.Select("0001"u8, traces);
        Assert.False(streams.Runs);
    }

    [Fact]
    public void A_record_and_a_command_come_to_stand_in_the_middle_of_a_response()
    {
        var line = new MedibusLine(byteTime: 573_000);
        line.Response(0, MedibusFrame.Response(0x24, "7D 22 B9 7.5"));
        byte[] begun = [.. Enumerable.Range(0, 6).Select(_ => line.Take())];
        Assert.True(line.Realtime(0, [0xD1, 0x94, 0x81]));
        line.Command(0, MedibusFrame.Command(0x30));
        var all = new List<byte>(begun);
        while (line.Due != long.MaxValue)
        {
            all.Add(line.Take());
        }

        Assert.Equal("012437442032" + "D19481" + "1B3034420D" + "322042392037" + "2E3537390D", Hex([.. all]));
        Assert.Equal(25 * 573_000L, line.Due == long.MaxValue ? all.Count * 573_000L : 0);
    }

    [Fact]
    public void A_line_that_is_too_slow_loses_whole_records()
    {
        var line = new MedibusLine(byteTime: 1_000_000);
        byte[] record = [0xD1, 0x94, 0x81];
        int kept = Enumerable.Range(0, 40).Count(_ => line.Realtime(0, record));

        Assert.Equal(MedibusLine.RealtimeCapacity / 3, kept);
    }

    [Fact]
    public void The_hosts_bytes_are_taken_apart_however_they_are_mixed_and_cut()
    {
        // The answer to our 52H, with a realtime enable sequence and a poll inside it.
        byte[] answer = MedibusFrame.Response(0x52, "0161'Bedside'01.00:06.00");
        byte[] mixed = [.. answer[..7], 0xD0, 0xC1, 0xC3, .. MedibusFrame.Command(0x24)[..3], 0xC0, 0xC0, .. MedibusFrame.Command(0x24)[3..], .. answer[7..], 0x1B, 0x24, 0x33, 0x45, 0x0D];
        foreach (int piece in new[] { 1, 2, 5, mixed.Length })
        {
            var receiver = new MedibusReceiver();
            HostMessage[] messages = [.. mixed.Chunk(piece).SelectMany(receiver.Take)];

            Assert.Equal("D0C1C3C0C0", Hex([.. messages.Where(message => message.Kind == HostSaid.Realtime).Select(message => message.Code)]));
            Assert.Equal(
                [HostSaid.Command, HostSaid.Response, HostSaid.CorruptCommand],
                messages.Where(message => message.Kind != HostSaid.Realtime).Select(message => message.Kind));
            Assert.Equal("0161'Bedside'01.00:06.00", Encoding.ASCII.GetString(messages.Single(message => message.Kind == HostSaid.Response).Rest));
        }
    }

    private static string MarkAt(Patient patient, long time, bool expirationMarks)
    {
        RealtimeTrace[] traces = [Trace("00", 16000, "    0", " 4095", 0xFFF, 80), Trace("06", 16000, "    0", " 4095", 0xFFF, 202)];
        var streams = new RealtimeStreams(expirationMarks);
        streams.Describe(traces);
        streams.Select("00010601"u8, traces);
        Enable(streams, 3);
        return Hex(streams.Tick(new VentilatorReadings(patient, time, default)));
    }

    /// <summary>One record for each row of bins; null = missing.</summary>
    private static string[] Records(int?[][] rows)
    {
        int row = 0;
        RealtimeTrace[] traces = [.. Enumerable.Range(0, rows[0].Length).Select(i => Trace($"{i:X2}", 16000, "    0", " 4095", 0xFFF) with { Value = _ => rows[row][i] })];
        var streams = new RealtimeStreams(expirationMarks: false);
        streams.Describe(traces);
        streams.Select(Encoding.ASCII.GetBytes(string.Concat(traces.Select(trace => $"{trace.Code}01"))), traces);
        Enable(streams, 15);
        Enable(streams, 15, group: 2);
        Enable(streams, 15, group: 3);
        var records = new List<string>();
        for (; row < rows.Length; row++)
        {
            records.Add(Hex(streams.Tick(Standby)));
        }

        return [.. records];
    }

    private static void Enable(RealtimeStreams streams, int mask, int group = 1)
    {
        foreach (byte one in new byte[] { 0xD0, (byte)(0xC0 | group), (byte)(0xC0 | mask), 0xC0, 0xC0 })
        {
            streams.TakeHostByte(one, 0);
        }
    }

    private static RealtimeTrace Trace(string code, int interval, string least, string most, int bins, double value = 0) => new(code, interval, least, most, bins, _ => value);

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
