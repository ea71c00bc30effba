using System.Buffers.Binary;
using System.Numerics;

namespace Bedside.Storage.Files;

internal enum FileKind
{
    Journal = 1,
    Segment = 2,

    /// <summary>What a killed process leaves in memory. Its sequence is the mark of that process's life.</summary>
    Tail = 3,

    /// <summary>What went over the ports, byte by byte.</summary>
    Evidence = 4,

    /// <summary>What was said of who lies in the bed.</summary>
    Stays = 5,
}

/// <summary>Which file of the store: part of every checksum in it.</summary>
internal readonly record struct FileIdentity(FileKind Kind, ulong Sequence)
{
    private const uint SegmentBit = 0x8000_0000;

    /// <summary>Stands in each frame, so that a reader that lost its place finds the next one of this file.</summary>
    public uint Mark => ((uint)Sequence & ~SegmentBit) | (Kind == FileKind.Segment ? SegmentBit : 0);

    public string Name => Kind switch
    {
        FileKind.Journal => FileNames.Journal(Sequence),
        FileKind.Segment => FileNames.Segment(Sequence),
        FileKind.Evidence => FileNames.Evidence(Sequence),
        FileKind.Stays => FileNames.Stays,
        _ => FileNames.Tail(0),
    };
}

/// <summary>
/// A block in a file.
/// <code>
/// ┌──────────┬────────────┬───────────┬──────────────┬─────────┬─────────────────┐
/// │ CRC-32C  │ length     │ file mark │ block number │ block   │ zeros to a      │
/// │ u32      │ u32        │ u32       │ u64          │ length  │ multiple of 4   │
/// └──────────┴────────────┴───────────┴──────────────┴─────────┴─────────────────┘
///  0          4            8           12             20
/// </code>
/// The checksum covers kind, sequence and offset of the place (three u64) and the frame from byte 4 on. FORMAT.md, section 6.
/// </summary>
internal static class Frame
{
    public const int HeaderBytes = NumberAt + sizeof(ulong);

    public const int Alignment = 4;

    /// <summary>A block, or a window of a journal.</summary>
    public const int MaximumContent = Journal.Window.MaximumBytes + Keys.FileCipher.TagBytes;

    public const int MarkAt = LengthAt + sizeof(uint);

    /// <summary>Number of a frame that repeats the description of a signal and is no block of the record.</summary>
    public const ulong CopyNumber = 0;

    private const int BitsOfLength = 32;
    private const int CrcAt = 0;
    private const int LengthAt = CrcAt + sizeof(uint);
    private const int NumberAt = MarkAt + sizeof(uint);

    public static int TotalBytes(int blockLength) => (HeaderBytes + blockLength + Alignment - 1) & ~(Alignment - 1);

    public static uint MarkOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame[MarkAt..]);

    public static ulong NumberOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt64LittleEndian(frame[NumberAt..]);

    /// <summary>Puts a frame at <paramref name="offset"/> of the file and returns how long it is.</summary>
    public static int Write(Span<byte> destination, FileIdentity file, long offset, ulong number, ReadOnlySpan<byte> block)
    {
        Span<byte> frame = destination[..TotalBytes(block.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(frame[LengthAt..], (uint)block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[MarkAt..], file.Mark);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[NumberAt..], number);
        block.CopyTo(frame[HeaderBytes..]);
        frame[(HeaderBytes + block.Length)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(frame[CrcAt..], Crc32C.Of(file, offset, frame[LengthAt..]));
        return frame.Length;
    }

    /// <summary>
    /// What the head at the beginning of <paramref name="bytes"/> claims for the whole frame's length; 0 when it is no
    /// head of this file. At least <see cref="HeaderBytes"/> must be there.
    /// </summary>
    public static int ClaimedBytes(ReadOnlySpan<byte> bytes, FileIdentity file)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]);
        bool ours = MarkOf(bytes) == file.Mark;
        return ours && length is 0 or (>= Journal.Window.HeadBytes and <= MaximumContent) ? TotalBytes((int)length) : 0;
    }

    /// <summary>True when a whole frame stands here that was written to this place of this file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, FileIdentity file, long offset, out ulong number, out ReadOnlySpan<byte> block)
    {
        number = 0;
        block = default;
        int total = bytes.Length < HeaderBytes ? 0 : ClaimedBytes(bytes, file);
        if (total == 0 || total > bytes.Length || Crc32C.Of(file, offset, bytes[LengthAt..total]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes))
        {
            return false;
        }

        number = NumberOf(bytes);
        block = bytes.Slice(HeaderBytes, (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]));
        return true;
    }

    /// <summary>
    /// Puts right one flipped bit of a frame that <see cref="TryRead"/> refuses; <paramref name="bytes"/> are the whole frame,
    /// as long as the index says. False, and nothing changed, when its checksum does not point to one bit.
    /// </summary>
    public static bool TryRepair(Span<byte> bytes, FileIdentity file, long offset)
    {
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint difference = stored ^ Crc32C.Of(file, offset, bytes[LengthAt..]);
        if (BitOperations.IsPow2(difference))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, stored ^ difference);
            return true;
        }

        long bit = Crc32C.FlippedBit(difference, bytes.Length - LengthAt);
        if (bit >= 0)
        {
            bytes[LengthAt + (int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        }

        return bit >= 0;
    }

    /// <summary>
    /// The same where nobody knows how long the frame is: the flipped bit may be one of its length, too. <paramref name="bytes"/>
    /// begin with the frame and may go on behind it.
    /// </summary>
    public static bool TryRepairUnknown(Span<byte> bytes, FileIdentity file, long offset, out ulong number, out ReadOnlySpan<byte> block)
    {
        number = 0;
        block = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]);
        if (length <= MaximumContent && TotalBytes((int)length) <= bytes.Length
            && TryRepair(bytes[..TotalBytes((int)length)], file, offset) && TryRead(bytes, file, offset, out number, out block))
        {
            return true;
        }

        for (int bit = 0; bit < BitsOfLength; bit++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[LengthAt..], length ^ (1u << bit));
            if (TryRead(bytes, file, offset, out number, out block))
            {
                return true;
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[LengthAt..], length);
        return false;
    }
}
