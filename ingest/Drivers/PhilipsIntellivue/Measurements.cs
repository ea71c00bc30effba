using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>What a metric object said of itself apart from its value (DEI sheet, section 9.1).</summary>
internal sealed record MetricContext
{
    private const int CategoryOffset = 4;
    private const int StructureOffset = 8;
    private const ushort NonContinuous = 0x1000;
    private const ushort AperiodicModality = 0x2000;

    public uint? Label { get; init; }

    public string LabelString { get; init; } = string.Empty;

    public ushort Category { get; init; }

    /// <summary>Measured on demand, not all the time: a cuff pressure.</summary>
    public bool Aperiodic { get; init; }

    /// <summary>Made of several values: a compound ECG.</summary>
    public bool Compound { get; init; }

    /// <summary>This, with whatever the attributes say anew.</summary>
    public MetricContext With(AttributeList attributes)
    {
        MetricContext context = this;
        if (WireFields.U32(attributes, AttributeId.Label) is { } label)
        {
            context = context with { Label = label };
        }

        if (WireFields.Text(attributes, AttributeId.LabelString) is { Length: > 0 } text)
        {
            context = context with { LabelString = text };
        }

        if (attributes.TryGet(AttributeId.MetricSpecification, out ReadOnlySpan<byte> specification) && specification.Length > StructureOffset)
        {
            var reader = new WireReader(specification);
            reader.Take(CategoryOffset);
            ushort category = reader.U16();
            bool onDemand = (reader.U16() & NonContinuous) != 0 || (WireFields.U16(attributes, AttributeId.MetricModality) & AperiodicModality) > 0;
            context = context with { Category = category, Aperiodic = onDemand, Compound = specification[StructureOffset] != 0 };
        }

        return context;
    }
}

/// <summary>Measurement state of the wire in the words of the model: the bits lie in the same places (section 9.5).</summary>
internal static class MeasurementState
{
    private const ushort Standard = 0xFCE3;

    public static Validity Of(ushort state) => (Validity)(state & Standard);
}

/// <summary>Numerics: one event for each new value of each physio id of each object (sections 6.4 and 9.2).</summary>
internal sealed class NumericDecoder(SignalBook signals, ChannelBook channels, MonitorClock clock)
{
    private const int MostObjects = 1024;
    private const int ValueLength = 10;

    /// <summary>A toggling alarm or "cuff inflating" bit does not make a repeated cuff pressure a new one.</summary>
    private const Validity ToldApart = Validity.Invalid | Validity.Questionable | Validity.NotAvailable;

    /// <summary>For polls without context: cuff pressures and pulse, wedge pressure, bolus cardiac output and index.</summary>
    private static readonly ushort[] OnDemand = [0x4A04, 0x4A05, 0x4A06, 0x4A07, 0xF0E5, 0x4A24, 0x4B04, 0x490C];
    private static readonly TimeSpan Cycle = TimeSpan.FromMilliseconds(1024);
    private readonly Dictionary<(ushort Context, ushort Handle), MetricContext> _objects = [];
    private readonly Dictionary<(ushort Context, ushort Handle, ushort Physio), Known> _values = [];

    /// <summary>Or-ed to every validity: the monitor's operating mode.</summary>
    public Validity Mode { get; set; }

    public void Clear()
    {
        _objects.Clear();
        _values.Clear();
    }

    public void Take(PollReply reply, Observation observation, MonotonicInstant now, IDriverOutput output)
    {
        MetricContext context = ContextOf(observation);
        if (observation.Attributes.TryGet(AttributeId.NumericValue, out ReadOnlySpan<byte> single))
        {
            TakeValue(single, reply, observation, context, now, output);
        }

        if (!observation.Attributes.TryGet(AttributeId.CompoundNumericValue, out ReadOnlySpan<byte> compound))
        {
            return;
        }

        var reader = new WireReader(compound);
        int count = reader.U16();
        reader.U16();
        for (int i = 0; i < count && reader.Left >= ValueLength; i++)
        {
            TakeValue(reader.Take(ValueLength), reply, observation, context, now, output);
        }
    }

    private MetricContext ContextOf(Observation observation)
    {
        (ushort, ushort) key = (observation.Context, observation.Handle);
        MetricContext before = _objects.GetValueOrDefault(key) ?? new MetricContext();
        MetricContext context = before.With(observation.Attributes);
        if (context != before)
        {
            if (_objects.Count >= MostObjects)
            {
                Clear();
            }

            _objects[key] = context;
        }

        return context;
    }

