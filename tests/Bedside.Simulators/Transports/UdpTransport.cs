using System.Net;
using System.Net.Sockets;

namespace Bedside.Simulators.Transports;

/// <summary>A UDP socket that may also broadcast and speak to multicast groups.</summary>
internal sealed class UdpTransport : ITransport
{
    /// <summary>How many routers a multicast may pass.</summary>
    private const int MulticastHops = 8;

    private readonly Socket _socket;

    public UdpTransport(IPEndPoint address)
    {
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = address.AddressFamily is AddressFamily.InterNetwork };
        _socket.SetSocketOption(address.AddressFamily is AddressFamily.InterNetwork ? SocketOptionLevel.IP : SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, MulticastHops);
        _socket.Bind(address);
        Address = (IPEndPoint)_socket.LocalEndPoint!; // bound just above
    }

    public IPEndPoint Address { get; }

    public string Where => $"udp {Address}";

    public int Receive(Span<byte> buffer, TimeSpan wait, out IPEndPoint? from)
    {
        from = null;
        try
        {
            if (!_socket.Poll(wait, SelectMode.SelectRead))
            {
                return 0;
            }

            EndPoint sender = new IPEndPoint(Address.AddressFamily is AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            int received = _socket.ReceiveFrom(buffer, ref sender);
            from = (IPEndPoint)sender;
            return received;
        }
        catch (SocketException)
        {
            // An earlier datagram found no listener; a monitor does not mind.
            return 0;
        }
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        if (to is null)
        {
            return;
        }

        try
        {
            _ = _socket.SendTo(bytes, to);
        }
        catch (SocketException)
        {
            // A network that cannot be reached loses the datagram, like any other loss.
        }
    }

    public void Dispose() => _socket.Dispose();
}
