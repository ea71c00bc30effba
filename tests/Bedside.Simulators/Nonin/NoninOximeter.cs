using System.Net;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Streaming;

namespace Bedside.Simulators.Nonin;

/// <summary>A Nonin oximeter: 75 frames a second in data format 2 or 7. It hears the commands of the Bluetooth models and answers them.</summary>
public sealed class NoninOximeter : StreamingDevice
{
    public const string SyncLoss = "sync-loss";
    public const string DroppedFrames = "dropped-frames";
    public const string Disconnected = "disconnected";
    public const string SensorAlarm = "sensor-alarm";
    public const string OutOfTrack = "out-of-track";
    public const string Artefact = "artefact";
    public const string Tachycardia = "tachycardia";
    public const string LowBattery = "low-battery";

    private const int Baud = 9_600;
    private const int FramesPerSecond = 75;
    private const int NoRate = 511;
    private const int NoSaturation = 127;
    private const byte Revision = 48;
    private const byte Acknowledged = 0x06;
    private const byte NotAcknowledged = 0x15;
    private const byte SetFormat = 0x70;
    private const byte AskSerial = 0x74;

    private readonly List<byte> _heard = [];
    private readonly Queue<byte[]> _answers = new();
    private readonly string _serial;
    private int _format;
    private byte[] _values = new byte[NoninFrame.PerPacket];

    private NoninOximeter(Simulation simulation)
        : base(simulation)
    {
        _format = (int)simulation.Arguments.Number("format", 2);
        _serial = simulation.Arguments.Value("sn") ?? "501234567";
        if (_format is not (2 or 7))
        {
            throw new UsageException("--format is 2 or 7");
        }
    }

    public static DeviceKind Kind { get; } = new("nonin", "Nonin oximeter in data format 2 or 7", Baud, Transport.Pty | Transport.Tcp, simulation => new NoninOximeter(simulation))
    {
        Options = [.. Options, new("format", "N", "data format 2 (unless given) or 7"), new("sn", "DIGITS", "serial number, nine digits")],
        Faults =
        [
            .. StreamingFaults.All,
            new(SyncLoss, 30, 2, "packets lack their SYNC bit"),
            new(DroppedFrames, 30, 5, "one frame in sixty is not sent"),
            new(Disconnected, 60, 20, "the sensor is unplugged"),
            new(SensorAlarm, 60, 20, "the sensor gives no usable signal"),
            new(OutOfTrack, 60, 20, "pulses cannot be followed"),
            new(Artefact, 60, 20, "the patient moves"),
            new(Tachycardia, 60, 20, "a pulse rate of 150"),
            new(LowBattery, 60, 20, "the battery is low"),
        ],
    };

    public override void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        foreach (byte one in bytes)
        {
            Hear(one);
        }
    }

    protected override long TimeOf(long index) => (index + 1) * 1_000_000_000 / FramesPerSecond;

    protected override byte[] Message(long index, long at)
    {
        int place = (int)(index % NoninFrame.PerPacket);
        long time = Simulation.Clock.PatientTime(at);
        if (place == 0)
        {
            _values = Values(index, time);
        }

        bool off = Active(Disconnected) || Active(SensorAlarm);
        double pleth = off ? 0 : Simulation.Patient.Wave(PatientWave.Pleth, time);
        byte status = Status(place, time, pleth);
        byte[] frame = _format == 2
            ? NoninFrame.Format2(status, Math.Clamp((int)(100 + (100 * pleth)), 0, 255), _values[place])
            : NoninFrame.Format7(status, Math.Clamp((int)(25_000 + (20_000 * pleth)), 0, 65_535), _values[place]);
        byte[] answer = _answers.TryDequeue(out byte[]? waiting) ? waiting : [];
        return Active(DroppedFrames) && Random.Next(60) == 0 ? answer : [.. answer, .. frame];
    }

    private byte[] Values(long index, long time)
    {
        bool off = Active(Disconnected) || Active(SensorAlarm);
        double Value(PatientValue value) => Simulation.Patient.Value(value, time);
        int rate = off ? NoRate : Active(Tachycardia) ? 150 : (int)Math.Round(Value(PatientValue.PulseRate));
        int saturation = off ? NoSaturation : (int)Math.Round(Value(PatientValue.Spo2));
        int timer = _format == 7 ? (int)(index / NoninFrame.PerPacket) & 0x3FFF : 0;
        return NoninFrame.Values(rate, saturation, rate, saturation, Revision, (byte)(Active(LowBattery) ? 0x01 : 0x00), timer);
    }

    /// <summary>Perfusion is shown during part of each pulse only: where the curve is high.</summary>
    private byte Status(int place, long time, double pleth)
    {
        int status = 0x80 | (place == 0 && !Active(SyncLoss) ? 0x01 : 0x00);
        status |= Active(Disconnected) && _format == 2 ? 0x40 : 0;
        status |= Active(Artefact) ? 0x20 : 0;
        status |= Active(OutOfTrack) ? 0x10 : 0;
        status |= Active(SensorAlarm) ? 0x08 : 0;
        double index = Simulation.Patient.Value(PatientValue.PerfusionIndex, time);
        return (byte)(status | (pleth < 0.6 ? 0 : index < 1 ? 0x04 : index < 1.5 ? 0x06 : 0x02));
    }

    /// <summary>02, code, length, data, 03.</summary>
    private void Hear(byte one)
    {
        if (_heard.Count == 0 && one != 0x02)
        {
            return;
        }

        _heard.Add(one);
        if (_heard.Count < 3 || _heard.Count < _heard[2] + 4)
        {
            return;
        }

        byte[] command = [.. _heard];
        _heard.Clear();
        _answers.Enqueue(Obey(command));
    }

    private byte[] Obey(byte[] command)
    {
        bool setsFormat = command is [0x02, SetFormat, 0x04, 0x02, 2 or 7, _, _, 0x03]
            && (byte)(command[1] + command[2] + command[3] + command[4] + command[5]) == command[6];
        if (setsFormat)
        {
            _format = command[4];
            return [Acknowledged];
        }

        return command is [0x02, AskSerial, 0x02, 0x02, 0x02, 0x03]
            ? [0x02, 0xF4, (byte)_serial.Length, .. System.Text.Encoding.ASCII.GetBytes(_serial), 0x03]
            : [NotAcknowledged];
    }
}
