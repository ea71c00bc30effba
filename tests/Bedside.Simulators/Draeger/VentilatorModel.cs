using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Draeger;

/// <summary>One code of a page of values: two hexadecimal digits, the field's pattern, and the value (null = left out).</summary>
public sealed record PageCode(string Code, string Pattern, Func<VentilatorReadings, double?> Value);

/// <summary>One code of a page of limits; a side that does not exist is null.</summary>
public sealed record LimitCode(string Code, string Pattern, Func<AlarmLimits, double?> Low, Func<AlarmLimits, double?> High);

/// <summary>One alarm: page 1 or 2, code, twelve-character phrase, priority when it begins and after it has lasted.</summary>
public sealed record AlarmRule(int Page, string Code, string Phrase, int Priority, int EscalatedPriority, Func<VentilatorReadings, AlarmLimits, bool> Holds);

/// <summary>A text that stands while its condition holds.</summary>
public sealed record TextRule(string Code, string Text, Func<VentilatorReadings, bool> Holds);

/// <summary>Alarm limits of the ventilator, set around the patient as staff would.</summary>
/// <param name="PeakPressureHigh">mbar.</param>
/// <param name="MinuteVolumeLow">L/min, likewise high.</param>
/// <param name="TidalVolumeHigh">mL.</param>
/// <param name="RateHigh">/min.</param>
/// <param name="EndTidalCo2Low">mmHg, likewise high.</param>
public sealed record AlarmLimits(double PeakPressureHigh, double MinuteVolumeLow, double MinuteVolumeHigh, double TidalVolumeHigh, double RateHigh, double EndTidalCo2Low, double EndTidalCo2High)
{
    /// <summary>Oxygen is watched within ±6 % of what is set.</summary>
    public const double OxygenBand = 6;

    public static AlarmLimits For(Patient patient, long patientTime)
    {
        VentilatorSettings settings = patient.Ventilator;
        double minuteVolume = patient.Value(PatientValue.MinuteVolume, patientTime);
        double tidal = patient.Value(PatientValue.ExpiredTidalVolume, patientTime);
        double endTidal = patient.Value(PatientValue.EndTidalCo2, patientTime);
        return new AlarmLimits(
            Math.Max(40, settings.Peep + settings.InspiratoryPressure + 10),
            Tenth(minuteVolume * 0.7),
            Tenth(minuteVolume * 1.4),
            Math.Ceiling(tidal * 1.4 / 50) * 50,
            Math.Ceiling((settings.Rate + 8) / 5) * 5,
            Math.Floor(endTidal - 8),
            Math.Ceiling(endTidal + 4));
    }

    private static double Tenth(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);
}

/// <summary>
/// What distinguishes one Dräger ventilator from another: its names, the commands it answers, its code tables. Codes are those
/// of the classic documents for the Evita family and of the MEDIBUS.X profile for the V series.
/// </summary>
public sealed record VentilatorModel
{
    /// <summary>Four digits.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>DD.DD</c>.</summary>
    public required string Revision { get; init; }

    /// <summary><c>MM.MM</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>False = an empty identification of the host is taken too.</summary>
    public required bool RequiresHostIdentification { get; init; }

    /// <summary>True = the start of expiration is marked in the realtime stream (C6 C1).</summary>
    public required bool ExpirationMarks { get; init; }

    /// <summary>Request codes with an answer of their own; all others get an empty echo.</summary>
    public required IReadOnlySet<byte> Answers { get; init; }

    public required IReadOnlyList<PageCode> Data1 { get; init; }

    public IReadOnlyList<PageCode> Data2 { get; init; } = [];

    public required IReadOnlyList<LimitCode> Limits1 { get; init; }

    public IReadOnlyList<LimitCode> Limits2 { get; init; } = [];

    public required IReadOnlyList<PageCode> Settings { get; init; }

    public required IReadOnlyList<AlarmRule> Alarms { get; init; }

    public required IReadOnlyList<TextRule> Texts { get; init; }

    public required IReadOnlyList<RealtimeTrace> Traces { get; init; }

    /// <summary>The payload of the response to 52H.</summary>
    public string Identification => $"{Id}'{Name}'{Revision}:{Protocol}";
}
