using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.GeDatex;

/// <summary>The four classes of values of an S/5 monitor on the simulated patient (record specification, physiological data).</summary>
internal sealed class DisplayedValues(DriSettings settings)
{
    public const double MillibarToCmH2O = 1.019716;

    /// <summary>mmHg.</summary>
    public const double Ambient = 760;

    private const uint Exists = 1;
    private const uint Measures = Exists | 2;
    private const short None = ClassWriter.NoData;
    private const int Art = 1;
    private const int Cvp = 2;
    private const int Pa = 3;
    private const int Abp = 8;
    private const double RecordedNothing = double.NaN;

    /// <summary>True = the waves come from a recording, which has no numbers.</summary>
    public bool IsRecorded { get; init; }

    public byte[] Write(int dataClass, byte kind, uint seconds, byte marker, DriMoment moment)
    {
        var writer = new ClassWriter(seconds, dataClass, kind, settings.Level, marker);
        switch (dataClass)
        {
            case 0:
                WriteHeart(writer, moment);
                WriteAirway(writer, moment);
                WriteOutput(writer, kind, moment);
                break;
            case 1:
                WriteExtension1(writer, moment);
                break;
            case 2:
                WriteExtension2(writer, moment);
                break;
            default:
                WriteExtension3(writer, moment);
                break;
        }

        return writer.Bytes;
    }

    /// <summary>Bits 3 to 6 are where the heart rate comes from: the ECG.</summary>
    private static uint EcgStatus(DriMoment moment)
    {
        uint status = Measures | (1u << 3);
        status |= moment.Is(DriFaults.Asystole) ? 1u << 2 : 0;
        status |= moment.Is(DriFaults.Pacer) ? 1u << 10 : 0;
        return status | (moment.Is(DriFaults.LeadOff) ? 7u << 11 : 0);
    }

    private double Read(DriMoment moment, PatientValue value) => IsRecorded ? RecordedNothing : moment.Value(value);

    private double HeartRate(DriMoment moment) =>
        moment.Is(DriFaults.Asystole) ? 0 : moment.Is(DriFaults.LeadOff) ? RecordedNothing : Read(moment, PatientValue.HeartRate);

    private void WriteHeart(ClassWriter writer, DriMoment moment)
    {
        bool off = moment.Is(DriFaults.LeadOff);
        short St(PatientValue value) => off ? None : Hundredth(Read(moment, value));
        writer.Group(
            4,
            EcgStatus(moment),
            (2 << 8) | (7 << 4) | 5 | (1 << 12),
            One(HeartRate(moment)),
            St(PatientValue.StII),
            St(PatientValue.StV),
            St(PatientValue.StAvl),
            off ? None : One(Read(moment, PatientValue.RespirationRate)));
        short pulse = One(moment.Is(DriFaults.Asystole) ? 0 : Read(moment, PatientValue.PulseRate));
        uint zeroed = settings.Level >= 8 ? 1u << 3 : 0;
        int site = moment.Is(DriFaults.Relabel) ? Abp : Art;
        if (moment.Is(DriFaults.Zeroing))
        {
            writer.Group(20, Measures | (settings.Level >= 3 ? 1u << 2 : 0), site, None, None, None, None);
        }
        else
        {
            writer.Group(20, Measures | zeroed, site, Hundredth(Read(moment, PatientValue.AbpSystolic)), Hundredth(Read(moment, PatientValue.AbpDiastolic)), Hundredth(Read(moment, PatientValue.AbpMean)), pulse);
        }

        writer.Group(34, Measures | zeroed, Cvp, None, None, Hundredth(Read(moment, PatientValue.CvpMean)), None);
        writer.Group(48, Measures | zeroed, Pa, Hundredth(Read(moment, PatientValue.PapSystolic)), Hundredth(Read(moment, PatientValue.PapDiastolic)), Hundredth(Read(moment, PatientValue.PapMean)), None);
        writer.Absent(62, 4);
        WriteCuff(writer, moment);
        writer.Group(90, Measures, 1, Hundredth(Read(moment, PatientValue.CoreTemperature)));
        writer.Absent(98, 1);
        writer.Absent(106, 1);
        writer.Absent(114, 1);
        if (moment.Is(DriFaults.ProbeOff))
        {
            writer.Absent(122, 4);
        }
        else
        {
            writer.Group(122, Measures, 0, Hundredth(Read(moment, PatientValue.Spo2)), pulse, Hundredth(Read(moment, PatientValue.PerfusionIndex)), None);
        }

        short rate = One(HeartRate(moment));
        writer.Put(230, rate);
        writer.Put(232, rate);
        writer.Put(234, rate);
        writer.Absent(236, 1);
        writer.Absent(244, 4);
        writer.Absent(258, 4);
    }

