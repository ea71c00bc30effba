using System.Buffers.Binary;
using Bedside.Storage.Files;

namespace Bedside.Storage.Index;

/// <summary>The usable raw numbers of a lane in one cell of the grid: cell i is [i × width, (i + 1) × width) ns since 1970.</summary>
internal readonly record struct Cell(long Index, long Min, long Max, long Sum, uint Count);

/// <summary>A coarse cell, where the fine ones in it stand, and the first block with something in it.</summary>
internal readonly record struct CoarseCell(Cell Cell, long BlocksAt, int ChunkAt, int ChunkBytes);

/// <summary>
/// The overview of one lane of a segment: summaries on a fixed grid of time, so that any column of a screen is a few of them.
/// Coarse cells are read in one go, the fine ones of a coarse one when an edge of a column lies in it.
/// <code>
///  0  u32 CRC-32C of bytes 4 to the end of the coarse cells     4  u32 coarse cells     8  u32 bytes of them
/// 12  u8 decimal        13  i8 exponent        14  u16 0      16  i64 width of a fine cell, ns
/// 24  f64 gain          32  f64 offset         40  coarse cells, then a chunk of fine cells for each
/// </code>
/// FORMAT.md, section 8.3.
/// </summary>
internal sealed class LaneCells(RawUnit unit, long fineNanoseconds, CoarseCell[] coarse)
{
    public const int HeadBytes = OffsetAt + sizeof(double);

    /// <summary>Fine cells in a coarse one.</summary>
    public const int Factor = 16;

    /// <summary>Fine cells of samples last 4 s, those of readings 64 s.</summary>
    public const long SampleNanoseconds = 4_000_000_000;

    public const long ReadingNanoseconds = Factor * SampleNanoseconds;

    private const int CrcAt = 0;
    private const int RowsAt = CrcAt + sizeof(uint);
    private const int BytesAt = RowsAt + sizeof(uint);
    private const int DecimalAt = BytesAt + sizeof(uint);
    private const int ExponentAt = DecimalAt + sizeof(byte);
    private const int WidthAt = ExponentAt + sizeof(byte) + sizeof(ushort);
    private const int GainAt = WidthAt + sizeof(long);
    private const int OffsetAt = GainAt + sizeof(double);
    private const int LongestCell = 70;

    public RawUnit Unit { get; } = unit;

    public long FineNanoseconds { get; } = fineNanoseconds;

    public long CoarseNanoseconds => FineNanoseconds * Factor;

    public CoarseCell[] Coarse { get; } = coarse;

    /// <summary>Bytes in memory, roughly.</summary>
    public int Weight => 200 + (Coarse.Length * 64);

