using Bedside.Simulators.Physiology;
using Bedside.Simulators.Streaming;

namespace Bedside.Simulators.Ivy;

/// <summary>An Ivy 450C with its Ansar-B output: the second that has just passed, each second. It hears nothing.</summary>
public sealed class IvyMonitor : StreamingDevice
{
    /// <summary>The FE of a block is not sent.</summary>
    public const string LostEnd = "lost-end";

    public const string LeadOff = "lead-off";
    public const string NoTransducer = "no-transducer";
    public const string Alarm = "alarm";
    public const string UnknownLine = "unknown-line";

    private const int Baud = 9_600;
    private const long Second = 1_000_000_000;
    private const double EcgMiddle = 120;
    private const double EcgCountsPerMillivolt = 80;

    private IvyMonitor(Simulation simulation)
        : base(simulation)
    {
    }

    public static DeviceKind Kind { get; } = new("ivy-450c", "Ivy 450C monitor (Ansar-B output)", Baud, Transport.Pty | Transport.Tcp, simulation => new IvyMonitor(simulation))
    {
        Options = [.. Options, new("p2", Argument: null, "a second transducer, on the central vein"), new("lead", "NAME", "lead of the ECG (II unless given)")],
        Faults =
        [
            .. StreamingFaults.All,
            new(LostEnd, 30, 5, "blocks lack their last byte"),
            new(LeadOff, 60, 20, "an electrode is off: no ECG, no heart rate"),
            new(NoTransducer, 60, 20, "the arterial transducer is unplugged"),
            new(Alarm, 60, 20, "the heart rate's line ends with an alarm"),
            new(UnknownLine, 60, 20, "a line that no document has"),
        ],
    };

    protected override long TimeOf(long index) => (index + 1) * Second;

    protected override byte[] Message(long index, long at)
    {
        Patient patient = Simulation.Patient;
        long end = Simulation.Clock.PatientTime(at);
        long start = end - Second;
        bool leadOff = Active(LeadOff);
        bool arterial = !Active(NoTransducer);
        bool venous = Simulation.Arguments.Has("p2");
        Func<int, double> Curve(PatientWave wave, int samples, double middle, double counts) =>
            i => middle + (counts * patient.Wave(wave, start + (Second * i / samples)));

        var block = new AnsarBlock();
        string lead = Simulation.Arguments.Value("lead") ?? "II";
        block.Wave(AnsarBlock.EcgSamples, leadOff ? null : Curve(LeadOf(lead), AnsarBlock.EcgSamples, EcgMiddle, EcgCountsPerMillivolt));
        block.Wave(AnsarBlock.SlowSamples, Curve(PatientWave.ImpedanceRespiration, AnsarBlock.SlowSamples, 60, 80));
        block.Wave(AnsarBlock.SlowSamples, Curve(PatientWave.Pleth, AnsarBlock.SlowSamples, 100, 60));
        block.Wave(AnsarBlock.SlowSamples, arterial ? Curve(PatientWave.ArterialPressure, AnsarBlock.SlowSamples, 0, 1) : null);
        block.Wave(AnsarBlock.SlowSamples, venous ? Curve(PatientWave.CentralVenousPressure, AnsarBlock.SlowSamples, 0, 1) : null);
        Text(block, end, lead, leadOff, arterial, venous);
        return block.ToBytes(withEnd: !Active(LostEnd));
    }

    private void Text(AnsarBlock block, long end, string lead, bool leadOff, bool arterial, bool venous)
    {
        double Value(PatientValue value) => Simulation.Patient.Value(value, end);
        double cuffPulse = Simulation.Patient.Value(PatientValue.PulseRate, Simulation.Patient.LastCuffMeasurement(end));
        block.Line("HR", 1, [leadOff ? null : Value(PatientValue.HeartRate)], $"ECG-{lead}-DIAG", Active(Alarm) ? "HR HIGH" : "");
        block.Line("RR", 1, [Value(PatientValue.RespirationRate)], "APNEA: 20 SEC");
        block.Line("ETCO2", 1, [null], "");
        block.Line("SPO2", 1, [Value(PatientValue.Spo2)], $"PR={Value(PatientValue.PulseRate),-3:F0}");
        block.Line("NIBP", 4, [Value(PatientValue.CuffSystolic), Value(PatientValue.CuffDiastolic), Value(PatientValue.CuffMean), cuffPulse], "");
        block.Line("P1", 3, arterial ? [Value(PatientValue.AbpSystolic), Value(PatientValue.AbpDiastolic), Value(PatientValue.AbpMean)] : [null, null, null], arterial ? "" : "NO TRANSDUCER");
        block.Line("P2", 3, venous ? [null, null, Value(PatientValue.CvpMean)] : [null, null, null], venous ? "" : "NO TRANSDUCER");
        if (Active(UnknownLine))
        {
            block.Line("ZZ", 7, [12], "SOMETHING");
        }

        block.Line("T1", 1, [null], "");
        block.Line("T2", 1, [null], "");
    }

    private static PatientWave LeadOf(string lead) => lead switch
    {
        "I" => PatientWave.EcgI,
        "II" => PatientWave.EcgII,
        "III" => PatientWave.EcgIII,
        "AVR" => PatientWave.EcgAvr,
        "AVL" => PatientWave.EcgAvl,
        "AVF" => PatientWave.EcgAvf,
        "V" => PatientWave.EcgV,
        _ => throw new UsageException($"--lead knows I, II, III, AVR, AVL, AVF and V, not '{lead}'"),
    };
}
