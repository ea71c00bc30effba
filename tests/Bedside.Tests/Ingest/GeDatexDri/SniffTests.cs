using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>What is enough to recognise a monitor, and what is not.</summary>
public sealed class SniffTests
{
    private static readonly GeDatexDriDriver Driver = new();

    [Fact]
    public void Two_records_are_enough_and_one_is_not()
    {
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(Vectors.DisplayedBasic, Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. Vectors.DisplayedBasic, .. Vectors.TwoWaves], Transport.Serial));
        Assert.Equal(Verdict.No, Driver.Sniff([.. Vectors.DisplayedBasic, .. Vectors.TwoWaves], Transport.Udp));
    }

    [Fact]
    public void Requests_are_not_a_monitor() =>
        Assert.NotEqual(Verdict.Yes, Driver.Sniff([.. Vectors.FromClient.SelectMany(frame => frame)], Transport.Serial));

    [Fact]
    public void Records_in_the_middle_of_noise_are_found()
    {
        byte[] noise = new byte[700];
        new Random(3).NextBytes(noise);
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. noise, .. Vectors.DisplayedBasic, .. noise, .. Vectors.TwoWaves], Transport.Serial));
    }
}