    /// <summary><c>u16 physio id, u16 state, u16 unit, FLOAT</c>.</summary>
    private void TakeValue(ReadOnlySpan<byte> value, PollReply reply, Observation observation, MetricContext context, MonotonicInstant now, IDriverOutput output)
    {
        var reader = new WireReader(value);
        ushort physio = reader.U16();
        Validity validity = MeasurementState.Of(reader.U16()) | Mode;
        ushort unit = reader.U16();
        Fixed? number = WireFloat.Of(reader.U32()).Number;
        if (reader.Failed)
        {
            return;
        }

        validity |= number is null && validity.IsUsable() ? Validity.NotAvailable : Validity.Valid;
        DateTime? measuredAt = WireFields.Time(observation.Attributes, AttributeId.TimeStampAbsolute);
        uint? stamp = WireFields.U32(observation.Attributes, AttributeId.TimeStampRelative);
        bool aperiodic = context.Aperiodic || measuredAt is not null || stamp is not null || OnDemand.Contains(physio);
        Known known = KnownOf(observation, physio, unit, aperiodic, context);
        string channel = channels.ChannelOf(known.Meaning, observation, now);
        if (known.Metric.Channel != channel)
        {
            known.Metric = known.Metric with { Channel = channel };
        }

        var said = new DeviceEvent.Numeric(known.Metric, validity.IsUsable() ? number : null)
        {
            At = new DeviceTicks(reply.Time),
            Validity = validity,
            MeasuredAt = aperiodic ? measuredAt ?? (stamp is { } ticks ? clock.WallOf(ticks) : null) : null,
        };
        if (!known.Repeats(said, reply.Time, aperiodic, stamp))
        {
            signals.Announce(new DeviceEvent.Descriptor(known.Metric), output);
            output.Report(said);
        }
    }

    private Known KnownOf(Observation observation, ushort physio, ushort unit, bool aperiodic, MetricContext context)
    {
        (ushort, ushort, ushort) key = (observation.Context, observation.Handle, physio);
        if (_values.TryGetValue(key, out Known? known) && known.Unit == unit && known.Aperiodic == aperiodic && known.Context == context)
        {
            return known;
        }

        if (_values.Count >= MostObjects)
        {
            _values.Clear();
        }

        Meaning meaning = Meanings.Of(physio, context.Label, context.Category, SignalKind.Numeric);
        var next = new Known(unit, aperiodic, context, meaning, new Metric
        {
            SignalId = meaning.SignalId,
            Kind = meaning.Kind,
            Code = meaning.Code,
            CodeName = meaning.CodeName,
            Unit = Units.Ucum(unit),
            Channel = meaning.Channel,
            Label = context.LabelString,
            DeviceCode = $"philips:0x{physio:X4}",
            ExpectedEvery = aperiodic ? null : Cycle,
        });
        next.Inherit(known);
        _values[key] = next;
        return next;
    }

    /// <summary>One physio id of one object, and what was last said of it.</summary>
    private sealed class Known(ushort unit, bool aperiodic, MetricContext context, Meaning meaning, Metric metric)
    {
        private DeviceEvent.Numeric? _last;
        private uint _lastTime;
        private uint? _lastStamp;

        public ushort Unit => unit;

        public bool Aperiodic => aperiodic;

        public MetricContext Context => context;

        public Meaning Meaning => meaning;

        public Metric Metric { get; set; } = metric;

        public void Inherit(Known? before)
        {
            if (before is not null && before.Unit == unit)
            {
                (_last, _lastTime, _lastStamp) = (before._last, before._lastTime, before._lastStamp);
            }
        }

        /// <summary>
        /// The same result again (a single poll beside a periodic one), or an aperiodic value that the monitor repeats
        /// every cycle: told by its time stamp, or by its value where it has none (section 9.6).
        /// </summary>
        public bool Repeats(DeviceEvent.Numeric said, uint time, bool onDemand, uint? stamp)
        {
            bool repeats = _last is { } last && (time == _lastTime || (onDemand && IsSameMeasurement(last, said, stamp)));
            if (!repeats)
            {
                (_last, _lastStamp) = (said, stamp);
            }

            _lastTime = time;
            return repeats;
        }

        private bool IsSameMeasurement(DeviceEvent.Numeric last, DeviceEvent.Numeric said, uint? stamp) =>
            last.Value == said.Value
            && (last.Validity & ToldApart) == (said.Validity & ToldApart)
            && (stamp is not null ? stamp == _lastStamp : last.MeasuredAt == said.MeasuredAt);
    }
}
