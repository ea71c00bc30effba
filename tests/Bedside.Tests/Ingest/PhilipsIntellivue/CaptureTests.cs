using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>
/// Our own captures against what the driver made of them when that was checked line by line. With BEDSIDE_GOLDEN=write in
/// the environment the golden files are written anew, to be looked at before they are committed.
/// </summary>
public sealed class CaptureTests
{
    private static readonly string Folder = Repository.PathOf("tests/captures/philips-intellivue");

    public static TheoryData<string> Captures => [.. Directory.GetFiles(Folder, "*.cap").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_capture_gives_its_golden(string name)
    {
        string golden = Path.Combine(Folder, $"{name}.golden");
        string[] lines = [.. Lines(Chunks(name), TransportOf(name))];
        if (Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write")
        {
            File.WriteAllLines(golden, lines);
        }

        Assert.Equal(File.ReadAllLines(golden), lines);
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Single_bytes_give_the_same_golden(string name) =>
        Assert.Equal(
            File.ReadAllLines(Path.Combine(Folder, $"{name}.golden")),
            Lines(Chunks(name).SelectMany(Bytes), TransportOf(name)));

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_capture_that_begins_in_the_middle_still_gives_calibrated_data(string name)
    {
        Chunk[] chunks = [.. Chunks(name)];
        var box = new Listener(TransportOf(name), listenOnly: true);
        foreach (Chunk chunk in chunks.Skip(chunks.Length / 3))
        {
            box.Hear(chunk);
        }

        Assert.Contains(box.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "hr");
        Assert.Contains(box.Of<DeviceEvent.Samples>(), one => one.Metric.SignalId == "ecg-ii" && one.Scale == new Scale(0.005, -40.96));
        Assert.All(box.Of<DeviceEvent.Samples>(), one => Assert.Equal(one.Metric.SignalId == "pleth", one.Scale is null));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Only_this_driver_takes_the_capture(string name)
    {
        byte[] window = [.. Chunks(name).Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray()).Take(4096)];

        Assert.Equal(
            ["philips-intellivue"],
            DriverCatalog.All.Where(driver => driver.Sniff(window, TransportOf(name)) == Verdict.Yes).Select(driver => driver.Name));
    }

    private static IEnumerable<Chunk> Chunks(string name) => Open(name).Chunks();

    private static Transport TransportOf(string name) => Open(name).Transport ?? throw new InvalidOperationException("the capture does not state its transport");

    private static Recording Open(string name) => CaptureFile.Open(Path.Combine(Folder, $"{name}.cap"));

    private static IEnumerable<Chunk> Bytes(Chunk chunk) =>
        chunk.Bytes.IsEmpty ? [chunk] : Enumerable.Range(0, chunk.Bytes.Length).Select(at => chunk with { Bytes = chunk.Bytes.Slice(at, 1) });

    private static IEnumerable<string> Lines(IEnumerable<Chunk> chunks, Transport transport)
    {
        var box = new Listener(transport, listenOnly: true);
        foreach (Chunk chunk in chunks)
        {
            box.Hear(chunk);
        }

        Assert.Empty(box.Sent);
        return box.Lines;
    }
}
