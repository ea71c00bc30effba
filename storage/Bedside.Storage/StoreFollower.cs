using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Bedside.Model;

namespace Bedside.Storage;

/// <summary>
/// The blocks of a store as they are appended. Who reads too slowly loses the oldest, and is told how many. For one reader.
/// </summary>
public sealed class StoreFollower : IDisposable
{
    private readonly Channel<Block> _blocks;
    private readonly Action<StoreFollower> _leave;
    private long _dropped;

    internal StoreFollower(int capacity, Action<StoreFollower> leave)
    {
        _leave = leave;
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _blocks = Channel.CreateBounded<Block>(options, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>How many blocks were lost to this follower since it began.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public bool TryRead([NotNullWhen(true)] out Block? block) => _blocks.Reader.TryRead(out block);

    /// <summary>True once there is a block to read, false when the store closed or this follower left.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) => _blocks.Reader.WaitToReadAsync(cancel);

    public void Dispose()
    {
        _leave(this);
        Close();
    }

    internal void Show(Block block) => _blocks.Writer.TryWrite(block);

    internal void Close() => _blocks.Writer.TryComplete();
}