    /// <summary>Label: bit 3 automatic, 5 measuring, 8 older than a minute.</summary>
    private void WriteCuff(ClassWriter writer, DriMoment moment)
    {
        const long Minute = 60_000_000_000;
        bool measuring = moment.Is(DriFaults.Cuff);
        bool old = moment.PatientTime - moment.Simulation.Patient.LastCuffMeasurement(moment.PatientTime) > Minute;
        int label = (1 << 3) | (measuring ? 1 << 5 : 0) | (old && !measuring ? 1 << 8 : 0);
        writer.Group(
            76,
            Measures,
            label,
            measuring ? None : Hundredth(Read(moment, PatientValue.CuffSystolic)),
            measuring ? None : Hundredth(Read(moment, PatientValue.CuffDiastolic)),
            measuring ? None : Hundredth(Read(moment, PatientValue.CuffMean)),
            measuring ? None : One(Read(moment, PatientValue.PulseRate)));
    }

    private void WriteAirway(ClassWriter writer, DriMoment moment)
    {
        bool apnoea = moment.Is(DriFaults.Apnoea);
        double Percent(PatientValue value) => Read(moment, value) / Ambient * 100;
        short expired = apnoea ? None : Hundredth(Percent(PatientValue.EndTidalCo2));
        short inspired = apnoea ? None : Hundredth(Percent(PatientValue.InspiredCo2));
        double oxygen = Read(moment, PatientValue.InspiredOxygen);
        writer.Group(136, Measures | (apnoea ? 1u << 2 : 0), 1 | (1 << 3), expired, inspired, apnoea ? (short)0 : One(Read(moment, PatientValue.RespirationRate)), (short)(Ambient * 10));
        writer.Group(150, Measures, 0, Hundredth(oxygen - 5), Hundredth(oxygen));
        writer.Group(160, Measures, 0, 0, 0);
        writer.Group(170, Measures, settings.Anaesthesia ? 6 : 1, Hundredth(settings.Anaesthesia ? 1.8 : 0), Hundredth(settings.Anaesthesia ? 2.1 : 0), Hundredth(settings.Anaesthesia ? 0.9 : 0));
        bool open = moment.Is(DriFaults.Disconnect);
        uint status = Measures | (settings.Level >= 8 ? 2u << 8 : 0) | (open ? 1u << 2 : 0);
        if (moment.Is(DriFaults.Specials))
        {
            writer.Group(182, status, 0, -32767, -32766, -32765, -32764, -32763, -32762, -32001, -32000);
            return;
        }

        short Pressure(PatientValue value) => open ? None : Hundredth(Read(moment, value) * MillibarToCmH2O);
        writer.Group(
            182,
            status,
            0,
            open ? None : One(Read(moment, PatientValue.RespirationRate)),
            Pressure(PatientValue.PeakPressure),
            Pressure(PatientValue.Peep),
            Pressure(PatientValue.PlateauPressure),
            open ? None : ClassWriter.Scaled(Read(moment, PatientValue.InspiredTidalVolume), 10),
            open ? None : ClassWriter.Scaled(Read(moment, PatientValue.ExpiredTidalVolume), 10),
            open ? None : Hundredth(Read(moment, PatientValue.DynamicCompliance) / MillibarToCmH2O),
            open ? None : Hundredth(Read(moment, PatientValue.MinuteVolume)));
    }

    private void WriteOutput(ClassWriter writer, byte kind, DriMoment moment)
    {
        const int Continuous = 2 << 2;
        writer.Group(204, Measures, Continuous, ClassWriter.Scaled(Read(moment, PatientValue.CardiacOutput), 1000), Hundredth(Read(moment, PatientValue.BloodTemperature)), None, None);
        if (!settings.Anaesthesia)
        {
            writer.Absent(218, 3);
            return;
        }

        // Train of four, 200 us, supramax found, calibrated: no post-tetanic count, four responses at 50 mA.
        int responses = kind == 1 ? 4 : 15;
        writer.Group(218, Measures | (2u << 4) | (3u << 6), 0, 953, 820, unchecked((short)(31 | (responses << 5) | (50 << 9))));
    }

    private void WriteExtension1(ClassWriter writer, DriMoment moment)
    {
        const uint ExtendedAnalysis = 2u << 15;
        double rate = HeartRate(moment);
        uint status = EcgStatus(moment) | ExtendedAnalysis;
        const int Leads = (2 << 8) | (7 << 4) | 5;
        writer.Group(4, status, Leads, One(rate), rate > 0 ? One(60_000 / rate) : None, One(Read(moment, PatientValue.PrematureBeats)));
        writer.PutLong(16, moment.Is(DriFaults.Asystole) ? 1u : 0);
        if (settings.Level >= 5)
        {
            short St(PatientValue value) => moment.Is(DriFaults.LeadOff) ? None : Hundredth(Read(moment, value));
            writer.Group(
                52,
                EcgStatus(moment),
                Leads,
                St(PatientValue.StI),
                St(PatientValue.StII),
                St(PatientValue.StIII),
                St(PatientValue.StAvl),
                St(PatientValue.StAvr),
                St(PatientValue.StAvf),
                None,
                None,
                None,
                None,
                St(PatientValue.StV),
                None);
        }

        writer.Absent(82, 4);
        writer.Absent(96, 4);
        writer.Absent(110, 4);
        writer.Absent(124, 1);
        writer.Absent(132, 1);
    }

