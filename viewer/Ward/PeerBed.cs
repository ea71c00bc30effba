using Bedside.Model;

namespace Bedside.Viewer.Ward;

/// <summary>A value with when it was taken, on this box's clock that never jumps.</summary>
internal readonly record struct AgedReading(long TakenAt, PeerReading Reading);

/// <summary>
/// What is known of another bed. Ages are fixed when a value comes, by what the other box's clock could read at most just then, and grow by this box's clock that never jumps: neither a link that held data
/// back nor a clock that was set makes one look young. All times in nanoseconds. The lock is held to move values, never over I/O.
/// </summary>
internal sealed class PeerBed(int place, string bed, bool isOwn, TimeProvider time)
{
    private const int MostValues = 8_192;
    private const int MostAlerts = 256;

    private readonly Lock _gate = new();
    private readonly PeerClock _clock = new();
    private readonly WaveThinner _thinner = new();
    private readonly Dictionary<uint, AgedReading> _values = [];
    private readonly Dictionary<(string Device, string Key), PeerAlert> _alerts = [];
    private readonly List<AlertBlock> _heardMeanwhile = [];
    private IReadOnlyList<PeerSignal> _signals = [];
    private IReadOnlyList<PeerDevice> _devices = [];
    private Dictionary<string, long> _deviceData = [];
    private IReadOnlyList<TileSlot> _slots = [];
    private PeerSignal? _wave;
    private PeerSession? _session;
    private PeerLinkState _link = PeerLinkState.Connecting;
    private string _said = string.Empty;
    private long _since = time.Steady();
    private long? _heard;
    private uint _epoch;
    private bool _alertsKnown;

    public int Place => place;

    public string Bed => bed;

    public bool IsOwn => isOwn;

    /// <summary>Another number whenever what is told of the bed may have changed.</summary>
    public long Version { get; private set; }

    /// <summary>True while its clock must be asked before anything of it can be believed.</summary>
    public bool IsUnmeasured
    {
        get
        {
            lock (_gate)
            {
                return _clock.Now(time.Steady()) is null;
            }
        }
    }

    public PeerLinkState Link
    {
        get
        {
            lock (_gate)
            {
                return _link;
            }
        }
    }

    /// <summary>The link is being made, failed, or was refused. What is known stays and grows old.</summary>
    public void Stands(PeerLinkState link, string said)
    {
        lock (_gate)
        {
            if (_link != link)
            {
                _since = time.Steady();
            }

            (_link, _said) = (link, said);
            _heardMeanwhile.Clear();
            Version++;
        }
    }

    /// <summary>A frame of the box came: its run and what its clock read. Another run has another clock and other values. <paramref name="askedAt"/>: it answers what was asked then.</summary>
    public void Hear(uint epoch, UtcInstant sent, long? askedAt = null)
    {
        lock (_gate)
        {
            long now = time.Steady();
            if (epoch != _epoch)
            {
                _clock.Reset();
                _values.Clear();
                _alerts.Clear();
                (_epoch, _alertsKnown) = (epoch, false);
            }

            _clock.Frame(sent.UnixNanoseconds, now);
            if (askedAt is { } asked)
            {
                _clock.Answer(sent.UnixNanoseconds, asked, now);
            }

            _heard = TakenAt(sent, now) ?? _heard;
        }
    }

    /// <summary>The box answered what was asked at <paramref name="askedAt"/>.</summary>
    public void Measure(UtcInstant answered, long askedAt)
    {
        lock (_gate)
        {
            _clock.Answer(answered.UnixNanoseconds, askedAt, time.Steady());
            Version++;
        }
    }

