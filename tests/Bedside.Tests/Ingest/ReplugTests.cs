using System.Net;
using System.Net.Sockets;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest.Links;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest;

/// <summary>What the process holds is counted, so nothing else may run beside.</summary>
[Collection(Alone.Name)]
public class ReplugTests
{
    private const int Times = 100;

    [Fact]
    public async Task ACableThatIsPulledAHundredTimesLeaksNothing()
    {
        var driver = new EchoDriver("echo", 0xA5);
        var time = new ManualTime();
        using var cancel = new CancellationTokenSource();
        PtyPair? cable = null;
        int opened = 0;
        ILink Open()
        {
            cable?.Dispose();
            cable = new PtyPair();
            var link = SerialLink.Open(cable.Path, new LineSettings(9600), time);
            cable.Write(driver.Frame(2));
            if (++opened > Times)
            {
                cancel.Cancel();
            }

            return link;
        }

        // The plug is pulled as soon as something was heard through it.
        var sink = new Pulling(() => cable?.Dispose());
        PortOptions options = new("pty", Transport.Serial, Open) { Pinned = driver, Line = null, Drivers = [driver] };
        PortOptions pinned = options with { Transport = Transport.Tcp };
        int filesBefore = Files();
        int threadsBefore = Threads();
        var running = Task.Run(() => new Port(pinned, sink, time, NullLogger<Port>.Instance).Run(cancel.Token));
        await time.AdvanceUntil(running, TimeSpan.FromMilliseconds(100));
        await running;
        cable?.Dispose();

        Assert.Equal(Times + 1, opened);
        Assert.True(sink.Heard >= Times, $"{sink.Heard} of {Times} plugs were heard");
        Assert.InRange(Files() - filesBefore, -100, 3);
        Assert.InRange(Threads() - threadsBefore, -100, Times / 2); // the pool has its own
    }

    [Fact]
    public void AStrangerWhoNeverStopsDoesNotHoldThePort()
    {
        using var device = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var time = new ManualTime();
        using var link = new UdpLink(new IPEndPoint(IPAddress.Loopback, 0), (IPEndPoint)device.Client.LocalEndPoint!, new Hurrying(time));
        for (int i = 0; i < 20; i++)
        {
            stranger.Send("noise"u8, link.Local);
        }

        Assert.True(link.Read().Bytes.IsEmpty);
        Assert.InRange(link.Strangers, 1, 19);
    }

    [Fact]
    public void AHalfOpenConnectionIsGivenUpAlsoWhileSomethingIsNotAcknowledged()
    {
        using var server = new TcpServer(new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server.Local);
        using var link = new TcpLink(socket, TimeProvider.System);
        byte[] milliseconds = new byte[4];
        socket.GetRawSocketOption(6, 18, milliseconds);
        Assert.Equal(25_000, BitConverter.ToInt32(milliseconds));

        // Who vanishes without a word and is not spoken to either is noticed as soon: 10 s, and three times 5 s.
        Assert.Equal(1, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal(
            [10, 5, 3],
            new[] { SocketOptionName.TcpKeepAliveTime, SocketOptionName.TcpKeepAliveInterval, SocketOptionName.TcpKeepAliveRetryCount }.Select(option => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, option)!));
    }

    private static int Files() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int Threads() => Directory.GetFileSystemEntries("/proc/self/task").Length;

    private sealed class Pulling(Action pull) : IPortSink
    {
        public int Heard { get; private set; }

        public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
        {
        }

        public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty)
        {
        }

        public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said)
        {
            Heard++;
            pull();
        }
    }

    /// <summary>Each look at the clock finds it 20 ms later.</summary>
    private sealed class Hurrying(ManualTime time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp()
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return time.GetTimestamp();
        }
    }
}
