using System.Globalization;

namespace Bedside.Simulators.Servo;

/// <summary>
/// The ventilator's half of the talk in text (sheet 2 to 5): two modes, tables of channels that every change of mode or version clears, and an answer or an
/// error for each command. What flows by itself is another's business: <see cref="StreamAsked"/>.
/// </summary>
public sealed class ServoCommands(ServoSettings settings)
{
    private const int UnknownCommand = 10;
    private const int Syntax = 11;
    private const int OutOfRange = 12;
    private const int NotConfigured = 16;
    private const int InStandby = 17;
    private const int ChecksumError = 18;
    private const int DigitsPerChannel = 3;
    private const int NoValue = 9999;
    private const int StandbyAllowedFrom = 5;

    private int _sampling = settings.SampleMilliseconds;

    /// <summary>True once RCTY was answered.</summary>
    public bool IsExtended { get; private set; }

    public int Version { get; private set; } = 1;

    /// <summary>Kept over all modes, and when switched off.</summary>
    public int SampleMilliseconds => _sampling;

    public IReadOnlyList<int> Curves { get; private set; } = [];

    public IReadOnlyList<int> Breath { get; private set; } = [];

    public IReadOnlyList<int> Settings { get; private set; } = [];

    public IReadOnlyList<int> Trend { get; private set; } = [];

    public IReadOnlyList<int> Alarms { get; private set; } = [];

    /// <summary>SDADE instead of SDADA: silenced alarms are told apart.</summary>
    public bool Extends { get; private set; }

    public ServoChannels Channels => ServoChannels.Of(Version, settings.HasGasAnalyser);

    /// <summary>Set by RADC; the caller clears it.</summary>
    public bool StreamAsked { get; set; }

    public void PowerOn()
    {
        IsExtended = false;
        Clear();
    }

    /// <summary>The answer to a command without its 04; empty = none yet.</summary>
    public byte[] Answer(string message, ServoMoment moment, DateTime clock)
    {
        if (message == "HO")
        {
            PowerOn();
            return ServoFrame.Plain("900PCI");
        }

        return IsExtended ? AnswerExtended(message, moment, clock) : AnswerBasic(message, moment, clock);
    }

    /// <summary>0 none, 1 active, 2 silenced (SDADE only).</summary>
    public int StateOf(int alarm, ServoMoment moment)
    {
        bool active = ServoChannels.Alarms.TryGetValue(alarm, out Func<ServoMoment, bool>? rule) && rule(moment);
        return !active ? 0 : moment.Muted && Extends ? 2 : 1;
    }

    /// <summary>A setting or a switch as it stands on the line.</summary>
    public int RawSetting(int channel, ServoMoment moment, int missing) =>
        Channels.Switches.TryGetValue(channel, out ServoSwitch? state) ? state.State(moment) : RawNumber(channel, moment, missing);

    public int RawNumber(int channel, ServoMoment moment, int missing) =>
        Channels.Numbers.TryGetValue(channel, out ServoChannel? known) ? known.Raw(moment, missing) : missing;

    private static byte[] Error(int error) => ServoFrame.Checked($"ER{error}");

    private static bool IsStandby(ServoMoment moment) => moment.Readings.Condition.Standby;

    private void Clear()
    {
        Version = 1;
        Curves = Breath = Settings = Trend = Alarms = [];
        StreamAsked = false;
    }

    private byte[] AnswerBasic(string message, ServoMoment moment, DateTime clock)
    {
        switch (message)
        {
            case "":
                return ServoFrame.Plain("*");
            case "RCTY1C":
                PowerOn();
                IsExtended = true;
                return ServoFrame.Checked($"Servo-{settings.Model}0");
            case "AN":
                return ServoFrame.Plain("00");
            case "BC":
                return ServoFrame.Plain("380");
            case "SV":
                return ServoFrame.Plain("002200");
            case "RV":
                return ServoFrame.Plain($"Servo-{settings.Model}");
            case "RT":
                return ServoFrame.Plain(Clock(clock));
            case "RS":
                return ServoFrame.Plain(_sampling.ToString("D3", CultureInfo.InvariantCulture));
            case "AO" when !IsStandby(moment):
                return ServoFrame.Plain(StateOf(499, moment) == 0 ? "0" : "1");
            default:
                return message.StartsWith("CS", StringComparison.Ordinal) && TrySampling(message[2..]) ? ServoFrame.Plain("*") : ServoFrame.Plain("ER10");
        }
    }

