using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>It recognises its own and nobody else's, and nobody else takes its own.</summary>
public sealed class SniffTests
{
    private const int WindowBytes = 4096;

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

    [Fact]
    public void Random_bytes_are_never_a_monitor()
    {
        var random = new Random(11);
        byte[] window = new byte[WindowBytes];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(window);
            Assert.Equal(Verdict.No, Driver.Sniff(window, Transport.Serial));
        }
    }

    [Fact]
    public void Nothing_is_too_short()
    {
        Assert.Equal(Verdict.NeedMore, Driver.Sniff([], Transport.Serial));
        for (int value = 0; value < 256; value++)
        {
            Assert.Equal(Verdict.NeedMore, Driver.Sniff([(byte)value], Transport.Serial));
        }
    }

    /// <summary>Every window of every capture of the repository, and of the real recordings beside it.</summary>
    [Fact]
    public void Only_its_own_captures_are_its_own_and_no_other_driver_takes_them()
    {
        int own = 0;
        foreach ((string driver, byte[] bytes) in Captures())
        {
            for (int at = 0; at < bytes.Length; at += WindowBytes)
            {
                ReadOnlySpan<byte> window = bytes.AsSpan(at, Math.Min(WindowBytes, bytes.Length - at));
                bool isOurs = Driver.Sniff(window, Transport.Serial) == Verdict.Yes;
                Assert.True(!isOurs || driver == Driver.Name, driver);
                own += isOurs ? 1 : 0;
                foreach (IDriver other in DriverCatalog.All.Where(other => other.Name != Driver.Name && driver == Driver.Name))
                {
                    Assert.NotEqual(Verdict.Yes, other.Sniff(window, Transport.Serial));
                }
            }
        }

        Assert.True(own > 5);
    }

    private static IEnumerable<(string Driver, byte[] Bytes)> Captures()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf(Path.Combine("tests", "captures")), "*.cap", SearchOption.AllDirectories))
        {
            IEnumerable<Chunk> chunks = CaptureFile.Open(file).Chunks().Where(chunk => chunk.Direction == ChunkDirection.FromDevice);
            yield return (new FileInfo(file).Directory?.Name ?? string.Empty, [.. chunks.SelectMany(chunk => chunk.Bytes.ToArray())]);
        }

        if (Repository.Shared(Path.Combine("data", "captures")) is string shared)
        {
            foreach (string file in Directory.EnumerateFiles(shared, "*", SearchOption.AllDirectories).Where(file => Path.GetDirectoryName(file) != shared))
            {
                yield return (new FileInfo(file).Directory?.Name ?? string.Empty, File.ReadAllBytes(file));
            }
        }
    }
}
