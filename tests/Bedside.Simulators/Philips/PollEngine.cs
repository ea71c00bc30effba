using System.Net;

namespace Bedside.Simulators.Philips;

/// <summary>What the monitor can tell, and how it says it.</summary>
internal sealed record Instrument(ISignalSource Source, MonitorClock Clock, SystemObject System, AlarmBoard Alarms, Language Language)
{
    /// <summary>When the cuff last measured, on the monitor's wall clock, for a tick.</summary>
    public required Func<long, DateTimeOffset> CuffTime { get; init; }
}

/// <summary>Runs the polls of one association, once a cycle of 1.024 s (sheet, sections 6.2 to 6.4).</summary>
internal sealed class PollEngine(Instrument monitor, Conditions conditions, PriorityLists lists, Outbox outbox)
{
    private const uint WavesGranted = 0x08000000;
    private const uint EnumerationsGranted = 0x04000000;

    /// <summary>One single poll per second and class.</summary>
    private const long SinglePollSpacing = 8000;

    /// <summary>A linked result that another message ends with its last objects instead of nothing, each so many.</summary>
    private const int FullClosingEvery = 4;

    /// <summary>The results of a burst leave 15 ms apart, after the numerics of the cycle.</summary>
    private const long BurstSpacing = 15_000_000;

    private readonly ObjectEncoder _encoder = new(monitor.Language);
    private readonly WaveStream _waves = new(monitor.Source, new ObjectEncoder(monitor.Language), conditions);
    private readonly Dictionary<ObjectClass, Running> _running = [];
    private readonly Dictionary<(ObjectClass Class, bool Values), long> _lastSingle = [];
    private readonly List<ClientMessage.Poll> _single = [];
    private int _linkedResults;

    private sealed class Running(ClientMessage.Poll poll)
    {
        public ClientMessage.Poll Poll => poll;

        /// <summary>The tick of sequence 0; null before it.</summary>
        public long? Began { get; set; }

        public ushort Sequence { get; set; }

        public long Cycles { get; set; }
    }

    /// <summary>What the client was granted.</summary>
    public PollProfile? Profile { get; set; }

    public IPEndPoint? Peer { get; set; }

    /// <summary>The patient that the demographics poll tells of.</summary>
    public Demographics Patient { get; set; } = Demographics.Empty;

    public ushort AssociationNumber { get; set; }

    /// <summary>Takes a poll; returns the error that answers it, or null when results or silence will.</summary>
    public byte[]? Take(ClientMessage.Poll poll)
    {
        bool known = poll.ObjectClass is ObjectClass.Numeric or ObjectClass.Alarm or ObjectClass.Patient
            || (poll.ObjectClass is ObjectClass.System && !poll.Extended)
            || (poll.ObjectClass is ObjectClass.Wave && Granted(WavesGranted))
            || (poll.ObjectClass is ObjectClass.Enumeration && (!poll.Extended || Granted(EnumerationsGranted)));
        if (!known)
        {
            return Error(poll.InvokeId, ErrorCode.NoSuchObjectClass, w => w.U16((ushort)poll.ObjectClass));
        }

        bool possible = poll.Extended ? Profile?.Extended is not null : poll.ObjectClass is not ObjectClass.Wave;
        if (!possible)
        {
            return Error(poll.InvokeId, ErrorCode.NoSuchAction, w => w.U16((ushort)ObjectClass.System).U16(poll.Extended ? Notice.ExtendedPoll : Notice.SinglePoll));
        }

        if (!poll.Extended)
        {
            TakeSingle(poll);
            return null;
        }

        if (poll.ObjectClass is ObjectClass.Wave && _running.TryGetValue(ObjectClass.Wave, out Running? replaced) && replaced.Began is not null)
        {
            _lastBurst = replaced;
        }

        _running[poll.ObjectClass] = new Running(poll);
        return null;
    }

