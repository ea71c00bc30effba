using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PuritanBennettWaveform;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.PuritanBennettWaveform;

/// <summary>A real recording, and what is enough to recognise the port.</summary>
public class SniffTests
{
    private static readonly PuritanBennettWaveformDriver Driver = new();

    /// <summary>Minutes of a real PB840, taken apart here by nothing but lines and commas, against what the driver tells.</summary>
    [Fact]
    public void ARealRecordingComesOutSampleBySample()
    {
        if (Repository.Shared("data/captures/puritan-bennett/pb840_waveform_0282_first400k.txt") is not { } path)
        {
            return;
        }

        string[] lines = File.ReadAllText(path).Split('\n')[..^1];
        double[][] samples = [.. lines.Where(line => line.Contains(", ", StringComparison.Ordinal) && line[0] != 'B').Select(line => line.Split(", ").Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        var ear = Ear.Heard(Driver, File.ReadAllBytes(path), pieces: 1000);
        Assert.Empty(ear.Of<DeviceEvent.Missing>());
        IReadOnlyList<double> flow = ear.Curve("airway-flow");
        IReadOnlyList<double> pressure = ear.Curve("paw");
        Assert.Equal((30_145, 30_145, 30_145), (samples.Length, flow.Count, pressure.Count));
        for (int i = 0; i < samples.Length; i++)
        {
            Assert.Equal(samples[i][0], flow[i], 1e-9);
            Assert.Equal(samples[i][1], pressure[i], 1e-9);
        }

        string[] breaths = [.. lines.Where(line => line.StartsWith("BS", StringComparison.Ordinal)).Select(line => line["BS, S:".Length..^1])];
        Assert.Equal(breaths, ear.Of<DeviceEvent.Numeric>().Select(said => said.Value!.Value.ToString()));
        Assert.All(File.ReadAllBytes(path).Chunk(4096).SkipLast(1), window => Assert.Equal(Verdict.Yes, Driver.Sniff(window, Transport.Serial)));
    }

    [Fact]
    public void EveryWindowOfItsOwnIsRecognisedAndAFewLinesAreNotEnough()
    {
        byte[] bytes = Golden.FromDevice(Driver.Name, "breaths");
        Assert.All(bytes.Chunk(4096).SkipLast(1), window => Assert.Equal(Verdict.Yes, Driver.Sniff(window, Transport.Serial)));
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(bytes.AsSpan(0, 60), Transport.Serial));
    }

    [Fact]
    public void ItHasNothingToSay()
    {
        Assert.Empty(Driver.Traits.Outgoing);
        Assert.Empty(Driver.Traits.Probes);
    }
}

/// <summary>Ten million bytes of nothing in particular, and then a breath.</summary>
[Collection(Alone.Name)]
public class RandomByteTests
{
    private const int Bytes = 5_000_000;
    private const string Letters = "BSE, :.-0123456789\n\n\n";

    [Theory]
    [InlineData("random")]
    [InlineData("pieces of lines")]
    public void MillionsOfRandomBytesAreSurvivedWithoutGrowthAndTheNextLinesAreTaken(string how)
    {
        var driver = new PuritanBennettWaveformDriver();
        IDriverSession session = driver.Open(new SessionOptions(Transport.Serial));
        var soak = new Soak();
        soak.Run(session, Bytes, seed: 50, how == "random" ? null : value => (byte)Letters[value % Letters.Length]);
        Assert.True(soak.Events > 100);
        Assert.InRange(soak.Grown, long.MinValue, 4_000_000);

        var ear = new Ear(driver);
        session.OnChunk(new Chunk(new MonotonicInstant(soak.Now + 20_000_000), "\nBS, S:5,\n1.50, 2.50\n1.50, 2.50\nBE\n"u8.ToArray()), ear);
        session.Stop(ear);
        Assert.Equal([2.5, 2.5], ear.Curve("paw").TakeLast(2));
    }
}
