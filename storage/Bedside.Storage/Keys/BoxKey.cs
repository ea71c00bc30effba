using System.Security.Cryptography;
using System.Text;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>
/// The key of the box, 256 random bits: it wraps the keys of the stays, and those of the vault and of the book of stays are derived from it; it encrypts nothing else. Kept in a file of its own
/// (mode 0600), best on another medium than the data.
/// </summary>
public sealed class BoxKey : IDisposable
{
    /// <summary>256 bits.</summary>
    public const int Bytes = 32;

    /// <summary>Name of the file in a store's folder, when nobody says another place.</summary>
    public const string FileName = "box.key";

    /// <summary>A key of a stay as it stands in the file of keys: nonce, ciphertext, tag.</summary>
    internal const int WrappedBytes = FileCipher.NonceBytes + Bytes + FileCipher.TagBytes;

    private static readonly byte[] Purpose = "bedside stay key"u8.ToArray();

    private static readonly byte[] BookPurpose = "bedside stay book"u8.ToArray();

    private readonly byte[] _key;

    /// <summary>Copies the bytes.</summary>
    public BoxKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Bytes)
        {
            throw new ArgumentException($"a box key has {Bytes} bytes, not {key.Length}");
        }

        _key = key.ToArray();
    }

    /// <summary>
    /// Reads 32 raw bytes, or 64 hexadecimal digits as a person types them from paper. Throws
    /// <see cref="KeyMissingException"/> when they are not there.
    /// </summary>
    public static BoxKey Read(string path) =>
        TryRead(path) ?? throw new KeyMissingException($"{path} is not a box key: it holds neither {Bytes} bytes nor {2 * Bytes} hexadecimal digits");

    /// <summary>
    /// The key of a file; when there is none a new one is made, and one that is damaged is set aside as <c>.bad</c>: a box
    /// without its key goes on with a new one. <paramref name="note"/> says so in one sentence, empty when all was well.
    /// Throws <see cref="IOException"/> when it can neither be read nor be made.
    /// </summary>
    public static BoxKey ReadOrCreate(string path, out string note)
    {
        note = string.Empty;
        if (File.Exists(path))
        {
            if (TryRead(path) is { } known)
            {
                return known;
            }

            note = $"{path} was not a box key; it was set aside and a new one made";
            File.Move(path, FileNames.Bad(path), overwrite: true);
        }

        byte[] key = RandomNumberGenerator.GetBytes(Bytes);
        try
        {
            string full = Path.GetFullPath(path);
            string folder = Path.GetDirectoryName(full) ?? "/";
            Write(new PosixDisk(folder), Path.GetFileName(full), key);
            return new BoxKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Another key of 256 bits for one purpose (HKDF-SHA256 without salt): it tells nothing of this one, nor of one for another purpose.</summary>
    public byte[] Derive(ReadOnlySpan<byte> purpose)
    {
        byte[] derived = new byte[Bytes];
        Derive(salt: [], purpose, derived);
        return derived;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    /// <summary>Durable when it returns, and whole or not there at all whatever happens.</summary>
    internal static void Write(IDisk disk, string name, ReadOnlySpan<byte> key)
    {
        string unfinished = FileNames.Unfinished(name);
        using (IDiskFile file = disk.Open(unfinished, DiskAccess.CreatePrivate))
        {
            file.Write(0, key);
            file.Sync();
        }

        disk.Rename(unfinished, name);
        disk.Sync();
    }

    /// <summary>HKDF-SHA-256: a key for one purpose. What is derived tells nothing of the box key.</summary>
    internal void Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> purpose, Span<byte> key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, purpose);

    /// <summary>Puts nonce, ciphertext and tag into <paramref name="wrapped"/>.</summary>
    internal void Wrap(StayId stay, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> wrapped)
    {
        nonce.CopyTo(wrapped);
        Span<byte> rest = wrapped[FileCipher.NonceBytes..];
        Span<byte> about = stackalloc byte[Purpose.Length + StayId.Bytes];
        About(stay, about);
        using var aes = new AesGcm(_key, FileCipher.TagBytes);
        aes.Encrypt(nonce, key, rest[..Bytes], rest[Bytes..], about);
    }

    /// <summary>False when another box key wrapped it, or it is not what was wrapped.</summary>
    internal bool TryUnwrap(StayId stay, ReadOnlySpan<byte> wrapped, Span<byte> key)
    {
        ReadOnlySpan<byte> rest = wrapped[FileCipher.NonceBytes..];
        Span<byte> about = stackalloc byte[Purpose.Length + StayId.Bytes];
        About(stay, about);
        using var aes = new AesGcm(_key, FileCipher.TagBytes);
        try
        {
            aes.Decrypt(wrapped[..FileCipher.NonceBytes], rest[..Bytes], rest[Bytes..], key, about);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>The key of the book of stays, which the caller lets go of: HKDF-SHA-256 twice, once for the purpose and once for the file.</summary>
    internal FileCipher CipherOfBook(FileIdentity file, UInt128 salt, EncryptionWitness? witness)
    {
        Span<byte> key = stackalloc byte[Bytes];
        Derive(salt: [], BookPurpose, key);
        try
        {
            return FileCipher.Derive(key, StayId.None, file, salt, witness);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void About(StayId stay, Span<byte> about)
    {
        Purpose.CopyTo(about);
        stay.Write(about[Purpose.Length..]);
    }

    /// <summary>Null when the file is no key. Throws <see cref="KeyMissingException"/> when it cannot be read.</summary>
    private static BoxKey? TryRead(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            throw new KeyMissingException($"the box key {path} cannot be read: {error.Message}");
        }

        try
        {
            return Parse(content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static BoxKey? Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length == Bytes)
        {
            return new BoxKey(content);
        }

        byte[] key = new byte[Bytes];
        string text = content.Length <= 4 * Bytes ? Encoding.ASCII.GetString(content).Trim() : string.Empty;
        bool read = text.Length == 2 * Bytes && Convert.FromHexString(text, key, out _, out int written) == System.Buffers.OperationStatus.Done && written == Bytes;
        try
        {
            return read ? new BoxKey(key) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
