namespace Bedside.Simulators.Philips;

/// <summary>
/// The wave poll's blocks of 256 ms (sheet, section 7): the context of all waves in the first result, then four
/// blocks a cycle, and in front of the first of them one wave's context in turn.
/// </summary>
internal sealed class WaveStream(ISignalSource source, ObjectEncoder encoder, Conditions conditions)
{
    /// <summary>How far the first block lies before the result that accepts the poll, ticks: 0.352 s.</summary>
    private const long FirstLag = 2816;

    /// <summary>How far the last block of a burst lies before it is sent, ticks: 0.864 s.</summary>
    private const long LastLag = 6912;

    private const uint ArterialPressure = 0x00024A14;

    private int _turn;
    private bool _rescaled;

    /// <summary>Where the next block begins; null until a poll runs. It outlives the poll, so that a renewal loses nothing.</summary>
    public long? Next { get; set; }

    /// <summary>The first block that a cycle does not send yet.</summary>
    public static long NextAfter(long cycleTick) => cycleTick - LastLag + WaveObject.BlockTicks;

    /// <summary>The contexts of all waves, sent when a poll is accepted at <paramref name="tick"/>.</summary>
    public IReadOnlyList<Observation> Begin(IReadOnlyList<WaveObject> waves, AttributeGroup group, long tick)
    {
        Next ??= tick - FirstLag;
        return conditions.Faults.Active(MonitorFaults.ScaleLate) || group is AttributeGroup.Values
            ? []
            : [.. Present(waves).Select(w => new Observation(w.Context, w.Handle, encoder.WaveContext(Announced(w), group)))];
    }

    /// <summary>The blocks that a cycle sends: each one's first tick, and its waves.</summary>
    public IEnumerable<(long Tick, IReadOnlyList<Observation> Waves)> Burst(IReadOnlyList<WaveObject> waves, AttributeGroup group, long tick)
    {
        WaveObject[] present = [.. Present(waves)];
        bool multiplex = group is not AttributeGroup.Values && present.Length > 0 && !conditions.Faults.Active(MonitorFaults.ScaleLate);
        WaveObject? withContext = multiplex ? present[_turn++ % present.Length] : null;
        bool rescale = conditions.Faults.Active(MonitorFaults.ScaleChange);
        WaveObject? rescaled = rescale != _rescaled ? Array.Find(present, w => w.Label == ArterialPressure) : null;
        _rescaled = rescale;
        for (long block = Next ?? tick; block <= tick - LastLag && !source.IsOver(block); block += WaveObject.BlockTicks)
        {
            Next = block + WaveObject.BlockTicks;
            Observation[] observations = [.. present.Select(w => Block(w, block, group, w == withContext || w == rescaled))];
            withContext = null;
            rescaled = null;
            yield return (block, observations);
        }
    }

    private IEnumerable<WaveObject> Present(IReadOnlyList<WaveObject> waves) => waves.Where(conditions.IsPresent);

    private Observation Block(WaveObject wave, long block, AttributeGroup group, bool withContext)
    {
        WaveObject scaled = Announced(wave);
        AttributeList attributes = withContext ? encoder.WaveContext(scaled, group) : new AttributeList();
        var parts = new List<ushort[]>();
        bool useless = false;
        for (int part = 0; part < wave.PhysioIds.Length; part++)
        {
            ushort[] samples = new ushort[wave.BlockSamples];
            useless |= source.Fill(scaled, part, block, samples);
            parts.Add(samples);
        }

        MeasurementState state = conditions.State(wave);
        ObjectEncoder.AddSamples(attributes, wave, parts, useless ? state | MeasurementState.Invalid : state);
        return new Observation(wave.Context, wave.Handle, attributes);
    }

    /// <summary>The wave as it is now: with half the resolution while its scale is changed.</summary>
    private WaveObject Announced(WaveObject wave)
    {
        bool changed = wave.Label == ArterialPressure
            && (conditions.Faults.Active(MonitorFaults.ScaleChange) || conditions.Faults.Active(MonitorFaults.WrongScaleLate));
        return changed
            ? wave with
            {
                Flags = (ushort)(wave.Flags & ~WaveObject.StaticScale),
                Scale = wave.Scale with { LowerScaled = (ushort)(wave.Scale.LowerScaled / 2), UpperScaled = (ushort)(wave.Scale.UpperScaled / 2) },
            }
            : wave;
    }
}
