using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>Debian's age opens what the box encrypts, and the reverse.</summary>
public sealed class AgeInteropTests
{
    private static readonly int[] Sizes = [0, 1, 65535, 65536, 65537, 131072, 1_000_003];

    [AgeFact]
    public async Task Age_opens_what_the_box_encrypted_for_several()
    {
        using var folder = new Folder();
        using var ann = AgeIdentity.Generate();
        await Programs.OutputAsync(folder.Path, "age-keygen", "-o", "bob.txt");
        var bob = AgeRecipient.Parse(await Programs.OutputAsync(folder.Path, "age-keygen", "-y", "bob.txt"));
        folder.Write("ann.txt", $"{ann.Secret()}\n");
        Assert.Equal(ann.Recipient, AgeRecipient.Parse(await Programs.OutputAsync(folder.Path, "age-keygen", "-y", "ann.txt")));
        foreach (int size in Sizes)
        {
            byte[] plain = Bytes(size);
            Encrypt(folder.New("file.age"), plain, bob, ann.Recipient);

            foreach (string key in new[] { "ann.txt", "bob.txt" })
            {
                await Programs.OutputAsync(folder.Path, "bash", "-c", $"age --decrypt --identity {key} file.age > plain");
                byte[] opened = await File.ReadAllBytesAsync(folder.New("plain"));
                Assert.True(plain.AsSpan().SequenceEqual(opened), $"{size} bytes, {key}");
                File.Delete(folder.New("plain"));
            }
        }
    }

    [AgeFact]
    public async Task The_box_opens_what_age_encrypted_for_several()
    {
        using var folder = new Folder();
        using var ann = AgeIdentity.Generate();
        await Programs.OutputAsync(folder.Path, "age-keygen", "-o", "bob.txt");
        using AgeIdentity bob = AgeIdentity.ParseFile(await File.ReadAllTextAsync(folder.New("bob.txt"))).Single();
        foreach (int size in Sizes)
        {
            byte[] plain = Bytes(size);
            await File.WriteAllBytesAsync(folder.New("plain"), plain);
            await Programs.OutputAsync(folder.Path, "age", "--encrypt", "--recipient", ann.Recipient.ToString(), "--recipient", bob.Recipient.ToString(), "--output", "file.age", "plain");
            byte[] file = await File.ReadAllBytesAsync(folder.New("file.age"));

            Assert.True(plain.AsSpan().SequenceEqual(Sealed.Open(file, ann)), $"{size} bytes");
            Assert.True(plain.AsSpan().SequenceEqual(Sealed.Open(file, bob)), $"{size} bytes");
        }
    }

    /// <summary>What one refuses the other refuses as well.</summary>
    [AgeFact]
    public async Task Age_refuses_what_the_box_refuses()
    {
        using var folder = new Folder();
        using var ann = AgeIdentity.Generate();
        folder.Write("ann.txt", $"{ann.Secret()}\n");
        byte[] file = Sealed.Seal(Bytes(70_000), ann);
        byte[] turned = [.. file];
        turned[^20] ^= 1;
        foreach (byte[] damaged in new[] { turned, file[..^1], [.. file, 0], file[..(Sealed.PayloadAt(file) + 65552)] })
        {
            await File.WriteAllBytesAsync(folder.New("file.age"), damaged);
            _ = Sealed.Refusal(damaged, ann);
            Assert.NotEqual(0, (await Programs.RunAsync(folder.Path, "age", "--decrypt", "--identity", "ann.txt", "--output", "/dev/null", "file.age")).Exit);
        }
    }

    private static byte[] Bytes(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static void Encrypt(string path, byte[] plain, params AgeRecipient[] recipients)
    {
        using FileStream file = File.Create(path);
        using Stream stream = AgeFile.Encrypt(file, recipients);
        stream.Write(plain);
    }
}
