using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>How the key of a file is given to one recipient (C2SP age, "The X25519 recipient type"), and the keys that are made of it.</summary>
internal static class AgeWrap
{
    public const string Name = "X25519";
    public const int FileKeyBytes = 16;
    public const int SealedBytes = FileKeyBytes + TagBytes;
    public const int TagBytes = 16;
    public const int NonceBytes = 12;
    private const int KeyBytes = 32;

    /// <summary>For <paramref name="to"/> alone, by a secret that is forgotten at once.</summary>
    public static AgeStanza Seal(ReadOnlySpan<byte> fileKey, AgeRecipient to)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(X25519.Bytes);
        byte[] shared = new byte[X25519.Bytes];
        byte[] body = new byte[SealedBytes];
        try
        {
            byte[] ephemeral = X25519.PublicOf(secret);
            if (!X25519.TryAgree(secret, to.Point, shared))
            {
                throw new SealingException($"{to} is a weak key, that anybody could open");
            }

            using ChaCha20Poly1305 cipher = Cipher(shared, ephemeral, to);
            cipher.Encrypt(stackalloc byte[NonceBytes], fileKey, body.AsSpan(0, FileKeyBytes), body.AsSpan(FileKeyBytes));
            return new AgeStanza([Name, AgeBase64.Encode(ephemeral)], body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(shared);
        }
    }

    /// <summary>Null when it is for another.</summary>
    public static byte[]? Open(byte[] shared, byte[] ephemeral, AgeRecipient of, ReadOnlySpan<byte> body)
    {
        byte[] fileKey = new byte[FileKeyBytes];
        try
        {
            using ChaCha20Poly1305 cipher = Cipher(shared, ephemeral, of);
            cipher.Decrypt(stackalloc byte[NonceBytes], body[..FileKeyBytes], body[FileKeyBytes..], fileKey);
            return fileKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
        }
    }

    /// <summary>The seal of a header: of everything up to and with its <c>---</c>.</summary>
    public static byte[] Mac(byte[] fileKey, ReadOnlySpan<byte> header) => HMACSHA256.HashData(HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, KeyBytes, salt: [], info: "header"u8.ToArray()), header);

    public static ChaCha20Poly1305 PayloadCipher(byte[] fileKey, byte[] nonce) => CipherOf(fileKey, nonce, "payload"u8);

    private static ChaCha20Poly1305 Cipher(byte[] shared, byte[] ephemeral, AgeRecipient recipient) =>
        CipherOf(shared, [.. ephemeral, .. recipient.Point], "age-encryption.org/v1/X25519"u8);

    private static ChaCha20Poly1305 CipherOf(byte[] secret, byte[] salt, ReadOnlySpan<byte> purpose)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, purpose);
        try
        {
            return new ChaCha20Poly1305(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
