namespace Bedside.Model;

/// <summary>Parts of an ISO 8601 time as digits in UTF-8, into room that has its punctuation already: <c>0000-00-00T00:00:00</c>.</summary>
public static class DateDigits
{
    /// <summary>Date and time of day; <paramref name="second"/> counts from midnight.</summary>
    public static void Write(Span<byte> text, DateOnly date, long second)
    {
        Write(text[..4], date.Year);
        Write(text[5..7], date.Month);
        Write(text[8..10], date.Day);
        Write(text[11..13], second / 3600);
        Write(text[14..16], second / 60 % 60);
        Write(text[17..19], second % 60);
    }

    /// <summary>The last digits of a number that is not negative, with leading zeros: as many as there is room for.</summary>
    public static void Write(Span<byte> text, long value)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            (value, long digit) = Math.DivRem(value, 10);
            text[i] = (byte)('0' + digit);
        }
    }
}
