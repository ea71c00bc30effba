using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bedside.Storage.Files;

namespace Bedside.Storage.Index;

/// <summary>
/// The overview of one lane of a segment: summaries on three fixed grids of time, so that any column of a screen is a few of
/// them. The widest cells stand in the directory and stay in memory; the middle ones of a lane are read in one go, the fine
/// ones of a wide cell when an edge of a column lies in it.
/// <code>
/// ┌────────────────────────┬──────────────┬────────────────────┬───┐
/// │ bytes of each chunk    │ middle cells │ CRC-32C · cells    │ … │   a chunk for each wide cell
/// └────────────────────────┴──────────────┴────────────────────┴───┘
/// </code>
/// FORMAT.md, section 8.3.
/// </summary>
/// <param name="FineOfMiddle">Fine cells in a middle one.</param>
internal sealed record LaneCells(RawUnit Unit, int FineOfMiddle, byte[] Wide, byte[] Middle, byte[] Chunks)
{
    /// <summary>A middle cell lasts 64 s.</summary>
    public const long MiddleNanoseconds = 64_000_000_000;

    /// <summary>A wide cell lasts 1024 s.</summary>
    public const long WideNanoseconds = MiddleOfWide * MiddleNanoseconds;

    /// <summary>Middle cells in a wide one.</summary>
    public const int MiddleOfWide = 1 << MiddleBits;

    /// <summary>Fine cells of samples last 4 s.</summary>
    public const int FineSamples = 16;

    /// <summary>Fine cells of readings last 16 s.</summary>
    public const int FineReadings = 4;

    public const long SampleNanoseconds = MiddleNanoseconds / FineSamples;

    public const long ReadingNanoseconds = MiddleNanoseconds / FineReadings;

    /// <summary>Most fine cells of a chunk.</summary>
    public const int MostFine = MiddleOfWide * FineSamples;

    private const int MiddleBits = 4;
    private const int LongestNumber = 10;

    /// <summary>Where a middle cell lies among the wide ones.</summary>
    public static long WideOf(long middle) => middle >> MiddleBits;

    /// <summary>Fine cells ascend, and none of their sums is so large that a wide cell's would overflow.</summary>
    public static LaneCells Encode(RawUnit unit, int fineOfMiddle, ReadOnlySpan<Cell> fine)
    {
        var middle = new List<Cell>();
        for (int from = 0, to; from < fine.Length; from = to)
        {
            long index = Math.DivRem(fine[from].Index, fineOfMiddle, out long rest) - (rest < 0 ? 1 : 0);
            to = from + 1;
            while (to < fine.Length && fine[to].Index < (index + 1) * fineOfMiddle)
            {
                to++;
            }

            middle.Add(Cell.Together(index, fine[from..to]));
        }

        var wide = new List<Cell>();
        ReadOnlySpan<Cell> all = CollectionsMarshal.AsSpan(middle);
        byte[] chunks = new byte[fine.Length * (Cell.MostBytes + sizeof(uint))];
        var lengths = new NumberWriter(new byte[middle.Count * LongestNumber]);
        int length = 0;
        int at = 0;
        for (int from = 0, to; from < all.Length; from = to)
        {
            long index = WideOf(all[from].Index);
            to = from + 1;
            while (to < all.Length && WideOf(all[to].Index) == index)
            {
                to++;
            }

            int end = at;
            while (end < fine.Length && fine[end].Index < (index + 1) * MiddleOfWide * fineOfMiddle)
            {
                end++;
            }

            int chunk = EncodeChunk(fine[at..end], chunks.AsSpan(length));
            lengths.Unsigned((uint)chunk);
            wide.Add(Cell.Together(index, all[from..to]));
            (length, at) = (length + chunk, end);
        }

        return new LaneCells(unit, fineOfMiddle, Encode(CollectionsMarshal.AsSpan(wide)), [.. lengths.Written, .. Encode(all)], chunks[..length]);
    }

    /// <summary>All cells of a piece, in the place of what <paramref name="cells"/> held; false when the bytes are not cells.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> piece, List<Cell> cells)
    {
        var reader = new NumberReader(piece);
        cells.Clear();
        Cell former = default;
        while (reader.HasMore)
        {
            cells.Add(former = Cell.Read(ref reader, former));
        }

        return reader.IsAtEnd;
    }

    /// <summary>The middle cells, and how many bytes each of <paramref name="chunks"/> takes.</summary>
    public static bool TryDecodeMiddle(ReadOnlySpan<byte> piece, Span<int> chunks, List<Cell> cells)
    {
        var reader = new NumberReader(piece);
        foreach (ref int chunk in chunks)
        {
            chunk = (int)Math.Min(reader.Unsigned(), int.MaxValue);
        }

        return TryDecode(reader.Rest, cells);
    }

    /// <summary>The fine cells of a chunk; false when the bytes are not what was written.</summary>
    public static bool TryDecodeChunk(ReadOnlySpan<byte> chunk, List<Cell> cells) =>
        chunk.Length >= sizeof(uint)
        && Crc32C.Of(chunk[sizeof(uint)..]) == BinaryPrimitives.ReadUInt32LittleEndian(chunk)
        && TryDecode(chunk[sizeof(uint)..], cells);

    private static int EncodeChunk(ReadOnlySpan<Cell> cells, Span<byte> chunk)
    {
        byte[] bytes = Encode(cells);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, Crc32C.Of(bytes));
        bytes.CopyTo(chunk[sizeof(uint)..]);
        return sizeof(uint) + bytes.Length;
    }

    private static byte[] Encode(ReadOnlySpan<Cell> cells)
    {
        var writer = new NumberWriter(new byte[cells.Length * Cell.MostBytes]);
        Cell former = default;
        foreach (Cell cell in cells)
        {
            cell.Write(ref writer, former);
            former = cell;
        }

        return writer.Written.ToArray();
    }
}
