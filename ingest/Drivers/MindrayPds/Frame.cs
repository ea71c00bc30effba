using System.Text;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>
/// The minimal lower layer protocol of HL7 (sheet A.1): <c>0B</c> message <c>1C 0D</c>. The bytes of encoded waves all have bit 7 set, so these three never stand in them.
/// </summary>
internal static class Frame
{
    public const byte Start = 0x0B;
    public const byte End = 0x1C;
    public const byte CarriageReturn = 0x0D;

    /// <summary>All waves of a monitor for a second are about 30 kB.</summary>
    public const int MostBytes = 262_144;

    public static byte[] Write(string message) => [Start, .. Encoding.ASCII.GetBytes(message), End, CarriageReturn];
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A message.</summary>
    Message,

    /// <summary>A message began and did not end as it should.</summary>
    Damaged,
}

/// <summary>Bytes to messages; memory grows to what was needed and no further than <see cref="Frame.MostBytes"/>.</summary>
internal sealed class Deframer
{
    private byte[] _buffer = new byte[1_024];
    private int _length = -1;
    private int _ended;
    private bool _atEnd;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the last message began.</summary>
    public long At { get; private set; }

    /// <summary>Bytes that belong to no message since the last one.</summary>
    public long Stray { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    /// <summary>The message that was completed last, without its frame; valid until the next byte.</summary>
    public ReadOnlyMemory<byte> Message => _buffer.AsMemory(0, _ended);

    public Part Take(byte value)
    {
        Taken++;
        if (_length < 0)
        {
            Open(value);
            return Part.None;
        }

        if (_atEnd)
        {
            return TakeEnd(value);
        }

        switch (value)
        {
            case Frame.Start:
                Part broken = Break("a message began inside another");
                Open(value);
                return broken;
            case Frame.End:
                _atEnd = true;
                return Part.None;
            default:
                return Append(value);
        }
    }

    private Part TakeEnd(byte value)
    {
        _atEnd = false;
        if (value == Frame.CarriageReturn)
        {
            return Close();
        }

        Part broken = Break("a message ended with 1C alone");
        Open(value);
        return broken;
    }

    private Part Append(byte value)
    {
        if (_length == Frame.MostBytes)
        {
            return Break("a message is longer than any message");
        }

        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _buffer[_length++] = value;
        return Part.None;
    }

    private void Open(byte value)
    {
        if (value == Frame.Start)
        {
            _length = 0;
        }
        else
        {
            Stray++;
        }
    }

    private Part Close()
    {
        At = Taken - _length - 3;
        _ended = _length;
        _length = -1;
        Stray = 0;
        return Part.Message;
    }

    private Part Break(string reason)
    {
        At = Taken - _length - 2;
        Reason = reason;
        _length = -1;
        return Part.Damaged;
    }
}
