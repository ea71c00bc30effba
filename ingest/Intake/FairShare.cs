using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// One device's share of the store's queue: a device that floods the box fills its own share and no other's. What is beyond it is refused, which its intake
/// records as an overload. A monitor with everything on makes 200 blocks a second.
/// </summary>
public sealed class FairShare(IBlockSink inner, TimeProvider time) : IBlockSink
{
    /// <summary>Blocks a second that a device may go on making.</summary>
    public const int BlocksPerSecond = 1_000;

    /// <summary>Blocks that it may make at once, after a pause.</summary>
    public const int Burst = 2_000;

    private const long NsPerBlock = 1_000_000_000 / BlocksPerSecond;

    private MonotonicInstant? _emptyAt;

    public Signal Register(string device, Metric metric) => inner.Register(device, metric);

    public Block? Last(SignalNumber signal) => inner.Last(signal);

    public IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => inner.StoredMarks(from, to);

    public bool TryAppend(Block block)
    {
        // A bucket that fills with time: it is empty at an instant that each block moves on.
        MonotonicInstant now = time.MonotonicNow();
        MonotonicInstant full = now.Add(-Burst * NsPerBlock);
        MonotonicInstant empty = _emptyAt is { } known && known.Since(full) > 0 ? known : full;
        // A gap leaves room for the data that it was written for: else a flood would be kept as gaps alone.
        long needed = block is GapBlock ? NsPerBlock : 0;
        if (empty.Since(now) + needed >= 0)
        {
            return false;
        }

        _emptyAt = empty.Add(NsPerBlock);
        return inner.TryAppend(block);
    }
}
