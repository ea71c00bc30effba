using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>A time as a sender wrote it.</summary>
/// <param name="Wall">What its clock showed, cut to the precision.</param>
/// <param name="Offset">From UTC; null = not told.</param>
/// <param name="Precision">The time lies within this from <paramref name="Wall"/> on.</param>
public readonly record struct Hl7Time(DateTime Wall, TimeSpan? Offset, TimeSpan Precision)
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;
    private const int DigitsOfMinute = 12;
    private const int DigitsOfSecond = 14;
    private const int DigitsOfMillisecond = 17;
    private const int MostFraction = 9;

    /// <summary>Reads YYYYMMDDHHMM[SS[.S…]][±ZZZZ]; also milliseconds without their dot. Null for anything else: zeros, dates alone, nonsense.</summary>
    public static Hl7Time? Read(Hl7Value value) => Read(value.Component(1).Bytes.Trim((byte)' '));

    public static Hl7Time? Read(ReadOnlySpan<byte> text)
    {
        TimeSpan? offset = null;
        int zone = text.IndexOfAny((byte)'+', (byte)'-');
        if (zone >= 0)
        {
            offset = OffsetOf(text[zone..]);
            if (offset is null)
            {
                return null;
            }

            text = text[..zone];
        }

        int dot = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = dot < 0 ? text : text[..dot];
        ReadOnlySpan<byte> fraction = dot < 0 ? default : text[(dot + 1)..];
        if (dot < 0 && whole.Length == DigitsOfMillisecond)
        {
            whole = text[..DigitsOfSecond];
            fraction = text[DigitsOfSecond..];
        }

        if (whole.Length is not (DigitsOfMinute or DigitsOfSecond) || fraction.Length > MostFraction
            || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || (fraction.Length > 0 && whole.Length != DigitsOfSecond))
        {
            return null;
        }

        return Of(whole, fraction, offset);
    }

    /// <summary>
    /// The instant by the sender's clock. Without an offset the site's zone counts; an hour that comes twice is the one nearer to <paramref name="arrival"/>, one that is
    /// left out is read as if the clocks had not gone on.
    /// </summary>
    public UtcInstant ToUtc(TimeZoneInfo zone, UtcInstant arrival)
    {
        if (Offset is { } told)
        {
            return UtcInstant.FromDateTime(new DateTimeOffset(Wall, told));
        }

        if (!zone.IsAmbiguousTime(Wall))
        {
            return UtcInstant.FromDateTime(new DateTimeOffset(Wall, zone.IsInvalidTime(Wall) ? zone.BaseUtcOffset : zone.GetUtcOffset(Wall)));
        }

        DateTime wall = Wall;
        return zone.GetAmbiguousTimeOffsets(Wall)
            .Select(offset => UtcInstant.FromDateTime(new DateTimeOffset(wall, offset)))
            .MinBy(instant => Math.Abs(arrival.Since(instant)));
    }

    private static Hl7Time? Of(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, TimeSpan? offset)
    {
        int year = Number(whole[..4]);
        int month = Number(whole[4..6]);
        int day = Number(whole[6..8]);
        int hour = Number(whole[8..10]);
        int minute = Number(whole[10..12]);
        bool hasSeconds = whole.Length == DigitsOfSecond;
        int second = hasSeconds ? Number(whole[12..]) : 0;
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return null;
        }

        var wall = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        var precision = TimeSpan.FromSeconds(hasSeconds ? 1 : 60);
        if (fraction.Length > 0)
        {
            long ticks = 0;
            for (int i = 0; i < 7; i++)
            {
                ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
            }

            // Zeros alone are a clock of whole seconds that is written with decimals.
            wall = wall.AddTicks(ticks);
            precision = ticks == 0 ? precision : TimeSpan.FromTicks((long)Math.Pow(10, Math.Max(0, 7 - fraction.Length)));
        }

        return new Hl7Time(wall, offset, precision);
    }

    private static TimeSpan? OffsetOf(ReadOnlySpan<byte> text)
    {
        if (text.Length != 5 || text[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        int minutes = (Number(text[1..3]) * 60) + Number(text[3..]);
        return minutes > 14 * 60 ? null : TimeSpan.FromMinutes(text[0] == (byte)'-' ? -minutes : minutes);
    }

    private static int Number(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
