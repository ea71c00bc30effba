using System.Collections.Concurrent;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>
/// What HL7 senders say of this bed goes to the store, each sender as a device of its own; a message is accepted once the disk has it. Messages of other beds, and those that nothing is made
/// of, are counted, accepted and forgotten. Admissions, and whom devices name, go to <see cref="AdmissionIntake"/>: nothing of a patient is kept or logged here.
/// <para>Connections read their messages at once. What all of them wait with is then taken in rounds: one hand at the senders' state, one lot of blocks to the store, one sync, and everybody is answered.</para>
/// </summary>
internal sealed partial class Hl7Intake : IHl7Receiver, IDisposable
{
    /// <summary>A round ends when it has made so many blocks: half of the store's queue stays free for the ports.</summary>
    private const int BlocksOfRound = 1_024;

    private static readonly TimeSpan DiskWithin = TimeSpan.FromSeconds(5);

    /// <summary>Whoever sends faster than the store seals waits for it, unanswered: memory stays what it is.</summary>
    private static readonly TimeSpan QueueWithin = TimeSpan.FromSeconds(30);

    private readonly Store _store;
    private readonly Hl7Settings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<Hl7Intake> _log;
    private readonly AdmissionIntake? _admissions;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly MessageReader _reader;
    private readonly RepeatedMessages _repeats = new();
    private readonly HashSet<UInt128> _ofRound = [];
    private readonly HeardSenders _senders;
    private readonly SortedDictionary<Use, long> _counts = [];
    private string? _place;
    private bool _manyPlaces;

    public Hl7Intake(Store store, Hl7Settings settings, KernelClock clock, TimeProvider time, ILogger<Hl7Intake> log, AdmissionIntake? admissions = null)
    {
        (_store, _settings, _time, _log, _admissions) = (store, settings, time, log, admissions);
        _reader = new MessageReader(settings);
        _senders = new HeardSenders(store, settings, clock, time);
    }

