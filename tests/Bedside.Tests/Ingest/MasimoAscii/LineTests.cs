using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.MasimoAscii;
using Bedside.Model;
using Bedside.Simulators.Masimo;

namespace Bedside.Tests.Ingest.MasimoAscii;

/// <summary>Lines of ASCII 1, by the recorded and quoted lines of the sheet.</summary>
public class LineTests
{
    private const string Rad8 = "02/22/16 22:47:45 SN=0000056661 SPO2=098% BPM=097 PI=03.60% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800";
    private const string SensorOff = "05/20/21 14:06:02 SN=0000182948 SPO2=098% BPM=101 PI=--.--% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0010 EXC=000824";
    private const string Radical7 = "03/17/16 19:19:36 SN=---------- SPO2=098% BPM=123 PI=00.55 SPCO=--% SPMET=--.-% SPHB=--.- SPOC=-- RESVD=--- DESAT=-- PIDELTA=+-- PVI=--- ALARM=000000 EXC=0000C00 EXC1=00000000";
    private const string Rainbow = "12/01/05 11:56:29 SN=0123456789 SPO2=098% BPM=240 PI=20.00% SPCO=01.0% SPMET=00.5% DESAT=01 PIDELTA=-02 PVI=027 ALARM=0000 EXC=000820";
    private const string Rad5 = "09/15/10 15:10:29 SPO2=097% BPM=064 PI=11.82% ALARM=20 EXC=800";

    private static readonly MasimoAsciiDriver Driver = new();

    [Theory]
    [InlineData(Rad8, "spo2=98 Valid|pr-spo2=97 Valid|perfusion-index=3.60 Valid|spco= NotAvailable|spmet= NotAvailable|raw/masimo-ascii/DESAT/DESAT= NotAvailable|raw/masimo-ascii/PIDELTA/PIDELTA= NotAvailable")]
    [InlineData(SensorOff, "spo2=98 Questionable, Invalid|pr-spo2=101 Questionable, Invalid|perfusion-index= NotAvailable|spco= NotAvailable|spmet= NotAvailable|raw/masimo-ascii/DESAT/DESAT= NotAvailable|raw/masimo-ascii/PIDELTA/PIDELTA= NotAvailable")]
    [InlineData(Radical7, "spo2=98 Questionable|pr-spo2=123 Questionable|perfusion-index=0.55 Valid|spco= NotAvailable|spmet= NotAvailable|sphb= NotAvailable|raw/masimo-ascii/SPOC/SPOC= NotAvailable|raw/masimo-ascii/RESVD/RESVD= NotAvailable|raw/masimo-ascii/DESAT/DESAT= NotAvailable|raw/masimo-ascii/PIDELTA/PIDELTA= NotAvailable|pleth-variability= NotAvailable")]
    [InlineData(Rainbow, "spo2=98 Invalid|pr-spo2=240 Invalid|perfusion-index=20.00 Valid|spco=1.0 Valid|spmet=0.5 Valid|raw/masimo-ascii/DESAT/DESAT=1 Valid|raw/masimo-ascii/PIDELTA/PIDELTA=-2 Valid|pleth-variability=27 Valid")]
    [InlineData(Rad5, "spo2=97 Valid|pr-spo2=64 Valid|perfusion-index=11.82 Valid")]
    public void The_lines_of_the_sheet_are_read(string line, string values)
    {
        Ear ear = Hear(line);
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Equal(values.Split('|'), ear.Of<DeviceEvent.Numeric>().Select(numeric => $"{numeric.Metric.SignalId}={numeric.Value} {numeric.Validity}"));
    }

    [Theory]
    [InlineData("rad-8", Rad8, "SN=56661 SPO2=98 BPM=97 PI=3.6 EXC=2048")]
    [InlineData("rad-8", SensorOff, "SN=182948 SPO2=98 BPM=101 ALARM=16 EXC=2084")]
    [InlineData("radical-7", Radical7, "SPO2=98 BPM=123 PI=0.55 EXC=3072")]
    [InlineData("rainbow", Rainbow, "SN=123456789 SPO2=98 BPM=240 PI=20 SPCO=1 SPMET=0.5 DESAT=1 PIDELTA=-2 PVI=27 EXC=2080")]
    [InlineData("rad-5", Rad5, "SPO2=97 BPM=64 PI=11.82 ALARM=32 EXC=2048")]
    public void The_simulator_writes_the_lines_of_the_sheet(string layout, string line, string values)
    {
        var numbers = values.Split(' ').Select(word => word.Split('=')).ToDictionary(word => word[0], word => double.Parse(word[1]));
        var wall = DateTime.ParseExact(line[..17], "MM'/'dd'/'yy HH:mm:ss", provider: null);
        Assert.Equal(line, AsciiLine.Write(AsciiLayout.All.Single(one => one.Name == layout), wall, numbers));
        Assert.Equal(Encoding.ASCII.GetBytes(line + "\r\n"), Frame.Write(line));
    }

    [Fact]
    public void What_the_device_says_of_itself_is_told()
    {
        Assert.Equal("0000056661", Assert.Single(Hear(Rad8, Rad8).Of<DeviceEvent.Identity>()).Device.SerialNumber);
        Assert.Equal(string.Empty, Assert.Single(Hear(Radical7, Radical7).Of<DeviceEvent.Identity>()).Device.SerialNumber);
        Assert.Equal(new DateTime(2016, 2, 22, 22, 47, 45, DateTimeKind.Unspecified), Hear(Rad8).Of<DeviceEvent.WallClock>().Single().Wall);
        Assert.Empty(Driver.Traits.Outgoing);
    }

