using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>
/// age v1 (C2SP "The age file encryption format"), with recipients of X25519 only: what this writes, the program <c>age</c> opens, and the reverse. BAG.md, section 4.
/// </summary>
public static class AgeFile
{
    internal const int NonceBytes = 16;

    /// <summary>Bytes of a chunk; only the last may have fewer.</summary>
    internal const int ChunkBytes = 1 << 16;

    /// <summary>
    /// What is written to the stream that this returns arrives encrypted in <paramref name="to"/>, which stays open. Its head is written at once, its end when the stream is disposed of:
    /// whoever stops half-way throws the file away. Throws <see cref="SealingException"/> without recipients or for too many.
    /// </summary>
    public static Stream Encrypt(Stream to, IReadOnlyList<AgeRecipient> recipients)
    {
        if (recipients.Count == 0)
        {
            throw new SealingException("there is nobody for whom the file could be encrypted");
        }

        byte[] fileKey = RandomNumberGenerator.GetBytes(AgeWrap.FileKeyBytes);
        try
        {
            byte[] header = AgeHeader.Write(fileKey, recipients.Select(recipient => AgeWrap.Seal(fileKey, recipient)));
            if (header.Length > AgeHeader.MostBytes)
            {
                throw new SealingException($"{recipients.Count} are too many recipients for one file");
            }

            byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
            to.Write(header);
            to.Write(nonce);
            return new AgeWriteStream(to, AgeWrap.PayloadCipher(fileKey, nonce));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    /// <summary>
    /// What is in the file. No byte comes out of the stream before the chunk in which it stands was authenticated, and its end only where its writer put it; anything else throws
    /// <see cref="SealingException"/>, here or while it is read. <paramref name="from"/> stays open.
    /// </summary>
    public static Stream Decrypt(Stream from, AgeIdentity identity) => Decrypt(from, [identity]);

    /// <summary>The same, with the first of several keys that opens it.</summary>
    public static Stream Decrypt(Stream from, IReadOnlyList<AgeIdentity> identities)
    {
        var header = AgeHeader.Read(from);
        byte[] fileKey = FileKey(header, identities);
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(AgeWrap.Mac(fileKey, header.Signed), header.Mac))
            {
                throw new SealingException("the head of this age file was altered");
            }

            byte[] nonce = new byte[NonceBytes];
            return from.ReadAtLeast(nonce, NonceBytes, throwOnEndOfStream: false) == NonceBytes
                ? new AgeReadStream(from, AgeWrap.PayloadCipher(fileKey, nonce))
                : throw new SealingException("this age file ends behind its head: it was cut, or did not arrive whole");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    /// <summary>Where in the sequence a chunk stands, and whether it is the last: 11 bytes big-endian, and 0 or 1.</summary>
    internal static void SetNonce(Span<byte> nonce, ulong chunk, bool isLast)
    {
        nonce.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(nonce[3..], chunk);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }

    private static byte[] FileKey(AgeHeader header, IReadOnlyList<AgeIdentity> identities)
    {
        foreach (AgeStanza stanza in header.Stanzas)
        {
            foreach (AgeIdentity identity in identities)
            {
                if (identity.Open(stanza) is { } key)
                {
                    return key;
                }
            }
        }

        throw new SealingException($"this age file is not for {string.Join(" or ", identities)}: none of its {header.Stanzas.Count} recipients has that key");
    }
}