    /// <summary>Fine cells ascend; <paramref name="blocksAt"/> says for each coarse cell where its first block stands.</summary>
    public static byte[] Encode(RawUnit unit, long fineNanoseconds, IReadOnlyList<Cell> fine, IReadOnlyDictionary<long, long> blocksAt)
    {
        byte[] rows = new byte[fine.Count * LongestCell];
        byte[] chunks = new byte[fine.Count * (LongestCell + sizeof(uint))];
        var writer = new NumberWriter(rows);
        int chunksLength = 0;
        int count = 0;
        (Cell last, long lastAt) = (default, 0);
        for (int i = 0; i < fine.Count;)
        {
            long index = CoarseOf(fine[i].Index);
            int end = i;
            while (end < fine.Count && CoarseOf(fine[end].Index) == index)
            {
                end++;
            }

            int chunk = EncodeChunk(fine, i, end, chunks.AsSpan(chunksLength));
            Cell together = Together(index, fine, i, end);
            Write(ref writer, together, last);
            writer.Signed(blocksAt[index] - lastAt);
            writer.Unsigned((uint)chunk);
            (last, lastAt) = (together, blocksAt[index]);
            chunksLength += chunk;
            count++;
            i = end;
        }

        byte[] bytes = new byte[HeadBytes + writer.Length + chunksLength];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(RowsAt), count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(BytesAt), writer.Length);
        bytes[DecimalAt] = unit.IsDecimal ? (byte)1 : (byte)0;
        bytes[ExponentAt] = (byte)unit.Exponent;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(WidthAt), fineNanoseconds);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(GainAt), unit.Gain);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(OffsetAt), unit.Offset);
        rows.AsSpan(0, writer.Length).CopyTo(bytes.AsSpan(HeadBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(bytes.AsSpan(RowsAt, HeadBytes - RowsAt + writer.Length)));
        chunks.AsSpan(0, chunksLength).CopyTo(bytes.AsSpan(HeadBytes + writer.Length));
        return bytes;
    }

    /// <summary>How many bytes head and coarse cells are; 0 when the head cannot be right.</summary>
    public static int BytesOf(ReadOnlySpan<byte> head)
    {
        long bytes = BinaryPrimitives.ReadUInt32LittleEndian(head[BytesAt..]);
        return bytes <= BlockCodec.MaximumBytes ? HeadBytes + (int)bytes : 0;
    }

    /// <summary>From head and coarse cells; null when they are not what was written.</summary>
    public static LaneCells? Decode(ReadOnlySpan<byte> bytes)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[RowsAt..]);
        if (Crc32C.Of(bytes[RowsAt..]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) || count < 0 || count > bytes.Length)
        {
            return null;
        }

        var unit = new RawUnit(bytes[DecimalAt] != 0, (sbyte)bytes[ExponentAt], BinaryPrimitives.ReadDoubleLittleEndian(bytes[GainAt..]), BinaryPrimitives.ReadDoubleLittleEndian(bytes[OffsetAt..]));
        var reader = new NumberReader(bytes[HeadBytes..]);
        var rows = new CoarseCell[count];
        CoarseCell last = default;
        int chunkAt = bytes.Length;
        for (int i = 0; i < count; i++)
        {
            Cell cell = Read(ref reader, last.Cell);
            last = new CoarseCell(cell, last.BlocksAt + reader.Signed(), chunkAt, (int)reader.Unsigned());
            chunkAt += last.ChunkBytes;
            rows[i] = last;
        }

        return reader.IsAtEnd ? new LaneCells(unit, BinaryPrimitives.ReadInt64LittleEndian(bytes[WidthAt..]), rows) : null;
    }

    /// <summary>The fine cells of a chunk into <paramref name="cells"/>; how many they are, or -1 when the bytes are not what was written.</summary>
    public static int DecodeChunk(ReadOnlySpan<byte> chunk, Span<Cell> cells)
    {
        if (chunk.Length < sizeof(uint) || Crc32C.Of(chunk[sizeof(uint)..]) != BinaryPrimitives.ReadUInt32LittleEndian(chunk))
        {
            return -1;
        }

        var reader = new NumberReader(chunk[sizeof(uint)..]);
        Cell last = default;
        int count = 0;
        while (!reader.IsAtEnd && count < cells.Length)
        {
            cells[count++] = last = Read(ref reader, last);
        }

        return reader.IsAtEnd ? count : -1;
    }

    private static long CoarseOf(long fine) => fine >> 4;

    private static int EncodeChunk(IReadOnlyList<Cell> fine, int from, int to, Span<byte> chunk)
    {
        var writer = new NumberWriter(chunk[sizeof(uint)..]);
        Cell last = default;
        for (int i = from; i < to; i++)
        {
            Write(ref writer, fine[i], last);
            last = fine[i];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(chunk, Crc32C.Of(chunk.Slice(sizeof(uint), writer.Length)));
        return sizeof(uint) + writer.Length;
    }

    private static Cell Together(long index, IReadOnlyList<Cell> fine, int from, int to)
    {
        Cell all = fine[from] with { Index = index };
        for (int i = from + 1; i < to; i++)
        {
            all = new Cell(index, Math.Min(all.Min, fine[i].Min), Math.Max(all.Max, fine[i].Max), checked(all.Sum + fine[i].Sum), checked(all.Count + fine[i].Count));
        }

        return all;
    }

    private static void Write(ref NumberWriter writer, Cell cell, Cell last)
    {
        writer.Signed(cell.Index - last.Index);
        writer.Unsigned(cell.Count);
        writer.Signed(unchecked(cell.Min - last.Min));
        writer.Unsigned(unchecked((ulong)(cell.Max - cell.Min)));
        writer.Signed(unchecked(cell.Sum - (cell.Min * cell.Count)));
    }

    private static Cell Read(ref NumberReader reader, Cell last)
    {
        long index = unchecked(last.Index + reader.Signed());
        uint count = unchecked((uint)reader.Unsigned());
        long min = unchecked(last.Min + reader.Signed());
        long max = unchecked(min + (long)reader.Unsigned());
        return new Cell(index, min, max, unchecked(reader.Signed() + (min * count)), count);
    }
}
