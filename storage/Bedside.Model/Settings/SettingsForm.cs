using System.Collections.Immutable;
using System.Globalization;

namespace Bedside.Model.Settings;

/// <summary>
/// Settings as they are written down, in the box's file and in its API. What is left out stays as it was; a list or a map that is there takes the place of the former one whole.
/// </summary>
public sealed class SettingsForm
{
    private const string TimeForm = "HH:mm";

    public string? Bed { get; set; }

    public string? TimeZone { get; set; }

    public string? Language { get; set; }

    /// <summary><c>07:00</c></summary>
    public string? DayStart { get; set; }

    public UnitsForm? Units { get; set; }

    /// <summary>Colours (<c>#rrggbb</c>) by convention group.</summary>
    public IReadOnlyDictionary<string, string?>? Colours { get; set; }

    public IReadOnlyList<PortForm?>? Ports { get; set; }

    public static string TimeText(TimeOnly time) => time.ToString(TimeForm, CultureInfo.InvariantCulture);

    public static SettingsForm Of(BoxSettings settings) => new()
    {
        Bed = settings.Ward.Bed,
        TimeZone = settings.Ward.TimeZone,
        Language = settings.Ward.Language,
        DayStart = TimeText(settings.Ward.DayStart),
        Units = UnitsForm.Of(settings.Ward.Units),
        Colours = settings.Ward.Colours.ToImmutableSortedDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal),
        Ports = [.. settings.Ports.Select(PortForm.Of)],
    };

    /// <summary>What it says over <paramref name="former"/>. Whatever is no colour, no time or no port keeps its text, so that the check can name it; null = a time that is none.</summary>
    public BoxSettings? Over(BoxSettings former)
    {
        WardSettings ward = former.Ward;
        TimeOnly dayStart = ward.DayStart;
        if (DayStart is not null && !TimeOnly.TryParseExact(DayStart, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out dayStart))
        {
            return null;
        }

        return new BoxSettings
        {
            Ward = ward with
            {
                Bed = Bed?.Trim() ?? ward.Bed,
                TimeZone = TimeZone ?? ward.TimeZone,
                Language = Language ?? ward.Language,
                DayStart = dayStart,
                Units = Units?.Over(ward.Units) ?? ward.Units,
                Colours = Colours?.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value ?? string.Empty, StringComparer.Ordinal) ?? ward.Colours,
            },
            Ports = Ports is null ? former.Ports : [.. Ports.Select(port => (port ?? new PortForm()).ToPin())],
        };
    }
}

/// <summary>Units in which a ward reads.</summary>
public sealed class UnitsForm
{
    public string? BodyPressure { get; set; }

    public string? AirwayPressure { get; set; }

    public string? GasPressure { get; set; }

    public string? Temperature { get; set; }

    public static UnitsForm Of(WardUnits units) => new()
    {
        BodyPressure = units.BodyPressure,
        AirwayPressure = units.AirwayPressure,
        GasPressure = units.GasPressure,
        Temperature = units.Temperature,
    };

    public WardUnits Over(WardUnits former) => new()
    {
        BodyPressure = BodyPressure ?? former.BodyPressure,
        AirwayPressure = AirwayPressure ?? former.AirwayPressure,
        GasPressure = GasPressure ?? former.GasPressure,
        Temperature = Temperature ?? former.Temperature,
    };
}

/// <summary>One port: one of <c>serial</c>, <c>udp</c>, <c>tcp</c>, and what is said of it.</summary>
public sealed class PortForm
{
    public string? Serial { get; set; }

    public string? Udp { get; set; }

    public string? Tcp { get; set; }

    public string? Driver { get; set; }

    public string? Line { get; set; }

    public bool ListenOnly { get; set; }

    public static PortForm Of(PortPin pin) => new() { Serial = pin.Serial, Udp = pin.Udp, Tcp = pin.Tcp, Driver = pin.Driver, Line = pin.Line, ListenOnly = pin.ListenOnly };

    public PortPin ToPin() => new()
    {
        Serial = Serial?.Trim() ?? string.Empty,
        Udp = Udp?.Trim() ?? string.Empty,
        Tcp = Tcp?.Trim() ?? string.Empty,
        Driver = Driver?.Trim() ?? string.Empty,
        Line = Line?.Trim() ?? string.Empty,
        ListenOnly = ListenOnly,
    };
}
