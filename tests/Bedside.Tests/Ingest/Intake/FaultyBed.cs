using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Intake;

/// <summary>What goes wrong in an hour at a bed.</summary>
internal enum BedFault
{
    None,
    Dropped,
    Checksum,
    Duplicated,
    Reordered,
    Silence,
    Unplugged,
    BoxRestart,
    Overload,
    Reboot,
    UnannouncedReboot,
    ClockForward,
    ClockBack,
    SignalOff,
}

/// <summary>
/// An hour of a device with one wave and one numeric, on simulated time: jitter, drift, and faults from a seed. Each sample's raw value is its number, so that what
/// was sent, stored or stored twice can be told.
/// </summary>
internal sealed class FaultyBed : TimeProvider
{
    public const long Second = 1_000_000_000;
    public const long Hour = 3_600 * Second;
    private const long Tick = 125_000;

    private static readonly Metric Wave = new() { SignalId = "abp", Kind = SignalKind.Waveform, Unit = "mm[Hg]" };

    private static readonly DriverTraits Traits = new() { Clock = DeviceClock.EighthMillisecond32, Manufacturer = "test", Devices = "test", Quality = "bronze" };

    private readonly Random _random;
    private readonly BedFault[] _faults;
    private readonly long _message;
    private readonly double _drift;
    private readonly int _rate;
    private readonly double _rarity;
    private readonly Metric _numeric;
    private DeviceIntake _intake;
    private long _now = 5 * Second;
    private long _offset = UtcInstant.FromDateTime(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero)).UnixNanoseconds;
    private long _device;
    private long _sentUntil;
    private int _number;

    public FaultyBed(int seed, BedFault[] faults, long messageNs)
    {
        (_random, _faults, _message) = (new Random(seed), faults, messageNs);
        _rate = messageNs > Second ? 20 : 125;
        _drift = (_random.NextDouble() - 0.5) * 200e-6;
        _rarity = 0.004 + (_random.NextDouble() * 0.03);
        _device = _random.NextInt64(uint.MaxValue) * Tick;
        _numeric = new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", ExpectedEvery = TimeSpan.FromTicks(messageNs / 100) };
        _intake = Boot();
    }

    public BedSink Sink { get; } = new();

    /// <summary>Samples that reached the box and were not refused by the store.</summary>
    public HashSet<int> Delivered { get; } = [];

    public int Happened { get; private set; }

    public override long TimestampFrequency => Second;

    private MonotonicInstant Now => new(_now);

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new UtcInstant(_now + _offset).ToDateTime();

    /// <summary>Plays the hour.</summary>
    public FaultyBed Run()
    {
        _sentUntil = _now;
        Deliver(Next());
        while (_now < Hour)
        {
            if (_random.NextDouble() > _rarity || _now > Hour - (10 * Second))
            {
                Deliver(Next());
                continue;
            }

            Happened++;
            Suffer(_faults[_random.Next(_faults.Length)]);
        }

        Deliver(Next());
        return this;
    }

    private void Suffer(BedFault fault)
    {
        switch (fault)
        {
            case BedFault.Dropped or BedFault.Checksum:
                Message lost = Next();
                Arrive(lost);
                _intake.OnChunk(Now, empty: false);
                _intake.OnEvent(fault == BedFault.Checksum ? new DeviceEvent.Fault("checksum", 0) : new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1), Now);
                Deliver(Next());
                break;
            case BedFault.Duplicated:
                Message twice = Next();
                Deliver(twice);
                Deliver(twice);
                break;
            case BedFault.Reordered:
                Message first = Next();
                Deliver(Next());
                Deliver(first);
                break;
            case BedFault.Silence:
                Quiet(Seconds(6, 60));
                Deliver(Next());
                break;
            case BedFault.Unplugged:
                _intake.OnPort(DeviceState.Unplugged, "pulled", Now);
                Skip(Seconds(1, 120));
                _intake.OnPort(DeviceState.Connecting, "", Now);
                Deliver(Next());
                break;
            case BedFault.BoxRestart:
                Skip(Seconds(3, 60));
                _intake = Boot();
                Deliver(Next());
                break;
            case BedFault.Overload:
                Sink.Full = true;
                for (int i = _random.Next(1, 6); i > 0; i--)
                {
                    Deliver(Next());
                }

                Sink.Full = false;
                Deliver(Next());
                break;
            case BedFault.Reboot or BedFault.UnannouncedReboot:
                Skip(Seconds(20, 60));
                _device = _random.Next(1000) * Tick;
                if (fault == BedFault.Reboot)
                {
                    _intake.OnEvent(new DeviceEvent.ClockRestarted("restarted"), Now);
                }

                Deliver(Next());
                break;
            case BedFault.ClockForward:
                _offset += Seconds(1, 100);
                Deliver(Next());
                break;
            case BedFault.ClockBack:
                _offset -= Seconds(1, 100);
                Deliver(Next());
                break;
            case BedFault.SignalOff:
                for (int i = _random.Next(1, 20); i > 0; i--)
                {
                    Deliver(Next() with { HasWave = false });
                }

                Deliver(Next());
                break;
        }
    }

    private DeviceIntake Boot()
    {
        var intake = new DeviceIntake("test", Traits, Sink, new BoxClock(this));
        intake.BeginAfter(Sink.LastEpoch);
        intake.OnPort(DeviceState.Connecting, "", Now);
        return intake;
    }

    private long Seconds(int least, int most) => (long)((least + (_random.NextDouble() * (most - least))) * Second);

    /// <summary>The device takes the next samples; they are sent when the last one is taken.</summary>
    private Message Next()
    {
        int count = (int)(_message * _rate / Second);
        var message = new Message(_device, _number, count, _sentUntil + (long)(_message * (1 - _drift)), HasWave: true);
        _number += count;
        _sentUntil += (long)(_message * (1 - _drift));
        _device += _message;
        return message;
    }

    /// <summary>Time in which the device takes samples that nobody hears.</summary>
    private void Skip(long nanoseconds)
    {
        long messages = Math.Max(1, nanoseconds / _message);
        for (long i = 0; i < messages; i++)
        {
            Arrive(Next());
        }
    }

    /// <summary>The same with an open line: the box notices each second that nothing comes.</summary>
    private void Quiet(long nanoseconds)
    {
        long until = _now + nanoseconds;
        while (_now < until)
        {
            Arrive(Next());
            _intake.OnChunk(Now, empty: true);
        }
    }

    private void Arrive(Message message) => _now = Math.Max(_now, message.SentAt + (long)(-Math.Log(1 - _random.NextDouble()) * 15e6));

    private void Deliver(Message message)
    {
        Arrive(message);
        _intake.OnChunk(Now, empty: false);
        var ticks = new DeviceTicks((ulong)(message.Device / Tick) % (1UL << 32));
        if (message.HasWave)
        {
            int[] raw = [.. Enumerable.Range(message.Number, message.Count)];
            _intake.OnEvent(new DeviceEvent.Samples(Wave, SamplePeriod.FromHertz(_rate), raw) { Scale = new Scale(1, 0), At = ticks }, Now);
            if (!Sink.Full)
            {
                Delivered.UnionWith(raw);
            }
        }

        _intake.OnEvent(new DeviceEvent.Numeric(_numeric, new Fixed(message.Number, 0)) { At = ticks }, Now);
    }

    private sealed record Message(long Device, int Number, int Count, long SentAt, bool HasWave);
}

