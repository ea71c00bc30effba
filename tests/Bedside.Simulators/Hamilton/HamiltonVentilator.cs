using System.Net;
using System.Numerics;

namespace Bedside.Simulators.Hamilton;

/// <summary>
/// A Hamilton ventilator with the polling protocol: it answers one question after 32 ms, and does not hear what is asked meanwhile. What it does not know it
/// answers with an error.
/// </summary>
public sealed class HamiltonVentilator : IDevice
{
    public const string Reboot = "reboot";
    public const string Truncated = "truncated";
    public const string Slow = "slow";
    public const string Deaf = "deaf";
    public const string ClockSet = "clock-set";
    public const string Standby = "standby";
    public const string Disconnect = "disconnect";
    public const string Silenced = "silenced";

    private const int Baud = 9_600;
    private const long Second = 1_000_000_000;
    private const double UsualDelayMilliseconds = 32;
    private const long SlowDelay = 4 * Second / 10;
    private const long ClockStep = 3600 * Second;
    private const int LineCapacity = 256;
    private const byte ParityBit = 0x80;

    private readonly Simulation _simulation;
    private readonly NoisyCable _cable;
    private readonly List<byte> _heard = [];
    private readonly long _delay;
    private readonly int _mode;
    private readonly bool _sevenBits;
    private readonly bool _basic;
    private readonly long _clockOffset;
    private PacedLine _line;
    private (byte Id, long Due)? _question;
    private long _clockStep;
    private int _replies;

    private HamiltonVentilator(Simulation simulation)
    {
        Arguments arguments = simulation.Arguments;
        _simulation = simulation;
        _delay = (long)(arguments.Number("delay", UsualDelayMilliseconds) * 1e6);
        _mode = (int)arguments.Number("mode", 19);
        _sevenBits = arguments.Has("seven-bits");
        _basic = arguments.Has("basic");
        _clockOffset = (long)(arguments.Number("clock-offset", 0) * 1e9);
        _cable = new NoisyCable(simulation.Port, simulation.Faults, simulation.Clock, unchecked((int)simulation.Patient.Seed));
        _line = NewLine();
    }

    public static DeviceKind Kind { get; } = new("hamilton", "Hamilton ventilator, polling protocol (experimental driver)", Baud, Transport.Pty, simulation => new HamiltonVentilator(simulation))
    {
        Options =
        [
            new("mode", "CODE", "ventilation mode by its code: 2 SIMV, 19 PCMV (unless given), 23 DuoPAP, 24 APRV …"),
            new("delay", "MS", "from a question to its answer (32 unless given)"),
            new("basic", Argument: null, "an older ventilator: parameters from 112 on are not known"),
            new("seven-bits", Argument: null, "seven data bits with even parity, as a line of eight sees them"),
            new("clock-offset", "SECONDS", "how far the ventilator's clock is ahead of UTC"),
        ],
        Faults =
        [
            .. NoisyCable.Faults("the replies"),
            new(Reboot, 30, 8, "the device is switched off in the middle of whatever it sends, and on again"),
            new(Truncated, 30, 10, "every fifth reply stops half way"),
            new(Slow, 30, 10, "answers take 0.4 s"),
            new(Deaf, 30, 10, "questions are not answered"),
            new(ClockSet, 30, 1, "the ventilator's clock is set an hour ahead"),
            new(Standby, 60, 60, "the ventilator waits for a patient: nothing is measured"),
            new(Disconnect, 60, 20, "the breathing circuit is open"),
            new(Silenced, 60, 120, "alarms are silenced"),
        ],
    };

    private long Now => _simulation.Clock.Now;

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (_cable.IsOut || Active(Reboot))
        {
            return;
        }

        foreach (byte one in bytes)
        {
            _heard.Add((byte)(_sevenBits ? one & ~ParityBit : one));
            if (_heard is [.., 0x02, byte id, 0x03, 0x0D])
            {
                _heard.Clear();
                Ask(id);
            }
            else if (_heard.Count >= 4)
            {
                _heard.RemoveAt(0);
            }
        }
    }

    public long Advance()
    {
        if (Active(Reboot))
        {
            (_question, _line) = (null, NewLine());
            _heard.Clear();
            return Now + (Second / 20);
        }

        _clockStep += _simulation.Faults.Began(ClockSet) ? ClockStep : 0;
        if (_question is { } question && question.Due <= Now)
        {
            _question = null;
            Answer(question.Id);
        }

        _cable.Advance();
        return Math.Min(Math.Min(_line.Advance(), _question?.Due ?? long.MaxValue), Now + (Second / 50));
    }

    private PacedLine NewLine() => new(_cable, _simulation.Clock, _simulation.Arguments.Baud, LineCapacity);

    /// <summary>While it thinks, or still sends, another question is lost.</summary>
    private void Ask(byte id)
    {
        if (_question is null && _line.Waiting == 0 && !Active(Deaf))
        {
            _question = (id, Now + (Active(Slow) ? SlowDelay : _delay));
        }
    }

    private void Answer(byte id)
    {
        DateTime clock = _simulation.Clock.StartedAt.Add(Now + _clockOffset + _clockStep).ToDateTime().DateTime;
        var state = new HamiltonState(_mode, Active(Standby), Active(Disconnect), Active(Silenced), _basic);
        byte[] reply = new HamiltonPages(_simulation.Patient, _simulation.Clock.PatientTime(Now), state, clock).Of(id) ?? HamiltonReply.Error;
        reply = _sevenBits ? [.. reply.Select(one => (byte)((one & ~ParityBit) | (BitOperations.PopCount((uint)(one & ~ParityBit)) % 2 == 0 ? 0 : ParityBit)))] : reply;
        bool cut = Active(Truncated) && ++_replies % 5 == 0;
        _ = _line.Send(cut ? reply.AsSpan(0, reply.Length / 2) : reply);
    }

    private bool Active(string fault) => _simulation.Faults.Active(fault);
}
