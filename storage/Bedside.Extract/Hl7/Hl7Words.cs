using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Extract.Hl7;

/// <summary>Texts and times as they stand in a field of HL7 2.6 with the usual delimiters.</summary>
internal static class Hl7Words
{
    private const long UnitNs = 100_000;

    /// <summary>Delimiters and control characters escaped: nothing in a text can end a field, a segment or a frame.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(letter => letter is '|' or '^' or '~' or '\\' or '&' || char.IsControl(letter)))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '|' => escaped.Append("\\F\\"),
                '^' => escaped.Append("\\S\\"),
                '&' => escaped.Append("\\T\\"),
                '~' => escaped.Append("\\R\\"),
                '\\' => escaped.Append("\\E\\"),
                _ when char.IsControl(letter) => escaped.Append(CultureInfo.InvariantCulture, $"\\X{Convert.ToHexString(Encoding.UTF8.GetBytes([letter]))}\\"),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    /// <summary>UTC with its zone, to the nearest 0.1 ms: HL7 has four decimals.</summary>
    public static string Time(UtcInstant time)
    {
        Int128 rounded = ((Int128)time.UnixNanoseconds + (time.UnixNanoseconds < 0 ? -UnitNs / 2 : UnitNs / 2)) / UnitNs * UnitNs;
        return new UtcInstant((long)Int128.Clamp(rounded, long.MinValue, long.MaxValue)).ToDateTime().ToString("yyyyMMddHHmmss.ffff'+0000'", CultureInfo.InvariantCulture);
    }

    /// <summary>One row, without the empty fields at its end.</summary>
    public static void Append(StringBuilder message, params ReadOnlySpan<string> fields)
    {
        int last = fields.Length;
        while (last > 0 && fields[last - 1].Length == 0)
        {
            last--;
        }

        for (int i = 0; i < last; i++)
        {
            _ = (i == 0 ? message : message.Append('|')).Append(fields[i]);
        }

        _ = message.Append('\r');
    }
}
