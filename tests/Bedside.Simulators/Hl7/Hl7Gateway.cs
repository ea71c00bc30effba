using System.Net;
using System.Text;

namespace Bedside.Simulators.Hl7;

/// <summary>
/// A gateway that calls a box and sends it one bed in HL7 2.6 over MLLP: values as often as it is told, a wave each second, alarms. It waits for each answer and sends again what was not
/// accepted, as gateways do; what it could not send it keeps, bounded. With a window it does not wait for each answer, and sends everything again that was not answered. When told to, it
/// plays the admissions (ADT) of a whole unit as well, and its devices name whoever lies in the bed.
/// </summary>
public sealed class Hl7Gateway : IDevice
{
    public const string Outage = "outage";
    public const string Repeat = "repeat";
    public const string WrongCode = "wrong-code";
    public const string ClockSet = "clock-set";
    public const string Garbage = "garbage";
    public const string Alarm = "alarm";
    public const string NoEnd = "no-end";

    private const long Second = 1_000_000_000;
    private const int MostWaiting = 10_000;

    private readonly Simulation _simulation;
    private readonly GatewayPages _pages;
    private readonly AdmissionFeed? _admissions;
    private readonly long _every;
    private readonly long _again;
    private readonly int _window;
    private readonly long _count;
    private readonly Queue<(byte[] Message, Kept Kind)> _waiting = new();
    private readonly List<byte> _heard = [];
    private long _nextValues;
    private long _nextWave;
    private long _sentAt = -1;
    private long _clockOffset;
    private bool _isAlarming;
    private int _underWay;
    private long _made;
    private long _acceptedValues;
    private long _acceptedWaves;

    private enum Kept
    {
        Values,
        Wave,
        Alarm,
        Admission,
    }

    private Hl7Gateway(Simulation simulation)
    {
        _simulation = simulation;
        string bed = simulation.Arguments.Value("bed") ?? "7";
        long unit = (long)(Math.Max(0.01, simulation.Arguments.Number("adt-every", 10)) * Second);
        _admissions = simulation.Arguments.Has("admissions") ? new AdmissionFeed(simulation, bed, unit) : null;
        _pages = new GatewayPages(simulation, bed, _admissions);
        _every = (long)(Math.Max(0.1, simulation.Arguments.Number("every", 1)) * Second);
        _again = (long)(Math.Max(0.1, simulation.Arguments.Number("again", 5)) * Second);
        _window = (int)Math.Clamp(simulation.Arguments.Number("window", 1), 1, 1_000);
        _count = (long)simulation.Arguments.Number("count", 0);
    }

    public static DeviceKind Kind { get; } = new("hl7-gateway", "gateway that calls a box and sends HL7 (PCD-01) over MLLP", 9600, Transport.Tcp, simulation => new Hl7Gateway(simulation))
    {
        Calls = true,
        Options =
        [
            new("every", "SECONDS", "how often values are sent (1 unless given)"),
            new("bed", "NAME", "third component of PV1-3 (7 unless given)"),
            new("waves", Argument: null, "send an ECG each second as well"),
            new("admissions", Argument: null, "play the admissions (ADT) of a unit as well: this bed and seven others, from the seed, TEST-0041 and so on"),
            new("adt-every", "SECONDS", "how often something happens in that unit (10 unless given)"),
            new("window", "N", "so many messages are under way at once (1 unless given)"),
            new("again", "SECONDS", "what is not answered for so long is sent again (5 unless given)"),
            new("count", "N", "ends after so many messages of values, and says on standard error when all are accepted"),
            new("training", Argument: null, "mark messages as training (MSH-11 T)"),
        ],
        Faults =
        [
            new(Outage, 30, 20, "nothing is sent; what waited follows in a burst"),
            new(Repeat, 30, 10, "every message is sent twice"),
            new(WrongCode, 30, 10, "one number bears the name of another signal"),
            new(ClockSet, 30, 1, "the gateway's clock is set an hour ahead"),
            new(Garbage, 30, 5, "bytes between the frames"),
            new(Alarm, 30, 20, "an alarm begins and ends"),
            new(NoEnd, 30, 5, "frames end without their last byte"),
            .. AdmissionFeed.Faults,
        ],
    };

