using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Which polls run and when they are due again. The monitor drops requests that come too often and answers none that it
/// does not like, so each has a time-out of its own.
/// </summary>
internal sealed class PollSchedule(bool serial, bool slow)
{
    private const long Second = 1_000_000_000;

    /// <summary>The monitor takes about 4 frames in 128 ms (section 2.2).</summary>
    private const long Spacing = 40_000_000;
    private const long AnswerWithin = 3 * Second;
    private const long RefusedFor = 60 * Second;
    private const long RenewEvery = 20 * Second;
    private const long KeepAliveEvery = 4 * Second;
    private const long PatientEvery = 30 * Second;
    private const long StatesEvery = 15 * Second;
    private const long ContextEvery = 30 * Second;
    private const long Once = long.MaxValue;

    /// <summary>One single poll per second and class; results leave on the cycle of 1.024 s.</summary>
    private const long SingleEvery = 1_100_000_000;
    private const uint ShortestMtuForWaves = 500;
    private const int MostTries = 2;

    /// <summary>So often a renewal is sent again while results come under its old id only; then that is taken for its way.</summary>
    private const int TriesForNewId = 3;
    private readonly List<Poll> _polls = [];
    private MonotonicInstant _sentAt;

    /// <summary>Begins anew after an association, with what the monitor granted.</summary>
    public void Start(PollOptions granted, uint mtu, MonotonicInstant now)
    {
        _polls.Clear();
        _sentAt = now.Add(-Spacing);
        Add(Outgoing.SystemId, [Outgoing.System], Once, now);
        bool periodic = (granted & PollOptions.AnyNumerics) != 0;
        if (periodic && slow)
        {
            Add(Outgoing.SingleNumericsId, [Outgoing.SingleNumerics], ContextEvery, now);
        }

        if (periodic)
        {
            Add(Outgoing.NumericsId, slow ? Outgoing.NumericValues : Outgoing.Numerics, RenewEvery, now);
            Add(Outgoing.AlarmsId, Outgoing.Alarms, RenewEvery, now);
        }
        else
        {
            Add(Outgoing.SingleNumericsId, [Outgoing.SingleNumerics], SingleEvery, now);
            Add(Outgoing.AlarmsId, [Outgoing.SingleAlarms], SingleEvery, now);
        }

        if (granted.HasFlag(PollOptions.Waves) && mtu >= ShortestMtuForWaves)
        {
            Add(Outgoing.GetWaveListId, [Outgoing.GetWaveList], Once, now);
        }

        Add(Outgoing.PatientId, [Outgoing.Patient], PatientEvery, now);
        if (periodic && !slow && granted.HasFlag(PollOptions.Enumerations))
        {
            Add(Outgoing.EnumerationsId, Outgoing.Enumerations, RenewEvery, now);
        }
        else
        {
            Add(Outgoing.EnumerationsId, [Outgoing.SingleEnumerations], StatesEvery, now);
        }

        Add(Outgoing.ClockId, [Outgoing.Clock], KeepAliveEvery, now);
    }

    /// <summary>The one message to send now, or null.</summary>
    public byte[]? Next(MonotonicInstant now)
    {
        if (now.Since(_sentAt) < Spacing)
        {
            return null;
        }

        Poll? due = _polls.Find(poll => poll.DueAt is { } at && now.Since(at) >= 0);
        if (due is null)
        {
            return null;
        }

        if (due.Every == Once && due.Tries >= MostTries)
        {
            Finish(due, available: null, now);
            return Next(now);
        }

        due.Tries++;
        due.DueAt = now.Add(AnswerWithin);
        due.SentAt = now;
        _sentAt = now;
        return due.NextMessage();
    }

    public void Answered(DataMessage message, MonotonicInstant now)
    {
        Poll? poll = _polls.Find(one => one.Has(message.InvokeId));
        if (poll is null || poll.Tries == 0 || (!poll.AsksAs(message.InvokeId) && poll.Tries <= TriesForNewId))
        {
            return;
        }

        poll.Tries = poll.Every == Once ? poll.Tries : 0;
        if (poll.Every == Once)
        {
            Finish(poll, message.Command == Command.Get ? LabelsOf(message.Body) : null, now);
        }
        else
        {
            poll.DueAt = poll.SentAt.Add(poll.Every);
        }
    }

    /// <summary>The monitor refused a request: what comes once is given up, the rest is tried again later.</summary>
    public void Failed(ushort invokeId, MonotonicInstant now)
    {
        Poll? poll = _polls.Find(one => one.Has(invokeId));
        if (poll is { Every: Once })
        {
            Finish(poll, available: null, now);
        }
        else
        {
            poll?.DueAt = now.Add(RefusedFor);
        }
    }

    /// <summary>The list of waves is asked for, then set, then the waves are polled.</summary>
    private void Finish(Poll poll, IReadOnlyCollection<uint>? available, MonotonicInstant now)
    {
        if (poll.DueAt is null)
        {
            return;
        }

        poll.DueAt = null;
        if (poll.InvokeId == Outgoing.GetWaveListId && Outgoing.WaveList(serial, slow, available) is { } list)
        {
            Add(Outgoing.SetWaveListId, [list], Once, now);
        }
        else if (poll.InvokeId is Outgoing.GetWaveListId or Outgoing.SetWaveListId)
        {
            Add(Outgoing.WavesId, Outgoing.Waves, RenewEvery, now);
        }
    }

    private void Add(ushort invokeId, byte[][] messages, long every, MonotonicInstant now) =>
        _polls.Add(new Poll(invokeId, messages, every) { DueAt = now });

    /// <summary>TextIdList in the answer to GET: <c>object 6, AttributeList { list{ u32 label } }</c>.</summary>
    private static HashSet<uint>? LabelsOf(ReadOnlyMemory<byte> body)
    {
        const int ManagedObjectLength = 6;
        if (body.Length < ManagedObjectLength
            || !AttributeList.TryRead(body[ManagedObjectLength..], out AttributeList attributes, out _)
            || !attributes.TryGet(AttributeId.WavePriorityList, out ReadOnlySpan<byte> value))
        {
            return null;
        }

        var labels = new HashSet<uint>();
        var reader = new WireReader(value);
        int count = reader.U16();
        reader.U16();
        for (int i = 0; i < count && reader.Left >= 4; i++)
        {
            labels.Add(reader.U32());
        }

        return labels;
    }

    private sealed class Poll(ushort invokeId, byte[][] messages, long every)
    {
        private int _sent;

        public ushort InvokeId => invokeId;

        public long Every => every;

        /// <summary>Null = done with.</summary>
        public MonotonicInstant? DueAt { get; set; }

        public MonotonicInstant SentAt { get; set; }

        public int Tries { get; set; }

        public bool Has(ushort id) => id == invokeId || (messages.Length > 1 && id == invokeId + Outgoing.Renewal);

        /// <summary>True when this is the id of the latest request.</summary>
        public bool AsksAs(ushort id) => id == invokeId + ((_sent + messages.Length - 1) % messages.Length * Outgoing.Renewal);

        /// <summary>A periodic poll takes its two ids in turn.</summary>
        public byte[] NextMessage() => messages[_sent++ % messages.Length];
    }
}
