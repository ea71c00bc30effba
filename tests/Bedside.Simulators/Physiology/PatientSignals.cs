namespace Bedside.Simulators.Physiology;

/// <summary>A curve of the simulated patient; the unit stands with each.</summary>
public enum PatientWave
{
    /// <summary>mV; III = II - I, aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2 at every instant.</summary>
    EcgI,
    EcgII,
    EcgIII,
    EcgAvr,
    EcgAvl,
    EcgAvf,
    EcgV,

    /// <summary>mmHg, radial artery.</summary>
    ArterialPressure,

    /// <summary>mmHg.</summary>
    CentralVenousPressure,

    /// <summary>mmHg.</summary>
    PulmonaryPressure,

    /// <summary>Without unit: 0 no light absorbed by the pulse, 1 a strong pulse's peak.</summary>
    Pleth,

    /// <summary>Ohm, change of the thorax's impedance; rises while the lungs fill.</summary>
    ImpedanceRespiration,

    /// <summary>mbar at the Y piece.</summary>
    AirwayPressure,

    /// <summary>L/min, positive into the patient.</summary>
    AirwayFlow,

    /// <summary>mL above the volume that PEEP holds.</summary>
    AirwayVolume,

    /// <summary>mmHg.</summary>
    AirwayCo2,
}

/// <summary>A number measured on the patient's curves, or one that drifts by itself; the unit stands with each.</summary>
public enum PatientValue
{
    /// <summary>/min, from the mean of the last twelve RR intervals.</summary>
    HeartRate,

    /// <summary>/min, from the last RR interval alone.</summary>
    BeatToBeatRate,

    /// <summary>Ventricular premature beats in the last minute.</summary>
    PrematureBeats,

    /// <summary>/min, from the pleth.</summary>
    PulseRate,

    /// <summary>%.</summary>
    Spo2,

    /// <summary>%, 0 to 10.</summary>
    PerfusionIndex,

    /// <summary>mmHg, mean of the last four beats; likewise those that follow.</summary>
    AbpSystolic,
    AbpDiastolic,
    AbpMean,
    PapSystolic,
    PapDiastolic,
    PapMean,
    CvpMean,

    /// <summary>mmHg, of the last cuff measurement; see <see cref="Patient.LastCuffMeasurement"/>.</summary>
    CuffSystolic,
    CuffDiastolic,
    CuffMean,

    /// <summary>%, pulse pressure variation over the last three breaths.</summary>
    PulsePressureVariation,

    /// <summary>mm (0.1 mV), 60 ms after the J point.</summary>
    StI,
    StII,
    StIII,
    StAvr,
    StAvl,
    StAvf,
    StV,

    /// <summary>Degrees Celsius.</summary>
    CoreTemperature,
    BloodTemperature,

    /// <summary>L/min, continuous cardiac output.</summary>
    CardiacOutput,

    /// <summary>breaths/min over the last eight breaths.</summary>
    RespirationRate,

    /// <summary>breaths/min that the patient began.</summary>
    SpontaneousRate,

    /// <summary>mmHg at the end of the last expiration.</summary>
    EndTidalCo2,

    /// <summary>mmHg, least of the last inspiration.</summary>
    InspiredCo2,

    /// <summary>mL.</summary>
    InspiredTidalVolume,
    ExpiredTidalVolume,

    /// <summary>L/min.</summary>
    MinuteVolume,
    SpontaneousMinuteVolume,

    /// <summary>mbar.</summary>
    PeakPressure,
    PlateauPressure,
    MeanAirwayPressure,
    Peep,
    IntrinsicPeep,

    /// <summary>mL/mbar.</summary>
    DynamicCompliance,
    StaticCompliance,

    /// <summary>mbar/(L/s).</summary>
    Resistance,

    /// <summary>L/min; the expiratory one as a positive number.</summary>
    PeakInspiratoryFlow,
    PeakExpiratoryFlow,

    /// <summary>%.</summary>
    InspiredOxygen,

    /// <summary>The x of 1:x.</summary>
    InspirationToExpiration,

    /// <summary>s.</summary>
    InspiratoryTime,

    /// <summary>% of the minute volume.</summary>
    Leakage,
}
