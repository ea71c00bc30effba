using System.Buffers.Binary;
using Bedside.Model;

namespace Bedside.Storage.Files;

/// <summary>
/// How a journal and a segment begin.
/// <code>
///  0  8 bytes  "BEDJRNL1", "BEDSEGM1" or "BEDTAIL1"
///  8  u32 CRC-32C of place and the head from byte 12 on       12  u16 version         14  u16 flags = 0
/// 16  u64 sequence                                            24  i64 made, ns
/// 32  u64 first block number (segments, tails)                40  u64 last block number (segments)
/// 48  u32 copies of descriptions before the first block       52  zeros to the end of the head
/// </code>
/// A journal's head takes a page of 4096 bytes, that of a segment or a tail 64. FORMAT.md, sections 7 and 8.
/// </summary>
internal readonly record struct FileHead(FileIdentity File, UtcInstant Made, ulong FirstNumber, ulong LastNumber, uint Copies)
{
    public const int JournalBytes = 4096;
    public const int SegmentBytes = 64;
    public const int TailBytes = 64;

    /// <summary>Since version 2 a frame of a journal is a window.</summary>
    public const ushort JournalVersion = 2;

    public const ushort SegmentVersion = 1;
    public const ushort TailVersion = 1;

    private const int CrcAt = 8;
    private const int VersionAt = CrcAt + sizeof(uint);
    private const int FlagsAt = VersionAt + sizeof(ushort);
    private const int SequenceAt = FlagsAt + sizeof(ushort);
    private const int MadeAt = SequenceAt + sizeof(ulong);
    private const int FirstAt = MadeAt + sizeof(long);
    private const int LastAt = FirstAt + sizeof(ulong);
    private const int CopiesAt = LastAt + sizeof(ulong);

    public static int BytesOf(FileKind kind) => kind switch
    {
        FileKind.Journal => JournalBytes,
        FileKind.Segment => SegmentBytes,
        _ => TailBytes,
    };

    public static ushort VersionOf(FileKind kind) => kind switch
    {
        FileKind.Journal => JournalVersion,
        FileKind.Segment => SegmentVersion,
        _ => TailVersion,
    };

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[BytesOf(File.Kind)];
        Magic(File.Kind).CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(VersionAt), VersionOf(File.Kind));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(SequenceAt), File.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(MadeAt), Made.UnixNanoseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(FirstAt), FirstNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(LastAt), LastNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CopiesAt), Copies);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(File, 0, bytes.AsSpan(VersionAt)));
        return bytes;
    }

    /// <summary>Null when the bytes are not the head of this file, in a version this program knows.</summary>
    public static FileHead? Read(ReadOnlySpan<byte> bytes, FileIdentity file)
    {
        bool whole = VersionIn(bytes, file) == VersionOf(file.Kind)
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes[FlagsAt..]) == 0;
        return whole
            ? new FileHead(
                file,
                new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(bytes[MadeAt..])),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[FirstAt..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[LastAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[CopiesAt..]))
            : null;
    }

    /// <summary>The version that a whole head states, be it known to this program or not; null when the head is not whole.</summary>
    public static ushort? VersionIn(ReadOnlySpan<byte> bytes, FileIdentity file)
    {
        if (bytes.Length < BytesOf(file.Kind))
        {
            return null;
        }

        bytes = bytes[..BytesOf(file.Kind)];
        bool whole = bytes.StartsWith(Magic(file.Kind)) && Crc32C.Of(file, 0, bytes[VersionAt..]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]);
        return whole ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]) : null;
    }

    private static ReadOnlySpan<byte> Magic(FileKind kind) => kind switch
    {
        FileKind.Journal => "BEDJRNL1"u8,
        FileKind.Segment => "BEDSEGM1"u8,
        _ => "BEDTAIL1"u8,
    };
}
