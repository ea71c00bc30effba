using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>
/// What HL7 senders say of this bed goes to the store, each sender as a device of its own; a message is accepted once the disk has it. Messages of other beds, and those that nothing is made
/// of, are counted, accepted and forgotten. Admissions, and whom devices name, go to <see cref="AdmissionIntake"/>: nothing of a patient is kept or logged here.
/// </summary>
internal sealed partial class Hl7Intake(Store store, Hl7Settings settings, KernelClock clock, TimeProvider time, ILogger<Hl7Intake> log, AdmissionIntake? admissions = null) : IHl7Receiver
{
    private const int MostSenders = 16;
    private const int MostName = 32;
    private const string Driver = "hl7";

    private static readonly TimeSpan DiskWithin = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly StoreSink _sink = new(store);
    private readonly RepeatedMessages _repeats = new();
    private readonly HashSet<UInt128> _unsynced = [];
    private readonly Dictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Use, long> _counts = [];
    private readonly BoxClock _arrivals = new(time);
    private string? _place;
    private bool _manyPlaces;

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
        var receipts = new Receipt[messages.Count];
        var keys = new UInt128?[messages.Count];
        bool isStored = false;
        lock (_gate)
        {
            for (int i = 0; i < messages.Count; i++)
            {
                (receipts[i], keys[i]) = Take(messages[i], arrivedAt);
                isStored |= keys[i] is not null || receipts[i].Outcome == Outcome.Accepted;
            }
        }

        bool isDurable = false;
        try
        {
            isDurable = !isStored || await IsDurableAsync(cancel);
        }
        finally
        {
            Settle(keys, receipts, isDurable, arrivedAt);
        }

        for (int i = 0; i < messages.Count && admissions is not null; i++)
        {
            if (IsAdmission(messages[i]))
            {
                receipts[i] = await admissions.TakeAsync(messages[i], UtcInstant.FromDateTime(time.GetUtcNow()), cancel);
            }
        }

