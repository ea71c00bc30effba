using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.BisBinary;
using Bedside.Simulators.Bis;

namespace Bedside.Tests.Ingest.BisBinary;

/// <summary>The sheet's own bytes: what the driver writes, what the simulator writes, and what the driver makes of them.</summary>
public class SheetExampleTests
{
    private const string Processed = "BAAB00000D000100040000007300000000000100008600";
    private const string Raw = "BAAB00000E000100040000006F0000000000020080000401";
    private const string Stop = "BAAB00000C0001000400000074000000000000008500";
    private const string Acknowledged = "BAAB00000000020002 00";
    private const string Eeg = "BAAB0600180001000400000032000000 02000C0002008000 5EF35EF3C2F3FAF2 2807";

    private static readonly BisBinaryDriver Driver = new();

    [Fact]
    public void The_requests_of_the_sheet_are_what_may_leave_the_box()
    {
        string[] allowed = [.. Driver.Traits.Outgoing.Select(message => Convert.ToHexString(message.Bytes.Span))];
        Assert.Equal([Processed, Stop, Raw, "BAAB00000C0001000400000070000000000000008100"], allowed);
        Assert.All(Driver.Traits.Outgoing, message => Assert.True(message.Mask.IsEmpty));
        Assert.Equal(Bytes(Processed), BisFrame.Of(0, BisFrame.Data, BisFrame.Message(0x73, 0, 0)));
        Assert.Equal(Bytes(Raw), BisFrame.Of(0, BisFrame.Data, BisFrame.Message(0x6F, 0, 0x80, 0x00)));
        Assert.Equal(Bytes(Stop), BisFrame.Of(0, BisFrame.Data, BisFrame.Message(0x74, 0)));
        Assert.Equal(Bytes(Acknowledged), BisFrame.Of(0, BisFrame.Acknowledged));
    }

    [Theory]
    [InlineData(Processed, 0x73)]
    [InlineData("BAAB00000D000100040000007300000000000100018700", 0x73)]
    [InlineData(Raw, 0x6F)]
    [InlineData(Stop, 0x74)]
    public void A_host_is_understood_by_the_simulator(string hex, int code)
    {
        var ear = new BisEar();
        Assert.Equal(code, Bytes(hex).Select(ear.Hear).ToArray()[^1]?.Code);
    }

    [Fact]
    public void The_raw_eeg_of_the_sheet_is_five_microvolts_once_the_scale_is_known()
    {
        byte[] values = BisFrame.Of(1, BisFrame.Data, BisFrame.Message(0x34, 1, new byte[120]));
        var ear = Ear.Hears(Driver, Transport.Serial, Bytes(Eeg), values);
        DeviceEvent.Samples[] told = [.. ear.Of<DeviceEvent.Samples>()];
        Assert.Equal(["eeg-1", "eeg-2"], told.Select(samples => samples.Metric.SignalId));
        Assert.Equal([0.0, 5.0], told[0].Raw.ToArray().Select(raw => Math.Round(told[0].Scale!.Value.Physical(raw), 9)));
        Assert.Equal([0.0, -5.0], told[1].Raw.ToArray().Select(raw => Math.Round(told[1].Scale!.Value.Physical(raw), 9)));
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
    }

    [Theory]
    [InlineData(0x34, 120)]
    [InlineData(0x34, 156)]
    [InlineData(0x35, 364)]
    [InlineData(0x35, 400)]
    public void Processed_values_have_the_four_lengths_of_the_sheet_and_no_other(int code, int length)
    {
        Assert.Equal(3, Hear(code, length).Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.Label == "BIS"));
        Assert.Single(Hear(code, length - 1).Of<DeviceEvent.Fault>());
        Assert.Single(Hear(code, length + 2).Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void What_a_host_asks_is_no_monitor()
    {
        byte[] asked = [.. Enumerable.Repeat(Bytes(Processed), 20).SelectMany(one => one), .. Bytes(Raw)];
        Assert.NotEqual(Verdict.Yes, Driver.Sniff(asked, Transport.Serial));
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(Bytes(Acknowledged), Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. Bytes(Acknowledged), .. Bytes(Eeg)], Transport.Serial));
    }

    private static Ear Hear(int code, int length) => Ear.Hears(Driver, Transport.Serial, BisFrame.Of(1, BisFrame.Data, BisFrame.Message(code, 1, new byte[length])));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
