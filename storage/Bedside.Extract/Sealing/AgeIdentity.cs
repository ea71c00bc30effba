using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>Who can open a file: a secret key of X25519, <c>AGE-SECRET-KEY-1…</c>. It is wiped when it is disposed of, and prints its public half only.</summary>
public sealed class AgeIdentity : IDisposable
{
    internal const string Prefix = "AGE-SECRET-KEY-";

    private readonly byte[] _secret;

    private AgeIdentity(byte[] secret)
    {
        _secret = secret;
        Recipient = AgeRecipient.Of(X25519.PublicOf(secret));
    }

    public AgeRecipient Recipient { get; }

    public static AgeIdentity Generate() => new(RandomNumberGenerator.GetBytes(X25519.Bytes));

    /// <summary>Throws <see cref="SealingException"/>, which says nothing of the key.</summary>
    public static AgeIdentity Parse(string text)
    {
        string asked = text.Trim();
        byte[] secret = new byte[X25519.Bytes];
        string fault = asked.StartsWith(Prefix, StringComparison.Ordinal) && !asked.Any(char.IsAsciiLetterLower)
            ? Bech32.Decode(asked.ToLowerInvariant(), Prefix.ToLowerInvariant(), secret)
            : $"does not begin with {Prefix}1, all in capitals";
        return fault.Length == 0 ? new AgeIdentity(secret) : throw new SealingException($"this is no secret key of age: it {fault}");
    }

    /// <summary>The keys of a file of <c>age-keygen</c>: one a line, with remarks behind <c>#</c>. Throws <see cref="SealingException"/>, also when there is none.</summary>
    public static IReadOnlyList<AgeIdentity> ParseFile(string text)
    {
        AgeIdentity[] keys = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];
        return keys.Length > 0 ? keys : throw new SealingException($"there is no secret key of age in it; a line of it begins with {Prefix}1");
    }

    /// <summary><c>AGE-SECRET-KEY-1…</c>, for the file of its owner and nowhere else.</summary>
    public string Secret() => Bech32.Encode(Prefix.ToLowerInvariant(), _secret).ToUpperInvariant();

    /// <summary>The public half.</summary>
    public override string ToString() => Recipient.ToString();

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    /// <summary>The key of the file, when this stanza is for this identity; null when it is for another. Throws <see cref="SealingException"/> for a stanza that is none.</summary>
    internal byte[]? Open(AgeStanza stanza)
    {
        if (stanza.Words is not [AgeWrap.Name, ..])
        {
            return null;
        }

        byte[]? ephemeral = stanza.Words.Count == 2 ? AgeBase64.Decode(stanza.Words[1]) : null;
        if (ephemeral is not { Length: X25519.Bytes } || stanza.Body.Length != AgeWrap.SealedBytes)
        {
            throw new SealingException("the head of this age file is damaged: a recipient in it is not one of X25519");
        }

        byte[] shared = new byte[X25519.Bytes];
        return X25519.TryAgree(_secret, ephemeral, shared)
            ? AgeWrap.Open(shared, ephemeral, Recipient, stanza.Body)
            : throw new SealingException("the head of this age file was made with a weak key: it is not to be trusted");
    }
}
