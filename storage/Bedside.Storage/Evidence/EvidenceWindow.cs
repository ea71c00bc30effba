using System.Buffers.Binary;
using System.IO.Compression;
using Bedside.Model;

namespace Bedside.Storage.Evidence;

/// <summary>
/// The content of a frame of a file of evidence: what came within one flush.
/// <code>
///  0  u8  packing (0 none, 1 Brotli)    1  u8 0     2  u16 0     4  u32 entries
///  8  u64 bytes of this file that were durable when it was written
/// 16  i64 earliest time in it, UTC     24  i64 latest
/// 32  u32 bytes unpacked               36  u32 0      40  the entries, packed
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
    private const int UnpackedAt = LatestAt + sizeof(long);
    private const int ReservedAt = UnpackedAt + sizeof(uint);
    private const byte Plain = 0;
    private const byte Brotli = 1;

    /// <summary>Beyond this level windows of ten seconds hardly get smaller, and take several times as long.</summary>
    private const int BrotliQuality = 5;
    private const int BrotliWindowBits = 20;

    /// <summary>What stands in a window's head.</summary>
    public readonly record struct Head(uint Entries, long Durable, UtcInstant Earliest, UtcInstant Latest);

    public static byte[] Pack(ReadOnlySpan<EvidenceEntry> entries)
    {
        byte[] plain = EvidenceCoding.Encode(entries);
        byte[] packed = new byte[plain.Length];
        bool pays = BrotliEncoder.TryCompress(plain, packed, out int packedBytes, BrotliQuality, BrotliWindowBits) && packedBytes < plain.Length;
        ReadOnlySpan<byte> written = pays ? packed.AsSpan(0, packedBytes) : plain;
        byte[] window = new byte[HeadBytes + written.Length];
        (long earliest, long latest) = (long.MaxValue, long.MinValue);
        foreach (EvidenceEntry entry in entries)
        {
            earliest = Math.Min(earliest, entry.Utc.UnixNanoseconds);
            latest = Math.Max(latest, entry.Utc.UnixNanoseconds);
        }

        window[0] = pays ? Brotli : Plain;
        BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(EntriesAt), (uint)entries.Length);
        BinaryPrimitives.WriteInt64LittleEndian(window.AsSpan(EarliestAt), earliest);
        BinaryPrimitives.WriteInt64LittleEndian(window.AsSpan(LatestAt), latest);
        BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(UnpackedAt), (uint)plain.Length);
        written.CopyTo(window.AsSpan(HeadBytes));
        return window;
    }

    /// <summary>Says in a window that is about to be written how much of its file is durable.</summary>
    public static void SayDurable(Span<byte> window, long bytes) => BinaryPrimitives.WriteInt64LittleEndian(window[DurableAt..], bytes);

    /// <summary>Throws <see cref="BlockFormatException"/>, and nothing else, when it is no head.</summary>
    public static Head ReadHead(ReadOnlySpan<byte> window)
    {
        if (window.Length < HeadBytes || window[0] > Brotli || window[1] != 0
            || BinaryPrimitives.ReadUInt16LittleEndian(window[2..]) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(window[ReservedAt..]) != 0)
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
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(window[UnpackedAt..]);
        if (length > Files.Frame.MaximumContent)
        {
            throw new BlockFormatException($"{length} bytes are more than a window has");
        }

        byte[] plain = new byte[length];
        ReadOnlySpan<byte> packed = window[HeadBytes..];
        bool whole = window[0] == Plain
            ? packed.Length == plain.Length && packed.TryCopyTo(plain)
            : BrotliDecoder.TryDecompress(packed, plain, out int unpacked) && unpacked == plain.Length;
        return whole ? EvidenceCoding.Decode(plain, head.Entries) : throw new BlockFormatException($"a window does not unpack to {length} bytes");
    }
}
