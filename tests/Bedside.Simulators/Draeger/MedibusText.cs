using System.Globalization;

namespace Bedside.Simulators.Draeger;

/// <summary>How numbers, phrases and times stand in MEDIBUS payloads.</summary>
public static class MedibusText
{
    private const int PhraseLength = 12;
    private const int LongestText = 32;
    private static readonly string[] GermanMonths = ["JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"];
    private static readonly string[] EnglishMonths = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    /// <summary>
    /// A value in a fixed field. In the pattern <c>_</c> is a blank that is sent, <c>X</c> a digit or a leading blank, <c>*</c> at
    /// the front says that a minus may stand in the field's first place. Null where the value does not fit: the record is left out.
    /// </summary>
    public static string? Field(string pattern, double value)
    {
        bool signed = pattern.StartsWith('*');
        string places = signed ? pattern[1..] : pattern;
        string core = places.Trim('_');
        int point = core.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : core.Length - point - 1;
        string number = Math.Abs(value).ToString($"F{decimals}", CultureInfo.InvariantCulture);
        bool negative = value < 0 && number.AsSpan().ContainsAnyInRange('1', '9');
        if (number.Length > core.Length || (negative && !signed))
        {
            return null;
        }

        int before = places.Length - places.TrimStart('_').Length;
        int after = places.Length - places.TrimEnd('_').Length;
        string field = new string(' ', before) + number.PadLeft(core.Length) + new string(' ', after);
        if (!negative)
        {
            return field;
        }

        return field[0] == ' ' ? $"-{field[1..]}" : null;
    }

    /// <summary>Alarm phrase of exactly twelve characters.</summary>
    public static string Phrase(string text) => text.Length > PhraseLength ? text[..PhraseLength] : text.PadRight(PhraseLength);

    /// <summary>Alarm priority 1 … 31 as one character.</summary>
    public static char Priority(int priority) => (char)('0' + Math.Clamp(priority, 1, 31));

    /// <summary>A text record: code, length, text, ETX.</summary>
    public static string Message(string code, string text)
    {
        string cut = text.Length > LongestText ? text[..LongestText] : text;
        return $"{code}{(char)('0' + cut.Length)}{cut}{(char)MedibusFrame.EndOfText}";
    }

    /// <summary>Time and date, 17 characters, months in German unless told otherwise; without seconds as some devices send it.</summary>
    public static string Time(DateTime time, bool englishMonths, bool seconds)
    {
        string clock = time.ToString(seconds ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
        string month = (englishMonths ? EnglishMonths : GermanMonths)[time.Month - 1];
        return string.Create(CultureInfo.InvariantCulture, $"{clock}{time.Day:D2}-{month}-{time.Year % 100:D2}");
    }
}
