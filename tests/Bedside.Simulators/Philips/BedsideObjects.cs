using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Philips;

/// <summary>
/// The objects of a monitor with an arterial, a venous and a pulmonary line, CO2, ECG, SpO2, cuff and
/// temperature. Context 0 is the monitor's own modules, context 1 the measurement server, as a real one had it.
/// </summary>
internal static class BedsideObjects
{
    public const ushort Monitor = 0;
    public const ushort Server = 1;

    public const string PressureModule = "pressure";
    public const string GasModule = "gas";

    /// <summary>All ECG leads are one object with one handle (sheet, section 7).</summary>
    public const ushort EcgHandle = 686;

    public const uint CompoundEcg = 0x00020100;

    public static readonly NumericObject HeartRate = new(Server, 0x82B3, 0x00024182, "HR", Colour.Green, Unit.BeatPerMinute, new NumericPart(0x4182, PatientValue.HeartRate));

    public static readonly NumericObject OxygenSaturation = new(Server, 0x83D5, 0x00024BB8, "SpO₂", Colour.Cyan, Unit.Percent, new NumericPart(0x4BB8, PatientValue.Spo2, 1));

    public static readonly NumericObject ArterialPressure = new(
        Monitor,
        35098,
        0x00024A14,
        "ABP",
        Colour.Red,
        Unit.MillimetreOfMercury,
        new NumericPart(0x4A15, PatientValue.AbpSystolic),
        new NumericPart(0x4A16, PatientValue.AbpDiastolic),
        new NumericPart(0x4A17, PatientValue.AbpMean))
    {
        Resolution = (3, 0),
        Module = PressureModule,
    };

    public static readonly NumericObject OximeterPulse = new(Server, 33754, 0x00024822, "Pulse", Colour.Cyan, Unit.BeatPerMinute, new NumericPart(0x4822, PatientValue.PulseRate));

    public static readonly NumericObject EndTidalCo2 = new(Monitor, 35210, 0x000250B0, "etCO₂", Colour.Yellow, Unit.MillimetreOfMercury, new NumericPart(0x50B0, PatientValue.EndTidalCo2)) { Module = GasModule };

    public static readonly NumericObject Respiration = new(Server, 33481, 0x0002500A, "RR", Colour.Yellow, Unit.BreathPerMinute, new NumericPart(0x500A, PatientValue.RespirationRate));

    public static IReadOnlyList<NumericObject> Numerics { get; } =
    [
        ArterialPressure,
        new(Monitor, 35102, 0x80035402, "Pulse", Colour.Red, Unit.BeatPerMinute, new NumericPart(0x480A, PatientValue.PulseRate)) { Module = PressureModule },
        new(Monitor, 35106, 0x0002F0E3, "PPV", Colour.Red, Unit.Percent, new NumericPart(0xF0E3, PatientValue.PulsePressureVariation)) { Module = PressureModule },
        new(
            Monitor,
            35120,
            0x00024A1C,
            "PAP",
            Colour.Yellow,
            Unit.MillimetreOfMercury,
            new NumericPart(0x4A1F, PatientValue.PapMean),
            new NumericPart(0x4A1D, PatientValue.PapSystolic),
            new NumericPart(0x4A1E, PatientValue.PapDiastolic))
        {
            Resolution = (3, 0),
            Module = PressureModule,
        },
        new(Monitor, 35130, 0x00024A44, "CVP", Colour.Blue, Unit.MillimetreOfMercury, new NumericPart(0x4A47, PatientValue.CvpMean)) { Module = PressureModule },
        new(Monitor, 35150, 0x00024BDC, "CCO", Colour.Green, Unit.LitrePerMinute, new NumericPart(0x4BDC, PatientValue.CardiacOutput, 1)) { Resolution = (2, 1) },
        new(Monitor, 35154, 0x00024B04, "C.O.", Colour.Green, Unit.LitrePerMinute, new NumericPart(0x4B04, PatientValue.CardiacOutput, 1)) { NeverMeasured = true, Access = NumericObject.Episodic },
        new(Monitor, 35158, 0x0002E014, "Tblood", Colour.Green, Unit.Celsius, new NumericPart(0xE014, PatientValue.BloodTemperature, 1)),
        EndTidalCo2,
        new(Monitor, 35214, 0x000250BA, "imCO₂", Colour.Yellow, Unit.MillimetreOfMercury, new NumericPart(0x50BA, PatientValue.InspiredCo2)) { Module = GasModule },
        new(Monitor, 35218, 0x00025012, "awRR", Colour.Yellow, Unit.BreathPerMinute, new NumericPart(0x5012, PatientValue.RespirationRate)) { Module = GasModule },
        HeartRate,
        new(Server, 33463, 0x00024261, "PVC", Colour.Green, Unit.BeatPerMinute, new NumericPart(0x4261, PatientValue.PrematureBeats)),
        new(
            Server,
            33470,
            0x00020300,
            "ST",
            Colour.Green,
            Unit.Millimetre,
            new NumericPart(0x0302, PatientValue.StII, 1),
            new NumericPart(0x0301, PatientValue.StI, 1),
            new NumericPart(0x033D, PatientValue.StIII, 1),
            new NumericPart(0x033E, PatientValue.StAvr, 1),
            new NumericPart(0x033F, PatientValue.StAvl, 1),
            new NumericPart(0x0340, PatientValue.StAvf, 1),
            new NumericPart(0x0343, PatientValue.StV, 1)),
        Respiration,
        OxygenSaturation,
        OximeterPulse,
        new(Server, 33758, 0x00024BB0, "Perf", Colour.Cyan, Unit.None, new NumericPart(0x4BB0, PatientValue.PerfusionIndex, 1)),
        new(
            Server,
            33810,
            0x00024A04,
            "NBP",
            Colour.Magenta,
            Unit.MillimetreOfMercury,
            new NumericPart(0x4A05, PatientValue.CuffSystolic),
            new NumericPart(0x4A06, PatientValue.CuffDiastolic),
            new NumericPart(0x4A07, PatientValue.CuffMean))
        {
            Access = NumericObject.Episodic,
            Resolution = (3, 0),
        },
        new(Server, 33830, 0x00024B60, "Tcore", Colour.Green, Unit.Celsius, new NumericPart(0x4B60, PatientValue.CoreTemperature, 1)),
    ];