    /// <summary>False when the box stands at another bed: then nothing of it is kept.</summary>
    public bool Begin(PeerSnapshot snapshot)
    {
        lock (_gate)
        {
            if (!Agrees(snapshot.Session))
            {
                return false;
            }

            (_session, _alertsKnown) = (snapshot.Session, false);
            _signals = snapshot.Signals;
            TakeDevices(snapshot.Devices);
            foreach (PeerSignal signal in _signals)
            {
                if (signal.Last is { } last)
                {
                    Take(signal.Number, last);
                }
            }

            if (_link != PeerLinkState.Open)
            {
                (_link, _said, _since) = (PeerLinkState.Open, string.Empty, time.Steady());
            }

            Choose();
            Version++;
            return true;
        }
    }

    /// <summary>False when the box says meanwhile that it stands at another bed.</summary>
    public bool Confirm(PeerSession session)
    {
        lock (_gate)
        {
            return Agrees(session);
        }
    }

    /// <summary>How many signals are known.</summary>
    public int SignalCount
    {
        get
        {
            lock (_gate)
            {
                return _signals.Count;
            }
        }
    }

    /// <summary>Signals came, or are described anew.</summary>
    public void Describe(IReadOnlyList<PeerSignal> signals)
    {
        lock (_gate)
        {
            _signals = signals;
            Choose();
            Version++;
        }
    }

    public void Status(IReadOnlyList<PeerDevice> devices)
    {
        lock (_gate)
        {
            TakeDevices(devices);
            Choose();
            Version++;
        }
    }

    /// <summary>Whose samples are wanted; null = no wave is chosen.</summary>
    public uint? WaveNumber
    {
        get
        {
            lock (_gate)
            {
                return _wave?.Number;
            }
        }
    }

    /// <summary>A block that came. Gives what of the chosen wave is to be sent on: thinned, in this box's time, under the number of the bed's place.</summary>
    public SampleBlock? Take(Block block, bool isHistory)
    {
        lock (_gate)
        {
            switch (block)
            {
                case NumericBlock { Readings: [.., NumericReading newest] }:
                    Take(block.Signal.Value, new PeerReading(newest.Time, newest.Value?.ToDouble(), newest.Value is { } value ? Math.Max(0, -value.Exponent) : null, Text: null, newest.Validity));
                    break;
                case AlertBlock alert:
                    Take(alert);
                    break;
                case SampleBlock samples:
                    Take(samples.Signal.Value, new PeerReading(samples.End, Value: null, Decimals: null, Text: null, Validity.Valid));
                    return isHistory || samples.Signal.Value != _wave?.Number ? null : SendOn(samples);
            }

            return null;
        }
    }

    /// <summary>The alerts that are on, as the box lists them, and what was heard of them since the conversation began.</summary>
    public void Alerts(IReadOnlyList<PeerAlert> alerts)
    {
        lock (_gate)
        {
            _alerts.Clear();
            foreach (PeerAlert alert in alerts)
            {
                _alerts[(alert.Device, alert.Key)] = alert;
            }

            _alertsKnown = true;
            foreach (AlertBlock heard in _heardMeanwhile)
            {
                Apply(heard);
            }

            _heardMeanwhile.Clear();
            Version++;
        }
    }

    /// <summary>The bed as it stands now, judged by the time of asking.</summary>
    public WardBedAnswer Read(string ownName)
    {
        lock (_gate)
        {
            var sight = new PeerSight(time.Instant(), time.Steady(), _link, _heard, _devices, _deviceData, _values);
            IReadOnlyList<WardSlotAnswer> slots = [.. _slots.Select(sight.Slot)];
            WardSignalAnswer? wave = _wave is null ? null : sight.Wave(_wave, (uint)place);
            Freshness best = slots.SelectMany(slot => slot.Parts).Append(wave).OfType<WardSignalAnswer>().Select(one => one.State).DefaultIfEmpty(Freshness.Lost).Min();
            PeerAlert? worst = _alertsKnown && sight.LinkState != Freshness.Lost ? sight.Worst(_alerts.Values) : null;
            return new WardBedAnswer(
                place,
                isOwn ? ownName : bed,
                isOwn,
                _link,
                _said,
                sight.TimeOf(_heard),
                sight.TimeOf(_since) ?? sight.Now,
                _epoch,
                _clock.Now(sight.Steady) is { } peer ? Math.Round((peer - sight.Now.UnixNanoseconds) / 1e6) : null,
                _session?.IsDemo ?? false,
                best,
                [.. _devices.Select(sight.Device)],
                slots,
                wave,
                worst is null ? null : new WardAlertAnswer(worst.Priority, worst.IsTechnical, worst.Text, worst.Since),
                worst is null ? 0 : _alerts.Count);
        }
    }

