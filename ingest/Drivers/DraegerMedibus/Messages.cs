using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>A code and its field as sent: <see cref="Value"/> is null where the field is not a number.</summary>
internal readonly record struct FieldRecord(byte Code, Fixed? Value, string Text);

/// <summary>One alarm of a list; <see cref="Priority"/> 1 to 31, 31 the highest.</summary>
internal readonly record struct AlarmRecord(byte Code, int Priority, string Phrase);

internal readonly record struct TextRecord(byte Code, string Text);

/// <summary>One trace a device offers (sheet 7.1): MIN belongs to bin 0, MAX to <see cref="MaxBin"/>.</summary>
internal sealed record TraceOffer(byte Code, int IntervalMicroseconds, Fixed Min, Fixed Max, int MaxBin)
{
    public Scale Scale
    {
        get
        {
            double min = Min.ToDouble();
            return new Scale((Max.ToDouble() - min) / MaxBin, min);
        }
    }
}

/// <summary>One trace of 54H: every <see cref="Multiplier"/>-th sample of it.</summary>
internal readonly record struct TraceChoice(byte Code, byte Multiplier);

/// <summary>
/// Payloads of the responses (sheet 6 and 7.1). Each reader takes whole records and leaves off at the first that is not
/// one; <c>rest</c> is how many bytes it left.
/// <code>
/// 24 25 26 2B 2C 2D   code2 value4 …                 29  code2 value5 …
/// 23 27 2E            priority1 code2 phrase12 …     2A  code2 length1 text 03 …
/// 28                  HH:MM:SS DD-MMM-YY             52  NNNN'name'DD.DD:MM.MM
/// 53                  code2 interval8 min5 max5 bins3 …
/// </code>
/// </summary>
internal static class Messages
{
    public const int ValueWidth = 4;
    public const int SettingWidth = 5;

    private const int CodeWidth = 2;
    private const int PhraseWidth = 12;
    private const int MostTextBytes = 32;
    private const int HighestPriority = 31;
    private const int IntervalWidth = 8;
    private const int BoundWidth = 5;
    private const int BinsWidth = 3;
    private const int TraceWidth = CodeWidth + IntervalWidth + BoundWidth + BoundWidth + BinsWidth;
    private const int MostTraces = 256;

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"];

    public static List<FieldRecord> ReadFields(ReadOnlySpan<byte> payload, int width, out int rest)
    {
        var records = new List<FieldRecord>(payload.Length / (CodeWidth + width));
        while (payload.Length >= CodeWidth + width && Frame.TryReadCode(payload, out byte code))
        {
            ReadOnlySpan<byte> field = payload.Slice(CodeWidth, width);
            string text = Encoding.ASCII.GetString(field);
            records.Add(new FieldRecord(code, ReadNumber(field, out Fixed value) ? value : null, text));
            payload = payload[(CodeWidth + width)..];
        }

        rest = payload.Length;
        return records;
    }

    public static List<AlarmRecord> ReadAlarms(ReadOnlySpan<byte> payload, out int rest)
    {
        const int Width = 1 + CodeWidth + PhraseWidth;
        var records = new List<AlarmRecord>(payload.Length / Width);
        while (payload.Length >= Width
            && payload[0] - '0' is >= 1 and <= HighestPriority and int priority
            && Frame.TryReadCode(payload[1..], out byte code))
        {
            string phrase = Encoding.ASCII.GetString(payload.Slice(1 + CodeWidth, PhraseWidth)).Trim();
            records.Add(new AlarmRecord(code, priority, phrase));
            payload = payload[Width..];
        }

        rest = payload.Length;
        return records;
    }

    public static List<TextRecord> ReadTexts(ReadOnlySpan<byte> payload, out int rest)
    {
        const int Header = CodeWidth + 1;
        var records = new List<TextRecord>();
        while (payload.Length > Header
            && Frame.TryReadCode(payload, out byte code)
            && payload[CodeWidth] - '0' is >= 1 and <= MostTextBytes and int length
            && payload.Length > Header + length
            && payload[Header + length] == Frame.EndOfText)
        {
            records.Add(new TextRecord(code, Encoding.ASCII.GetString(payload.Slice(Header, length)).Trim()));
            payload = payload[(Header + length + 1)..];
        }

        rest = payload.Length;
        return records;
    }

    public static List<TraceOffer> ReadTraces(ReadOnlySpan<byte> payload, out int rest)
    {
        var offers = new List<TraceOffer>(Math.Min(payload.Length / TraceWidth, MostTraces));
        while (payload.Length >= TraceWidth && ReadTrace(payload[..TraceWidth]) is TraceOffer offer)
        {
            offers.Add(offer);
            payload = payload[TraceWidth..];
        }

        rest = payload.Length;
        return offers;
    }

    /// <summary>Reads the argument of 54H, as a tapped line carries it.</summary>
    public static List<TraceChoice> ReadChoices(ReadOnlySpan<byte> argument)
    {
        var choices = new List<TraceChoice>();
        while (argument.Length >= Outgoing.DigitsPerTrace
            && choices.Count < Outgoing.MostTraces
            && Frame.TryReadCode(argument, out byte code)
            && Frame.TryReadCode(argument[CodeWidth..], out byte multiplier)
            && multiplier > 0)
        {
            choices.Add(new TraceChoice(code, multiplier));
            argument = argument[Outgoing.DigitsPerTrace..];
        }

        return choices;
    }

    /// <summary>Writes 54H.</summary>
    public static byte[] WriteChoices(IReadOnlyList<TraceChoice> choices)
    {
        string argument = string.Concat(choices.Select(choice => $"{choice.Code:X2}{choice.Multiplier:X2}"));
        return Frame.Command(MedibusCode.ConfigureRealtime, Encoding.ASCII.GetBytes(argument));
    }

