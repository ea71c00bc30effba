using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>A pattern that marks samples, and what it means (SA_FIXED_VAL_SPECN).</summary>
internal readonly record struct SampleMark(ushort Pattern, Validity Meaning);

/// <summary>
/// What the monitor said of a wave (DEI sheet, sections 7 and 9.3). It comes once when a poll begins, and later one object
/// in each 1.024 s, so samples may be there long before it.
/// </summary>
internal sealed record WaveContext
{
    /// <summary>Text id under which the three-lead ECG is listed.</summary>
    public const uint CompoundLabel = 0x00020100;

    private const int MostMarks = 8;
    private static readonly Validity[] MarkMeanings =
        [Validity.Valid, Validity.Invalid, Validity.PacerMark, Validity.DefibrillatorMark, Validity.Saturated, Validity.Valid];

    public MetricContext Metric { get; init; } = new();

    /// <summary>Bits of a sample on the wire: 8 or 16; 0 = not told.</summary>
    public int SampleBits { get; init; }

    public int SignificantBits { get; init; }

    public uint PeriodTicks { get; init; }

    public ushort? Unit { get; init; }

    /// <summary>True when the scale is known, or known not to exist.</summary>
    public bool ScaleKnown { get; init; }

    public Scale? Scale { get; init; }

    public ImmutableArray<SampleMark> Marks { get; init; } = [];

    /// <summary>Raw ends of the range that the monitor draws; equal = not told.</summary>
    public (ushort Lower, ushort Upper) Range { get; init; }

    /// <summary>Everything that samples need is there.</summary>
    public bool IsReady => SampleBits > 0 && PeriodTicks > 0 && ScaleKnown && (Unit is not null || Scale is null);

    public bool IsCompound => Metric.Compound || Metric.Label == CompoundLabel;

    /// <summary>True when these attributes describe a wave, apart from giving samples.</summary>
    public static bool IsIn(AttributeList attributes) =>
        attributes.Has(AttributeId.Label) || attributes.Has(AttributeId.SampleSpecification) || attributes.Has(AttributeId.Scale);

    /// <summary>This, with whatever the attributes say anew.</summary>
    public WaveContext With(AttributeList attributes)
    {
        WaveContext context = this with { Metric = Metric.With(attributes) };
        if (attributes.TryGet(AttributeId.SampleSpecification, out ReadOnlySpan<byte> specification) && specification.Length >= 6)
        {
            context = context with { SampleBits = specification[2] is 8 or 16 ? specification[2] : 0, SignificantBits = Math.Min(specification[3], specification[2]) };
        }

        if (WireFields.U32(attributes, AttributeId.SamplePeriod) is { } ticks)
        {
            context = context with { PeriodTicks = ticks };
        }

        if (WireFields.U16(attributes, AttributeId.UnitCode) is { } unit)
        {
            context = context with { Unit = unit };
        }

        if (attributes.TryGet(AttributeId.Scale, out ReadOnlySpan<byte> scale) && scale.Length >= 12)
        {
            context = context with { ScaleKnown = true, Scale = ScaleOf(scale) };
        }

        if (attributes.TryGet(AttributeId.PhysiologicalRange, out ReadOnlySpan<byte> range) && range.Length >= 4)
        {
            var reader = new WireReader(range);
            context = context with { Range = (reader.U16(), reader.U16()) };
        }

        if (attributes.TryGet(AttributeId.FixedValues, out ReadOnlySpan<byte> marks))
        {
            ImmutableArray<SampleMark> read = MarksOf(marks);
            context = read.SequenceEqual(Marks) ? context : context with { Marks = read };
        }

        return context;
    }

    /// <summary><c>FLOAT lower, FLOAT upper, u16 lower scaled, u16 upper scaled</c>; null when a limit is no number.</summary>
    private static Scale? ScaleOf(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        Fixed? lower = WireFloat.Of(reader.U32()).Number;
        Fixed? upper = WireFloat.Of(reader.U32()).Number;
        int lowerScaled = reader.U16();
        int upperScaled = reader.U16();
        if (lower is not { } low || upper is not { } high || lowerScaled == upperScaled)
        {
            return null;
        }

        // In decimals where they reach, so that 5 µV is 0.005 mV and not almost.
        const int Reach = 9;
        if (low.Exponent is >= -Reach and <= Reach && high.Exponent is >= -Reach and <= Reach)
        {
            decimal gain = (ToDecimal(high) - ToDecimal(low)) / (upperScaled - lowerScaled);
            return new Scale((double)gain, (double)(ToDecimal(low) - (lowerScaled * gain)));
        }

        double rough = (high.ToDouble() - low.ToDouble()) / (upperScaled - lowerScaled);
        return new Scale(rough, low.ToDouble() - (lowerScaled * rough));
    }

    private static decimal ToDecimal(Fixed number)
    {
        decimal value = number.Mantissa;
        for (int i = 0; i < Math.Abs(number.Exponent); i++)
        {
            value = number.Exponent > 0 ? value * 10 : value / 10;
        }

        return value;
    }

    /// <summary><c>list{ u16 id, u16 value }</c>.</summary>
    private static ImmutableArray<SampleMark> MarksOf(ReadOnlySpan<byte> value)
    {
        ImmutableArray<SampleMark>.Builder marks = ImmutableArray.CreateBuilder<SampleMark>();
        var reader = new WireReader(value);
        int count = reader.U16();
        reader.U16();
        for (int i = 0; i < count && i < MostMarks; i++)
        {
            ushort id = reader.U16();
            ushort pattern = reader.U16();
            if (!reader.Failed && id < MarkMeanings.Length && MarkMeanings[id] != Validity.Valid)
            {
                marks.Add(new SampleMark(pattern, MarkMeanings[id]));
            }
        }

        return marks.ToImmutable();
    }
}
