using Bedside.Model;

namespace Bedside.Viewer.Sheet;

/// <summary>
/// A day of the ward: from its day start on one local date to its day start on the next. It is cut into hours of 3600 s from its beginning on, so a day on which the clocks are set
/// has 23 or 25 of them; where a zone moves by half an hour the last one is shorter.
/// </summary>
/// <param name="Date">The local date on which it begins.</param>
/// <param name="Hours">Ascending and without a hole; empty where a zone left the day out.</param>
internal sealed record WardDay(DateOnly Date, TimeZoneInfo Zone, IReadOnlyList<TimeRange> Hours)
{
    private static readonly long HourNs = TimeSpan.FromHours(1).Nanoseconds();

    public static WardDay Of(DateOnly date, WardSettings ward)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(ward.TimeZone);
        UtcInstant from = StartOf(date, ward.DayStart, zone);
        UtcInstant to = StartOf(date.AddDays(1), ward.DayStart, zone);
        var hours = new List<TimeRange>();
        for (UtcInstant hour = from; hour < to; hour = hour.Add(HourNs))
        {
            UtcInstant end = hour.Add(HourNs);
            hours.Add(new TimeRange(hour, end < to ? end : to));
        }

        return new WardDay(date, zone, hours);
    }

    /// <summary>The day that holds an instant.</summary>
    public static WardDay Holding(UtcInstant now, WardSettings ward)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(ward.TimeZone);
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now.ToDateTime(), zone).DateTime);
        return Of(now < StartOf(date, ward.DayStart, zone) ? date.AddDays(-1) : date, ward);
    }

    /// <summary>Local minus UTC at an instant.</summary>
    public TimeSpan OffsetAt(UtcInstant instant) => Zone.GetUtcOffset(instant.ToDateTime());

    /// <summary>A local time that comes twice means its first coming; one that is left out is counted on from before, so that 02:30 is then 03:30.</summary>
    private static UtcInstant StartOf(DateOnly date, TimeOnly dayStart, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(dayStart);
        DateTime sure = local;
        while (zone.IsInvalidTime(sure))
        {
            sure = sure.AddMinutes(-1);
        }

        TimeSpan offset = zone.IsAmbiguousTime(sure) ? zone.GetAmbiguousTimeOffsets(sure).Max() : zone.GetUtcOffset(sure);
        return UtcInstant.FromDateTime(new DateTimeOffset(local, offset));
    }
}
