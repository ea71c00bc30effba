using System.Net;
using System.Text;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.PuritanBennett;

/// <summary>
/// A Puritan Bennett ventilator's DCI port: it reads commands up to CR, answers SNDA and SNDF one after the other at the line's speed, and
/// says nothing by itself. What it does not know it ignores.
/// </summary>
public sealed class DciDevice : IDevice
{
    private const long Second = 1_000_000_000;
    private const long SlowDelay = 4 * Second;
    private const long StutterPause = 12 * Second / 10;
    private const long ClockStep = 3600 * Second;
    private const int MostCommand = 32;
    private const int MostQuestions = 4;
    private const int LineCapacity = 8192;

    private readonly Simulation _simulation;
    private readonly DciSettings _settings;
    private readonly NoisyCable _cable;
    private readonly AlarmWords _alarms = new();
    private readonly StringBuilder _command = new();
    private readonly Queue<(string Question, long Due)> _questions = new();
    private PacedLine _line;
    private byte[]? _rest;
    private long _restDue;
    private long _clockStep;
    private int _replies;

    public DciDevice(Simulation simulation, DciSettings settings)
    {
        _simulation = simulation;
        _settings = settings;
        _cable = new NoisyCable(simulation.Port, simulation.Faults, simulation.Clock, unchecked((int)simulation.Patient.Seed));
        _line = NewLine();
    }

    private long Now => _simulation.Clock.Now;

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (_cable.IsOut || Active(DciFaults.Reboot))
        {
            return;
        }

        foreach (byte one in bytes)
        {
            if (one == (byte)'\r')
            {
                Obey(_command.ToString());
                _command.Clear();
            }
            else if (_command.Length < MostCommand)
            {
                _command.Append((char)one);
            }
        }
    }

    public long Advance()
    {
        if (Active(DciFaults.Reboot))
        {
            _questions.Clear();
            _command.Clear();
            _rest = null;
            _line = NewLine();
            return Now + (Second / 10);
        }

        if (_simulation.Faults.Began(DciFaults.ClockSet))
        {
            _clockStep += ClockStep;
        }

        if (_rest is not null && _line.Waiting == 0 && Now >= _restDue)
        {
            _line.Send(_rest);
            _rest = null;
        }

        if (_line.Waiting == 0 && _rest is null && _questions.TryPeek(out (string Question, long Due) next) && next.Due <= Now)
        {
            _questions.Dequeue();
            Answer(next.Question);
        }

        _cable.Advance();
        return Math.Min(_line.Advance(), Now + (Second / 50));
    }

    private PacedLine NewLine() => new(_cable, _simulation.Clock, _settings.Baud, LineCapacity);

    private void Obey(string command)
    {
        switch (command)
        {
            case "RSET":
                _questions.Clear();
                break;
            case "SNDA":
            case "SNDF" when !_settings.BasicOnly:
                if (!Active(DciFaults.Deaf) && _questions.Count < MostQuestions)
                {
                    _questions.Enqueue((command, Now + (Active(DciFaults.Slow) ? SlowDelay : _settings.Delay)));
                }

                break;
            default:
                if (command.Length > 0)
                {
                    _simulation.Log.WriteLine($"{_settings.Identity}: '{command}' is no command");
                }

                break;
        }
    }

    private void Answer(string question)
    {
        _replies++;
        bool spoilt = _replies % 2 == 0;
        DciPages pages = Pages();
        byte[] reply = question == "SNDA"
            ? pages.Basic().Bytes(WrongFields(spoilt))
            : pages.Extended().Bytes(WrongFields(spoilt), _settings.StatedBytes);
        if (Active(DciFaults.Truncated) && spoilt)
        {
            _line.Send(reply.AsSpan(0, reply.Length / 2));
        }
        else if (Active(DciFaults.Stutter))
        {
            int half = reply.Length / 2;
            _line.Send(reply.AsSpan(0, half));
            _rest = reply[half..];
            _restDue = Now + (half * _line.ByteTime) + StutterPause;
        }
        else
        {
            _line.Send(reply);
        }
    }

    private int WrongFields(bool spoilt) => Active(DciFaults.WrongCount) && spoilt ? 1 : 0;

    private DciPages Pages()
    {
        long now = Now;
        var readings = new VentilatorReadings(
            _simulation.Patient,
            _simulation.Clock.PatientTime(now),
            new VentilatorCondition(Active(DciFaults.Standby), Active(DciFaults.Disconnect), Co2Off: true, Active(DciFaults.AirSupply)));
        bool open = Active(DciFaults.Disconnect);
        _alarms.Silenced = Active(DciFaults.Silenced);
        _alarms.Set(now, Alarm.Disconnect, open);
        _alarms.Set(now, Alarm.LowMinuteVolume, open);
        _alarms.Set(now, Alarm.LowVolume, open);
        _alarms.Set(now, Alarm.AirSupply, Active(DciFaults.AirSupply));
        _alarms.Set(now, Alarm.HighPressure, readings.PeakPressure > 49);
        _alarms.Set(now, Alarm.HighRate, readings.Rate > readings.Settings.Rate + 15);
        DateTime clock = _simulation.Clock.StartedAt.Add(now + _settings.ClockOffset + _clockStep).ToDateTime().DateTime;
        double? peakFlow = readings.Rate is null ? null : _simulation.Patient.Value(PatientValue.PeakExpiratoryFlow, _simulation.Clock.PatientTime(now));
        return new DciPages(_settings, readings, peakFlow, _alarms, clock);
    }

    private bool Active(string fault) => _simulation.Faults.Active(fault);
}