/// <summary>What a store would hold, in the order in which it would give it.</summary>
internal sealed class BedSink : IBlockSink
{
    private readonly Dictionary<SignalNumber, Block> _last = [];
    private readonly Dictionary<string, Signal> _signals = [];
    private Block[] _sorted = [];

    public bool Full { get; set; }

    public List<Block> Blocks { get; } = [];

    public IReadOnlyCollection<Signal> Signals => _signals.Values;

    public uint LastEpoch { get; private set; }

    public Signal Register(string device, Metric metric)
    {
        if (!_signals.TryGetValue(metric.SignalId, out Signal? signal))
        {
            signal = _signals[metric.SignalId] = new Signal(new SignalNumber((uint)_signals.Count + 1), metric.SignalId, device, metric);
        }

        return signal;
    }

    public Block? Last(SignalNumber signal) => _last.GetValueOrDefault(signal);

    public bool TryAppend(Block block)
    {
        if (Full)
        {
            return false;
        }

        Blocks.Add(block);
        if (block is SampleBlock or NumericBlock)
        {
            _last[block.Signal] = block;
            LastEpoch = Math.Max(LastEpoch, block.ClockEpoch);
        }

        return true;
    }

    public IEnumerable<Block> Read(SignalNumber signal, UtcInstant from, UtcInstant to)
    {
        if (_sorted.Length != Blocks.Count)
        {
            _sorted = [.. Blocks.OrderBy(block => block.Start)];
        }

        return _sorted.Where(block => block.Signal == signal && block.Start < to && block.End >= from);
    }
}
