using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Segments;

/// <summary>What a segment says of one lane of one signal without its index being read.</summary>
internal sealed record SegmentLane(LaneKey Key, int Blocks, UtcInstant Start, UtcInstant LastInstant, ulong LastNumber)
{
    /// <summary>No sample or reading of the lane was taken later.</summary>
    public UtcInstant LastTaken { get; init; }

    public long SliceAt { get; init; }

    public int SliceBytes { get; init; }

    public uint SliceCrc { get; init; }

    /// <summary>The unit of the overview.</summary>
    public RawUnit Unit { get; init; } = RawUnit.Counts;

    /// <summary>Fine cells in a middle one; 0 = the lane has no overview.</summary>
    public int FineOfMiddle { get; init; }

    /// <summary>The wide cells of the overview.</summary>
    public ReadOnlyMemory<byte> Wide { get; init; }

    public int MiddleBytes { get; init; }

    public uint MiddleCrc { get; init; }

    /// <summary>The lane's overview follows its slice.</summary>
    public bool HasCells => FineOfMiddle > 0;

    public long CellsAt => SliceAt + SliceBytes;
}

/// <summary>
/// The directory of a segment: a row for each lane of each signal, ascending, then the wide cells of the lanes, in the same
/// order. It is kept as it stands in the file, because a month of a bed has a thousand of them.
/// <code>
/// 0  u32 rows   4  u32 0   8  rows   …  wide cells
/// row:
///  0  u32 signal   4  u8 lane   5  u8 flags (2 = decimal)   6  i8 exponent   7  u8 fine cells in a middle one (0 = no overview)
///  8  u32 blocks  12  u32 bytes of the slice  16  u64 offset of the slice   24  u32 CRC-32C of the slice
/// 28  u32 bytes of the middle cells   32  u32 CRC-32C of the middle cells   36  u32 where the wide cells end, from where all of them begin
/// 40  i64 start   48  i64 last instant   56  i64 last sample   64  u64 greatest block number   72  f64 gain   80  f64 offset
/// </code>
/// FORMAT.md, section 8.4.
/// </summary>
internal sealed class SegmentDirectory
{
    public const int HeadBytes = 8;

    public const int RowBytes = OffsetAt + sizeof(double);

    private const int SignalAt = 0;
    private const int LaneAt = SignalAt + sizeof(uint);
    private const int FlagsAt = LaneAt + sizeof(byte);
    private const int ExponentAt = FlagsAt + sizeof(byte);
    private const int FineAt = ExponentAt + sizeof(byte);
    private const int BlocksAt = FineAt + sizeof(byte);
    private const int SliceBytesAt = BlocksAt + sizeof(uint);
    private const int SliceAt = SliceBytesAt + sizeof(uint);
    private const int SliceCrcAt = SliceAt + sizeof(ulong);
    private const int MiddleBytesAt = SliceCrcAt + sizeof(uint);
    private const int MiddleCrcAt = MiddleBytesAt + sizeof(uint);
    private const int WideEndAt = MiddleCrcAt + sizeof(uint);
    private const int StartAt = WideEndAt + sizeof(uint);
    private const int LastInstantAt = StartAt + sizeof(long);
    private const int LastTakenAt = LastInstantAt + sizeof(long);
    private const int NumberAt = LastTakenAt + sizeof(long);
    private const int GainAt = NumberAt + sizeof(ulong);
    private const int OffsetAt = GainAt + sizeof(double);

    private const byte IsDecimal = 2;

    private readonly byte[] _bytes;
    private readonly int _rows;

    private SegmentDirectory(byte[] bytes, int rows)
    {
        _bytes = bytes;
        _rows = rows;
        (long start, long last) = (long.MaxValue, long.MinValue);
        for (int i = 0; i < rows; i++)
        {
            start = Math.Min(start, BinaryPrimitives.ReadInt64LittleEndian(Row(i)[StartAt..]));
            last = Math.Max(last, BinaryPrimitives.ReadInt64LittleEndian(Row(i)[LastInstantAt..]));
        }

        (Start, LastInstant) = (new UtcInstant(start), new UtcInstant(last));
    }

