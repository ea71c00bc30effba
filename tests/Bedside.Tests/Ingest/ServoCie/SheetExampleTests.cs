using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.ServoCie;
using Bedside.Model;

namespace Bedside.Tests.Ingest.ServoCie;

/// <summary>The worked examples of the sheet, in both directions.</summary>
public class SheetExampleTests
{
    [Theory]
    [InlineData("RCTY", "RCTY1C")]
    [InlineData("RHVE", "RHVE09")]
    [InlineData("SPVE005", "SPVE00525")]
    [InlineData("RSEN", "RSEN0A")]
    [InlineData("RSTI", "RSTI1C")]
    [InlineData("RADC", "RADC14")]
    [InlineData("RTIM", "RTIM02")]
    [InlineData("RCCO", "RCCO1D")]
    [InlineData("RADAB", "RADAB54")]
    [InlineData("RADAS", "RADAS45")]
    [InlineData("RADAE", "RADAE53")]
    public void CommandsHaveTheChecksumsOfTheSheet(string command, string sent)
    {
        byte[] expected = [.. Encoding.ASCII.GetBytes(sent), 0x04];
        Assert.Equal(expected, Frame.Extended(command));
        Assert.Contains(Wire.Driver.Traits.Outgoing, message => message.Matches(expected));
    }

    [Theory]
    [InlineData('C', "SDADC10011311467", 100, 113, 114)]
    [InlineData('B', "SDADB20020120420520820951", 200, 201, 204, 205, 208, 209)]
    [InlineData('S', "SDADS3103233087A", 310, 323, 308)]
    [InlineData('E', "SDADE41041141261", 410, 411, 412)]
    public void ChoicesHaveTheBytesOfTheSheet(char kind, string sent, params int[] channels)
    {
        byte[] choice = Outgoing.Choice(kind, channels);
        Assert.Equal(sent + "\u0004", Encoding.ASCII.GetString(choice));
        Assert.Contains(Wire.Driver.Traits.Outgoing, message => message.Matches(choice));
    }

    [Theory]
    [InlineData("", "*2A", "*", 0)]
    [InlineData("", "*", "*", 0)]
    [InlineData("HO", "900PCI", "900PCI", 0)]
    [InlineData("RCTY", "Servo-i029", "Servo-i0", 0)]
    [InlineData("RHVE", "00535", "005", 0)]
    [InlineData("RADC", "ER1610", "ER16", 16)]
    [InlineData("RADAB", "ER1711", "ER17", 17)]
    [InlineData("RSEN", "ER181E", "ER18", 18)]
    [InlineData("RSEN", "ER2015", "ER20", 20)]
    [InlineData("RCTY", "ER10", "ER10", 10)]
    [InlineData("RBAT", "0,38027", "0,380", 0)]
    public void AnswersAreReadWithTheirChecksums(string command, string message, string body, int error) =>
        Assert.Equal(new Answer(body, error), Answer.Read(command, message));

    [Theory]
    [InlineData("RCTY", "Servo-i028")]
    [InlineData("RHVE", "005")]
    [InlineData("RADAB", "")]
    [InlineData("RADAB", "*")]
    public void AnAnswerWithAWrongChecksumIsNone(string command, string message) => Assert.Null(Answer.Read(command, message));

    [Fact]
    public void ValuesOfABreathInDigits()
    {
        Ear ear = Wire.Tapped(("SDADB200201204205208209", "*"), ("RADAB", "016704780765020800500400"));
        Assert.Equal(("16.7", "478", "7.65", "20.8", "5.0", "40.0"), (ear.Number("vent-rate"), ear.Number("vt-exp"), ear.Number("mv-exp"), ear.Number("ppeak"), ear.Number("peep"), ear.Number("fio2-vent")));
        Assert.Equal("04", Frame.Checksum("016704780765020800500400"));
    }

