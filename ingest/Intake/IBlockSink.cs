using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>Where blocks go: the store, or a test's list.</summary>
public interface IBlockSink
{
    /// <summary>The signal of this metric of this device; the same one each time, also after a restart.</summary>
    Signal Register(string device, Metric metric);

    /// <summary>The newest block of the signal, also from before a restart; null = none.</summary>
    Block? Last(SignalNumber signal);

    /// <summary>False = not taken: the queue is full. The caller accounts for what is lost.</summary>
    bool TryAppend(Block block);
}
