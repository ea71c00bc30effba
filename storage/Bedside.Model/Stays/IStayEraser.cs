namespace Bedside.Model.Stays;

/// <summary>What erasing a stay would destroy.</summary>
/// <param name="Keys">The keys under which its data lie.</param>
/// <param name="Bytes">Of the files under them.</param>
/// <param name="Others">Other stays of which these keys hold data too: a key is destroyed whole or not at all.</param>
/// <param name="OthersTime">How long these lay in the bed under them: a key changes when a message comes, which is a little after what it tells.</param>
/// <param name="LeftTime">How long the stay itself lies under keys that are spared because they are nearly all of another stay's.</param>
public sealed record ErasurePlan(IReadOnlyList<StayId> Keys, long Bytes, IReadOnlyList<StayId> Others, TimeSpan OthersTime, TimeSpan LeftTime);

/// <summary>Destroys the keys of stays. Who may, and how many people that takes, is for whoever calls it.</summary>
public interface IStayEraser
{
    /// <summary>False = the box's clock is not where it was expected: nothing is erased on its word.</summary>
    bool IsClockTrusted { get; }

    /// <summary>Null = there is no such stay, or nothing of it is left. A key that is nearly all of another stay's is spared.</summary>
    ErasurePlan? Plan(StayId stay);

    /// <summary>Destroys the keys of the plan, deletes the files under them and forgets whose the stay was when they had no other. Throws <see cref="IOException"/>: then it must be asked for again.</summary>
    Task EraseAsync(StayId stay, ErasurePlan plan, CancellationToken cancel);
}
