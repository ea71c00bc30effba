using System.Net;
using System.Net.Sockets;

namespace Bedside.Simulators.Transports;

/// <summary>A sender that calls: one connection to whoever listens, tried again each second while there is none.</summary>
internal sealed class TcpCaller(IPEndPoint server) : ITransport, ILineThatEnds
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = TimeProvider.System;
    private Socket? _line;
    private long? _triedAt;

    public IPEndPoint? Address => null;

    public string Where => $"tcp {server}";

    public int Receive(Span<byte> buffer, TimeSpan wait, out IPEndPoint? from)
    {
        from = null;
        if (_line is null)
        {
            Call();
        }

        if (_line is null)
        {
            // Nothing to wait on: the time itself.
            using var never = new ManualResetEventSlim();
            _ = never.Wait(wait);
            return 0;
        }

        if (!_line.Poll(wait, SelectMode.SelectRead))
        {
            return 0;
        }

        int count = _line.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.Success && count > 0)
        {
            return count;
        }

        End();
        return 0;
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        while (_line is not null && !bytes.IsEmpty)
        {
            int sent = _line.Send(bytes, SocketFlags.None, out SocketError error);
            bytes = bytes[sent..];
            if (error != SocketError.Success)
            {
                End();
            }
        }
    }

    public void End()
    {
        _line?.Dispose();
        _line = null;
    }

    public void Dispose() => End();

    private void Call()
    {
        if (_triedAt is { } before && _time.GetElapsedTime(before) < Again)
        {
            return;
        }

        _triedAt = _time.GetTimestamp();
        var line = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = 5_000 };
        try
        {
            line.Connect(server);
            _line = line;
        }
        catch (SocketException)
        {
            line.Dispose();
        }
    }
}
