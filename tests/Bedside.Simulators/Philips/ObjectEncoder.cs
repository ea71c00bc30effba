namespace Bedside.Simulators.Philips;

/// <summary>ObservationPoll: an object of a context and its attributes.</summary>
internal readonly record struct Observation(ushort Context, ushort Handle, AttributeList Attributes)
{
    public int Size => 2 + Attributes.Size;

    public void WriteTo(MessageWriter writer) => Attributes.WriteTo(writer.U16(Handle));
}

/// <summary>Puts numerics, waves and enumerations into observations (sheet, sections 9.1 to 9.3).</summary>
internal sealed class ObjectEncoder(Language language)
{
    private const ushort Partition = 1;
    private const ushort MeasuredByItself = 1;
    private const ushort WaveAccess = 0x4280;

    /// <summary>A numeric. <paramref name="values"/> holds one number per part, NaN for none, or is empty when the object has no value.</summary>
    public Observation Numeric(NumericObject numeric, AttributeGroup group, IReadOnlyList<double> values, MeasurementState state, DateTimeOffset measuredAt)
    {
        var attributes = new AttributeList();
        if (group is AttributeGroup.All or AttributeGroup.Static)
        {
            _ = attributes.U16(AttributeId.Handle, numeric.Handle)
                .Add(AttributeId.Type, w => w.U16(Partition).U16((ushort)ObjectClass.Numeric))
                .Add(AttributeId.MetricSpecification, w => Specification(w, (uint)MonitorClock.CycleTicks, numeric.Access, numeric.Parts.Length));
        }

        if (group is AttributeGroup.All or AttributeGroup.Dynamic)
        {
            Names(attributes, numeric);
            if (numeric.Resolution is { } digits)
            {
                _ = attributes.Add(AttributeId.DisplayResolution, w => w.U8(digits.Before).U8(digits.After));
            }

            _ = attributes.U16(AttributeId.Color, numeric.Colour);
        }

        if (values.Count > 0 && group is AttributeGroup.All or AttributeGroup.Values)
        {
            AddValues(attributes, numeric, values, state);
            if (numeric.Aperiodic)
            {
                _ = attributes.Add(AttributeId.MeasuredAt, w => MonitorClock.WriteAbsolute(w, measuredAt));
            }
        }

        return new Observation(numeric.Context, numeric.Handle, attributes);
    }

    /// <summary>All that is said of a wave before its samples.</summary>
    public AttributeList WaveContext(WaveObject wave, AttributeGroup group)
    {
        var attributes = new AttributeList();
        if (group is AttributeGroup.All or AttributeGroup.Static)
        {
            _ = attributes.U16(AttributeId.Handle, wave.Handle)
                .Add(AttributeId.Type, w => w.U16(Partition).U16((ushort)ObjectClass.Wave))
                .Add(AttributeId.MetricSpecification, w => Specification(w, WaveObject.BlockTicks, WaveAccess, wave.PhysioIds.Length))
                .Add(AttributeId.SampleSpecification, w => w.U16(wave.BlockSamples).U8(16).U8(wave.SignificantBits).U16(wave.Flags))
                .U32(AttributeId.SamplePeriod, (uint)wave.TicksPerSample);
        }

        if (group is AttributeGroup.All or AttributeGroup.Dynamic)
        {
            Names(attributes, wave);
            _ = attributes.U16(AttributeId.Unit, wave.Unit).U16(AttributeId.Color, wave.Colour).U16(AttributeId.MetricStatus, 0);
            Scaling(attributes, wave);
        }

        return attributes;
    }

    /// <summary>Adds a block of samples: one array per part.</summary>
    public static void AddSamples(AttributeList attributes, WaveObject wave, IReadOnlyList<ushort[]> parts, MeasurementState state)
    {
        if (!wave.IsCompound)
        {
            _ = attributes.Add(AttributeId.Samples, w => WriteSamples(w, wave.PhysioIds[0], state, parts[0]));
            return;
        }

        _ = attributes.Add(AttributeId.CompoundSamples, w =>
        {
            int opened = w.U16(parts.Count).Open();
            for (int part = 0; part < parts.Count; part++)
            {
                WriteSamples(w, wave.PhysioIds[part], state, parts[part]);
            }

            w.Close(opened);
        });
    }

