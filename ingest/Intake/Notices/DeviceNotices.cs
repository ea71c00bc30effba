using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Ingest.Intake.Notices;

/// <summary>
/// Stands before the store of one device, and makes marks of what that reports of itself in codes, beside the blocks that say it: one mark for each time that it is so, whose second version has its end. It sees only blocks that the
/// store took, so that a notice is there once for each alert, state or value that is; a notice whose end nobody saw (the device fell silent, the program ended) is closed as <c>ended=unknown</c>.
/// </summary>
internal sealed class DeviceNotices(string device, IBlockSink sink) : IBlockSink
{
    /// <summary>Beginnings an hour: a loose electrode must not fill the store. The alerts themselves are all kept.</summary>
    public const int MostAnHour = 60;

    private const long HourNs = 3_600_000_000_000;

    /// <summary>How far back a notice of an earlier run is looked for.</summary>
    private const long RecallNs = 48 * HourNs;

    private readonly Dictionary<SignalNumber, Signal> _signals = [];
    private readonly Dictionary<(string Kind, string About), AnnotationBlock> _open = [];
    private readonly Dictionary<(string Kind, string About), HashSet<string>> _causes = [];
    private readonly Dictionary<SignalNumber, string> _modes = [];
    private readonly Queue<UtcInstant> _begun = [];
    private bool _recalled;

    public Signal Register(string device, Metric metric)
    {
        Signal signal = sink.Register(device, metric);
        _signals[signal.Number] = signal with { Metric = metric };
        if (NoticeRules.IsMode(metric) && !_modes.ContainsKey(signal.Number))
        {
            // A mode that was the same before a restart did not change.
            _modes[signal.Number] = (sink.Last(signal.Number) as TextBlock)?.Text ?? string.Empty;
        }

        return signal;
    }

    public Block? Last(SignalNumber signal) => sink.Last(signal);

    public IEnumerable<Block> Stored(SignalNumber signal, UtcInstant from, UtcInstant to) => sink.Stored(signal, from, to);

    public IEnumerable<AlertBlock> StoredAlerts(UtcInstant from, UtcInstant to) => sink.StoredAlerts(from, to);

    public IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => sink.StoredMarks(from, to);

    public bool TryAppend(Block block)
    {
        bool taken = sink.TryAppend(block);
        if (taken)
        {
            Take(block);
        }

        return taken;
    }

    private void Take(Block block)
    {
        switch (block)
        {
            case DeviceBlock { State: DeviceState.Receiving } here:
                Recall(here.Start);
                break;
            case DeviceBlock { State: DeviceState.Silent or DeviceState.Unplugged } gone:
                Lose(gone.Start);
                break;
            case AlertBlock said when NoticeRules.OfAlert(said.Alert) is { } kind:
                Tell(kind, SignalOf(said.Alert.Source), $"alert {said.Alert.Key}", said.Alert.Phase != AlertPhase.End, said);
                break;
            case TextBlock state when _signals.TryGetValue(state.Signal, out Signal? signal):
                TakeState(signal, state);
                break;
            case NumericBlock { Readings: [.., var reading] } values when _signals.TryGetValue(values.Signal, out Signal? signal):
                TakeValidity(signal, reading.Validity, values);
                break;
            case SampleBlock samples when _signals.TryGetValue(samples.Signal, out Signal? signal):
                TakeValidity(signal, samples.Validity.Aggregate(Validity.Valid, (all, run) => all | run.Validity), samples);
                break;
        }
    }

    /// <summary>The device cannot be heard any more: nobody knows what of it is still so.</summary>
    private void Lose(UtcInstant at)
    {
        Recall(at);
        foreach (((string Kind, string About) key, AnnotationBlock mark) in _open.ToArray())
        {
            End(key, mark, at, isTold: false);
        }

        _causes.Clear();
    }

    private void TakeState(Signal signal, TextBlock state)
    {
        if (NoticeRules.IsMode(signal.Metric))
        {
            string before = _modes.GetValueOrDefault(signal.Number, string.Empty);
            if (state.Text.Length > 0 && state.Validity.IsUsable())
            {
                _modes[signal.Number] = state.Text;
                if (before.Length > 0 && before != state.Text)
                {
                    Recall(state.Start);
                    _ = Begin(NoticeRules.ModeChange, about: null, state);
                }
            }

            return;
        }

        (IReadOnlyList<string> possible, IReadOnlyList<string> now) = NoticeRules.OfState(signal.Metric, state);
        string group = NoticeRules.GroupOf(signal.Metric);
        Signal? about = group.Length == 0 ? null : _signals.Values.Where(one => one.Metric.DeviceCode.StartsWith(group, StringComparison.Ordinal) && one.Number != signal.Number).MinBy(one => one.Number.Value) ?? signal;
        foreach (string kind in possible)
        {
            Tell(kind, about, $"state {signal.Number.Value}", now.Contains(kind), state);
        }
    }