    /// <summary>
    /// Reads time and date: German months and the English ones that some devices send, blanks before and between, one
    /// or two digits, seconds or none. A year of two digits is 1980 to 2079.
    /// </summary>
    public static DateTime? ReadDateTime(ReadOnlySpan<byte> payload)
    {
        string text = Encoding.ASCII.GetString(payload);
        int month = text.AsSpan().IndexOfAnyInRange('A', 'Z');
        if (month < 3 || text.Length < month + 5 || text[month - 1] != '-' || text[month + 3] != '-')
        {
            return null;
        }

        // Time and date may touch. The day has two columns, unless that leaves the time a digit short.
        string date = text[month..];
        string beforeHyphen = text[..(month - 1)];
        string time = beforeHyphen[..^2].TrimEnd();
        string[] parts = time.Split(':');
        bool isShort = parts[^1].Length != 2;
        return isShort
            ? Compose(beforeHyphen[..^1].Split(':'), beforeHyphen[^1..], date)
            : Compose(parts, beforeHyphen[^2..], date);
    }

    private static DateTime? Compose(string[] time, string dayText, string date)
    {
        int month = MonthOf(date[..3]);
        int second = 0;
        if (time.Length is not (2 or 3)
            || !Digits(time[0], out int hour)
            || !Digits(time[1], out int minute)
            || (time.Length == 3 && !Digits(time[2], out second))
            || !Digits(dayText, out int day)
            || !Digits(date[4..], out int year))
        {
            return null;
        }

        year += year >= 100 ? 0 : year >= 80 ? 1900 : 2000;
        bool exists = month > 0 && year is >= 1980 and <= 9999 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour < 24 && minute < 60 && second < 60;
        return exists ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified) : null;
    }

    /// <summary>Drops all blanks, for a minus may stand apart from its digits, and reads a plain decimal number.</summary>
    private static bool ReadNumber(ReadOnlySpan<byte> field, out Fixed value)
    {
        Span<char> kept = stackalloc char[field.Length];
        int count = 0;
        foreach (byte letter in field)
        {
            if (letter != ' ')
            {
                kept[count++] = (char)letter;
            }
        }

        return Fixed.TryParse(kept[..count], out value);
    }

    private static TraceOffer? ReadTrace(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> bins = record[^BinsWidth..];
        (int high, int middle, int low) = (Frame.Value(bins[0]), Frame.Value(bins[1]), Frame.Value(bins[2]));
        if (!Frame.TryReadCode(record, out byte code)
            || !ReadNumber(record.Slice(CodeWidth, IntervalWidth), out Fixed interval)
            || !ReadNumber(record.Slice(CodeWidth + IntervalWidth, BoundWidth), out Fixed min)
            || !ReadNumber(record.Slice(CodeWidth + IntervalWidth + BoundWidth, BoundWidth), out Fixed max))
        {
            return null;
        }

        // A digit that is none makes the whole negative.
        int maxBin = (high << 8) | (middle << 4) | low;
        bool sensible = interval.Exponent == 0 && interval.Mantissa is > 0 and <= 99_999_999 && maxBin > 0;
        return sensible ? new TraceOffer(code, (int)interval.Mantissa, min, max, maxBin) : null;
    }

    private static int MonthOf(string name) => name switch
    {
        "MAY" => 5,
        "OCT" => 10,
        "DEC" => 12,
        _ => Array.IndexOf(Months, name) + 1,
    };

    private static bool Digits(string text, out int value) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

/// <summary>Who a device says it is (sheet 5): number, name, its own revision, that of its MEDIBUS.</summary>
internal sealed record Identification(string Number, string Name, string Revision, string Protocol)
{
    private const int FirstWithArguments = 3;
    private const int FirstMedibusX = 6;

    /// <summary>Arguments may not be sent to a peer whose revision is below 03.00 (sheet 3, rule 6), nor to one that names none.</summary>
    public bool TakesArguments => MajorOfProtocol >= FirstWithArguments;

    /// <summary>The Evita family and VentView understand 6AH (sheet 11).</summary>
    public bool HasDeviceSpecificCommand => Number.StartsWith("82", StringComparison.Ordinal) || Number == "7012";

    /// <summary>True when the table of numbers in the sheet names this device, so that its code table is known.</summary>
    public bool IsKnown => IsClassic || IsMedibusX;

    /// <summary>By number; a number not in the sheet goes by its protocol revision, which only open code reports as 06.00 for MEDIBUS.X.</summary>
    public CodeFamily Family =>
        IsClassic ? CodeFamily.Classic
        : IsMedibusX || MajorOfProtocol >= FirstMedibusX ? CodeFamily.MedibusX
        : CodeFamily.Classic;

    private bool IsClassic => HasDeviceSpecificCommand || Number.StartsWith("83", StringComparison.Ordinal);

    private bool IsMedibusX =>
        int.TryParse(Number, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 5000 and <= 6399;

    private int MajorOfProtocol =>
        int.TryParse(Protocol.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 0;

    /// <summary>Reads the payload of 52H; null where it is empty or not of the form <c>NNNN'name'DD.DD:MM.MM</c>.</summary>
    public static Identification? Read(ReadOnlySpan<byte> payload)
    {
        string text = Encoding.ASCII.GetString(payload);
        int first = text.IndexOf('\'', StringComparison.Ordinal);
        int last = text.LastIndexOf('\'');
        if (first < 0 || last <= first)
        {
            return null;
        }

        string[] revisions = text[(last + 1)..].Split(':');
        return new Identification(
            text[..first].Trim(),
            text[(first + 1)..last].Trim(),
            revisions[0].Trim(),
            revisions.Length > 1 ? revisions[1].Trim() : string.Empty);
    }
}
