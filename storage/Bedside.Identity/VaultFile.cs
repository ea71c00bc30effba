using System.Buffers.Binary;
using System.Security.Cryptography;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Identity;

/// <summary>What a file of identities is.</summary>
internal enum VaultState
{
    Whole,

    /// <summary>One copy, or part of both, is not what was written; what could be read was.</summary>
    Damaged,

    /// <summary>Written under another box key.</summary>
    OtherKey,

    /// <summary>Nothing of it can be read.</summary>
    Lost,
}

/// <summary>Records of a file, in the clear, and what state it is in.</summary>
internal sealed record VaultReading(VaultState State, ulong Revision, IReadOnlyList<byte[]> Records);

/// <summary>
/// The file of identities: a copy, the same again, and what was added since.
/// <code>
/// ┌──────┬─────────┬───┬───────────────┬──────┬─────────┬───┬───────────────┬─────────┬───┐
/// │ head │ record  │ … │ zeros to page │ head │ record  │ … │ zeros to page │ record  │ … │
/// └──────┴─────────┴───┴───────────────┴──────┴─────────┴───┴───────────────┴─────────┴───┘
/// head:   0  8 bytes "BEDIDEN1"    8  u32 CRC-32C of bytes 12 to 63    12  u16 version = 1    14  u16 0
///        16  u64 revision         24  u32 records                     28  u32 bytes of the records
///        32  16 bytes salt        48  16 bytes HMAC-SHA-256 of bytes 12 to 47 under the head's key, the first 16
/// record: 0  u32 bytes n           4  n − 16 bytes ciphertext, 16 bytes tag
/// </code>
/// FORMAT.md beside this file.
/// </summary>
internal sealed class VaultFile : IDisposable
{
    public const int HeadBytes = SealAt + TagBytes;
    public const int TagBytes = 16;
    public const int SaltBytes = 16;
    public const int PageBytes = 4096;

    /// <summary>Records are filled up to a multiple of this, so that their length does not tell a name.</summary>
    public const int RecordUnit = 64;

    private const ushort Version = 1;
    private const int CrcAt = sizeof(ulong);
    private const int VersionAt = CrcAt + sizeof(uint);
    private const int RevisionAt = VersionAt + sizeof(uint);
    private const int RecordsAt = RevisionAt + sizeof(ulong);
    private const int LengthAt = RecordsAt + sizeof(uint);
    private const int SaltAt = LengthAt + sizeof(uint);
    private const int SealAt = SaltAt + SaltBytes;
    private const int NonceBytes = 12;
    private const int LengthBytes = sizeof(uint);
    private const int LargestRecord = 1 << 20;

    private readonly byte[] _head;
    private readonly AesGcm _aes;
    private uint _records;

    private VaultFile(byte[] head, AesGcm aes) => (_head, _aes) = (head, aes);

    private static ReadOnlySpan<byte> Magic => "BEDIDEN1"u8;

    private static ReadOnlySpan<byte> RecordPurpose => "bedside identities"u8;

    private static ReadOnlySpan<byte> HeadPurpose => "bedside identities head"u8;