    private void TakeValidity(Signal signal, Validity validity, Block block)
    {
        bool calibrates = validity.HasFlag(Validity.CalibrationOngoing);
        if ((calibrates || _open.Count > 0) && NoticeRules.TellsByValidity(signal.Metric))
        {
            Tell(NoticeRules.Calibration, signal, $"value {signal.Number.Value}", calibrates, block);
        }
    }

    /// <summary>Several causes of one kind about one sensor are one notice: it begins with the first and ends with the last.</summary>
    private void Tell(string kind, Signal? about, string cause, bool stands, Block said)
    {
        Recall(said.Start);
        (string Kind, string About) key = (kind, about is null ? string.Empty : Measured.SensorOf(about));
        if (stands)
        {
            if (!_causes.TryGetValue(key, out HashSet<string>? causes))
            {
                causes = _causes[key] = [];
            }

            if (causes.Add(cause) && !_open.ContainsKey(key) && Begin(kind, about, said) is { } mark)
            {
                _open[key] = mark;
            }
        }
        else if (_causes.TryGetValue(key, out HashSet<string>? causes) && causes.Remove(cause) && causes.Count == 0 && _open.TryGetValue(key, out AnnotationBlock? mark))
        {
            End(key, mark, said is SampleBlock ? said.End : said.Start, isTold: true);
        }
    }

    /// <summary>Null = not kept: there were too many, or the store did not take it.</summary>
    private AnnotationBlock? Begin(string kind, Signal? about, Block said)
    {
        while (_begun.TryPeek(out UtcInstant oldest) && said.Start.Since(oldest) > HourNs)
        {
            _ = _begun.Dequeue();
        }

        if (_begun.Count >= MostAnHour)
        {
            return null;
        }

        _begun.Enqueue(said.Start);
        var mark = new AnnotationBlock
        {
            Signal = about?.Number ?? SignalNumber.None,
            Start = said.Start,
            UncertaintyMicroseconds = said.UncertaintyMicroseconds,
            ClockEpoch = said.ClockEpoch,
            Key = $"{device}/{kind}/{about?.Number.Value ?? 0}/{said.Start.UnixNanoseconds}",
            Kind = kind,
            Source = device,
        };
        return sink.TryAppend(mark) ? mark : null;
    }

    private void End((string Kind, string About) key, AnnotationBlock mark, UtcInstant at, bool isTold)
    {
        AnnotationBlock ended = mark with
        {
            Until = at > mark.Start ? at : mark.Start,
            Version = mark.Version + 1,
            Attributes = isTold || ContextCatalog.Shipped.Find(mark.Kind)?.Attribute("ended") is null ? mark.Attributes : mark.Attributes.With("ended", "unknown"),
        };
        if (sink.TryAppend(ended))
        {
            _ = _open.Remove(key);
        }
    }

    /// <summary>What an earlier run left open ended nobody knows when; what is still so begins anew, as its alert does.</summary>
    private void Recall(UtcInstant now)
    {
        if (_recalled)
        {
            return;
        }

        _recalled = true;
        IEnumerable<AnnotationBlock> mine = sink.StoredMarks(now.Add(-RecallNs), now)
            .Where(mark => mark.Source == device && ContextCatalog.Shipped.Find(mark.Kind)?.Form == ContextForm.Range);
        foreach (AnnotationBlock mark in ContextTimeline.Newest(mine).Where(mark => mark is { Until: null, Withdrawn: false }))
        {
            End((mark.Kind, mark.Key), mark, now, isTold: false);
        }
    }

    /// <summary>The signal of the device that an alert names, or one of the same sensor; null = the device.</summary>
    private Signal? SignalOf(string source)
    {
        if (Nomenclature.Shipped.ById(source) is null)
        {
            return null;
        }

        string sensor = Measured.SensorOf(new Signal(SignalNumber.None, source, device, new Metric { SignalId = source, Kind = SignalKind.Numeric, Unit = string.Empty }));
        return _signals.Values.Where(one => one.Metric.SignalId == source).MinBy(one => one.Number.Value)
            ?? _signals.Values.Where(one => Measured.SensorOf(one) == sensor).MinBy(one => one.Number.Value);
    }
}
