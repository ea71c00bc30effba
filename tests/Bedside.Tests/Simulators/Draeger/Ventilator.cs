using System.Globalization;
using System.Net;
using System.Text;
using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Draeger;

/// <summary>Time that passes when told to.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(_ticks);

    public void Pass(TimeSpan time) => _ticks += time.Ticks;
}

/// <summary>A frame the device sent: E = command (escape), S = response; <paramref name="Body"/> is code or echo and what follows.</summary>
internal sealed record Said(char Kind, byte Code, string Body, bool Sound, double At);

/// <summary>
/// A simulated ventilator on a bench, and a host that hears it: written from the sheet's rules of framing alone, so that it
/// does not share a slip with the simulator.
/// </summary>
internal sealed class Ventilator : IPort
{
    private readonly HandClock _clock = new();
    private readonly MedibusDevice _device;
    private readonly StringBuilder _command = new();
    private readonly StringBuilder _response = new();

    public Ventilator(DeviceKind kind, params string[] options)
    {
        var arguments = Arguments.Parse(kind, ["--pty", .. options]);
        var clock = new SimulationClock(_clock, arguments.Epoch);
        Faults = new FaultSchedule(clock, kind.Faults);
        foreach (string fault in arguments.Values("fault"))
        {
            if (!Faults.TryAdd(fault, 0))
            {
                throw new ArgumentException($"no fault {fault}");
            }
        }

        Patient = new Patient(arguments.Seed);
        Clock = clock;
        _device = (MedibusDevice)kind.Create(new Simulation(clock, Patient, this, Faults, arguments));
    }

    public Patient Patient { get; }

    public SimulationClock Clock { get; }

    public FaultSchedule Faults { get; }

    public SessionState State => _device.State;

    public int LostRecords => _device.LostRecords;

    public double Seconds => Clock.Now / 1e9;

    /// <summary>Everything the device sent, with the time it was given to the line.</summary>
    public List<(byte Value, double At)> Bytes { get; } = [];

    public List<Said> Frames { get; } = [];

    public List<byte> Realtime { get; } = [];

    /// <summary>Answers commands of the device as a good host does, with NOPs in between when nothing else is said.</summary>
    public bool Attentive { get; set; }

    public string HostIdentification { get; set; } = "0161'Bench'01.00:06.00";

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        foreach (byte one in bytes)
        {
            Bytes.Add((one, Seconds));
            Hear(one);
        }
    }

    public void Say(params byte[] bytes) => _device.Receive(bytes, from: null);

    public void Command(byte code, string argument = "") => Say(MedibusFrame.Command(code, Encoding.Latin1.GetBytes(argument)));

    public void Answer(byte echo, string payload = "") => Say(MedibusFrame.Response(echo, payload));

    public void Run(double seconds, int stepMicroseconds = 1000)
    {
        double end = Seconds + seconds;
        while (Seconds < end)
        {
            _clock.Pass(TimeSpan.FromMicroseconds(stepMicroseconds));
            int known = Frames.Count;
            _ = _device.Advance();
            for (int i = known; i < Frames.Count && Attentive; i++)
            {
                if (Frames[i] is { Kind: 'E', Sound: true } asked)
                {
                    Answer(asked.Code, asked.Code == 0x52 ? HostIdentification : string.Empty);
                }
            }
        }
    }

    /// <summary>Asks and waits; the payload of the answer, or null when none came within <paramref name="within"/> seconds.</summary>
    public string? Ask(byte code, string argument = "", double within = 1)
    {
        int known = Frames.Count;
        Command(code, argument);
        double end = Seconds + within;
        while (Seconds < end)
        {
            Run(0.002);
            if (Frames.Skip(known).FirstOrDefault(frame => frame.Kind == 'S' && frame.Code == code && frame.Sound) is Said answer)
            {
                return answer.Body;
            }
        }

        return null;
    }

    /// <summary>Brings a session up to where everything is answered.</summary>
    public Ventilator Connect()
    {
        Attentive = true;
        Run(0.1);
        Command(0x51);
        Run(0.8);
        return State == SessionState.Active ? this : throw new InvalidOperationException($"the session is {State}");
    }

    private void Hear(byte one)
    {
        switch (one)
        {
            case >= 0x80:
                Realtime.Add(one);
                break;
            case 0x1B:
                _command.Clear().Append((char)one);
                break;
            case 0x01:
                _response.Clear().Append((char)one);
                break;
            case 0x0D:
                Close(_command.Length > 0 ? _command : _response);
                break;
            default:
                _ = (_command.Length > 0 ? _command : _response).Append((char)one);
                break;
        }
    }

    private void Close(StringBuilder open)
    {
        string frame = open.ToString();
        open.Clear();
        if (frame.Length < 4)
        {
            return;
        }

        int sum = frame[..^2].Sum(letter => letter) % 256;
        Frames.Add(new Said(frame[0] == 0x1B ? 'E' : 'S', (byte)frame[1], frame[2..^2], frame[^2..] == sum.ToString("X2", CultureInfo.InvariantCulture), Seconds));
    }
}
