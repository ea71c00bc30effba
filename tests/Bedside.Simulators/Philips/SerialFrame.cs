namespace Bedside.Simulators.Philips;

/// <summary>
/// The fixed-baudrate framing of the serial port (sheet, section 2.2):
/// <c>C0 | 11 01 length(2) | message | FCS(2, low byte first) | C1</c>
/// with C0, C1 and 7D between the flags sent as 7D and the byte XOR 20.
/// </summary>
internal static class SerialFrame
{
    public const byte Begin = 0xC0;
    public const byte End = 0xC1;
    public const byte Escape = 0x7D;
    public const byte Flip = 0x20;
    public const byte Protocol = 0x11;
    public const byte DataType = 0x01;
    public const int HeaderSize = 4;
    public const int FcsSize = 2;

    /// <summary>Longest message on a serial port.</summary>
    public const int Mtu = 1000;

    /// <summary>What the checksum over header, message and FCS comes to when all is well.</summary>
    public const ushort Residue = 0xF0B8;

    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        MessageWriter inner = new MessageWriter().U8(Protocol).U8(DataType).U16(message.Length).Bytes(message);
        return Encode(inner.Written, (ushort)~Checksum(inner.Written));
    }

    /// <summary>Flags, escapes and the given FCS around the given inside.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> inside, ushort fcs)
    {
        var frame = new MessageWriter();
        _ = frame.U8(Begin);
        foreach (byte value in inside)
        {
            Put(frame, value);
        }

        Put(frame, (byte)fcs);
        Put(frame, (byte)(fcs >> 8));
        return frame.U8(End).ToArray();
    }

    /// <summary>CRC-16/X.25 before the final complement.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        const ushort ReflectedPolynomial = 0x8408;
        ushort crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ ReflectedPolynomial : crc >> 1);
            }
        }

        return crc;
    }

    private static void Put(MessageWriter frame, byte value) =>
        _ = value is Begin or End or Escape ? frame.U8(Escape).U8(value ^ Flip) : frame.U8(value);
}

/// <summary>Finds frames in what a line delivers, however it is cut.</summary>
internal sealed class FrameReader
{
    private readonly List<byte> _inside = [];
    private bool _open;
    private bool _escaped;

    /// <summary>The message of the frame that this byte completes, or null.</summary>
    public byte[]? Push(byte value)
    {
        if (value == SerialFrame.Begin)
        {
            _inside.Clear();
            _open = true;
            _escaped = false;
            return null;
        }

        if (!_open)
        {
            return null;
        }

        if (value == SerialFrame.End)
        {
            _open = false;
            return _escaped ? null : Message();
        }

        if (value == SerialFrame.Escape)
        {
            _escaped = true;
            return null;
        }

        _inside.Add(_escaped ? (byte)(value ^ SerialFrame.Flip) : value);
        _escaped = false;
        _open = _inside.Count <= SerialFrame.Mtu + SerialFrame.HeaderSize + SerialFrame.FcsSize;
        return null;
    }

    private byte[]? Message()
    {
        byte[] inside = [.. _inside];
        int length = inside.Length - SerialFrame.HeaderSize - SerialFrame.FcsSize;
        bool whole = length >= 0
            && inside[0] == SerialFrame.Protocol
            && inside[1] == SerialFrame.DataType
            && ((inside[2] << 8) | inside[3]) == length
            && SerialFrame.Checksum(inside) == SerialFrame.Residue;
        return whole ? inside[SerialFrame.HeaderSize..^SerialFrame.FcsSize] : null;
    }
}
