using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>Ten million bytes of nothing in particular, and then a ventilator.</summary>
[Collection(Alone.Name)]
public class RandomByteTests
{
    private const int Bytes = 3_400_000;

    [Theory]
    [InlineData("listening")]
    [InlineData("talking")]
    [InlineData("pieces of replies")]
    public void MillionsOfRandomBytesAreSurvivedWithoutGrowthAndTheSecondReplyIsTaken(string how)
    {
        IDriverSession session = Wire.Session(listenOnly: how != "talking");
        var soak = new Soak();
        const string Letters = "MISCAF,0179\u0002\u0003\r ";
        soak.Run(session, Bytes, seed: 840, how == "pieces of replies" ? value => (byte)Letters[value % Letters.Length] : null);
        Assert.True(soak.Events > 100);
        Assert.InRange(soak.Grown, long.MinValue, 4_000_000);

        var ear = new Ear(Wire.Driver);
        for (int i = 1; i <= 2; i++)
        {
            session.OnChunk(new Chunk(new MonotonicInstant(soak.Now + (i * Wire.Second)), Wire.Typical('F')), ear);
        }

        Assert.Equal("0.378", ear.Number("vt-exp"));
    }
}
