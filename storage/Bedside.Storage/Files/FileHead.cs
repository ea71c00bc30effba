using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Files;

/// <summary>
/// How a journal and a segment begin.
/// <code>
///  0  8 bytes  "BEDJRNL1", "BEDSEGM1", "BEDTAIL1", "BEDEVID1" or "BEDSTAY1"
///  8  u32 CRC-32C of place and the head from byte 12 on       12  u16 version         14  u16 flags
/// 16  u64 sequence                                            24  i64 made, ns
/// 32  u64 first number (segments, tails, evidence)            40  u64 last block number (segments)
/// 48  u32 copies of descriptions before the first block       52  zeros to the end of the head, but:
/// flag 1 = encrypted (all but segments):                      64  16 bytes id of the stay      80  16 bytes salt
/// </code>
/// The head of a journal, of a file of evidence, and of the book of stays, takes a page of 4096 bytes and stands there twice, because without the salt
/// nothing can be read; that of a segment takes 64, of a tail 96. FORMAT.md, sections 7, 8, 12 and 14.
/// </summary>
internal readonly record struct FileHead(FileIdentity File, UtcInstant Made, ulong FirstNumber, ulong LastNumber, uint Copies)
{
    /// <summary>Both copies.</summary>
    public const int JournalBytes = 2 * PageBytes;
    public const int SegmentBytes = 64;
    public const int TailBytes = SaltAt + FileCipher.SaltBytes;

    /// <summary>Since version 2 a frame of a journal is a window.</summary>
    public const ushort JournalVersion = 2;

    /// <summary>Since version 2 the overview has three grids, and the first and the last of each cell.</summary>
    public const ushort SegmentVersion = 2;
    public const ushort TailVersion = 1;
    public const ushort EvidenceVersion = 1;
    public const ushort StaysVersion = 1;

    private const int PageBytes = 4096;
    private const int CrcAt = 8;
    private const int VersionAt = CrcAt + sizeof(uint);
    private const int FlagsAt = VersionAt + sizeof(ushort);
    private const int SequenceAt = FlagsAt + sizeof(ushort);
    private const int MadeAt = SequenceAt + sizeof(ulong);
    private const int FirstAt = MadeAt + sizeof(long);
    private const int LastAt = FirstAt + sizeof(ulong);
    private const int CopiesAt = LastAt + sizeof(ulong);
    private const int StayAt = 64;
    private const int SaltAt = StayAt + StayId.Bytes;
    private const ushort IsEncrypted = 1;

    /// <summary>All but segments: under whose key the frames are; null = they are not encrypted.</summary>
    public FileSeal? Seal { get; init; }

    /// <summary>Where the frames begin.</summary>
    public static int BytesOf(FileKind kind) => kind switch
    {
        FileKind.Journal or FileKind.Evidence or FileKind.Stays => JournalBytes,
        FileKind.Segment => SegmentBytes,
        _ => TailBytes,
    };

    public static ushort VersionOf(FileKind kind) => kind switch
    {
        FileKind.Journal => JournalVersion,
        FileKind.Segment => SegmentVersion,
        FileKind.Evidence => EvidenceVersion,
        FileKind.Stays => StaysVersion,
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
        if (Seal is { } seal)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(FlagsAt), IsEncrypted);
            seal.Stay.Write(bytes.AsSpan(StayAt));
            BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(SaltAt), seal.Salt);
        }

        int copy = CopyBytes(File.Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(File, 0, bytes.AsSpan(VersionAt, copy - VersionAt)));
        if (bytes.Length > copy)
        {
            bytes.AsSpan(0, copy).CopyTo(bytes.AsSpan(copy));
        }

        return bytes;
    }

    /// <summary>From the first copy that is whole; null when none is. Throws the disk's errors.</summary>
    public static FileHead? ReadEither(IDiskFile disk, FileIdentity file) => ReadCopy(disk, file, 0) ?? (StandsTwice(file.Kind) ? ReadCopy(disk, file, PageBytes) : null);

    /// <summary>True when every copy is whole. Throws the disk's errors.</summary>
    public static bool IsWhole(IDiskFile disk, FileIdentity file) => ReadCopy(disk, file, 0) is not null && (!StandsTwice(file.Kind) || ReadCopy(disk, file, PageBytes) is not null);

    /// <summary>Null when the bytes are not a copy of the head of this file, in a version this program knows.</summary>
    public static FileHead? Read(ReadOnlySpan<byte> bytes, FileIdentity file)
    {
        ushort flags = bytes.Length < StayAt ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes[FlagsAt..]);
        bool whole = VersionIn(bytes, file) == VersionOf(file.Kind)
            && (flags == 0 || (flags == IsEncrypted && file.Kind != FileKind.Segment));
        return whole
            ? new FileHead(
                file,
                new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(bytes[MadeAt..])),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[FirstAt..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[LastAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[CopiesAt..]))
            {
                Seal = flags == IsEncrypted ? new FileSeal(StayId.Read(bytes[StayAt..]), BinaryPrimitives.ReadUInt128LittleEndian(bytes[SaltAt..])) : null,
            }
            : null;
    }

    /// <summary>The version that a whole head states, be it known to this program or not; null when the head is not whole.</summary>
    public static ushort? VersionIn(ReadOnlySpan<byte> bytes, FileIdentity file)
    {
        if (bytes.Length < CopyBytes(file.Kind))
        {
            return null;
        }

        bytes = bytes[..CopyBytes(file.Kind)];
        bool whole = bytes.StartsWith(Magic(file.Kind)) && Crc32C.Of(file, 0, bytes[VersionAt..]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]);
        return whole ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]) : null;
    }

    private static bool StandsTwice(FileKind kind) => kind is FileKind.Journal or FileKind.Evidence or FileKind.Stays;

    private static int CopyBytes(FileKind kind) => StandsTwice(kind) ? PageBytes : BytesOf(kind);

    private static FileHead? ReadCopy(IDiskFile disk, FileIdentity file, long at)
    {
        byte[] bytes = new byte[CopyBytes(file.Kind)];
        return Read(bytes.AsSpan(0, disk.Read(at, bytes)), file);
    }

    private static ReadOnlySpan<byte> Magic(FileKind kind) => kind switch
    {
        FileKind.Journal => "BEDJRNL1"u8,
        FileKind.Segment => "BEDSEGM1"u8,
        FileKind.Evidence => "BEDEVID1"u8,
        FileKind.Stays => "BEDSTAY1"u8,
        _ => "BEDTAIL1"u8,
    };
}
