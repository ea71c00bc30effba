using System.Net;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Streaming;

namespace Bedside.Simulators.Capnostream;

/// <summary>
/// A Capnostream 20: silent until a host enables it, then it says who it is, and sends the CO2 wave and the numbers once they are started. A host that does not
/// say every few seconds that it is there is taken for lost; after how long is not known, here it is 15 s.
/// </summary>
public sealed class CapnostreamMonitor : StreamingDevice
{
    public const string ShiftedNumbers = "shifted-numbers";
    public const string LostSamples = "lost-samples";
    public const string NoFilterLine = "no-filter-line";
    public const string Occlusion = "occlusion";
    public const string NoBreath = "no-breath";
    public const string SensorOff = "sensor-off";
    public const string Silenced = "silenced";
    public const string BatteryLow = "battery-low";
    public const string ClockSet = "clock-set";

    private const int Baud = 115_200;
    private const int PerSecond = 20;
    private const long Second = 1_000_000_000;
    private const long AnswerDelay = Second / 5;
    private const long HostLostAfter = 15 * Second;
    private const long ClockStep = 3600 * Second;
    private const byte None = 0xFF;
    private const byte EndOfBreath = 0x08;

    private readonly CapnostreamEar _ear = new();
    private readonly Queue<(byte[] Answer, long Due)> _answers = new();
    private readonly (byte Code, double OfMercury, int Tenths) _unit;
    private readonly string _serial;
    private readonly long _clockOffset;
    private long _clockStep;
    private long _hostAt;
    private long _lastBreath;
    private byte _sequence;
    private bool _enabled;
    private bool _started;

    private CapnostreamMonitor(Simulation simulation)
        : base(simulation)
    {
        _unit = simulation.Arguments.Value("unit") switch
        {
            null or "mmhg" => (1, 1, 1),
            "kpa" => (2, 0.133322, 10),
            "vol" => (3, 1 / 7.13, 10),
            string other => throw new UsageException($"--unit is mmhg, kpa or vol, not '{other}'"),
        };
        _serial = simulation.Arguments.Value("sn") ?? "B300001234";
        _clockOffset = (long)(simulation.Arguments.Number("clock-offset", 0) * 1e9);
    }

    public static DeviceKind Kind { get; } = new("capnostream-20", "Capnostream 20 capnograph (experimental driver)", Baud, Transport.Pty | Transport.Tcp, simulation => new CapnostreamMonitor(simulation))
    {
        Options =
        [
            .. Options,
            new("unit", "NAME", "of CO2: mmhg (unless given), kpa or vol"),
            new("sn", "TEXT", "serial number, ten characters: B3… and B5… have Masimo oximetry, B2… Nellcor"),
            new("clock-offset", "SECONDS", "how far the device's clock is ahead of UTC"),
        ],
        Faults =
        [
            .. StreamingFaults.All,
            new(ShiftedNumbers, 30, 10, "the numbers of every second message are moved by one byte"),
            new(LostSamples, 30, 5, "one sample in twenty is not sent"),
            new(NoFilterLine, 60, 20, "no filter line is plugged in"),
            new(Occlusion, 60, 20, "the filter line is occluded"),
            new(NoBreath, 60, 20, "no breath, with its alarm"),
            new(SensorOff, 60, 20, "the SpO2 sensor fell off"),
            new(Silenced, 60, 20, "alarms are silenced"),
            new(BatteryLow, 60, 20, "the battery is low"),
            new(ClockSet, 30, 1, "the device's clock is set an hour ahead"),
        ],
    };

    public override void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (Active(StreamingFaults.Silence) || Active(StreamingFaults.Reboot))
        {
            return;
        }

