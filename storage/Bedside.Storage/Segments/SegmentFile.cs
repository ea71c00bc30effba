using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Segments;

/// <summary>
/// A sealed file of blocks: head, descriptions, blocks by lane, signal and time, an index slice for each lane, the
/// directory of slices, in which the widest cells of the overviews stand too, and a trailer.
/// <code>
/// ┌──────┬────────────────┬────────┬───┬──────────────┬───┬───────────┬─────────┐
/// │ head │ descriptions   │ frames │ … │ index slices │ … │ directory │ trailer │
/// │ 64   │ frames, no. 0  │        │   │ and overview │   │           │ 40      │
/// └──────┴────────────────┴────────┴───┴──────────────┴───┴───────────┴─────────┘
/// </code>
/// FORMAT.md, section 8.
/// </summary>
internal sealed class SegmentFile
{
    /// <summary>Set when the index on disk is damaged: it is then made anew from the frames and kept in memory.</summary>
    private readonly IReadOnlyDictionary<LaneKey, BlockEntry[]>? _rebuilt;

    private readonly SegmentDirectory _directory;

    private SegmentFile(FileHead head, long bytes, long framesEnd, SegmentDirectory directory, IReadOnlyDictionary<LaneKey, BlockEntry[]>? rebuilt)
    {
        Head = head;
        Bytes = bytes;
        FramesEnd = framesEnd;
        _directory = directory;
        _rebuilt = rebuilt;
    }

    public FileHead Head { get; }

    public FileIdentity Identity => Head.File;

    public long Bytes { get; }

    /// <summary>Where the frames end and the index begins.</summary>
    public long FramesEnd { get; }

    public IEnumerable<SegmentLane> Lanes => _directory.Lanes;

    /// <summary>What was wrong when it was opened.</summary>
    public IReadOnlyList<Damage> Damaged { get; init; } = [];

    /// <summary>Retention deletes, or has deleted, the file: that it cannot be opened is no damage.</summary>
    public bool IsGone { get; set; }

    /// <summary>Its index is in memory only, because that of the file is damaged.</summary>
    public bool IsRebuilt => _rebuilt is not null;

    /// <summary>False when the file under this name was written anew since.</summary>
    public bool IsStill(IDiskFile file)
    {
        byte[] head = new byte[FileHead.SegmentBytes];
        return _rebuilt is not null ? file.Length == Bytes : file.Read(0, head) == head.Length && FileHead.Read(head, Identity) is { } now && now == Head;
    }

    public SegmentLane? Lane(LaneKey key) => _directory.Find(key);

    /// <summary>The lanes of one kind, of all signals.</summary>
    public IEnumerable<SegmentLane> LanesOf(Lane lane) => _directory.LanesOf(lane);

    /// <summary>False when no block of the file overlaps [from, to).</summary>
    public bool MayHold(UtcInstant from, UtcInstant to) => _directory.Start < to && _directory.LastInstant >= from;

    /// <summary>From the head, the directory and the trailer; null when one of them is not whole.</summary>
    public static SegmentFile? Open(IDiskFile file, FileIdentity identity)
    {
        long length = file.Length;
        if (length < FileHead.SegmentBytes + SegmentTrailer.Bytes)
        {
            return null;
        }

        byte[] head = new byte[FileHead.SegmentBytes];
        byte[] tail = new byte[SegmentTrailer.Bytes];
        _ = file.Read(0, head);
        _ = file.Read(length - SegmentTrailer.Bytes, tail);
        if (FileHead.Read(head, identity) is not { } known
            || SegmentTrailer.Read(tail, identity, length) is not { } trailer)
        {
            return null;
        }

        byte[] directory = new byte[length - SegmentTrailer.Bytes - trailer.DirectoryAt];
        _ = file.Read(trailer.DirectoryAt, directory);
        return Crc32C.Of(directory) == trailer.DirectoryCrc && SegmentDirectory.Decode(directory) is { } lanes
            ? new SegmentFile(known, length, trailer.FramesEnd, lanes, rebuilt: null)
            : null;
    }

    /// <summary>From the frames, whatever became of the rest; null when there is not one good frame.</summary>
    public static SegmentFile? Rebuild(IDiskFile file, FileIdentity identity, IReadOnlyList<Damage> known)
    {
        var lanes = new Dictionary<LaneKey, List<BlockEntry>>();
        using var scanner = new FrameScanner(file, identity, file.Length);
        ulong first = ulong.MaxValue;
        ulong last = 0;
        uint copies = 0;
        while (scanner.MoveNext())
        {
            if (scanner.Number == Frame.CopyNumber)
            {
                copies++;
                continue;
            }

            if (TryIndex(scanner) is { } entry)
            {
                first = Math.Min(first, entry.Number);
                last = Math.Max(last, entry.Number);
                if (!lanes.TryGetValue(entry.Key, out List<BlockEntry>? entries))
                {
                    lanes[entry.Key] = entries = [];
                }

                entries.Add(entry);
            }
        }

        if (copies == 0 && lanes.Count == 0)
        {
            return null;
        }

        var rebuilt = lanes.ToDictionary(pair => pair.Key, pair => pair.Value.Order(Comparer<BlockEntry>.Create(BlockEntry.Compare)).ToArray());
        SegmentLane[] directory = [.. rebuilt.Select(pair => SegmentDirectory.Describe(pair.Key, pair.Value)).OrderBy(lane => lane.Key, LaneKey.Ascending)];
        return new SegmentFile(new FileHead(identity, default, Math.Min(first, last), last, copies), file.Length, scanner.Tail, SegmentDirectory.Of(directory), rebuilt) { Damaged = [.. known, .. scanner.Damaged] };
    }

