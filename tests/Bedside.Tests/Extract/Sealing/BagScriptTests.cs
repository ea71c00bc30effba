using System.Security.Cryptography;
using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>The ten lines in README.txt, as they stand there, run by bash with Debian's age, tar, sha256sum and openssl.</summary>
public sealed class BagScriptTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly ECDsa _signer = SampleBag.NewSigner();
    private readonly AgeIdentity _ann = AgeIdentity.Generate();

    private string Place => _folder.New(SampleBag.Name);

    public void Dispose()
    {
        _folder.Dispose();
        _signer.Dispose();
        _ann.Dispose();
    }

    [AgeFact]
    public async Task The_script_of_both_pages_opens_a_package()
    {
        SampleBag.Make(Place, _signer);
        string[] scripts = [ScriptOf(Path.Combine(Place, "README.txt")), ScriptOf(Path.Combine(Place, "LISEZMOI.txt")), Bag.OpenScript("ST-2026-014", SampleBag.Name)];
        Assert.All(scripts, script => Assert.Equal(scripts[0], script));
        Assert.Equal(10, scripts[0].TrimEnd('\n').Split('\n').Length);

        Said said = await OpenAsync(scripts[0], Pack(), Bag.SignerDigest(_signer));

        Assert.True(said.Exit == 0, said.Output + said.Error);
        Assert.Contains("Verified OK", said.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{SampleBag.Name} is whole: nothing was altered, nothing is missing, nothing was added.\n", said.Output, StringComparison.Ordinal);
        Assert.Equal(string.Empty, Bag.Check(_folder.New($"opened/{SampleBag.Name}")).Fault);
    }

    [AgeFact]
    public async Task The_script_refuses_what_was_altered_taken_away_added_or_signed_by_another()
    {
        SampleBag.Make(Place, _signer);
        string script = ScriptOf(Path.Combine(Place, "README.txt"));
        string digest = Bag.SignerDigest(_signer);
        string stays = Path.Combine(Place, "data/stays.csv");
        byte[] content = await File.ReadAllBytesAsync(stays);

        await File.WriteAllTextAsync(stays, "altered");
        await RefuseAsync(script, Pack(), digest);
        File.Delete(stays);
        await RefuseAsync(script, Pack(), digest);
        await File.WriteAllBytesAsync(stays, content);
        _folder.Write($"{SampleBag.Name}/data/more.csv", "added");
        await RefuseAsync(script, Pack(), digest);
        File.Move(Path.Combine(Place, "data/more.csv"), Path.Combine(Place, "MORE.txt"));
        await RefuseAsync(script, Pack(), digest);
        File.Delete(Path.Combine(Place, "MORE.txt"));

        using ECDsa eve = SampleBag.NewSigner();
        await RefuseAsync(script, Pack(), Bag.SignerDigest(eve));
        byte[] file = Pack();
        await RefuseAsync(script, file[..^1], digest);
        file[^1000] ^= 1;
        await RefuseAsync(script, file, digest);
        Bag.Close(Place, SampleBag.About, eve);
        await RefuseAsync(script, Pack(), digest);
    }

    private async Task RefuseAsync(string script, byte[] file, string digest)
    {
        Said said = await OpenAsync(script, file, digest);
        Assert.NotEqual(0, said.Exit);
        Assert.DoesNotContain("is whole", said.Output, StringComparison.Ordinal);
    }

    private async Task<Said> OpenAsync(string script, byte[] file, string digest)
    {
        string folder = _folder.New("opened");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "open.sh"), script);
        await File.WriteAllTextAsync(Path.Combine(folder, "key.txt"), $"# mine\n{_ann.Secret()}\n");
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{SampleBag.Name}.tar.age"), file);
        return await Programs.RunAsync(folder, "bash", "open.sh", $"{SampleBag.Name}.tar.age", "key.txt", digest);
    }

    private byte[] Pack() => Sealed.Seal(SampleBag.Tar(Place), _ann);

    /// <summary>The lines that are set in, from the first of a script to the blank line behind it.</summary>
    internal static string ScriptOf(string page) =>
        string.Concat(File.ReadLines(page).SkipWhile(line => !line.StartsWith("    #!", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0).Select(line => line[4..] + "\n"));
}