    private bool Agrees(PeerSession session)
    {
        if (isOwn || string.Equals(session.Bed.Trim(), bed, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        _values.Clear();
        _alerts.Clear();
        (_signals, _devices, _slots, _wave, _session, _heard, _alertsKnown) = ([], [], [], null, null, null, false);
        (_link, _said, _since) = (PeerLinkState.OtherBed, session.Bed, time.Steady());
        Version++;
        return false;
    }

    /// <summary>When it was taken on the clock that never jumps; null while the box's clock is not measured.</summary>
    private long? TakenAt(UtcInstant taken, long now) => _clock.Now(now) is { } peer ? now - (peer - taken.UnixNanoseconds) : null;

    private void Take(uint number, PeerReading reading)
    {
        long now = time.Steady();
        bool isKnown = _values.TryGetValue(number, out AgedReading old);
        if (TakenAt(reading.Time, now) is not { } taken || (isKnown && old.TakenAt > taken && old.TakenAt <= now) || (!isKnown && _values.Count >= MostValues))
        {
            return;
        }

        _values[number] = new AgedReading(taken, reading with { Decimals = reading.Decimals ?? old.Reading.Decimals });
        if (!isKnown && _link == PeerLinkState.Open)
        {
            Choose();
        }

        Version++;
    }

    private void Take(AlertBlock alert)
    {
        if (_alertsKnown)
        {
            Apply(alert);
        }
        else if (_heardMeanwhile.Count < MostAlerts)
        {
            _heardMeanwhile.Add(alert);
        }
    }

    private void Apply(AlertBlock block)
    {
        (string Device, string Key) key = (block.Device, block.Alert.Key);
        if (block.Alert.Phase == AlertPhase.End)
        {
            _alerts.Remove(key);
        }
        else if (_alerts.Count < MostAlerts || _alerts.ContainsKey(key))
        {
            UtcInstant since = _alerts.TryGetValue(key, out PeerAlert? old) ? old.Since : block.Start;
            _alerts[key] = new PeerAlert(block.Alert.Key, block.Device, PeerSight.NameOf(block.Alert.Priority), block.Alert.Technical, block.Alert.Text, since);
        }

        Version++;
    }

    private void TakeDevices(IReadOnlyList<PeerDevice> devices)
    {
        long now = time.Steady();
        _devices = devices;
        var data = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (PeerDevice device in devices)
        {
            if (device.LastData is { } last && TakenAt(last, now) is { } taken)
            {
                data[device.Name] = taken;
            }
        }

        _deviceData = data;
    }

    private void Choose()
    {
        long now = time.Steady();
        long? AgeOf(PeerSignal signal) => _values.TryGetValue(signal.Number, out AgedReading value) ? now - value.TakenAt : null;
        _slots = TileChoice.Slots(_signals, AgeOf);
        _wave = TileChoice.Wave(_signals, AgeOf);
    }

    private SampleBlock? SendOn(SampleBlock samples)
    {
        long now = time.Steady();
        if (_clock.Now(now) is not { } peer || _thinner.Take(samples) is not { } thin)
        {
            return null;
        }

        long shift = time.Instant().UnixNanoseconds - peer;
        return thin with { Signal = new SignalNumber((uint)place), Start = thin.Start.Add(shift) };
    }
}
