using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bedside.Host.Kiosk;

/// <summary>From when until when it is night in the ward; over midnight where it ends before it begins.</summary>
internal sealed record NightHours(TimeOnly From, TimeOnly Until)
{
    private const string Pattern = "HH:mm";

    /// <summary>Reads <c>22:00-07:00</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NightHours? hours)
    {
        string[] parts = text?.Split('-') ?? [];
        hours = parts.Length == 2 && TryTime(parts[0], out TimeOnly from) && TryTime(parts[1], out TimeOnly until) && from != until ? new NightHours(from, until) : null;
        return hours is not null;
    }

    public static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    public bool Holds(TimeOnly now) => now.IsBetween(From, Until);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH:mm}-{Until:HH:mm}");
}
