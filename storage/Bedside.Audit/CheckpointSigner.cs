using System.Security.Cryptography;
using System.Text;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>The key of this box that signs checkpoints: ECDSA over P-256 with SHA-256. Its name is made of the public key, so nobody need keep a list of which is whose.</summary>
internal sealed class CheckpointSigner : IDisposable
{
    private readonly ECDsa _key;

    private CheckpointSigner(ECDsa key)
    {
        _key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
        Name = NameOf(PublicKey);
    }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Origin of the checkpoints of this box.</summary>
    public string Name { get; }

    /// <summary>Null when there is none, or it cannot be read as one. Throws the disk's errors.</summary>
    public static CheckpointSigner? Read(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, AuditNames.Signer);
        if (text is null)
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return new CheckpointSigner(key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>A new key, on the disk when it returns. Throws the disk's errors.</summary>
    public static CheckpointSigner Make(IDisk disk)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            TwinFile.Write(disk, AuditNames.Signer, key.ExportPkcs8PrivateKeyPem());
            return new CheckpointSigner(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public static string NameOf(ReadOnlySpan<byte> publicKey) => $"bedside.audit/{Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 16))}";

    public byte[] Sign(string text) => _key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>False also for what is no key.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> publicKey, string text, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public void Dispose() => _key.Dispose();
}
