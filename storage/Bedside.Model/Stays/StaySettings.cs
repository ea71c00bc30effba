namespace Bedside.Model.Stays;

/// <summary>How long what must last before it counts. Defaults: HL7 v2 inbound sheet, sections 10.2 and 10.3.</summary>
public sealed record StaySettings
{
    private const long NanosecondsPerTick = 100;

    /// <summary>On either side of a boundary that nothing pins, it is uncertain who lay in the bed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Two sources that disagree for longer than this are in conflict; shorter is nothing.</summary>
    public TimeSpan ConflictAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A patient who is away for less than this is in the same stay: theatre, CT.</summary>
    public TimeSpan RunGap { get; init; } = TimeSpan.FromHours(6);

    /// <summary>When the admissions say nothing for so long, what they said last is no more certain.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Somebody is admitted and no signal comes for so long: are they here?</summary>
    public TimeSpan NoSignalsAfter { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long after a discharge a visit is still thought of when a monitor names its patient.</summary>
    public TimeSpan ExpectedWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a settled question is shown.</summary>
    public TimeSpan SettledShownFor { get; init; } = TimeSpan.FromDays(30);

    internal static long Nanoseconds(TimeSpan span) => span.Ticks * NanosecondsPerTick;
}
