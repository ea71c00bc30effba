using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>The worked examples of the protocol sheet, both ways.</summary>
public class SheetExampleTests
{
    public static readonly TheoryData<int, string, string?> Frames = new()
    {
        { 0x30, "1B 30 34 42 0D", "01 30 33 31 0D" },
        { 0x51, "1B 51 36 43 0D", "01 51 35 32 0D" },
        { 0x52, "1B 52 36 44 0D", "01 52 35 33 0D" },
        { 0x55, "1B 55 37 30 0D", "01 55 35 36 0D" },
        { 0x24, "1B 24 33 46 0D", "01 24 32 35 0D" },
        { 0x25, "1B 25 34 30 0D", null },
        { 0x26, "1B 26 34 31 0D", null },
        { 0x27, "1B 27 34 32 0D", null },
        { 0x28, "1B 28 34 33 0D", null },
        { 0x29, "1B 29 34 34 0D", null },
        { 0x2A, "1B 2A 34 35 0D", null },
        { 0x2B, "1B 2B 34 36 0D", null },
        { 0x2C, "1B 2C 34 37 0D", null },
        { 0x2D, "1B 2D 34 38 0D", null },
        { 0x2E, "1B 2E 34 39 0D", null },
        { 0x53, "1B 53 36 45 0D", null },
        { 0x56, "1B 56 37 31 0D", "01 56 35 37 0D" },
        { 0x49, "1B 49 36 34 0D", "01 49 34 41 0D" },
        { 0x54, null!, "01 54 35 35 0D" },
        { 0x4A, null!, "01 4A 34 42 0D" },
        { 0x15, null!, "01 15 31 36 0D" },
    };

    /// <summary>Whole frames of the sheet with a payload; realtime bytes inside are part of the examples.</summary>
    public static readonly string[] Payloads =
    [
        "01 52 38 32 34 30 27 45 76 69 74 61 20 34 27 30 34 2E 30 30 3A 30 34 2E 30 30 44 41 0D",
        "01 51 | 1B 52 36 44 0D | 35 32 0D",
        "01 24 45 42 20 39 38 20 45 31 20 37 30 20 37 41 0D",
        "01 24 45 42 20 39 38 20 35 44 0D",
        "01 26 37 44 20 34 30 20 34 36 0D",
        "01 27 4E 31 30 50 41 57 20 48 49 47 48 20 20 20 20 4D 39 30 52 45 53 50 20 52 41 54 45 20 48 49 36 43 0D",
        "01 29 30 31 20 20 34 30 20 30 42 20 20 35 2E 30 39 34 0D",
        "01 2A 30 45 3A 4D 6F 64 65 20 42 49 50 41 50 03 32 33 33 6B 50 61 03 41 35 0D",
        "01 28 31 31 3A 31 31 3A 31 39 31 31 2D 4E 4F 56 2D 39 33 45 36 0D",
        "01 24 37 44 20 32 | D1 94 81 | 1B 30 34 42 0D | 32 20 42 39 20 37 2E 35 37 39 0D",
        "01 53 30 30 20 20 20 31 36 30 30 30 2D 20 20 31 30 20 20 31 30 30 33 37 30 30 36 20 20 20 31 36 30 30 30 2D 20 20 32 30 20 20 31 30 30 34 36 30 33 42 0D",
    ];

