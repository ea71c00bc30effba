using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bedside.Model.Stays;

namespace Bedside.Identity;

/// <summary>
/// Names without meaning: HMAC-SHA-256 under a random key that lies in the vault, over a word for the domain and the parts, each with its length before it; the first 16 (places: 8)
/// bytes count, little-endian. FORMAT.md, section 4.
/// </summary>
internal sealed class TokenKey(byte[] key) : IDisposable
{
    public const int Bytes = 32;

    public ReadOnlySpan<byte> Key => key;

    /// <summary>As numbers, authorities and types are compared.</summary>
    public static string Normal(string text) => text.Trim().ToUpperInvariant();

    public PersonToken Person(PersonNumber number) => new(Hash("person", Normal(number.Number), Normal(number.Authority), Normal(number.Type)) | 1);

    /// <summary><paramref name="domain"/> is <c>visit</c> (PV1-19), <c>account</c> (PID-18) or <c>derived</c>.</summary>
    public VisitToken Visit(string domain, PersonNumber number) => new(Hash(domain, Normal(number.Number), Normal(number.Authority)) | 1);

    public ulong Place(string place) => (ulong)Hash("place", Normal(place)) | 1;

    public UInt128 Content(ReadOnlySpan<byte> content, int part)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        return Hash("content", Convert.ToHexString(digest), part.ToString(System.Globalization.CultureInfo.InvariantCulture)) | 1;
    }

    public UInt128 Hash(string domain, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Append(hash, domain);
        foreach (string part in parts)
        {
            Append(hash, part);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    private static void Append(IncrementalHash hash, string part)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
