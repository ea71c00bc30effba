using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>The intake's view of the store.</summary>
internal sealed class StoreSink(Store store) : IBlockSink
{
    public Signal Register(string device, Metric metric) => store.Register(device, metric);

    public Block? Last(SignalNumber signal) => store.Last(signal);

    public IEnumerable<Block> Stored(SignalNumber signal, UtcInstant from, UtcInstant to) => store.Read(signal, from, to);

    public IEnumerable<AlertBlock> StoredAlerts(UtcInstant from, UtcInstant to) => store.ReadBed(from, to).OfType<AlertBlock>();

    public IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => store.ReadBed(from, to).OfType<AnnotationBlock>();

    public bool TryAppend(Block block) => store.TryAppend(block);
}
