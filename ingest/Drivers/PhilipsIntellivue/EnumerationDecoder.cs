using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>States such as the rhythm (DEI sheet, section 9.3); a text event when one changes.</summary>
internal sealed class EnumerationDecoder(SignalBook signals, ChannelBook channels)
{
    private const int MostObjects = 256;
    private const ushort ChoiceObject = 1;
    private const ushort ChoiceNumber = 4;
    private readonly Dictionary<(ushort Context, ushort Handle), MetricContext> _objects = [];
    private readonly Dictionary<(ushort Context, ushort Handle, ushort Physio), (string Value, Validity Validity)> _last = [];

    public Validity Mode { get; set; }

    public void Clear()
    {
        _objects.Clear();
        _last.Clear();
    }

    public void Take(PollReply reply, Observation observation, MonotonicInstant now, IDriverOutput output)
    {
        if (_objects.Count >= MostObjects || _last.Count >= MostObjects)
        {
            Clear();
        }

        (ushort, ushort) key = (observation.Context, observation.Handle);
        MetricContext context = (_objects.GetValueOrDefault(key) ?? new MetricContext()).With(observation.Attributes);
        _objects[key] = context;
        if (observation.Attributes.TryGet(AttributeId.EnumerationValue, out ReadOnlySpan<byte> value))
        {
            TakeValue(value, reply, observation, context, now, output);
        }
    }

    /// <summary><c>u16 physio id, u16 state, u16 choice, u16 length</c>, then the object id, for choice 4 with FLOAT and unit.</summary>
    private void TakeValue(ReadOnlySpan<byte> value, PollReply reply, Observation observation, MetricContext context, MonotonicInstant now, IDriverOutput output)
    {
        var reader = new WireReader(value);
        ushort physio = reader.U16();
        Validity validity = MeasurementState.Of(reader.U16()) | Mode;
        ushort choice = reader.U16();
        reader.U16();
        ushort code = choice is ChoiceObject or ChoiceNumber ? reader.U16() : (ushort)0;
        string text = choice switch
        {
            ChoiceObject => $"0x{code:X4}",
            ChoiceNumber => $"0x{code:X4} {WireFloat.Of(reader.U32()).Number} {Units.Ucum(reader.U16())}",
            _ => string.Empty,
        };
        (ushort, ushort, ushort) key = (observation.Context, observation.Handle, physio);
        if (reader.Failed || text.Length == 0 || (_last.TryGetValue(key, out (string, Validity) last) && last == (text, validity)))
        {
            return;
        }

        _last[key] = (text, validity);
        Meaning meaning = Meanings.Of(physio, context.Label, context.Category, SignalKind.Text);
        var metric = new Metric
        {
            SignalId = meaning.SignalId,
            Kind = meaning.Kind,
            Code = meaning.Code,
            CodeName = meaning.CodeName,
            Unit = Units.Dimensionless,
            Channel = channels.ChannelOf(meaning, observation, now),
            Label = context.LabelString,
            DeviceCode = $"philips:0x{physio:X4}",
        };
        signals.Announce(new DeviceEvent.Descriptor(metric), output);
        output.Report(new DeviceEvent.Text(metric, text) { At = new DeviceTicks(reply.Time), Code = code, Validity = validity });
    }
}
