using System.Security.Cryptography;

namespace Bedside.Identity.Studies;

/// <summary>The key of a study's names and shifts, 256 random bits. Whoever has it and a patient's number has the patient's name in the study; without it nobody has. STUDIES.md.</summary>
public sealed class StudyKey : IDisposable
{
    public const int Bytes = 32;

    /// <summary>Pinned: the collector copies what is not, and a copy is not wiped.</summary>
    private readonly byte[] _key = GC.AllocateArray<byte>(Bytes, pinned: true);
    private bool _isDisposed;

    /// <summary>Copies the bytes.</summary>
    internal StudyKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Bytes)
        {
            throw new ArgumentException($"a key of a study has {Bytes} bytes, not {key.Length}");
        }

        key.CopyTo(_key);
    }

    private StudyKey()
    {
    }

    /// <summary>For the ring alone. Throws <see cref="ObjectDisposedException"/>: zeros would be everybody's key.</summary>
    internal ReadOnlySpan<byte> Key
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _key;
        }
    }

    public static StudyKey New()
    {
        var key = new StudyKey();
        RandomNumberGenerator.Fill(key._key);
        return key;
    }

    /// <summary>Wipes it from memory.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    public override string ToString() => "a key of a study";

    /// <summary>HMAC-SHA-256 over a word, a zero byte and an id.</summary>
    internal byte[] Hash(ReadOnlySpan<byte> word, ReadOnlySpan<byte> id) => HMACSHA256.HashData(Key, (byte[])[.. word, 0, .. id]);
}
