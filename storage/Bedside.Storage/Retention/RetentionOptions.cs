namespace Bedside.Storage.Retention;

/// <summary>
/// How long a store keeps what. Raw captures go first, then waveforms, then numerics and marks with the rest of their file;
/// within each the oldest first. Nothing under a hold goes, and nothing that is not sealed.
/// </summary>
public sealed record RetentionOptions
{
    /// <summary>The reserve of a box.</summary>
    public const long ReserveOfBox = 1L << 30;

    /// <summary>Most bytes the store may take; null = <see cref="BudgetShare"/> alone decides.</summary>
    public long? BudgetBytes { get; init; }

    /// <summary>
    /// Share of what the disk has for the store (its own bytes and the free ones) that it may take. What others put on the
    /// disk makes that smaller: the newest data matter more than the oldest.
    /// </summary>
    public double BudgetShare { get; init; } = 0.9;

    /// <summary>Waveforms older than this go; null = only the budget decides.</summary>
    public TimeSpan? WaveformAge { get; init; }

    /// <summary>Numerics and marks older than this go; null = only the budget decides. Not less than that of waveforms.</summary>
    public TimeSpan? NumericAge { get; init; }

    /// <summary>So much of the newest data goes last of all: numerics of long ago do not crowd out the waves of today.</summary>
    public TimeSpan Floor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How far the box's clock may be from where it was expected; beyond it ages wait until a person confirms the time or a
    /// device's clock agrees with it.
    /// </summary>
    public TimeSpan ClockBound { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Kept aside for capture while a disk is full; on a small disk 1/32 of it. 0 = none: what a box needs, an import does not.</summary>
    public long ReserveBytes { get; init; }

    /// <summary>Throws <see cref="ArgumentException"/> when the options do not go together.</summary>
    internal void Check()
    {
        if (BudgetBytes is < 1 || BudgetShare is not (> 0 and <= 1) || ReserveBytes < 0 || Floor < TimeSpan.Zero || ClockBound <= TimeSpan.Zero)
        {
            throw new ArgumentException("a budget is more than nothing and at most the whole disk; a reserve, a floor and a bound are not negative");
        }

        if (WaveformAge <= TimeSpan.Zero || NumericAge <= TimeSpan.Zero || (NumericAge is { } numerics && (WaveformAge ?? TimeSpan.MaxValue) > numerics))
        {
            throw new ArgumentException("waveforms go before numerics: where numerics have an age, waveforms have one that is not longer");
        }
    }
}
