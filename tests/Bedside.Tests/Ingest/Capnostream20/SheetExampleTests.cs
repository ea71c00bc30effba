using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.Capnostream20;
using Bedside.Simulators.Capnostream;

namespace Bedside.Tests.Ingest.Capnostream20;

/// <summary>The sheet's own bytes: what the driver writes, what the simulator writes, and what the driver makes of them.</summary>
public class SheetExampleTests
{
    private static readonly Capnostream20Driver Driver = new();

    [Theory]
    [InlineData("85010100", 1, "")]
    [InlineData("85010405", 4, "")]
    [InlineData("85010607", 6, "")]
    [InlineData("85120749434520202020202020202020202020205A", 7, "4943452020202020202020202020202020")]
    [InlineData("85033C040239", 60, "0402")]
    [InlineData("85033C098005B3", 60, "0985")]
    [InlineData("8505000C26800008A7", 0, "0C268008")]
    public void The_frames_of_the_sheet_are_written_and_read(string hex, byte code, string payload)
    {
        byte[] frame = Convert.FromHexString(hex);
        byte[] said = Convert.FromHexString(payload);
        Assert.Equal(frame, Frame.Write(code, said));
        Assert.Equal(frame, CapnostreamFrame.Of(code, said));
        var deframer = new Deframer();
        Assert.Equal([.. Enumerable.Repeat(Part.None, frame.Length - 1), Part.Frame], frame.Select(deframer.Take));
        Assert.Equal((code, payload), (deframer.Code, Convert.ToHexString(deframer.Payload)));
        var ear = new CapnostreamEar();
        Assert.Equal([code, .. said], frame.Select(ear.Hear).ToArray()[^1] ?? []);
    }

    [Fact]
    public void Six_messages_may_leave_the_box_byte_by_byte()
    {
        string[] allowed = [.. Driver.Traits.Outgoing.Select(message => Convert.ToHexString(message.Bytes.Span))];
        Assert.Equal(["85010100", "85010203", "85010405", "85010504", "85010607", "8512074265647369646520202020202020202020"], [.. allowed[..^1], allowed[^1][..^2]]);
        Assert.All(Driver.Traits.Outgoing, message => Assert.True(message.Mask.IsEmpty));
    }

    [Fact]
    public void A_frame_with_any_byte_changed_is_none()
    {
        byte[] frame = Convert.FromHexString("8505000C26800008A7");
        for (int at = 1; at < frame.Length; at++)
        {
            byte[] bad = [.. frame];
            bad[at] ^= 0x10;
            var deframer = new Deframer();
            Assert.DoesNotContain(Part.Frame, bad.Select(deframer.Take));
        }
    }

    [Fact]
    public void The_wave_of_the_sheet_is_38_5_mmhg_once_the_unit_is_known()
    {
        byte[] wave = Convert.FromHexString("8505000C26800008A7");
        byte[] numbers = CapnostreamFrame.Numerics(86_400, [38, 0xFF, 14, 97, 72, 0x80, 1, 2, 3, 0, 0, 30, 60, 15, 30, 5, 8, 100, 85, 140, 50, 1, 0]);
        var ear = Ear.Hears(Driver, Transport.Serial, wave, numbers);
        DeviceEvent.Samples samples = Assert.Single(ear.Of<DeviceEvent.Samples>());
        Assert.Equal(("co2", "mm[Hg]", 38.5), (samples.Metric.SignalId, samples.Metric.Unit, samples.Scale!.Value.Physical(samples.Raw.Span[0])));
        Assert.Equal(new DateTime(1970, 1, 2), Assert.Single(ear.Of<DeviceEvent.WallClock>()).Wall);
        Assert.Equal(
            [("etco2", "38"), ("inco2", null), ("resp-rate-co2", "14"), ("spo2", "97"), ("pr-spo2", "72")],
            ear.Of<DeviceEvent.Numeric>().Where(numeric => !numeric.Metric.SignalId.StartsWith("raw/", StringComparison.Ordinal)).Select(numeric => (numeric.Metric.SignalId, numeric.Value?.ToString())));
        Assert.Equal("010203", ear.Of<DeviceEvent.Text>().Single(text => text.Metric.SignalId.EndsWith("not-described", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void Samples_that_wait_for_their_unit_for_too_long_are_counted()
    {
        byte[][] waves = [.. Enumerable.Range(0, 130).Select(i => CapnostreamFrame.Wave((byte)i, 10, 0))];
        byte[] numbers = CapnostreamFrame.Numerics(86_400, [38, 1, 14, 97, 72, 0, 0, 0, 0, 0, 0, 30, 60, 15, 30, 5, 8, 100, 85, 140, 50, 2, 0]);
        var ear = Ear.Hears(Driver, Transport.Serial, [.. waves, numbers]);
        Assert.Equal(100, ear.Of<DeviceEvent.Samples>().Sum(samples => samples.Raw.Length));
        DeviceEvent.Missing missing = Assert.Single(ear.Of<DeviceEvent.Missing>());
        Assert.Equal((Bedside.Model.GapCause.Uncalibrated, 30L, 0UL), (missing.Cause, missing.Count, missing.At!.Value.Counter));
    }
}
