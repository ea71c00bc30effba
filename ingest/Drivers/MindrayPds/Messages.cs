using System.Globalization;
using System.Text;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>The classes of messages; MSH-10 holds the class and not a number of its own.</summary>
internal static class MessageClass
{
    public const string Presence = "101";
    public const string Patient = "103";
    public const string KeepAlive = "106";
    public const string Waves = "157";
    public const string Periodic = "204";
    public const string Status = "205";
    public const string Aperiodic = "503";
    public const string PhysiologicalAlarms = "54";
    public const string TechnicalAlarms = "56";

    private static readonly string[] All = [Presence, Patient, KeepAlive, Waves, Periodic, Status, Aperiodic, PhysiologicalAlarms, TechnicalAlarms];

    public static bool IsKnown(string name) => All.Contains(name, StringComparer.Ordinal);
}

/// <summary>A segment: fields between bars. Field 0 is its name; components stand between carets.</summary>
internal sealed record Segment(IReadOnlyList<string> Fields)
{
    public string Name => Field(0);

    public string Field(int index) => index < Fields.Count ? Fields[index] : string.Empty;

    /// <summary>A component from 0; empty where there is none.</summary>
    public string Component(int field, int index)
    {
        string[] parts = Field(field).Split('^');
        return index < parts.Length ? parts[index] : string.Empty;
    }
}

/// <summary>A message of HL7 2.3.1 as these monitors send it: its class, its segments of text, and its waves, still encoded.</summary>
internal sealed record MonitorMessage(string Class, IReadOnlyList<Segment> Segments, IReadOnlyList<ReadOnlyMemory<byte>> Waves)
{
    private const int MostSegments = 4_096;
    private const string Version = "2.3.1";

    private static ReadOnlySpan<byte> Header => "MSH|^~\\&|"u8;

    private static ReadOnlySpan<byte> WaveSegment => "ZMW|"u8;

    public IEnumerable<Segment> Named(string name) => Segments.Where(segment => segment.Name == name);

    /// <summary>Reads a message without its frame; null unless its header is one of this protocol: sender and receiver empty, version 2.3.1, a class of digits.</summary>
    public static MonitorMessage? Read(ReadOnlyMemory<byte> message)
    {
        if (!message.Span.StartsWith(Header))
        {
            return null;
        }

        var segments = new List<Segment>();
        var waves = new List<ReadOnlyMemory<byte>>();
        foreach (Range part in message.Span.Split(Frame.CarriageReturn))
        {
            ReadOnlyMemory<byte> bytes = message[part];
            if (bytes.Span.StartsWith(WaveSegment))
            {
                waves.Add(bytes[WaveSegment.Length..]);
            }
            else if (!bytes.IsEmpty && segments.Count < MostSegments)
            {
                segments.Add(new Segment(TextOf(bytes.Span).Split('|')));
            }
        }

        Segment header = segments[0];
        bool ours = Enumerable.Range(2, 6).All(field => header.Field(field).Length == 0)
            && header.Field(11).StartsWith(Version, StringComparison.Ordinal)
            && header.Field(9) is { Length: > 0 and <= 6 } name && name.All(char.IsAsciiDigit);
        return ours ? new MonitorMessage(header.Field(9), segments, waves) : null;
    }

    /// <summary>UTF-8 where it is that, else byte by byte: numbers and codes are ASCII, and which code page the names have, the site alone knows.</summary>
    private static string TextOf(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
}

/// <summary>What a monitor broadcasts of itself each second on UDP 4600: the third component of PV1-3 (sheet A.1).</summary>
/// <param name="Department">May be empty.</param>
/// <param name="Bed">Likewise.</param>
/// <param name="Address">Dotted; empty = the sender of the datagram.</param>
/// <param name="Port">TCP.</param>
internal sealed record Announcement(string Department, string Bed, string Address, int Port)
{
    public const int UsualPort = 4601;

    /// <summary>Reads a datagram, with or without a frame; null when it is no announcement.</summary>
    public static Announcement? Read(ReadOnlyMemory<byte> datagram)
    {
        int start = datagram.Span.StartsWith(Frame.Start) ? 1 : 0;
        int end = datagram.Span.IndexOf(Frame.End);
        var message = MonitorMessage.Read(datagram[start..(end < 0 ? datagram.Length : end)]);
        return message?.Class == MessageClass.Presence ? Of(message) : null;
    }

    public static Announcement Of(MonitorMessage message)
    {
        string[] parts = (message.Named("PV1").FirstOrDefault()?.Component(3, 2) ?? string.Empty).Split('&');
        string Part(int index) => index < parts.Length ? parts[index] : string.Empty;
        bool addressed = uint.TryParse(Part(2), NumberStyles.None, CultureInfo.InvariantCulture, out uint address) && address != 0;
        bool ported = int.TryParse(Part(3), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65_536;
        return new Announcement(
            Part(0),
            Part(1),
            addressed ? $"{address >> 24}.{address >> 16 & 0xFF}.{address >> 8 & 0xFF}.{address & 0xFF}" : string.Empty,
            ported ? port : UsualPort);
    }
}
