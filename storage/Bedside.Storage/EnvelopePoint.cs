using System.Collections;
using Bedside.Model;

namespace Bedside.Storage;

/// <summary>
/// What a signal did from <paramref name="Time"/> to before <see cref="Until"/>, in the unit of the signal (raw counts where
/// it has no scale). Exact, of usable samples only.
/// </summary>
public readonly record struct EnvelopePoint(UtcInstant Time, double Min, double Max, double Mean, long Count)
{
    /// <summary>The end of the column, not included.</summary>
    public UtcInstant Until { get; init; }

    /// <summary>The sample that was taken first.</summary>
    public double First { get; init; }

    /// <summary>The sample that was taken last.</summary>
    public double Last { get; init; }
}

/// <summary>One column of a tile, in raw counts; <paramref name="Count"/> 0 = no data.</summary>
public readonly record struct EnvelopeColumn(int Min, int Max, double Mean, long Count);

/// <summary>Columns in one scale: physical = raw × gain + offset. Numerics have a power of ten for gain.</summary>
public sealed class EnvelopeColumns(Scale scale, IReadOnlyList<EnvelopeColumn> columns) : IReadOnlyList<EnvelopeColumn>
{
    public Scale Scale { get; } = scale;

    public int Count => columns.Count;

    public EnvelopeColumn this[int index] => columns[index];

    public IEnumerator<EnvelopeColumn> GetEnumerator() => columns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
