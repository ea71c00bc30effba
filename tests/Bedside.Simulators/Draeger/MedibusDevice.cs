using System.Net;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Draeger;

/// <summary>
/// A Dräger ventilator on a serial line: the session, the pages of values, the realtime stream, and what can go wrong between
/// them and the host. Bytes leave at the line's speed.
/// </summary>
public sealed class MedibusDevice : IDevice
{
    private const long Second = 1_000_000_000;
    private const long SlowDelay = 4 * Second;
    private const long ResumeAfter = 3 * Second / 2;
    private const long GarbageEvery = Second / 5;
    private const long ClockStep = 3600 * Second;
    private const int BytesBeforeCancel = 6;

    private readonly Simulation _simulation;
    private readonly VentilatorModel _model;
    private readonly MedibusSettings _settings;
    private readonly AlarmLimits _limits;
    private readonly MedibusReceiver _receiver = new();
    private readonly MedibusLine _line;
    private readonly RealtimeStreams _streams;
    private readonly MedibusSession _session;
    private readonly Random _random;
    private IReadOnlyList<RealtimeTrace> _traces;
    private bool _off = true;
    private long _clockStep;
    private long _resumeAt = long.MaxValue;
    private long _nextGarbage;
    private int _cancelIn;
    private byte _announce;

    public MedibusDevice(Simulation simulation, VentilatorModel model, MedibusSettings settings)
    {
        _simulation = simulation;
        _model = model;
        _settings = settings;
        _traces = model.Traces;
        _random = new Random(unchecked((int)simulation.Patient.Seed));
        _limits = AlarmLimits.For(simulation.Patient, simulation.Clock.PatientTime(0));
        _line = new MedibusLine(settings.BitsPerByte * Second / settings.Baud);
        _streams = new RealtimeStreams(model.ExpirationMarks);
        _session = new MedibusSession(model, settings.Session, _line, _streams, new VentilatorPages(model, settings.Omitted));
    }

    /// <summary>Where the conversation stands.</summary>
    public SessionState State => _session.State;

    /// <summary>Realtime records that the line was too slow for.</summary>
    public int LostRecords { get; private set; }

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (_off || Active(MedibusFaults.Silence))
        {
            return;
        }

        long now = _simulation.Clock.Now;
        SessionContext context = Context(now);
        foreach (HostMessage message in _receiver.Take(bytes.ToArray()))
        {
            _session.Take(message, message.Kind == HostSaid.Realtime ? DeviceTime(now) : now, context);
        }
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        if (Active(MedibusFaults.Reboot))
        {
            SwitchOff();
            return now + (Second / 10);
        }

        if (_off)
        {
            _off = false;
            _session.Begin(now, "switched on");
        }

        StartFaults(now);
        _session.Advance(now, Context(now));
        Log();
        var sent = new List<byte>();
        Transmit(now, sent);
        if (sent.Count > 0 && !Active(MedibusFaults.Silence))
        {
            _simulation.Port.Send(sent.ToArray(), to: null);
        }