    /// <summary>A file anew, under a salt that no other had; <paramref name="file"/> adds to it.</summary>
    public static byte[] Write(BoxKey box, ulong revision, IReadOnlyList<byte[]> records, ReadOnlySpan<byte> salt, out VaultFile file)
    {
        byte[] head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(VersionAt), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(RevisionAt), revision);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(RecordsAt), records.Count);
        int length = records.Sum(record => SealedBytes(record.Length));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(LengthAt), length);
        salt.CopyTo(head.AsSpan(SaltAt));
        Seal(box, head).CopyTo(head.AsSpan(SealAt));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(CrcAt), Crc32C.Of(head.AsSpan(VersionAt)));
        file = new VaultFile(head, Cipher(box, salt));
        int copy = CopyBytes(length);
        byte[] bytes = new byte[2 * copy];
        head.CopyTo(bytes.AsSpan());
        int at = HeadBytes;
        foreach (byte[] record in records)
        {
            byte[] encrypted = file.Next(record);
            encrypted.CopyTo(bytes.AsSpan(at));
            at += encrypted.Length;
        }

        bytes.AsSpan(0, copy).CopyTo(bytes.AsSpan(copy));
        return bytes;
    }

    /// <summary>The next record, to be written behind what is there; each is made once only.</summary>
    public byte[] Next(ReadOnlySpan<byte> record)
    {
        byte[] plain = new byte[Padded(record.Length)];
        record.CopyTo(plain);
        byte[] made = new byte[LengthBytes + plain.Length + TagBytes];
        BinaryPrimitives.WriteInt32LittleEndian(made, plain.Length + TagBytes);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(_records++, nonce);
        _aes.Encrypt(nonce, plain, made.AsSpan(LengthBytes, plain.Length), made.AsSpan(LengthBytes + plain.Length), _head);
        CryptographicOperations.ZeroMemory(plain);
        return made;
    }

    /// <summary>Never throws for what stands in a file.</summary>
    public static VaultReading Read(BoxKey box, ReadOnlySpan<byte> bytes)
    {
        bool isFirst = HeadOf(bytes) is not null;
        byte[]? head = HeadOf(bytes) ?? SecondHead(bytes);
        if (head is null)
        {
            return new VaultReading(VaultState.Lost, 0, []);
        }

        ulong revision = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(RevisionAt));
        if (!CryptographicOperations.FixedTimeEquals(Seal(box, head), head.AsSpan(SealAt)))
        {
            return new VaultReading(VaultState.OtherKey, revision, []);
        }

        using var file = new VaultFile(head, Cipher(box, head.AsSpan(SaltAt, SaltBytes)));
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(RecordsAt));
        int copy = CopyBytes(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(LengthAt)));
        var found = new SortedDictionary<uint, byte[]>();
        bool isWhole = isFirst;
        foreach (int from in (int[])[0, copy])
        {
            ReadOnlySpan<byte> one = bytes[Math.Min(from, bytes.Length)..Math.Min(from + copy, bytes.Length)];
            isWhole &= one.StartsWith(head) && file.ReadFrom(one[Math.Min(HeadBytes, one.Length)..], 0, count, found) == count;
        }

        uint kept = (uint)found.Count;
        _ = file.ReadFrom(bytes[Math.Min(2 * copy, bytes.Length)..], count, uint.MaxValue, found);
        VaultState state = isWhole ? VaultState.Whole : kept == 0 ? VaultState.Lost : VaultState.Damaged;
        return new VaultReading(state, revision, [.. found.Values]);
    }

    public void Dispose() => _aes.Dispose();

    internal static int SealedBytes(int record) => LengthBytes + Padded(record) + TagBytes;

    private static int Padded(int length) => (length + RecordUnit - 1) / RecordUnit * RecordUnit;

    private static int CopyBytes(int records) => (HeadBytes + records + PageBytes - 1) / PageBytes * PageBytes;

    /// <summary>Reads records until one is not what was written: one whose length is believable is stepped over. Returns the number of the record that it stopped before.</summary>
    private uint ReadFrom(ReadOnlySpan<byte> bytes, uint number, uint end, SortedDictionary<uint, byte[]> found)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        uint good = number;
        bool isWhole = true;
        for (; number < end && bytes.Length >= LengthBytes + TagBytes; number++)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (length is < TagBytes or > LargestRecord || length > bytes.Length - LengthBytes)
            {
                break;
            }

            byte[] plain = new byte[length - TagBytes];
            Nonce(number, nonce);
            try
            {
                _aes.Decrypt(nonce, bytes.Slice(LengthBytes, plain.Length), bytes.Slice(LengthBytes + plain.Length, TagBytes), plain, _head);
                found[number] = plain;
                good += isWhole ? 1u : 0;
            }
            catch (AuthenticationTagMismatchException)
            {
                isWhole = false;
                if (end == uint.MaxValue)
                {
                    break;
                }
            }

            bytes = bytes[(int)(LengthBytes + length)..];
        }

        return good;
    }

    /// <summary>The first copy's head is not to be had: the second begins at some page.</summary>
    private static byte[]? SecondHead(ReadOnlySpan<byte> bytes)
    {
        for (int at = PageBytes; at < bytes.Length; at += PageBytes)
        {
            if (HeadOf(bytes[at..]) is { } head && CopyBytes(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(LengthAt))) == at)
            {
                return head;
            }
        }

        return null;
    }

    private static byte[]? HeadOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeadBytes && bytes.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Of(bytes[VersionAt..HeadBytes])
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]) == Version
        && BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]) is >= 0 and < int.MaxValue / 4
            ? bytes[..HeadBytes].ToArray()
            : null;

    private static byte[] Seal(BoxKey box, ReadOnlySpan<byte> head)
    {
        Span<byte> key = stackalloc byte[BoxKey.Bytes];
        box.Derive(head.Slice(SaltAt, SaltBytes), HeadPurpose, key);
        byte[] mac = HMACSHA256.HashData(key, head[VersionAt..SealAt]);
        CryptographicOperations.ZeroMemory(key);
        return mac[..TagBytes];
    }

    private static AesGcm Cipher(BoxKey box, ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[BoxKey.Bytes];
        box.Derive(salt, RecordPurpose, key);
        var aes = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
        return aes;
    }

    private static void Nonce(uint number, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, number);
    }
}
