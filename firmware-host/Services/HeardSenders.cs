using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>The senders of HL7, each a device of its own, and what they said that is not with the store yet. For one thread at a time.</summary>
internal sealed class HeardSenders(Store store, Hl7Settings settings, KernelClock clock, TimeProvider time)
{
    /// <summary>More are refused.</summary>
    public const int Most = 16;

    private const string Driver = "hl7";

    private readonly BlockLot _blocks = new(new StoreSink(store));
    private readonly Dictionary<string, HeardSender> _senders = new(StringComparer.Ordinal);
    private readonly BoxClock _arrivals = new(time);

    /// <summary>Blocks that wait for <see cref="Drain"/>.</summary>
    public int Waiting => _blocks.Count;

    /// <summary>What the store must be given, in order.</summary>
    public IReadOnlyList<Block> Drain() => _blocks.Drain();

    /// <summary>The sender of a name; null = there are too many.</summary>
    public HeardSender? Of(string name, MonotonicInstant at)
    {
        if (_senders.TryGetValue(name, out HeardSender? known))
        {
            return known;
        }

        if (_senders.Count == Most)
        {
            return null;
        }

        string device = name.Length == 0 ? Driver : $"{Driver}-{name}";
        var intake = new DeviceIntake(device, new Hl7Driver(settings).Traits, _blocks, new BoxClock(time, () => clock.State.UncertaintyMicroseconds));
        IReadOnlyList<Block> last = LastOf(device);
        intake.BeginAfter(last.Select(block => block.ClockEpoch).DefaultIfEmpty().Max());
        intake.Doubt(last, at);
        intake.OnPort(DeviceState.Connecting, "a sender of HL7 called", at);
        return _senders[name] = new HeardSender(device, new SenderReader(settings, settings.RulesOf(name)), intake, _arrivals, _blocks);
    }

    public void Elapse()
    {
        MonotonicInstant now = time.MonotonicNow();
        foreach (HeardSender sender in _senders.Values)
        {
            sender.Elapse(now);
        }
    }

    /// <summary>What was handed over may be in the store, and come again all the same.</summary>
    public void Doubt()
    {
        MonotonicInstant now = time.MonotonicNow();
        foreach (HeardSender sender in _senders.Values)
        {
            sender.Intake.Doubt(LastOf(sender.Device), now);
        }
    }

    private IReadOnlyList<Block> LastOf(string device) =>
        [.. store.Signals.Where(signal => signal.Device == device).Select(signal => store.Last(signal.Number)).OfType<Block>()];
}

/// <summary>One sender: its reader, its intake, and its alert feed where it has one.</summary>
internal sealed class HeardSender(string device, SenderReader reader, DeviceIntake intake, BoxClock arrivals, BlockLot blocks) : IDriverOutput
{
    private MonotonicInstant _at;
    private AlertFeed? _feed;

    public string Device => device;

    public DeviceIntake Intake => intake;

    public Use Take(MessageReading message, MonotonicInstant arrivedAt)
    {
        _at = arrivedAt;
        intake.OnChunk(arrivedAt, empty: false);
        UtcInstant arrival = arrivals.UtcOf(arrivedAt, out _);
        Use use = reader.Take(message, arrival, this);
        TellFeed(arrival);
        return use;
    }

    public void Elapse(MonotonicInstant now)
    {
        _at = now;
        intake.OnChunk(now, empty: true);
        UtcInstant at = arrivals.UtcOf(now, out _);
        reader.Elapse(at, this);
        TellFeed(at);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        // What is answered is the listener's business.
    }

    public void Report(DeviceEvent said) => intake.OnEvent(said, _at);

    /// <summary>The feed of alerts is a device of its own: that values come says nothing of alarms.</summary>
    private void TellFeed(UtcInstant at)
    {
        if (reader.Feed is not { } feed || feed == _feed)
        {
            return;
        }

        _feed = feed;
        _ = blocks.TryAppend(new DeviceBlock
        {
            Signal = SignalNumber.None,
            Start = at,
            Device = $"{device}-alerts",
            Identity = new DeviceIdentity { Manufacturer = string.Empty, Model = "alert feed", Protocol = "HL7 2.x, PCD-04" },
            State = feed.State switch { FeedState.Alive => DeviceState.Receiving, FeedState.Ended => DeviceState.Unplugged, _ => DeviceState.Silent },
            Reason = feed.Reason,
        });
    }
}
