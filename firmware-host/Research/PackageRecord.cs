using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Storage.Keys;

namespace Bedside.Host.Research;

/// <summary>One stay of a package: the link between the box and the names of the study. It is as good as the key of the study, so it is sealed, and goes when the study ends.</summary>
/// <param name="Box">Folder of the box it came from.</param>
/// <param name="Source">The stay on that box.</param>
/// <param name="Subject">Of <c>SubjectStay.Subject</c>, hexadecimal.</param>
/// <param name="Marks">Of <c>StudySubject.Marks</c>; null in records of earlier builds, which had the subject alone.</param>
internal sealed record PackagedStay(string Box, string Source, string Stay, string Patient, string Subject, IReadOnlyList<string>? Marks = null)
{
    /// <summary>Whether the patient is one of them.</summary>
    public bool IsOneOf(IReadOnlySet<UInt128> patients) => (Marks ?? []).Append(Subject).Any(mark => patients.Contains(UInt128.Parse(mark, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
}

/// <summary>What a box keeps of a package beside its encrypted files.</summary>
/// <param name="Digest">Of the bag: SHA-256, lower-case hexadecimal.</param>
/// <param name="Signer">SHA-256 of the public key that signed it.</param>
/// <param name="Patients">A <see cref="Model.Research.RoundedCount"/>.</param>
/// <param name="ReportFrench">The disclosure report as text.</param>
/// <param name="ReportJson">The same as it is in the package.</param>
/// <param name="Boxes">Folders of every box that was read for it, also of those of which nothing is in it: a patient may say no there. Null in records of earlier builds.</param>
internal sealed record PackageRecord(string Study, int Version, string Digest, string Signer, string Patients, string ReportFrench, string ReportEnglish, string ReportJson, IReadOnlyList<PackagedStay> Stays, IReadOnlyList<string>? Boxes = null)
{
    private static ReadOnlySpan<byte> Purpose => "bedside research packages"u8;

    /// <summary>The boxes whose patients’ objections are asked, each with its stays that are in the package.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<PackagedStay>>> Asked() => (Boxes ?? [])
        .Concat(Stays.Select(stay => stay.Box))
        .Distinct(StringComparer.Ordinal)
        .Select(box => KeyValuePair.Create<string, IReadOnlyList<PackagedStay>>(box, [.. Stays.Where(stay => stay.Box == box)]));

    /// <summary>Whose data are in it.</summary>
    public IReadOnlySet<UInt128> Subjects() => Stays.Select(stay => UInt128.Parse(stay.Subject, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToHashSet();

    public string Seal(BoxKey box)
    {
        byte[] key = box.Derive(Purpose);
        try
        {
            return SealedText.Seal(key, JsonSerializer.SerializeToUtf8Bytes(this, PackageJson.Default.PackageRecord), About(Study, Version));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Null when it is not what was sealed for that package, or under another box key.</summary>
    public static PackageRecord? Open(BoxKey box, string text, string study, int version)
    {
        byte[] key = box.Derive(Purpose);
        try
        {
            byte[]? plain = SealedText.Open(key, text, About(study, version));
            return plain is null ? null : JsonSerializer.Deserialize(plain, PackageJson.Default.PackageRecord);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public override string ToString() => $"{Study}_v{Version.ToString(CultureInfo.InvariantCulture)}";

    private static byte[] About(string study, int version) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"package {study} {version}"));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PackageRecord))]
internal sealed partial class PackageJson : JsonSerializerContext;
