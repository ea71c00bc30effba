namespace Bedside.Ingest.Drivers.PuritanBennettWaveform;

/// <summary>
/// The waveform port on the wire (sheet 6): lines of text without checksum, ended by LF, CR or both; 50 lines of samples a second, nothing
/// is ever asked.
/// <code>
/// BS, S:65426,      a breath begins
/// 3.14, 11.41       flow L/min, pressure cmH2O, two decimals
/// BE                it ends
/// </code>
/// </summary>
internal static class Frame
{
    public const byte LineFeed = 0x0A;
    public const byte CarriageReturn = 0x0D;

    /// <summary>The longest line of the device has about 20 characters.</summary>
    public const int MostLineBytes = 64;
}

/// <summary>Cuts bytes into lines. What is longer than any line is handed on in pieces, which are no lines of the device.</summary>
internal sealed class LineReader
{
    private readonly byte[] _line = new byte[Frame.MostLineBytes];
    private int _length;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>The line just completed, without its end; valid until the next byte.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Bytes taken before it.</summary>
    public long Start { get; private set; }

    /// <summary>Bytes of a line that has not ended.</summary>
    public int Open => _length;

    /// <summary>True when the byte completed a line that is not empty.</summary>
    public bool Take(byte value)
    {
        Taken++;
        bool end = value is Frame.LineFeed or Frame.CarriageReturn;
        if (!end)
        {
            _line[_length++] = value;
        }

        return (end || _length == _line.Length) && Close(end ? 1 : 0);
    }

    /// <summary>The line will not go on. False when none is open.</summary>
    public bool Abandon() => Close(0);

    private bool Close(int endBytes)
    {
        Line = _line.AsMemory(0, _length);
        Start = Taken - _length - endBytes;
        _length = 0;
        return !Line.IsEmpty;
    }
}
