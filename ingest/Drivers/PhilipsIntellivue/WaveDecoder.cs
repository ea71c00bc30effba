using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Real-time sample arrays. All ECG leads share one handle, and a lead may come alone at 500 Hz and in the compound at
/// 250 Hz at once, so a wave is (context, handle, physio id, compound or not); its context is found by its label
/// (DEI sheet, section 7 and trap 10).
/// </summary>
internal sealed class WaveDecoder(SignalBook signals, ChannelBook channels)
{
    private const int MostWaves = 256;
    private const int MostContextsPerObject = 24;
    private const int CompoundHeader = 6;
    private const uint StandardLabels = 0x20000;
    private readonly Dictionary<(ushort Context, ushort Handle), List<WaveContext>> _contexts = [];
    private readonly Dictionary<(ushort Context, ushort Handle, ushort Physio, bool Compound), Wave> _waves = [];

    public Validity Mode { get; set; }

    /// <summary>Forgets all; samples that still wait for their scale are said to be missing.</summary>
    public void Clear(GapCause cause, IDriverOutput output)
    {
        foreach (Wave wave in _waves.Values)
        {
            wave.DropAll(cause, output);
        }

        _waves.Clear();
        _contexts.Clear();
    }

    public void Take(PollReply reply, Observation observation, MonotonicInstant now, IDriverOutput output)
    {
        bool isCompound = observation.Attributes.TryGet(AttributeId.CompoundSamples, out ReadOnlySpan<byte> compound);
        bool isSingle = observation.Attributes.TryGet(AttributeId.Samples, out ReadOnlySpan<byte> single);
        WaveContext? beside = WaveContext.IsIn(observation.Attributes) ? Learn(observation, isCompound, now, output) : null;
        if (isSingle)
        {
            TakeSamples(new WireReader(single), reply, observation, new Beside(beside, IsCompound: false, now), output);
        }

        if (!isCompound)
        {
            return;
        }

        var reader = new WireReader(compound);
        int count = reader.U16();
        reader.U16();
        for (int i = 0; i < count && reader.Left >= CompoundHeader; i++)
        {
            int length = LengthOfNext(compound[reader.Position..]);
            TakeSamples(new WireReader(reader.Take(length)), reply, observation, new Beside(beside, IsCompound: true, now), output);
        }
    }

    private static int LengthOfNext(ReadOnlySpan<byte> observation)
    {
        var reader = new WireReader(observation);
        reader.U32();
        return Math.Min(CompoundHeader + reader.U16(), observation.Length);
    }

    private WaveContext Learn(Observation observation, bool isCompound, MonotonicInstant now, IDriverOutput output)
    {
        (ushort, ushort) key = (observation.Context, observation.Handle);
        if (!_contexts.TryGetValue(key, out List<WaveContext>? known))
        {
            if (_contexts.Count >= MostWaves)
            {
                Clear(GapCause.Uncalibrated, output);
            }

            known = [];
            _contexts[key] = known;
        }

        uint? label = WireFields.U32(observation.Attributes, AttributeId.Label);
        int index = label is null && known.Count == 1 ? 0 : known.FindIndex(context => context.Metric.Label == label && (!isCompound || context.IsCompound));
        WaveContext context = (index >= 0 ? known[index] : new WaveContext()).With(observation.Attributes);
        if (index >= 0)
        {
            known[index] = context;
        }
        else if (known.Count < MostContextsPerObject)
        {
            known.Add(context);
        }

        foreach (((ushort Context, ushort Handle, ushort Physio, bool Compound) id, Wave wave) in _waves)
        {
            if ((id.Context, id.Handle) == key && Find(id, wave) == context)
            {
                wave.Describe(context, channels, now, output);
            }
        }

        return context;
    }

    /// <summary>
    /// The context with the label that came beside samples of this wave, else with the label of the physio id, else the
    /// object's only one. A lead of the ECG never takes that of another lead.
    /// </summary>
    private WaveContext? Find((ushort Context, ushort Handle, ushort Physio, bool Compound) id, Wave wave)
    {
        if (!_contexts.TryGetValue((id.Context, id.Handle), out List<WaveContext>? known))
        {
            return null;
        }

        List<WaveContext> alike = known.FindAll(one => one.IsCompound == id.Compound);
        uint label = wave.Label ?? StandardLabels + id.Physio;
        WaveContext? only = alike.Count == 1 && (id.Compound || !Wave.IsEcg(id.Physio)) ? alike[0] : null;
        return alike.Find(one => one.Metric.Label == label) ?? (wave.Label is null ? only : null);
    }

    /// <summary><c>u16 physio id, u16 state, u16 byte length, samples</c>.</summary>
    private void TakeSamples(WireReader reader, PollReply reply, Observation observation, Beside beside, IDriverOutput output)
    {
        ushort physio = reader.U16();
        ushort state = reader.U16();
        ReadOnlySpan<byte> samples = reader.Take(reader.U16());
        if (reader.Failed || samples.IsEmpty)
        {
            return;
        }

        (ushort, ushort, ushort, bool) key = (observation.Context, observation.Handle, physio, beside.IsCompound);
        if (!_waves.TryGetValue(key, out Wave? wave))
        {
            if (_waves.Count >= MostWaves)
            {
                Clear(GapCause.Uncalibrated, output);
            }

            wave = new Wave(observation, physio, beside.IsCompound, signals);
            _waves[key] = wave;
            if (beside.Context is null && Find(key, wave) is { } context)
            {
                wave.Describe(context, channels, beside.Now, output);
            }
        }

        if (beside.Context is { } certain)
        {
            wave.Label = certain.Metric.Label;
            wave.Describe(certain, channels, beside.Now, output);
        }

        wave.Take(new WaveBlock(reply.Time, MeasurementState.Of(state) | Mode, samples.ToArray()), output);
    }

    /// <summary>The context that came in the same object as samples, so certainly theirs.</summary>
    private readonly record struct Beside(WaveContext? Context, bool IsCompound, MonotonicInstant Now);
}