    /// <summary>Accepted messages so far.</summary>
    public long Accepted { get; private set; }

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        _heard.AddRange(bytes);
        int end;
        while ((end = _heard.IndexOf(0x1C)) >= 0)
        {
            string answer = Encoding.ASCII.GetString([.. _heard.Take(end)]);
            _heard.RemoveRange(0, end + 1);
            string[] said = answer.Split("\rMSA|", 2);
            string[] fields = said[^1].Split('|', '\r');
            if (said.Length < 2 || fields.Length < 2)
            {
                continue;
            }

            bool isOfFirst = _waiting.Count > 0 && fields[1] == ControlOf(_waiting.Peek().Message);
            if (isOfFirst && fields[0] is ("CA" or "CR"))
            {
                // A message that was refused for good is not sent again.
                Count(_waiting.Dequeue().Kind, isAccepted: fields[0] == "CA");
                _underWay = Math.Max(0, _underWay - 1);
                _sentAt = _underWay == 0 ? -1 : _simulation.Clock.Now;
            }
            else if (fields[0] != "CA")
            {
                // Not accepted: everything from there on once more.
                (_underWay, _sentAt) = (0, -1);
            }
        }

        Send();
    }

    private void Count(Kept kind, bool isAccepted)
    {
        Accepted += isAccepted ? 1 : 0;
        _acceptedValues += isAccepted && kind == Kept.Values ? 1 : 0;
        _acceptedWaves += isAccepted && kind == Kept.Wave ? 1 : 0;
        if (_count > 0 && _made >= _count && _waiting.Count == 0)
        {
            _simulation.Log.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"accepted {_acceptedValues} values {_acceptedWaves} waves"));
        }
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        _clockOffset += _simulation.Faults.Began(ClockSet) ? 3_600 * Second : 0;
        foreach (string message in _admissions?.Due(now) ?? [])
        {
            Queue(message, Kept.Admission);
        }

        bool goesOn = _count == 0 || _made < _count;
        if (now >= _nextValues && goesOn)
        {
            _nextValues = now + _every;
            _made++;
            Queue(_pages.Values(now, _clockOffset, _simulation.Faults.Active(WrongCode)), Kept.Values);
        }

        if (now >= _nextWave && goesOn && _simulation.Arguments.Has("waves"))
        {
            Queue(_pages.Wave(_nextWave == 0 ? now : _nextWave, _clockOffset), Kept.Wave);
            _nextWave = (_nextWave == 0 ? now : _nextWave) + Second;
        }

        if (_isAlarming != _simulation.Faults.Active(Alarm))
        {
            _isAlarming = !_isAlarming;
            Queue(_pages.Alarm(now, _clockOffset, _isAlarming), Kept.Alarm);
        }

        Send();
        return goesOn ? Math.Min(_nextValues, now + (Second / 20)) : now + (Second / 20);
    }

    private void Queue(string message, Kept kind)
    {
        if (_waiting.Count < MostWaiting)
        {
            _waiting.Enqueue((Encoding.UTF8.GetBytes(message), kind));
        }
    }

    /// <summary>As many as may be under way; all of them again when no answer came.</summary>
    private void Send()
    {
        long now = _simulation.Clock.Now;
        if (_simulation.Faults.Active(Outage))
        {
            return;
        }

        if (_sentAt >= 0 && now - _sentAt >= _again)
        {
            _underWay = 0;
        }

        while (_underWay < Math.Min(_window, _waiting.Count))
        {
            SendOne(_waiting.ElementAt(_underWay++).Message);
            _sentAt = now;
        }
    }

    private void SendOne(byte[] message)
    {
        byte[] frame = _simulation.Faults.Active(NoEnd) ? [0x0B, .. message, 0x1C] : [0x0B, .. message, 0x1C, 0x0D];
        if (_simulation.Faults.Active(Garbage))
        {
            frame = [.. "\r\n junk \0"u8, .. frame];
        }

        _simulation.Port.Send(frame, to: null);
        if (_simulation.Faults.Active(Repeat))
        {
            _simulation.Port.Send(frame, to: null);
        }
    }

    private static string ControlOf(byte[] message) => Encoding.UTF8.GetString(message).Split('|', 11)[9];
}
