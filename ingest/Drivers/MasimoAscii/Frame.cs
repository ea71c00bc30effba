using System.Text;

namespace Bedside.Ingest.Drivers.MasimoAscii;

/// <summary>Bytes to lines of text. A line ends with CR or LF, whichever comes; both together are one end. There is no checksum.</summary>
internal static class Frame
{
    public const byte CarriageReturn = 0x0D;
    public const byte LineFeed = 0x0A;

    /// <summary>The longest line known has 175.</summary>
    public const int MostBytes = 512;

    /// <summary>A line as the device sends it.</summary>
    public static byte[] Write(string line) => [.. Encoding.ASCII.GetBytes(line), CarriageReturn, LineFeed];
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A line that is not empty.</summary>
    Line,

    /// <summary>More bytes than a line can have, without an end.</summary>
    TooLong,
}

/// <summary>Collects bytes up to the end of a line.</summary>
internal sealed class Deframer
{
    private readonly byte[] _buffer = new byte[Frame.MostBytes];
    private int _length;
    private int _ended;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the last line began.</summary>
    public long At { get; private set; }

    /// <summary>The line that was completed last, without its end; valid until the next byte.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(0, _ended);

    public Part Take(byte value)
    {
        Taken++;
        if (value is Frame.CarriageReturn or Frame.LineFeed)
        {
            return _length > 0 ? Close(Part.Line, Taken - 1 - _length) : Part.None;
        }

        _buffer[_length++] = value;
        return _length == _buffer.Length ? Close(Part.TooLong, Taken - _length) : Part.None;
    }

    private Part Close(Part part, long at)
    {
        At = at;
        _ended = _length;
        _length = 0;
        return part;
    }
}
