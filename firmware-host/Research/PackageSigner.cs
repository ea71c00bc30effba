using System.Security.Cryptography;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;

namespace Bedside.Host.Research;

/// <summary>The key with which this box signs packages and recall notices: ECDSA over P-256, PKCS#8 sealed under a key of the box, in <c>research-signer</c> of the data folder.</summary>
internal static class PackageSigner
{
    private const string Name = "research-signer";

    private static ReadOnlySpan<byte> Purpose => "bedside research signer"u8;

    private static ReadOnlySpan<byte> About => "research-signer\0version 1"u8;

    /// <summary>Made when there is none, on the disk when it returns; the caller disposes it. Throws <see cref="IOException"/>: one that cannot be opened is never made anew.</summary>
    public static ECDsa Open(DirectoryInfo data, BoxKey box)
    {
        var disk = new PosixDisk(data.FullName, isPrivate: true);
        byte[] key = box.Derive(Purpose);
        var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            (string? text, Storage.Damage? damage) = TwinFile.Read(disk, Name);
            if (text is null && damage is null)
            {
                TwinFile.Write(disk, Name, SealedText.Seal(key, signer.ExportPkcs8PrivateKey(), About));
                return signer;
            }

            byte[] plain = (text is null ? null : SealedText.Open(key, text, About)) ?? throw new IOException($"{Name} is damaged, or sealed under another box key: put the former key back");
            signer.ImportPkcs8PrivateKey(plain, out _);
            CryptographicOperations.ZeroMemory(plain);
            return signer;
        }
        catch
        {
            signer.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
