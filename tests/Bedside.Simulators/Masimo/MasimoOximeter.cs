using System.Globalization;
using System.Text;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Streaming;

namespace Bedside.Simulators.Masimo;

/// <summary>A Masimo oximeter that is set to ASCII 1: a line each second. It hears nothing.</summary>
public sealed class MasimoOximeter : StreamingDevice
{
    public const string NoSensor = "no-sensor";
    public const string SensorOff = "sensor-off";
    public const string LowPerfusion = "low-perfusion";
    public const string Interference = "interference";
    public const string Desaturation = "desaturation";
    public const string Silenced = "silenced";
    public const string LowBattery = "low-battery";
    public const string ClockSet = "clock-set";
    public const string UnknownKey = "unknown-key";

    private const int Baud = 9_600;
    private const long Second = 1_000_000_000;
    private const long SearchSeconds = 3;
    private const long ClockStep = 3600 * Second;

    /// <summary>How it should be: SET is active.</summary>
    private const int Normal = 0x800;

    private readonly AsciiLayout _layout;
    private readonly string _end;
    private readonly long _clockOffset;
    private long _clockStep;

    private MasimoOximeter(Simulation simulation)
        : base(simulation)
    {
        Arguments arguments = simulation.Arguments;
        string model = arguments.Value("model") ?? AsciiLayout.All[0].Name;
        _layout = AsciiLayout.All.FirstOrDefault(layout => layout.Name == model)
            ?? throw new UsageException($"--model is one of {string.Join(", ", AsciiLayout.All.Select(layout => layout.Name))}, not '{model}'");
        _end = arguments.Value("line-end") switch
        {
            null or "crlf" => "\r\n",
            "lfcr" => "\n\r",
            "lf" => "\n",
            "cr" => "\r",
            string other => throw new UsageException($"--line-end is crlf, lfcr, lf or cr, not '{other}'"),
        };
        _clockOffset = (long)(arguments.Number("clock-offset", 0) * 1e9);
    }

    public static DeviceKind Kind { get; } = new("masimo", "Masimo oximeter set to ASCII 1", Baud, Transport.Pty | Transport.Tcp, simulation => new MasimoOximeter(simulation))
    {
        Options =
        [
            .. Options,
            new("model", "NAME", $"layout of the line: {string.Join(", ", AsciiLayout.All.Select(layout => layout.Name))}"),
            new("line-end", "NAME", "crlf (unless given), lfcr, lf or cr"),
            new("sn", "DIGITS", "serial number (dashes unless given)"),
            new("clock-offset", "SECONDS", "how far the device's clock is ahead of UTC"),
        ],
        Faults =
        [
            .. StreamingFaults.All,
            new(NoSensor, 60, 20, "no sensor is plugged in: dashes"),
            new(SensorOff, 60, 20, "the sensor fell off: values are still printed"),
            new(LowPerfusion, 60, 20, "low perfusion and low signal IQ"),
            new(Interference, 60, 20, "interference and ambient light"),
            new(Desaturation, 60, 20, "the saturation is low, with an alarm"),
            new(Silenced, 60, 20, "alarms are silenced"),
            new(LowBattery, 60, 20, "the battery is low"),
            new(ClockSet, 30, 1, "the device's clock is set an hour ahead"),
            new(UnknownKey, 60, 20, "a key that no document has"),
        ],
    };

    protected override long TimeOf(long index) => (index + 1) * Second;

    protected override byte[] Message(long index, long at)
    {
        _clockStep += Simulation.Faults.Began(ClockSet) ? ClockStep : 0;
        int exceptions = Exceptions(index);
        int alarms = Alarms();
        Dictionary<string, double> values = Values(at, exceptions);
        values["ALARM"] = alarms;
        values["EXC"] = exceptions;
        DateTime wall = Simulation.Clock.StartedAt.Add(at + _clockOffset + _clockStep).ToDateTime().DateTime;
        string unknown = Active(UnknownKey) ? " XYZ=012" : string.Empty;
        return Encoding.ASCII.GetBytes(AsciiLine.Write(_layout, wall, values) + unknown + _end);
    }

    private int Exceptions(long index)
    {
        int search = index < SearchSeconds ? 0x8 : 0;
        return Normal | search
            | (Active(NoSensor) ? 0x1 : 0)
            | (Active(SensorOff) ? 0x24 : 0)
            | (Active(LowPerfusion) ? 0x404 : 0)
            | (Active(Interference) ? 0x50 : 0);
    }

    private int Alarms()
    {
        int alarms = (Active(Desaturation) ? 0x12 : 0) | (Active(SensorOff) || Active(NoSensor) ? 0x10 : 0) | (Active(LowBattery) ? 0x40 : 0);
        return alarms | (Active(Silenced) ? 0x20 : 0);
    }

    private Dictionary<string, double> Values(long at, int exceptions)
    {
        long time = Simulation.Clock.PatientTime(at);
        double Value(PatientValue value) => Simulation.Patient.Value(value, time);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        if (Simulation.Arguments.Value("sn") is { } serial)
        {
            values["SN"] = double.Parse(serial, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        if ((exceptions & 0x9) != 0)
        {
            return values;
        }

        values["SPO2"] = Value(PatientValue.Spo2) - (Active(Desaturation) ? 12 : 0);
        values["BPM"] = Value(PatientValue.PulseRate);
        if ((exceptions & 0x20) != 0)
        {
            return values;
        }

        values["PI"] = Value(PatientValue.PerfusionIndex) * (Active(LowPerfusion) ? 0.05 : 1);
        if (_layout.Name is "rainbow" or "radical-7")
        {
            values["SPCO"] = 1.2;
            values["SPMET"] = 0.5;
            values["SPHB"] = 11.4;
            values["DESAT"] = 1;
            values["PIDELTA"] = -2;
            values["PVI"] = Math.Min(99, Value(PatientValue.PulsePressureVariation) * 1.3);
        }

        return values;
    }
}