    private byte[] AnswerExtended(string message, ServoMoment moment, DateTime clock)
    {
        if (message.Length == 0)
        {
            return ServoFrame.Checked("*");
        }

        if (message.Length < 2 || ServoFrame.Digits(message[..^2]) != message[^2..])
        {
            return Error(ChecksumError);
        }

        string command = message[..^2];
        return command switch
        {
            "RHVE" => ServoFrame.Checked($"{settings.HighestVersion:D3}"),
            "RPVE" => ServoFrame.Checked($"{Version:D3}"),
            "RCCO" => ServoFrame.Checked(Scales()),
            "RDAD" => ServoFrame.Checked($"C{List(Curves)}B{List(Breath)}T{List(Trend)}S{List(Settings)}{(Extends ? 'E' : 'A')}{List(Alarms)}"),
            "RADAB" => Breath.Count == 0 ? Error(NotConfigured) : IsStandby(moment) && Version < StandbyAllowedFrom ? Error(InStandby) : ServoFrame.Checked(Digits(Breath, channel => RawNumber(channel, moment, NoValue))),
            "RADAS" => Settings.Count == 0 ? Error(NotConfigured) : IsStandby(moment) ? Error(InStandby) : ServoFrame.Checked(Digits(Settings, channel => RawSetting(channel, moment, NoValue))),
            "RADAE" or "RADAA" => Alarms.Count == 0 || Extends != (command == "RADAE") ? Error(NotConfigured) : ServoFrame.Checked(string.Concat(Alarms.Select(alarm => StateOf(alarm, moment)))),
            "RALO" => ServoFrame.Checked(StateOf(499, moment).ToString(CultureInfo.InvariantCulture)),
            "RSTI" => ServoFrame.Checked($"{_sampling:D3}"),
            "RTIM" => ServoFrame.Checked(Clock(clock)),
            "RSEN" => ServoFrame.Checked(settings.Serial),
            "RADN" => ServoFrame.Checked("00"),
            "RBAT" => ServoFrame.Checked("0,380"),
            "RAIC" => ServoFrame.Checked("255"),
            "RADC" => Stream(),
            _ => AnswerWithArgument(command),
        };
    }

    private byte[] AnswerWithArgument(string command)
    {
        string argument = command.Length > 4 ? command[4..] : string.Empty;
        if (command.StartsWith("SPVE", StringComparison.Ordinal))
        {
            return SetVersion(argument);
        }

        if (command.StartsWith("SSMP", StringComparison.Ordinal))
        {
            return TrySampling(argument) ? ServoFrame.Checked("*") : Error(OutOfRange);
        }

        return command.StartsWith("SDAD", StringComparison.Ordinal) && argument.Length > 0 ? Choose(argument[0], argument[1..]) : Error(UnknownCommand);
    }

    private byte[] SetVersion(string argument)
    {
        if (argument.Length != 3 || !argument.All(char.IsAsciiDigit))
        {
            return Error(Syntax);
        }

        int version = int.Parse(argument, CultureInfo.InvariantCulture);
        if (version < 1 || version > settings.HighestVersion)
        {
            return Error(OutOfRange);
        }

        Clear();
        Version = version;
        return ServoFrame.Checked("*");
    }

    /// <summary>Odd times become the even one below, and less than 10 ms becomes 10 ms.</summary>
    private bool TrySampling(string argument)
    {
        bool read = argument.Length == 3 && int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked is >= 4 and <= 224;
        if (read)
        {
            int even = int.Parse(argument, CultureInfo.InvariantCulture) & ~1;
            _sampling = even < 10 ? 10 : even;
        }

        return read;
    }

    private byte[] Choose(char kind, string digits)
    {
        if (digits.Length % DigitsPerChannel != 0 || !digits.All(char.IsAsciiDigit))
        {
            return Error(Syntax);
        }

        int[] channels = [.. digits.Chunk(DigitsPerChannel).Select(three => int.Parse(three, CultureInfo.InvariantCulture))];
        int group = kind switch { 'C' => 1, 'B' or 'T' => 2, 'S' => 3, 'A' or 'E' => 4, _ => 0 };
        int most = kind switch { 'C' => 4, 'S' when Version >= 3 => 75, _ => 50 };
        if (group == 0)
        {
            return Error(UnknownCommand);
        }

        if (channels.Length > most || channels.Any(channel => channel / 100 != group))
        {
            return Error(OutOfRange);
        }

        switch (kind)
        {
            case 'C':
                Curves = channels;
                break;
            case 'B':
                Breath = channels;
                break;
            case 'T':
                Trend = channels;
                break;
            case 'S':
                Settings = channels;
                break;
            default:
                (Alarms, Extends) = (channels, kind == 'E');
                break;
        }

        return ServoFrame.Checked("*");
    }

    private byte[] Stream()
    {
        StreamAsked = true;
        return [];
    }

    private string Scales()
    {
        ServoChannels channels = Channels;
        IEnumerable<(int Number, string Text)> all = channels.Numbers.Values.Select(channel => (channel.Number, channel.Describe()))
            .Concat(channels.Switches.Values.Select(channel => (channel.Number, channel.Describe())))
            .Concat(ServoChannels.AlarmNumbers.Select(alarm => (alarm, $"{alarm:D3},-,-,-,AD,FFFF;")));
        return $"{_sampling:D3};{string.Concat(all.OrderBy(channel => channel.Number).Select(channel => channel.Text))}";
    }

    private static string Clock(DateTime clock) => clock.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<int> channels) => string.Concat(channels.Select(channel => channel.ToString("D3", CultureInfo.InvariantCulture)));

    private static string Digits(IEnumerable<int> channels, Func<int, int> raw) =>
        string.Concat(channels.Select(channel => raw(channel).ToString("D4", CultureInfo.InvariantCulture)));
}
