using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.HamiltonPolling;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Hamilton;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.HamiltonPolling;

/// <summary>Our captures against what the driver made of them when they were read and found right, and who is recognised.</summary>
[Collection(Alone.Name)]
public class CaptureTests
{
    private const int RandomBytes = 3_400_000;

    public static readonly TheoryData<string> Names = ["pcmv", "simv"];

    private static readonly HamiltonPollingDriver Driver = new();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_capture_gives_its_golden_however_it_is_cut(string name)
    {
        if (Golden.IsWritten)
        {
            Record(name);
        }

        Golden.Check(Driver, name);
        Golden.CheckCut(Driver, name);
        Golden.CheckConversation(Driver, name, Driver.Traits.Lines[0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_capture_is_recognised_from_its_first_bytes_and_by_nobody_else(string name)
    {
        byte[] bytes = Golden.FromDevice(Driver, name);
        Assert.Equal(Verdict.Yes, Driver.Sniff(bytes.AsSpan(0, 90), Transport.Serial));
        Assert.Equal(Verdict.No, Driver.Sniff(bytes, Transport.Udp));
        Assert.All(
            bytes.Chunk(4096),
            window => Assert.All(DriverCatalog.All.Where(other => other.Name != Driver.Name), other => Assert.NotEqual(Verdict.Yes, other.Sniff(window, Transport.Serial))));
    }

    [Fact]
    public void Random_bytes_and_other_devices_are_never()
    {
        var random = new Random(11);
        byte[] window = new byte[4096];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(window);
            Assert.Equal(Verdict.No, Driver.Sniff(window, Transport.Serial));
        }

        byte[][] others = [.. Golden.OfOthers(Driver.Name)];
        Assert.NotEmpty(others);
        Assert.All(others, other => Assert.NotEqual(Verdict.Yes, Driver.Sniff(other, Transport.Serial)));
    }

    [Theory]
    [InlineData("listening")]
    [InlineData("talking")]
    [InlineData("pieces of replies")]
    public void Millions_of_random_bytes_are_survived_without_growth_and_the_second_reply_is_taken(string how)
    {
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial, ListenOnly: how != "talking"));
        var soak = new Soak();
        const string Letters = "\u0002\u0003\rB 0129.x\"";
        soak.Run(session, RandomBytes, seed: 5, how == "pieces of replies" ? value => (byte)Letters[value % Letters.Length] : null);
        Assert.True(soak.Events > 100);
        Assert.InRange(soak.Grown, long.MinValue, 4_000_000);

        var ear = new Ear(Driver);
        for (int i = 1; i <= 40; i++)
        {
            session.OnChunk(new Chunk(new MonotonicInstant(soak.Now + (i * 300_000_000L)), default), ear);
            byte id = ear.Sent.Count > 0 ? ear.Sent[^1][1] : (byte)66;
            session.OnChunk(new Chunk(new MonotonicInstant(soak.Now + (i * 300_000_000L)), HamiltonReply.Value(id, i < 20 ? "19." : "22.")), ear);
        }

        Assert.Contains(ear.Of<DeviceEvent.Numeric>(), told => told.Value is not null);
    }

    private static void Record(string name)
    {
        SimulatedLine line = name == "pcmv"
            ? new SimulatedLine(HamiltonVentilator.Kind, Driver.Name, "--basic", "--fault", "disconnect@6+3", "--fault", "standby@10+4")
            : new SimulatedLine(HamiltonVentilator.Kind, Driver.Name, "--mode", "2", "--seed", "4", "--fault", "drop-bytes@4+4", "--fault", "truncated@9+3");
        line.Run(16);
        line.Record(Golden.PathOf(Driver, name + ".cap"), "HAMILTON, POLLING PROTOCOL", Driver.Traits.Lines[0], "Made by our simulator. No person, no real machine.");
    }
}