    /// <summary>Of all lanes.</summary>
    public UtcInstant Start { get; }

    public UtcInstant LastInstant { get; }

    public IEnumerable<SegmentLane> Lanes => Enumerable.Range(0, _rows).Select(Lane);

    /// <summary>The row of a lane, but for where its slice and its overview lie.</summary>
    public static SegmentLane Describe(LaneKey key, ReadOnlySpan<BlockEntry> entries)
    {
        UtcInstant last = entries[0].LastInstant;
        UtcInstant taken = entries[0].LastTaken;
        ulong number = 0;
        foreach (BlockEntry entry in entries)
        {
            last = entry.LastInstant > last ? entry.LastInstant : last;
            taken = entry.LastTaken > taken ? entry.LastTaken : taken;
            number = Math.Max(number, entry.Number);
        }

        return new SegmentLane(key, entries.Length, entries[0].Start, last, number) { LastTaken = taken };
    }

    /// <summary>Of lanes in ascending order.</summary>
    public static SegmentDirectory Of(IReadOnlyList<SegmentLane> lanes) => new(Encode(lanes), lanes.Count);

    public static byte[] Encode(IReadOnlyList<SegmentLane> lanes)
    {
        byte[] bytes = new byte[HeadBytes + (lanes.Count * RowBytes) + lanes.Sum(lane => lane.Wide.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, lanes.Count);
        int wideAt = HeadBytes + (lanes.Count * RowBytes);
        int wide = 0;
        for (int i = 0; i < lanes.Count; i++)
        {
            lanes[i].Wide.Span.CopyTo(bytes.AsSpan(wideAt + wide));
            wide += lanes[i].Wide.Length;
            EncodeRow(lanes[i], wide, bytes.AsSpan(HeadBytes + (i * RowBytes), RowBytes));
        }

        return bytes;
    }

    /// <summary>Null when the bytes are not a directory.</summary>
    public static SegmentDirectory? Decode(byte[] bytes)
    {
        long rows = bytes.Length < HeadBytes ? -1 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (rows < 0 || HeadBytes + (rows * RowBytes) > bytes.Length)
        {
            return null;
        }

        var lane = new LaneKey(Index.Lane.Data, 0);
        long wideAt = HeadBytes + (rows * RowBytes);
        long wide = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<byte> row = bytes.AsSpan(HeadBytes + (i * RowBytes), RowBytes);
            long end = BinaryPrimitives.ReadUInt32LittleEndian(row[WideEndAt..]);
            bool isGood = BinaryPrimitives.ReadInt32LittleEndian(row[BlocksAt..]) > 0
                && BinaryPrimitives.ReadInt32LittleEndian(row[SliceBytesAt..]) >= 0
                && BinaryPrimitives.ReadInt64LittleEndian(row[SliceAt..]) >= 0
                && BinaryPrimitives.ReadUInt32LittleEndian(row[MiddleBytesAt..]) <= BlockCodec.MaximumBytes
                && row[FineAt] <= LaneCells.FineSamples
                && (i == 0 || LaneKey.Ascending.Compare(lane, KeyOf(row)) < 0)
                && end >= wide
                && wideAt + end <= bytes.Length;
            if (!isGood)
            {
                return null;
            }

            (lane, wide) = (KeyOf(row), end);
        }

        return new SegmentDirectory(bytes, (int)rows);
    }

    public SegmentLane? Find(LaneKey key)
    {
        int row = FirstFrom(key);
        return row < _rows && KeyOf(Row(row)) == key ? Lane(row) : null;
    }

    /// <summary>The lanes of one kind, of all signals.</summary>
    public IEnumerable<SegmentLane> LanesOf(Lane lane)
    {
        for (int row = FirstFrom(new LaneKey(lane, 0)); row < _rows && KeyOf(Row(row)).Lane == lane; row++)
        {
            yield return Lane(row);
        }
    }

