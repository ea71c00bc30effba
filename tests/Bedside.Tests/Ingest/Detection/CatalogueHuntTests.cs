using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>The product's own drivers against scripted devices that answer with the worked examples of the protocol sheets.</summary>
public class CatalogueHuntTests
{
    private static readonly byte[] Initialise = Convert.FromHexString("1B5136430D");
    private static readonly byte[] Identify = Convert.FromHexString("1B5236440D");
    private static readonly byte[] Initialised = Convert.FromHexString("015135320D");
    private static readonly byte[] Identified = Convert.FromHexString("01523832343027457669746120342730342E30303A30342E303044410D");

    public static TheoryData<string> MedibusLines => [.. DriverCatalog.ByName("draeger-medibus")!.Traits.Lines.Select(line => line.ToString())];

    [Theory]
    [MemberData(nameof(MedibusLines))]
    public void AVentilatorIsFoundAtEachOfItsSettingsWithinTenSeconds(string line)
    {
        var time = new ManualTime();
        LineSettings spoken = LineSettings.Parse(line)!;
        var device = new ScriptedLine(time, spoken) { Answer = asked => asked.SequenceEqual(Initialise) ? Initialised : asked.SequenceEqual(Identify) ? Identified : null };

        HuntResult result = new Hunt(new HuntOptions(Transport.Serial), time).Run(device, CancellationToken.None);

        Assert.Equal(("draeger-medibus", spoken), (result.Found?.Driver.Name, result.Found?.Line));
        Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromSeconds(10).Ticks);
    }

    [Fact]
    public void AVentilatorThatCallsFirstIsNotTakenForALoop()
    {
        var time = new ManualTime();
        int reads = 0;
        var device = new ScriptedLine(time, new LineSettings(9600, 8, LineParity.Even))
        {
            Chatter = () => ++reads % 30 == 0 ? Initialise : null,
            Answer = asked => asked.SequenceEqual(Initialise) ? [.. Initialise, .. Initialised] : null,
        };

        HuntResult result = new Hunt(new HuntOptions(Transport.Serial), time).Run(device, CancellationToken.None);

        Assert.Equal("draeger-medibus", result.Found?.Driver.Name);
    }

    [Fact]
    public void SilenceCostsAtMostTenSeconds()
    {
        var time = new ManualTime();
        HuntResult result = new Hunt(new HuntOptions(Transport.Serial), time).Run(new ScriptedLine(time), CancellationToken.None);

        Assert.Null(result.Found);
        Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromSeconds(10).Ticks);
    }

    [Fact]
    public void EveryQuestionOfEveryDriverIsInItsListOfMessages() =>
        Assert.All(
            DriverCatalog.All,
            driver => Assert.All(
                driver.Traits.Probes.Concat(driver.Traits.NetworkProbes),
                probe => Assert.Contains(driver.Traits.Outgoing, allowed => allowed.Matches(probe.Span))));
}