    [Theory]
    [MemberData(nameof(Frames))]
    public void FramesAreWrittenAsTheSheetSays(int code, string? command, string? response)
    {
        if (command is not null)
        {
            Assert.Equal(Wire.Hex(command), Frame.Command((byte)code));
        }

        if (response is not null)
        {
            Assert.Equal(Wire.Hex(response), Frame.Response((byte)code));
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void FramesAreReadAsTheSheetSays(int code, string? command, string? response)
    {
        foreach ((string? hex, Part expected) in new[] { (command, Part.Command), (response, Part.Response) })
        {
            if (hex is null)
            {
                continue;
            }

            var deframer = new Deframer();
            Part last = Part.None;
            foreach (byte value in Wire.Hex(hex))
            {
                Assert.Equal(Part.None, last);
                last = deframer.Take(value);
            }

            Assert.Equal(expected, last);
            Assert.Equal(code, deframer.Code);
            Assert.True(deframer.Body.IsEmpty);
        }
    }

    [Fact]
    public void WeIdentifyOurselvesAsTheSheetSays() => Assert.Equal(
        Wire.Hex("01 52 30 31 36 31 27 42 65 64 73 69 64 65 27 30 31 2E 30 30 3A 30 36 2E 30 30 33 36 0D"),
        Outgoing.OurIdentification);

    [Fact]
    public void ArgumentsAreFramedAsTheSheetSays()
    {
        Assert.Equal(Wire.Hex("1B 4A 24 45 42 31 30 0D"), Frame.Command(0x4A, "$EB"u8));
        Assert.Equal(Wire.Hex("1B 4A 24 38 39 0D"), Frame.Command(0x4A, 0x24));
    }

    [Fact]
    public void TheEvitaIntroducesItself()
    {
        DeviceIdentity device = Assert.Single(Wire.Heard(Wire.Hex(Payloads[0])).Of<DeviceEvent.Identity>()).Device;
        Assert.Equal(("Dräger", "Evita 4", "04.00", "MEDIBUS 04.00"), (device.Manufacturer, device.Model, device.Firmware, device.Protocol));
        Assert.Equal("8240", device.Properties["id"]);
    }

    [Fact]
    public void ACommandInsideAResponseIsReadAndLeavesTheResponseWhole()
    {
        var deframer = new Deframer();
        Part[] parts = [.. Wire.Hex(Payloads[1]).Select(deframer.Take).Where(part => part != Part.None)];
        Assert.Equal([Part.Command, Part.Response], parts);
    }

    [Fact]
    public void SaturationAndPulseAreRead()
    {
        Ear ear = Wire.Heard(Wire.Hex(Payloads[2]));
        Assert.Equal(["spo2 98 %", "pr-spo2 70 /min"], ear.Of<DeviceEvent.Numeric>().Select(Shown));
    }

    [Fact]
    public void AValueLeftOutOfTheNextResponseIsNotAvailable()
    {
        Ear ear = Wire.Heard(Wire.Hex(Payloads[2]), Wire.Hex(Payloads[3]));
        DeviceEvent.Numeric last = ear.Of<DeviceEvent.Numeric>().Last();
        Assert.Equal(("pr-spo2", null, Validity.NotAvailable), (last.Metric.SignalId, last.Value, last.Validity));
    }

    [Fact]
    public void ALimitIsASignalOfItsOwn()
    {
        DeviceEvent.Numeric limit = Assert.Single(Wire.Heard(Wire.Hex(Payloads[4])).Of<DeviceEvent.Numeric>());
        Assert.Equal("raw/medibus/CP1:0x7D/PIP-limit-high 40 mbar", Shown(limit));
        Assert.Equal(SignalKind.Setting, limit.Metric.Kind);
    }

    [Fact]
    public void TwoAlarmsAreReadWithPriorityCodeAndPhrase()
    {
        Alert[] alerts = [.. Wire.Heard(Wire.Hex(Payloads[5])).Of<DeviceEvent.AlertSaid>().Select(said => said.Alert)];
        Assert.Equal(["PAW HIGH", "RESP RATE HI"], alerts.Select(alert => alert.Text));
        Assert.Equal(["medibus:CP1:0x10:priority-30", "medibus:CP1:0x90:priority-29"], alerts.Select(alert => alert.CodeName));
        Assert.All(alerts, alert => Assert.Equal((AlertPhase.Start, AlertPriority.High, false), (alert.Phase, alert.Priority, alert.Technical)));
    }

    [Fact]
    public void SettingsAreRead()
    {
        DeviceEvent.Numeric[] settings = [.. Wire.Heard(Wire.Hex(Payloads[6])).Of<DeviceEvent.Numeric>()];
        Assert.Equal(["set-fio2 40 %", "set-peep 5.0 mbar"], settings.Select(Shown));
        Assert.All(settings, setting => Assert.Equal(SignalKind.Setting, setting.Metric.Kind));
    }

    [Fact]
    public void TheModeAndAnotherTextAreRead()
    {
        DeviceEvent.Text[] texts = [.. Wire.Heard(Wire.Hex(Payloads[7])).Of<DeviceEvent.Text>()];
        Assert.Equal(("set-vent-mode", "Mode BIPAP", 0x0Eu), (texts[0].Metric.SignalId, texts[0].Value, texts[0].Code));
        Assert.Equal(("raw/medibus/TXT:0x23/Selected-CO2-unit-is-kPa", "kPa", 0x23u), (texts[1].Metric.SignalId, texts[1].Value, texts[1].Code));
    }

    [Fact]
    public void TheDevicesClockIsRead() => Assert.Equal(
        new DateTime(1993, 11, 11, 11, 11, 19, DateTimeKind.Unspecified),
        Assert.Single(Wire.Heard(Wire.Hex(Payloads[8])).Of<DeviceEvent.WallClock>()).Wall);

    [Fact]
    public void DataWithARealtimeRecordAndACommandInsideAreRead()
    {
        Ear ear = Wire.Heard(Wire.Hex(Payloads[9]));
        Assert.Equal(["pip 22 mbar", "mv 7.5 L/min"], ear.Of<DeviceEvent.Numeric>().Select(Shown));
    }

    [Fact]
    public void TheRealtimeConfigurationIsReadWithExactIntervalAndScale()
    {
        List<TraceOffer> offers = Messages.ReadTraces(Wire.Hex(Payloads[10]).AsSpan()[2..^3], out int rest);
        Assert.Equal(0, rest);
        Assert.Equal([(0, 16000, 0x370), (6, 16000, 0x460)], offers.Select(offer => ((int)offer.Code, offer.IntervalMicroseconds, offer.MaxBin)));
        Assert.Equal(0.125, offers[0].Scale.Physical(0x51), 12);
        Assert.Equal(1.964, offers[1].Scale.Physical(205), 3);
    }

    [Fact]
    public void TheChoiceOfTracesIsWrittenAndReadAsTheSheetSays()
    {
        TraceChoice[] two = [new(0x00, 2), new(0x06, 3)];
        Assert.Equal(Wire.Hex("1B 54 30 30 30 32 30 36 30 33 46 41 0D"), Messages.WriteChoices(two));
        TraceChoice[] five = [new(0x00, 1), new(0x01, 1), new(0x03, 1), new(0x06, 1), new(0x1C, 1)];
        byte[] written = Messages.WriteChoices(five);
        Assert.Equal("00010101030106011C0152", Encoding.ASCII.GetString(written.AsSpan()[2..^1]));
        Assert.Equal(five, Messages.ReadChoices(written.AsSpan()[2..^3]));
    }

    [Fact]
    public void StreamsAreEnabledAsTheSheetSays()
    {
        Assert.Equal(Wire.Hex("D0 C1 C3 C0 C0"), Outgoing.Enable(2));
        Assert.Equal(Wire.Hex("D0 C1 CF C2 C1 C0 C0"), Outgoing.Enable(5));
        Assert.Equal(Wire.Hex("D0 C1 CF C2 CF C3 CF C0 C0"), Outgoing.Enable(12));
    }

    private static string Shown(DeviceEvent.Numeric numeric) => $"{numeric.Metric.SignalId} {numeric.Value} {numeric.Metric.Unit}";
}
