using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>One Observation to be written. Times are nanoseconds since 1970.</summary>
public abstract class FhirItem
{
    private protected FhirItem(FhirSeries series, long start, long last, long updated)
    {
        Series = series;
        Start = start;
        Last = last;
        Updated = updated;
    }

    public FhirSeries Series { get; }

    /// <summary>Of its only value or its first sample.</summary>
    public long Start { get; }

    /// <summary>Of its only value or its last sample.</summary>
    public long Last { get; }

    /// <summary>When it was complete and began to be served.</summary>
    public long Updated { get; }

    /// <summary>Of a piece of a wave: the index of its first sample since its clock epoch began. It stays when the times of joined blocks move by up to a millisecond.</summary>
    public virtual long? SampleIndex => null;

    internal abstract UInt128 Key { get; }
}

/// <summary>A value of a numeric or a setting.</summary>
internal sealed class ReadingItem(FhirSeries series, NumericReading reading, long settle)
    : FhirItem(series, reading.Time.UnixNanoseconds, reading.Time.UnixNanoseconds, reading.Time.UnixNanoseconds + settle)
{
    public NumericReading Reading => reading;

    internal override UInt128 Key => ItemKey.OfReading(SeriesKind.Numeric, Series.Number, Start);
}

/// <summary>The values of a blood pressure at one instant, in the order of the series' parts; null = none came.</summary>
internal sealed class CompoundItem(FhirSeries series, long time, NumericReading?[] readings, long settle)
    : FhirItem(series, time, time, time + settle)
{
    public IReadOnlyList<NumericReading?> Readings => readings;

    internal override UInt128 Key => ItemKey.OfReading(SeriesKind.Compound, Series.Number, Start);
}

/// <summary>A state that a device has a code for.</summary>
internal sealed class StateItem(FhirSeries series, TextBlock text, long settle)
    : FhirItem(series, text.Start.UnixNanoseconds, text.Start.UnixNanoseconds, text.Start.UnixNanoseconds + settle)
{
    public TextBlock State => text;

    internal override UInt128 Key => ItemKey.OfReading(SeriesKind.State, Series.Number, Start);
}

/// <summary>A piece of a wave: what one SampledData holds.</summary>
internal sealed class WaveItem(FhirSeries series, WaveChunk chunk, long settle)
    : FhirItem(series, chunk.Start, chunk.Last, chunk.Whole + settle)
{
    public WaveChunk Chunk => chunk;

    public override long? SampleIndex => chunk.FirstIndex;

    internal override UInt128 Key => ItemKey.OfWave(Series.Number, chunk.Epoch, chunk.FirstIndex, chunk.Start, chunk.Period);
}
