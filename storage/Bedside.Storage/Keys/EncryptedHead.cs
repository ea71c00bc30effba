using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>Under which stay's key a file is, and the salt that makes the file's own key of it.</summary>
internal readonly record struct FileSeal(StayId Stay, UInt128 Salt);

/// <summary>
/// The first and, once more, the last 64 bytes of an encrypted segment: all of it that stands in the clear.
/// <code>
///  0  8 bytes "BEDENCR1"        8  u32 CRC-32C of kind, sequence, 0, then bytes 12 to 63
/// 12  u16 version = 1          14  u16 0                 16  u64 sequence
/// 24  16 bytes id of the stay  40  16 bytes salt         56  u32 greatest number of a signal when it was made    60  u32 0
/// </code>
/// FORMAT.md, section 9.3.
/// </summary>
internal readonly record struct EncryptedHead(FileIdentity File, FileSeal Seal, uint Signals)
{
    public const int Bytes = 64;
    public const ushort Version = 1;

    private const int CrcAt = sizeof(ulong);
    private const int VersionAt = CrcAt + sizeof(uint);
    private const int SequenceAt = VersionAt + sizeof(uint);
    private const int StayAt = SequenceAt + sizeof(ulong);
    private const int SaltAt = StayAt + StayId.Bytes;
    private const int SignalsAt = SaltAt + FileCipher.SaltBytes;

    private static ReadOnlySpan<byte> Magic => "BEDENCR1"u8;

    public void Write(Span<byte> bytes)
    {
        bytes = bytes[..Bytes];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[VersionAt..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[SequenceAt..], File.Sequence);
        Seal.Stay.Write(bytes[StayAt..]);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[SaltAt..], Seal.Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[SignalsAt..], Signals);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CrcAt..], Crc32C.Of(File, 0, bytes[VersionAt..]));
    }

    /// <summary>Null when the bytes are not the head of this file, in a version this program knows.</summary>
    public static EncryptedHead? Read(ReadOnlySpan<byte> bytes, FileIdentity file)
    {
        if (bytes.Length < Bytes)
        {
            return null;
        }

        bytes = bytes[..Bytes];
        bool whole = bytes.StartsWith(Magic)
            && Crc32C.Of(file, 0, bytes[VersionAt..]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..])
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]) == Version;
        return whole
            ? new EncryptedHead(
                file,
                new FileSeal(StayId.Read(bytes[StayAt..]), BinaryPrimitives.ReadUInt128LittleEndian(bytes[SaltAt..])),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[SignalsAt..]))
            : null;
    }
}
