using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>A range of time cut into columns of equal length, to the nanosecond: column i begins at from + ⌊span × i / columns⌋.</summary>
internal readonly record struct ColumnGrid(UtcInstant From, Int128 Span, int Columns)
{
    public static ColumnGrid Between(UtcInstant from, UtcInstant to, int columns) =>
        new(from, (Int128)to.UnixNanoseconds - from.UnixNanoseconds, columns);

    /// <summary>
    /// At most <paramref name="most"/> columns that hold [from, to), each of so many whole cells of the overview and beginning at
    /// a multiple of its length since 1970, so that no sample needs to be read and none of them moves when the range does. The
    /// cells are the widest of which a column holds two or more, but not shorter than <paramref name="finest"/>.
    /// </summary>
    public static ColumnGrid OnCells(UtcInstant from, UtcInstant to, int most, long finest)
    {
        // A range that begins inside a column needs one column more.
        Int128 span = (Int128)to.UnixNanoseconds - from.UnixNanoseconds;
        int whole = Math.Max(1, most - 1);
        long cell = span >= 2 * (Int128)LaneCells.WideNanoseconds * whole ? LaneCells.WideNanoseconds
            : span >= 2 * (Int128)LaneCells.MiddleNanoseconds * whole ? LaneCells.MiddleNanoseconds
            : finest;
        Int128 width = cell * CeilingOf(span, (Int128)cell * whole);
        Int128 start = width * -CeilingOf(-(Int128)from.UnixNanoseconds, width);
        if (most == 1)
        {
            start = cell * -CeilingOf(-(Int128)from.UnixNanoseconds, cell);
            width = (cell * CeilingOf(to.UnixNanoseconds, cell)) - start;
        }

        int columns = (int)CeilingOf(to.UnixNanoseconds - start, width);
        return new ColumnGrid(new UtcInstant((long)Int128.Max(start, long.MinValue)), columns * width, columns);
    }

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

    /// <summary>A quotient, rounded up; the divisor is more than 0.</summary>
    private static Int128 CeilingOf(Int128 dividend, Int128 divisor)
    {
        Int128 quotient = dividend / divisor;
        return dividend % divisor > 0 ? quotient + 1 : quotient;
    }
}
