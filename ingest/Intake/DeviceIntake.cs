using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake.Notices;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// What a device says becomes what the store keeps: times on the box's clock, signals with their numbers, every hole with
/// its cause. One intake belongs to one device and is called by one thread.
/// </summary>
public sealed class DeviceIntake
{
    /// <summary>Samples that come this long after they were taken are late: a monitor's blocks are up to 1.7 s old.</summary>
    private const long LateNs = 3_000_000_000;

    private readonly string _device;
    private readonly DriverTraits _traits;
    private readonly IBlockSink _sink;
    private readonly BoxClock _box;
    private readonly IClockMap _map;
    private readonly GapLedger _gaps;
    private readonly DeviceRecord _record;
    private readonly ClockSignals _clock;
    private readonly Dictionary<(string Id, string Channel, string Unit), Signal> _signals = [];
    private readonly Dictionary<SignalNumber, WaveIntake> _waves = [];
    private readonly Dictionary<SignalNumber, Tally> _tallies = [];
    private readonly Dictionary<SignalNumber, NumericReading> _readings = [];
    private readonly Dictionary<SignalNumber, string> _texts = [];
    private readonly StoredBefore _before;
    private readonly Dictionary<string, long> _uncalibrated = new(StringComparer.Ordinal);
    private MonotonicInstant _lastBytes;
    private UtcInstant _now;
    private uint _steps;
    private DriftRecord _drift;

    /// <summary>The intake of a device, which may have data in the store from before.</summary>
    /// <param name="device">Its name in the store.</param>
    /// <param name="traits">Of its driver.</param>
    /// <param name="sink">Where the blocks go.</param>
    /// <param name="box">The box's own clock.</param>
    /// <param name="before">Why data are missing between what is stored of the device and the first that comes now.</param>
    public DeviceIntake(string device, DriverTraits traits, IBlockSink sink, BoxClock box, GapCause before = GapCause.Restart)
    {
        (_device, _traits, _sink, _box) = (device, traits, new DeviceNotices(device, sink), box);
        _map = traits.TellsWallTimes ? new StatedClockMap() : new ClockMap(traits.Clock);
        _before = new StoredBefore(sink);
        _gaps = new GapLedger(device, Append, before);
        _record = new DeviceRecord(device, traits, Append);
        _clock = new ClockSignals(device, sink, Append);
    }

    /// <summary>Blocks that the store's queue did not take.</summary>
    public long Refused { get; private set; }

    /// <summary>Continues the numbering of clock epochs of an earlier run.</summary>
    public void BeginAfter(uint epoch) => _map.BeginAfter(epoch);

    /// <summary>
    /// What comes now may be stored already, because whoever sent it was not answered. For devices that state wall times: it is looked up and kept once.
    /// <paramref name="last"/> = the last block of each signal.
    /// </summary>
    public void Doubt(IEnumerable<Block> last, MonotonicInstant at)
    {
        _before.Doubt(Advance(at));
        _before.Learn(last, _map);
    }

    /// <summary>The port's own state changed: it was opened, its driver recognised, or the line lost.</summary>
    public void OnPort(DeviceState state, string reason, MonotonicInstant at)
    {
        Advance(at);
        _record.Enter(state, reason, _now);
        if (state == DeviceState.Unplugged)
        {
            _gaps.Trouble(GapCause.Unplugged);
            _map.Restart();
            foreach (Tally tally in _tallies.Values)
            {
                tally.Say(_now, isEnd: true);
            }
        }

        _lastBytes = at;
    }

    /// <summary>A chunk came (or, without bytes, 100 ms passed): silence is noticed here.</summary>
    public void OnChunk(MonotonicInstant at, bool empty)
    {
        Advance(at);
        if (!empty)
        {
            _gaps.Pause(at.Since(_lastBytes));
            _lastBytes = at;
        }
        else if (_record.State == DeviceState.Receiving && at.Since(_lastBytes) > _traits.SilentAfter.TotalNanoseconds)
        {
            _gaps.Trouble(GapCause.DeviceSilent);
            _record.Enter(DeviceState.Silent, "no bytes from the device", _now);
        }
    }