    private void WriteExtension2(ClassWriter writer, DriMoment moment)
    {
        writer.Absent(4, 5);
        writer.Absent(28, 33);
        writer.Absent(100, 4);
        writer.Absent(116, 3);
        writer.Absent(234, 1);
        if (!settings.Anaesthesia)
        {
            return;
        }

        // The depth wavers slowly, and the same for the same patient at the same time.
        double depth = 45 + (8 * Math.Sin(moment.PatientTime / 1e9 / 73));
        writer.Group(4, Measures, 0, 4, 95, 90, 85, 82);
        if (settings.Level >= 7)
        {
            writer.Group(100, Measures, 0, One(depth), 96, 31, 0);
        }

        if (settings.Level >= 8)
        {
            writer.Group(116, Measures, 0, One(depth - 2), One(depth + 1), 0);
        }

        if (settings.Level >= 9)
        {
            writer.Group(234, Measures, 0, One(depth - 10));
        }
    }

    private void WriteExtension3(ClassWriter writer, DriMoment moment)
    {
        bool open = moment.Is(DriFaults.Disconnect);
        double ratio = Read(moment, PatientValue.InspirationToExpiration);
        double inspiration = Read(moment, PatientValue.InspiratoryTime);
        writer.Group(4, Measures, 0, ClassWriter.Scaled(250, 10), ClassWriter.Scaled(201, 10), 1713, ClassWriter.Scaled(0.804, 1000));
        writer.Absent(18, 13);
        if (!open)
        {
            writer.Group(
                18,
                Measures,
                0,
                None,
                Hundredth(Read(moment, PatientValue.MeanAirwayPressure) * MillibarToCmH2O),
                Hundredth(Read(moment, PatientValue.Resistance) * MillibarToCmH2O),
                Hundredth(Read(moment, PatientValue.MinuteVolume)),
                Hundredth(Read(moment, PatientValue.Peep) * MillibarToCmH2O),
                Hundredth(Read(moment, PatientValue.SpontaneousMinuteVolume)),
                Hundredth(1 / ratio),
                Hundredth(inspiration),
                Hundredth(inspiration * ratio),
                Hundredth(Read(moment, PatientValue.StaticCompliance) / MillibarToCmH2O),
                None,
                None,
                None);
        }

        writer.Group(64, Measures, 0, Hundredth(95 - Read(moment, PatientValue.InspiredOxygen)), None);
        writer.Absent(74, 8);
        writer.Group(96, Measures, 0, Hundredth(settings.Anaesthesia ? 1.1 : 0));
        writer.Absent(120, 2);
        writer.Absent(130, 1);
        writer.Absent(138, 1);
        writer.Absent(146, 24);
        if (settings.Level >= 10)
        {
            writer.Group(120, Measures, 0, None, Hundredth(Read(moment, PatientValue.PulsePressureVariation)));
        }

        if (settings is { Picco: true, Level: >= 11 })
        {
            WritePicco(writer, moment);
        }
    }

    private void WritePicco(ClassWriter writer, DriMoment moment)
    {
        double output = Read(moment, PatientValue.CardiacOutput);
        const double Surface = 1.9;
        writer.Group(
            146,
            Measures,
            0,
            ClassWriter.Scaled(output / Surface, 1000),
            ClassWriter.Scaled(output, 1000),
            Hundredth(4.8),
            ClassWriter.Scaled(output / Surface, 1000),
            ClassWriter.Scaled(output, 1000),
            520,
            990,
            1400,
            ClassWriter.Scaled(7.1, 10),
            540,
            720,
            1370,
            ClassWriter.Scaled(24.5, 10),
            900,
            1710,
            ClassWriter.Scaled(9.5, 10),
            Hundredth(1.7),
            ClassWriter.Scaled(output * 1000 / 75, 10),
            ClassWriter.Scaled(output * 1000 / 75 / Surface, 10),
            1150,
            2190,
            ClassWriter.Scaled(8.8, 10),
            Hundredth(Read(moment, PatientValue.BloodTemperature)),
            Hundredth(8.4));
    }

    private static short One(double value) => ClassWriter.Scaled(value, 1);

    private static short Hundredth(double value) => ClassWriter.Scaled(value, 100);
}