        foreach (byte one in bytes)
        {
            if (_ear.Hear(one) is { } message)
            {
                Obey(message);
            }
        }
    }

    protected override void SwitchedOn()
    {
        (_enabled, _started, _sequence) = (false, false, 0);
        _answers.Clear();
    }

    protected override long TimeOf(long index) => (index + 1) * Second / PerSecond;

    protected override byte[] Message(long index, long at)
    {
        _clockStep += Simulation.Faults.Began(ClockSet) ? ClockStep : 0;
        var said = new List<byte>();
        while (_answers.TryPeek(out (byte[] Answer, long Due) next) && next.Due <= at)
        {
            said.AddRange(_answers.Dequeue().Answer);
        }

        if (at - _hostAt > HostLostAfter)
        {
            _started = false;
        }

        if (_started)
        {
            byte[] wave = Wave(Simulation.Clock.PatientTime(at));
            said.AddRange(Active(LostSamples) && Random.Next(20) == 0 ? [] : wave);
            if (index % PerSecond == 0)
            {
                said.AddRange(Numbers(at, moved: Active(ShiftedNumbers) && index / PerSecond % 2 == 0));
            }
        }

        return [.. said];
    }

    private void Obey(byte[] message)
    {
        long now = Simulation.Clock.Now;
        _hostAt = now;
        switch (message[0])
        {
            case 1:
                _enabled = true;
                _answers.Enqueue((CapnostreamFrame.Identification("2.5", "2010-03-17", _serial), now + AnswerDelay));
                break;
            case 2:
                (_enabled, _started) = (false, false);
                break;
            case 4:
                _started = _enabled;
                break;
            case 5:
                _started = false;
                break;
            case 6 or 7:
                break;
            case 60 when message is [60, 4, 2]:
                _answers.Enqueue((CapnostreamFrame.Of(60, 4, 2), now + AnswerDelay));
                break;
            case 60:
                Simulation.Log.WriteLine($"SETTING {message[1]} WAS CHANGED by the host");
                break;
            default:
                Simulation.Log.WriteLine($"message {message[0]} is not played");
                break;
        }
    }

    private byte[] Wave(long time)
    {
        int status = Active(NoFilterLine) ? 0x41 : Active(Occlusion) ? 0x04 : 0;
        long expiration = Simulation.Patient.BreathAt(time).Start;
        if (expiration != _lastBreath && !Active(NoBreath) && status == 0)
        {
            // Expiration ends where the next inspiration begins.
            _lastBreath = expiration;
            status |= EndOfBreath;
        }

        double co2 = status is 0x41 || Active(NoBreath) ? 0 : Simulation.Patient.Wave(PatientWave.AirwayCo2, time);
        return CapnostreamFrame.Wave(_sequence++, co2 * _unit.OfMercury * _unit.Tenths, (byte)status);
    }

    private byte[] Numbers(long at, bool moved)
    {
        long time = Simulation.Clock.PatientTime(at);
        byte Value(PatientValue value) => (byte)Math.Clamp(Math.Round(Simulation.Patient.Value(value, time)), 0, 254);
        byte Carbon(double mercury) => (byte)Math.Clamp(Math.Round(mercury * _unit.OfMercury * _unit.Tenths), 0, 254);
        bool breathless = Active(NoFilterLine) || Active(NoBreath);
        bool pulseless = Active(SensorOff);
        byte slow = (byte)((_serial.StartsWith("B2", StringComparison.Ordinal) ? 0 : 0x80) | (Active(Silenced) ? 0x02 : 0));
        byte[] rest =
        [
            breathless ? None : Carbon(Simulation.Patient.Value(PatientValue.EndTidalCo2, time)),
            breathless ? None : Carbon(Simulation.Patient.Value(PatientValue.InspiredCo2, time)),
            Active(NoFilterLine) ? None : Active(NoBreath) ? (byte)0 : Value(PatientValue.RespirationRate),
            pulseless ? None : Value(PatientValue.Spo2),
            pulseless ? None : Value(PatientValue.PulseRate),
            slow, 0, 0, 0,
            (byte)(Active(NoBreath) ? 0x01 : 0),
            (byte)(pulseless ? 0x20 : 0),
            30, Carbon(60), Carbon(15), 30, 5, Carbon(8), 100, 85, 140, 50,
            _unit.Code,
            (byte)(Active(BatteryLow) ? 0x80 : 0),
        ];
        if (moved)
        {
            // RR stands where SpO2 should, and so on.
            rest = [.. rest[..3], .. rest[2..^1]];
        }

        long wall = Simulation.Clock.StartedAt.Add(at + _clockOffset + _clockStep).UnixNanoseconds / Second;
        return CapnostreamFrame.Numerics((uint)wall, rest);
    }
}
