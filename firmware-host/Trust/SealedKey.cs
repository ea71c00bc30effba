using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bedside.Storage.Keys;

namespace Bedside.Host.Trust;

/// <summary>
/// A private key at rest: PKCS#8 as a <see cref="SealedText"/>, with a key that is derived from the box key (HKDF-SHA-256, purpose <c>bedside unit keys</c>). Bound to the file it stands in and to its public key.
/// </summary>
internal static class SealedKey
{
    private static ReadOnlySpan<byte> Purpose => "bedside unit keys"u8;

    /// <summary>Under a nonce that no other had.</summary>
    public static string Seal(BoxKey box, ECDsa key, string file)
    {
        byte[] plain = key.ExportPkcs8PrivateKey();
        byte[] secret = box.Derive(Purpose);
        try
        {
            return SealedText.Seal(secret, plain, About(file, new PublicKey(key)));
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
        byte[]? plain = SealedText.Open(secret, text, About(file, certificate.PublicKey));
        try
        {
            return plain is null ? null : Import(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static ECDsa? Import(ReadOnlySpan<byte> plain)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(plain, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static byte[] About(string file, PublicKey key) => [.. Encoding.UTF8.GetBytes(file), 0, .. SHA256.HashData(key.ExportSubjectPublicKeyInfo())];
}