    public static byte[] Error(ushort invokeId, ErrorCode code, Action<MessageWriter> detail)
    {
        var message = new MessageWriter();
        int opened = message.U16(0xE100).U16(2).U16((ushort)Operation.Error).Open();
        int inner = message.U16(invokeId).U16((ushort)code).Open();
        detail(message);
        message.Close(inner);
        message.Close(opened);
        return message.ToArray();
    }

    /// <summary>Forgets all polls, as the end of an association does.</summary>
    public void Clear()
    {
        _running.Clear();
        _single.Clear();
        _lastSingle.Clear();
        _lastBurst = null;
        _waves.Next = null;
    }

    /// <summary>Sends what a cycle brings; <paramref name="due"/> is its moment on the simulation's clock.</summary>
    public void Cycle(long tick, long due)
    {
        monitor.Alarms.Update(tick, conditions.Alarms(monitor.Language));
        foreach (ClientMessage.Poll poll in _single)
        {
            Post(poll, sequence: null, tick, Observe(poll, tick), due);
        }

        _single.Clear();
        long after = due;
        if (_lastBurst is { } last)
        {
            _lastBurst = null;
            after = SendBurst(last, tick, due);
        }

        foreach (Running running in _running.Values.ToArray())
        {
            Step(running, tick, running.Poll.ObjectClass is ObjectClass.Wave ? after : due);
        }
    }

    private Running? _lastBurst;

    private bool Granted(uint option) => ((Profile?.Extended ?? 0) & option) != 0;

    private void TakeSingle(ClientMessage.Poll poll)
    {
        (ObjectClass, bool) kind = (poll.ObjectClass, poll.ObjectClass is ObjectClass.Numeric && poll.Group is AttributeGroup.Values);
        long now = monitor.Clock.Ticks;
        if (_lastSingle.TryGetValue(kind, out long last) && now - last < SinglePollSpacing)
        {
            return;
        }

        _lastSingle[kind] = now;
        _single.Add(poll);
    }

    private void Step(Running running, long tick, long due)
    {
        ClientMessage.Poll poll = running.Poll;
        running.Began ??= tick;
        if (tick - running.Began > (poll.ActivePeriod ?? 0))
        {
            _ = _running.Remove(poll.ObjectClass);
            _waves.Next = poll.ObjectClass is ObjectClass.Wave ? null : _waves.Next;
            return;
        }

        if (poll.ObjectClass is not ObjectClass.Wave)
        {
            if (running.Cycles++ % Every(poll.ObjectClass) == 0)
            {
                Post(poll, running.Sequence++, tick, Observe(poll, tick), due);
            }
        }
        else if (running.Sequence == 0 && running.Began == tick)
        {
            Post(poll, running.Sequence++, tick, _waves.Begin(lists.Waves, poll.Group, tick), due + BurstSpacing);
        }
        else
        {
            _ = SendBurst(running, tick, due);
        }
    }

    /// <summary>Cycles between two results: one, or more when only averages were granted (12 s, 1 min, 5 min).</summary>
    private int Every(ObjectClass objectClass) => objectClass is not ObjectClass.Numeric ? 1 : (Profile?.Extended ?? 0) switch
    {
        uint bits when (bits & 0x80000000) != 0 => 1,
        uint bits when (bits & 0x40000000) != 0 => 6,
        uint bits when (bits & 0x20000000) != 0 => 29,
        uint bits when (bits & 0x10000000) != 0 => 146,
        _ => 1,
    };

    /// <summary>Sends the blocks of a cycle; returns when the last of them leaves.</summary>
    private long SendBurst(Running running, long tick, long due)
    {
        bool split = conditions.Faults.Active(MonitorFaults.SplitSlice);
        foreach ((long block, IReadOnlyList<Observation> waves) in _waves.Burst(lists.Waves, running.Poll.Group, tick))
        {
            due += BurstSpacing;
            if (split)
            {
                split = false;
                Post(running.Poll, running.Sequence++, block, [.. waves.Where(w => w.Handle != BedsideObjects.EcgHandle)], due);
                Post(running.Poll, running.Sequence++, block, [.. waves.Where(w => w.Handle == BedsideObjects.EcgHandle)], due);
                continue;
            }

            Post(running.Poll, running.Sequence++, block, waves, due);
        }

        return due;
    }