    /// <summary>Takes one event of the driver.</summary>
    public void OnEvent(DeviceEvent said, MonotonicInstant arrivedAt)
    {
        UtcInstant arrival = Advance(arrivedAt);
        switch (said)
        {
            case DeviceEvent.Samples samples:
                OnSamples(samples, arrival);
                break;
            case DeviceEvent.Numeric numeric:
                OnNumeric(numeric, arrival);
                break;
            case DeviceEvent.Text text:
                OnText(text, arrival);
                break;
            case DeviceEvent.Descriptor descriptor:
                SignalOf(descriptor.Metric);
                break;
            case DeviceEvent.AlertSaid alert:
                OnAlert(alert, arrival);
                break;
            case DeviceEvent.Identity identity:
                _record.Introduce(identity.Device, arrival);
                break;
            case DeviceEvent.Link link:
                _record.Enter(link.Receiving ? DeviceState.Receiving : DeviceState.Connecting, link.Reason, arrival);
                break;
            case DeviceEvent.WallClock wall:
                OnWallClock(wall, arrival);
                break;
            case DeviceEvent.ClockRestarted restarted:
                _map.Restart();
                _before.Forget();
                _gaps.Trouble(GapCause.Clock);
                _record.Note("device-restart", restarted.Reason, arrival);
                break;
            case DeviceEvent.Missing missing:
                OnMissing(missing);
                break;
            case DeviceEvent.Fault fault:
                _gaps.Trouble(GapCause.Checksum);
                _record.Fault(fault.Reason, arrival);
                break;
            case DeviceEvent.Patient:
                // Identities go to the vault by the host; nothing of them becomes a block.
                break;
        }
    }

    private void OnSamples(DeviceEvent.Samples samples, UtcInstant arrival)
    {
        Signal signal = SignalOf(samples.Metric);
        if (!_waves.TryGetValue(signal.Number, out WaveIntake? wave))
        {
            wave = _waves[signal.Number] = new WaveIntake(signal, takesOlder: _traits.TellsWallTimes && samples.At is not null);
        }

        if (_uncalibrated.Remove(samples.Metric.SignalId, out long dropped))
        {
            _gaps.NeverPlaced(signal, arrival, dropped);
        }

        long device = samples.At is { } at
            ? FirstSampleAt(at, samples, arrival)
            : FirstSampleAt(new DeviceTicks((ulong)samples.Period.NanosecondsOf(wave.NextIndex)), samples, arrival);
        Tally tally = TallyOf(signal);
        int stored = _before.Covered(signal.Number, device, samples.Period, samples.Raw.Length, samples.Within);
        tally.Twice(stored, arrival);
        if (stored == samples.Raw.Length)
        {
            tally.Say(arrival, isEnd: false);
            return;
        }

        if (stored > 0)
        {
            // The rest begins where what is stored ends.
            (device, samples) = (device + samples.Period.NanosecondsOf(stored), WaveIntake.Without(samples, stored));
        }

        SampleBlock? block = wave.Place(samples, device, _map, out int repeated, out bool fills);
        block = block is null || samples.Within == TimeSpan.Zero ? block : block with { UncertaintyMicroseconds = Uncertainty.Sum(block.UncertaintyMicroseconds, Uncertainty.Of(samples.Within)) };
        tally.Twice(repeated, arrival);
        if (block is not null)
        {
            bool taken = (fills || _gaps.Before(block, LastUnlessKnown(signal))) && Append(block);
            if (taken && !fills)
            {
                _gaps.After(block);
            }

            tally.Late(taken && (fills || arrival.Since(block.End) > LateNs) ? block.Samples.Length : 0, arrival);
        }

        tally.Say(arrival, isEnd: false);
        _record.Enter(DeviceState.Receiving, string.Empty, arrival);
    }

