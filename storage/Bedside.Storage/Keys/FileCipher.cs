using System.Buffers.Binary;
using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>What was encrypted, and where: for the test that no nonce serves twice.</summary>
internal delegate void EncryptionWitness(FileIdentity file, UInt128 salt, ulong place, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain);

/// <summary>
/// AES-256-GCM under the key of one file. The nonce is the place of a piece in the file, and every place is written once
/// under one salt: a file that is made again has another. May be used from any thread. FORMAT.md, section 9.
/// </summary>
internal sealed class FileCipher
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;
    public const int SaltBytes = 16;

    private static readonly byte[] Purpose = "bedside file"u8.ToArray();

    private readonly FileIdentity _file;
    private readonly UInt128 _salt;
    private readonly EncryptionWitness? _witness;
    private readonly Lock _lock = new();
    private AesGcm? _aes;
    private int _users = 1;

    private FileCipher(FileIdentity file, StayId stay, UInt128 salt, AesGcm aes, EncryptionWitness? witness)
    {
        _file = file;
        Stay = stay;
        _salt = salt;
        _aes = aes;
        _witness = witness;
    }

    public StayId Stay { get; }

    /// <summary>Held once only.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _users <= 1;
            }
        }
    }

    /// <summary>HKDF-SHA-256 of the stay's key, the file's salt, and which file it is. Held once, by who called.</summary>
    public static FileCipher Derive(ReadOnlySpan<byte> stayKey, StayId stay, FileIdentity file, UInt128 salt, EncryptionWitness? witness)
    {
        Span<byte> saltBytes = stackalloc byte[SaltBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(saltBytes, salt);
        Span<byte> info = stackalloc byte[Purpose.Length + sizeof(byte) + sizeof(ulong)];
        Purpose.CopyTo(info);
        info[Purpose.Length] = (byte)file.Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(info[(Purpose.Length + sizeof(byte))..], file.Sequence);
        Span<byte> key = stackalloc byte[BoxKey.Bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, stayKey, key, saltBytes, info);
        try
        {
            return new FileCipher(file, stay, salt, new AesGcm(key, TagBytes), witness);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>One more holder; false when the key is gone.</summary>
    public bool TryHold()
    {
        lock (_lock)
        {
            _users += _aes is null ? 0 : 1;
            return _aes is not null;
        }
    }

    /// <summary>One holder less; with the last one the key goes.</summary>
    public void LetGo()
    {
        lock (_lock)
        {
            if (--_users == 0)
            {
                DestroyLocked();
            }
        }
    }

    /// <summary>The key goes now, whoever holds it.</summary>
    public void Destroy()
    {
        lock (_lock)
        {
            DestroyLocked();
        }
    }

    /// <summary>Ciphertext and tag may follow each other in one buffer; the plaintext may be where the ciphertext goes.</summary>
    public void Encrypt(ulong place, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain, Span<byte> encrypted, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(place, nonce);
        lock (_lock)
        {
            _witness?.Invoke(_file, _salt, place, associated, plain);
            Aes().Encrypt(nonce, plain, encrypted, tag, associated);
        }
    }

    /// <summary>False when the bytes are not what was encrypted at that place. Throws <see cref="KeyMissingException"/> when the key was destroyed.</summary>
    public bool TryDecrypt(ulong place, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(place, nonce);
        lock (_lock)
        {
            try
            {
                Aes().Decrypt(nonce, encrypted, tag, plain, associated);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }
    }

    /// <summary>Ciphertext and tag of a frame's content, to which its number is bound.</summary>
    public byte[] Encrypt(ulong place, ulong number, ReadOnlySpan<byte> content)
    {
        Span<byte> associated = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(associated, number);
        byte[] encrypted = new byte[content.Length + TagBytes];
        Encrypt(place, associated, content, encrypted.AsSpan(0, content.Length), encrypted.AsSpan(content.Length));
        return encrypted;
    }

    /// <summary>The content of a frame; null when it is not what was encrypted at that place under that number. Throws <see cref="KeyMissingException"/> when the key was destroyed.</summary>
    public byte[]? Decrypt(ulong place, ulong number, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length < TagBytes)
        {
            return null;
        }

        Span<byte> associated = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(associated, number);
        byte[] content = new byte[encrypted.Length - TagBytes];
        return TryDecrypt(place, associated, encrypted[..content.Length], encrypted[content.Length..], content) ? content : null;
    }

    private static void Nonce(ulong place, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, place);
    }

    private AesGcm Aes() => _aes ?? throw new KeyMissingException($"{_file.Name} belongs to a stay that was erased");

    private void DestroyLocked()
    {
        // The library wipes the key schedule when it frees it.
        _aes?.Dispose();
        _aes = null;
    }
}
