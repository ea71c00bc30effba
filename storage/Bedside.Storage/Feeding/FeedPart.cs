using Bedside.Model;

namespace Bedside.Storage.Feeding;

/// <summary>What is sent in one go: of each signal a stretch of what was appended, none of it handed out before, in pieces of blocks by signal and in the order of appending.</summary>
/// <param name="Key">Names it: the same after a restart, and never that of another one of this store and destination. 40 hexadecimal digits.</param>
/// <param name="From">The interval that it is of; what was appended late has times of its own.</param>
/// <param name="To">Where that ends, exclusive.</param>
/// <param name="MadeAt">When it was put together, by the box's clock.</param>
/// <param name="Blocks">Samples, readings and texts.</param>
public sealed record FeedPart(string Key, UtcInstant From, UtcInstant To, UtcInstant MadeAt, IReadOnlyList<Block> Blocks)
{
    /// <summary>Readings and texts in it.</summary>
    public long Values => Blocks.Where(block => block is not SampleBlock).Sum(block => (long)FeedLane.CountOf(block));

    public long Samples => Blocks.OfType<SampleBlock>().Sum(block => (long)block.Samples.Length);
}

/// <summary>What a feed takes, and how much of it at a time.</summary>
public sealed record FeedOptions
{
    /// <summary>Names the destination; another one begins anew.</summary>
    public required string Destination { get; init; }

    /// <summary>Who approved that data go there.</summary>
    public required string ApprovedBy { get; init; }

    /// <summary>Length of an interval; they begin at multiples of it since 1970.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Samples of waves too.</summary>
    public bool Waves { get; init; }

    /// <summary>Readings and texts in a part at most.</summary>
    public int MostValues { get; init; } = 1_500;

    /// <summary>Samples in a part at most.</summary>
    public int MostSamples { get; init; } = 40_000;

    /// <summary>How long after its end an interval is taken, so that what was measured in it is on the disk; what comes later still follows by itself.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What became of a part that was handed out.</summary>
public enum FeedOutcome
{
    /// <summary>The destination has it.</summary>
    Accepted = 1,

    /// <summary>The destination refused it for good: it is set aside, which is counted.</summary>
    Refused = 2,

    /// <summary>There was nothing in it to tell.</summary>
    Empty = 3,
}

/// <summary>How a feed stands.</summary>
/// <param name="ApprovedAt">When the approval was first recorded.</param>
/// <param name="Sent">Parts that the destination has.</param>
/// <param name="Refused">Parts that it refused.</param>
/// <param name="Lost">Samples, readings and texts that went from the store before they were sent.</param>
/// <param name="LastAccepted">Null = none yet.</param>
/// <param name="Oldest">Time of the oldest that waits; null = nothing does.</param>
public sealed record FeedState(string Destination, string ApprovedBy, UtcInstant ApprovedAt, long Sent, long Refused, long Lost, UtcInstant? LastAccepted, UtcInstant? Oldest);
