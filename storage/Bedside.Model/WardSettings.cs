using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Bedside.Model;

/// <summary>
/// What a ward says of its bed and of how it reads values. Nothing of it changes what is stored: data are kept in UTC and in the units of the devices, and whoever shows
/// them converts.
/// </summary>
public sealed partial record WardSettings
{
    private const int LongestName = 64;

    /// <summary>The bed as staff call it; empty = not told yet.</summary>
    public string Bed { get; init; } = string.Empty;

    /// <summary>IANA zone of the ward.</summary>
    public string TimeZone { get; init; } = "Europe/Paris";

    /// <summary>Language of a screen until someone touches it: <c>fr</c> or <c>en</c>.</summary>
    public string Language { get; init; } = "fr";

    /// <summary>Local time at which the ward's day of charting begins.</summary>
    public TimeOnly DayStart { get; init; } = new(7, 0);

    /// <summary>Units in which values are shown.</summary>
    public WardUnits Units { get; init; } = new();

    /// <summary>Colours (<c>#rrggbb</c>) of the nomenclature's convention groups that differ from the default.</summary>
    public ImmutableSortedDictionary<string, string> Colours { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>What is wrong with it, as one sentence that names the field; null = nothing.</summary>
    public string? Fault()
    {
        if (Bed.Length > LongestName || Bed.Any(char.IsControl))
        {
            return $"bed may have {LongestName} characters at most, and none that cannot be printed.";
        }

        if (!ZoneName.IsMatch(TimeZone) || !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            return $"timeZone {TimeZone} is not known; use an IANA name such as Europe/Paris.";
        }

        if (Language is not ("fr" or "en"))
        {
            return $"language must be fr or en, not {Language}.";
        }

        return Units.Fault() ?? (Colours.Values.FirstOrDefault(colour => !Colour.IsMatch(colour)) is string wrong ? $"colours: {wrong} is no colour; write it as #00e676." : null);
    }

    [GeneratedRegex("^[A-Za-z0-9_+/-]{1,64}$")]
    private static partial Regex ZoneName { get; }

    [GeneratedRegex("^#[0-9a-f]{6}$")]
    private static partial Regex Colour { get; }
}

/// <summary>
/// Units (UCUM) in which a ward reads quantities that devices send in several. Empty = as the device sends and shows it itself, which is the default: a converted value
/// beside a device is another number than the device's own, and only a ward can want that.
/// </summary>
public sealed record WardUnits
{
    /// <summary>Of blood, intracranial and other pressures of the body: <c>mm[Hg]</c> or <c>kPa</c>.</summary>
    public string BodyPressure { get; init; } = string.Empty;

    /// <summary>Of the airway: <c>cm[H2O]</c>, <c>mbar</c> or <c>hPa</c>.</summary>
    public string AirwayPressure { get; init; } = string.Empty;

    /// <summary>Of gases as a partial pressure: <c>mm[Hg]</c> or <c>kPa</c>.</summary>
    public string GasPressure { get; init; } = string.Empty;

    /// <summary><c>Cel</c> or <c>[degF]</c>.</summary>
    public string Temperature { get; init; } = string.Empty;

    /// <summary>What is wrong with it, as one sentence that names the field; null = nothing.</summary>
    public string? Fault() =>
        BodyPressure is not ("" or "mm[Hg]" or "kPa") ? $"units.bodyPressure is mm[Hg] or kPa, not {BodyPressure}."
        : AirwayPressure is not ("" or "cm[H2O]" or "mbar" or "hPa") ? $"units.airwayPressure is cm[H2O], mbar or hPa, not {AirwayPressure}."
        : GasPressure is not ("" or "mm[Hg]" or "kPa") ? $"units.gasPressure is mm[Hg] or kPa, not {GasPressure}."
        : Temperature is not ("" or "Cel" or "[degF]") ? $"units.temperature is Cel or [degF], not {Temperature}."
        : null;
}