    /// <summary>An enumeration without a value.</summary>
    public Observation Enumeration(EnumerationObject enumeration, AttributeGroup group)
    {
        var attributes = new AttributeList();
        if (group is AttributeGroup.All or AttributeGroup.Static)
        {
            _ = attributes.U16(AttributeId.Handle, enumeration.Handle)
                .Add(AttributeId.Type, w => w.U16(Partition).U16((ushort)ObjectClass.Enumeration))
                .Add(AttributeId.MetricSpecification, w => Specification(w, (uint)MonitorClock.CycleTicks, NumericObject.Continuous, 1));
        }

        if (group is AttributeGroup.All or AttributeGroup.Dynamic)
        {
            Names(attributes, enumeration);
            _ = attributes.U16(AttributeId.Color, enumeration.Colour);
        }

        return new Observation(enumeration.Context, enumeration.Handle, attributes);
    }

    /// <summary>Labels are padded to six characters and ended by NUL.</summary>
    public static string Padded(string label) => label.PadRight(6) + '\0';

    private void Names(AttributeList attributes, MeasuredObject measured) =>
        _ = attributes.U32(AttributeId.Label, measured.Label).Text(AttributeId.LabelString, Padded(language.Of(measured.Text)));

    private static void Specification(MessageWriter writer, uint period, ushort access, int parts) =>
        _ = writer.U32(period).U16(MeasuredByItself).U16(access).U8(parts > 1 ? 1 : 0).U8(parts > 1 ? parts : 0).U16(0);

    private static void AddValues(AttributeList attributes, NumericObject numeric, IReadOnlyList<double> values, MeasurementState state)
    {
        if (numeric.Parts.Length == 1)
        {
            _ = attributes.Add(AttributeId.Numeric, w => WriteValue(w, numeric, 0, values[0], state));
            return;
        }

        _ = attributes.Add(AttributeId.CompoundNumeric, w =>
        {
            int opened = w.U16(numeric.Parts.Length).Open();
            for (int part = 0; part < numeric.Parts.Length; part++)
            {
                WriteValue(w, numeric, part, values[part], state);
            }

            w.Close(opened);
        });
    }

    private static void WriteValue(MessageWriter writer, NumericObject numeric, int part, double value, MeasurementState state)
    {
        MeasurementState shown = double.IsFinite(value) ? state : state | MeasurementState.Unavailable;
        double seen = shown.HasFlag(MeasurementState.Unavailable) ? double.NaN : value;
        _ = writer.U16(numeric.Parts[part].PhysioId).U16((ushort)shown).U16(numeric.Unit).U32(FloatValue.Of(seen, numeric.Parts[part].Decimals).Bits);
    }

    private static void Scaling(AttributeList attributes, WaveObject wave)
    {
        _ = attributes.Add(AttributeId.Scale, w => w.U32(wave.Scale.Lower.Bits).U32(wave.Scale.Upper.Bits).U16(wave.Scale.LowerScaled).U16(wave.Scale.UpperScaled));
        if (wave.Calibration is { } bar)
        {
            // Increment 0 and type 0: a bar, not a stair.
            _ = attributes.Add(AttributeId.Calibration, w => w.U32(bar.Lower.Bits).U32(bar.Upper.Bits).U16(bar.LowerScaled).U16(bar.UpperScaled).U16(0).U16(0));
        }

        if (wave.Range is { } range)
        {
            _ = attributes.Add(AttributeId.PhysicalRange, w => w.U16(range.Lower).U16(range.Upper));
        }

        if (wave.FixedValues.Count > 0)
        {
            _ = attributes.Add(AttributeId.FixedValues, w =>
            {
                int opened = w.U16(wave.FixedValues.Count).Open();
                foreach (FixedValue value in wave.FixedValues)
                {
                    _ = w.U16(value.Id).U16(value.Value);
                }

                w.Close(opened);
            });
        }

        if (wave.Mode is { } mode)
        {
            _ = attributes.U16(AttributeId.MeasurementMode, mode);
        }
    }

    private static void WriteSamples(MessageWriter writer, ushort physioId, MeasurementState state, ushort[] samples)
    {
        _ = writer.U16(physioId).U16((ushort)state).U16(2 * samples.Length);
        foreach (ushort sample in samples)
        {
            _ = writer.U16(sample);
        }
    }
}
