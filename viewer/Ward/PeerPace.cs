namespace Bedside.Viewer.Ward;

/// <summary>How patient this box is with others. The defaults are those of the product; tests hurry.</summary>
internal sealed record PeerPace
{
    private const int MostDoublings = 5;
    private const int Shares = 8;

    /// <summary>To be connected to.</summary>
    public TimeSpan Dialling { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A box says something every second; one that is silent this long is given up.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two questions for its clock.</summary>
    public TimeSpan Ask { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same while its clock is not known.</summary>
    public TimeSpan AskWhileUnmeasured { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>At every so many of these it is asked at which bed it stands.</summary>
    public int AsksUntilBed { get; init; } = 8;

    /// <summary>How far back alerts that are still on are looked for.</summary>
    public TimeSpan AlertReach { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Before the first try again; it doubles up to 32 times that, spread by the bed's place, so that boxes that start together do not all call at once.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan WaitOf(int attempt, int place)
    {
        int doubled = 1 << Math.Min(attempt, MostDoublings);
        return FirstWait * (doubled * (1 - (((place + attempt) % Shares) / (2.0 * Shares))));
    }
}
