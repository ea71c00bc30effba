using System.Globalization;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>Times as text: <c>2026-11-21T19:30:00.123456789Z</c>, without an allocation for each.</summary>
internal static class InstantText
{
    /// <summary>Characters of the written form.</summary>
    public const int Length = 30;

    private const int DateLength = 10;
    private const int FractionDigits = 9;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsPerDay = 86_400;
    private const int FirstYear = 1970;
    private const int LastYear = 2199;

    /// <summary>Reads a full date and time with a zone (none means UTC) of the years 1970 to 2199; a bare date or a bare time is refused.</summary>
    public static bool TryRead(string? text, out UtcInstant instant)
    {
        instant = default;
        return text is { Length: > DateLength and <= 40 }
            && text[4] == '-'
            && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out int year)
            && year is >= FirstYear and <= LastYear
            && (text[DateLength] is 'T' or 't' or ' ')
            && UtcInstant.TryParse(text, out instant);
    }

    /// <summary>Writes <see cref="Length"/> bytes; false outside the years 1970 to 9999, which the slow form is for.</summary>
    public static bool TryWrite(UtcInstant instant, Span<byte> text)
    {
        if (instant.UnixNanoseconds < 0 || text.Length < Length)
        {
            return false;
        }

        (long seconds, long fraction) = Math.DivRem(instant.UnixNanoseconds, NanosecondsPerSecond);
        (long days, long second) = Math.DivRem(seconds, SecondsPerDay);
        var date = DateOnly.FromDayNumber(DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + (int)days);
        "0000-00-00T00:00:00.000000000Z"u8.CopyTo(text);
        DateDigits.Write(text, date, second);
        DateDigits.Write(text.Slice(20, FractionDigits), fraction);
        return true;
    }
}
