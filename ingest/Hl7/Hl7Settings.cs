using System.Collections.Immutable;

namespace Bedside.Ingest.Hl7;

/// <summary>What a site says about whoever sends.</summary>
public sealed record Hl7Settings
{
    /// <summary>Zone of times that have none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>How often each number is due; null = not told, then none is missed.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Which bed is this box's; null = whatever comes.</summary>
    public BedPlace? Bed { get; init; }

    /// <summary>What is special about single senders, by <see cref="SenderName"/>.</summary>
    public IReadOnlyDictionary<string, SenderRules> Senders { get; init; } = ImmutableDictionary<string, SenderRules>.Empty;

    public Hl7Limits Limits { get; init; } = Hl7Limits.Default;

    /// <summary>Of one sender.</summary>
    public SenderRules RulesOf(string sender) => Senders.GetValueOrDefault(sender, SenderRules.None);
}
