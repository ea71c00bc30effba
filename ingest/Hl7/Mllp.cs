namespace Bedside.Ingest.Hl7;

/// <summary>The minimal lower layer protocol: <c>0B</c> message <c>1C 0D</c>.</summary>
public static class Mllp
{
    public const byte Start = 0x0B;
    public const byte End = 0x1C;
    public const byte Return = 0x0D;

    /// <summary>Where the port is usually found.</summary>
    public const int UsualPort = 2575;

    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        byte[] framed = new byte[message.Length + 3];
        framed[0] = Start;
        message.CopyTo(framed.AsSpan(1));
        framed[^2] = End;
        framed[^1] = Return;
        return framed;
    }
}

/// <summary>What a piece of a stream completed.</summary>
public enum MllpPart
{
    /// <summary>All bytes are taken; nothing is complete.</summary>
    Nothing,

    /// <summary>A frame, in <see cref="MllpReader.Content"/>.</summary>
    Frame,

    /// <summary>A frame whose end never came: another began, or the stream ended.</summary>
    Unterminated,

    /// <summary>A frame that was longer than may be; its beginning is in <see cref="MllpReader.Content"/>.</summary>
    TooLong,

    /// <summary>Too many bytes outside of frames: whoever sends this does not speak the protocol.</summary>
    NotMllp,
}

/// <summary>
/// Bytes to frames, however they are cut. Tolerates what senders do: no <c>0D</c> or an <c>0A</c> after <c>1C</c>, no <c>0B</c> before MSH, no <c>1C</c>
/// before the next <c>0B</c>, line ends and noise between frames. Memory grows to what was needed and no further than the limit.
/// </summary>
public sealed class MllpReader(Hl7Limits limits)
{
    private const int FirstBytes = 4_096;

    /// <summary>Of a frame that is too long, so much is kept: its header, for the answer.</summary>
    private const int KeptOfTooLong = 4_096;

    /// <summary>A buffer that grew beyond this is given back with the next frame.</summary>
    private const int KeptBuffer = 65_536;

    private byte[] _buffer = new byte[FirstBytes];
    private int _length;
    private int _seen;
    private bool _lineBegins = true;
    private bool _isOpen;
    private bool _isTooLong;
    private bool _reopen;
    private bool _swallowReturn;
    private bool _swallowFeed;
    private int _junk;

    /// <summary>Of the frame that was completed last; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, _length);

    /// <summary>Memory in use.</summary>
    public int Held => _buffer.Length;

    /// <summary>A frame has begun.</summary>
    public bool IsInside => _isOpen && _length > 0;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Bytes that belong to no frame, line ends apart.</summary>
    public long Stray { get; private set; }

    /// <summary>Takes bytes until something is complete; call again with what it left.</summary>
    public MllpPart Take(ref ReadOnlySpan<byte> bytes)
    {
        if (_reopen)
        {
            _reopen = false;
            Open(0);
        }

        while (!bytes.IsEmpty)
        {
            int before = bytes.Length;
            MllpPart part = _isOpen ? TakeInside(ref bytes) : TakeOutside(ref bytes);
            Taken += before - bytes.Length;
            if (part != MllpPart.Nothing)
            {
                return part;
            }
        }

        return MllpPart.Nothing;
    }

    /// <summary>The stream ended, or nothing more came for too long.</summary>
    public MllpPart Finish()
    {
        _reopen = _swallowReturn = _swallowFeed = false;
        if (!_isOpen)
        {
            return MllpPart.Nothing;
        }

        bool tooLong = _isTooLong;
        bool isEmpty = _length == 0;
        Close();
        return isEmpty ? MllpPart.Nothing : tooLong ? MllpPart.TooLong : MllpPart.Unterminated;
    }

    private MllpPart TakeInside(ref ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOfAny(Mllp.Start, Mllp.End);
        Append(end < 0 ? bytes : bytes[..end]);
        if (end < 0)
        {
            bytes = default;
            return MllpPart.Nothing;
        }

        bool isEnd = bytes[end] == Mllp.End;
        bytes = bytes[(end + 1)..];
        if (!isEnd && _length == 0)
        {
            // A start twice over is one start.
            return MllpPart.Nothing;
        }

        bool tooLong = _isTooLong;
        Close();
        (_reopen, _swallowReturn, _swallowFeed) = (!isEnd, isEnd, isEnd);
        return tooLong ? MllpPart.TooLong : isEnd ? MllpPart.Frame : MllpPart.Unterminated;
    }

    private MllpPart TakeOutside(ref ReadOnlySpan<byte> bytes)
    {
        byte value = bytes[0];
        bytes = bytes[1..];
        bool isReturn = value == Mllp.Return;
        bool isFeed = value == (byte)'\n';
        bool swallowed = (isReturn && _swallowReturn) || (isFeed && _swallowFeed);
        (_swallowReturn, _swallowFeed) = (false, _swallowFeed && isReturn && swallowed);
        if (value == Mllp.Start)
        {
            Open(0);
            return MllpPart.Nothing;
        }

        if (_seen == 3 && value is > 0x20 and < 0x7F && !char.IsAsciiLetterOrDigit((char)value))
        {
            // A message without its start.
            Stray -= _seen;
            _junk -= _seen;
            "MSH"u8.CopyTo(_buffer);
            Open(3);
            Append([value]);
            return MllpPart.Nothing;
        }

        _seen = value == "MSH\0"u8[_seen] && (_seen > 0 || _lineBegins) ? _seen + 1 : 0;
        bool isEmpty = isReturn || isFeed || value is 0 or (byte)' ' or 0xEF or 0xBB or 0xBF;
        _lineBegins = isEmpty && (_lineBegins || isReturn || isFeed);
        if (!isReturn && !isFeed)
        {
            Stray++;
        }

        if (!swallowed && ++_junk > limits.Junk)
        {
            _junk = 0;
            return MllpPart.NotMllp;
        }

        return MllpPart.Nothing;
    }

    private void Open(int length)
    {
        if (_buffer.Length > KeptBuffer)
        {
            byte[] small = new byte[FirstBytes];
            _buffer.AsSpan(0, length).CopyTo(small);
            _buffer = small;
        }

        (_isOpen, _isTooLong, _length, _seen, _swallowReturn, _swallowFeed) = (true, false, length, 0, false, false);
    }

    private void Close() => (_isOpen, _isTooLong, _junk, _seen, _lineBegins) = (false, false, 0, 0, true);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isTooLong || bytes.Length > limits.MessageBytes - _length)
        {
            _isTooLong = true;
            int kept = Math.Min(limits.MessageBytes, KeptOfTooLong);
            int room = Math.Max(0, kept - _length);
            bytes = bytes[..Math.Min(bytes.Length, room)];
        }

        if (_length + bytes.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Math.Max((long)_buffer.Length * 2, _length + bytes.Length), Math.Max(limits.MessageBytes, KeptOfTooLong)));
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }
}
