namespace Bedside.Model.Stays;

/// <summary>What erasing a stay would destroy.</summary>
/// <param name="Keys">The keys under which its data lie.</param>
/// <param name="Bytes">Of the files under them.</param>
/// <param name="Others">Other stays of which these keys hold data too: a key is destroyed whole or not at all.</param>
public sealed record ErasurePlan(IReadOnlyList<StayId> Keys, long Bytes, IReadOnlyList<StayId> Others);

/// <summary>Destroys the keys of stays. Who may, and how many people that takes, is for whoever calls it.</summary>
public interface IStayEraser
{
    /// <summary>False = the box's clock is not where it was expected: nothing is erased on its word.</summary>
    bool IsClockTrusted { get; }

    /// <summary>Null = there is no such stay, or nothing of it is left.</summary>
    ErasurePlan? Plan(StayId stay);

    /// <summary>Destroys the keys of the plan, deletes the files under them and forgets whose the stay was when they had no other. Throws <see cref="IOException"/>: then it must be asked for again.</summary>
    Task EraseAsync(StayId stay, ErasurePlan plan, CancellationToken cancel);
}
