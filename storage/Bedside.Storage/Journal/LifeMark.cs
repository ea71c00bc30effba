using System.Buffers.Binary;
using System.Security.Cryptography;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Journal;

/// <summary>
/// The file <c>life</c>: a random number of the process that wrote the store last. A tail counts only with this mark, so that
/// one of another store, or of an earlier process, is never taken for what this store lacks.
/// <code>
///  0  8 bytes "BEDLIFE1"      8  u64 mark, not 0      16  u32 CRC-32C of bytes 0 to 15      20  u32 0
/// </code>
/// FORMAT.md, section 7.3.
/// </summary>
internal static class LifeMark
{
    public const int Bytes = CrcAt + sizeof(uint) + sizeof(uint);

    private const int MarkAt = 8;
    private const int CrcAt = MarkAt + sizeof(ulong);

    private static ReadOnlySpan<byte> Magic => "BEDLIFE1"u8;

    /// <summary>Null when there is none, or none that can be read.</summary>
    public static ulong? Read(IDisk disk)
    {
        try
        {
            using IDiskFile file = disk.Open(FileNames.Life, DiskAccess.Read);
            byte[] bytes = new byte[Bytes];
            bool whole = file.Read(0, bytes) == Bytes && bytes.AsSpan().StartsWith(Magic) && Crc32C.Of(bytes.AsSpan(0, CrcAt)) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(CrcAt));
            return whole && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(MarkAt)) is var mark and > 0 ? mark : null;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return null;
        }
    }

    /// <summary>A new mark, on the disk when this returns. Throws the disk's errors; the old one stands then, or the new one.</summary>
    public static ulong Renew(IDisk disk)
    {
        byte[] bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        RandomNumberGenerator.Fill(bytes.AsSpan(MarkAt, sizeof(ulong)));
        bytes[MarkAt] |= 1;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(bytes.AsSpan(0, CrcAt)));
        string unfinished = FileNames.Unfinished(FileNames.Life);
        using (IDiskFile file = disk.Open(unfinished, DiskAccess.Create))
        {
            file.Write(0, bytes);
            file.Sync();
        }

        disk.Rename(unfinished, FileNames.Life);
        disk.Sync();
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(MarkAt));
    }
}
