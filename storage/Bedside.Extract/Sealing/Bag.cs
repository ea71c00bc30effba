using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bedside.Extract.Sealing;

/// <summary>What a closed bag is known by.</summary>
/// <param name="Digest">SHA-256 of its list of lists, lower-case hexadecimal: the same for the same inputs, and the one number that stands for every byte but the signature.</param>
/// <param name="SignerDigest">SHA-256 of <c>signer.pem</c>: it belongs into the public log, where the receiver compares it.</param>
/// <param name="Files">Of the payload.</param>
/// <param name="Bytes">Of the payload.</param>
public sealed record BagSeal(string Name, string Digest, string SignerDigest, int Files, long Bytes);

/// <summary>A package as a bag (BagIt 1.0, RFC 8493) with a research object's description (RO-Crate 1.1), pages for people, and a signature. BAG.md, section 2.</summary>
public static class Bag
{
    private const int SignerBits = 256;

    /// <summary>
    /// Writes everything beside <c>data/</c>, which must be complete. The same inputs give the same bytes in every file but <c>package.sig</c>: a signature of ECDSA holds a random number.
    /// Throws <see cref="SealingException"/> for a name that cannot be in a package and for a file that does not belong there, and the disk's errors.
    /// </summary>
    /// <param name="signer">P-256.</param>
    public static BagSeal Close(string directory, BagDescription about, ECDsa signer, CancellationToken cancel = default)
    {
        if (signer.KeySize != SignerBits)
        {
            throw new SealingException($"packages are signed with a key of P-256, not one of {signer.KeySize} bits");
        }

        IReadOnlyList<BagFile> payload = Payload(directory, about, cancel);
        long bytes = payload.Sum(file => file.Bytes);
        byte[] pem = SignerPem(signer);
        var tags = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [BagNames.Declaration] = Encoding.ASCII.GetBytes(BagNames.DeclarationText),
            [BagNames.Info] = Info(about, payload.Count, bytes),
            [BagNames.Manifest] = Manifest.Write(payload.Select(file => (file.Path, file.Digest))),
            [BagNames.Readme] = Encoding.UTF8.GetBytes(Readme.Write(about, payload)),
            [BagNames.Lisezmoi] = Encoding.UTF8.GetBytes(Lisezmoi.Write(about, payload)),
            [BagNames.DataUse] = Encoding.UTF8.GetBytes(DataUse.Write(about)),
            [BagNames.DisclosureJson] = about.DisclosureJson.ToArray(),
            [BagNames.DisclosureText] = about.DisclosureText.ToArray(),
            [BagNames.Signer] = pem,
        };
        tags.Add(BagNames.Crate, Crate.Write(about, payload, tags.Select(tag => (tag.Key, (long)tag.Value.Length))));

        byte[] list = Manifest.Write(tags.Select(tag => (tag.Key, Digests.Of(tag.Value))));
        byte[] signature = signer.SignData(list, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        foreach ((string name, byte[] content) in tags)
        {
            File.WriteAllBytes(Path.Combine(directory, name), content);
        }

        File.WriteAllBytes(Path.Combine(directory, BagNames.TagManifest), list);
        File.WriteAllBytes(Path.Combine(directory, BagNames.Signature), signature);
        return new BagSeal(about.Name, Digests.Of(list), Digests.Of(pem), payload.Count, bytes);
    }

    /// <summary>Whether a bag is what was closed; names the first thing that is not. Throws the disk's errors alone.</summary>
    /// <param name="signerPem">The key by which it must be signed; null = the one that lies in it, whose digest is then to be compared with the public log.</param>
    public static BagReport Check(string directory, string? signerPem = null, CancellationToken cancel = default) => BagCheck.Run(directory, signerPem, cancel);

    /// <summary>The public half of a key as it stands in packages.</summary>
    public static byte[] SignerPem(ECDsa signer) => Encoding.ASCII.GetBytes(signer.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\n") + "\n");

    /// <summary>SHA-256 of <see cref="SignerPem"/>, as the public log shows it.</summary>
    public static string SignerDigest(ECDsa signer) => Digests.Of(SignerPem(signer));

    /// <summary>Ten lines of bash with which anybody checks and opens a package; they stand in its README, and belong on the page from which it is fetched.</summary>
    public static string OpenScript(string study, string name) => Script.Write(study, name);

    private static IReadOnlyList<BagFile> Payload(string directory, BagDescription about, CancellationToken cancel)
    {
        IReadOnlyList<string> all = PackageNames.Below(directory);
        if (all.FirstOrDefault(path => !path.StartsWith(BagNames.Payload, StringComparison.Ordinal) && !BagNames.All.Contains(path, StringComparer.Ordinal)) is { } stranger)
        {
            throw new SealingException($"{stranger} does not belong into a package");
        }

        string[] paths = [.. all.Where(path => path[^1] != '/' && path.StartsWith(BagNames.Payload, StringComparison.Ordinal))];
        string[] unknown = [.. paths.Where(path => !about.Digests.ContainsKey(path))];
        var digests = unknown.Zip(Digests.Of(directory, unknown, cancel)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. paths.Select(path => new BagFile(path, digests.GetValueOrDefault(path) ?? Known(about, path), new FileInfo(Path.Combine(directory, path)).Length))];
    }

    private static string Known(BagDescription about, string path) =>
        about.Digests[path] is { } digest && Manifest.IsDigest(digest) ? digest : throw new SealingException($"the digest that is given for {path} is no SHA-256");

    /// <summary>No Bagging-Date: a day near the end of the last stay would be a real date.</summary>
    private static byte[] Info(BagDescription about, int files, long bytes) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        Source-Organization: {Page.OneLine(about.Request.Body)}
        External-Identifier: {about.Name}
        External-Description: {Page.OneLine(about.Request.Title.English)}
        Bag-Group-Identifier: {about.Study}
        Bag-Software-Agent: Bedside {about.Software}
        Payload-Oxum: {bytes}.{files}

        """));
}

/// <summary>A file of the payload.</summary>
/// <param name="Path">From the bag: <c>data/…</c>.</param>
internal sealed record BagFile(string Path, string Digest, long Bytes);
