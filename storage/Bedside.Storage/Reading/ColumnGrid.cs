using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>
/// A range of time cut into columns of equal length, to the nanosecond: column i begins at from + ⌊span × i / columns⌋, or at the
/// edge of a cell of the overview that is nearest to that.
/// </summary>
internal readonly record struct ColumnGrid(UtcInstant From, Int128 Span, int Columns)
{
    /// <summary>Nanoseconds of the cells between which columns meet; 0 = they meet anywhere.</summary>
    private long Cell { get; init; }

    public static ColumnGrid Between(UtcInstant from, UtcInstant to, int columns) =>
        new(from, (Int128)to.UnixNanoseconds - from.UnixNanoseconds, columns);

    /// <summary>
    /// The same, but columns meet at the edge of a cell of the overview that is nearest to where they would, so that samples are
    /// read at the two ends of the range only. The cells are the widest of which an equal column holds two or more: no edge moves
    /// by more than a quarter of a column. Where not even two of the <paramref name="finest"/> fit, none moves.
    /// </summary>
    public static ColumnGrid NearlyEqual(UtcInstant from, UtcInstant to, int columns, long finest)
    {
        ColumnGrid equal = Between(from, to, columns);
        return equal with { Cell = WidestOfTwo(equal.Span, columns, finest) ?? 0 };
    }

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
        long cell = WidestOfTwo(span, whole, finest) ?? finest;
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

    public UtcInstant StartOf(int column)
    {
        // Divisions of 128 bits are slow, and a month in a thousand columns does with 64.
        Int128 start = From.UnixNanoseconds + (Span <= long.MaxValue / Columns ? (long)Span * column / Columns : Span * column / Columns);
        if (Cell > 0 && column > 0 && column < Columns)
        {
            start = Nearest(start, Cell);
        }

        return new((long)Int128.Min(start, long.MaxValue));
    }

    public bool Holds(UtcInstant time) => time >= From && time < To;

    /// <summary>The column of an instant inside the grid.</summary>
    public int ColumnOf(UtcInstant time)
    {
        Int128 since = (Int128)time.UnixNanoseconds - From.UnixNanoseconds;
        int column = (int)(Span <= long.MaxValue / Columns ? (long)since * Columns / (long)Span : since * Columns / Span);
        while (column + 1 < Columns && StartOf(column + 1) <= time)
        {
            column++;
        }

        while (StartOf(column) > time)
        {
            column--;
        }

        return column;
    }

    /// <summary>The multiple that is nearest; of two, the later.</summary>
    private static Int128 Nearest(Int128 instant, long cell)
    {
        Int128 middle = instant + (cell / 2);
        return middle >= 0 && middle <= long.MaxValue ? (long)middle / cell * cell : cell * -CeilingOf(-middle, cell);
    }

    /// <summary>The widest cell of which so many equal columns of a span hold two or more each; null when it is none.</summary>
    private static long? WidestOfTwo(Int128 span, int columns, long finest)
    {
        foreach (long cell in (ReadOnlySpan<long>)[LaneCells.WideNanoseconds, LaneCells.MiddleNanoseconds, finest])
        {
            if (span >= 2 * (Int128)cell * columns)
            {
                return cell;
            }
        }

        return null;
    }

    /// <summary>A quotient, rounded up; the divisor is more than 0.</summary>
    private static Int128 CeilingOf(Int128 dividend, Int128 divisor)
    {
        Int128 quotient = dividend / divisor;
        return dividend % divisor > 0 ? quotient + 1 : quotient;
    }
}