    /// <summary>The waves, in the order of the default priority list.</summary>
    public static IReadOnlyList<WaveObject> Waves { get; } =
    [
        Ecg("ECG", CompoundEcg, 32, 0x0102, 0x0143, 0x0101),
        Ecg("II", 0x00020102, 16, 0x0102),
        Ecg("V", 0x00020143, 16, 0x0143),
        Ecg("I", 0x00020101, 16, 0x0101),
        Ecg("III", 0x0002013D, 16, 0x013D),
        Ecg("aVR", 0x0002013E, 16, 0x013E),
        Ecg("aVL", 0x0002013F, 16, 0x013F),
        Ecg("aVF", 0x00020140, 16, 0x0140),
        new(Server, 0x0A2B, 0x00024BB4, "Pleth", Colour.Cyan, Unit.None, 0x4BB4)
        {
            Flags = WaveObject.Smooth,
            Scale = new WaveScale(FloatValue.NotANumber, FloatValue.NotANumber, 0, 4095),
        },
        new(Monitor, 0x091C, 0x00024A14, "ABP", Colour.Red, Unit.MillimetreOfMercury, 0x4A14)
        {
            SignificantBits = 13,
            Scale = new WaveScale(new FloatValue(-40, 0), new FloatValue(520, 0), 160, 9120),
            Range = (560, 3760),
            Module = PressureModule,
        },
        new(Monitor, 0x0930, 0x00024A1C, "PAP", Colour.Yellow, Unit.MillimetreOfMercury, 0x4A1C)
        {
            SignificantBits = 13,
            Scale = new WaveScale(new FloatValue(-40, 0), new FloatValue(520, 0), 160, 9120),
            Range = (800, 1760),
            Module = PressureModule,
        },
        new(Monitor, 0x0944, 0x00024A44, "CVP", Colour.Blue, Unit.MillimetreOfMercury, 0x4A44)
        {
            SignificantBits = 13,
            Scale = new WaveScale(new FloatValue(-40, 0), new FloatValue(520, 0), 160, 9120),
            Range = (720, 1280),
            Module = PressureModule,
        },
        new(Server, 0x0A40, 0x00025000, "Resp", Colour.Yellow, Unit.Ohm, 0x5000)
        {
            TicksPerSample = 128,
            Flags = WaveObject.Smooth,
            Scale = new WaveScale(new FloatValue(-6, -1), new FloatValue(19, -1), 0, 4095),
            Calibration = new CalibrationBar(new FloatValue(0, 0), new FloatValue(1, 0), 1230, 2867),
        },
        new(Monitor, 0x0958, 0x000250AC, "CO₂", Colour.Yellow, Unit.MillimetreOfMercury, 0x50AC)
        {
            TicksPerSample = 128,
            Scale = new WaveScale(new FloatValue(-10, 0), new FloatValue(150, 0), 0, 4000),
            Range = (250, 1500),
            Module = GasModule,
        },
    ];

    public static IReadOnlyList<EnumerationObject> Enumerations { get; } =
    [
        new(Server, 0x8402, 0x0002D007, "Rhythm", Colour.Green),
        new(Server, 0x8403, 0x0002D006, "Ectopic", Colour.Green),
    ];

    private static WaveObject Ecg(string text, uint label, int ticksPerSample, params ushort[] physioIds) => new(Server, EcgHandle, label, text, Colour.Green, Unit.Millivolt, physioIds)
    {
        TicksPerSample = ticksPerSample,
        SignificantBits = 14,
        Flags = WaveObject.StaticScale | WaveObject.ExtendedRange,
        Scale = new WaveScale(new FloatValue(-4096, -2), new FloatValue(40955, -3), 0, 16383),
        Calibration = new CalibrationBar(new FloatValue(0, 0), new FloatValue(1, 0), 8125, 8325),
        FixedValues =
        [
            new(FixedValue.Saturation, WaveObject.SaturationPattern),
            new(FixedValue.Defibrillation, WaveObject.DefibrillationPattern),
            new(FixedValue.Pacer, WaveObject.PacerPattern),
        ],
        Mode = 0x0140,
    };
}
