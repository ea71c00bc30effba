using System.Net;
using System.Net.Sockets;
using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>
/// Datagrams to and from one device. The device is the one that is named, or else the first that sends something; what others send
/// is not read as the device's.
/// </summary>
public sealed class UdpLink : ILink
{
    private const int TickMicroseconds = 100_000;
    private const int LargestDatagram = 65_536;
    private const int ReceiveBuffer = 1 << 20;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[LargestDatagram];

    /// <summary>Opens a link. Throws <see cref="IOException"/> when the local address is taken or is not of this machine.</summary>
    /// <param name="local">Port 0 = any.</param>
    /// <param name="remote">The device; null = whoever sends first.</param>
    /// <param name="time">Gives arrival times.</param>
    public UdpLink(IPEndPoint local, IPEndPoint? remote, TimeProvider time)
    {
        (Remote, _time) = (remote, time);
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.ReceiveBufferSize = ReceiveBuffer;
            _socket.Bind(local);
        }
        catch (SocketException refused)
        {
            _socket.Dispose();
            throw NetworkFault.OfBinding(local, refused);
        }
    }

    /// <summary>Where it listens: never null, because the constructor bound it.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The device; null until it is known.</summary>
    public IPEndPoint? Remote { get; private set; }

    /// <summary>Datagrams of others that were left out.</summary>
    public long Strangers { get; private set; }

    public Chunk Read()
    {
        try
        {
            // Strangers may send without end; the port must hear all the same that it is to stop.
            MonotonicInstant begun = _time.MonotonicNow();
            while (_time.MonotonicNow().Since(begun) < TickMicroseconds * 1_000L && _socket.Poll(TickMicroseconds, SelectMode.SelectRead))
            {
                EndPoint from = new IPEndPoint(Local.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
                MonotonicInstant arrivedAt = _time.MonotonicNow();
                int length = _socket.ReceiveFrom(_buffer, ref from);
                Remote ??= (IPEndPoint)from;
                if (length > 0 && from.Equals(Remote))
                {
                    return new Chunk(arrivedAt, _buffer.AsSpan(0, length).ToArray());
                }

                Strangers++;
            }

            return new Chunk(_time.MonotonicNow(), default);
        }
        catch (SocketException lost)
        {
            throw NetworkFault.OfLosing(Remote, lost);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket.SendTo(bytes, SocketFlags.None, Remote ?? throw new IOException("Nothing can be sent: no device is known on this port yet."));
        }
        catch (SocketException lost)
        {
            throw NetworkFault.OfLosing(Remote, lost);
        }
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>A monitor said on the network that it is there.</summary>
public readonly record struct ConnectIndication(MonotonicInstant ArrivedAt, IPAddress Monitor, ReadOnlyMemory<byte> Datagram);

/// <summary>
/// Listens for IntelliVue monitors that announce themselves: UDP 24005, as broadcast or to group 224.0.23.63 (protocols/philips-intellivue.md 2.1). Other
/// programs on the box may listen too.
/// </summary>
public sealed class ConnectIndicationListener : IDisposable
{
    public const int Port = 24005;

    private const int TickMicroseconds = 100_000;
    private const int LargestDatagram = 65_536;

    private static readonly IPAddress Group = new([224, 0, 23, 63]);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[LargestDatagram];

    /// <summary>Begins to listen. A machine without a network that can do multicast still hears broadcasts.</summary>
    public ConnectIndicationListener(TimeProvider time, int port = Port)
    {
        _time = time;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var local = new IPEndPoint(IPAddress.Any, port);
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            _socket.Bind(local);
        }
        catch (SocketException refused)
        {
            _socket.Dispose();
            throw NetworkFault.OfBinding(local, refused);
        }

        HearsMulticast = TryJoin();
    }

    public bool HearsMulticast { get; }

    /// <summary>Where it listens: never null, because the constructor bound it.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Waits at most 100 ms; null = nobody announced itself.</summary>
    public ConnectIndication? Read()
    {
        try
        {
            if (!_socket.Poll(TickMicroseconds, SelectMode.SelectRead))
            {
                return null;
            }

            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            int length = _socket.ReceiveFrom(_buffer, ref from);
            return new ConnectIndication(_time.MonotonicNow(), ((IPEndPoint)from).Address, _buffer.AsSpan(0, length).ToArray());
        }
        catch (SocketException lost)
        {
            throw NetworkFault.OfLosing(device: null, lost);
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TryJoin()
    {
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
