using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Segments;

/// <summary>
/// The directory of a segment, one row for each lane of each signal, ascending.
/// <code>
///  0  u32 signal   4  u8 lane   5  u8 flags (1 = summary, 2 = decimal, 4 = cells)   6  i8 exponent   7  u8 0
///  8  u32 blocks  12  u32 bytes of the slice  16  u64 offset of the slice  24  u32 CRC-32C of the slice  28  u32 valid
/// 32  i64 start   40  i64 last instant        48  u64 greatest block number
/// 56  i64 min     64  i64 max                 72  i64 sum       80  f64 gain      88  f64 offset
/// </code>
/// FORMAT.md, section 8.4.
/// </summary>
internal static class SegmentDirectory
{
    public const int RowBytes = OffsetAt + sizeof(double);

    private const int SignalAt = 0;
    private const int LaneAt = SignalAt + sizeof(uint);
    private const int FlagsAt = LaneAt + sizeof(byte);
    private const int ExponentAt = FlagsAt + sizeof(byte);
    private const int BlocksAt = ExponentAt + (2 * sizeof(byte));
    private const int SliceBytesAt = BlocksAt + sizeof(uint);
    private const int SliceAt = SliceBytesAt + sizeof(uint);
    private const int SliceCrcAt = SliceAt + sizeof(ulong);
    private const int ValidAt = SliceCrcAt + sizeof(uint);
    private const int StartAt = ValidAt + sizeof(uint);
    private const int LastInstantAt = StartAt + sizeof(long);
    private const int NumberAt = LastInstantAt + sizeof(long);
    private const int MinAt = NumberAt + sizeof(ulong);
    private const int MaxAt = MinAt + sizeof(long);
    private const int SumAt = MaxAt + sizeof(long);
    private const int GainAt = SumAt + sizeof(long);
    private const int OffsetAt = GainAt + sizeof(double);

    private const byte HasSummary = 1;
    private const byte IsDecimal = 2;
    private const byte HasCells = 4;

    /// <summary>The row of a lane, but for where its slice lies.</summary>
    public static SegmentLane Describe(LaneKey key, ReadOnlySpan<BlockEntry> entries)
    {
        UtcInstant last = entries[0].LastInstant;
        ulong number = 0;
        BlockSummary? sum = entries[0].Summary;
        for (int i = 0; i < entries.Length; i++)
        {
            last = entries[i].LastInstant > last ? entries[i].LastInstant : last;
            number = Math.Max(number, entries[i].Number);
            sum = i == 0 ? sum : Together(sum, entries[i].Summary);
        }

        return new SegmentLane(key, entries.Length, entries[0].Start, last, number) { Summary = sum };
    }

    public static byte[] Encode(IReadOnlyList<SegmentLane> lanes)
    {
        byte[] bytes = new byte[lanes.Count * RowBytes];
        for (int i = 0; i < lanes.Count; i++)
        {
            Span<byte> row = bytes.AsSpan(i * RowBytes, RowBytes);
            SegmentLane lane = lanes[i];
            BlockSummary sum = lane.Summary ?? default;
            BinaryPrimitives.WriteUInt32LittleEndian(row[SignalAt..], lane.Key.Signal);
            row[LaneAt] = (byte)lane.Key.Lane;
            row[FlagsAt] = (byte)((lane.Summary is null ? 0 : HasSummary) | (sum.Unit.IsDecimal ? IsDecimal : 0) | (lane.HasCells ? HasCells : 0));
            row[ExponentAt] = (byte)sum.Unit.Exponent;
            BinaryPrimitives.WriteInt32LittleEndian(row[BlocksAt..], lane.Blocks);
            BinaryPrimitives.WriteInt32LittleEndian(row[SliceBytesAt..], lane.SliceBytes);
            BinaryPrimitives.WriteInt64LittleEndian(row[SliceAt..], lane.SliceAt);
            BinaryPrimitives.WriteUInt32LittleEndian(row[SliceCrcAt..], lane.SliceCrc);
            BinaryPrimitives.WriteUInt32LittleEndian(row[ValidAt..], sum.Valid);
            BinaryPrimitives.WriteInt64LittleEndian(row[StartAt..], lane.Start.UnixNanoseconds);
            BinaryPrimitives.WriteInt64LittleEndian(row[LastInstantAt..], lane.LastInstant.UnixNanoseconds);
            BinaryPrimitives.WriteUInt64LittleEndian(row[NumberAt..], lane.LastNumber);
            BinaryPrimitives.WriteInt64LittleEndian(row[MinAt..], sum.Min);
            BinaryPrimitives.WriteInt64LittleEndian(row[MaxAt..], sum.Max);
            BinaryPrimitives.WriteInt64LittleEndian(row[SumAt..], sum.Sum);
            BinaryPrimitives.WriteDoubleLittleEndian(row[GainAt..], sum.Unit.Gain);
            BinaryPrimitives.WriteDoubleLittleEndian(row[OffsetAt..], sum.Unit.Offset);
        }

        return bytes;
    }

