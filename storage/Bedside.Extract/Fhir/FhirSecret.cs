using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bedside.Storage;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Names that say nothing of what they name, and are the same for as long as the box key is: HKDF of the box key with the info "bedside fhir". Every member may be called from any thread.
/// </summary>
public sealed class FhirSecret : IDisposable
{
    private const int NameBytes = 16;

    private readonly byte[] _key;
    private readonly Aes _ids;

    /// <summary><paramref name="key"/> has 256 bits.</summary>
    public FhirSecret(ReadOnlySpan<byte> key)
    {
        _key = key.ToArray();
        _ids = Aes.Create();
        _ids.Key = HMACSHA256.HashData(_key, "ids"u8);
    }

    /// <summary>That of a store; where nothing is encrypted, one that lasts as long as the process.</summary>
    public static FhirSecret Of(Store store) => new(store.DeriveKey("bedside fhir"u8) ?? RandomNumberGenerator.GetBytes(32));

    /// <summary>Key for another purpose, 256 bits.</summary>
    public byte[] KeyFor(string purpose) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"key {purpose}"));

    /// <summary>Keyed hash of something, 32 hexadecimal digits.</summary>
    public string Name(string purpose, string about) => Name(purpose, Encoding.UTF8.GetBytes(about));

    /// <summary>The same of bytes.</summary>
    public string Name(string purpose, ReadOnlySpan<byte> about)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes(purpose));
        hash.AppendData([0]);
        hash.AppendData(about);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, NameBytes));
    }

    /// <summary>
    /// 128 bits as 32 hexadecimal digits, each different for different bits and without a pattern to whoever has no key: a keyed permutation (one block of AES-256), so that what
    /// an id stands for is found without a list of ids.
    /// </summary>
    public string Hide(UInt128 bits)
    {
        Span<byte> block = stackalloc byte[NameBytes];
        BinaryPrimitives.WriteUInt128BigEndian(block, bits);
        _ids.EncryptEcb(block, block, PaddingMode.None);
        return Convert.ToHexStringLower(block);
    }

    /// <summary>False for what no <see cref="Hide"/> can have given.</summary>
    public bool TryReveal(string id, out UInt128 bits)
    {
        bits = 0;
        if (id.Length != 2 * NameBytes || id.Any(char.IsAsciiLetterUpper) || !UInt128.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 hidden))
        {
            return false;
        }

        Span<byte> block = stackalloc byte[NameBytes];
        BinaryPrimitives.WriteUInt128BigEndian(block, hidden);
        _ids.DecryptEcb(block, block, PaddingMode.None);
        bits = BinaryPrimitives.ReadUInt128BigEndian(block);
        return true;
    }

    public void Dispose()
    {
        _ids.Dispose();
        CryptographicOperations.ZeroMemory(_key);
    }
}
