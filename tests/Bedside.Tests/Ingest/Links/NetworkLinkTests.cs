using System.Net;
using System.Net.Sockets;
using System.Text;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Links;

public class NetworkLinkTests
{
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 0);

    [Fact]
    public void TheFirstToSendIsTheDeviceAndStrangersAreLeftOut()
    {
        using var link = new UdpLink(Anywhere, remote: null, TimeProvider.System);
        using UdpClient device = new(Anywhere);
        using UdpClient stranger = new(Anywhere);
        Assert.Throws<IOException>(() => link.Send("x"u8));

        device.Send("one"u8, link.Local);
        Assert.Equal("one", Text(NextOf(link)));
        stranger.Send("noise"u8, link.Local);
        device.Send("two"u8, link.Local);
        Assert.Equal("two", Text(NextOf(link)));
        Assert.Equal(1, link.Strangers);
        Assert.Equal(device.Client.LocalEndPoint, link.Remote);

        link.Send("answer"u8);
        IPEndPoint from = new(IPAddress.Any, 0);
        Assert.Equal("answer", Encoding.ASCII.GetString(device.Receive(ref from)));
        Assert.Equal(link.Local, from);
    }

    [Fact]
    public void ADatagramIsOneChunkHoweverLong()
    {
        using UdpClient device = new(Anywhere);
        using var link = new UdpLink(Anywhere, (IPEndPoint)device.Client.LocalEndPoint!, TimeProvider.System);
        byte[] large = new byte[60_000];
        new Random(3).NextBytes(large);

        device.Send(large, link.Local);
        device.Send("small"u8, link.Local);

        Assert.Equal(large, NextOf(link).Bytes.ToArray());
        Assert.Equal("small", Text(NextOf(link)));
    }

    [Fact]
    public void AQuietNetworkTicks()
    {
        using var link = new UdpLink(Anywhere, remote: null, TimeProvider.System);
        Assert.True(link.Read().Bytes.IsEmpty);
    }

    [Fact]
    public void ATakenPortIsSaid()
    {
        using var link = new UdpLink(Anywhere, remote: null, TimeProvider.System);
        IOException refused = Assert.Throws<IOException>(() => new UdpLink(link.Local, remote: null, TimeProvider.System));
        Assert.Equal($"Port {link.Local.Port} is in use by another program. Stop that program.", refused.Message);
    }

    [Fact]
    public void ConnectIndicationsAreHeardByTwoListenersAtOnce()
    {
        using var first = new ConnectIndicationListener(TimeProvider.System, port: 0);
        using var second = new ConnectIndicationListener(TimeProvider.System, first.Local.Port);
        using UdpClient monitor = new(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Null(first.Read());

        // Of two sockets on one port, the newer one has what is sent to one address; both have what is sent to the group or to all.
        monitor.Send([0, 0, 1, 0], new IPEndPoint(IPAddress.Loopback, first.Local.Port));
        ConnectIndication? heard = null;
        for (int i = 0; i < 20 && heard is null; i++)
        {
            heard = first.Read() ?? second.Read();
        }

        Assert.Equal(IPAddress.Loopback, heard?.Monitor);
        Assert.Equal([0, 0, 1, 0], heard?.Datagram.ToArray());
    }

    [Fact]
    public async Task TcpGoesBothWaysIntactUntilTheOtherEndCloses()
    {
        byte[] sent = new byte[1 << 20];
        new Random(4).NextBytes(sent);
        using var server = new TcpServer(Anywhere, TimeProvider.System);
        Assert.Null(server.Accept());
        Task<TcpLink?> accepted = Task.Run(() =>
        {
            TcpLink? found = null;
            for (int i = 0; i < 100 && found is null; i++)
            {
                found = server.Accept();
            }

            return found;
        });
        using var device = TcpLink.Connect(server.Local, TimeProvider.System, TimeSpan.FromSeconds(5));
        using TcpLink? box = await accepted;
        Assert.NotNull(box);
        Assert.True(box.Read().Bytes.IsEmpty);

        var sending = Task.Run(() => device.Send(sent));
        var heard = new List<byte>();
        while (heard.Count < sent.Length)
        {
            heard.AddRange(box.Read().Bytes.Span);
        }

        await sending;
        Assert.Equal(sent, heard.ToArray());
        box.Send("back"u8);
        Assert.Equal("back", Text(NextOf(device)));
        device.Dispose();
        Assert.Contains("ended the connection", Assert.Throws<IOException>(() => NextOf(box)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeviceThatDoesNotListenIsSaid()
    {
        using var server = new TcpServer(Anywhere, TimeProvider.System);
        IPEndPoint closed = server.Local;
        server.Dispose();
        IOException refused = Assert.Throws<IOException>(() => TcpLink.Connect(closed, TimeProvider.System, TimeSpan.FromSeconds(5)));
        Assert.Contains("refuses the connection", refused.Message, StringComparison.Ordinal);
    }

    private static Chunk NextOf(ILink link)
    {
        for (int i = 0; i < 50; i++)
        {
            if (link.Read() is { Bytes.IsEmpty: false } chunk)
            {
                return chunk;
            }
        }

        throw new TimeoutException("nothing came in five seconds");
    }

    private static string Text(Chunk chunk) => Encoding.ASCII.GetString(chunk.Bytes.Span);
}
