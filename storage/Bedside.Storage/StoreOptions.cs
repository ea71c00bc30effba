using System.Security.Cryptography;
using Bedside.Storage.Evidence;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;

namespace Bedside.Storage;

/// <summary>How a store trades safety, wear and memory. The defaults are those of a bed.</summary>
public sealed record StoreOptions
{
    /// <summary>Smallest size of a journal.</summary>
    public const long LeastJournalBytes = 20L << 10;

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

    /// <summary>What went over the ports is kept, byte by byte; null = it is not, which is right for all but the box itself.</summary>
    public EvidenceOptions? Evidence { get; init; }

    /// <summary>
    /// Wraps the keys of the stays. Null = what is written is not encrypted, which only a test or a measurement asks for; what
    /// was encrypted before cannot be read then.
    /// </summary>
    public BoxKey? BoxKey { get; init; }

    /// <summary>Where keys, salts and nonces come from; a test that wants the same bytes again gives its own.</summary>
    internal Action<Span<byte>> Randomness { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Sees everything that is encrypted.</summary>
    internal EncryptionWitness? Witness { get; init; }

    /// <summary>
    /// A folder on a file system in memory, in which the store makes one of its own for what a kill would cost otherwise. Where it
    /// does not exist, that goes into the store's folder, and the disk pays for it.
    /// </summary>
    public string TailDirectory { get; init; } = "/dev/shm";

    /// <summary>Bytes that each of the two areas there may have; when one is full a sync comes early.</summary>
    public int TailBytes { get; init; } = 2 << 20;

    /// <summary>Throws <see cref="ArgumentException"/> when the options do not go together.</summary>
    internal void Check()
    {
        if (JournalBytes < LeastJournalBytes || JournalBytes % 4096 != 0 || SegmentBytes < 1 || QueueCapacity < 1 || UnsyncedBytes < 1 || TailBytes < 4096
            || SyncEvery <= TimeSpan.Zero || SegmentSpan <= TimeSpan.Zero)
        {
            throw new ArgumentException($"a journal has at least {LeastJournalBytes} bytes and a multiple of 4096; everything else is more than nothing");
        }
    }
}
