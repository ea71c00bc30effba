namespace Bedside.Ingest.Drivers.NoninDf;

/// <summary>Which of the serial data formats a device sends.</summary>
internal enum DataFormat
{
    Unknown = 0,
    Two = 2,
    Seven = 7,
}

/// <summary>
/// A frame of five bytes, 75 each second (sheet D); the sum is of the four before it, modulo 256:
/// <code>
/// data format 2   01 status pleth          value sum
/// data format 7   status pleth-MSB pleth-LSB value sum
/// </code>
/// 25 frames are a packet, the first of which has the SYNC bit in its status. What the value is follows from the place in the packet.
/// </summary>
/// <param name="Status">Bit 7 is always set; <see cref="StatusBit"/> for the others.</param>
/// <param name="Pleth">8 or 16 bits, unsigned, without a scale.</param>
/// <param name="Value">One of the packet's 25 values.</param>
internal readonly record struct Frame(byte Status, int Pleth, byte Value)
{
    public const int Bytes = 5;
    public const int PerPacket = 25;
    public const int PerSecond = 75;
    private const byte FirstOfFormat2 = 0x01;

    public bool IsSync => (Status & StatusBit.Sync) != 0;

    /// <summary>Reads five bytes; null unless the sum is right and the bits that are always set are.</summary>
    public static Frame? Read(DataFormat format, ReadOnlySpan<byte> bytes)
    {
        byte status = format == DataFormat.Two ? bytes[1] : bytes[0];
        bool sound = (status & StatusBit.Always) != 0
            && (format != DataFormat.Two || bytes[0] == FirstOfFormat2)
            && (byte)(bytes[0] + bytes[1] + bytes[2] + bytes[3]) == bytes[4];
        return !sound ? null : new Frame(status, format == DataFormat.Two ? bytes[2] : (bytes[1] << 8) | bytes[2], bytes[3]);
    }

    /// <summary>The frame as the device sends it.</summary>
    public byte[] Write(DataFormat format)
    {
        byte[] bytes = format == DataFormat.Two
            ? [FirstOfFormat2, Status, (byte)Pleth, Value, 0]
            : [Status, (byte)(Pleth >> 8), (byte)Pleth, Value, 0];
        bytes[4] = (byte)(bytes[0] + bytes[1] + bytes[2] + bytes[3]);
        return bytes;
    }
}

/// <summary>Bits of a frame's status.</summary>
internal static class StatusBit
{
    public const byte Always = 0x80;

    /// <summary>Documented for data format 2.</summary>
    public const byte Disconnected = 0x40;

    public const byte Artefact = 0x20;
    public const byte OutOfTrack = 0x10;
    public const byte SensorAlarm = 0x08;

    /// <summary>Both bits together are yellow; they are set during some frames of each pulse only.</summary>
    public const byte RedPerfusion = 0x04;

    public const byte GreenPerfusion = 0x02;
    public const byte YellowPerfusion = RedPerfusion | GreenPerfusion;
    public const byte Sync = 0x01;

    /// <summary>What is not perfusion, SYNC or always set.</summary>
    public const byte Conditions = Disconnected | Artefact | OutOfTrack | SensorAlarm;
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>25 frames; those that were damaged are null.</summary>
    Packet,

    /// <summary>A packet lacks frames, nobody knows which: the next SYNC came early.</summary>
    ShortPacket,

    /// <summary>The frames are no longer where they should be.</summary>
    Lost,
}

/// <summary>
/// Bytes to packets. The sum alone is weak, so the beginning must be a frame with SYNC, 24 without and one with SYNC again, all with right sums. From then on
/// frames follow each other; one that is damaged is left out, two in a row mean that bytes were lost. Between frames a device may answer its
/// host: ACK, NAK, or a record <c>02 op length data 03</c>.
/// </summary>
internal sealed class Deframer
{
    private const byte StartOfRecord = 0x02;
    private const byte Acknowledged = 0x06;
    private const byte NotAcknowledged = 0x15;
    private const int RecordOverhead = 4;
    private const int LookAhead = (Frame.PerPacket + 1) * Frame.Bytes;

