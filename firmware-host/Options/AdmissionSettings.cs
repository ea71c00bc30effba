using Bedside.Ingest.Hl7;

namespace Bedside.Host.Options;

/// <summary>What a site says of its admissions (ADT).</summary>
internal sealed record AdmissionSettings
{
    /// <summary>PV1-3 of this box's bed, as senders without one of their own write it; null = not told, then no stay is made.</summary>
    public BedPlace? Bed { get; init; }

    /// <summary>The same by the name of the sending application (MSH-3.1), for systems that write places their own way.</summary>
    public IReadOnlyDictionary<string, BedPlace> BedOfSender { get; init; } = new Dictionary<string, BedPlace>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whose numbers name a person (PID-3.4); empty = anybody's.</summary>
    public string PersonAuthority { get; init; } = string.Empty;

    /// <summary>Which numbers name a person (PID-3.5); empty = MR, else PI, else the first.</summary>
    public string PersonType { get; init; } = string.Empty;

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public BedPlace? BedFor(string sender) => BedOfSender.GetValueOrDefault(sender) ?? Bed;
}
