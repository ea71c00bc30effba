using Bedside.Model;

namespace Bedside.Audit;

/// <summary>What is wrong with a journal.</summary>
public enum AuditFault
{
    /// <summary>An entry is not what was written, or was sealed under a key of another time.</summary>
    Altered,

    /// <summary>Entries are not there.</summary>
    Missing,

    /// <summary>Entries stand in another order.</summary>
    Reordered,

    /// <summary>The end is missing: it was cut, or an older state was put back.</summary>
    Truncated,

    /// <summary>It is another history than the one that a checkpoint tells of.</summary>
    RolledBack,

    /// <summary>A checkpoint or a key that cannot be used, or is of another journal.</summary>
    Reference,
}

/// <summary>One finding, with its place.</summary>
/// <param name="From">The first entry that it concerns.</param>
/// <param name="To">The last; the same where it is one.</param>
/// <param name="File">Where it stands; empty = nowhere.</param>
public sealed record AuditFinding(AuditFault Fault, long From, long To, string File, string Sentence);

/// <summary>What a verification found.</summary>
public sealed record AuditReport
{
    /// <summary>Entries that were read.</summary>
    public long Entries { get; init; }

    /// <summary>Entries whose seals were checked with a key.</summary>
    public long Sealed { get; init; }

    public long Epochs { get; init; }

    /// <summary>Checkpoints inside the journal whose roots and signatures are right.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Checkpoints from elsewhere that it was held against, and is what they say.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    public UtcInstant? First { get; init; }

    public UtcInstant? Last { get; init; }

    /// <summary>Bytes behind the last entry that are none: a write that did not come to its end.</summary>
    public long UnfinishedBytes { get; init; }

    /// <summary>What could not be checked, and what would be needed for it; in words.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>In the order of the journal: the first is the first place.</summary>
    public IReadOnlyList<AuditFinding> Findings { get; init; } = [];
}