    /// <summary>Null when the bytes are not a directory.</summary>
    public static IReadOnlyList<SegmentLane>? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % RowBytes != 0)
        {
            return null;
        }

        var lanes = new SegmentLane[bytes.Length / RowBytes];
        for (int i = 0; i < lanes.Length; i++)
        {
            lanes[i] = DecodeRow(bytes.Slice(i * RowBytes, RowBytes));
            if (lanes[i].Blocks < 1 || lanes[i].SliceBytes < 0 || lanes[i].SliceAt < 0)
            {
                return null;
            }
        }

        return lanes;
    }

    private static SegmentLane DecodeRow(ReadOnlySpan<byte> row)
    {
        var unit = new RawUnit(
            (row[FlagsAt] & IsDecimal) != 0,
            (sbyte)row[ExponentAt],
            BinaryPrimitives.ReadDoubleLittleEndian(row[GainAt..]),
            BinaryPrimitives.ReadDoubleLittleEndian(row[OffsetAt..]));
        var sum = new BlockSummary(
            BinaryPrimitives.ReadInt64LittleEndian(row[MinAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(row[MaxAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(row[SumAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(row[ValidAt..]),
            unit);
        return new SegmentLane(
            new LaneKey((Lane)row[LaneAt], BinaryPrimitives.ReadUInt32LittleEndian(row[SignalAt..])),
            BinaryPrimitives.ReadInt32LittleEndian(row[BlocksAt..]),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(row[StartAt..])),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(row[LastInstantAt..])),
            BinaryPrimitives.ReadUInt64LittleEndian(row[NumberAt..]))
        {
            Summary = (row[FlagsAt] & HasSummary) != 0 ? sum : null,
            HasCells = (row[FlagsAt] & HasCells) != 0,
            SliceAt = BinaryPrimitives.ReadInt64LittleEndian(row[SliceAt..]),
            SliceBytes = BinaryPrimitives.ReadInt32LittleEndian(row[SliceBytesAt..]),
            SliceCrc = BinaryPrimitives.ReadUInt32LittleEndian(row[SliceCrcAt..]),
        };
    }

    /// <summary>Two summaries of one unit as one; null when they have two, or the sum does not fit.</summary>
    private static BlockSummary? Together(BlockSummary? left, BlockSummary? right)
    {
        if (left is not { } a || right is not { } b)
        {
            return null;
        }

        if (a.Valid == 0 || b.Valid == 0)
        {
            return a.Valid == 0 ? b : a;
        }

        Int128 sum = (Int128)a.Sum + b.Sum;
        ulong valid = (ulong)a.Valid + b.Valid;
        return a.Unit == b.Unit && sum >= long.MinValue && sum <= long.MaxValue && valid <= uint.MaxValue
            ? new BlockSummary(Math.Min(a.Min, b.Min), Math.Max(a.Max, b.Max), (long)sum, (uint)valid, a.Unit)
            : null;
    }
}
