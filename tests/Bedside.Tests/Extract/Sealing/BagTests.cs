using System.Security.Cryptography;
using System.Text.Json;
using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

public sealed class BagTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly ECDsa _signer = SampleBag.NewSigner();

    private string Place => _folder.New(SampleBag.Name);

    public void Dispose()
    {
        _folder.Dispose();
        _signer.Dispose();
    }

    [Fact]
    public async Task Sha256sum_and_openssl_verify_a_closed_bag()
    {
        BagSeal seal = SampleBag.Make(Place, _signer);

        await Programs.OutputAsync(Place, "sha256sum", "--check", "--strict", "manifest-sha256.txt");
        await Programs.OutputAsync(Place, "sha256sum", "--check", "--strict", "tagmanifest-sha256.txt");
        Assert.Equal("Verified OK\n", await Programs.OutputAsync(Place, "openssl", "dgst", "-sha256", "-verify", "signer.pem", "-signature", "package.sig", "tagmanifest-sha256.txt"));
        Assert.StartsWith(seal.SignerDigest, await Programs.OutputAsync(Place, "sha256sum", "signer.pem"), StringComparison.Ordinal);
        Assert.StartsWith(seal.Digest, await Programs.OutputAsync(Place, "sha256sum", "tagmanifest-sha256.txt"), StringComparison.Ordinal);
        Assert.Equal(seal.SignerDigest, Bag.SignerDigest(_signer));
        Assert.Equal(new BagReport(string.Empty, SampleBag.Name, seal.SignerDigest, seal.Files, seal.Bytes), Bag.Check(Place));
        Assert.Equal(string.Empty, Bag.Check(Place, await File.ReadAllTextAsync(Path.Combine(Place, "signer.pem"))).Fault);
    }

    [Fact]
    public void The_same_inputs_give_the_same_bytes_in_every_file_but_the_signature()
    {
        BagSeal first = SampleBag.Make(Place, _signer);
        BagSeal second = SampleBag.Make(_folder.New("again"), _signer);

        Assert.Equal(first, second);
        string[] differ = [.. Files(Place).Where(path => !File.ReadAllBytes(Path.Combine(Place, path)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder.New("again"), path))))];
        Assert.Equal(Files(Place), Files(_folder.New("again")));
        Assert.Equal(["package.sig"], differ);

        File.Copy(Path.Combine(Place, "package.sig"), Path.Combine(_folder.New("again"), "package.sig"), overwrite: true);
        Assert.True(SampleBag.Tar(Place).AsSpan().SequenceEqual(SampleBag.Tar(_folder.New("again"))));
    }

    [Fact]
    public void Digests_made_while_writing_are_taken_and_what_is_none_is_refused()
    {
        BagSeal read = SampleBag.Make(Place, _signer);
        var known = File.ReadLines(Path.Combine(Place, "manifest-sha256.txt")).ToDictionary(line => line[66..], line => line[..64], StringComparer.Ordinal);

        Assert.Equal(read, Bag.Close(Place, SampleBag.About with { Digests = known }, _signer));
        known["data/stays.csv"] = new string('0', 64);
        Bag.Close(Place, SampleBag.About with { Digests = known }, _signer);
        Assert.Equal("data/stays.csv was altered: its SHA-256 is not that in manifest-sha256.txt", Bag.Check(Place).Fault);
        known["data/stays.csv"] = "0";
        Assert.Throws<SealingException>(() => Bag.Close(Place, SampleBag.About with { Digests = known }, _signer));
    }

    [Fact]
    public void Every_file_that_is_altered_taken_away_or_added_is_named()
    {
        SampleBag.Make(Place, _signer);
        foreach (string path in Files(Place))
        {
            string file = Path.Combine(Place, path);
            byte[] content = File.ReadAllBytes(file);
            File.WriteAllBytes(file, content.Length == 0 ? [1] : [.. content[..^1], (byte)(content[^1] ^ 1)]);
            Assert.Contains(path, Bag.Check(Place).Fault, StringComparison.Ordinal);
            File.Delete(file);
            Assert.Contains(path, Bag.Check(Place).Fault, StringComparison.Ordinal);
            File.WriteAllBytes(file, content);
        }

        foreach (string path in new[] { "data/more.csv", "data/waves/more.arrow", "MORE.txt" })
        {
            _folder.Write(Path.Combine(SampleBag.Name, path), "more");
            Assert.Equal($"{path} is in none of its lists", Bag.Check(Place).Fault);
            File.Delete(Path.Combine(Place, path));
        }

        Assert.Equal(string.Empty, Bag.Check(Place).Fault);
    }

    [Fact]
    public void A_bag_that_another_closed_anew_is_refused_where_the_key_is_known()
    {
        SampleBag.Make(Place, _signer);
        string pem = File.ReadAllText(Path.Combine(Place, "signer.pem"));
        using ECDsa eve = SampleBag.NewSigner();
        File.WriteAllText(Path.Combine(Place, "data/stays.csv"), "altered");
        BagSeal hers = Bag.Close(Place, SampleBag.About, eve);

        Assert.Equal("package.sig is no signature of tagmanifest-sha256.txt by the key that you named", Bag.Check(Place, pem).Fault);
        Assert.Equal(hers.SignerDigest, Bag.Check(Place).SignerDigest);
        Assert.NotEqual(Bag.SignerDigest(_signer), hers.SignerDigest);
    }

    [Fact]
    public void What_does_not_belong_into_a_package_is_not_closed()
    {
        SampleBag.Fill(Place);
        _folder.Write(Path.Combine(SampleBag.Name, "notes.txt"), "left behind");
        Assert.Equal("notes.txt does not belong into a package", Assert.Throws<SealingException>(() => Bag.Close(Place, SampleBag.About, _signer)).Message);
        File.Move(Path.Combine(Place, "notes.txt"), Path.Combine(Place, "data", "a b.txt"));
        Assert.Contains("is no name for a package", Assert.Throws<SealingException>(() => Bag.Close(Place, SampleBag.About, _signer)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(Place, "data", "a b.txt"));
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Contains("P-256", Assert.Throws<SealingException>(() => Bag.Close(Place, SampleBag.About, wide)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_description_names_every_file_with_format_and_size_and_people_by_role_alone()
    {
        SampleBag.Make(Place, _signer);
        using var crate = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Place, "ro-crate-metadata.json")));
        Assert.Equal("https://w3id.org/ro/crate/1.1/context", crate.RootElement.GetProperty("@context").GetString());
        var graph = crate.RootElement.GetProperty("@graph").EnumerateArray().ToDictionary(entity => entity.GetProperty("@id").GetString()!, StringComparer.Ordinal); // each has one
        string[] parts = [.. graph["./"].GetProperty("hasPart").EnumerateArray().Select(part => part.GetProperty("@id").GetString()!)]; // each has one

        Assert.Equal("./", graph["ro-crate-metadata.json"].GetProperty("about").GetProperty("@id").GetString());
        Assert.Equal(Files(Place).Except(["package.sig", "tagmanifest-sha256.txt", "ro-crate-metadata.json"]), parts);
        Assert.All(parts, part => Assert.Equal(new FileInfo(Path.Combine(Place, part)).Length, long.Parse(graph[part].GetProperty("contentSize").GetString()!))); // it is text
        Assert.Equal("application/vnd.apache.arrow.file", graph["data/waves/aaaa.arrow"].GetProperty("encodingFormat").GetString());
        Assert.Equal("by the role rights-officer", graph["#approval-2"].GetProperty("description").GetString());
        Assert.Equal(SampleBag.About.RequestDigest, graph["#request"].GetProperty("value").GetString());
    }

    [Fact]
    public void No_paper_holds_a_date_or_a_researcher()
    {
        SampleBag.Make(Place, _signer);
        foreach (string path in Directory.GetFiles(Place).Where(path => Path.GetFileName(path) != "package.sig"))
        {
            string text = File.ReadAllText(path);
            Assert.DoesNotContain("anary", text, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(19|20)\d\d-\d\d-\d\d|\b\d\d?[/.]\d\d?[/.](19|20)\d\d|\b(19|20)\d{6}\b", text);
        }
    }

    [Fact]
    public void The_pages_for_people_are_a_page_long_and_no_line_is_too_wide()
    {
        SampleBag.Make(Place, _signer);
        foreach (string page in new[] { "README.txt", "LISEZMOI.txt", "DATA-USE.txt" })
        {
            string[] lines = File.ReadAllLines(Path.Combine(Place, page));
            Assert.InRange(lines.Length, 25, 66);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, 150));
            Assert.Contains("dictionary.csv", page[0] == 'D' ? "dictionary.csv" : string.Concat(lines), StringComparison.Ordinal);
        }
    }

    private static string[] Files(string directory) =>
        [.. Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal)];
}
