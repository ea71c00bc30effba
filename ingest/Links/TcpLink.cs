using System.Net;
using System.Net.Sockets;
using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>A TCP connection to one device, whoever opened it.</summary>
public sealed class TcpLink : ILink
{
    private const int TickMicroseconds = 100_000;
    private const int MostBytesPerRead = 16_384;
    private const int LongestSendMilliseconds = 5_000;
    private const int LongestUnacknowledgedMilliseconds = 25_000;
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[MostBytesPerRead];

    internal TcpLink(Socket socket, TimeProvider time)
    {
        (_socket, _time) = (socket, time);
        _socket.NoDelay = true;
        _socket.SendTimeout = LongestSendMilliseconds;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, optionValue: 10);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, optionValue: 5);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, optionValue: 3);

        // Keep-alive says nothing while something sent is not acknowledged; then this does.
        _socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(LongestUnacknowledgedMilliseconds));
        Remote = (IPEndPoint)_socket.RemoteEndPoint!; // connected before it comes here
    }

    public IPEndPoint Remote { get; }

    /// <summary>Connects to a device that listens; waits at most <paramref name="patience"/> and then throws <see cref="IOException"/>.</summary>
    public static TcpLink Connect(IPEndPoint device, TimeProvider time, TimeSpan patience)
    {
        var socket = new Socket(device.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            try
            {
                socket.Connect(device);
            }
            catch (SocketException begun) when (begun.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                if (!socket.Poll(patience, SelectMode.SelectWrite))
                {
                    throw new SocketException((int)SocketError.TimedOut);
                }

                if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0)
                {
                    throw new SocketException(error);
                }
            }

            socket.Blocking = true;
            return new TcpLink(socket, time);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw NetworkFault.OfLosing(device, refused);
        }
    }

    public Chunk Read()
    {
        try
        {
            if (!_socket.Poll(TickMicroseconds, SelectMode.SelectRead))
            {
                return new Chunk(_time.MonotonicNow(), default);
            }

            MonotonicInstant arrivedAt = _time.MonotonicNow();
            int count = _socket.Receive(_buffer);
            return count > 0
                ? new Chunk(arrivedAt, _buffer.AsSpan(0, count).ToArray())
                : throw new IOException($"{Remote} ended the connection.");
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
            while (!bytes.IsEmpty)
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (SocketException lost)
        {
            throw NetworkFault.OfLosing(Remote, lost);
        }
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>A TCP port on which devices call the box. It stays open while links come and go.</summary>
public sealed class TcpServer : IDisposable
{
    private const int TickMicroseconds = 100_000;
    private const int Backlog = 8;

    private readonly Socket _socket;
    private readonly TimeProvider _time;

    /// <summary>Begins to listen. Throws <see cref="IOException"/> when the port is taken.</summary>
    public TcpServer(IPEndPoint local, TimeProvider time)
    {
        _time = time;
        _socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            _socket.Bind(local);
            _socket.Listen(Backlog);
        }
        catch (SocketException refused)
        {
            _socket.Dispose();
            throw NetworkFault.OfBinding(local, refused);
        }
    }

    /// <summary>Where it listens: never null, because the constructor bound it.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Waits at most 100 ms; null = nobody calls.</summary>
    public TcpLink? Accept()
    {
        try
        {
            return _socket.Poll(TickMicroseconds, SelectMode.SelectRead) ? new TcpLink(_socket.Accept(), _time) : null;
        }
        catch (SocketException lost)
        {
            throw NetworkFault.OfLosing(device: null, lost);
        }
    }

    public void Dispose() => _socket.Dispose();
}