    private Tally TallyOf(Signal signal) =>
        _tallies.TryGetValue(signal.Number, out Tally? tally) ? tally : _tallies[signal.Number] = new Tally(_device, signal, Append);

    /// <summary>
    /// Device time of the first sample. What arrived now cannot be younger than the block's last sample, so that is the pair that tells
    /// about the clocks: a device that sends each sample as it takes it would else seem to run a block ahead.
    /// </summary>
    private long FirstSampleAt(DeviceTicks at, DeviceEvent.Samples samples, UtcInstant arrival)
    {
        long tick = _traits.Clock.TickNanoseconds;
        long length = samples.Period.NanosecondsOf(samples.Raw.Length) / tick;
        ulong end = at.Counter + (ulong)length;
        ulong modulus = _traits.Clock.Modulus;
        return ObserveAt(new DeviceTicks(modulus == 0 ? end : end % modulus), arrival) - (length * tick);
    }

    private void OnNumeric(DeviceEvent.Numeric numeric, UtcInstant arrival)
    {
        Signal signal = SignalOf(numeric.Metric);
        (UtcInstant time, uint uncertainty, uint epoch) = TimeOf(numeric.At, numeric.Within, arrival, out long? device);
        var reading = new NumericReading(time, numeric.Value, numeric.Validity | Plausibility.Of(signal, numeric.Value), device);
        bool isLast = device is not null && _readings.TryGetValue(signal.Number, out NumericReading last) && last == reading with { Time = last.Time };
        if (isLast || _before.Has(signal.Number, reading))
        {
            Tally tally = TallyOf(signal);
            tally.Twice(1, arrival);
            tally.Say(arrival, isEnd: false);
            return;
        }

        var block = new NumericBlock
        {
            Signal = signal.Number,
            Start = time,
            UncertaintyMicroseconds = uncertainty,
            ClockEpoch = epoch,
            Readings = [reading],
        };
        if ((numeric.Metric.ExpectedEvery is not { } every || _gaps.BeforeReading(signal, time, every, LastUnlessKnown(signal))) && Append(block))
        {
            _readings[signal.Number] = reading;
            _gaps.After(signal, time, _steps);
        }

        _record.Enter(DeviceState.Receiving, string.Empty, arrival);
    }

    /// <summary>The store is asked once for each signal.</summary>
    private Block? LastUnlessKnown(Signal signal) => _gaps.Knows(signal.Number) ? null : _sink.Last(signal.Number);

    private void OnText(DeviceEvent.Text text, UtcInstant arrival)
    {
        Signal signal = SignalOf(text.Metric);
        if (_texts.TryGetValue(signal.Number, out string? before) && before == text.Value)
        {
            return;
        }

        _texts[signal.Number] = text.Value;
        (UtcInstant time, uint uncertainty, uint epoch) = TimeOf(text.At, text.Within, arrival, out long? device);
        if (device is { } stated && _before.Has(signal.Number, text.Value, stated))
        {
            return;
        }

        Append(new TextBlock
        {
            Signal = signal.Number,
            Start = time,
            UncertaintyMicroseconds = uncertainty,
            ClockEpoch = epoch,
            Text = text.Value,
            Code = text.Code,
            Validity = text.Validity,
        });
    }

    private void OnAlert(DeviceEvent.AlertSaid said, UtcInstant arrival)
    {
        (UtcInstant time, uint uncertainty, uint epoch) = TimeOf(said.At, said.Within, arrival, out long? device);
        if (device is not { } stated || !_before.Has(_device, said.Alert, stated))
        {
            Append(new AlertBlock { Signal = SignalNumber.None, Start = time, UncertaintyMicroseconds = uncertainty, ClockEpoch = epoch, Device = _device, Alert = said.Alert });
        }
    }