        long tick = _streams.Runs ? BoxTime(_streams.NextTick) : long.MaxValue;
        long soon = Math.Min(Math.Min(_session.Due(now), _line.Due), Math.Min(tick, _resumeAt));
        return Math.Max(now, Math.Min(soon, now + (Second / 20)));
    }

    private void SwitchOff()
    {
        if (!_off)
        {
            _simulation.Log.WriteLine("switched off");
        }

        _off = true;
        _line.Clear();
        _receiver.Reset();
        _streams.Restart();
        _resumeAt = long.MaxValue;
    }

    /// <summary>Ticks and bytes in the order of their times, so that records fall where they would on the line.</summary>
    private void Transmit(long now, List<byte> sent)
    {
        while (true)
        {
            long tick = _streams.Runs ? BoxTime(_streams.NextTick) : long.MaxValue;
            long next = Math.Min(tick, _line.Due);
            if (next > now)
            {
                break;
            }

            if (tick <= _line.Due)
            {
                SendTick(tick);
            }
            else
            {
                Put(_line.Take(), sent);
            }
        }

        if (Active(MedibusFaults.Garbage) && now >= _nextGarbage)
        {
            _nextGarbage = now + GarbageEvery;
            byte[] noise = new byte[_random.Next(3, 40)];
            _random.NextBytes(noise);
            sent.AddRange(noise);
        }
    }

    private void SendTick(long at)
    {
        byte[] record = _streams.Tick(Readings(at));
        if (record.Length == 0)
        {
            return;
        }

        if (Active(MedibusFaults.LostSync) && _random.Next(5) == 0)
        {
            record = record[1..];
        }

        LostRecords += _line.Realtime(at, record) ? 0 : 1;
    }

    /// <summary>What the cable makes of a byte.</summary>
    private void Put(byte one, List<byte> sent)
    {
        if (Active(MedibusFaults.RealtimeOnly) && one < MedibusFrame.FirstRealtime)
        {
            return;
        }

        if (_cancelIn > 0 && one < MedibusFrame.FirstRealtime && _line.SendsResponse && --_cancelIn == 0)
        {
            _line.CancelSlow();
            sent.Add(MedibusFrame.Cancel);
            return;
        }

        if (Active(MedibusFaults.DropBytes) && _random.Next(100) == 0)
        {
            return;
        }

        bool flipped = Active(MedibusFaults.FlipBits) && _random.Next(200) == 0;
        sent.Add(flipped ? (byte)(one ^ (1 << _random.Next(8))) : one);
        if (Active(MedibusFaults.DoubleBytes) && _random.Next(200) == 0)
        {
            sent.Add(one);
        }
    }

    private void StartFaults(long now)
    {
        _cancelIn = Began(MedibusFaults.Cancel) ? BytesBeforeCancel : _cancelIn;
        if (Began(MedibusFaults.Initialise))
        {
            _session.Begin(now, "begins a new session by itself");
        }

        bool suspends = Began(MedibusFaults.Suspend);
        if (suspends || Began(MedibusFaults.SuspendForever))
        {
            _line.Control(now, MedibusFrame.Suspend);
            _resumeAt = suspends ? now + ResumeAfter : long.MaxValue;
        }

        if (_resumeAt <= now)
        {
            _line.Control(now, MedibusFrame.Resume);
            _resumeAt = long.MaxValue;
        }

        if (Began(MedibusFaults.Rescale))
        {
            _traces = [.. _traces.Select(trace => trace with { LargestBin = trace.LargestBin / 2 })];
            _streams.Restart();
            _line.CancelRealtime();
            _announce = MedibusSession.RealtimeChanged;
        }

        if (Began(MedibusFaults.ClockSet))
        {
            _clockStep += ClockStep;
            _announce = MedibusSession.TimeChanged;
        }

        if (_announce != 0 && _session.State == SessionState.Active && _session.TrySend(_announce, now))
        {
            _announce = 0;
        }
    }

    private SessionContext Context(long now) => new(Readings(now), _limits, _traces, WallClock(now))
    {
        Delay = Active(MedibusFaults.Slow) ? SlowDelay : _settings.Session.Delay,
        CorruptChecksum = Active(MedibusFaults.CorruptChecksum),
        EmbeddedNop = Active(MedibusFaults.EmbeddedNop),
        Deaf = Active(MedibusFaults.Deaf),
    };

    private VentilatorReadings Readings(long now) => new(_simulation.Patient, _simulation.Clock.PatientTime(now), new VentilatorCondition(
        Active(MedibusFaults.Standby), Active(MedibusFaults.Disconnect), Active(MedibusFaults.Co2Off), Active(MedibusFaults.AirSupply)));

    /// <summary>The device's crystal against the box's.</summary>
    private long DeviceTime(long now) => now + (long)(now * _settings.DriftPpm / 1e6);

    private long BoxTime(long deviceTime) => (long)Math.Ceiling(deviceTime / (1 + (_settings.DriftPpm / 1e6)));

    private DateTime WallClock(long now) =>
        _simulation.Clock.StartedAt.Add(DeviceTime(now) + _settings.ClockOffset + _clockStep).ToDateTime().DateTime;

    private bool Active(string fault) => _simulation.Faults.Active(fault);

    private bool Began(string fault) => _simulation.Faults.Began(fault);

    private void Log()
    {
        while (_session.Events.TryDequeue(out string? text))
        {
            _simulation.Log.WriteLine($"{_model.Name}: {text}");
        }
    }
}

/// <summary>What the command line said of this specimen.</summary>
/// <param name="Session">Habits of the conversation.</param>
/// <param name="Omitted">Codes never sent.</param>
/// <param name="Baud">Bits per second.</param>
/// <param name="BitsPerByte">11 with parity, 10 without.</param>
/// <param name="DriftPpm">How much faster than the box's clock the device's runs.</param>
public sealed record MedibusSettings(SessionOptions Session, IReadOnlySet<string> Omitted, int Baud, int BitsPerByte, double DriftPpm)
{
    /// <summary>Device's wall clock less UTC, ns.</summary>
    public long ClockOffset { get; init; }
}
