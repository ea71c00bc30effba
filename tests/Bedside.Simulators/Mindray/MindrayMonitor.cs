using System.Net;

namespace Bedside.Simulators.Mindray;

/// <summary>
/// A Mindray monitor with Patient Data Share on TCP: a burst when a host comes, in which queries are lost; a keep-alive each second; what was asked for, each second; and it
/// hangs up on a host that says nothing for ten seconds. It announces itself by datagrams.
/// </summary>
public sealed class MindrayMonitor : IDevice
{
    public const string Silence = "silence";
    public const string Reboot = "reboot";
    public const string BadChecksum = "bad-checksum";
    public const string Garbage = "garbage";
    public const string Truncate = "truncate";
    public const string LeadOff = "lead-off";
    public const string Alarm = "alarm";
    public const string SensorOff = "sensor-off";
    public const string ClockSet = "clock-set";

    private const long Second = 1_000_000_000;
    private const long HangUpAfter = 10 * Second;
    private const long ClockStep = 3600 * Second;
    private const int MostPerList = 4;
    private const int Port = 4601;

    private readonly Simulation _simulation;
    private readonly MonitorPages _pages;
    private readonly IPEndPoint? _announceTo;
    private readonly long _burst;
    private readonly Random _random;
    private readonly List<byte> _heard = [];
    private PdsQuery? _query;
    private long _connectedAt = -1;
    private long _heardAt;
    private long _next;
    private long _nextAnnouncement;

    private MindrayMonitor(Simulation simulation)
    {
        _simulation = simulation;
        _pages = new MonitorPages(simulation);
        _random = new Random(unchecked((int)simulation.Patient.Seed));
        _burst = (long)(simulation.Arguments.Number("burst", 2) * 1e9);
        string to = simulation.Arguments.Value("announce") ?? "none";
        _announceTo = to == "none" ? null : Arguments.Address("announce", to);
    }

    public static DeviceKind Kind { get; } = new("mindray", "Mindray monitor with Patient Data Share", 9600, Transport.Tcp, simulation => new MindrayMonitor(simulation))
    {
        Options =
        [
            new("announce", "ADDR:PORT", "where to announce the monitor each second (255.255.255.255:4600 on a real network); none unless given"),
            new("burst", "SECONDS", "how long queries are lost after a host came (2 unless given)"),
            new("bed", "NAME", "name of the bed"),
        ],
        Faults =
        [
            new(Silence, 30, 15, "the monitor says nothing"),
            new(Reboot, 30, 8, "the monitor is switched off and on: the connection ends"),
            new(BadChecksum, 30, 10, "one wave in four has a wrong checksum"),
            new(Garbage, 30, 3, "bytes that are no message"),
            new(Truncate, 30, 10, "one message in three breaks off"),
            new(LeadOff, 60, 20, "no ECG: values are -100, waves are not sent"),
            new(Alarm, 60, 20, "an alarm of the patient"),
            new(SensorOff, 60, 20, "the finger sensor is off: a technical alarm"),
            new(ClockSet, 30, 1, "the monitor's clock is set an hour ahead"),
        ],
    };

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        long now = _simulation.Clock.Now;
        if (_simulation.Faults.Active(Reboot))
        {
            return;
        }

        if (_connectedAt < 0)
        {
            Connect(now);
        }

        foreach (byte one in bytes)
        {
            _heard.Add(one);
            if (one == 0x0D && _heard is [.., 0x1C, _])
            {
                Take([.. _heard], now);
                _heard.Clear();
            }
        }
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        _pages.ClockOffset += _simulation.Faults.Began(ClockSet) ? ClockStep : 0;
        if (_simulation.Faults.Active(Reboot))
        {
            HangUp();
            return now + (Second / 10);
        }

        if (_announceTo is not null && now >= _nextAnnouncement)
        {
            _nextAnnouncement = now + Second;
            _simulation.Port.Send(_pages.Announcement((_simulation.Address?.Address ?? IPAddress.None, _simulation.Address?.Port ?? Port)), _announceTo);
        }

        if (_connectedAt >= 0 && now - _heardAt > HangUpAfter)
        {
            _simulation.Log.WriteLine("the host says nothing: hung up");
            HangUp();
        }

        while (_connectedAt >= 0 && now >= _next)
        {
            Say(_next);
            _next += Second;
        }

        return Math.Min(_connectedAt >= 0 ? _next : now + Second, now + (Second / 20));
    }

    private void Connect(long now)
    {
        _connectedAt = now;
        _heardAt = now;
        _next = now + Second;
        _query = null;
        _heard.Clear();
        Put(_pages.Patient());
    }

    private void HangUp()
    {
        if (_connectedAt >= 0)
        {
            _connectedAt = -1;
            (_simulation.Port as ILineThatEnds)?.End();
        }
    }

    private void Take(byte[] message, long now)
    {
        _heardAt = now;
        int start = Array.IndexOf(message, (byte)0x0B) + 1;
        if (now - _connectedAt < _burst)
        {
            return;
        }

        _query = PdsQuery.Read(message.AsSpan(start, message.Length - start - 2), MostPerList) ?? _query;
    }

    private void Say(long now)
    {
        if (now - _connectedAt < _burst)
        {
            Put(_pages.Configuration());
            return;
        }

        Put(MonitorPages.KeepAlive());
        if (_query is not null)
        {
            var messages = new List<byte>();
            foreach (byte[] page in _pages.All(_query, now, Spoil))
            {
                messages.AddRange(page);
            }

            Put([.. messages]);
        }
    }

    private byte[] Spoil(byte[] wave)
    {
        if (_simulation.Faults.Active(BadChecksum) && _random.Next(4) == 0)
        {
            wave[8] ^= 0x01;
        }

        return wave;
    }

    /// <summary>Several messages in one piece, and pieces that end in the middle of a message.</summary>
    private void Put(byte[] bytes)
    {
        if (_simulation.Faults.Active(Silence))
        {
            return;
        }

        byte[] sent = _simulation.Faults.Active(Truncate) && _random.Next(3) == 0 ? bytes[.._random.Next(1, bytes.Length)] : bytes;
        int cut = _random.Next(sent.Length + 1);
        foreach (byte[] piece in (byte[][])[sent[..cut], sent[cut..]])
        {
            if (piece.Length > 0)
            {
                _simulation.Port.Send(piece, to: null);
            }
        }

        if (_simulation.Faults.Active(Garbage))
        {
            byte[] noise = new byte[_random.Next(3, 40)];
            _random.NextBytes(noise);
            _simulation.Port.Send(noise, to: null);
        }
    }
}
