namespace Bedside.Storage.Index;

/// <summary>
/// The usable raw numbers of a lane in one cell of a grid of time, the first and the last of them too: cell i of width w is
/// [i × w, (i + 1) × w) ns since 1970.
/// </summary>
internal readonly record struct Cell(long Index, uint Count, long Min, long Max, long Sum, long First, long Last)
{
    /// <summary>No cell takes more bytes.</summary>
    public const int MostBytes = 1 + (7 * LongestNumber);

    private const int LongestNumber = 10;

    private const int IsNext = 1;
    private const int HasCountOfFormer = 2;
    private const int HasMinOfFormer = 4;
    private const int IsConstant = 8;
    private const int BeginsAsFormerEnded = 16;
    private const int EndsAsBegun = 32;

    /// <summary>Cells that follow each other as one of a wider grid.</summary>
    public static Cell Together(long index, ReadOnlySpan<Cell> cells)
    {
        Cell all = cells[0] with { Index = index, Last = cells[^1].Last };
        foreach (Cell cell in cells[1..])
        {
            all = all with { Count = checked(all.Count + cell.Count), Min = Math.Min(all.Min, cell.Min), Max = Math.Max(all.Max, cell.Max), Sum = checked(all.Sum + cell.Sum) };
        }

        return all;
    }

    /// <summary>
    /// As the difference from the cell before (FORMAT.md, section 8.3). A cell of one value repeated costs a byte or two, one
    /// of an ECG about nine.
    /// </summary>
    public void Write(ref NumberWriter writer, in Cell former)
    {
        int tag = (Index == former.Index + 1 ? IsNext : 0)
            | (Count == former.Count ? HasCountOfFormer : 0)
            | (Min == former.Min ? HasMinOfFormer : 0)
            | (Min == Max ? IsConstant : (First == former.Last ? BeginsAsFormerEnded : 0) | (Last == First ? EndsAsBegun : 0));
        writer.Byte((byte)tag);
        Unless(ref writer, tag & IsNext, unchecked(Index - former.Index));
        if ((tag & HasCountOfFormer) == 0)
        {
            writer.Unsigned(Count);
        }

        Unless(ref writer, tag & HasMinOfFormer, unchecked(Min - former.Min));
        if ((tag & IsConstant) != 0)
        {
            return;
        }

        writer.Unsigned(unchecked((ulong)(Max - Min)));
        writer.Unsigned(unchecked((ulong)(Sum - (Min * Count))));
        Unless(ref writer, tag & BeginsAsFormerEnded, unchecked(First - former.Last));
        if ((tag & EndsAsBegun) == 0)
        {
            writer.Unsigned(unchecked((ulong)(Last - Min)));
        }
    }

    public static Cell Read(ref NumberReader reader, in Cell former)
    {
        int tag = reader.Byte();
        long index = unchecked(former.Index + ((tag & IsNext) != 0 ? 1 : reader.Signed()));
        uint count = (tag & HasCountOfFormer) != 0 ? former.Count : unchecked((uint)reader.Unsigned());
        long min = unchecked(former.Min + ((tag & HasMinOfFormer) != 0 ? 0 : reader.Signed()));
        if ((tag & IsConstant) != 0)
        {
            return new Cell(index, count, min, min, unchecked(min * count), min, min);
        }

        long max = unchecked(min + (long)reader.Unsigned());
        long sum = unchecked((min * count) + (long)reader.Unsigned());
        long first = unchecked(former.Last + ((tag & BeginsAsFormerEnded) != 0 ? 0 : reader.Signed()));
        long last = (tag & EndsAsBegun) != 0 ? first : unchecked(min + (long)reader.Unsigned());
        return new Cell(index, count, min, max, sum, first, last);
    }

    private static void Unless(ref NumberWriter writer, int isKnown, long difference)
    {
        if (isKnown == 0)
        {
            writer.Signed(difference);
        }
    }
}
