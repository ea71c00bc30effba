using System.Text;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>Every message that may leave the box. None changes a setting of the ventilation, nor the sampling time, which would outlive us.</summary>
internal static class Outgoing
{
    public const int MostCurves = 4;
    public const int MostBreathValues = 50;
    public const int MostSettings = 75;
    public const int MostSettingsBeforeVersion3 = 50;
    public const int MostAlarms = 50;
    public const int NewestVersion = 5;

    private const int ChannelDigits = 3;

    /// <summary>Questions, and the ways in and out of the extended mode; the checksum is added.</summary>
    private static readonly (string Text, string Purpose)[] Questions =
    [
        ("RCTY", "enter the extended mode, and ask who it is"),
        ("RHVE", "ask for the highest version of the protocol"),
        ("RCCO", "ask for the scales of all channels"),
        ("RSEN", "ask for the serial number"),
        ("RTIM", "ask for date and time"),
        ("RSTI", "ask for the sampling time"),
        ("RADC", "let the data flow"),
        ("RADAB", "ask for breath values"),
        ("RADAS", "ask for settings"),
        ("RADAE", "ask for alarms"),
    ];

    public static byte[] Abort { get; } = [Frame.Escape];

    /// <summary>An empty command.</summary>
    public static byte[] Ping { get; } = Frame.Basic(string.Empty);

    /// <summary>Back to the basic mode, whose answer names the interface.</summary>
    public static byte[] Basic { get; } = Frame.Basic("HO");

    public static byte[] Enter { get; } = Frame.Extended("RCTY");

    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        new("abort what it sends", Abort),
        new("ask whether it is there", Ping),
        new("enter the basic mode", Basic),
        .. Questions.Select(question => new AllowedMessage(question.Purpose, Frame.Extended(question.Text))),
        .. Enumerable.Range(1, NewestVersion).Select(version => new AllowedMessage("choose the version of the protocol", Version(version))),
        .. Enumerable.Range(1, MostCurves).Select(count => ChoicePattern('C', '1', count)),
        .. Enumerable.Range(1, MostBreathValues).Select(count => ChoicePattern('B', '2', count)),
        .. Enumerable.Range(1, MostSettings).Select(count => ChoicePattern('S', '3', count)),
        .. Enumerable.Range(1, MostAlarms).Select(count => ChoicePattern('E', '4', count)),
    ];

    public static byte[] Version(int version) => Frame.Extended($"SPVE{version:D3}");

    /// <summary>SDADC, SDADB, SDADS, SDADE with channels of three digits each.</summary>
    public static byte[] Choice(char kind, IEnumerable<int> channels) => Frame.Extended($"SDAD{kind}{string.Concat(channels.Select(channel => $"{channel:D3}"))}");

    /// <summary>
    /// Which channels there are only the ventilator can say, so the last two digits of each are free, and with them the checksum. The command, the
    /// class of the channels and the end count byte by byte: what passes can only choose what is read out.
    /// </summary>
    private static AllowedMessage ChoicePattern(char kind, char group, int count)
    {
        byte[] bytes = Choice(kind, Enumerable.Repeat((group - '0') * 100, count));
        byte[] mask = [.. Enumerable.Repeat((byte)0xFF, bytes.Length)];
        int first = Encoding.ASCII.GetByteCount("SDADC");
        for (int channel = 0; channel < count; channel++)
        {
            mask[first + (channel * ChannelDigits) + 1] = 0;
            mask[first + (channel * ChannelDigits) + 2] = 0;
        }

        mask[^3] = 0;
        mask[^2] = 0;
        return new AllowedMessage("choose what is read out", bytes, mask) { Free = "0123456789ABCDEF"u8.ToArray() };
    }
}
