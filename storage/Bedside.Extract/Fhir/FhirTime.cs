using System.Text;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Times as FHIR writes them, in the zone of the ward: <c>2026-01-15T08:00:00.000+01:00</c>. Fractions are cut, not rounded, so that a written time never lies after the true one. Not for two threads.
/// </summary>
public sealed class FhirTime(TimeZoneInfo zone)
{
    /// <summary>Room that a written time needs.</summary>
    public const int MostBytes = 36;

    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsPerDay = 86_400;
    private const long SecondsPerSlot = 900;
    private const int MillisecondDigits = 3;

    private long _slot = long.MinValue;
    private int _offset;

    /// <summary>Writes an instant with so many digits of its fraction; returns the bytes written.</summary>
    public int Write(long unixNanoseconds, Span<byte> text, int digits = MillisecondDigits)
    {
        long whole = Floor(unixNanoseconds, NanosecondsPerSecond);
        long fraction = unixNanoseconds - (whole * NanosecondsPerSecond);
        int offset = OffsetAt(whole);
        long local = whole + offset;
        long day = Floor(local, SecondsPerDay);
        long second = local - (day * SecondsPerDay);
        var date = DateOnly.FromDayNumber((int)Math.Clamp(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, 0, DateOnly.MaxValue.DayNumber));
        "0000-00-00T00:00:00."u8.CopyTo(text);
        DateDigits.Write(text, date, second);
        for (int i = 0, power = 100_000_000; i < digits; i++, power /= 10)
        {
            text[20 + i] = (byte)('0' + (fraction / power % 10));
        }

        int at = 20 + digits;
        text[at] = (byte)(offset < 0 ? '-' : '+');
        DateDigits.Write(text[(at + 1)..(at + 3)], Math.Abs(offset) / 3600);
        text[at + 3] = (byte)':';
        DateDigits.Write(text[(at + 4)..(at + 6)], Math.Abs(offset) / 60 % 60);
        return at + 6;
    }

    /// <summary>The same as a string.</summary>
    public string ToText(long unixNanoseconds, int digits = MillisecondDigits)
    {
        Span<byte> text = stackalloc byte[MostBytes];
        return Encoding.ASCII.GetString(text[..Write(unixNanoseconds, text, digits)]);
    }

    /// <summary>The first midnight of a zone after an instant; nanoseconds.</summary>
    public static long MidnightAfter(TimeZoneInfo zone, long unixNanoseconds)
    {
        DateTime local = DateTime.UnixEpoch.AddSeconds(Floor(unixNanoseconds, NanosecondsPerSecond));
        local = local.Add(zone.GetUtcOffset(local));
        var midnight = DateTime.SpecifyKind(local.Date.AddDays(1), DateTimeKind.Unspecified);
        return Instant(zone, midnight);
    }

    /// <summary>Nanoseconds of a wall time of a zone; one that a change of the clock leaves out is the time an hour later.</summary>
    public static long Instant(TimeZoneInfo zone, DateTime wall)
    {
        DateTime known = zone.IsInvalidTime(wall) ? wall.AddHours(1) : wall;
        return (known - zone.GetUtcOffset(known) - DateTime.UnixEpoch).Ticks * 100;
    }

    /// <summary>Offsets change only at quarters of an hour.</summary>
    private int OffsetAt(long second)
    {
        long slot = Floor(second, SecondsPerSlot);
        if (slot != _slot)
        {
            _slot = slot;
            _offset = (int)zone.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(Math.Clamp(second, -62_000_000_000, 250_000_000_000))).TotalSeconds;
        }

        return _offset;
    }

    private static long Floor(long value, long unit) => value >= 0 ? value / unit : ((value + 1) / unit) - 1;
}
