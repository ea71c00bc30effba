using System.Net;
using System.Text;
using Bedside.Simulators.Draeger;

namespace Bedside.Simulators.Servo;

/// <summary>
/// A SERVO ventilator's computer interface on a line: collects commands up to 04, answers one at a time, lets data flow after RADC until ESC, and obeys the
/// host's XOFF and XON. While data flow only ESC is heard.
/// </summary>
public sealed class ServoDevice : IDevice
{
    private const long Second = 1_000_000_000;
    private const long SlowDelay = 5 * Second / 4;
    private const long CharacterTimeout = 10 * Second;
    private const int LineCapacity = 16_384;
    private const int StreamCapacity = 1024;
    private const int MostCommand = 512;

    /// <summary>Start, eight bits, parity, stop; the line's pacing counts ten.</summary>
    private const int BitsPerByte = 11;
    private const int PacedBits = 10;

    private readonly Simulation _simulation;
    private readonly ServoSettings _settings;
    private readonly NoisyCable _cable;
    private readonly ServoCommands _commands;
    private readonly ServoStream _stream;
    private readonly StringBuilder _input = new();
    private PacedLine _line;
    private (byte[] Bytes, long Due)? _answer;
    private long _inputAt;
    private bool _paused;
    private int _sent;

    public ServoDevice(Simulation simulation, ServoSettings settings)
    {
        _simulation = simulation;
        _settings = settings;
        _cable = new NoisyCable(simulation.Port, simulation.Faults, simulation.Clock, unchecked((int)simulation.Patient.Seed));
        _commands = new ServoCommands(settings);
        _stream = new ServoStream(_commands, simulation.Patient);
        _line = NewLine();
    }

    public bool IsStreaming => _stream.Runs;

    public int Version => _commands.Version;

    private long Now => _simulation.Clock.Now;

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (_cable.IsOut || Active(ServoFaults.Reboot))
        {
            return;
        }

        foreach (byte one in bytes)
        {
            Hear(one);
        }
    }

    public long Advance()
    {
        if (Active(ServoFaults.Reboot))
        {
            SwitchOff();
            return Now + (Second / 10);
        }

        if (_answer is (byte[] answer, long due) && due <= Now)
        {
            _answer = null;
            Send(answer);
            BeginStream();
        }

        Stream();
        _cable.Advance();
        long soon = _paused ? long.MaxValue : _line.Advance();
        return Math.Min(soon, Now + (Second / 100));
    }

    private void Hear(byte one)
    {
        switch (one)
        {
            case ServoFrame.Pause:
                _paused = true;
                return;
            case ServoFrame.Resume:
                _paused = false;
                return;
            case ServoFrame.Escape:
                _stream.Stop();
                _answer = null;
                _commands.StreamAsked = false;
                _input.Clear();
                _line = NewLine();
                return;
        }

        if (_stream.Runs || _commands.StreamAsked)
        {
            return;
        }

        if (Now - _inputAt >= CharacterTimeout)
        {
            _input.Clear();
        }

        _inputAt = Now;
        if (one == ServoFrame.EndOfTransmission)
        {
            Obey(_input.ToString());
            _input.Clear();
        }
        else if (_input.Length < MostCommand)
        {
            _input.Append((char)one);
        }
    }

    private void Obey(string command)
    {
        if (Active(ServoFaults.Deaf))
        {
            return;
        }

        DateTime clock = _simulation.Clock.StartedAt.Add(Now + _settings.ClockOffset).ToDateTime().DateTime;
        byte[] answer = _commands.Answer(command, Moment(Now), clock);
        _answer = (answer, Now + (Active(ServoFaults.Slow) ? SlowDelay : _settings.Delay));
    }

    private void BeginStream()
    {
        if (_commands.StreamAsked)
        {
            _commands.StreamAsked = false;
            Send(_stream.Begin(DeviceTime(Now), _simulation.Clock.PatientTime(Now), Moment(Now)));
        }
    }

    private void Stream()
    {
        bool standby = Active(ServoFaults.Standby);
        while (_stream.Runs && BoxTime(_stream.NextSample) <= Now)
        {
            long at = BoxTime(_stream.NextSample);
            bool full = _line.Waiting > StreamCapacity || _simulation.Faults.Began(ServoFaults.Overflow);
            Send(standby || full ? _stream.End() : _stream.Sample(_simulation.Clock.PatientTime(at), Moment(at)));
        }
    }

    private void Send(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        byte[] sent = [.. bytes];
        if (Active(ServoFaults.WrongCheck) && ++_sent % 20 == 0)
        {
            sent[^1] ^= 0x01;
        }

        _line.Send(sent);
    }

    private void SwitchOff()
    {
        _commands.PowerOn();
        _stream.Stop();
        _answer = null;
        _paused = false;
        _input.Clear();
        _line = NewLine();
    }

    private ServoMoment Moment(long at)
    {
        var condition = new VentilatorCondition(Active(ServoFaults.Standby), Active(ServoFaults.Disconnect), Active(ServoFaults.Co2Off), Active(ServoFaults.AirSupply));
        return new ServoMoment(
            new VentilatorReadings(_simulation.Patient, _simulation.Clock.PatientTime(at), condition),
            Active(ServoFaults.ModeChange),
            Active(ServoFaults.Silenced));
    }

    private PacedLine NewLine() => new(_cable, _simulation.Clock, _settings.Baud * PacedBits / BitsPerByte, LineCapacity);

    /// <summary>The device's crystal against the box's.</summary>
    private long DeviceTime(long now) => now + (long)(now * _settings.DriftPpm / 1e6);

    private long BoxTime(long deviceTime) => (long)Math.Ceiling(deviceTime / (1 + (_settings.DriftPpm / 1e6)));

    private bool Active(string fault) => _simulation.Faults.Active(fault);
}
