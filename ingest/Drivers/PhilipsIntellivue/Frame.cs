using System.Buffers.Binary;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// The fixed-baudrate protocol of the MIB/RS232 board (section 2.2):
/// <code>
/// C0 · 11 protocol · 01 message type · u16 length of the user data · user data · FCS, low byte first · C1
/// </code>
/// The FCS is CRC-16/X.25 over everything from 11 on, before escaping. Then every C0, C1 and 7D between the flags, also
/// in the FCS, is sent as 7D and the byte xor 20. 7D C1 means that the sender gave the frame up.
/// </summary>
internal static class Frame
{
    public const byte Begin = 0xC0;
    public const byte End = 0xC1;
    public const byte Escape = 0x7D;
    public const byte Flip = 0x20;
    public const byte ProtocolId = 0x11;
    public const byte MessageKind = 0x01;
    public const int HeaderLength = 4;
    public const int ChecksumLength = 2;

    /// <summary>MTU on RS-232; only the user data counts.</summary>
    public const int LongestData = 1000;

    private const ushort Polynomial = 0x8408;
    private const ushort GoodResidue = 0xF0B8;

    /// <summary>The message as it goes over the wire.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        Span<byte> header = [ProtocolId, MessageKind, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], checked((ushort)message.Length));
        return EncodeWithHeader(header, message);
    }

    /// <summary>Frames <paramref name="header"/> and <paramref name="message"/> as they are.</summary>
    public static byte[] EncodeWithHeader(ReadOnlySpan<byte> header, ReadOnlySpan<byte> message)
    {
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        BinaryPrimitives.WriteUInt16LittleEndian(checksum, (ushort)~Crc(message, Crc(header, 0xFFFF)));
        var frame = new List<byte>(header.Length + message.Length + 8) { Begin };
        AppendEscaped(frame, header);
        AppendEscaped(frame, message);
        AppendEscaped(frame, checksum);
        frame.Add(End);
        return [.. frame];
    }

    /// <summary>True when the checksum at the end of these unescaped bytes is right.</summary>
    public static bool IsSound(ReadOnlySpan<byte> unescaped) => Crc(unescaped, 0xFFFF) == GoodResidue;

    /// <summary>
    /// Frames that were recorded without their escapes, as they were on the wire: the length field says where each one ends, whatever flags stand in
    /// between. Null when any of them does not end there or has a wrong checksum.
    /// </summary>
    public static byte[]? Restore(ReadOnlySpan<byte> recorded)
    {
        var wire = new List<byte>(recorded.Length + 16);
        while (!recorded.IsEmpty)
        {
            if (recorded.Length < 1 + HeaderLength || recorded[0] != Begin)
            {
                return null;
            }

            int inside = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(recorded[3..]) + ChecksumLength;
            if (recorded.Length < inside + 2 || recorded[inside + 1] != End || !IsSound(recorded.Slice(1, inside)))
            {
                return null;
            }

            wire.Add(Begin);
            AppendEscaped(wire, recorded.Slice(1, inside));
            wire.Add(End);
            recorded = recorded[(inside + 2)..];
        }

        return wire.Count > 0 ? [.. wire] : null;
    }

    public static bool MustEscape(byte value) => value is Begin or End or Escape;

    private static void AppendEscaped(List<byte> frame, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (MustEscape(value))
            {
                frame.Add(Escape);
                frame.Add((byte)(value ^ Flip));
            }
            else
            {
                frame.Add(value);
            }
        }
    }

    private static ushort Crc(ReadOnlySpan<byte> bytes, ushort crc)
    {
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1);
            }
        }

        return crc;
    }
}

/// <summary>Messages of a serial line, by their frames.</summary>
internal sealed class FrameStream : IMessageSource
{
    private const int LongestFrame = Frame.HeaderLength + Frame.LongestData + Frame.ChecksumLength;
    private const int LongestNoise = 4096;
    private const long BrokenOffNanoseconds = 500_000_000;
    private readonly byte[] _frame = new byte[LongestFrame];
    private readonly Queue<Piece> _pieces = new();
    private long _offset;
    private long _frameOffset;
    private int _length;
    private int _noise;
    private bool _inFrame;
    private bool _escaped;
    private MonotonicInstant _lastByteAt;

    public void Push(ReadOnlySpan<byte> bytes, MonotonicInstant at)
    {
        if (_inFrame && at.Since(_lastByteAt) > BrokenOffNanoseconds)
        {
            Drop("a frame that broke off");
        }

        foreach (byte value in bytes)
        {
            Take(value);
            _offset++;
        }

        _lastByteAt = bytes.IsEmpty ? _lastByteAt : at;
    }

    public bool TryTake(out Piece piece) => _pieces.TryDequeue(out piece);

    private void Take(byte value)
    {
        switch (value)
        {
            case Frame.Begin:
                BeginFrame();
                break;
            case Frame.End when _inFrame:
                EndFrame();
                break;
            case Frame.Escape when _inFrame:
                _escaped = true;
                break;
            default:
                TakePlain(value);
                break;
        }
    }

    private void TakePlain(byte value)
    {
        if (!_inFrame)
        {
            if (++_noise >= LongestNoise)
            {
                SayNoise(_offset + 1);
            }
        }
        else if (_length == LongestFrame)
        {
            Drop("a frame longer than any frame may be");
        }
        else
        {
            _frame[_length++] = _escaped ? (byte)(value ^ Frame.Flip) : value;
            _escaped = false;
        }
    }

    private void BeginFrame()
    {
        if (_inFrame && _length > 0)
        {
            Drop("a frame without its end");
        }

        SayNoise(_offset);
        _inFrame = true;
        _length = 0;
        _escaped = false;
        _frameOffset = _offset;
    }

    private void EndFrame()
    {
        bool givenUp = _escaped;
        ReadOnlySpan<byte> frame = _frame.AsSpan(0, _length);
        _inFrame = false;
        _escaped = false;
        if (givenUp)
        {
            return;
        }

        string fault = Judge(frame);
        if (fault.Length > 0)
        {
            _pieces.Enqueue(new Piece(default, fault, _frameOffset));
            return;
        }

        _pieces.Enqueue(new Piece(frame[Frame.HeaderLength..^Frame.ChecksumLength].ToArray(), string.Empty, _frameOffset));
    }

    private static string Judge(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Frame.HeaderLength + Frame.ChecksumLength)
        {
            return "a frame too short for its header";
        }

        if (!Frame.IsSound(frame))
        {
            return "a frame with a wrong checksum";
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(frame[2..]);
        ReadOnlySpan<byte> message = frame[Frame.HeaderLength..^Frame.ChecksumLength];
        if (frame[0] != Frame.ProtocolId || frame[1] != Frame.MessageKind || length != message.Length)
        {
            return "a frame of another protocol";
        }

        return MessageShape.IsOne(message) ? string.Empty : "a frame without a message in it";
    }

    private void Drop(string reason)
    {
        _inFrame = false;
        _escaped = false;
        _pieces.Enqueue(new Piece(default, reason, _frameOffset));
    }

    private void SayNoise(long upTo)
    {
        if (_noise > 0)
        {
            _pieces.Enqueue(new Piece(default, $"{_noise} bytes outside of any frame", upTo - _noise));
            _noise = 0;
        }
    }
}
