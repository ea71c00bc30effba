using Bedside.Model;

namespace Bedside.Storage;

/// <summary>The surface that the other parts compile against; its body is the next commit.</summary>
public sealed class Store : IAsyncDisposable
{
    private Store()
    {
    }

    public IReadOnlyList<Signal> Signals => throw new NotSupportedException();

    public UtcInstant DurableUpTo => throw new NotSupportedException();

    public StoreHealth Health => throw new NotSupportedException();

    public static Store Open(string directory, StoreOptions options, TimeProvider clock) => throw new NotSupportedException();

    public static Store OpenReadOnly(string directory, TimeProvider clock) => throw new NotSupportedException();

    public Signal? Find(string idOrNumber) => throw new NotSupportedException();

    public Signal Register(string device, Metric metric) => throw new NotSupportedException();

    public bool TryAppend(Block block) => throw new NotSupportedException();

    public ValueTask AppendAsync(Block block, CancellationToken cancel) => throw new NotSupportedException();

    public Task<UtcInstant> SyncAsync(CancellationToken cancel) => throw new NotSupportedException();

    public StoreFollower Follow(int capacity) => throw new NotSupportedException();

    public IEnumerable<Block> Read(SignalNumber signal, UtcInstant from, UtcInstant to) => throw new NotSupportedException();

    public IEnumerable<Block> ReadBed(UtcInstant from, UtcInstant to) => throw new NotSupportedException();

    public Block? Last(SignalNumber signal) => throw new NotSupportedException();

    public IReadOnlyList<EnvelopePoint> Envelope(SignalNumber signal, UtcInstant from, UtcInstant to, int points) => throw new NotSupportedException();

    public EnvelopeColumns Columns(SignalNumber signal, UtcInstant start, long columnNanoseconds, int columns) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

/// <summary>Reads a whole store and says what is damaged.</summary>
public static class Verification
{
    public static VerifyReport Run(string directory, CancellationToken cancel) => throw new NotSupportedException();
}
