using System.Security.Cryptography;
using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>Ten thousand damaged files: each is refused in one sentence, or is still what it was.</summary>
public sealed class DamageTests
{
    private const int Rounds = 5000;

    [Fact]
    public void A_damaged_age_file_is_refused_in_one_sentence()
    {
        using var ann = AgeIdentity.Generate();
        byte[] plain = new byte[70_000];
        byte[] file = Sealed.Seal(plain, ann);
        var random = new Random(81);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = Damage(file, random);
            if (!damaged.AsSpan().SequenceEqual(file))
            {
                _ = Sealed.Refusal(damaged, ann);
            }
        }
    }

    [Fact]
    public void A_damaged_tar_is_refused_in_one_sentence_or_its_bag_is_and_nothing_stands_beside_it()
    {
        using var folder = new Folder();
        using ECDsa signer = SampleBag.NewSigner();
        string place = folder.New("in");
        Directory.CreateDirectory(Path.Combine(place, "data"));
        File.WriteAllText(Path.Combine(place, "data", "stays.csv"), "stay\naaaa\n");
        Bag.Close(place, SampleBag.About, signer);
        byte[] tar = SampleBag.Tar(place);
        var random = new Random(82);
        int unpacked = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = Damage(tar, random);
            if (damaged.AsSpan().SequenceEqual(tar))
            {
                continue;
            }

            string into = folder.New("out");
            Directory.CreateDirectory(into);
            string fault = Fault(damaged, into);
            Assert.InRange(fault.Length, 20, 300);
            Assert.DoesNotContain('\n', fault);
            unpacked += fault.Contains("tar", StringComparison.Ordinal) ? 0 : 1;
            Assert.Equal(["in", "out"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Directory.Delete(into, recursive: true);
        }

        Assert.InRange(unpacked, 100, Rounds);
    }

    private static string Fault(byte[] tar, string into)
    {
        try
        {
            string name = PackageTar.Read(new MemoryStream(tar), into);
            BagReport report = Bag.Check(Path.Combine(into, name));
            return report.Fault.Length == 0 && name != report.Name ? $"the folder {name} holds another package" : report.Fault;
        }
        catch (SealingException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Bytes turned, cut, put in, taken out, doubled or moved.</summary>
    private static byte[] Damage(byte[] file, Random random)
    {
        int at = random.Next(file.Length);
        int length = random.Next(1, Math.Min(600, file.Length - at) + 1);
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        switch (random.Next(7))
        {
            case 0:
                byte[] turned = [.. file];
                turned[at] ^= (byte)random.Next(1, 256);
                return turned;
            case 1:
                return file[..at];
            case 2:
                return [.. file[..at], .. noise, .. file[at..]];
            case 3:
                return [.. file[..at], .. file[(at + length)..]];
            case 4:
                return [.. file[..(at + length)], .. file[at..]];
            case 5:
                return [.. file[..at], .. noise, .. file[(at + length)..]];
            default:
                int block = at / 512 * 512;
                return [.. file[(block / 2)..block], .. file[..(block / 2)], .. file[block..]];
        }
    }
}
