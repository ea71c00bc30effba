using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.ServoCie;

/// <summary>What is enough to recognise a ventilator.</summary>
public class SniffTests
{
    public static readonly TheoryData<string> Names = ["servo-i", "servo-s"];

    [Theory]
    [MemberData(nameof(Names))]
    public void ACaptureIsAlsoRecognisedAsAStream(string name)
    {
        byte[] bytes = Golden.FromDevice(Wire.Driver.Name, name);
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff(bytes.AsSpan(bytes.Length - 2600), Transport.Serial));
    }

    [Fact]
    public void TwoAnswersAreEnoughWhenOneOfThemNamesIt()
    {
        byte[] basic = "900PCI\u0004"u8.ToArray();
        byte[] product = "Servo-i029\u0004"u8.ToArray();
        byte[] unknown = "ER10\u0004"u8.ToArray();
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff(basic, Transport.Serial));
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff([.. basic, .. product], Transport.Serial));
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff([.. unknown, .. product], Transport.Serial));
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff([.. unknown, .. unknown, .. unknown], Transport.Serial));
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff([.. unknown, .. "Servo-i028\u0004"u8], Transport.Serial));
    }
}

/// <summary>Ten million bytes of nothing in particular, and then a ventilator.</summary>
[Collection(Alone.Name)]
public class RandomByteTests
{
    private const int Bytes = 3_400_000;

    [Theory]
    [InlineData("listening to text")]
    [InlineData("listening to a stream")]
    [InlineData("talking")]
    public void MillionsOfRandomBytesAreSurvivedWithoutGrowthAndTheSecondBlockIsTaken(string how)
    {
        IDriverSession session = how == "talking" ? Wire.Driver.Open(new SessionOptions(Transport.Serial)) : Wire.Stream().Session;
        var ear = new Ear(Wire.Driver);
        if (how == "listening to text")
        {
            session.OnChunk(new Chunk(default, (byte[])[0x1B], ChunkDirection.ToDevice), ear);
        }

        var soak = new Soak();
        soak.Run(session, Bytes, seed: 81);
        Assert.True(soak.Events > 1);
        Assert.InRange(soak.Grown, long.MinValue, 4_000_000);
        if (how == "listening to a stream")
        {
            byte[] block = Wire.Hex("42 00 A7 00 D0 03 E8 7F A1");
            session.OnChunk(new Chunk(new MonotonicInstant(soak.Now), (byte[])[.. block, .. block]), ear);
            Assert.Equal("16.7", ear.Number("vent-rate"));
        }
        else if (how == "listening to text")
        {
            Wire.Say(session, ear, ("SDADB200", "*"), ("RADAB", "0167"));
            Assert.Equal("16.7", ear.Number("vent-rate"));
        }
    }
}
