using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.NoninDf;
using Bedside.Model;
using Bedside.Simulators.Nonin;

namespace Bedside.Tests.Ingest.NoninDf;

/// <summary>Frames and packets, by the sheet's own bytes.</summary>
public class PacketTests
{
    private static readonly NoninDfDriver Driver = new();

    [Theory]
    [InlineData(2, "01816300E5", 0x81, 0x63, 0x00)]
    [InlineData(2, "018064482D", 0x80, 0x64, 0x48)]
    [InlineData(2, "0180656147", 0x80, 0x65, 0x61)]
    [InlineData(2, "0181010083", 0x81, 0x01, 0x00)]
    [InlineData(2, "01800148CA", 0x80, 0x01, 0x48)]
    [InlineData(2, "01800161E3", 0x80, 0x01, 0x61)]
    [InlineData(2, "01800130B2", 0x80, 0x01, 0x30)]
    [InlineData(7, "8163A00185", 0x81, 25504, 0x01)]
    [InlineData(7, "8064B016AA", 0x80, 25776, 0x16)]
    [InlineData(7, "8065C06106", 0x80, 26048, 0x61)]
    public void The_frames_of_the_sheet_are_read_and_written(int format, string hex, byte status, int pleth, byte value)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var frame = new Frame(status, pleth, value);
        Assert.Equal(frame, Frame.Read((DataFormat)format, bytes));
        Assert.Equal(bytes, frame.Write((DataFormat)format));
        Assert.Equal(bytes, format == 2 ? NoninFrame.Format2(status, pleth, value) : NoninFrame.Format7(status, pleth, value));
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] bad = [.. bytes];
            bad[at] ^= 0x10;
            Assert.Null(Frame.Read((DataFormat)format, bad));
        }
    }

    [Theory]
    [InlineData(2, 72, 97)]
    [InlineData(7, 150, 98)]
    [InlineData(7, 300, 80)]
    public void A_packet_gives_all_its_values(int format, int rate, int saturation)
    {
        Ear ear = Hear(Packets(format, 3, Values(rate, saturation)));
        Assert.Equal(3, ear.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "spo2"));
        Assert.Equal((rate, saturation), (Number(ear, "pr-spo2"), Number(ear, "spo2")));
        Assert.Equal((rate + 1, saturation - 1), (Number(ear, "raw/nonin-df/F20/HR-D"), Number(ear, "raw/nonin-df/F9/SpO2-D")));
        Assert.Equal((rate, rate + 1, saturation - 1), (Number(ear, "raw/nonin-df/F14/E-HR"), Number(ear, "raw/nonin-df/F22/E-HR-D"), Number(ear, "raw/nonin-df/F17/E-SpO2-D")));
        Assert.Equal((saturation, saturation, saturation), (Number(ear, "raw/nonin-df/F10/SpO2-Fast"), Number(ear, "raw/nonin-df/F11/SpO2-B-B"), Number(ear, "raw/nonin-df/F16/E-SpO2")));
        Assert.Equal(("48", $"data format {format}"), (ear.Of<DeviceEvent.Identity>().Single().Device.Firmware, ear.Of<DeviceEvent.Identity>().Single().Device.Protocol));
        DeviceEvent.Samples[] pleth = [.. ear.Of<DeviceEvent.Samples>()];
        Assert.Equal([0UL, 333_333_333UL, 666_666_666UL], pleth.Select(samples => samples.At?.Counter ?? 1));
        Assert.Equal(Enumerable.Range(0, 75).Select(i => PlethOf(format, i)), pleth.SelectMany(samples => samples.Raw.ToArray()));
        Assert.All(pleth, samples => Assert.Equal((SamplePeriod.FromHertz(75), "1"), (samples.Period, samples.Metric.Unit)));
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void What_is_not_there_is_told_as_not_there()
    {
        Ear ear = Hear(Packets(2, 3, Values(511, 127)));
        Assert.All(ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId is "spo2" or "pr-spo2"), numeric => Assert.Equal((null, Validity.NotAvailable), (numeric.Value, numeric.Validity)));
    }

    [Fact]
    public void Each_status_bit_marks_its_samples_and_its_values()
    {
        byte[] good = Packets(2, 2, Values(70, 97));
        Check(0x40, Validity.Invalid, "Sensor disconnected");
        Check(0x20, Validity.Questionable, "Artefact");
        Check(0x10, Validity.Questionable, "Out of track");
        Check(0x08, Validity.Invalid, "Sensor alarm");

        void Check(byte bit, Validity validity, string text)
        {
            byte[] marked = Packets(2, 1, Values(70, 97), place => place is 4 or 5 ? bit : (byte)0);
            Ear ear = Hear(good, marked, good);
            DeviceEvent.Samples samples = ear.Of<DeviceEvent.Samples>().ElementAt(2);
            Assert.Equal(new ValidityRun(4, 2, validity), Assert.Single(samples.Runs.ToArray()));
            Assert.Equal(validity, ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId == "spo2").ElementAt(2).Validity);
            Assert.Equal([(AlertPhase.Start, text), (AlertPhase.End, text)], ear.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Phase, said.Alert.Text)));
        }
    }

    [Theory]
    [InlineData(0x02, "green")]
    [InlineData(0x04, "red")]
    [InlineData(0x06, "yellow")]
    public void Perfusion_has_three_colours(byte bits, string colour) =>
        Assert.Equal(colour, Hear(Packets(2, 2, Values(70, 97), place => place is > 3 and < 16 ? bits : (byte)0)).Of<DeviceEvent.Text>().Single(text => text.Metric.SignalId == "raw/nonin-df/perfusion/perfusion").Value);

    [Fact]
    public void Bytes_that_nobody_explains_are_kept()
    {
        byte[] values = Values(70, 97);
        values[4] = 0x5A;
        values[7] = 0x21;
        Ear ear = Hear(Packets(7, 2, values));
        Assert.Equal(["raw/nonin-df/F5/reserved=5A", "raw/nonin-df/F8/STAT2=21"], ear.Of<DeviceEvent.Text>().Select(text => $"{text.Metric.SignalId}={text.Value}"));
        Assert.Equal("Low battery", Assert.Single(ear.Of<DeviceEvent.AlertSaid>()).Alert.Text);
        Assert.Equal((0x11, 0x22), (Number(ear, "raw/nonin-df/F6/timer-MSB"), Number(ear, "raw/nonin-df/F7/timer-LSB")));
    }

    [Fact]
    public void A_damaged_frame_costs_one_sample_and_the_value_it_carried()
    {
        byte[] bytes = Packets(2, 4, Values(70, 97));
        bytes[(25 * 5 * 2) + (2 * 5) + 3] ^= 0xFF;
        Ear ear = Hear(bytes);
        DeviceEvent.Missing missing = Assert.Single(ear.Of<DeviceEvent.Missing>());
        Assert.Equal(("pleth", GapCause.Checksum, 1L, (ulong?)693_333_333), (missing.Metric?.SignalId, missing.Cause, missing.Count, missing.At?.Counter));
        Assert.Equal(99, ear.Of<DeviceEvent.Samples>().Sum(samples => samples.Raw.Length));
        Assert.Equal(3, ear.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "spo2"));
        Assert.Equal(4, ear.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "pr-spo2"));
        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void A_packet_that_lacks_a_frame_is_left_out_and_time_goes_on()
    {
        byte[] packet = Packets(2, 1, Values(70, 97));
        Ear ear = Hear(packet, packet, [.. packet[..50], .. packet[55..]], packet, packet);
        Assert.Equal([0UL, 333_333_333UL, 1_000_000_000UL, 1_333_333_333UL], ear.Of<DeviceEvent.Samples>().Select(samples => samples.At?.Counter ?? 1));
        Assert.Contains("lacks frames", Assert.Single(ear.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_byte_begins_the_count_anew()
    {
        byte[] packet = Packets(7, 1, Values(70, 97));
        Ear ear = Hear(packet, packet, packet[..50], packet[51..], packet, packet, packet);
        Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.InRange(ear.Of<DeviceEvent.Samples>().Count(), 4, 5);
    }

    /// <summary>What a device says to another host stands between frames, and is no fault.</summary>
    [Theory]
    [InlineData("06")]
    [InlineData("15")]
    [InlineData("02F40935303132333435363703")]
    [InlineData("0602F40003")]
    public void Answers_to_a_host_do_not_disturb(string hex)
    {
        byte[] packet = Packets(7, 1, Values(70, 97));
        byte[] answer = Convert.FromHexString(hex);
        Ear ear = Hear(packet, packet, packet[..50], answer, packet[50..], packet);
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Equal(4, ear.Of<DeviceEvent.Samples>().Count());
    }

    [Fact]
    public void The_simulator_answers_the_commands_of_the_sheet()
    {
        var bench = new Simulators.Streaming.StreamingBench(NoninOximeter.Kind, "nonin-df", "--sn", "501234567");
        bench.Run(2);
        bench.ToDevice(Convert.FromHexString("0270040207017E03"));
        bench.ToDevice(Convert.FromHexString("0270040207017F03"));
        bench.ToDevice(Convert.FromHexString("027402020203"));
        bench.Run(3);
        Assert.Contains(bench.Of<DeviceEvent.Identity>(), identity => identity.Device.Protocol == "data format 2");
        Assert.Equal(DataFormat.Seven, Locked(Golden.FromDevice(bench.Line)[^400..]));
        byte[] all = Golden.FromDevice(bench.Line);
        Assert.True(all.AsSpan().IndexOf((byte[])[0x02, 0xF4, 9, .. "501234567"u8, 0x03]) > 0);
        Assert.True(all.AsSpan().IndexOf((byte)0x15) > 0);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void A_packet_and_a_SYNC_are_enough_to_know_it()
    {
        byte[] bytes = Packets(2, 2, Values(70, 97));
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(bytes.AsSpan(0, 129), Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff(bytes.AsSpan(0, 130), Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. bytes[63..], .. bytes], Transport.Serial));
        Assert.Equal(Verdict.No, Driver.Sniff(bytes, Transport.Udp));
        Assert.Empty(Driver.Traits.Outgoing);
    }

    private static DataFormat Locked(byte[] bytes)
    {
        var deframer = new Deframer();
        foreach (byte value in bytes)
        {
            _ = deframer.Take(value);
        }

        return deframer.Format;
    }

    private static double Number(Ear ear, string id) => ear.Of<DeviceEvent.Numeric>().Last(numeric => numeric.Metric.SignalId == id).Value?.ToDouble() ?? -1;

    private static Ear Hear(params byte[][] chunks) => Ear.Hears(Driver, Transport.Serial, chunks);

    private static byte[] Values(int rate, int saturation) =>
        NoninFrame.Values(rate, saturation, Math.Min(rate + 1, 511), saturation == 127 ? 127 : saturation - 1, 48, 0, (0x11 << 7) | 0x22);

    private static int PlethOf(int format, int i) => format == 2 ? 40 + i : 40_000 + (i * 300);

    private static byte[] Packets(int format, int count, byte[] values, Func<int, byte>? bits = null) =>
        [.. Enumerable.Range(0, count * 25).SelectMany(i =>
        {
            byte status = (byte)(0x80 | (i % 25 == 0 ? 1 : 0) | (bits?.Invoke(i % 25) ?? 0));
            byte value = format == 2 && i % 25 is 5 or 6 ? (byte)0 : values[i % 25];
            return format == 2 ? NoninFrame.Format2(status, PlethOf(2, i), value) : NoninFrame.Format7(status, PlethOf(7, i), value);
        })];
}
