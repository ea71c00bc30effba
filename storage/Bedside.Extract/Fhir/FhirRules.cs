namespace Bedside.Extract.Fhir;

/// <summary>How Observations are made of what is stored.</summary>
public sealed record FhirRules
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Longest piece of a wave.</summary>
    public const long ChunkNanoseconds = 10_000_000_000;

    /// <summary>A hole of a wave up to this is filled with E; a longer one begins a new Observation.</summary>
    public const long LongestHole = 1_000_000_000;

    /// <summary>Zone in which times are written, days begin and dates without a zone are understood.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Serve demo and test data too, labelled HTEST: only where everything is made up.</summary>
    public bool IncludesDemo { get; init; }

    /// <summary>
    /// How long after its last value an Observation is served: by then what belongs to it has come, whatever the order, so that it does not change any more and nothing comes before
    /// what was read.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);

    internal long SettleNanoseconds => Settle.Ticks * NanosecondsPerTick;
}
