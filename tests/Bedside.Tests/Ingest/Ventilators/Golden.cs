using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Ventilators;

/// <summary>A driver's captures and the goldens beside them.</summary>
internal static class Golden
{
    /// <summary>With BEDSIDE_GOLDEN=write in the environment captures and goldens are written anew.</summary>
    public static bool IsWritten { get; } = Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write";

    public static string PathOf(IDriver driver, string name) => Path.Combine(Repository.PathOf(Path.Combine("tests", "captures", driver.Name)), name);

    /// <summary>What a session that only listens makes of a capture, cut into pieces of at most <paramref name="pieces"/>.</summary>
    public static IReadOnlyList<string> Replay(IDriver driver, string name, int pieces = int.MaxValue)
    {
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        foreach (Chunk chunk in CaptureFile.Open(PathOf(driver, name + ".cap")).Chunks())
        {
            int step = Math.Min(pieces, Math.Max(1, chunk.Bytes.Length));
            for (int at = 0; at < Math.Max(1, chunk.Bytes.Length); at += step)
            {
                session.OnChunk(chunk with { Bytes = chunk.Bytes.Slice(at, Math.Min(step, chunk.Bytes.Length - at)) }, ear);
            }
        }

        session.Stop(ear);
        return ear.Lines;
    }

    public static void Check(IDriver driver, string name)
    {
        string path = PathOf(driver, name + ".golden");
        if (IsWritten)
        {
            File.WriteAllLines(path, Replay(driver, name));
        }

        Assert.Equal(File.ReadAllLines(path), Replay(driver, name));
    }

    public static void CheckCut(IDriver driver, string name)
    {
        string[] golden = File.ReadAllLines(PathOf(driver, name + ".golden"));
        Assert.Equal(golden, Replay(driver, name, pieces: 1));
        Assert.Equal(golden, Replay(driver, name, pieces: 7));
    }

    /// <summary>Replayed with its silences, a session that may speak says what was said when it was recorded.</summary>
    public static void CheckConversation(IDriver driver, string name, LineSettings line)
    {
        Recording recording = CaptureFile.Open(PathOf(driver, name + ".cap"));
        Assert.Empty(recording.Faults);
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(Transport.Serial, ListenOnly: false, line));
        List<byte[]> recorded = [];
        foreach (Chunk chunk in recording.Chunks())
        {
            if (chunk.Direction == ChunkDirection.ToDevice)
            {
                // What was said then was said at a tick of the line, or in answer to bytes that were just replayed.
                recorded.Add(chunk.Bytes.ToArray());
                session.OnChunk(new Chunk(chunk.ArrivedAt, default), ear);
            }
            else
            {
                session.OnChunk(chunk, ear);
            }
        }

        session.Stop(ear);
        Assert.NotEmpty(recorded);
        Assert.Equal(recorded.Select(Convert.ToHexString).Distinct().Order(), ear.Sent.Select(Convert.ToHexString).Distinct().Order());
    }

    /// <summary>The bytes of the device in a capture, joined.</summary>
    public static byte[] FromDevice(IDriver driver, string name) =>
        [.. CaptureFile.Open(PathOf(driver, name + ".cap")).Chunks().Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray())];

    /// <summary>Every 4 KiB of what other devices say, from our captures and from the recordings beside the repository.</summary>
    public static IEnumerable<byte[]> OfOthers(params string[] ours)
    {
        foreach (IDriver other in DriverCatalog.All.Where(driver => !ours.Contains(driver.Name)))
        {
            foreach (string file in Directory.GetFiles(Repository.PathOf(Path.Combine("tests", "captures", other.Name)), "*.cap"))
            {
                foreach (byte[] window in FromDevice(other, Path.GetFileNameWithoutExtension(file)).Chunk(4096))
                {
                    yield return window;
                }
            }
        }

        string? shared = Repository.Shared(Path.Combine("data", "captures"));
        foreach (string file in shared is null ? [] : Directory.GetFiles(shared, "*", SearchOption.AllDirectories))
        {
            if (!ours.Any(name => name.StartsWith(Path.GetFileName(Path.GetDirectoryName(file)) ?? " ", StringComparison.Ordinal)))
            {
                foreach (byte[] window in File.ReadAllBytes(file).Chunk(4096))
                {
                    yield return window;
                }
            }
        }
    }
}
