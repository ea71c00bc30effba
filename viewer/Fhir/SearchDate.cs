using System.Globalization;
using System.Text.RegularExpressions;
using Bedside.Extract.Fhir;

namespace Bedside.Viewer.Fhir;

/// <summary>A date to compare with: a prefix and the whole interval that the date means, [Low, High), nanoseconds.</summary>
internal sealed partial record SearchDate(string Prefix, long Low, long High)
{
    private const long Nanosecond = 1_000_000_000;
    private const int MillisecondDigits = 3;

    private static readonly string[] Prefixes = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

    /// <summary>No thing that ends at or before this can fit.</summary>
    public long After => Prefix switch
    {
        "eq" or "ge" or "ap" => Low,
        "gt" or "sa" => High,
        _ => PatientTimeline.Beginning,
    };

    /// <summary>No thing that begins at or after this can fit.</summary>
    public long Before => Prefix switch
    {
        "eq" or "le" or "ap" => High,
        "lt" or "eb" => Low,
        _ => PatientTimeline.End,
    };

    /// <summary>
    /// Whether something that lasts [start, end) fits. <c>eq</c>: it lies within; <c>gt</c>, <c>ge</c>, <c>lt</c>, <c>le</c>: some of it lies there; <c>sa</c>, <c>eb</c>: all of it does.
    /// </summary>
    public bool Fits(long start, long end) => Prefix switch
    {
        "eq" => start >= Low && end <= High,
        "ne" => start < Low || end > High,
        "gt" => end > High,
        "ge" => end > Low,
        "lt" => start < Low,
        "le" => start < High,
        "sa" => start >= High,
        "eb" => end <= Low,
        _ => end > Low && start < High,
    };

    /// <summary>
    /// Reads prefix and date; a date or a time without a zone is of <paramref name="zone"/>; a blank where a plus was is a plus; <c>ap</c> reaches a tenth of how long ago it is. Null = it is none.
    /// </summary>
    public static SearchDate? Read(string text, TimeZoneInfo zone, long now)
    {
        string prefix = text.Length > 2 && char.IsAsciiLetter(text[0]) ? text[..2] : "eq";
        string rest = text.Length > 2 && char.IsAsciiLetter(text[0]) ? text[2..] : text;
        if (!Prefixes.Contains(prefix, StringComparer.Ordinal) || Form.Match(rest) is not { Success: true } match || Interval(match, zone) is not { } interval)
        {
            return null;
        }

        long reach = prefix == "ap" ? Math.Abs(now - interval.Low) / 10 : 0;
        return new SearchDate(prefix, interval.Low - reach, interval.High + reach);
    }

    private static (long Low, long High)? Interval(Match match, TimeZoneInfo zone)
    {
        int year = Number(match, "year");
        int month = match.Groups["month"].Success ? Number(match, "month") : 1;
        int day = match.Groups["day"].Success ? Number(match, "day") : 1;
        if (year is < 1900 or > 2199 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified);
        if (!match.Groups["hour"].Success)
        {
            DateTime next = match.Groups["day"].Success ? date.AddDays(1) : match.Groups["month"].Success ? date.AddMonths(1) : date.AddYears(1);
            return (FhirTime.Instant(zone, date), FhirTime.Instant(zone, next));
        }

        (int hour, int minute, int second) = (Number(match, "hour"), Number(match, "minute"), match.Groups["second"].Success ? Number(match, "second") : 0);
        if (hour > 23 || minute > 59 || second > 59 || Number(match, "zoneHour") > 14 || Number(match, "zoneMinute") > 59)
        {
            return null;
        }

        DateTime wall = date.AddHours(hour).AddMinutes(minute).AddSeconds(second);
        long low = OffsetOf(match) is { } offset ? (wall - offset - DateTime.UnixEpoch).Ticks * 100 : FhirTime.Instant(zone, wall);
        if (!match.Groups["second"].Success)
        {
            return (low, low + (60 * Nanosecond));
        }

        // What is served is exact to the millisecond; further digits say nothing.
        string digits = match.Groups["fraction"].Value;
        digits = digits.Length > MillisecondDigits ? digits[..MillisecondDigits] : digits;
        long unit = Nanosecond;
        foreach (char digit in digits)
        {
            unit /= 10;
            low += (digit - '0') * unit;
        }

        return (low, low + unit);
    }

    private static TimeSpan? OffsetOf(Match match)
    {
        if (match.Groups["zulu"].Success)
        {
            return TimeSpan.Zero;
        }

        if (!match.Groups["sign"].Success)
        {
            return null;
        }

        var offset = new TimeSpan(Number(match, "zoneHour"), Number(match, "zoneMinute"), 0);
        return match.Groups["sign"].Value == "-" ? -offset : offset;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<year>\d{4})(-(?<month>\d{2})(-(?<day>\d{2})([Tt](?<hour>\d{2}):(?<minute>\d{2})(:(?<second>\d{2})(\.(?<fraction>\d{1,9}))?)?((?<zulu>[Zz])|(?<sign>[+ -])(?<zoneHour>\d{2}):(?<zoneMinute>\d{2}))?)?)?)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 100)]
    private static partial Regex Form { get; }
}
