namespace Bedside.Extract.Sealing;

/// <summary>The files of a bag beside its <c>data/</c>.</summary>
internal static class BagNames
{
    public const string Declaration = "bagit.txt";
    public const string Info = "bag-info.txt";
    public const string Manifest = "manifest-sha256.txt";
    public const string TagManifest = "tagmanifest-sha256.txt";
    public const string Crate = "ro-crate-metadata.json";
    public const string Readme = "README.txt";
    public const string Lisezmoi = "LISEZMOI.txt";
    public const string DataUse = "DATA-USE.txt";
    public const string DisclosureJson = "disclosure-report.json";
    public const string DisclosureText = "disclosure-report.txt";
    public const string Signer = "signer.pem";
    public const string Signature = "package.sig";
    public const string Payload = "data/";

    /// <summary>Of RFC 8493, section 2.1.1, to the byte.</summary>
    public const string DeclarationText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

    public static IReadOnlyList<string> Tags { get; } = [DataUse, Lisezmoi, Readme, Info, Declaration, DisclosureJson, DisclosureText, Manifest, Crate, Signer];

    public static IReadOnlyList<string> All { get; } = [.. Tags, TagManifest, Signature];
}
