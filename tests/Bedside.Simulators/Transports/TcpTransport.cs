using System.Net;
using System.Net.Sockets;

namespace Bedside.Simulators.Transports;

/// <summary>A serial line behind a terminal server: one TCP client at a time, the newest wins.</summary>
internal sealed class TcpTransport : ITransport, ILineThatEnds
{
    private readonly Socket _listener;
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
    private Socket? _client;

    public TcpTransport(IPEndPoint address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _listener.Bind(address);
        _listener.Listen(1);
        Address = (IPEndPoint)_listener.LocalEndPoint!; // bound just above
    }

    public IPEndPoint Address { get; }

    public string Where => $"tcp {Address}";

    public int Receive(Span<byte> buffer, TimeSpan wait, out IPEndPoint? from)
    {
        from = null;
        List<Socket> ready = _client is null ? [_listener] : [_listener, _client];
        Socket.Select(ready, checkWrite: null, checkError: null, wait);
        if (ready.Contains(_listener))
        {
            Drop();
            _client = _listener.Accept();
            _client.Blocking = false;
            _client.NoDelay = true;
            return 0;
        }

        return ready.Count > 0 && _client is not null ? Read(_client, buffer) : 0;
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        if (to is not null)
        {
            Announce(bytes, to);
            return;
        }

        if (_client is null)
        {
            return;
        }

        _ = _client.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is not SocketError.Success and not SocketError.WouldBlock)
        {
            Drop();
        }
    }

    public void End() => Drop();

    public void Dispose()
    {
        Drop();
        _datagrams.Dispose();
        _listener.Dispose();
    }

    /// <summary>What a device says beside its connections, to whoever listens.</summary>
    private void Announce(ReadOnlySpan<byte> bytes, IPEndPoint to)
    {
        try
        {
            _ = _datagrams.SendTo(bytes, to);
        }
        catch (SocketException)
        {
            // A network that cannot be reached loses the datagram, like any other loss.
        }
    }

    private int Read(Socket client, Span<byte> buffer)
    {
        int received = client.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error is SocketError.WouldBlock)
        {
            return 0;
        }

        if (received == 0 || error is not SocketError.Success)
        {
            Drop();
        }

        return received;
    }

    private void Drop()
    {
        _client?.Dispose();
        _client = null;
    }
}
