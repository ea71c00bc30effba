using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Decoding;

/// <summary>
/// Keeps the part of what is decoded that lies in an interval, and hands it on. What the intake asks of the past is answered from
/// what was decoded here and not from the store, so that the same bytes give the same blocks whatever is stored already.
/// </summary>
internal sealed class IntervalSink(Store store, UtcInstant from, UtcInstant to, Action<Block> keep) : IBlockSink
{
    private readonly Dictionary<SignalNumber, Block> _last = [];

    public long Samples { get; private set; }

    public long Readings { get; private set; }

    public Signal Register(string device, Metric metric) => store.Register(device, metric);

    public Block? Last(SignalNumber signal) => _last.GetValueOrDefault(signal);

    public bool TryAppend(Block block)
    {
        if (block is SampleBlock or NumericBlock or TextBlock)
        {
            _last[block.Signal] = block;
        }

        if (BlockClip.Within(block, from, to) is { } kept)
        {
            Samples += kept is SampleBlock samples ? samples.Samples.Length : 0;
            Readings += kept is NumericBlock numeric ? numeric.Readings.Length : 0;
            keep(kept);
        }

        return true;
    }

    /// <summary>Hands blocks to the writer and waits for it: an import has one thread and nothing else to do.</summary>
    public static Action<Block> Into(Store store, CancellationToken cancel) => block =>
    {
        while (!store.TryAppend(block))
        {
            TimeProvider.System.Rest(TimeSpan.FromMilliseconds(1), cancel);
            cancel.ThrowIfCancellationRequested();
        }
    };
}
