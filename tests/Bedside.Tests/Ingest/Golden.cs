using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest;

/// <summary>Our captures, the goldens beside them, and what a driver makes of the one to be held against the other.</summary>
internal static class Golden
{
    /// <summary>So much is sniffed at.</summary>
    public const int WindowBytes = 4096;

    /// <summary>With BEDSIDE_GOLDEN=write in the environment captures and goldens are written anew.</summary>
    public static bool IsWritten { get; } = Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write";

    /// <summary>Every capture of every driver of the catalogue.</summary>
    public static IReadOnlyList<(string Driver, string Name)> All { get; } =
        [.. DriverCatalog.All.SelectMany(driver => Directory.GetFiles(Repository.PathOf($"tests/captures/{driver.Name}"), "*.cap").Order(StringComparer.Ordinal).Select(file => (driver.Name, Path.GetFileNameWithoutExtension(file))))];

    public static string PathOf(string driver, string name, string kind) => Repository.PathOf(Path.Combine("tests", "captures", driver, $"{name}.{kind}"));

    public static Recording Open(string driver, string name) => CaptureFile.Open(PathOf(driver, name, "cap"));

    /// <summary>What carried the bytes of a capture: each of ours says it.</summary>
    public static Transport TransportOf(string driver, string name) =>
        Open(driver, name).Transport ?? throw new InvalidOperationException($"{driver}/{name}.cap does not state its transport");

    /// <summary>What a session that only listens makes of a capture, cut into pieces of at most <paramref name="pieces"/>.</summary>
    public static Ear Replay(IDriver driver, string name, int pieces = int.MaxValue) =>
        Ear.Replays(driver, TransportOf(driver.Name, name), Open(driver.Name, name).Chunks(), pieces);

    /// <summary>
    /// What was said to the device when a capture was recorded, and what a session says that hears its bytes and its silences again. What was said then was said at a tick of the line, or
    /// in answer to bytes: with <paramref name="ticks"/> there is such a tick at each of those times.
    /// </summary>
    public static (List<string> Recorded, List<string> Said) Again(IDriver driver, string name, LineSettings line, bool ticks)
    {
        Recording recording = Open(driver.Name, name);
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(TransportOf(driver.Name, name), ListenOnly: false, line));
        List<string> recorded = [];
        foreach (Chunk chunk in recording.Chunks())
        {
            if (chunk.Direction == ChunkDirection.FromDevice)
            {
                session.OnChunk(chunk, ear);
                continue;
            }

            recorded.Add(Convert.ToHexString(chunk.Bytes.Span));
            if (ticks)
            {
                session.OnChunk(new Chunk(chunk.ArrivedAt, default), ear);
            }
        }

        if (ticks)
        {
            session.Stop(ear);
        }

        return (recorded, [.. ear.Sent.Select(Convert.ToHexString)]);
    }

    /// <summary>The bytes of the device, joined.</summary>
    public static byte[] FromDevice(IEnumerable<Chunk> chunks) =>
        [.. chunks.Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray())];

    public static byte[] FromDevice(string driver, string name) => FromDevice(Open(driver, name).Chunks());
}