    /// <summary>A file that was just written; the directory as it stands in it.</summary>
    public static SegmentFile Of(FileHead head, long bytes, long framesEnd, byte[] directory) =>
        new(head, bytes, framesEnd, SegmentDirectory.Decode(directory) ?? throw new ArgumentException("these bytes are no directory", nameof(directory)), rebuilt: null);

    /// <summary>The index of a lane; null when it is damaged.</summary>
    public BlockEntry[]? ReadSlice(IDiskFile file, SegmentLane lane)
    {
        if (_rebuilt is not null)
        {
            return _rebuilt[lane.Key];
        }

        byte[] slice = new byte[lane.SliceBytes];
        return file.Read(lane.SliceAt, slice) == slice.Length && Crc32C.Of(slice) == lane.SliceCrc
            ? IndexCoding.Decode(slice, lane.Blocks, lane.Key.Signal)
            : null;
    }

    /// <summary>The middle cells of a lane as they stand in the file; null when they are not what was written.</summary>
    public static byte[]? ReadMiddle(IDiskFile file, SegmentLane lane)
    {
        byte[] middle = new byte[lane.MiddleBytes];
        return file.Read(lane.CellsAt, middle) == middle.Length && Crc32C.Of(middle) == lane.MiddleCrc ? middle : null;
    }

    /// <summary>Reads all of a lane's overview; false = some of it is not what was written.</summary>
    public static bool AreCellsWhole(IDiskFile file, SegmentLane lane)
    {
        var cells = new List<Cell>();
        if (!lane.HasCells)
        {
            return true;
        }

        if (!LaneCells.TryDecode(lane.Wide.Span, cells) || ReadMiddle(file, lane) is not { } middle)
        {
            return false;
        }

        int[] chunks = new int[cells.Count];
        if (!LaneCells.TryDecodeMiddle(middle, chunks, cells))
        {
            return false;
        }

        long at = lane.CellsAt + lane.MiddleBytes;
        foreach (int length in chunks)
        {
            byte[] chunk = new byte[Math.Min(length, BlockCodec.MaximumBytes)];
            if (file.Read(at, chunk) < length || !LaneCells.TryDecodeChunk(chunk, cells))
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    private static BlockEntry? TryIndex(FrameScanner scanner)
    {
        try
        {
            return scanner.Block.IsEmpty ? null : BlockEntry.FromHead(scanner.Block, scanner.Number, scanner.Offset);
        }
        catch (BlockFormatException)
        {
            return null;
        }
    }
}

/// <summary>
/// How a segment ends.
/// <code>
///  0  u64 offset of the first index slice (the frames end there)      8  u64 offset of the directory
/// 16  u64 length of the file                                         24  u32 CRC-32C of the directory
/// 28  u32 CRC-32C of place and bytes 0 to 27                         32  8 bytes "BEDSEGE1"
/// </code>
/// </summary>
internal readonly record struct SegmentTrailer(long FramesEnd, long DirectoryAt, uint DirectoryCrc)
{
    public const int Bytes = MagicAt + sizeof(ulong);

    private const int FramesEndAt = 0;
    private const int DirectoryOffsetAt = FramesEndAt + sizeof(ulong);
    private const int LengthAt = DirectoryOffsetAt + sizeof(ulong);
    private const int DirectoryCrcAt = LengthAt + sizeof(ulong);
    private const int CrcAt = DirectoryCrcAt + sizeof(uint);
    private const int MagicAt = CrcAt + sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "BEDSEGE1"u8;

    public byte[] ToBytes(FileIdentity file, long length)
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(FramesEndAt), FramesEnd);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(DirectoryOffsetAt), DirectoryAt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LengthAt), length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(DirectoryCrcAt), DirectoryCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(file, length - Bytes, bytes.AsSpan(0, CrcAt)));
        Magic.CopyTo(bytes.AsSpan(MagicAt));
        return bytes;
    }

    public static SegmentTrailer? Read(ReadOnlySpan<byte> bytes, FileIdentity file, long length)
    {
        var trailer = new SegmentTrailer(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[FramesEndAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[DirectoryOffsetAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[DirectoryCrcAt..]));
        bool whole = bytes[MagicAt..].SequenceEqual(Magic)
            && Crc32C.Of(file, length - Bytes, bytes[..CrcAt]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..])
            && BinaryPrimitives.ReadInt64LittleEndian(bytes[LengthAt..]) == length
            && trailer.FramesEnd >= FileHead.SegmentBytes
            && trailer.DirectoryAt >= trailer.FramesEnd
            && trailer.DirectoryAt <= length - Bytes;
        return whole ? trailer : null;
    }
}
