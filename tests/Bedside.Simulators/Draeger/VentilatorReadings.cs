using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Draeger;

/// <summary>What the ventilator is doing besides breathing for the patient.</summary>
/// <param name="Standby">No ventilation and no measurement.</param>
/// <param name="Disconnected">The breathing circuit is open.</param>
/// <param name="Co2Off">The CO2 sensor is unplugged.</param>
/// <param name="AirSupplyLost">The wall's air pressure is low.</param>
public readonly record struct VentilatorCondition(bool Standby, bool Disconnected, bool Co2Off, bool AirSupplyLost);

/// <summary>
/// The patient at one instant as the ventilator measures: pressures in mbar, volumes in mL, flows and minute volumes in
/// L/min, CO2 in mmHg. Null = not valid now.
/// </summary>
public sealed class VentilatorReadings(Patient patient, long patientTime, VentilatorCondition condition)
{
    /// <summary>Tube of 8 mm inner diameter, mbar/(L/s)²: what the tracheal pressure lacks of the airway's.</summary>
    private const double TubeCoefficient = 6.6;

    /// <summary>Base flow through an open circuit, L/min.</summary>
    private const double OpenCircuitFlow = 28;

    private const double PascalsPerMercury = 0.133322;

    /// <summary>kg, of a patient 175 cm tall.</summary>
    public const double IdealWeight = 70;

    public VentilatorSettings Settings => patient.Ventilator;

    public VentilatorCondition Condition => condition;

    /// <summary>Nanoseconds since inspiration began, and since expiration began (negative = not yet in this breath); never while nothing breathes.</summary>
    public (long Inspiration, long Expiration) SincePhases
    {
        get
        {
            if (condition.Standby || condition.Disconnected)
            {
                return (long.MaxValue, -1);
            }

            (long start, long expiration, _) = patient.BreathAt(patientTime);
            return (patientTime - start, patientTime - expiration);
        }
    }

    public double? Rate => Number(PatientValue.RespirationRate);

    public double? SpontaneousRate => Number(PatientValue.SpontaneousRate);

    public double? MandatoryRate => Rate - SpontaneousRate;

    public double? InspiredVolume => Number(PatientValue.InspiredTidalVolume);

    public double? ExpiredVolume => Number(PatientValue.ExpiredTidalVolume);

    public double? MinuteVolume => condition.Disconnected ? 0 : Number(PatientValue.MinuteVolume);

    public double? SpontaneousMinuteVolume => Number(PatientValue.SpontaneousMinuteVolume);

    public double? MandatoryMinuteVolume => MinuteVolume - SpontaneousMinuteVolume;

    public double? InspiredMinuteVolume => Rate * InspiredVolume / 1000;

    public double? LeakMinuteVolume => InspiredMinuteVolume - MinuteVolume;

    public double? SpontaneousPart => 100 * SpontaneousMinuteVolume / MinuteVolume;

    public double? PeakPressure => condition.Disconnected ? 2 : Number(PatientValue.PeakPressure);

    public double? PlateauPressure => Number(PatientValue.PlateauPressure);

    public double? MeanPressure => condition.Disconnected ? 1 : Number(PatientValue.MeanAirwayPressure);

    public double? Peep => condition.Disconnected ? 0 : Number(PatientValue.Peep);

    public double? IntrinsicPeep => Number(PatientValue.IntrinsicPeep) - Number(PatientValue.Peep);

    /// <summary>The trigger effort dips below PEEP by about a millibar.</summary>
    public double? MinimumPressure => condition.Disconnected ? 0 : Number(PatientValue.Peep) - (SpontaneousRate > 0 ? 1 : 0);

    public double? DynamicCompliance => Number(PatientValue.DynamicCompliance);

    public double? StaticCompliance => Number(PatientValue.StaticCompliance);

    public double? Resistance => Number(PatientValue.Resistance);

    public double? TimeConstant => StaticCompliance * Resistance / 1000;

    /// <summary>mL.</summary>
    public double? TrappedVolume => IntrinsicPeep * StaticCompliance;

    public double? InspiredOxygen => condition.Standby ? null : patient.Value(PatientValue.InspiredOxygen, patientTime);

    public double? EndTidalCo2 => condition.Co2Off ? null : Number(PatientValue.EndTidalCo2);

    public double? EndTidalCo2KiloPascal => EndTidalCo2 * PascalsPerMercury;

    /// <summary>Of dry gas at sea level.</summary>
    public double? EndTidalCo2Percent => EndTidalCo2 / 7.13;

    /// <summary>mL: the anatomical 2.2 mL/kg.</summary>
    public double? DeadSpace => EndTidalCo2 is null ? null : 2.2 * IdealWeight;

    /// <summary>mL/min, of the alveolar part of each breath.</summary>
    public double? Co2Production => Rate * (ExpiredVolume - DeadSpace) * EndTidalCo2 / 863;

    public double? InspiratoryTime => Number(PatientValue.InspiratoryTime);

    /// <summary>The x of 1:x.</summary>
    public double? ExpiratoryPart => Number(PatientValue.InspirationToExpiration);

    public double? Leakage => Number(PatientValue.Leakage);

    /// <summary>1/(L·min).</summary>
    public double? ShallowBreathing => SpontaneousRate > 0 ? Rate * 1000 / ExpiredVolume : null;

    public double? Spo2 => patient.Value(PatientValue.Spo2, patientTime);

    public double? PulseRate => patient.Value(PatientValue.PulseRate, patientTime);

    /// <summary>Of spontaneous breaths; null while there are none.</summary>
    public double? OfSpontaneous(double? value) => SpontaneousRate > 0 ? value : null;

    public double? AirwayPressure => condition.Standby ? null : condition.Disconnected ? 0.4 : patient.Wave(PatientWave.AirwayPressure, patientTime);

    public double? Flow => condition.Standby ? null : condition.Disconnected ? OpenCircuitFlow : patient.Wave(PatientWave.AirwayFlow, patientTime);

    public double? Volume => condition.Standby ? null : condition.Disconnected ? 0 : patient.Wave(PatientWave.AirwayVolume, patientTime);

    public double? Co2 => condition.Standby || condition.Co2Off ? null : condition.Disconnected ? 0 : patient.Wave(PatientWave.AirwayCo2, patientTime);

    public double? Co2KiloPascal => Co2 * PascalsPerMercury;

    public double? Pleth => patient.Wave(PatientWave.Pleth, patientTime);

    public double? InspiratoryFlow => Flow is double flow ? Math.Max(0, flow) : null;

    public double? ExpiratoryFlow => Flow is double flow ? Math.Max(0, -flow) : null;

    public double? TrachealPressure
    {
        get
        {
            double? flow = Flow / 60;
            return AirwayPressure - (TubeCoefficient * flow * Math.Abs(flow ?? 0));
        }
    }

    private double? Number(PatientValue value) => condition.Standby || condition.Disconnected ? null : patient.Value(value, patientTime);
}
