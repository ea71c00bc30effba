namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>
/// The polling protocol on the wire (sheet 2). There is no checksum:
/// <code>
/// request         02 id 03 0D
/// value           02 id + 5 characters + 03 0D
/// version         02 id letter + 4 characters + 03 0D
/// identification  02 + 6 or 5 characters + 03 0D, without an id
/// error           02 "RERROR" 03 0D
/// curves          02 22 or 78, status, four words of two bytes, 03 0D: the words may hold 03 and 0D
/// </code>
/// </summary>
internal static class Frame
{
    public const byte Start = 0x02;
    public const byte End = 0x03;
    public const byte CarriageReturn = 0x0D;
    public const byte SevenBits = 0x7F;

    public const int RequestBytes = 4;
    public const int LeastBytes = 8;
    public const int UsualBytes = 9;
    public const int CurveBytes = 13;

    public static byte[] Request(byte id) => [Start, id, End, CarriageReturn];
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Bytes of the length and with the ends of a reply.</summary>
    Reply,

    /// <summary>A beginning that became no reply.</summary>
    Damaged,
}

/// <summary>
/// Bytes to replies. Curves are told by their id and end by their length, all others by 03 0D. An even parity that the line does not know stands in
/// bit 7: it is taken off, but for curves.
/// </summary>
internal sealed class Deframer
{
    private readonly byte[] _bytes = new byte[Frame.CurveBytes];
    private int _length;
    private int _replyLength;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the last reply, or what became none, began.</summary>
    public long At { get; private set; }

    /// <summary>Bytes since the last reply that belong to none.</summary>
    public long Stray { get; private set; }

    /// <summary>True once a reply came with bit 7 in its text.</summary>
    public bool HasParityBits { get; private set; }

    /// <summary>The reply that was completed last; valid until the next byte.</summary>
    public ReadOnlySpan<byte> Reply => _bytes.AsSpan(0, _replyLength);

    private bool IsCurve => _length > 1 && ParameterTable.IsCurve(_bytes[1]);

    public Part Take(byte value)
    {
        Taken++;
        if (_length == 0 && (value & Frame.SevenBits) != Frame.Start)
        {
            Stray++;
            return Part.None;
        }

        _bytes[_length++] = value;
        if (IsCurve ? _length < Frame.CurveBytes : !Ends() && _length < Frame.UsualBytes)
        {
            return Part.None;
        }

        At = Taken - _length;
        if (!Ends() || _length < Frame.LeastBytes)
        {
            return Break(value);
        }

        if (!IsCurve)
        {
            Strip();
        }

        (_replyLength, _length, Stray) = (_length, 0, 0);
        return Part.Reply;
    }

    private bool Ends() =>
        _length > 2 && (_bytes[_length - 1] & Frame.SevenBits) == Frame.CarriageReturn && (_bytes[_length - 2] & Frame.SevenBits) == Frame.End;

    /// <summary>The last byte may begin something better.</summary>
    private Part Break(byte value)
    {
        Stray += _length;
        bool begins = value == Frame.Start;
        (_length, Stray) = begins ? (1, Stray - 1) : (0, Stray);
        _bytes[0] = value;
        return Part.Damaged;
    }

    private void Strip()
    {
        Span<byte> all = _bytes.AsSpan(0, _length);
        HasParityBits |= all.ContainsAnyInRange((byte)0x80, (byte)0xFF);
        foreach (ref byte value in all)
        {
            value &= Frame.SevenBits;
        }
    }
}
