namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>
/// A frame on the wire, the same both ways (sheet E):
/// <code>
/// 85 | length code payload checksum, in which 80 is written as 80 00 and 85 as 80 05
/// </code>
/// The length counts the code and the payload before they are escaped; the checksum makes the exclusive or of everything after 85 zero. A bare 85 always begins a
/// frame.
/// </summary>
internal static class Frame
{
    public const byte Start = 0x85;
    public const byte Escape = 0x80;

    /// <summary>What stands after an escape is the byte less that.</summary>
    public const byte EscapedBy = 0x80;

    /// <summary>The length is one byte, and counts the code too.</summary>
    public const int MostPayload = byte.MaxValue - 1;

    /// <summary>Length, code, payload, checksum.</summary>
    public const int MostBytes = MostPayload + 3;

    /// <summary>A frame as either side sends it.</summary>
    public static byte[] Write(byte code, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MostPayload);
        byte[] body = [(byte)(payload.Length + 1), code, .. payload, 0];
        body[^1] = ChecksumOf(body);
        var frame = new List<byte>(body.Length + 4) { Start };
        foreach (byte value in body)
        {
            if (value is Start or Escape)
            {
                frame.Add(Escape);
                frame.Add((byte)(value - EscapedBy));
            }
            else
            {
                frame.Add(value);
            }
        }

        return [.. frame];
    }

    /// <summary>Zero over a whole frame, its checksum with it.</summary>
    public static byte ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        byte all = 0;
        foreach (byte value in bytes)
        {
            all ^= value;
        }

        return all;
    }
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A frame whose checksum is right.</summary>
    Frame,

    /// <summary>A frame that began and is none; <see cref="Deframer.Reason"/> says why.</summary>
    Damaged,
}

/// <summary>Bytes to frames. Whatever is wrong, the next bare 85 begins anew.</summary>
internal sealed class Deframer
{
    private readonly byte[] _body = new byte[Frame.MostBytes];
    private readonly byte[] _frame = new byte[Frame.MostBytes];
    private int _length;
    private int _frameLength;
    private bool _open;
    private bool _escaped;
    private long _begun;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the last frame, or the last damaged one, began.</summary>
    public long At { get; private set; }

    /// <summary>Bytes since the last frame that belong to none.</summary>
    public long Stray { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    /// <summary>Of the frame that was completed last, as are the next ones.</summary>
    public byte Code => _frame[1];

    public ReadOnlySpan<byte> Payload => _frame.AsSpan(2, _frameLength - 3);

    public Part Take(byte value)
    {
        Taken++;
        if (value == Frame.Start)
        {
            Part before = _open && (_length > 0 || _escaped) ? Break("a frame began inside another") : Part.None;
            (_open, _escaped, _length, _begun) = (true, false, 0, Taken - 1);
            return before;
        }

        if (!_open)
        {
            Stray++;
            return Part.None;
        }

        if (value == Frame.Escape && !_escaped)
        {
            _escaped = true;
            return Part.None;
        }

        if (_escaped)
        {
            value += Frame.EscapedBy;
            if (value is not (Frame.Start or Frame.Escape))
            {
                return Break("an escape stands before a byte that needs none");
            }

            _escaped = false;
        }

        _body[_length++] = value;
        return _body[0] == 0 ? Break("a frame has no code") : _length < _body[0] + 2 ? Part.None : Close();
    }

    private Part Close()
    {
        if (Frame.ChecksumOf(_body.AsSpan(0, _length)) != 0)
        {
            return Break("the checksum of a frame is wrong");
        }

        _body.AsSpan(0, _length).CopyTo(_frame);
        _frameLength = _length;
        (_open, At, Stray) = (false, _begun, 0);
        return Part.Frame;
    }

    private Part Break(string reason)
    {
        (_open, _escaped, At, Reason) = (false, false, _begun, reason);
        return Part.Damaged;
    }
}
