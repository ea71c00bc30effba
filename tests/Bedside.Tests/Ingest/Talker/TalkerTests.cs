using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Ingest.Talker;
using Bedside.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest.Talker;

/// <summary>A program of its own has the serial ports, and carries and refuses what it should (ingest/Talker/PROTOCOL.md).</summary>
public sealed partial class TalkerTests
{
    private static readonly byte[] Question = DriverCatalog.ByName("draeger-medibus")!.Traits.Probes[0].ToArray();

    [Fact]
    public async Task Every_byte_value_comes_through_in_its_order_with_the_time_at_which_the_port_heard_it()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        await using var talked = new TalkedCable();
        using ISerialLine line = talked.Open();

        MonotonicInstant before = TimeProvider.System.MonotonicNow();
        talked.Cable.Write(all);
        List<Chunk> heard = Hear(line, all.Length);
        MonotonicInstant after = TimeProvider.System.MonotonicNow();

        Assert.Equal(all, heard.SelectMany(chunk => chunk.Bytes.ToArray()));
        Assert.All(heard, chunk => Assert.InRange(chunk.ArrivedAt.Nanoseconds, before.Nanoseconds, after.Nanoseconds));
        Assert.Equal(heard.Select(chunk => chunk.ArrivedAt.Nanoseconds).Order(), heard.Select(chunk => chunk.ArrivedAt.Nanoseconds));
        line.Send(Question);
        Assert.Equal(Question, talked.Cable.Read(Question.Length));
        Assert.Null(line.Errors);
        Assert.Null(line.DeviceRaisesALine);
        Assert.True(line.Read().Bytes.IsEmpty);
    }

    [Fact]
    public async Task A_megabyte_comes_through_intact_while_the_box_asks_and_reads_now_and_then()
    {
        byte[] all = new byte[1 << 20];
        new Random(3).NextBytes(all);
        await using var talked = new TalkedCable();
        using ISerialLine line = talked.Open();
        Task device = Task.Factory.StartNew(() => talked.Cable.Write(all), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var heard = new List<byte>();
        while (heard.Count < all.Length)
        {
            heard.AddRange(line.Read().Bytes.Span);
            if (heard.Count % 7 == 0)
            {
                _ = line.Errors;
            }
        }

        await device;
        Assert.Equal(all, heard);
    }

    [Fact]
    public async Task Settings_of_the_line_are_set_and_what_came_under_the_old_ones_is_forgotten()
    {
        await using var talked = new TalkedCable();
        using ISerialLine line = talked.Open(9600);
        Assert.Equal(9600u, talked.Cable.Settings().InputSpeed);
        talked.Cable.Write("under the old ones"u8);
        line.Tune(new LineSettings(19200, 8, LineParity.Even));
        Assert.Equal(19200u, talked.Cable.Settings().InputSpeed);
        talked.Cable.Write("under the new ones"u8);
        Assert.Equal("under the new ones", Encoding.ASCII.GetString([.. Hear(line, 18).SelectMany(chunk => chunk.Bytes.ToArray())]));
    }

    [Fact]
    public async Task No_more_messages_leave_in_a_second_than_any_driver_needs_however_often_the_port_is_opened()
    {
        var time = new ManualTime();
        await using var talked = new TalkedCable(time: time);
        Assert.Equal(100, Passed(talked));
        Assert.Equal(0, Passed(talked));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(50, Passed(talked));

        static int Passed(TalkedCable talked)
        {
            using ISerialLine line = talked.Open();
            for (int i = 0; i < 300; i++)
            {
                line.Send(Question);
            }

            return talked.Cable.Read(300 * Question.Length).Length / Question.Length;
        }
    }

    [Fact]
    public async Task Messages_of_other_drivers_than_the_site_says_are_not_sent()
    {
        await using var talked = new TalkedCable(drivers: "puritan-bennett-840");
        using ISerialLine line = talked.Open();
        byte[] own = DriverCatalog.ByName("puritan-bennett-840")!.Traits.Probes[0].ToArray();
        line.Send(Question);
        line.Send(own);
        Assert.Equal(own, talked.Cable.Read(own.Length + 1));
    }

    [Fact]
    public async Task A_talker_that_only_listens_sends_nothing_and_hears_all()
    {
        await using var talked = new TalkedCable(listenOnly: true);
        using (ISerialLine line = talked.Open())
        {
            line.Send(Question);
            Assert.Empty(talked.Cable.Read(1));
            talked.Cable.Write("heard"u8);
            Assert.Equal("heard", Encoding.ASCII.GetString([.. Hear(line, 5).SelectMany(chunk => chunk.Bytes.ToArray())]));
        }

        using Socket caller = talked.Knock();
        _ = await caller.SendAsync(talked.OpenFrame);
        Assert.Equal("""{"listenOnly":true}""", Encoding.UTF8.GetString(TalkedCable.Read(caller)!.Value.Body));
        _ = await caller.SendAsync(TalkedCable.Frame('S', Question));
        Assert.Empty(talked.Cable.Read(1));
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/etc/passwd")]
    [InlineData("/dev/../etc/passwd")]
    [InlineData("")]
    [InlineData("/dev/ptmx")]
    public async Task No_file_but_the_ports_that_it_was_told_is_opened(string path)
    {
        await using var talked = new TalkedCable();
        LineException refused = Assert.Throws<LineException>(() => talked.Ports.Open(path, new LineSettings(9600), listenOnly: false));
        Assert.Equal(FindingKind.NoPort, refused.Finding.Kind);
        Assert.Contains("that the talker may open", refused.Finding.English, StringComparison.Ordinal);
        Assert.Equal([talked.Cable.Path], talked.Ports.List().Select(port => port.Path));
    }

    [Fact]
    public async Task What_is_asked_for_stands_in_the_log_as_one_line_that_moves_no_terminal()
    {
        var log = new KeptLog();
        await using var talked = new TalkedCable(log: log);
        string odd = "/dev/\u001b[2J\n\u202e" + new string('x', 5_000);
        _ = Assert.Throws<LineException>(() => talked.Ports.Open(odd, new LineSettings(9600), listenOnly: false));
        string line = Assert.Single(log.Lines, one => one.Contains("may not be opened", StringComparison.Ordinal));
        Assert.Contains("/dev/?[2J??xx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 100, 200);
    }

    [Fact]
    public async Task A_port_is_of_one_line_and_free_the_moment_that_line_lets_go()
    {
        await using var talked = new TalkedCable();
        for (int i = 0; i < 30; i++)
        {
            using ISerialLine line = talked.Open();
            Assert.Equal(FindingKind.InUse, Assert.Throws<LineException>(() => talked.Open()).Finding.Kind);
            line.Dispose();
        }
    }

    [Fact]
    public async Task A_pulled_cable_is_a_lost_line_after_its_last_bytes_in_the_words_of_the_port()
    {
        await using var talked = new TalkedCable();
        using ISerialLine line = talked.Open();
        talked.Cable.Write("last words"u8);
        Assert.Equal(10, Hear(line, 10).Sum(chunk => chunk.Bytes.Length));
        talked.Cable.Dispose();
        LineException lost = Assert.Throws<LineException>(() => Hear(line, 1));
        Assert.Contains("unplugged", lost.Finding.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_talker_that_ends_is_a_lost_line_and_the_next_one_is_found_without_a_restart()
    {
        await using var talked = new TalkedCable();
        using (ISerialLine line = talked.Open())
        {
            await talked.StopAsync();
            LineException lost = Assert.Throws<LineException>(() => Hear(line, 1));
            Assert.Contains("systemctl start bedside-talker", lost.Finding.English, StringComparison.Ordinal);
        }

        Assert.Equal(FindingKind.NoPort, Assert.Throws<LineException>(() => talked.Open()).Finding.Kind);
        Assert.Contains("does not answer", talked.Ports.Fault?.English, StringComparison.Ordinal);
        talked.Start();
        using ISerialLine again = talked.Open();
        Assert.Null(talked.Ports.Fault);
        talked.Cable.Write("back"u8);
        Assert.Equal(4, Hear(again, 4).Sum(chunk => chunk.Bytes.Length));
    }

    [Fact]
    public async Task Only_its_owner_and_its_group_may_use_the_socket()
    {
        await using var talked = new TalkedCable();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(talked.Socket));
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_replaced_and_one_in_use_and_other_files_are_not()
    {
        using var folder = new TemporaryFolder();
        await using var talked = new TalkedCable();
        Assert.Contains("is in use", Assert.Throws<IOException>(() => Listen(talked.Socket, talked.Rules)).Message, StringComparison.Ordinal);
        string file = folder.PathOf("file");
        await File.WriteAllTextAsync(file, "mine");
        Assert.Contains("no socket", Assert.Throws<IOException>(() => Listen(file, talked.Rules)).Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        Assert.Contains("--socket", Assert.Throws<IOException>(() => Listen(folder.PathOf("nowhere/socket"), talked.Rules)).Message, StringComparison.Ordinal);

        string stale = folder.PathOf("stale");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Its program died without a word: the file stays.
            dead.Bind(new UnixDomainSocketEndPoint(folder.PathOf("dead")));
            File.Move(folder.PathOf("dead"), stale);
        }

        Assert.True(Path.Exists(stale));
        Listen(stale, talked.Rules).Dispose();
    }

    /// <summary>The document's example, byte for byte.</summary>
    [Fact]
    public async Task The_conversation_in_the_document_is_what_the_talker_says()
    {
        await using var talked = new TalkedCable();
        using Socket caller = talked.Knock();
        string text = await File.ReadAllTextAsync(Repository.PathOf("ingest/Talker/PROTOCOL.md"));
        int said = 0;
        foreach (Match row in Example.Matches(text))
        {
            byte[] frame = Convert.FromHexString(row.Groups["hex"].Value.Replace(" ", string.Empty, StringComparison.Ordinal));
            if (row.Groups["who"].Value == "box")
            {
                // The path of the example is as long as any; the test's own stands in its place.
                _ = await caller.SendAsync((char)frame[0] == 'O' ? talked.OpenFrame : frame);
                said++;
            }
            else if ((char)frame[0] == 'D')
            {
                talked.Cable.Write(frame.AsSpan(13));
                (char kind, byte[] body) = TalkedCable.Read(caller)!.Value;
                Assert.Equal(('D', Convert.ToHexString(frame.AsSpan(13))), (kind, Convert.ToHexString(body.AsSpan(8))));
            }
            else
            {
                (char kind, byte[] body) = TalkedCable.Read(caller)!.Value;
                Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(TalkedCable.Frame(kind, body)));
            }
        }

        Assert.True(said >= 4, $"{said} frames of the box");
        Assert.Equal(Question, talked.Cable.Read(Question.Length));
    }

    private static TalkerServer Listen(string socket, TalkerRules rules) => TalkerServer.Listen(socket, rules, TimeProvider.System, NullLogger<TalkerServer>.Instance);

    private static List<Chunk> Hear(ILink line, int bytes)
    {
        var heard = new List<Chunk>();
        while (heard.Sum(chunk => chunk.Bytes.Length) < bytes)
        {
            Chunk chunk = line.Read();
            if (!chunk.Bytes.IsEmpty)
            {
                heard.Add(chunk);
            }
        }

        return heard;
    }

    [GeneratedRegex(@"^\| (?<who>box|talker) \| `(?<hex>[0-9A-F ]+)` \|", RegexOptions.Multiline, 2_000)]
    private static partial Regex Example { get; }

    private sealed class KeptLog : ILogger<TalkerServer>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));
    }
}