    [Fact]
    public void SettingsAndAlarmsInDigits()
    {
        Ear ear = Wire.Tapped(("SDADS310323308", "*"), ("RADAS", "000304000050"), ("SDADE410411412", "*"), ("RADAE", "010"));
        Assert.Equal(("VC", "40.0", "5.0"), (ear.Text("set-vent-mode"), ear.Number("set-fio2"), ear.Number("set-peep")));
        Alert alert = Assert.Single(ear.Of<DeviceEvent.AlertSaid>()).Alert;
        Assert.Equal(("servo:411", AlertPhase.Start, false), (alert.Key, alert.Phase, alert.Silenced));
        Assert.Equal(("02", "31"), (Frame.Checksum("000304000050"), Frame.Checksum("010")));
    }

    [Fact]
    public void TheScaleOfOneChannel()
    {
        string message = Encoding.ASCII.GetString(Frame.Extended("020;100,+2713E-004,+3333E+000,02,CU,FFFF;")).TrimEnd('\u0004');
        Assert.EndsWith("3E", message, StringComparison.Ordinal);
        (int sampling, IReadOnlyDictionary<int, ChannelScale> channels) = ChannelScale.ReadAll(message[..^2], out int unread)!.Value;
        Assert.Equal((20, 0), (sampling, unread));
        ChannelScale flow = channels[100];
        Assert.Equal("mL/s", flow.Unit);
        Assert.Equal("143.9808", flow.ValueOf(12816).ToString());
        Assert.Equal(143.9808, flow.Linear!.Value.Physical(12816), 1e-9);
        Assert.Equal(-2422.2459, flow.Linear!.Value.Physical(3357), 1e-3);
    }

    [Fact]
    public void BlocksOfTheStream()
    {
        Ear ear = Wire.Streamed(
            "53 00 03 01 90 00 32 7F 8C",
            "45 01 00 02 7F 39",
            "81 10 80 30 02 80 09 33 05 03 FB 00 80 32 10 7E 81 30 82 80 08 50 7F 2C",
            "42 00 A7 00 D0 03 E8 7F A1",
            "80 2F F0 80 08 4E 7F E6",
            "54 81 1A 03 0F 0E 1E 00 00 D0 7F 7C");
        Assert.Empty(ear.Faults);
        Assert.Equal(("VC", "40.0", "5.0"), (ear.Text("set-vent-mode"), ear.Number("set-fio2"), ear.Number("set-peep")));
        Assert.Equal([("servo:410", false), ("servo:412", true)], ear.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Key, said.Alert.Silenced)));
        Assert.Equal(("16.7", "100.0"), (ear.Number("vent-rate"), ear.Number("fio2-vent")));
        Assert.Equal([1.28, 2.63, 1.28, 143.98, 109.80, -3.61], ear.Curve("airway-flow").Select(value => Math.Round(value, 2)));
        Assert.Equal([20.01, 20.21, 20.21, 28.41, 5.23, 5.10], ear.Curve("paw").Select(value => Math.Round(value, 2)));
        Assert.Equal(["inspiration", "expiration"], ear.Of<DeviceEvent.Text>().Where(said => said.Metric.SignalId == "raw/servo/81/breath-phase").Select(said => said.Value));
        Assert.Equal([0UL, 80_000_000], ear.Of<DeviceEvent.Text>().Where(said => said.Metric.SignalId == "raw/servo/81/breath-phase").Select(said => said.At!.Value.Counter));
        DeviceEvent.Numeric[] peaks = [.. ear.Of<DeviceEvent.Numeric>().Where(said => said.Metric.SignalId == "ppeak")];
        Assert.Equal([("20.8", ""), ("20.8", "trend")], peaks.Select(said => (said.Value!.Value.ToString(), said.Metric.Channel)));
    }

    [Fact]
    public void AlarmsOfTheOlderKindOfBlock()
    {
        Ear ear = Wire.Streamed("41 FF 00 00 7F C1", "41 00 00 FF 7F C1");
        Assert.Equal([("servo:410", AlertPhase.Start), ("servo:410", AlertPhase.End), ("servo:412", AlertPhase.Start)], ear.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Key, said.Alert.Phase)));
    }

    [Theory]
    [InlineData("E0 10 7F 8F", "the ventilator sends no data: error 16, nothing configured")]
    [InlineData("E0 11 7F 8E", "the ventilator sends no data: error 17, the ventilator is in standby")]
    public void RefusalsAreSaid(string block, string reason) => Assert.Equal(reason, Assert.Single(Wire.Streamed(block).Faults).Reason);
}
