using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.HamiltonPolling;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Hamilton;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.HamiltonPolling;

/// <summary>Ten million bytes of nothing in particular, and then a ventilator.</summary>
[Collection(Alone.Name)]
public class RandomByteTests
{
    private const int RandomBytes = 3_400_000;

    private static readonly HamiltonPollingDriver Driver = new();

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
}
