using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>
/// Our own captures against what the driver made of them when they were read and found right. With BEDSIDE_GOLDEN=write in
/// the environment both are written anew.
/// </summary>
public class CaptureTests
{
    private static readonly string Folder = Repository.PathOf(Path.Combine("tests", "captures", "draeger-medibus"));
    private static readonly bool Write = Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write";

    public static readonly TheoryData<string> Names = ["evita-4", "v500"];

    [Theory]
    [MemberData(nameof(Names))]
    public void ACaptureGivesItsGolden(string name)
    {
        string golden = Path.Combine(Folder, name + ".golden");
        if (Write)
        {
            Record(name);
            File.WriteAllLines(golden, Replay(name, single: false));
        }

        Assert.Equal(File.ReadAllLines(golden), Replay(name, single: false));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACaptureCutIntoSingleBytesGivesTheSameGolden(string name) =>
        Assert.Equal(File.ReadAllLines(Path.Combine(Folder, name + ".golden")), Replay(name, single: true));

    [Theory]
    [MemberData(nameof(Names))]
    public void ACaptureIsRecognisedFromItsFirstBytes(string name)
    {
        byte[] bytes = [.. FromDevice(name).SelectMany(chunk => chunk.Bytes.ToArray()).Take(4096)];
        Assert.Equal(Verdict.Yes, new DraegerMedibusDriver().Sniff(bytes, Transport.Serial));
        Assert.Equal(Verdict.Yes, new DraegerMedibusDriver().Sniff(bytes.AsSpan(0, 200), Transport.Serial));
    }

    /// <summary>Replayed with its silences, the session says to the device what it said when it was recorded.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheConversationOfACaptureIsHadAgain(string name)
    {
        Recording recording = CaptureFile.Open(Path.Combine(Folder, name + ".cap"));
        Assert.Empty(recording.Faults);
        var ear = new Ear();
        IDriverSession session = Wire.Session(line: new LineSettings(19200, Parity: LineParity.Even));
        List<byte[]> recorded = [];
        foreach (Chunk chunk in recording.Chunks())
        {
            if (chunk.Direction == ChunkDirection.ToDevice)
            {
                recorded.Add(chunk.Bytes.ToArray());
            }
            else
            {
                session.OnChunk(chunk, ear);
            }
        }

        int common = Math.Min(recorded.Count, ear.Sent.Count);
        Assert.InRange(common, recorded.Count * 9 / 10, recorded.Count);
        string[] had = [.. ear.Sent.Select(Convert.ToHexString).Distinct().Order()];
        string[] was = [.. recorded.Select(Convert.ToHexString).Distinct().Order()];
        Assert.Equal(was, had);
    }

    private static IEnumerable<Chunk> FromDevice(string name) =>
        CaptureFile.Open(Path.Combine(Folder, name + ".cap")).Chunks().Where(chunk => chunk.Direction == ChunkDirection.FromDevice);

    private static List<string> Replay(string name, bool single)
    {
        var ear = new Ear();
        IDriverSession session = Wire.Session(listenOnly: true);
        foreach (Chunk chunk in CaptureFile.Open(Path.Combine(Folder, name + ".cap")).Chunks())
        {
            int step = single ? 1 : Math.Max(1, chunk.Bytes.Length);
            for (int at = 0; at < Math.Max(1, chunk.Bytes.Length); at += step)
            {
                session.OnChunk(chunk with { Bytes = chunk.Bytes.Slice(at, Math.Min(step, chunk.Bytes.Length)) }, ear);
            }
        }

        session.Stop(ear);
        return ear.Lines;
    }

    private static void Record(string name)
    {
        (ScriptedDevice device, string title) = name == "v500" ? (CaptureDevices.V500(), "Dräger V500") : (CaptureDevices.Evita4(), "Dräger Evita 4");
        var talk = new Talk(device, new LineSettings(19200, Parity: LineParity.Even));
        CaptureDevices.Play(device, talk, name);
        CaptureHeader header = new()
        {
            Device = title,
            Origin = CaptureOrigin.Synthetic,
            Transport = Transport.Serial,
            Line = new LineSettings(19200, Parity: LineParity.Even),
            Notes = "Made by a scripted device of the tests. No person, no real machine.",
        };
        using var writer = CaptureWriter.Create(Path.Combine(Folder, name + ".cap"), header, default(Bedside.Model.MonotonicInstant));
        foreach (Chunk chunk in talk.Line)
        {
            writer.Write(chunk);
        }
    }
}