    [Fact]
    public void Alarms_and_exceptions_begin_and_end_with_their_bits()
    {
        string alarm = Rad8.Replace("ALARM=0000 EXC=000800", "ALARM=0132 EXC=201C04", StringComparison.Ordinal);
        Ear ear = Hear(Rad8, alarm, Rad8);
        Assert.Equal(
            ["SpO2 low silenced", "SpCO high silenced", "Low perfusion", "Low signal IQ", "No cable", "SpCO low confidence"],
            ear.Of<DeviceEvent.AlertSaid>().Where(said => said.Alert.Phase == AlertPhase.Start).Select(said => said.Alert.Text + (said.Alert.Silenced ? " silenced" : "")));
        Assert.Equal(6, ear.Of<DeviceEvent.AlertSaid>().Count(said => said.Alert.Phase == AlertPhase.End));
        Assert.Contains(ear.Of<DeviceEvent.Text>(), text => text is { Metric.SignalId: "raw/masimo-ascii/EXC/bits", Value: "201C04", Code: 0x201C04 });
        DeviceEvent.Numeric low = ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId == "spo2").ElementAt(1);
        Assert.Equal(Validity.Questionable | Validity.InAlarm, low.Validity);
        Assert.Equal("Alarm active", Hear(SensorOff).Of<DeviceEvent.AlertSaid>().First().Alert.Text);
        Assert.Empty(Hear(Rad8).Of<DeviceEvent.AlertSaid>());
    }

    /// <summary>No checksum: a line with a byte too few is unlike the others, wherever the byte was.</summary>
    [Fact]
    public void A_line_that_lost_a_byte_is_not_believed_among_others()
    {
        for (int at = 18; at < Rad8.Length; at++)
        {
            Ear ear = Hear(Rad8, Rad8, Rad8.Remove(at, 1), Rad8);
            Assert.Equal([98.0, 98, 98], ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId == "spo2").Select(numeric => numeric.Value?.ToDouble() ?? 0));
            Assert.Single(ear.Of<DeviceEvent.Fault>());
        }
    }

    [Fact]
    public void A_new_layout_is_believed_once_it_comes_twice_and_nothing_of_it_is_lost()
    {
        const string more = Rad8 + " XYZ=7 WORD=ABC";
        Ear ear = Hear(Rad8, Rad8, more, more, Rad8, more);
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Equal(6, ear.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "spo2"));
        Assert.Equal(3, ear.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "raw/masimo-ascii/XYZ/XYZ"));
        Assert.Contains(ear.Of<DeviceEvent.Text>(), text => text is { Metric.SignalId: "raw/masimo-ascii/WORD/text", Value: "ABC" });
    }

    [Theory]
    [InlineData("13/22/16 22:47:45 SPO2=097% BPM=064 ALARM=20 EXC=800")]
    [InlineData("02/30/16 22:47:45 SPO2=097% BPM=064 ALARM=20 EXC=800")]
    [InlineData("02/22/16 24:47:45 SPO2=097% BPM=064 ALARM=20 EXC=800")]
    [InlineData("02/22/16 22:47:45 SPO2=097% BPM=064 ALARM=20")]
    [InlineData("02/22/16 22:47:45 SPO2=097% BPM=064 ALARM=2G EXC=800")]
    [InlineData("02/22/16 22:47:45 SPO2=097% SPO2=098% BPM=064 ALARM=20 EXC=800")]
    [InlineData("02/22/16 22:47:45 SPO2=097% BPM= ALARM=20 EXC=800")]
    [InlineData("02/22/16 22:47:45 SPO2=097% BPM=064 ALARM=20 EXC=800 x")]
    [InlineData("02/22/16 22:47:45")]
    [InlineData("SpO2 Limit: 85-100% PR Limit: 40-170BPM")]
    public void What_is_not_of_the_form_is_a_fault_and_no_value(string line)
    {
        Ear ear = Hear(Rad5, line);
        Assert.Single(ear.Of<DeviceEvent.Fault>());
        Assert.Equal(3, ear.Of<DeviceEvent.Numeric>().Count());
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n\r")]
    [InlineData("\n")]
    [InlineData("\r")]
    public void Any_end_of_a_line_will_do(string end) =>
        Assert.Equal(2, Ear.Hears(Driver, Transport.Serial, Encoding.ASCII.GetBytes(Rad8 + end + Rad8 + end)).Of<DeviceEvent.WallClock>().Count());

    [Fact]
    public void Two_lines_alike_are_enough_to_know_it_and_one_is_not()
    {
        byte[] line = Frame.Write(Rad5);
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(line, Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. line[30..], .. line, .. line], Transport.Serial));
        Assert.NotEqual(Verdict.Yes, Driver.Sniff([.. line, .. Frame.Write(Rad8)], Transport.Serial));
        Assert.Equal(Verdict.No, Driver.Sniff([.. line, .. line], Transport.Udp));
    }

    private static Ear Hear(params string[] lines) => Ear.Hears(Driver, Transport.Serial, [.. lines.Select(line => Encoding.ASCII.GetBytes(line + "\r\n"))]);
}