    /// <summary>Messages by what they were good for, since the start.</summary>
    public IReadOnlyDictionary<Use, long> Counts
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<Use, long>(_counts);
            }
        }
    }

    /// <summary>Messages that came again and were accepted again without being stored.</summary>
    public long Repeated { get; private set; }

    public async Task<IReadOnlyList<Receipt>> ReceiveAsync(IReadOnlyList<Hl7Message> messages, MonotonicInstant arrivedAt, CancellationToken cancel)
    {
        var lot = new Lot(messages.Count);
        for (int i = 0; i < messages.Count && _admissions is not null; i++)
        {
            if (AdmissionReader.IsAdmission(messages[i]))
            {
                lot.Answer(i, await TakeAdmissionAsync(_admissions, messages[i], cancel));
            }
        }

        for (int i = 0; i < messages.Count; i++)
        {
            if (_admissions is null || !AdmissionReader.IsAdmission(messages[i]))
            {
                _queue.Enqueue(Prepare(messages[i], arrivedAt, lot, i));
            }
        }

        // Whoever has the turn takes what everybody waits with; the others find theirs done.
        await _turn.WaitAsync(cancel);
        try
        {
            while (!lot.IsDone)
            {
                await RoundAsync();
            }
        }
        finally
        {
            _ = _turn.Release();
        }

        return lot.Receipts;
    }

    /// <summary>Time passes: a sender that says nothing is silent, an alert feed without heartbeat is lost.</summary>
    public void Elapse()
    {
        IReadOnlyList<Block> blocks;
        lock (_gate)
        {
            _senders.Elapse();
            blocks = _senders.Drain();
        }

        foreach (Block block in blocks)
        {
            // What the queue does not take is only a state, which is said again when it changes.
            _ = _store.TryAppend(block);
        }
    }

    public void Dispose() => _turn.Dispose();

    private Task<Receipt> TakeAdmissionAsync(AdmissionIntake admissions, Hl7Message message, CancellationToken cancel)
    {
        lock (_gate)
        {
            Count(Use.Admission);
        }

        return admissions.TakeAsync(message, UtcInstant.FromDateTime(_time.GetUtcNow()), cancel);
    }

    /// <summary>What needs nothing of its sender, done by each connection for itself.</summary>
    private Waiting Prepare(Hl7Message message, MonotonicInstant arrivedAt, Lot lot, int index) => SenderReader.IsObservation(message)
        ? new Waiting(lot, index, message, arrivedAt, SenderName.Of(message), RepeatedMessages.KeyOf(message), _reader.Read(message))
        : new Waiting(lot, index, message, arrivedAt, string.Empty, Key: null, Reading: null);

    /// <summary>Takes, stores and answers some of what waits.</summary>
    private async Task RoundAsync()
    {
        var taken = new List<(Waiting Message, Receipt Receipt, bool MustBeStored)>();
        IReadOnlyList<Block> blocks;
        lock (_gate)
        {
            _ofRound.Clear();
            while (_senders.Waiting < BlocksOfRound && _queue.TryDequeue(out Waiting next))
            {
                (Receipt receipt, bool mustBeStored) = Take(next);
                taken.Add((next, receipt, mustBeStored));
            }

            blocks = _senders.Drain();
        }

        bool isDurable = true;
        if (blocks.Count > 0 || taken.Exists(one => one.MustBeStored))
        {
            isDurable = await IsDurableAsync(blocks);
        }

        lock (_gate)
        {
            Settle(taken, isDurable);
        }
    }

    /// <summary>What is on the disk is known from now on; what is not may come again, and be in the store all the same.</summary>
    private void Settle(List<(Waiting Message, Receipt Receipt, bool MustBeStored)> taken, bool isDurable)
    {
        var failed = new Receipt(Outcome.Error, new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, "the disk did not take the message; send it again"));
        foreach ((Waiting message, Receipt receipt, bool mustBeStored) in taken)
        {
            if (isDurable && receipt.Outcome == Outcome.Accepted && message.Key is { } key)
            {
                _repeats.Add(key, message.ArrivedAt);
            }

            message.Lot.Answer(message.Index, !isDurable && mustBeStored && receipt.Outcome == Outcome.Accepted ? failed : receipt);
        }

        if (!isDurable)
        {
            _senders.Doubt();
        }
    }

    /// <summary>What becomes of a message, and whether the disk must have something before it is answered.</summary>
    private (Receipt Receipt, bool MustBeStored) Take(in Waiting waiting) => waiting.Reading is { } reading
        ? TakeObservation(waiting, reading)
        : TakeOther();

    private (Receipt Receipt, bool MustBeStored) TakeOther()
    {
        Count(Use.NotUsed);
        return (new Receipt(Outcome.Accepted, new Hl7Fault(0, string.Empty, 0, 0, "received; this box makes nothing of such messages yet")), false);
    }

    private (Receipt Receipt, bool MustBeStored) TakeObservation(in Waiting waiting, MessageReading reading)
    {
        if (waiting.Key is { } known)
        {
            bool isOfRound = !_ofRound.Add(known);
            if (isOfRound || _repeats.Contains(known, waiting.ArrivedAt))
            {
                Repeated++;
                return (new Receipt(Outcome.Accepted), isOfRound);
            }
        }

        if (_settings.Bed is null && !IsOnlyPlace(reading.Message))
        {
            Count(Use.OtherBed);
            return (new Receipt(Outcome.Accepted), false);
        }

        if (_senders.Of(waiting.Sender, waiting.ArrivedAt) is not { } sender)
        {
            return (new Receipt(Outcome.Rejected, new Hl7Fault(Hl7Fault.ApplicationError, "MSH", 1, 3, $"more than {HeardSenders.Most} senders call this box")), false);
        }

        Use use = sender.Take(reading, waiting.ArrivedAt);
        Count(use);
        if (use == Use.Taken)
        {
            _admissions?.HearSender(sender.Device, waiting.Message);
        }

        return (new Receipt(Outcome.Accepted), use == Use.Taken);
    }

    /// <summary>Without a bed told, one place is this box's; once there are two, nobody knows which, and nothing more is kept.</summary>
    private bool IsOnlyPlace(Hl7Message message)
    {
        IReadOnlyList<string> places = SenderReader.PlacesOf(message);
        _place ??= places.Count > 0 ? places[0] : null;
        if (!_manyPlaces && places.Any(place => place != _place))
        {
            _manyPlaces = true;
            LogManyPlaces();
            Note("hl7-bed", "HL7 tells of more than one bed: nothing of it is kept until --hl7-bed says which is this one");
        }

        return !_manyPlaces;
    }

    /// <summary>Gives everything to the store, waiting while its queue is full, and then for the disk.</summary>
    private async Task<bool> IsDurableAsync(IReadOnlyList<Block> blocks)
    {
        using var patience = new CancellationTokenSource(QueueWithin, _time);
        try
        {
            foreach (Block block in blocks)
            {
                await _store.AppendAsync(block, patience.Token);
            }

            _ = await _store.SyncAsync(patience.Token).WaitAsync(DiskWithin, _time, patience.Token);
            return true;
        }
        catch (Exception failed) when (failed is IOException or TimeoutException or OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            LogNotStored(failed.Message);
            return false;
        }
    }

    private void Count(Use use) => _counts[use] = _counts.GetValueOrDefault(use) + 1;

    private void Note(string kind, string text)
    {
        var now = UtcInstant.FromDateTime(_time.GetUtcNow());
        _store.TryAppend(new AnnotationBlock { Signal = SignalNumber.None, Start = now, Key = $"box/{kind}/{now.UnixNanoseconds}", Kind = kind, Text = text, Source = "box" });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "HL7 tells of more than one bed: nothing of it is kept until --hl7-bed says which is this one")]
    private partial void LogManyPlaces();

    [LoggerMessage(Level = LogLevel.Error, Message = "HL7 is answered with an error, because the disk took nothing: {Reason}")]
    private partial void LogNotStored(string reason);

    /// <summary>What one connection waits for.</summary>
    private sealed class Lot(int count)
    {
        private int _open = count;

        public Receipt[] Receipts { get; } = new Receipt[count];

        public bool IsDone => Volatile.Read(ref _open) == 0;

        public void Answer(int index, Receipt receipt)
        {
            Receipts[index] = receipt;
            _ = Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>A message and its place among those of its connection.</summary>
    private readonly record struct Waiting(Lot Lot, int Index, Hl7Message Message, MonotonicInstant ArrivedAt, string Sender, UInt128? Key, MessageReading? Reading);
}
