using Bedside.Model;

namespace Bedside.Storage.Reading;

/// <summary>A range of time cut into columns of equal length, to the nanosecond: column i begins at from + ⌊span × i / columns⌋.</summary>
internal readonly record struct ColumnGrid(UtcInstant From, Int128 Span, int Columns)
{
    public static ColumnGrid Between(UtcInstant from, UtcInstant to, int columns) =>
        new(from, (Int128)to.UnixNanoseconds - from.UnixNanoseconds, columns);

    public UtcInstant To => StartOf(Columns);

    public UtcInstant StartOf(int column) =>
        new((long)Int128.Min(From.UnixNanoseconds + (Span * column / Columns), long.MaxValue));

    public bool Holds(UtcInstant time) => time >= From && time < To;

    /// <summary>The column of an instant inside the grid.</summary>
    public int ColumnOf(UtcInstant time)
    {
        int column = (int)(((Int128)time.UnixNanoseconds - From.UnixNanoseconds) * Columns / Span);
        while (column + 1 < Columns && StartOf(column + 1) <= time)
        {
            column++;
        }

        return column;
    }
}
