using System.Buffers.Binary;
using System.Numerics;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>
/// Content in pages of 4096 bytes, each encrypted by itself.
/// <code>
/// ┌──────┬─────────┬────────────┬─────┬─────────┬────────────┬─────┬───┬──────┐
/// │ head │ CRC-32C │ ciphertext │ tag │ CRC-32C │ ciphertext │ tag │ … │ head │
/// │ 64   │ 4       │ 4012       │ 16  │ 4       │ 4076       │ 16  │   │ 64   │
/// └──────┴─────────┴────────────┴─────┴─────────┴────────────┴─────┴───┴──────┘
/// </code>
/// The checksum is of the file, the page's offset, ciphertext and tag, so that damage is found without the key. The last page is
/// as long as it has to be. FORMAT.md, section 9.3.
/// </summary>
internal static class EncryptedPages
{
    public const int PageBytes = 4096;

    /// <summary>Bytes of content in a page.</summary>
    public const int Payload = PageBytes - Overhead;

    /// <summary>Checksum and tag of a page.</summary>
    public const int Overhead = CrcBytes + FileCipher.TagBytes;

    private const int CrcBytes = sizeof(uint);
    private const int BitsOfByte = 8;

    /// <summary>Which page holds a byte of the content, and where in it.</summary>
    public static (long Page, int In) Locate(long offset)
    {
        long page = Math.DivRem(offset + EncryptedHead.Bytes, Payload, out long rest);
        return (page, (int)rest - (page == 0 ? EncryptedHead.Bytes : 0));
    }

    public static long OffsetOf(long page) => page == 0 ? EncryptedHead.Bytes : page * PageBytes;

    /// <summary>Bytes of content that a page has room for.</summary>
    public static int RoomOf(long page) => page == 0 ? Payload - EncryptedHead.Bytes : Payload;

    /// <summary>Bytes of the content of a file whose pages end at <paramref name="end"/>.</summary>
    public static long ContentBytes(long end)
    {
        long full = Math.DivRem(end, PageBytes, out long rest);
        return Math.Max(0, (full * Payload) + Math.Max(0, rest - Overhead) - EncryptedHead.Bytes);
    }

    /// <summary>Where the pages of so much content end.</summary>
    public static long End(long contentBytes)
    {
        if (contentBytes == 0)
        {
            return EncryptedHead.Bytes;
        }

        long full = Math.DivRem(contentBytes + EncryptedHead.Bytes, Payload, out long rest);
        return (full * PageBytes) + (rest > 0 ? rest + Overhead : 0);
    }

    /// <summary>Puts a page of this content into <paramref name="stored"/>, which is longer by <see cref="Overhead"/>.</summary>
    public static void Encrypt(FileCipher cipher, FileIdentity file, long page, ReadOnlySpan<byte> content, Span<byte> stored)
    {
        Span<byte> encrypted = stored.Slice(CrcBytes, content.Length);
        cipher.Encrypt((ulong)page, [], content, encrypted, stored[(CrcBytes + content.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(stored, Crc32C.Of(file, OffsetOf(page), stored[CrcBytes..]));
    }

    /// <summary>True when the page is what was written, as far as can be told without its key.</summary>
    public static bool IsWhole(FileIdentity file, long page, ReadOnlySpan<byte> stored) =>
        stored.Length > Overhead && Crc32C.Of(file, OffsetOf(page), stored[CrcBytes..]) == BinaryPrimitives.ReadUInt32LittleEndian(stored);

    /// <summary>False when the page is not what was written, by its checksum or by its tag.</summary>
    public static bool TryDecrypt(FileCipher cipher, FileIdentity file, long page, ReadOnlySpan<byte> stored, Span<byte> content) =>
        IsWhole(file, page, stored) && TryDecrypt(cipher, page, stored, content);

    /// <summary>
    /// Puts one damaged byte of a page right: the checksum says which byte it can have been, and the tag whether it was. Bursts
    /// of two bytes and more are not put right. False, and nothing changed, when that explains nothing.
    /// </summary>
    public static bool TryRepair(FileCipher cipher, FileIdentity file, long page, Span<byte> stored, Span<byte> content)
    {
        if (stored.Length <= Overhead)
        {
            return false;
        }

        uint written = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        uint difference = written ^ Crc32C.Of(file, OffsetOf(page), stored[CrcBytes..]);
        if (IsOneByte(difference))
        {
            // It was the checksum itself.
            return TryDecrypt(cipher, page, stored, content);
        }

        // A wrong byte stands in the register as it is, before the bytes after it change that.
        for (int at = stored.Length - 1; at >= CrcBytes; at--)
        {
            difference = Crc32C.BeforeLastByte(difference);
            if (difference <= byte.MaxValue)
            {
                stored[at] ^= (byte)difference;
                if (TryDecrypt(cipher, page, stored, content))
                {
                    return true;
                }

                stored[at] ^= (byte)difference;
            }
        }

        return false;
    }

    private static bool IsOneByte(uint difference) =>
        difference != 0 && BitOperations.TrailingZeroCount(difference) / BitsOfByte == BitOperations.Log2(difference) / BitsOfByte;

    private static bool TryDecrypt(FileCipher cipher, long page, ReadOnlySpan<byte> stored, Span<byte> content)
    {
        int length = stored.Length - Overhead;
        return cipher.TryDecrypt((ulong)page, [], stored.Slice(CrcBytes, length), stored[(CrcBytes + length)..], content[..length]);
    }
}
