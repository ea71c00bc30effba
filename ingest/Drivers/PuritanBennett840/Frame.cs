using System.Text;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// DCI on the wire (sheet 2, 3). No message has a checksum:
/// <code>
/// request  SNDF 0D
/// reply    MISCF,1225,169 ,02 field,field,…,field,03 0D
/// </code>
/// The first number is the count of bytes between 02 and 03, the second that of the fields. Every field is padded with
/// blanks to its width and followed by a comma, the last one too.
/// </summary>
internal static class Frame
{
    public const byte StartOfText = 0x02;
    public const byte EndOfText = 0x03;
    public const byte LineFeed = 0x0A;
    public const byte CarriageReturn = 0x0D;

    /// <summary>Between the name and 02 stand two short numbers; the recordings have 13 and 16 bytes up to 02.</summary>
    public const int MostHeaderBytes = 24;

    /// <summary>Three times the longest reply known.</summary>
    public const int MostBytes = 4096;

    /// <summary>How a reply begins.</summary>
    public static ReadOnlySpan<byte> Head => "MISC"u8;

    public static byte[] Command(string name) => [.. Encoding.ASCII.GetBytes(name), CarriageReturn];
}

/// <summary>Every message that may leave the box, byte by byte. None has an argument; none changes a setting.</summary>
internal static class Outgoing
{
    /// <summary>The ventilator throws away what it has received of a command. It has no answer.</summary>
    public static byte[] Reset { get; } = Frame.Command("RSET");

    public static byte[] AskBasic { get; } = Frame.Command("SNDA");

    public static byte[] AskExtended { get; } = Frame.Command("SNDF");

    /// <summary>
    /// For a line that others have been asked on before: the first carriage return ends whatever the ventilator took for
    /// the beginning of a command.
    /// </summary>
    public static byte[] Probe { get; } = [Frame.CarriageReturn, .. AskBasic];

    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        new("throw away half a command", Reset),
        new("ask for settings, measured data and alarms", AskBasic),
        new("ask for the extended set of them", AskExtended),
        new("end half a command, and ask for settings, measured data and alarms", Probe),
    ];
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A line with the head of a reply in it.</summary>
    Reply,

    /// <summary>Bytes that belong to no reply.</summary>
    Noise,
}

/// <summary>
/// Cuts what comes from the ventilator into lines. A reply that was broken off is followed by the next one on the same
/// line: the last head counts, and what stands before it is noise.
/// </summary>
internal sealed class Deframer
{
    private readonly byte[] _line = new byte[Frame.MostBytes];
    private int _length;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>The reply from its head on, without the carriage return; valid until the next byte.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Bytes taken before what was just told.</summary>
    public long Start { get; private set; }

    /// <summary>Bytes of noise, before the reply if there is one.</summary>
    public ReadOnlyMemory<byte> Noise { get; private set; }

    /// <summary>Bytes of a line that has not ended.</summary>
    public int Open => _length;

    public Part Take(byte value)
    {
        Taken++;
        if (value is Frame.CarriageReturn or Frame.LineFeed)
        {
            return Close();
        }

        _line[_length++] = value;
        return _length == _line.Length ? Close() : Part.None;
    }

    /// <summary>The line will not go on: a reply that only lacks its carriage return is one, anything else of it is noise.</summary>
    public Part GiveUp() => _length > 0 && _line[_length - 1] == Frame.EndOfText ? Close() : Abandon();

    private Part Abandon()
    {
        Begin(_length);
        Noise = _line.AsMemory(0, _length);
        _length = 0;
        return Noise.IsEmpty ? Part.None : Part.Noise;
    }

    private Part Close()
    {
        ReadOnlySpan<byte> line = _line.AsSpan(0, _length);
        int head = line.LastIndexOf(Frame.Head);
        if (head < 0)
        {
            return Abandon();
        }

        Begin(_length - head);
        Noise = _line.AsMemory(0, head);
        Line = _line.AsMemory(head, _length - head);
        _length = 0;
        return Part.Reply;
    }

    private void Begin(int bytes)
    {
        Line = ReadOnlyMemory<byte>.Empty;
        Start = Math.Max(0, Taken - bytes - 1);
    }
}
