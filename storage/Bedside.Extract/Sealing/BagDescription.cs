using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Extract.Sealing;

/// <summary>An approval that a package rests on: by a role, never by a name.</summary>
/// <param name="Act">What was done: <c>first approval</c>, <c>second approval</c>; plain words.</param>
public sealed record BagApproval(TwoTongues Act, Role As);

/// <summary>What the papers of a package say of it. Nothing in it may hold a date, a person, a bed or a device: it is written as it stands.</summary>
public sealed record BagDescription
{
    /// <summary><c>ST-2026-014</c>.</summary>
    public required string Study { get; init; }

    /// <summary>1, 2, … of the same study.</summary>
    public required int Version { get; init; }

    /// <summary>Of it: title, summary, basis and its reference, body, data protection officer, secure space, form of times. No researcher's name or key.</summary>
    public required StudyRequest Request { get; init; }

    /// <summary>SHA-256 of the request as it was submitted, lower-case hexadecimal.</summary>
    public required string RequestDigest { get; init; }

    /// <summary>Version of Bedside that built it.</summary>
    public required string Software { get; init; }

    /// <summary>SHA-256 of its bill of materials (<c>bedside sbom</c>), lower-case hexadecimal; empty = not known.</summary>
    public string BillOfMaterialsDigest { get; init; } = string.Empty;

    public required IReadOnlyList<BagApproval> Approvals { get; init; }

    /// <summary>How well the clocks were known: one sentence.</summary>
    public required TwoTongues ClockQuality { get; init; }

    /// <summary>What was made coarser or left out until nobody stood in a group of fewer than eleven: a sentence each.</summary>
    public required IReadOnlyList<TwoTongues> Generalisations { get; init; }

    /// <summary><c>disclosure-report.json</c>, as it will stand in the package.</summary>
    public required ReadOnlyMemory<byte> DisclosureJson { get; init; }

    /// <summary><c>disclosure-report.txt</c>, as it will stand in the package.</summary>
    public required ReadOnlyMemory<byte> DisclosureText { get; init; }

    /// <summary>SHA-256 (lower-case hexadecimal) of payload files that were hashed while they were written, by path from the bag (<c>data/stays.csv</c>); the others are read again.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Of the bag, its tar and the folder in it: <c>ST-2026-014_v1</c>.</summary>
    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Study}_v{Version}");
}
