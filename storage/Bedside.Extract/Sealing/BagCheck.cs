using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bedside.Extract.Sealing;

/// <summary>What checking a bag came to.</summary>
/// <param name="Fault">The first thing that is not as it was closed, one sentence without a full stop; empty = everything is.</param>
/// <param name="Name"><c>ST-2026-014_v1</c>; empty until that was found.</param>
/// <param name="SignerDigest">SHA-256 of the key that its signature was checked with.</param>
/// <param name="Files">Of the payload.</param>
public sealed record BagReport(string Fault, string Name, string SignerDigest, int Files, long Bytes);

/// <summary>Checks in the order in which each step can be believed: signature, list of lists, lists, files, and that there is nothing else.</summary>
internal static class BagCheck
{
    /// <summary>A paper of a bag that is longer was not written here.</summary>
    private const int LongestTag = 1 << 26;

    public static BagReport Run(string directory, string? signerPem, CancellationToken cancel)
    {
        var report = new BagReport(string.Empty, string.Empty, string.Empty, 0, 0);
        try
        {
            IReadOnlyList<string> files = [.. PackageNames.Below(directory).Where(path => path[^1] != '/')];
            byte[] list = Tag(directory, BagNames.TagManifest);
            byte[] pem = signerPem is null ? Tag(directory, BagNames.Signer) : Encoding.UTF8.GetBytes(signerPem.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
            report = report with { SignerDigest = Digests.Of(pem) };
            Require(IsSigned(pem, list, Tag(directory, BagNames.Signature)), $"{BagNames.Signature} is no signature of {BagNames.TagManifest} by {(signerPem is null ? BagNames.Signer : "the key that you named")}");

            IReadOnlyList<(string Path, string Digest)> tags = Compare(directory, BagNames.TagManifest, list, cancel);
            Require(tags.Select(tag => tag.Path).Order(StringComparer.Ordinal).SequenceEqual(BagNames.Tags.Order(StringComparer.Ordinal)), $"{BagNames.TagManifest} does not name the papers of a package");
            Require(Encoding.ASCII.GetString(Tag(directory, BagNames.Declaration)) == BagNames.DeclarationText, $"{BagNames.Declaration} is not that of BagIt 1.0");
            Require(signerPem is null || pem.AsSpan().SequenceEqual(Tag(directory, BagNames.Signer)), $"{BagNames.Signer} is another key than the one that you named");

            IReadOnlyList<(string Path, string Digest)> payload = Compare(directory, BagNames.Manifest, Tag(directory, BagNames.Manifest), cancel);
            report = report with { Files = payload.Count, Bytes = payload.Sum(file => new FileInfo(Path.Combine(directory, file.Path)).Length) };
            HashSet<string> named = [.. payload.Select(file => file.Path), .. BagNames.All];
            Require(payload.All(file => file.Path.StartsWith(BagNames.Payload, StringComparison.Ordinal)), $"{BagNames.Manifest} names a file outside of data/");
            Require(files.FirstOrDefault(path => !named.Contains(path)) is not { } stranger ? null : $"{stranger} is in none of its lists");

            string[] info = Encoding.UTF8.GetString(Tag(directory, BagNames.Info)).Split('\n');
            Require(info.Contains(string.Create(CultureInfo.InvariantCulture, $"Payload-Oxum: {report.Bytes}.{report.Files}"), StringComparer.Ordinal), $"{BagNames.Info} counts other files than there are");
            const string NameField = "External-Identifier: ";
            return report with { Name = info.FirstOrDefault(line => line.StartsWith(NameField, StringComparison.Ordinal))?[NameField.Length..] ?? string.Empty };
        }
        catch (SealingException fault)
        {
            return report with { Fault = fault.Message };
        }
    }

    private static IReadOnlyList<(string Path, string Digest)> Compare(string directory, string name, byte[] list, CancellationToken cancel)
    {
        IReadOnlyList<(string Path, string Digest)> lines = Manifest.Parse(list) ?? throw new SealingException($"{name} is no list of files and their SHA-256");
        Require(lines.FirstOrDefault(line => !File.Exists(Path.Combine(directory, line.Path))).Path is { } gone ? $"{gone} is missing" : null);
        string[] digests = Digests.Of(directory, [.. lines.Select(line => line.Path)], cancel);
        Require(lines.Zip(digests).FirstOrDefault(pair => pair.First.Digest != pair.Second).First.Path is { } altered ? $"{altered} was altered: its SHA-256 is not that in {name}" : null);
        return lines;
    }

    private static bool IsSigned(byte[] pem, byte[] list, byte[] signature)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.UTF8.GetString(pem));
            return key.VerifyData(list, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new SealingException($"{BagNames.Signer} is no public key");
        }
    }

    private static byte[] Tag(string directory, string name)
    {
        var file = new FileInfo(Path.Combine(directory, name));
        Require(file.Exists ? null : $"{name} is missing");
        Require(file.Length <= LongestTag ? null : $"{name} is too long to be of a package");
        return File.ReadAllBytes(file.FullName);
    }

    private static void Require(bool holds, string fault) => Require(holds ? null : fault);

    private static void Require(string? fault)
    {
        if (fault is not null)
        {
            throw new SealingException(fault);
        }
    }
}
