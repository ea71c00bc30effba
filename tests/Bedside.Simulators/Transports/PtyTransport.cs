using System.Buffers;
using System.Net;

namespace Bedside.Simulators.Transports;

/// <summary>
/// A serial line made of a pseudo-terminal. The simulator keeps the reader's end open too, so that readers come and go
/// without it noticing, as with a cable. A reader that set another speed than the device's hears garbage.
/// </summary>
internal sealed class PtyTransport : ITransport
{
    private readonly Pty _pty;
    private readonly int _baud;
    private readonly bool _anyBaud;
    private readonly string? _link;
    private readonly Action<string> _log;
    private readonly Random _rubbish = new(1);
    private int _lastSpeed;

    public PtyTransport(int baud, bool anyBaud, string? link, Action<string> log)
    {
        _pty = new Pty(baud);
        _baud = baud;
        _anyBaud = anyBaud;
        _link = link;
        _log = log;
        _lastSpeed = baud;
        if (link is not null)
        {
            File.Delete(link);
            _ = File.CreateSymbolicLink(link, _pty.Path);
        }
    }

    public string Where => $"pty {_pty.Path}";

    public IPEndPoint? Address => null;

    public int Receive(Span<byte> buffer, TimeSpan wait, out IPEndPoint? from)
    {
        from = null;
        if (!_pty.Wait(wait))
        {
            return 0;
        }

        int received = _pty.Read(buffer);
        return received > 0 && SpeedDiffers() ? Garble(buffer[..received], buffer) : received;
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        if (!SpeedDiffers())
        {
            _pty.Write(bytes);
            return;
        }

        byte[] garbled = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(garbled);
        int left = Garble(garbled.AsSpan(0, bytes.Length), garbled);
        _pty.Write(garbled.AsSpan(0, left));
        ArrayPool<byte>.Shared.Return(garbled);
    }

    public void Dispose()
    {
        if (_link is not null && new FileInfo(_link).LinkTarget == _pty.Path)
        {
            File.Delete(_link);
        }

        _pty.Dispose();
    }

    private bool SpeedDiffers()
    {
        int speed = _anyBaud ? _baud : _pty.Speed;
        if (speed != _lastSpeed)
        {
            _lastSpeed = speed;
            _log(speed == _baud ? $"the reader set {speed} baud" : $"the reader set {speed} baud, but the line has {_baud}: garbage both ways");
        }

        return speed != _baud;
    }

    /// <summary>Fewer bytes at a lower speed, and none of them right: what a UART makes of edges it samples at the wrong places.</summary>
    private int Garble(ReadOnlySpan<byte> heard, Span<byte> into)
    {
        int count = (int)Math.Clamp((long)heard.Length * Math.Min(_lastSpeed, _baud) / _baud, 1, into.Length);
        for (int at = 0; at < count; at++)
        {
            into[at] = (byte)(heard[at] ^ (0x80 | _rubbish.Next(1, 128)));
        }

        return count;
    }
}
