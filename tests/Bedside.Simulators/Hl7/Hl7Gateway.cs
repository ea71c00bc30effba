using System.Net;
using System.Text;

namespace Bedside.Simulators.Hl7;

/// <summary>
/// A gateway that calls a box and sends it one bed in HL7 2.6 over MLLP: values as often as it is told, a wave each second, alarms. It waits for each answer and sends again what was not
/// accepted, as gateways do; what it could not send it keeps, bounded. When told to, it plays the admissions (ADT) of a whole unit beside it, and its devices name whoever lies in the bed.
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
    private const long AgainAfter = 5 * Second;
    private const int MostWaiting = 10_000;

    private readonly Simulation _simulation;
    private readonly GatewayPages _pages;
    private readonly AdmissionFeed? _admissions;
    private readonly long _every;
    private readonly Queue<byte[]> _waiting = new();
    private readonly List<byte> _heard = [];
    private long _nextValues;
    private long _nextWave;
    private long _sentAt = -1;
    private long _clockOffset;
    private bool _isAlarming;

    private Hl7Gateway(Simulation simulation)
    {
        _simulation = simulation;
        string bed = simulation.Arguments.Value("bed") ?? "7";
        long unit = (long)(Math.Max(0.01, simulation.Arguments.Number("adt-every", 10)) * Second);
        _admissions = simulation.Arguments.Has("admissions") ? new AdmissionFeed(simulation, bed, unit) : null;
        _pages = new GatewayPages(simulation, bed, _admissions);
        _every = (long)(Math.Max(0.1, simulation.Arguments.Number("every", 1)) * Second);
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
            if (said.Length < 2 || fields.Length < 2 || _waiting.Count == 0 || fields[1] != ControlOf(_waiting.Peek()))
            {
                // The answer to a message that was sent twice.
                continue;
            }

            if (fields[0] == "CA")
            {
                Accepted++;
                _ = _waiting.Dequeue();
            }

            _sentAt = -1;
        }

        Send();
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        _clockOffset += _simulation.Faults.Began(ClockSet) ? 3_600 * Second : 0;
        foreach (string message in _admissions?.Due(now) ?? [])
        {
            Queue(message);
        }

        if (now >= _nextValues)
        {
            _nextValues = now + _every;
            Queue(_pages.Values(now, _clockOffset, _simulation.Faults.Active(WrongCode)));
        }

        if (now >= _nextWave && _simulation.Arguments.Has("waves"))
        {
            Queue(_pages.Wave(_nextWave == 0 ? now : _nextWave, _clockOffset));
            _nextWave = (_nextWave == 0 ? now : _nextWave) + Second;
        }

        if (_isAlarming != _simulation.Faults.Active(Alarm))
        {
            _isAlarming = !_isAlarming;
            Queue(_pages.Alarm(now, _clockOffset, _isAlarming));
        }

        Send();
        return Math.Min(_nextValues, now + (Second / 20));
    }

    private void Queue(string message)
    {
        if (_waiting.Count < MostWaiting)
        {
            _waiting.Enqueue(Encoding.UTF8.GetBytes(message));
        }
    }

    /// <summary>One message at a time; again when no answer came.</summary>
    private void Send()
    {
        long now = _simulation.Clock.Now;
        bool isAnswerDue = _sentAt >= 0 && now - _sentAt < AgainAfter;
        if (isAnswerDue || _waiting.Count == 0 || _simulation.Faults.Active(Outage))
        {
            return;
        }

        byte[] message = _waiting.Peek();
        byte[] frame = _simulation.Faults.Active(NoEnd) ? [0x0B, .. message, 0x1C] : [0x0B, .. message, 0x1C, 0x0D];
        if (_simulation.Faults.Active(Garbage))
        {
            frame = [.. "\r\n junk \0"u8, .. frame];
        }

        _sentAt = now;
        _simulation.Port.Send(frame, to: null);
        if (_simulation.Faults.Active(Repeat))
        {
            _simulation.Port.Send(frame, to: null);
        }
    }

    private static string ControlOf(byte[] message) => Encoding.UTF8.GetString(message).Split('|', 11)[9];
}
