using System.Net;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.Philips;
using Bedside.Simulators.Transports;

namespace Bedside.Tests.Simulators;

/// <summary>The command line, and the ports it opens.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--pty --udp 127.0.0.1:0")]
    [InlineData("--udp 127.0.0.1")]
    [InlineData("--udp")]
    [InlineData("--pty --nonsense")]
    [InlineData("--pty --seed one")]
    [InlineData("--pty --epoch yesterday")]
    [InlineData("--pty --any-baud=1")]
    [InlineData("--udp 127.0.0.1:0 --link /tmp/x")]
    [InlineData("--pty --baud 7")]
    [InlineData("--pty --line fast")]
    [InlineData("--pty --line 9600,8X1")]
    [InlineData("--pty --line 9600,8E1 --baud 9600")]
    public void What_makes_no_sense_is_refused_with_a_sentence(string words)
    {
        UsageException wrong = Assert.Throws<UsageException>(() => Arguments.Parse(IntelliVue.Kind, words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.NotEmpty(wrong.Message);
    }

    [Theory]
    [InlineData("--mtu 20")]
    [InlineData("--grant xyz")]
    [InlineData("--language la")]
    [InlineData("--admit Nobody")]
    [InlineData("--once")]
    [InlineData("--bed 12345678901234567")]
    public void So_are_the_devices_own_options(string words) =>
        Assert.Throws<UsageException>(() => new Conversation(words.Split(' ')));

    [Fact]
    public void Options_are_read()
    {
        var arguments = Arguments.Parse(IntelliVue.Kind, ["--udp=127.0.0.1:0", "--seed", "-3", "--epoch", "2026-01-01T00:00:00Z", "--fault", "garbage", "--fault", "silence@3"]);
        Assert.Equal((Bedside.Simulators.Transport.Udp, new IPEndPoint(IPAddress.Loopback, 0), -3), (arguments.Transport, arguments.Listen, arguments.Seed));
        Assert.Equal(1_767_225_600_000_000_000, arguments.Epoch.UnixNanoseconds);
        Assert.Equal(["garbage", "silence@3"], arguments.Values("fault"));
    }

    [Fact]
    public void A_paced_line_takes_its_time_and_loses_what_does_not_fit()
    {
        var time = new ManualTime();
        var port = new RecordingPort(time);
        var line = new PacedLine(port, new SimulationClock(time, default), 9600, 100);
        Assert.True(line.Send(new byte[96]));
        Assert.False(line.Send(new byte[5]));
        _ = line.Advance();
        Assert.Empty(port.Sent);
        time.Pass(TimeSpan.FromMilliseconds(50));
        _ = line.Advance();
        Assert.Equal(48, port.Sent.Sum(s => s.Bytes.Length));
        time.Pass(TimeSpan.FromSeconds(5));
        _ = line.Advance();
        Assert.Equal((96, 0), (port.Sent.Sum(s => s.Bytes.Length), line.Waiting));

        // An idle line saves up nothing.
        Assert.True(line.Send(new byte[96]));
        _ = line.Advance();
        Assert.Equal(96, port.Sent.Sum(s => s.Bytes.Length));
    }

    [Fact]
    public void Readers_of_a_pseudo_terminal_come_and_go()
    {
        using var transport = new PtyTransport(new LineFormat(115_200), LineCheck.Speed, link: null, _ => { });
        string path = transport.Where["pty ".Length..];
        for (int reader = 0; reader < 2; reader++)
        {
            using FileStream terminal = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            transport.Send([0xC0, 0x11, 0x0D, 0x0A, 0x03], to: null);
            byte[] heard = new byte[5];
            terminal.ReadExactly(heard);
            Assert.Equal([0xC0, 0x11, 0x0D, 0x0A, 0x03], heard);

            terminal.Write([0x01, 0x03, 0x0D, 0x7F]);
            terminal.Flush();
            byte[] buffer = new byte[16];
            Assert.Equal(4, transport.Receive(buffer, TimeSpan.FromSeconds(5), out _));
            Assert.Equal([0x01, 0x03, 0x0D, 0x7F], buffer[..4]);
        }
    }

    [Theory]
    [InlineData(LineCheck.Nothing, "01 03 03 05")]
    [InlineData(LineCheck.Speed, "01 03 00 05FF")]
    [InlineData(LineCheck.SpeedAndParity, "01 03FF 00 05FF")]
    public void The_parity_counts_for_whoever_checks_one(LineCheck check, string heard)
    {
        using var transport = new PtyTransport(LineFormat.Parse("9600 8E1")!, check, link: null, _ => { });
        using var box = SerialLink.Open(transport.Where["pty ".Length..], new LineSettings(9600), TimeProvider.System);
        var said = new List<string>();
        void Say(byte value, LineSettings reader)
        {
            box.Tune(reader);
            transport.Send([value], to: null);
            said.Add(Convert.ToHexString(box.Read().Bytes.Span));
        }

        Say(0x01, new LineSettings(9600));
        Say(0x03, new LineSettings(9600));
        Say(0x03, new LineSettings(9600, 8, LineParity.Odd));
        Say(0x05, new LineSettings(9600));
        Assert.Equal(heard, string.Join(' ', said));
    }

    [Fact]
    public void A_full_pseudo_terminal_throws_the_old_away()
    {
        using var transport = new PtyTransport(new LineFormat(115_200), LineCheck.Speed, link: null, _ => { });
        for (int at = 0; at < 1000; at++)
        {
            transport.Send(new byte[256], to: null);
        }

        transport.Send([0x55], to: null);
        using FileStream terminal = File.Open(transport.Where["pty ".Length..], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] buffer = new byte[300_000];
        int read = terminal.Read(buffer);
        while (buffer[read - 1] != 0x55)
        {
            read += terminal.Read(buffer.AsSpan(read));
        }

        Assert.InRange(read, 1, 100_000);
    }

    [Fact]
    public void Datagrams_go_back_to_where_they_came_from()
    {
        using var transport = new UdpTransport(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _ = client.Send([1, 2, 3], transport.Address);
        byte[] buffer = new byte[16];
        Assert.Equal(3, transport.Receive(buffer, TimeSpan.FromSeconds(5), out IPEndPoint? from));
        transport.Send([4, 5], from);
        IPEndPoint? sender = null;
        Assert.Equal([4, 5], client.Receive(ref sender));
    }
}
