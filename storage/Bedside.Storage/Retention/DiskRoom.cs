namespace Bedside.Storage.Retention;

/// <summary>The file system under a store. Errors are those of <see cref="Disk.DiskErrors"/>.</summary>
internal interface IDiskRoom
{
    /// <summary>Bytes it has in all, and bytes that are free for us.</summary>
    (long Total, long Free) Measure();

    /// <summary>Makes a file that takes so many bytes and holds nothing.</summary>
    void SetAside(string name, long bytes);
}

/// <summary>How full a disk is.</summary>
public enum DiskLevel
{
    Fine,

    /// <summary>Less than 5 % are free.</summary>
    Filling,

    /// <summary>Less than 1 % is free, or the reserve had to be given back.</summary>
    Full,
}

/// <summary>Why nothing, or nothing for its age, is dropped.</summary>
public enum RetentionPause
{
    None,

    /// <summary>The box's clock is not where it was expected: ages wait, the budget does not.</summary>
    ClockUntrusted,

    /// <summary>The list of holds is damaged: nobody knows what must stay, so everything does.</summary>
    HoldsUnreadable,

    /// <summary>All that is left over the budget is held, or too new to be sealed.</summary>
    EverythingHeld,
}

/// <summary>How retention stands, at one moment.</summary>
public sealed record RetentionHealth
{
    public static readonly RetentionHealth Unknown = new();

    /// <summary>Bytes that the store may take; 0 = not known yet.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Bytes that it takes, with journals as large as they are made.</summary>
    public long UsedBytes { get; init; }

    public long DiskBytes { get; init; }

    public long FreeBytes { get; init; }

    /// <summary>Kept aside for capture; 0 = it was given back, or there never was room for it.</summary>
    public long ReserveBytes { get; init; }

    public DiskLevel Level { get; init; }

    public RetentionPause Pause { get; init; }

    /// <summary>What the last day of data took; null = less than ten minutes are stored.</summary>
    public double? BytesPerDay { get; init; }

    /// <summary>Days until the oldest data have to go at that rate; 0 = they are going; null = the rate is not known.</summary>
    public double? DaysLeft { get; init; }

    /// <summary>The oldest waveform there is.</summary>
    public Model.UtcInstant? OldestWaveform { get; init; }

    /// <summary>The oldest data there are.</summary>
    public Model.UtcInstant? Oldest { get; init; }

    public int Holds { get; init; }

    /// <summary>Pieces dropped since the store was opened.</summary>
    public long Dropped { get; init; }
}
