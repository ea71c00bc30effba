using Bedside.Model;
using Bedside.Storage.Retention;

namespace Bedside.Storage;

/// <summary>How a store is, at one moment.</summary>
public sealed record StoreHealth
{
    /// <summary>A block that is appended is in memory that outlives the process before so much time has passed.</summary>
    internal static readonly TimeSpan KillBoundOfTail = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes of all segments and journals.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that the file system has left for us.</summary>
    public long FreeBytes { get; init; }

    public int Segments { get; init; }

    /// <summary>Bytes used in journals that are not sealed yet.</summary>
    public long JournalBytes { get; init; }

    /// <summary>Blocks and bytes in memory that are not on the disk for sure yet.</summary>
    public long UnsyncedBytes { get; init; }

    public UtcInstant DurableUpTo { get; init; }

    public TimeSpan LastSync { get; init; }

    /// <summary>What a power cut costs at most, while the disk takes what is written.</summary>
    public TimeSpan PowerCutBound { get; init; }

    /// <summary>What the sudden end of the process costs at most.</summary>
    public TimeSpan KillBound { get; init; }

    /// <summary>False while the disk refuses what is to be written.</summary>
    public bool Writing { get; init; } = true;

    /// <summary>Failed writes and syncs since the store was opened.</summary>
    public long Errors { get; init; }

    /// <summary>Places where bytes on disk were found not to be what was written.</summary>
    public long Damaged { get; init; }

    /// <summary>Blocks that the format could not hold and that were refused.</summary>
    public long Refused { get; init; }

    /// <summary>How much room there is, and for how long.</summary>
    public RetentionHealth Retention { get; init; } = RetentionHealth.Unknown;

    /// <summary>Files that cannot be read because their key is not there; nothing is lost when it comes back.</summary>
    public long Locked { get; init; }

    /// <summary>Why, one plain sentence; empty = none is.</summary>
    public string LockedReason { get; init; } = string.Empty;

    /// <summary>The last error or damage, one plain sentence; empty = none.</summary>
    public string LastError { get; init; } = string.Empty;
}
