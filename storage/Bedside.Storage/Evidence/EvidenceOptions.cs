namespace Bedside.Storage.Evidence;

/// <summary>How much evidence a store keeps, and how often it is written.</summary>
public sealed record EvidenceOptions
{
    /// <summary>Smallest budget.</summary>
    public const long LeastBudget = 2 << 20;

    /// <summary>Largest size of a file.</summary>
    public const long MostFileBytes = 4 << 20;

    private const long LeastFileBytes = 128 << 10;
    private const int FilesInBudget = 16;

    /// <summary>Most bytes that all files of the ring take together.</summary>
    public required long BudgetBytes { get; init; }

    /// <summary>What waits longer is written: what a kill costs.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What was written longer ago is synced: what a power cut costs. Each sync costs a page or two, which is why it is seldom.</summary>
    public TimeSpan SyncEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What takes so many bytes in memory is written earlier.</summary>
    public int FlushBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of memory that what waits may take, about; what comes beyond them is a hole.</summary>
    public int QueueBytes { get; init; } = 16 << 20;

    /// <summary>Longest time in one file.</summary>
    public TimeSpan FileSpan { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Largest size of a file here: the ring forgets in steps of it.</summary>
    public long FileBytes => Math.Clamp(BudgetBytes / FilesInBudget, LeastFileBytes, MostFileBytes);

    /// <summary>Throws <see cref="ArgumentException"/> when the options do not go together.</summary>
    internal void Check()
    {
        if (BudgetBytes < LeastBudget || FlushEvery <= TimeSpan.Zero || SyncEvery < FlushEvery || FileSpan <= TimeSpan.Zero || FlushBytes < 1 || QueueBytes < FlushBytes)
        {
            throw new ArgumentException($"a ring of evidence has at least {LeastBudget} bytes, writes before it syncs, and holds at least one writing in memory");
        }
    }
}
