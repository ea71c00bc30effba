using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>What a frame is.</summary>
internal enum FrameType
{
    Data = 1,
    Acknowledged = 2,
    NotAcknowledged = 3,
}

/// <summary>
/// A frame on the wire, the same both ways, little-endian (sheet F):
/// <code>
/// BA AB | number16 length16 type16 payload | sum16
/// </code>
/// The length is that of the payload, the sum that of all bytes from the number to the end of the payload. BA AB may stand inside a payload.
/// </summary>
internal static class Frame
{
    public const byte First = 0xBA;
    public const byte Second = 0xAB;
    public const int HeaderBytes = 8;
    public const int SumBytes = 2;

    /// <summary>Twice the longest message known.</summary>
    public const int MostPayload = 1_024;

    public const int MostBytes = HeaderBytes + MostPayload + SumBytes;

    /// <summary>A frame as either side sends it.</summary>
    public static byte[] Write(ushort number, FrameType type, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MostPayload);
        byte[] frame = new byte[HeaderBytes + payload.Length + SumBytes];
        (frame[0], frame[1]) = (First, Second);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(2), number);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(4), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), (ushort)type);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(frame.Length - SumBytes), SumOf(frame));
        return frame;
    }

    /// <summary>What the last two bytes of a whole frame should be.</summary>
    public static ushort SumOf(ReadOnlySpan<byte> frame)
    {
        ushort sum = 0;
        foreach (byte value in frame[2..^SumBytes])
        {
            sum += value;
        }

        return sum;
    }
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet, or nothing more.</summary>
    None,

    /// <summary>A frame whose sum is right.</summary>
    Frame,

    /// <summary>A beginning that belongs to no frame; <see cref="Deframer.Reason"/> says why.</summary>
    Damaged,
}

/// <summary>
/// Bytes to frames, by their length. A wrong length may swallow frames that follow, so what turns out to be none is looked through once more from its
/// second byte on: one byte can complete several frames.
/// </summary>
internal sealed class Deframer
{
    private readonly byte[] _bytes = new byte[Frame.MostBytes];
    private readonly byte[] _frame = new byte[Frame.MostBytes];
    private int _length;
    private int _frameLength;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the last frame, or the last damaged one, began.</summary>
    public long At { get; private set; }

    /// <summary>Bytes since the last frame that belong to none.</summary>
    public long Stray { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    /// <summary>Of the frame that was completed last, as is the next one.</summary>
    public FrameType Type => (FrameType)BinaryPrimitives.ReadUInt16LittleEndian(_frame.AsSpan(6));

    public ReadOnlySpan<byte> Payload => _frame.AsSpan(Frame.HeaderBytes, _frameLength - Frame.HeaderBytes - Frame.SumBytes);

    public Part Take(byte value)
    {
        Taken++;
        _bytes[_length++] = value;
        return Next();
    }

    /// <summary>What else the bytes taken so far complete; until it is None.</summary>
    public Part Next()
    {
        SkipToStart();
        if (_length < Frame.HeaderBytes)
        {
            return Part.None;
        }

        int payload = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(4));
        if (payload > Frame.MostPayload)
        {
            return Break("a frame states more bytes than any has");
        }

        int whole = Frame.HeaderBytes + payload + Frame.SumBytes;
        if (_length < whole)
        {
            return Part.None;
        }

        ReadOnlySpan<byte> frame = _bytes.AsSpan(0, whole);
        if (BinaryPrimitives.ReadUInt16LittleEndian(frame[^Frame.SumBytes..]) != Frame.SumOf(frame))
        {
            return Break("the sum of a frame is wrong");
        }

        frame.CopyTo(_frame);
        (_frameLength, At, Stray) = (whole, Taken - _length, 0);
        Discard(whole);
        return Part.Frame;
    }

    private Part Break(string reason)
    {
        (Reason, At) = (reason, Taken - _length);
        Stray++;
        Discard(1);
        return Part.Damaged;
    }

    private void SkipToStart()
    {
        int at = 0;
        while (at < _length && !(_bytes[at] == Frame.First && (at + 1 == _length || _bytes[at + 1] == Frame.Second)))
        {
            at++;
        }

        Stray += at;
        Discard(at);
    }

    private void Discard(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }
}
