using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Ingest.Links;
using Bedside.Tests.Simulators.GeDatex;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>
/// Our own captures against what the driver made of them when they were read and found right. With BEDSIDE_GOLDEN=write in
/// the environment both are written anew, the captures by the simulated monitor.
/// </summary>
public sealed class CaptureTests
{
    private const double Seconds = 21;

    private static readonly string Folder = Repository.PathOf(Path.Combine("tests", "captures", "ge-datex-dri"));
    private static readonly bool Write = Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write";

    public static readonly TheoryData<string> Names = ["s5-theatre", "carescape"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_capture_gives_its_golden(string name)
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
    public void A_capture_cut_into_single_bytes_gives_the_same_golden(string name) =>
        Assert.Equal(File.ReadAllLines(Path.Combine(Folder, name + ".golden")), Replay(name, single: true));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_capture_is_recognised_from_its_first_bytes(string name)
    {
        byte[] bytes = [.. CaptureFile.Open(Path.Combine(Folder, name + ".cap")).Chunks()
            .Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray()).Take(4096)];
        Assert.Equal(Verdict.Yes, new GeDatexDriDriver().Sniff(bytes, Transport.Serial));
    }

    /// <summary>Replayed with its silences, the session says to the monitor what it said when it was recorded.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_conversation_of_a_capture_is_had_again(string name)
    {
        Recording recording = CaptureFile.Open(Path.Combine(Folder, name + ".cap"));
        Assert.Empty(recording.Faults);
        var ear = new Ear();
        IDriverSession session = Wire.Session(listenOnly: false, recording.Header.Line);
        List<string> recorded = [];
        foreach (Chunk chunk in recording.Chunks())
        {
            if (chunk.Direction == ChunkDirection.ToDevice)
            {
                recorded.Add(Convert.ToHexString(chunk.Bytes.Span));
            }
            else
            {
                session.OnChunk(chunk, ear);
            }
        }

        Assert.Equal(recorded, ear.Sent.Select(Convert.ToHexString));
    }

    private static List<string> Replay(string name, bool single)
    {
        var ear = new Ear();
        IDriverSession session = Wire.Session();
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
        (string title, string[] options) = name == "carescape"
            ? ("GE CARESCAPE B650", ["--level", "11", "--picco", "--seed", "5", "--fault", "apnoea@8+6", "--fault", "probe-off@14+10", "--fault", "mark@9", "--fault", "lead-off@3+2"])
            : ("Datex-Ohmeda S/5", (string[])["--level", "9", "--anaesthesia", "--seed", "4", "--fault", "relabel@8+20", "--fault", "lost-record@6+4", "--fault", "specials@12+6", "--fault", "bad-checksum@15+3"]);
        var talk = new S5Talk(19_200, options);
        talk.Run(Seconds);
        CaptureHeader header = new()
        {
            Device = title,
            Origin = CaptureOrigin.Synthetic,
            Transport = Transport.Serial,
            Line = talk.Line,
            Notes = $"Made by the simulated monitor (ge-s5 {string.Join(' ', options)}). No person, no real machine.",
        };
        Directory.CreateDirectory(Folder);
        using var writer = CaptureWriter.Create(Path.Combine(Folder, name + ".cap"), header, default(Bedside.Model.MonotonicInstant));
        foreach (Chunk chunk in talk.Chunks)
        {
            writer.Write(chunk);
        }
    }
}