    private readonly byte[] _buffer = new byte[LookAhead];
    private readonly Frame?[] _frames = new Frame?[Frame.PerPacket];
    private readonly Frame?[] _packet = new Frame?[Frame.PerPacket];
    private int _length;
    private int _index;
    private int _damaged;
    private int _recordLeft;
    private int _recordSeen;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Unknown until the first packet.</summary>
    public DataFormat Format { get; private set; }

    public bool IsLocked { get; private set; }

    /// <summary>Bytes that belonged to no packet since the last one.</summary>
    public long Stray { get; private set; }

    /// <summary>The packet that was completed last.</summary>
    public ReadOnlySpan<Frame?> Packet => _packet;

    public Part Take(byte value)
    {
        Taken++;
        if (!IsLocked)
        {
            return Seek(value);
        }

        if (_recordLeft > 0 || (_length == 0 && value is StartOfRecord or Acknowledged or NotAcknowledged))
        {
            TakeAnswer(value);
            return Part.None;
        }

        _buffer[_length++] = value;
        return _length < Frame.Bytes ? Part.None : TakeFrame();
    }

    private Part Seek(byte value)
    {
        _buffer[_length++] = value;
        if (_length < LookAhead)
        {
            return Part.None;
        }

        DataFormat format = Begins(DataFormat.Two) ? DataFormat.Two : Begins(DataFormat.Seven) ? DataFormat.Seven : DataFormat.Unknown;
        if (format == DataFormat.Unknown)
        {
            _buffer.AsSpan(1).CopyTo(_buffer);
            _length--;
            Stray++;
            return Part.None;
        }

        Format = format;
        IsLocked = true;
        for (int i = 0; i < Frame.PerPacket; i++)
        {
            _packet[i] = At(format, i);
        }

        _frames[0] = At(format, Frame.PerPacket);
        (_index, _damaged, _length) = (1, 0, 0);
        return Part.Packet;
    }

    /// <summary>SYNC at the first and the last of 26 right frames, and at no other.</summary>
    private bool Begins(DataFormat format)
    {
        for (int i = 0; i <= Frame.PerPacket; i++)
        {
            if (At(format, i) is not { } frame || frame.IsSync != (i is 0 or Frame.PerPacket))
            {
                return false;
            }
        }

        return true;
    }

    private Frame? At(DataFormat format, int index) => Frame.Read(format, _buffer.AsSpan(index * Frame.Bytes, Frame.Bytes));

    private Part TakeFrame()
    {
        Frame? read = At(Format, 0);
        _damaged = read is null ? _damaged + 1 : 0;
        if (_damaged > 1 || (read is { IsSync: false } && _index == 0))
        {
            return Lose();
        }

        _length = 0;
        if (read is { IsSync: true } && _index > 0)
        {
            _frames[0] = read;
            _index = 1;
            Stray = 0;
            return Part.ShortPacket;
        }

        _frames[_index++] = read;
        if (_index < Frame.PerPacket)
        {
            return Part.None;
        }

        _frames.CopyTo(_packet, 0);
        _index = 0;
        Stray = 0;
        return Part.Packet;
    }

    /// <summary>The bytes at hand may be the beginning of something better, so seeking goes on with them.</summary>
    private Part Lose()
    {
        IsLocked = false;
        Stray = 0;
        return Part.Lost;
    }

    private void TakeAnswer(byte value)
    {
        if (_recordLeft == 0)
        {
            _recordLeft = value == StartOfRecord ? RecordOverhead - 1 : 0;
            _recordSeen = 0;
            return;
        }

        _recordLeft--;
        _recordSeen++;
        if (_recordSeen == 2)
        {
            // The byte after the code is how many follow, before the 03.
            _recordLeft = (value & 0x1F) + 1;
        }
    }
}
