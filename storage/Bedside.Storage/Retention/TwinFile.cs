using System.Buffers.Binary;
using System.Text;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Retention;

/// <summary>
/// A small text that must outlive damage: the file holds it twice, in pages of their own, and is always written anew as a
/// whole (temporary name, sync, rename, sync of the folder).
/// <code>
///  0  8 bytes "BEDTWIN1"     8  u32 CRC-32C of the bytes from 12 to the end of the text     12  u32 bytes of the text
/// 16  text, UTF-8, zeros to a multiple of 4096; then the same again
/// </code>
/// FORMAT.md, section 10.
/// </summary>
internal static class TwinFile
{
    public const int MostBytes = 1 << 20;

    private const int PageBytes = 4096;
    private const int CrcAt = sizeof(ulong);
    private const int LengthAt = CrcAt + sizeof(uint);
    private const int TextAt = LengthAt + sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "BEDTWIN1"u8;

    /// <summary>
    /// The text, null when there is no such file or neither copy is whole; the damage, null when there is none. Throws the
    /// disk's errors.
    /// </summary>
    public static (string? Text, Damage? Damage) Read(IDisk disk, string name)
    {
        if (!disk.Names().Contains(name))
        {
            return (null, null);
        }

        using IDiskFile file = disk.Open(name, DiskAccess.Read);
        byte[] bytes = new byte[(int)Math.Clamp(file.Length, 0, 2 * (MostBytes + PageBytes))];
        Span<byte> read = bytes.AsSpan(0, file.Read(0, bytes));
        string? first = TextOf(read);
        string? second = TextOf(read[(read.Length / 2)..]);
        string? text = first ?? second;
        bool isWhole = first is not null && second == first;
        string what = text is null ? "neither copy of the text is what was written" : "one of two copies is not what was written; the other is used";
        return (text, isWhole ? null : new Damage(name, first is null ? 0 : read.Length / 2, Model.SignalNumber.None, what));
    }

    /// <summary>Throws the disk's errors; the file is then what it was.</summary>
    public static void Write(IDisk disk, string name, string text)
    {
        byte[] once = BytesOf(text);
        string unfinished = FileNames.Unfinished(name);
        using (IDiskFile file = disk.Open(unfinished, DiskAccess.Create))
        {
            file.Write(0, once);
            file.Write(once.Length, once);
            file.Sync();
        }

        disk.Rename(unfinished, name);
        disk.Sync();
    }

    private static byte[] BytesOf(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(utf8.Length, MostBytes);
        byte[] bytes = new byte[(TextAt + utf8.Length + PageBytes - 1) / PageBytes * PageBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LengthAt), utf8.Length);
        utf8.CopyTo(bytes.AsSpan(TextAt));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(bytes.AsSpan(LengthAt, TextAt - LengthAt + utf8.Length)));
        return bytes;
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TextAt || !bytes.StartsWith(Magic))
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]);
        return length <= bytes.Length - TextAt
            && Crc32C.Of(bytes[LengthAt..(TextAt + (int)length)]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..])
                ? Encoding.UTF8.GetString(bytes.Slice(TextAt, (int)length))
                : null;
    }
}