    private IReadOnlyList<Observation> Observe(ClientMessage.Poll poll, long tick) => poll.ObjectClass switch
    {
        ObjectClass.Numeric => [.. lists.Numerics(Counted(poll)).Where(conditions.IsPresent).Select(n => Numeric(n, poll.Group, tick))],
        ObjectClass.Enumeration => [.. BedsideObjects.Enumerations.Select(e => _encoder.Enumeration(e, poll.Group))],
        ObjectClass.Alarm => poll.Group is AttributeGroup.Alarms or AttributeGroup.All ? monitor.Alarms.Observe(Room()) : [new Observation(BedsideObjects.Monitor, AlarmBoard.Handle, new AttributeList())],
        ObjectClass.Patient => [Patient.Observe()],
        ObjectClass.System => [new Observation(0, 0, monitor.System.Attributes(poll.Group, AssociationNumber, monitor.Clock.Relative(tick), monitor.Clock.Wall(tick)))],
        _ => [],
    };

    private int? Counted(ClientMessage.Poll poll) => Granted(0x02000000) ? poll.NumericCount : null;

    private Observation Numeric(NumericObject numeric, AttributeGroup group, long tick)
    {
        double factor = numeric.Unit == Unit.Kilopascal ? PatientSignals.KilopascalPerMillimetreOfMercury : 1;
        double[] values = numeric.NeverMeasured ? [] : [.. numeric.Parts.Select(part => factor * Averaged(part, tick))];
        if (values.Length > 0 && values.All(double.IsNaN))
        {
            values = [];
        }

        MeasurementState state = conditions.State(numeric) | (monitor.Alarms.IsInAlarm(numeric) ? MeasurementState.InAlarm : 0);
        return _encoder.Numeric(numeric, group, values, state, monitor.CuffTime(tick));
    }

    /// <summary>The number itself, or the mean over the cycles since the last result.</summary>
    private double Averaged(NumericPart part, long tick)
    {
        const int Points = 12;
        int cycles = Every(ObjectClass.Numeric);
        if (cycles == 1)
        {
            return monitor.Source.Read(part.Source, tick);
        }

        double sum = 0;
        for (int point = 0; point < Points; point++)
        {
            sum += monitor.Source.Read(part.Source, tick - (cycles * MonitorClock.CycleTicks * point / Points));
        }

        return sum / Points;
    }

    private int Mtu => (int)(Profile?.ReceiveMtu ?? 300);

    /// <summary>What is left of a message after the heads of a result.</summary>
    private int Room() => Mtu - 80;

    private void Post(ClientMessage.Poll poll, ushort? sequence, long tick, IReadOnlyList<Observation> observations, long due)
    {
        var header = new PollHeader(poll.InvokeId, poll.PollNumber, sequence, monitor.Clock.Relative(tick), poll.ObjectClass, poll.Group);
        ushort[] contexts = poll.ObjectClass is ObjectClass.Numeric or ObjectClass.Wave or ObjectClass.Enumeration ? [BedsideObjects.Monitor, BedsideObjects.Server] : [BedsideObjects.Monitor];
        bool closeEmpty = (_linkedResults + 1) % FullClosingEvery != 0;
        IReadOnlyList<ReplyPart> parts = PollReply.Encode(header, observations, contexts, Mtu, closeEmpty);
        _linkedResults += parts.Count > 1 ? 1 : 0;
        foreach (ReplyPart part in parts)
        {
            outbox.Post(part.Bytes, Peer, due, part.Linked);
        }
    }
}
