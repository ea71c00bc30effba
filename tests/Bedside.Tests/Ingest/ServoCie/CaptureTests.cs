using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Servo;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.ServoCie;

/// <summary>Our captures against what the driver made of them when they were read and found right, and who is recognised.</summary>
public class CaptureTests
{
    private static readonly LineSettings Line = new(9600, Parity: LineParity.Even);

    public static readonly TheoryData<string> Names = ["servo-i", "servo-s"];

    [Theory]
    [MemberData(nameof(Names))]
    public void ACaptureGivesItsGoldenHoweverItIsCut(string name)
    {
        if (Golden.IsWritten)
        {
            Record(name);
        }

        Golden.Check(Wire.Driver, name);
        Golden.CheckCut(Wire.Driver, name);
        Golden.CheckConversation(Wire.Driver, name, Line);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACaptureIsRecognisedFromItsFirstBytesAndAsAStream(string name)
    {
        byte[] bytes = Golden.FromDevice(Wire.Driver, name);
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff(bytes.AsSpan(0, 40), Transport.Serial));
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff(bytes.AsSpan(bytes.Length - 2600), Transport.Serial));
        Assert.Equal(Verdict.No, Wire.Driver.Sniff(bytes, Transport.Udp));
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

    [Fact]
    public void RandomBytesAndOtherDevicesAreNever()
    {
        var random = new Random(11);
        byte[] window = new byte[4096];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(window);
            Assert.Equal(Verdict.No, Wire.Driver.Sniff(window, Transport.Serial));
        }

        byte[][] others = [.. Golden.OfOthers("servo-cie")];
        Assert.NotEmpty(others);
        Assert.All(others, other => Assert.NotEqual(Verdict.Yes, Wire.Driver.Sniff(other, Transport.Serial)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NobodyElseTakesItsBytesForTheirs(string name)
    {
        foreach (byte[] window in Golden.FromDevice(Wire.Driver, name).Chunk(4096))
        {
            Assert.All(DriverCatalog.All.Where(driver => driver.Name != Wire.Driver.Name), other => Assert.NotEqual(Verdict.Yes, other.Sniff(window, Transport.Serial)));
        }
    }

    [Fact]
    public void NothingIsTooShort()
    {
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff([], Transport.Serial));
        for (int value = 0; value < 256; value++)
        {
            Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff([(byte)value], Transport.Serial));
        }
    }

    private static void Record(string name)
    {
        SimulatedLine line = name == "servo-i"
            ? new SimulatedLine(ServoPorts.Servo, Wire.Driver.Name, "--fault", "disconnect@8+3", "--fault", "silenced@9+1", "--fault", "mode-change@12+60", "--fault", "standby@15+5", "--fault", "co2-off@7+1")
            : new SimulatedLine(ServoPorts.Servo, Wire.Driver.Name, "--model", "s", "--highest", "2", "--sampling", "40");
        line.Run(name == "servo-i" ? 27 : 20);
        line.Record(Golden.PathOf(Wire.Driver, name + ".cap"), name.ToUpperInvariant(), Line, "Made by our simulator. No person, no real machine.");
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
