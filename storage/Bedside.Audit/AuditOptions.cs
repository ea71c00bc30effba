namespace Bedside.Audit;

/// <summary>What the journal needs to know of its box.</summary>
public sealed record AuditOptions
{
    /// <summary>Room that a running box keeps for the journal, bytes; at most 1/32 of the disk.</summary>
    public const long ReserveOfBox = 64L << 20;

    /// <summary>Name of the box, in every entry.</summary>
    public string Box { get; init; } = string.Empty;

    /// <summary>Half-width of the interval that holds the true time, microseconds; uint.MaxValue = unknown.</summary>
    public Func<uint> UncertaintyMicroseconds { get; init; } = () => uint.MaxValue;

    /// <summary>Room to keep; 0 = none, as commands do.</summary>
    public long ReserveBytes { get; init; }

    /// <summary>How long one sealing key is used.</summary>
    public TimeSpan Epoch { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A checkpoint is made after so long, where something was written since.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>And after so many entries.</summary>
    public int CheckpointEntries { get; init; } = 1000;

    /// <summary>Entries that wait in memory while the disk takes none, at most.</summary>
    public int MostWaiting { get; init; } = 1024;

    /// <summary>A file of entries is not made larger.</summary>
    public int MostFileBytes { get; init; } = 8 << 20;

    internal long Uncertainty => UncertaintyMicroseconds() is var known and not uint.MaxValue ? known : -1;
}

/// <summary>The disk of the journal, with what keeps two processes apart.</summary>
/// <param name="Gate">Held while an entry is written.</param>
internal sealed record AuditPlace(Storage.Disk.IDisk Disk, Storage.Retention.IDiskRoom Room, Func<IDisposable> Gate);
