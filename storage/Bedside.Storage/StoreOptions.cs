using Bedside.Storage.Retention;

namespace Bedside.Storage;

/// <summary>How a store trades safety, wear and memory. The defaults are those of a bed.</summary>
public sealed record StoreOptions
{
    /// <summary>Smallest size of a journal.</summary>
    public const long LeastJournalBytes = 16L << 10;

    /// <summary>Longest time between an append and its fdatasync: what a power cut may cost.</summary>
    public TimeSpan SyncEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A journal that holds this many bytes is sealed into a segment.</summary>
    public long SegmentBytes { get; init; } = 16L << 20;

    /// <summary>A journal whose first block is this old is sealed into a segment.</summary>
    public TimeSpan SegmentSpan { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Blocks that may wait for the writer; then <see cref="Store.TryAppend"/> says no.</summary>
    public int QueueCapacity { get; init; } = 4_096;

    /// <summary>Size of a journal file, all of it written once when the file is made; a multiple of 4096.</summary>
    public long JournalBytes { get; init; } = 16L << 20;

    /// <summary>Encoded bytes that may wait in memory for their fdatasync; when a disk takes nothing, the queue fills behind them.</summary>
    public int UnsyncedBytes { get; init; } = 4 << 20;

    /// <summary>How long what is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Throws <see cref="ArgumentException"/> when the options do not go together.</summary>
    internal void Check()
    {
        if (JournalBytes < LeastJournalBytes || JournalBytes % 4096 != 0 || SegmentBytes < 1 || QueueCapacity < 1 || UnsyncedBytes < 1
            || SyncEvery <= TimeSpan.Zero || SegmentSpan <= TimeSpan.Zero)
        {
            throw new ArgumentException($"a journal has at least {LeastJournalBytes} bytes and a multiple of 4096; everything else is more than nothing");
        }
    }
}
