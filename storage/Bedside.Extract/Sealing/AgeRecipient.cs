using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>For whom a file is encrypted: a public key of X25519, <c>age1…</c>, 62 letters and digits (C2SP age specification, "The X25519 recipient type").</summary>
public sealed class AgeRecipient : IEquatable<AgeRecipient>
{
    internal const string Prefix = "age";

    private readonly byte[] _point;

    private AgeRecipient(byte[] point) => _point = point;

    internal ReadOnlySpan<byte> Point => _point;

    /// <summary>Null for what is no such key; <see cref="Fault"/> says why.</summary>
    public static AgeRecipient? TryParse(string text) => Read(text).Key;

    /// <summary>Throws <see cref="SealingException"/>.</summary>
    public static AgeRecipient Parse(string text)
    {
        (AgeRecipient? key, string fault) = Read(text);
        return key ?? throw new SealingException(fault);
    }

    /// <summary>What is wrong with it, one sentence without a full stop; empty = nothing.</summary>
    public static string Fault(string text) => Read(text).Fault;

    public bool Equals(AgeRecipient? other) => other is not null && Point.SequenceEqual(other.Point);

    public override bool Equals(object? obj) => Equals(obj as AgeRecipient);

    public override int GetHashCode() => BitConverter.ToInt32(_point);

    /// <summary><c>age1…</c></summary>
    public override string ToString() => Bech32.Encode(Prefix, _point);

    internal static AgeRecipient Of(byte[] point) => new(point);

    private static (AgeRecipient? Key, string Fault) Read(string text)
    {
        string asked = text.Trim();
        if (asked.StartsWith(AgeIdentity.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return (null, "this is a secret key; the public one begins with age1 and stands above it in the file that age-keygen wrote");
        }

        byte[] point = new byte[X25519.Bytes];
        string fault = Bech32.Decode(asked, Prefix, point);
        if (fault.Length > 0)
        {
            return (null, $"this is no public key of age: it {fault}");
        }

        return IsWeak(point) ? (null, "this public key of age is a weak one, that anybody could open: make another with age-keygen") : (new AgeRecipient(point), string.Empty);
    }

    /// <summary>Every secret comes to zero with such a point, so any secret shows it.</summary>
    private static bool IsWeak(ReadOnlySpan<byte> point)
    {
        Span<byte> shared = stackalloc byte[X25519.Bytes];
        bool isAgreed = X25519.TryAgree(SHA256.HashData(point), point, shared);
        return !isAgreed;
    }
}