    private static void EncodeRow(SegmentLane lane, int wideEnd, Span<byte> row)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(row[SignalAt..], lane.Key.Signal);
        row[LaneAt] = (byte)lane.Key.Lane;
        row[FlagsAt] = lane.Unit.IsDecimal ? IsDecimal : (byte)0;
        row[ExponentAt] = (byte)lane.Unit.Exponent;
        row[FineAt] = (byte)lane.FineOfMiddle;
        BinaryPrimitives.WriteInt32LittleEndian(row[BlocksAt..], lane.Blocks);
        BinaryPrimitives.WriteInt32LittleEndian(row[SliceBytesAt..], lane.SliceBytes);
        BinaryPrimitives.WriteInt64LittleEndian(row[SliceAt..], lane.SliceAt);
        BinaryPrimitives.WriteUInt32LittleEndian(row[SliceCrcAt..], lane.SliceCrc);
        BinaryPrimitives.WriteInt32LittleEndian(row[MiddleBytesAt..], lane.MiddleBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(row[MiddleCrcAt..], lane.MiddleCrc);
        BinaryPrimitives.WriteInt32LittleEndian(row[WideEndAt..], wideEnd);
        BinaryPrimitives.WriteInt64LittleEndian(row[StartAt..], lane.Start.UnixNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(row[LastInstantAt..], lane.LastInstant.UnixNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(row[LastTakenAt..], lane.LastTaken.UnixNanoseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(row[NumberAt..], lane.LastNumber);
        BinaryPrimitives.WriteDoubleLittleEndian(row[GainAt..], lane.Unit.Gain);
        BinaryPrimitives.WriteDoubleLittleEndian(row[OffsetAt..], lane.Unit.Offset);
    }

    private static LaneKey KeyOf(ReadOnlySpan<byte> row) => new((Lane)row[LaneAt], BinaryPrimitives.ReadUInt32LittleEndian(row[SignalAt..]));

    /// <summary>The first row of this lane or a later one.</summary>
    private int FirstFrom(LaneKey key)
    {
        (int low, int high) = (0, _rows);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = LaneKey.Ascending.Compare(KeyOf(Row(middle)), key) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private ReadOnlySpan<byte> Row(int index) => _bytes.AsSpan(HeadBytes + (index * RowBytes), RowBytes);

    private SegmentLane Lane(int index)
    {
        ReadOnlySpan<byte> row = Row(index);
        int wide = index == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(Row(index - 1)[WideEndAt..]);
        return new SegmentLane(
            KeyOf(row),
            BinaryPrimitives.ReadInt32LittleEndian(row[BlocksAt..]),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(row[StartAt..])),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(row[LastInstantAt..])),
            BinaryPrimitives.ReadUInt64LittleEndian(row[NumberAt..]))
        {
            LastTaken = new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(row[LastTakenAt..])),
            SliceAt = BinaryPrimitives.ReadInt64LittleEndian(row[SliceAt..]),
            SliceBytes = BinaryPrimitives.ReadInt32LittleEndian(row[SliceBytesAt..]),
            SliceCrc = BinaryPrimitives.ReadUInt32LittleEndian(row[SliceCrcAt..]),
            Unit = new RawUnit(
                (row[FlagsAt] & IsDecimal) != 0,
                (sbyte)row[ExponentAt],
                BinaryPrimitives.ReadDoubleLittleEndian(row[GainAt..]),
                BinaryPrimitives.ReadDoubleLittleEndian(row[OffsetAt..])),
            FineOfMiddle = row[FineAt],
            Wide = _bytes.AsMemory(HeadBytes + (_rows * RowBytes) + wide, BinaryPrimitives.ReadInt32LittleEndian(row[WideEndAt..]) - wide),
            MiddleBytes = BinaryPrimitives.ReadInt32LittleEndian(row[MiddleBytesAt..]),
            MiddleCrc = BinaryPrimitives.ReadUInt32LittleEndian(row[MiddleCrcAt..]),
        };
    }
}
