using System.Net;

namespace Bedside.Simulators.Transports;

/// <summary>Which settings of the reader must be those of the line, for either end to understand the other.</summary>
public enum LineCheck
{
    Nothing,

    /// <summary>The parity too, once the reader has checked one: before, it may be a reader that does not care.</summary>
    Speed,

    SpeedAndParity,
}

/// <summary>
/// A serial line made of a pseudo-terminal. The simulator keeps the reader's end open too, so that readers come and go
/// without it noticing, as with a cable. A reader with other settings than the device's hears and says what a UART makes of them.
/// </summary>
internal sealed class PtyTransport : ITransport
{
    private readonly Pty _pty;
    private readonly LineFormat _line;
    private readonly LineCheck _check;
    private readonly string? _link;
    private readonly Action<string> _log;
    private LineFormat _reader;
    private bool _checksParity;

    public PtyTransport(LineFormat line, LineCheck check, string? link, Action<string> log)
    {
        _pty = new Pty(line.Baud);
        _line = line;
        _check = check;
        _link = link;
        _log = log;
        _reader = line;
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
        if (received == 0 || Reader() == _line)
        {
            return received;
        }

        byte[] heard = new Uart(_reader, _line).Hear(buffer[..received]);
        int count = Math.Min(heard.Length, buffer.Length);
        heard.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to) => _pty.Write(Reader() == _line ? bytes : new Uart(_line, _reader).Hear(bytes));

    public void Dispose()
    {
        if (_link is not null && new FileInfo(_link).LinkTarget == _pty.Path)
        {
            File.Delete(_link);
        }

        _pty.Dispose();
    }

    private LineFormat Reader()
    {
        (int baud, Parity parity) = _check is LineCheck.Nothing ? (_line.Baud, _line.Parity) : _pty.Reader;
        _checksParity |= _check is LineCheck.SpeedAndParity || (_check is LineCheck.Speed && parity is not Parity.None);
        parity = _checksParity ? parity : _line.Parity;
        LineFormat reader = baud == _line.Baud && parity == _line.Parity
            ? _line
            : new LineFormat(Math.Max(1, baud), parity is Parity.None ? 8 : _line.DataBits, parity, _line.StopBits);
        if (reader != _reader)
        {
            _reader = reader;
            _log(reader == _line ? $"the reader set {reader}" : $"the reader set {reader}, but the line has {_line}: garbage both ways");
        }

        return reader;
    }
}
