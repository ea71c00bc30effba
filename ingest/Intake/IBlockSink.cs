using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>Where blocks go: the store, or a test's list.</summary>
public interface IBlockSink
{
    /// <summary>The signal of this metric of this device; the same one each time, also after a restart.</summary>
    Signal Register(string device, Metric metric);

    /// <summary>The newest block of the signal, also from before a restart; null = none.</summary>
    Block? Last(SignalNumber signal);

    /// <summary>What is stored of a signal in [from, to), ascending; for sinks that do not keep anything, nothing.</summary>
    IEnumerable<Block> Stored(SignalNumber signal, UtcInstant from, UtcInstant to) => [];

    /// <summary>The alerts of all devices that are stored in [from, to).</summary>
    IEnumerable<AlertBlock> StoredAlerts(UtcInstant from, UtcInstant to) => [];

    /// <summary>The marks that are stored in [from, to).</summary>
    IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => [];

    /// <summary>False = not taken: the queue is full. The caller accounts for what is lost.</summary>
    bool TryAppend(Block block);
}
