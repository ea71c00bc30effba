namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// A record on the wire (CI; sheet 3):
/// <code>
/// 7E escaped( record, sum of its bytes modulo 256 ) 7E
/// </code>
/// Inside, 7E is sent as 7D 5E and 7D as 7D 5D, in the checksum too. Every 7E parts two frames: whoever toggles on it stays
/// the wrong way round after one lost flag.
/// </summary>
internal static class Frame
{
    public const byte Flag = 0x7E;
    public const byte Escape = 0x7D;

    /// <summary>Cleared in a byte that an escape stands before.</summary>
    public const byte EscapedBit = 0x20;

    public const int MostDataBytes = 1450;
    public const int MostRecordBytes = DriRecord.HeaderBytes + MostDataBytes;

    public static byte[] Write(ReadOnlySpan<byte> record)
    {
        var frame = new List<byte>(record.Length + 8) { Flag };
        foreach (byte value in record)
        {
            Put(frame, value);
        }

        Put(frame, Sum(record));
        frame.Add(Flag);
        return [.. frame];
    }

    public static byte Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return (byte)sum;
    }

    private static void Put(List<byte> frame, byte value)
    {
        if (value is Flag or Escape)
        {
            frame.Add(Escape);
            value = (byte)(value & ~EscapedBit);
        }

        frame.Add(value);
    }
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,
    Record,

    /// <summary>Whole by its flags, wrong by its checksum or its length.</summary>
    Corrupt,

    /// <summary>Bytes stood before the first flag, or between flags more than a record has.</summary>
    Noise,
}

/// <summary>Takes one direction of a line apart, byte by byte; holds at most one record.</summary>
internal sealed class Deframer
{
    /// <summary>The record and its checksum.</summary>
    private readonly byte[] _bytes = new byte[Frame.MostRecordBytes + 1];
    private int _length;
    private long _raw;
    private bool _escaped;
    private bool _synchronised;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>The record just completed, without its checksum; valid until the next byte.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Where the thing just told began: bytes taken before it.</summary>
    public long Start { get; private set; }

    /// <summary>Why it is no record.</summary>
    public string Reason { get; private set; } = string.Empty;

    public Part Take(byte value)
    {
        Taken++;
        if (value == Frame.Flag)
        {
            return Close();
        }

        _raw++;
        if (!_synchronised)
        {
            return Part.None;
        }

        if (value == Frame.Escape)
        {
            _escaped = true;
            return Part.None;
        }

        if (_length == _bytes.Length)
        {
            // Nothing that begins here is a record; what comes up to the next flag is noise.
            _synchronised = false;
            return Part.None;
        }

        _bytes[_length++] = _escaped ? (byte)(value | Frame.EscapedBit) : value;
        _escaped = false;
        return Part.None;
    }

    private Part Close()
    {
        (int length, long raw, bool synchronised, bool escaped) = (_length, _raw, _synchronised, _escaped);
        (_length, _raw, _synchronised, _escaped) = (0, 0, true, false);
        Start = Taken - 1 - raw;
        if (raw == 0)
        {
            return Part.None;
        }

        if (!synchronised)
        {
            return Tell(Part.Noise, $"{raw} bytes stood outside any frame");
        }

        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, length);
        if (escaped || length <= DriRecord.HeaderBytes || Frame.Sum(bytes[..^1]) != bytes[^1])
        {
            return Tell(Part.Corrupt, $"a frame of {raw} bytes has a wrong checksum");
        }

        if (DriRecord.LengthOf(bytes) != length - 1)
        {
            return Tell(Part.Corrupt, $"a record of {length - 1} bytes says that it has {DriRecord.LengthOf(bytes)}");
        }

        Body = _bytes.AsMemory(0, length - 1);
        return Part.Record;
    }

    private Part Tell(Part part, string reason)
    {
        Reason = reason;
        return part;
    }
}
