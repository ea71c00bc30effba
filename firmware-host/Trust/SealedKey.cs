using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bedside.Storage.Keys;

namespace Bedside.Host.Trust;

/// <summary>
/// A private key at rest: PKCS#8 under AES-256-GCM, with a key that is derived from the box key (HKDF-SHA-256, purpose <c>bedside unit keys</c>), written as base64 of nonce (12 bytes), ciphertext, tag (16). Bound to
/// the file it stands in and to its public key.
/// </summary>
internal static class SealedKey
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static ReadOnlySpan<byte> Purpose => "bedside unit keys"u8;

    /// <summary>Under a nonce that no other had.</summary>
    public static string Seal(BoxKey box, ECDsa key, string file)
    {
        byte[] plain = key.ExportPkcs8PrivateKey();
        byte[] secret = box.Derive(Purpose);
        try
        {
            byte[] made = new byte[NonceBytes + plain.Length + TagBytes];
            RandomNumberGenerator.Fill(made.AsSpan(0, NonceBytes));
            using var aes = new AesGcm(secret, TagBytes);
            aes.Encrypt(made.AsSpan(0, NonceBytes), plain, made.AsSpan(NonceBytes, plain.Length), made.AsSpan(NonceBytes + plain.Length), About(file, new PublicKey(key)));
            return Convert.ToBase64String(made);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Null when it is not what was sealed for this certificate in this file, or under another box key.</summary>
    public static ECDsa? Open(BoxKey box, string text, string file, X509Certificate2 certificate)
    {
        byte[] secret = box.Derive(Purpose);
        byte[] plain = [];
        try
        {
            byte[] made = Convert.FromBase64String(text);
            if (made.Length <= NonceBytes + TagBytes)
            {
                return null;
            }

            plain = new byte[made.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(secret, TagBytes);
            aes.Decrypt(made.AsSpan(0, NonceBytes), made.AsSpan(NonceBytes, plain.Length), made.AsSpan(NonceBytes + plain.Length), plain, About(file, certificate.PublicKey));
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(plain, out _);
            return key;
        }
        catch (Exception failed) when (failed is FormatException or CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static byte[] About(string file, PublicKey key) => [.. Encoding.UTF8.GetBytes(file), 0, .. SHA256.HashData(key.ExportSubjectPublicKeyInfo())];
}