    private void OnMissing(DeviceEvent.Missing missing)
    {
        _gaps.Trouble(missing.Cause);
        if (missing is { Metric: { } metric, Cause: GapCause.Uncalibrated })
        {
            // Without its context a wave has no unit yet, and so is no signal yet: the count waits until it is.
            _uncalibrated[metric.SignalId] = _uncalibrated.GetValueOrDefault(metric.SignalId) + missing.Count;
        }
    }

    private void OnWallClock(DeviceEvent.WallClock wall, UtcInstant arrival)
    {
        (UtcInstant time, _, _) = TimeOf(wall.At, TimeSpan.Zero, arrival, out _);
        var said = UtcInstant.FromDateTime(new DateTimeOffset(wall.Wall, TimeSpan.Zero));
        long offset = said.Since(time);
        _clock.WallOffsetNs = offset;
        if (_drift.WallOffset is not { } known || Math.Abs(offset - known) > 2_000_000_000)
        {
            RecordClock(_drift.WallOffset is null ? "first" : "wall-clock", arrival, offset);
        }
    }

    private Signal SignalOf(Metric metric)
    {
        (string, string, string) key = (metric.SignalId, metric.Channel, metric.Unit);
        if (!_signals.TryGetValue(key, out Signal? signal) || signal.Metric != metric)
        {
            signal = _sink.Register(_device, metric);
            _signals[key] = signal with { Metric = metric };
        }

        return signal;
    }

    private (UtcInstant Time, uint Uncertainty, uint Epoch) TimeOf(DeviceTicks? at, TimeSpan within, UtcInstant arrival, out long? device)
    {
        device = null;
        if (at is not { } ticks)
        {
            // The device gives no time: it was some time before the bytes came.
            return (arrival, 1_000_000, _map.Epoch);
        }

        device = ObserveAt(ticks, arrival);
        MappedTime mapped = _map.Map(device.Value);
        return (mapped.Time, Uncertainty.Sum(mapped.UncertaintyMicroseconds, Uncertainty.Of(within)), mapped.Epoch);
    }

    private long ObserveAt(DeviceTicks ticks, UtcInstant arrival)
    {
        (long device, string? epoch) = _map.Observe(ticks, arrival);
        if (epoch is not null)
        {
            if (epoch == "jump")
            {
                _gaps.Trouble(GapCause.Clock);
            }

            RecordClock(epoch, arrival, _drift.WallOffset);
        }
        else if (Math.Abs(_map.DriftPpm - _drift.Ppm) > 5 && arrival.Since(_drift.At) > 60_000_000_000)
        {
            RecordClock("drift", arrival, _drift.WallOffset);
        }

        _clock.Say(arrival, _map, _map.Map(device));
        return device;
    }

    private void RecordClock(string reason, UtcInstant at, long? wallOffset)
    {
        _drift = new DriftRecord(at, _map.DriftPpm, wallOffset);
        Append(new ClockBlock
        {
            Signal = SignalNumber.None,
            Start = at,
            ClockEpoch = _map.Epoch,
            Device = _device,
            WallOffsetNanoseconds = wallOffset,
            AnchorNanoseconds = _map.AnchorNanoseconds,
            DriftPpm = _map.DriftPpm,
            Reason = reason,
        });
    }

    private UtcInstant Advance(MonotonicInstant at)
    {
        UtcInstant time = _box.UtcOf(at, out long step);
        _now = time;
        if (step != 0)
        {
            _steps++;
            _map.Restart();
            _gaps.Trouble(GapCause.Clock);
            RecordClock("box-clock", time, _drift.WallOffset);
        }

        return time;
    }

    private bool Append(Block block)
    {
        uint own = _box.UncertaintyMicroseconds;
        bool taken = _sink.TryAppend(own == 0 ? block : block with { UncertaintyMicroseconds = Uncertainty.Sum(block.UncertaintyMicroseconds, own) });
        if (!taken)
        {
            Refused++;
            _gaps.Trouble(GapCause.Overload);
        }

        return taken;
    }

    private readonly record struct DriftRecord(UtcInstant At, double Ppm, long? WallOffset);
}
