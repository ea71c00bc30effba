using System.Text;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Links;

public sealed class LinkWrapperTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OnlyDeclaredMessagesLeaveTheBox()
    {
        var wire = new ScriptedLine(new ManualTime());
        var said = new List<DeviceEvent>();
        AllowedMessage ask = new("ask", "ask-0!"u8.ToArray(), new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF });
        using var link = new GuardedLink(wire, [ask], listenOnly: false, said.Add);

        link.Send("ask-7!"u8);
        link.Send("set-7!"u8);
        link.Send("ask-7!ask-8!"u8);
        link.Send("ask-7?"u8);
        link.Send(""u8);

        Assert.Equal(["ask-7!"], wire.Sent.Select(Encoding.ASCII.GetString));
        Assert.Equal((1L, 4L), (link.Sent, link.Refused));
        Assert.Equal(4, said.OfType<DeviceEvent.Fault>().Count());
        Assert.Contains("7365742D3721", said.OfType<DeviceEvent.Fault>().First().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AListeningPortSendsNothingAtAll()
    {
        var wire = new ScriptedLine(new ManualTime());
        var said = new List<DeviceEvent>();
        using var link = new GuardedLink(wire, [new AllowedMessage("ask", "ask"u8.ToArray())], listenOnly: true, said.Add);

        link.Send("ask"u8);

        Assert.Empty(wire.Sent);
        Assert.Equal(1, link.Refused);
        Assert.Single(said);
    }

    [Fact]
    public void AReplayGivesWhatTheLineGaveAndComparesWhatIsSent()
    {
        string path = _folder.Write("a.cap", "# Origin: synthetic\n0 > aa\n50000000 01\n250000000 > bb\n260000000 02\n");
        using var link = new CaptureLink(CaptureFile.Open(path).Main, new ManualTime(), new ReplayOptions(Paced: false));

        link.Send([0xAA]);
        Chunk[] read = [link.Read(), link.Read(), link.Read()];
        link.Send([0xBC]);

        Assert.Equal(["01", "", "02"], read.Select(chunk => Convert.ToHexString(chunk.Bytes.Span)));
        Assert.Equal([50_000_000L, 150_000_000, 260_000_000], read.Select(chunk => chunk.ArrivedAt.Nanoseconds));
        Assert.Equal((1L, 1L), (link.Agreeing, link.Differing));
        Assert.Throws<EndOfStreamException>(() => link.Read());
    }

    [Fact]
    public async Task APacedReplayWaitsForTheClock()
    {
        string path = _folder.Write("a.cap", "0 01\n50000000 > bb\n80000000 02\n");
        var time = new ManualTime();
        using var link = new CaptureLink(CaptureFile.Open(path).Main, time, new ReplayOptions(Paced: true, Tapped: true));
        Assert.Equal("01", Convert.ToHexString(link.Read().Bytes.Span));

        Task<(Chunk Tapped, Chunk Last)> reading = Task.Run(() => (link.Read(), link.Read()));
        await time.AdvanceUntil(reading, TimeSpan.FromMilliseconds(10));

        (Chunk tapped, Chunk last) = await reading;
        Assert.Equal(ChunkDirection.ToDevice, tapped.Direction);
        Assert.Equal(80_000_000, last.ArrivedAt.Nanoseconds);
        Assert.InRange(time.MonotonicNow().Nanoseconds, 80_000_000, 200_000_000);
    }
}
