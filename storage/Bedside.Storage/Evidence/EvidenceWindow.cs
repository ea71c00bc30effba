using System.Buffers.Binary;
using System.IO.Compression;
using Bedside.Model;

namespace Bedside.Storage.Evidence;

/// <summary>
/// The content of a frame of a file of evidence: what came within one flush.
/// <code>
///  0  u8  packing of columns (1 Brotli)    1  u8 0     2  u16 0     4  u32 entries
///  8  u64 bytes of this file that were durable when it was written
/// 16  i64 earliest time in it, UTC     24  i64 latest
/// 32  u16 columns (n)                  34  u16 0     36  u32 0
/// 40  n × { u32 bytes unpacked, u32 bytes packed, the same = not packed }, then the columns
/// </code>
/// FORMAT.md, section 12.1.
/// </summary>
internal static class EvidenceWindow
{
    public const int HeadBytes = 40;

    private const int EntriesAt = 4;
    private const int DurableAt = 8;
    private const int EarliestAt = DurableAt + sizeof(ulong);
    private const int LatestAt = EarliestAt + sizeof(long);
    private const int ColumnsAt = LatestAt + sizeof(long);
    private const int ReservedAt = ColumnsAt + sizeof(ushort);
    private const int ColumnHeadBytes = 2 * sizeof(uint);
    private const byte Brotli = 1;

    /// <summary>On recordings of five devices: 3 to 8 % smaller than level 4, and the levels above take several times as long for 1 to 3 %.</summary>
    private const int BrotliQuality = 5;
    private const int BrotliWindowBits = 20;

    /// <summary>What stands in a window's head.</summary>
    public readonly record struct Head(uint Entries, long Durable, UtcInstant Earliest, UtcInstant Latest);

    public static byte[] Pack(ReadOnlySpan<EvidenceEntry> entries)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> columns = EvidenceCoding.Encode(entries);
        int heads = HeadBytes + (columns.Count * ColumnHeadBytes);
        byte[] window = new byte[heads + columns.Sum(column => column.Length)];
        int at = heads;
        for (int i = 0; i < columns.Count; i++)
        {
            ReadOnlySpan<byte> plain = columns[i].Span;
            Span<byte> room = window.AsSpan(at, plain.Length);
            bool pays = BrotliEncoder.TryCompress(plain, room, out int packed, BrotliQuality, BrotliWindowBits) && packed < plain.Length;
            if (!pays)
            {
                plain.CopyTo(room);
                packed = plain.Length;
            }

            Span<byte> head = window.AsSpan(HeadBytes + (i * ColumnHeadBytes));
            BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)plain.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], (uint)packed);
            at += packed;
        }

        (long earliest, long latest) = (long.MaxValue, long.MinValue);
        foreach (EvidenceEntry entry in entries)
        {
            earliest = Math.Min(earliest, entry.Utc.UnixNanoseconds);
            latest = Math.Max(latest, entry.Utc.UnixNanoseconds);
        }

        window[0] = Brotli;
        BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(EntriesAt), (uint)entries.Length);
        BinaryPrimitives.WriteInt64LittleEndian(window.AsSpan(EarliestAt), earliest);
        BinaryPrimitives.WriteInt64LittleEndian(window.AsSpan(LatestAt), latest);
        BinaryPrimitives.WriteUInt16LittleEndian(window.AsSpan(ColumnsAt), (ushort)columns.Count);
        return window[..at];
    }

    /// <summary>Says in a window that is about to be written how much of its file is durable.</summary>
    public static void SayDurable(Span<byte> window, long bytes) => BinaryPrimitives.WriteInt64LittleEndian(window[DurableAt..], bytes);

    /// <summary>Throws <see cref="BlockFormatException"/>, and nothing else, when it is no head.</summary>
    public static Head ReadHead(ReadOnlySpan<byte> window)
    {
        if (window.Length < HeadBytes || window[0] != Brotli || window[1] != 0 || BinaryPrimitives.ReadUInt16LittleEndian(window[2..]) != 0
            || BinaryPrimitives.ReadUInt16LittleEndian(window[ReservedAt..]) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(window[(ReservedAt + sizeof(ushort))..]) != 0)
        {
            throw new BlockFormatException($"{window.Length} bytes are not a window of evidence");
        }

        return new Head(
            BinaryPrimitives.ReadUInt32LittleEndian(window[EntriesAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(window[DurableAt..]),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(window[EarliestAt..])),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(window[LatestAt..])));
    }

    /// <summary>Throws <see cref="BlockFormatException"/>, and nothing else, when it is no window.</summary>
    public static EvidenceEntry[] Unpack(ReadOnlySpan<byte> window)
    {
        Head head = ReadHead(window);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(window[ColumnsAt..]);
        int at = HeadBytes + (count * ColumnHeadBytes);
        if (at > window.Length)
        {
            throw new BlockFormatException($"{count} columns go beyond their window");
        }

        byte[][] columns = new byte[count][];
        long all = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            ReadOnlySpan<byte> said = window[(HeadBytes + (i * ColumnHeadBytes))..];
            uint unpacked = BinaryPrimitives.ReadUInt32LittleEndian(said);
            uint packed = BinaryPrimitives.ReadUInt32LittleEndian(said[sizeof(uint)..]);
            all += unpacked;
            if (all > Files.Frame.MaximumContent || packed > window.Length - at || !TryUnpack(window.Slice(at, (int)packed), columns[i] = new byte[unpacked]))
            {
                throw new BlockFormatException($"column {i} of a window does not unpack to {unpacked} bytes");
            }

            at += (int)packed;
        }

        return at == window.Length ? EvidenceCoding.Decode(columns, head.Entries) : throw new BlockFormatException("there are bytes behind the columns of a window");
    }

    private static bool TryUnpack(ReadOnlySpan<byte> packed, byte[] plain) =>
        packed.Length == plain.Length ? packed.TryCopyTo(plain) : BrotliDecoder.TryDecompress(packed, plain, out int unpacked) && unpacked == plain.Length;
}
