using System.Text;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>Codes of commands, and of the responses that echo them (sheet 4).</summary>
internal static class MedibusCode
{
    public const byte NotAcknowledged = 0x15;
    public const byte AlarmsCodepage3 = 0x23;
    public const byte MeasuredCodepage1 = 0x24;
    public const byte LowLimitsCodepage1 = 0x25;
    public const byte HighLimitsCodepage1 = 0x26;
    public const byte AlarmsCodepage1 = 0x27;
    public const byte DateTime = 0x28;
    public const byte Settings = 0x29;
    public const byte Texts = 0x2A;
    public const byte MeasuredCodepage2 = 0x2B;
    public const byte LowLimitsCodepage2 = 0x2C;
    public const byte HighLimitsCodepage2 = 0x2D;
    public const byte AlarmsCodepage2 = 0x2E;
    public const byte NoOperation = 0x30;
    public const byte TimeChanged = 0x49;
    public const byte ConfigureResponse = 0x4A;
    public const byte Initialise = 0x51;
    public const byte Identify = 0x52;
    public const byte RealtimeConfiguration = 0x53;
    public const byte ConfigureRealtime = 0x54;
    public const byte Stop = 0x55;
    public const byte RealtimeConfigurationChanged = 0x56;
    public const byte DeviceSpecific = 0x6A;
}

/// <summary>Every message that may leave the box, byte by byte.</summary>
internal static class Outgoing
{
    /// <summary>Our identification (sheet 5): 0161 is a host that is not to be asked for data of its own.</summary>
    public const string Identification = "0161'Bedside'01.00:06.00";

    public const int MostTraces = 12;

    /// <summary>Two digits of the trace, two of the multiplier.</summary>
    public const int DigitsPerTrace = 4;

    private const int FirstResponseCode = 0x20;
    private const int LastResponseCode = 0x7F;

    /// <summary>Commands without argument that ask for something or keep the line alive; none changes a setting.</summary>
    private static readonly (byte Code, string Purpose)[] Questions =
    [
        (MedibusCode.AlarmsCodepage3, "ask for alarms, codepage 3"),
        (MedibusCode.MeasuredCodepage1, "ask for measured data, codepage 1"),
        (MedibusCode.LowLimitsCodepage1, "ask for low limits, codepage 1"),
        (MedibusCode.HighLimitsCodepage1, "ask for high limits, codepage 1"),
        (MedibusCode.AlarmsCodepage1, "ask for alarms, codepage 1"),
        (MedibusCode.DateTime, "ask for date and time"),
        (MedibusCode.Settings, "ask for device settings"),
        (MedibusCode.Texts, "ask for text messages"),
        (MedibusCode.MeasuredCodepage2, "ask for measured data, codepage 2"),
        (MedibusCode.LowLimitsCodepage2, "ask for low limits, codepage 2"),
        (MedibusCode.HighLimitsCodepage2, "ask for high limits, codepage 2"),
        (MedibusCode.AlarmsCodepage2, "ask for alarms, codepage 2"),
        (MedibusCode.NoOperation, "keep the line alive"),
        (MedibusCode.Initialise, "begin the conversation"),
        (MedibusCode.Identify, "ask who it is"),
        (MedibusCode.RealtimeConfiguration, "ask which traces it offers"),
        (MedibusCode.Stop, "end the conversation"),
    ];

    /// <summary>What the Evita family tells on 6AH (sheet 11): key status, version, patient type, channel.</summary>
    private static readonly byte[] DeviceSpecificQuestions = [(byte)'2', (byte)'3', (byte)'4', (byte)'5'];

    public static byte[] Initialise { get; } = Frame.Command(MedibusCode.Initialise);

    public static byte[] Identify { get; } = Frame.Command(MedibusCode.Identify);

    public static byte[] NoOperation { get; } = Frame.Command(MedibusCode.NoOperation);

    public static byte[] Stop { get; } = Frame.Command(MedibusCode.Stop);

    /// <summary>Answer to a command that arrived damaged (sheet 3, rule 5).</summary>
    public static byte[] NotAcknowledged { get; } = Frame.Response(MedibusCode.NotAcknowledged);

    public static byte[] OurIdentification { get; } = Frame.Response(MedibusCode.Identify, Encoding.ASCII.GetBytes(Identification));

    /// <summary>The driver's allow-list.</summary>
    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        .. Questions.Select(question => new AllowedMessage(question.Purpose, Frame.Command(question.Code))),
        .. DeviceSpecificQuestions.Select(argument => new AllowedMessage("ask for a state of its own", Frame.Command(MedibusCode.DeviceSpecific, argument))),
        .. Enumerable.Range(1, MostTraces).Select(SelectionPattern),
        .. Enumerable.Range(0, MostTraces + 1).Select(streams => new AllowedMessage("let the chosen streams flow", Enable(streams))),
        .. Enumerable.Range(FirstResponseCode, LastResponseCode - FirstResponseCode + 1)
            .Where(code => code != MedibusCode.Identify)
            .Select(code => new AllowedMessage("answer a command of the device", Frame.Response((byte)code))),
        new AllowedMessage("answer a damaged command", NotAcknowledged),
        new AllowedMessage("say who we are", OurIdentification),
    ];

    /// <summary>
    /// The realtime bytes that let the first <paramref name="streams"/> streams flow (sheet 7.3); 0 stops all twelve.
    /// The order of 54H numbers the streams, so the mask follows from their count.
    /// </summary>
    public static byte[] Enable(int streams)
    {
        const byte Sync = 0xD0;
        const byte FirstMask = 0xC1;
        const byte Nibble = 0xC0;
        const byte End = 0xC0;
        const int StreamsPerMask = 4;
        int masks = streams == 0 ? MostTraces / StreamsPerMask : (streams + StreamsPerMask - 1) / StreamsPerMask;
        List<byte> bytes = [Sync];
        for (int mask = 0; mask < masks; mask++)
        {
            int here = Math.Clamp(streams - (mask * StreamsPerMask), 0, StreamsPerMask);
            bytes.Add((byte)(FirstMask + mask));
            bytes.Add((byte)(Nibble | ((1 << here) - 1)));
        }

        return [.. bytes, End, End];
    }

    /// <summary>
    /// 54H with as many traces as given: which traces there are only the device can say, so trace codes and multipliers
    /// are free within the hexadecimal digits, and with them the checksum. No other command fits: the code is fixed, and
    /// no start or end of a frame is a digit.
    /// </summary>
    private static AllowedMessage SelectionPattern(int traces)
    {
        byte[] bytes = Frame.Command(MedibusCode.ConfigureRealtime, Enumerable.Repeat((byte)'0', traces * DigitsPerTrace).ToArray());
        byte[] mask = new byte[bytes.Length];
        mask[0] = 0xFF;
        mask[1] = 0xFF;
        mask[^1] = 0xFF;
        return new AllowedMessage("choose the realtime traces", bytes, mask) { Free = "0123456789ABCDEF"u8.ToArray() };
    }
}