        if (!isDurable)
        {
            var fault = new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, "the disk did not take the message; send it again");
            return [.. receipts.Select((receipt, i) => receipt.Outcome == Outcome.Accepted && !IsAdmission(messages[i]) ? new Receipt(Outcome.Error, fault) : receipt)];
        }

        return receipts;
    }

    /// <summary>What is on the disk is known from now on; what is not may come again.</summary>
    private void Settle(UInt128?[] keys, Receipt[] receipts, bool isDurable, MonotonicInstant arrivedAt)
    {
        lock (_gate)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                if (keys[i] is { } key)
                {
                    _ = _unsynced.Remove(key);
                    if (isDurable && receipts[i].Outcome == Outcome.Accepted)
                    {
                        _repeats.Add(key, arrivedAt);
                    }
                }
            }
        }
    }

    /// <summary>Time passes: a sender that says nothing is silent.</summary>
    public void Elapse()
    {
        lock (_gate)
        {
            foreach (Sender sender in _senders.Values)
            {
                sender.Intake.OnChunk(time.MonotonicNow(), empty: true);
            }
        }
    }

    private (Receipt Receipt, UInt128? Key) Take(Hl7Message message, MonotonicInstant arrivedAt)
    {
        if (IsAdmission(message))
        {
            Count(Use.Admission);
            return (new Receipt(Outcome.Error), null);
        }

        if (!SenderReader.IsObservation(message))
        {
            Count(Use.NotUsed);
            return (new Receipt(Outcome.Accepted, new Hl7Fault(0, string.Empty, 0, 0, "received; this box makes nothing of such messages yet")), null);
        }

        UInt128? key = RepeatedMessages.KeyOf(message);
        if (key is { } known && (_repeats.Contains(known, arrivedAt) || !_unsynced.Add(known)))
        {
            Repeated++;
            return (new Receipt(Outcome.Accepted), key);
        }

        if (settings.Bed is null && !IsOnlyPlace(message))
        {
            Count(Use.OtherBed);
            return (new Receipt(Outcome.Accepted), key);
        }

        if (SenderOf(message, arrivedAt) is not { } sender)
        {
            return (new Receipt(Outcome.Rejected, new Hl7Fault(Hl7Fault.ApplicationError, "MSH", 1, 3, $"more than {MostSenders} senders call this box")), key);
        }

        long refused = sender.Intake.Refused;
        sender.Intake.OnChunk(arrivedAt, empty: false);
        Use use = sender.Reader.Take(message, _arrivals.UtcOf(arrivedAt, out _), new Output(sender.Intake, arrivedAt));
        Count(use);
        if (use == Use.Taken)
        {
            admissions?.HearSender(sender.Device, message);
        }

        return sender.Intake.Refused > refused
            ? (new Receipt(Outcome.Error, new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, "the box cannot keep up; send it again")), key)
            : (new Receipt(Outcome.Accepted), key);
    }

    /// <summary>Whether somebody makes stays of it.</summary>
    private bool IsAdmission(Hl7Message message) => admissions is not null && AdmissionReader.IsAdmission(message);

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

    private async Task<bool> IsDurableAsync(CancellationToken cancel)
    {
        try
        {
            _ = await store.SyncAsync(cancel).WaitAsync(DiskWithin, time, cancel);
            return true;
        }
        catch (Exception failed) when (failed is IOException or TimeoutException or System.Threading.Channels.ChannelClosedException)
        {
            LogNotStored(failed.Message);
            return false;
        }
    }

    private Sender? SenderOf(Hl7Message message, MonotonicInstant at)
    {
        Hl7Value application = message.Header.Field(3);
        string name = NameOf(application.Component(1).HasValue ? application.Component(1).Text : application.Component(2).Text);
        string device = name.Length == 0 ? Driver : $"{Driver}-{name}";
        if (_senders.TryGetValue(device, out Sender? known))
        {
            return known;
        }

        if (_senders.Count == MostSenders)
        {
            return null;
        }

        var intake = new DeviceIntake(device, new Hl7Driver(settings).Traits, new FairShare(_sink, time), new BoxClock(time, () => clock.State.UncertaintyMicroseconds));
        intake.BeginAfter(store.Signals.Where(signal => signal.Device == device).Select(signal => store.Last(signal.Number)?.ClockEpoch ?? 0).DefaultIfEmpty().Max());
        intake.OnPort(DeviceState.Connecting, "a sender of HL7 called", at);
        return _senders[device] = new Sender(device, new SenderReader(settings), intake);
    }

    /// <summary>Letters and digits of the sending application; it names a program, never a person.</summary>
    private static string NameOf(string application)
    {
        IEnumerable<char> kept = application.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return joined.Length <= MostName ? joined : joined[..MostName];
    }

    private void Count(Use use) => _counts[use] = _counts.GetValueOrDefault(use) + 1;

    private void Note(string kind, string text)
    {
        var now = UtcInstant.FromDateTime(time.GetUtcNow());
        store.TryAppend(new AnnotationBlock { Signal = SignalNumber.None, Start = now, Key = $"box/{kind}/{now.UnixNanoseconds}", Kind = kind, Text = text, Source = "box" });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "HL7 tells of more than one bed: nothing of it is kept until --hl7-bed says which is this one")]
    private partial void LogManyPlaces();

    [LoggerMessage(Level = LogLevel.Error, Message = "HL7 is answered with an error, because the disk took nothing: {Reason}")]
    private partial void LogNotStored(string reason);

    private sealed record Sender(string Device, SenderReader Reader, DeviceIntake Intake);

    private sealed class Output(DeviceIntake intake, MonotonicInstant arrivedAt) : IDriverOutput
    {
        public void Send(ReadOnlySpan<byte> bytes)
        {
            // What is answered is the listener's business.
        }

        public void Report(DeviceEvent said) => intake.OnEvent(said, arrivedAt);
    }
}
