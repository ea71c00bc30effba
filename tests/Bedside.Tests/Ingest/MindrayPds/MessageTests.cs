using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.MindrayPds;
using Bedside.Model;
using Bedside.Simulators.Mindray;

namespace Bedside.Tests.Ingest.MindrayPds;

/// <summary>Messages of Patient Data Share, by the sheet's own bytes.</summary>
public class MessageTests
{
    private const string Header = "MSH|^~\\&|||||||ORU^R01|";
    private static readonly MindrayPdsDriver Driver = new();

    [Fact]
    public void The_keep_alive_of_the_sheet_is_what_both_sides_send()
    {
        byte[] sheet = Hex("0B 4D 53 48 7C 5E 7E 5C 26 7C 7C 7C 7C 7C 7C 7C 4F 52 55 5E 52 30 31 7C 31 30 36 7C 50 7C 32 2E 33 2E 31 7C 0D 1C 0D");
        Assert.Equal(sheet, Outgoing.KeepAlive);
        Assert.Equal(sheet, MonitorPages.KeepAlive());
        Assert.Empty(Ear.Hears(Driver, Transport.Tcp, sheet).Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void The_constructed_wave_of_the_sheet_is_read_and_written()
    {
        byte[] sheet = Hex("E3 A8 84 80 81 80 86 8A 80 8F 8E 82 C8 FF 80 B8");
        var wave = WaveRecord.Read(sheet, out string reason);
        Assert.Equal(string.Empty, reason);
        Assert.NotNull(wave);
        Assert.Equal((1152, 1, 6), (wave.Channel, wave.Width, wave.Rate));
        Assert.Equal([15, 14, 130, 200, 255, 0], wave.Samples);
        Assert.Equal(sheet, wave.Write());
        Assert.Equal(sheet, ZmwRecord.Encode(1152, 1, [15, 14, 130, 200, 255, 0]));
    }

    /// <summary>The first groups of a recorded record; the rest is not in the sheet, so the header and the first samples are what can be compared.</summary>
    [Fact]
    public void The_recorded_wave_of_the_sheet_begins_as_ours()
    {
        byte[] sheet = Hex("DF DC 84 FF 81 80 80 C0 80 F5 F5 F4 F3 F3 F2 80");
        byte[] ours = ZmwRecord.Encode(1151, 1, [117, 117, 116, 115, 115, 114, .. Enumerable.Repeat(0, 122)]);
        Assert.Equal(sheet.AsSpan(2, 5).ToArray(), ours.AsSpan(2, 5).ToArray());
        Assert.Equal(sheet.AsSpan(8, 8).ToArray(), ours.AsSpan(8, 8).ToArray());
        Assert.Equal((1151, 128), WaveRecord.Read(ours, out _) is { } wave ? (wave.Channel, wave.Rate) : default);
    }

    [Fact]
    public void Waves_of_any_length_and_width_come_through()
    {
        var random = new Random(31);
        for (int round = 0; round < 300; round++)
        {
            int width = random.Next(1, 3);
            int[] samples = [.. Enumerable.Range(0, random.Next(1, 600)).Select(_ => width == 1 ? random.Next(256) : random.Next(short.MinValue, short.MaxValue + 1))];
            byte[] encoded = ZmwRecord.Encode(1100 + round, width, samples);
            var wave = WaveRecord.Read(encoded, out _);
            Assert.Equal(samples, wave?.Samples);
            Assert.Equal(encoded, wave?.Write());
            encoded[random.Next(encoded.Length)] ^= (byte)(1 << random.Next(7));
            Assert.Null(WaveRecord.Read(encoded, out string reason));
            Assert.NotEmpty(reason);
        }
    }

    [Fact]
    public void Every_wave_cut_short_is_refused()
    {
        byte[] encoded = ZmwRecord.Encode(1152, 1, [.. Enumerable.Range(0, 60)]);
        for (int length = 0; length < encoded.Length; length++)
        {
            Assert.Null(WaveRecord.Read(encoded.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Parameters_have_their_ids_and_minus_a_hundred_is_none()
    {
        Ear ear = Hear("204", "OBX||NM|101^HR|2101|72||||||F", "OBX||NM|160^SpO2|2103|-100||||||F", "OBX||NM|162^PI|2103|-100.00||||||F", "OBX||NM|500^Art-Sys|2116|120||||||F", "OBX||NM|501^Art-Mean|2116|90||||||F", "OBX||NM|502^Art-Dia|2116|75||||||F", "OBX||NM|9999^Novelty|2199|-12.5||||||F");
        Assert.Equal(
            ["hr=72 Valid", "spo2= NotAvailable", "perfusion-index= NotAvailable", "art-sys=120 Valid", "art-mean=90 Valid", "art-dia=75 Valid", "raw/mindray-pds/9999/Novelty=-12.5 Valid"],
            ear.Of<DeviceEvent.Numeric>().Select(numeric => $"{numeric.Metric.SignalId}={numeric.Value} {numeric.Validity}"));
    }

    [Fact]
    public void Units_are_known_only_where_the_site_says_them()
    {
        string[] rows = ["OBX||NM|500^Art-Sys|2116|120||||||F", "OBX||NM|200^T1|2104|37.1||||||F"];
        Assert.All(Hear("204", rows).Of<DeviceEvent.Numeric>(), numeric => Assert.Equal(string.Empty, numeric.Metric.Unit));
        var told = Ear.Hears(new MindrayPdsDriver(new MonitorUnits("mm[Hg]", "Cel")), Transport.Tcp, Message("204", rows));
        Assert.Equal(["mm[Hg]", "Cel"], told.Of<DeviceEvent.Numeric>().Select(numeric => numeric.Metric.Unit));
    }

    [Fact]
    public void The_cuff_is_told_once_with_its_time_and_never_measured_is_told_as_nothing()
    {
        string[] rows = ["OBX||NM|170^Sys|2105|120||||||F||APERIODIC|20070106191915", "OBX||NM|171^Dia|2105|80||||||F||APERIODIC|20070106191915", "OBX||NM|210^CO|2108|-100||||||F||APERIODIC|00000000000000"];
        string[] next = ["OBX||NM|170^Sys|2105|120||||||F||APERIODIC|20070106193415"];
        var ear = Ear.Hears(Driver, Transport.Tcp, Message("503", rows), Message("503", rows), Message("503", next));
        Assert.Equal(
            ["nibp-sys=120 2007-01-06T19:19:15", "nibp-dia=80 2007-01-06T19:19:15", "co= ", "nibp-sys=120 2007-01-06T19:34:15"],
            ear.Of<DeviceEvent.Numeric>().Select(numeric => $"{numeric.Metric.SignalId}={numeric.Value} {numeric.MeasuredAt:yyyy-MM-ddTHH:mm:ss}"));
    }

    [Fact]
    public void Alarms_are_a_state_with_asterisks_for_their_priority()
    {
        byte[] one = Message("54", "OBX||CE|2040||0^||||||F|", "OBX||CE|2|1|10076^**T1 Too Low||||||F|||20200418190201|", "OBX||CE|2|1|10001^***ASYSTOLE||||||F|||20200418190201|");
        byte[] technical = Message("56", "OBX||CE|4||205^SpO2 Sensor Off||||||F|");
        var ear = Ear.Hears(Driver, Transport.Tcp, one, technical, one, technical, Message("54"), technical, Message("56"));
        Assert.Equal(
            ["Start T1 Too Low Medium False", "Start ASYSTOLE High False", "Start SpO2 Sensor Off Low True", "End T1 Too Low Medium False", "End ASYSTOLE High False", "End SpO2 Sensor Off Low True"],
            ear.Of<DeviceEvent.AlertSaid>().Select(said => $"{said.Alert.Phase} {said.Alert.Text} {said.Alert.Priority} {said.Alert.Technical}"));
    }

    [Fact]
    public void Who_lies_there_goes_to_the_vault_and_nowhere_else()
    {
        Ear ear = Hear("103", "PID|||{GUID}||DOE^JANE||19500101|F|", "PV1||I|^^ICU&4&0&0&&1|", "OBX||NM|51^Weight||75.0||||||F");
        Assert.Equal("birth=19500101,id={GUID},name=DOE JANE,sex=F,weight=75.0", string.Join(',', Assert.Single(ear.Of<DeviceEvent.Patient>()).Fields.Select(pair => $"{pair.Key}={pair.Value}")));
        DeviceIdentity identity = Assert.Single(ear.Of<DeviceEvent.Identity>()).Device;
        Assert.Equal(("ICU", "4"), (identity.Properties["department"], identity.Properties["bed"]));
        Assert.DoesNotContain("JANE", string.Concat(ear.Lines.Where(line => !line.StartsWith("patient", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public void Waves_are_seconds_and_channels_that_pause_come_in_where_the_others_are()
    {
        var ear = Ear.Hears(Driver, Transport.Tcp, Waves(1152, 1114), Waves(1152), Waves(1152), Waves(1152, 1114));
        Assert.Equal([0UL, 1_000_000_000, 2_000_000_000, 3_000_000_000], Starts(ear, "pleth"));
        Assert.Equal([0UL, 3_000_000_000], Starts(ear, "ecg-ii"));
        DeviceEvent.Missing missing = Assert.Single(ear.Of<DeviceEvent.Missing>());
        Assert.Equal(("ecg-ii", GapCause.SignalOff, 8L, (ulong?)1_000_000_000), (missing.Metric?.SignalId, missing.Cause, missing.Count, missing.At?.Counter));
    }

    [Fact]
    public void A_second_in_several_messages_is_one_second()
    {
        var ear = Ear.Hears(Driver, Transport.Tcp, Waves(1152), Waves(1114), Waves(1152), Waves(1114), Waves(1152), Waves(1114));
        Assert.Equal([0UL, 1_000_000_000, 2_000_000_000], Starts(ear, "pleth"));
        Assert.Equal([0UL, 1_000_000_000, 2_000_000_000], Starts(ear, "ecg-ii"));
    }

    [Fact]
    public void A_wave_with_a_wrong_checksum_costs_itself_alone()
    {
        byte[] bad = Waves(1152, 1114);
        bad[^9] ^= 0x02;
        var ear = Ear.Hears(Driver, Transport.Tcp, Waves(1152, 1114), bad, Waves(1152, 1114));
        Assert.Equal([0UL, 1_000_000_000, 2_000_000_000], Starts(ear, "pleth"));
        Assert.Equal([0UL, 2_000_000_000], Starts(ear, "ecg-ii"));
        Assert.Contains("checksum", Assert.Single(ear.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^^ICU&4&3232237756&4601&&1", "192.168.8.188", 4601)]
    [InlineData("^^ICU&4&&4602&&1", "", 4602)]
    [InlineData("^^ICU&4", "", 4601)]
    [InlineData("", "", 4601)]
    public void An_announcement_says_where_the_monitor_is(string place, string address, int port)
    {
        foreach (bool framed in (bool[])[true, false])
        {
            byte[] message = Encoding.ASCII.GetBytes($"MSH|^~\\&|||||||ADT^A01|101|P|2.3.1|\rPV1||I|{place}|\r");
            byte[] datagram = framed ? [0x0B, .. message, 0x1C, 0x0D] : message;
            var said = Announcement.Read(datagram);
            Assert.Equal((address, port), (said?.Address, said?.Port));
            DeviceIdentity identity = Assert.Single(Ear.Hears(Driver, Transport.Udp, datagram).Of<DeviceEvent.Identity>()).Device;
            Assert.Equal((address, $"{port}"), (identity.Properties["data-address"], identity.Properties["data-port"]));
        }
    }

    /// <summary>The query as a monitor reads it that takes four numbers in a list and no more.</summary>
    [Fact]
    public void The_query_asks_for_everything_number_by_number()
    {
        byte[] query = Outgoing.Query;
        var read = PdsQuery.Read(query.AsSpan(1, query.Length - 3), 4);
        Assert.NotNull(read);
        Assert.All(MindrayNomenclature.ParameterNumbers, number => Assert.True(read.Wants(1, number)));
        Assert.All(MindrayNomenclature.WaveNumbers, number => Assert.True(read.Wants(2, number)));
        Assert.True(read.Wants(3) && read.Wants(4));
        Assert.StartsWith("MSH|^~\\&|||||||QRY^R02|1203|P|2.3.1\rQRD|", Encoding.ASCII.GetString(query.AsSpan(1)), StringComparison.Ordinal);
        Assert.Contains("\rQRF|MON||||0&0^1^1^0^101&102&105&106\r", Encoding.ASCII.GetString(query), StringComparison.Ordinal);
        Assert.Contains("\rQRF|MON||||0&0^3^1^1^\rQRF|MON||||0&0^4^1^1^\r\x1C\r", Encoding.ASCII.GetString(query), StringComparison.Ordinal);
    }

    /// <summary>Whatever differs in a single bit or is cut short stays in the box.</summary>
    [Fact]
    public void Nothing_but_its_two_messages_may_leave_the_box()
    {
        Assert.Equal(2, Driver.Traits.Outgoing.Count);
        foreach (byte[] message in (byte[][])[Outgoing.KeepAlive, Outgoing.Query])
        {
            Assert.Contains(Driver.Traits.Outgoing, allowed => allowed.Matches(message));
            for (int at = 0; at < message.Length; at++)
            {
                byte[] other = [.. message];
                other[at] ^= (byte)(1 << (at % 8));
                Assert.DoesNotContain(Driver.Traits.Outgoing, allowed => allowed.Matches(other));
                Assert.DoesNotContain(Driver.Traits.Outgoing, allowed => allowed.Matches(message.AsSpan(0, at)));
            }
        }
    }

    [Fact]
    public void Names_that_are_not_UTF_8_do_not_disturb()
    {
        byte[] message = [0x0B, .. Encoding.ASCII.GetBytes(Header + "204|P|2.3.1|\rOBX||NM|101^"), 0xD0, 0xC4, 0xC2, 0xCA, .. Encoding.ASCII.GetBytes("|2101|72||||||F\r"), 0x1C, 0x0D];
        Assert.Equal("72", Assert.Single(Ear.Hears(Driver, Transport.Tcp, message).Of<DeviceEvent.Numeric>()).Value?.ToString());
    }

    [Fact]
    public void Two_messages_are_enough_to_know_it_and_other_HL7_is_not_it()
    {
        byte[] message = Message("204", "OBX||NM|101^HR|2101|72||||||F");
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(message, Transport.Tcp));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. message[20..], .. message, .. message], Transport.Tcp));
        Assert.Equal(Verdict.No, Driver.Sniff([.. message, .. message], Transport.Serial));
        byte[] other = [0x0B, .. "MSH|^~\\&|ADT|HOSP|BOX|ICU|20260101||ADT^A01|4711|P|2.3.1\rPID|1\r"u8, 0x1C, 0x0D];
        Assert.NotEqual(Verdict.Yes, Driver.Sniff([.. other, .. other, .. other], Transport.Tcp));
    }

    private static byte[] Waves(params int[] channels)
    {
        var message = new PdsMessage("ORU^R01", 157);
        foreach (int channel in channels)
        {
            message.Wave(ZmwRecord.Encode(channel, 1, [1, 2, 3, 4]));
        }

        return message.ToBytes();
    }

    private static ulong[] Starts(Ear ear, string id) =>
        [.. ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == id).Select(samples => samples.At?.Counter ?? 99)];

    private static Ear Hear(string kind, params string[] rows) => Ear.Hears(Driver, Transport.Tcp, Message(kind, rows));

    private static byte[] Message(string kind, params string[] rows) =>
        [0x0B, .. Encoding.ASCII.GetBytes($"{Header}{kind}|P|2.3.1|\r{string.Concat(rows.Select(row => row + "\r"))}"), 0x1C, 0x0D];

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));
}
