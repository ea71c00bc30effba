using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>Encrypts and decrypts arrays.</summary>
internal static class Sealed
{
    public static byte[] Seal(ReadOnlySpan<byte> plain, params AgeIdentity[] to)
    {
        var file = new MemoryStream();
        using (Stream stream = AgeFile.Encrypt(file, [.. to.Select(one => one.Recipient)]))
        {
            stream.Write(plain);
        }

        return file.ToArray();
    }

    public static byte[] Open(byte[] file, AgeIdentity identity)
    {
        using Stream stream = AgeFile.Decrypt(new MemoryStream(file), identity);
        var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>The sentence with which it is refused.</summary>
    public static string Refusal(byte[] file, AgeIdentity identity)
    {
        string sentence = Assert.Throws<SealingException>(() => Open(file, identity)).Message;
        Assert.DoesNotContain('\n', sentence);
        Assert.InRange(sentence.Length, 20, 300);
        return sentence;
    }

    /// <summary>Where the payload begins: behind the nonce.</summary>
    public static int PayloadAt(byte[] file) => file.AsSpan().IndexOf("\n--- "u8) + "\n--- "u8.Length + 43 + 1 + 16;
}
