namespace Bedside.Ingest.Drivers.Ivy450c;

/// <summary>
/// A block of the Ansar-B output, one each second (sheet H):
/// <code>
/// FF "ANSAR-B " | 400 bytes of waves | lines of text, each ended by 0D | FE
/// </code>
/// There is no checksum. What binds a block together is its header, its length up to the text, and the names that the text begins with.
/// </summary>
internal static class Frame
{
    public const byte Start = 0xFF;
    public const byte End = 0xFE;
    public const byte CarriageReturn = 0x0D;
    public const int HeaderBytes = 9;
    public const int WaveBytes = 400;
    public const int TextAt = HeaderBytes + WaveBytes;

    /// <summary>152 in the recording; several times that for devices that say more.</summary>
    public const int MostTextBytes = 1_024;

    /// <summary>FF and <c>ANSAR-B</c> with a blank.</summary>
    public static ReadOnlySpan<byte> Header => [0xFF, 0x41, 0x4E, 0x53, 0x41, 0x52, 0x2D, 0x42, 0x20];

    /// <summary>A block as the device sends it.</summary>
    public static byte[] Write(ReadOnlySpan<byte> waves, ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(waves.Length, WaveBytes);
        return [.. Header, .. waves, .. text, End];
    }
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A block; whether its text makes sense is for others to say.</summary>
    Block,

    /// <summary>A block began and did not end as it should; <see cref="Deframer.Reason"/> says how.</summary>
    Damaged,
}

/// <summary>
/// Bytes to blocks. FE counts only after the waves. A header in the middle of a block begins a new one: the device was switched off and on,
/// or bytes were lost. A block whose FE was lost ends where the next begins.
/// </summary>
internal sealed class Deframer
{
    private readonly byte[] _buffer = new byte[Frame.TextAt + Frame.MostTextBytes + Frame.HeaderBytes];
    private readonly byte[] _block = new byte[Frame.TextAt + Frame.MostTextBytes + Frame.HeaderBytes];
    private int _length;
    private int _blockLength;
    private long _strayBefore;
    private long _stray;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the last block or damaged block began.</summary>
    public long At { get; private set; }

    /// <summary>Bytes before the last block that belong to none.</summary>
    public long Stray { get; private set; }

    /// <summary>Bytes since the last block that belong to none so far.</summary>
    public long StrayNow => _stray;

    public string Reason { get; private set; } = string.Empty;

    /// <summary>True while a block is open.</summary>
    public bool IsOpen => _length >= Frame.HeaderBytes;

    public ReadOnlySpan<byte> Waves => _block.AsSpan(Frame.HeaderBytes, Frame.WaveBytes);

    public ReadOnlySpan<byte> Text => _block.AsSpan(Frame.TextAt, _blockLength - Frame.TextAt);

    public Part Take(byte value)
    {
        Taken++;
        if (_length < Frame.HeaderBytes)
        {
            TakeHeader(value);
            return Part.None;
        }

        _buffer[_length++] = value;
        if (value == Frame.Header[^1] && _buffer.AsSpan(0, _length).EndsWith(Frame.Header))
        {
            return BeginAgain();
        }

        if (_length > Frame.TextAt && value == Frame.End)
        {
            return Close(_length - 1, next: 0);
        }

        return _length == _buffer.Length ? Break("a block is longer than any block") : Part.None;
    }

    /// <summary>The device stopped in the middle of a block.</summary>
    public Part Abandon() => IsOpen ? Break("a block stopped before its end") : Part.None;

    private void TakeHeader(byte value)
    {
        if (value == Frame.Header[_length])
        {
            _buffer[_length++] = value;
            if (_length == Frame.HeaderBytes)
            {
                _strayBefore = _stray;
                _stray = 0;
            }

            return;
        }

        _stray += _length;
        _length = value == Frame.Start ? 1 : 0;
        _stray += 1 - _length;
    }

    /// <summary>A header stands at the end of the buffer: what is before it is a block without its FE, or half of one.</summary>
    private Part BeginAgain()
    {
        int end = _length - Frame.HeaderBytes;
        bool whole = end > Frame.TextAt && (_buffer[end - 1] == Frame.CarriageReturn || _buffer[end - 2] == Frame.CarriageReturn);
        if (whole)
        {
            int text = _buffer[end - 1] == Frame.CarriageReturn ? end : end - 1;
            return Close(text, Frame.HeaderBytes);
        }

        At = Taken - _length;
        Stray = _strayBefore;
        Reason = "a block began inside another";
        _strayBefore = 0;
        Frame.Header.CopyTo(_buffer);
        _length = Frame.HeaderBytes;
        return Part.Damaged;
    }

    private Part Close(int end, int next)
    {
        At = Taken - _length;
        Stray = _strayBefore;
        _buffer.AsSpan(0, end).CopyTo(_block);
        _blockLength = end;
        _strayBefore = 0;
        Frame.Header[..next].CopyTo(_buffer);
        _length = next;
        return Part.Block;
    }

    private Part Break(string reason)
    {
        At = Taken - _length;
        Stray = _strayBefore;
        Reason = reason;
        _stray = 0;
        _length = 0;
        return Part.Damaged;
    }
}
