using System.Security.Cryptography;

namespace Bedside.Storage.Keys;

/// <summary>
/// Something small at rest inside of a text: AES-256-GCM (NIST SP 800-38D) under a random nonce, written as base64 of nonce (12 bytes), ciphertext, tag (16). It is for what is written seldom: a key stands for
/// 2^32 random nonces (SP 800-38D, section 8.3).
/// </summary>
internal static class SealedText
{
    private const int Around = FileCipher.NonceBytes + FileCipher.TagBytes;

    /// <summary>Under a nonce that no other had.</summary>
    /// <param name="key">256 bits, of one purpose.</param>
    /// <param name="plain">What is sealed.</param>
    /// <param name="about">What it belongs to: it opens with the same alone.</param>
    public static string Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> about)
    {
        byte[] made = new byte[plain.Length + Around];
        Span<byte> nonce = made.AsSpan(0, FileCipher.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, FileCipher.TagBytes);
        aes.Encrypt(nonce, plain, made.AsSpan(FileCipher.NonceBytes, plain.Length), made.AsSpan(FileCipher.NonceBytes + plain.Length), about);
        return Convert.ToBase64String(made);
    }

    /// <summary>Null when it is not what was sealed for this, or under another key.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, string text, ReadOnlySpan<byte> about)
    {
        byte[] plain = [];
        try
        {
            byte[] made = Convert.FromBase64String(text);
            if (made.Length <= Around)
            {
                return null;
            }

            plain = new byte[made.Length - Around];
            using var aes = new AesGcm(key, FileCipher.TagBytes);
            aes.Decrypt(made.AsSpan(0, FileCipher.NonceBytes), made.AsSpan(FileCipher.NonceBytes, plain.Length), made.AsSpan(FileCipher.NonceBytes + plain.Length), plain, about);
            return plain;
        }
        catch (Exception other) when (other is FormatException or AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plain);
            return null;
        }
    }
}
