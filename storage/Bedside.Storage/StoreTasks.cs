using System.Threading.Channels;
using Bedside.Model;
using Bedside.Storage.Disk;

namespace Bedside.Storage;

/// <summary>
/// The two tasks of a store. One writes: it takes what is queued, hands it to readers and to the tail at once and makes it durable
/// within the bound. The other seals closed journals and prepares the next, so that the first never waits for that.
/// </summary>
internal sealed class StoreTasks : IAsyncDisposable
{
    /// <summary>A sync begins so many times as long before the bound as the slowest of the last ones took, so that it ends inside …</summary>
    private const int Headroom = 3;

    /// <summary>… but no less, and no more, than these parts of the bound.</summary>
    private const double LeastHeadroom = 0.02;
    private const double MostHeadroom = 0.3;

    /// <summary>The slowest sync counts for less after each that was faster.</summary>
    private const double Forgetting = 0.99;

    private const int LastAttempts = 3;

    /// <summary>So many closed journals may wait before an import does.</summary>
    private const int MostWaiting = 1;

    private static readonly TimeSpan RetrySealing = TimeSpan.FromSeconds(10);

    private readonly StoreEngine _engine;
    private readonly StoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly Channel<Request> _queue;
    private readonly Channel<bool> _sealWanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopSealing = new();
    private readonly List<Waiter> _waiters = [];
    private readonly Task _writing;
    private readonly Task _sealing;
    private Request? _begin;
    private TimeSpan _slowest;
    private TaskCompletionSource _sealed = NewSignal();
    private volatile bool _isDisposed;

    public StoreTasks(StoreEngine engine, StoreOptions options, TimeProvider clock)
    {
        _engine = engine;
        _options = options;
        _clock = clock;
        _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _writing = Task.Run(WriteLoopAsync, CancellationToken.None);
        _sealing = Task.Run(() => SealLoopAsync(_stopSealing.Token), CancellationToken.None);
    }

    public bool TryAppend(Block block) => _queue.Writer.TryWrite(new Request(block, Done: null));

    /// <summary>Waits for the queue, and for the sealing of journals, which an import outruns: their indexes are in memory.</summary>
    public async ValueTask AppendAsync(Block block, CancellationToken cancel)
    {
        while (_engine.Holdings.Waiting > MostWaiting && !_isDisposed)
        {
            await Volatile.Read(ref _sealed).Task.WaitAsync(RetrySealing, _clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
        }

        await _queue.Writer.WriteAsync(new Request(block, Done: null), cancel);
    }

    /// <summary>Tells the writer that there is a description to write. When the queue is full it is awake anyway.</summary>
    public void Wake() => _queue.Writer.TryWrite(default);

    public async Task<UtcInstant> SyncAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource<UtcInstant>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Request(Block: null, done), cancel);
        return await done.Task.WaitAsync(cancel);
    }

    /// <summary>Returns when what was appended before is of the stay before, and what comes is of this one. Throws as <see cref="StoreEngine.BeginStayAsync"/> does.</summary>
    public async Task BeginStayAsync(StayId stay, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<UtcInstant>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Request(Block: null, done, stay), cancel);
        _ = await done.Task.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _queue.Writer.Complete();
        await _stopSealing.CancelAsync();
        await _sealing;
        await _writing;
        _stopSealing.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteLoopAsync()
    {
        Task<bool> ready = _queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        while (true)
        {
            UtcInstant now = _engine.Now;
            bool isDrained = Drain(_queue.Reader.Count);
            await _engine.Journal.WriteAsync();
            await BeginStayAsync();
            if (_engine.Journal.Syncing is { IsCompleted: true })
            {
                await _engine.Journal.SettleAsync();
                _slowest = _engine.Journal.LastSync > _slowest ? _engine.Journal.LastSync : _slowest * Forgetting;
            }

            if (!_engine.Journal.HasUnsynced)
            {
                _engine.Journal.DurableUpTo = now;
            }

            Answer();
            BeginSyncIfDue(isDrained ? now : _engine.Journal.DurableUpTo);
            if (_engine.Holdings.NextToSeal() is not null)
            {
                _sealWanted.Writer.TryWrite(item: true);
            }

            if (ready.IsCompleted)
            {
                if (!await ready)
                {
                    break;
                }

                ready = _queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            }

            await WaitAsync(ready);
        }

        await FinishAsync();
    }

    /// <summary>Stages up to as many requests as there were; false when memory is full of what the disk has not taken.</summary>
    private bool Drain(int count)
    {
        for (int i = 0; i < count && !_engine.Journal.IsFull; i++)
        {
            if (!_queue.Reader.TryRead(out Request request))
            {
                break;
            }

            _engine.StageDescriptions();
            if (request.Stay != StayId.None)
            {
                // What was staged before is of the stay before: that one is ended in order first.
                _begin = request;
                return false;
            }

            if (request.Block is { } block)
            {
                _ = _engine.Journal.Stage(block);
            }
            else if (request.Done is { } done)
            {
                _waiters.Add(new Waiter(_engine.Journal.LastStaged, done));
            }
        }

        _engine.StageDescriptions();
        return !_engine.Journal.IsFull;
    }

    private async ValueTask BeginStayAsync()
    {
        if (_begin is not { Done: { } done } request)
        {
            return;
        }

        _begin = null;
        try
        {
            await _engine.BeginStayAsync(request.Stay);
            _ = done.TrySetResult(_engine.Now);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException || DiskErrors.Is(error))
        {
            _ = done.TrySetException(error);
        }
    }

    private void BeginSyncIfDue(UtcInstant covers)
    {
        if (_engine.Journal.HasUnsynced && (_waiters.Count > 0 || _engine.Journal.WantsSync || UntilDue() <= TimeSpan.Zero))
        {
            _ = _engine.Journal.BeginSync(covers);
        }
    }

    private void Answer() => _waiters.RemoveAll(waiter =>
        (waiter.Needs <= _engine.Journal.LastDurable || !_engine.Journal.HasUnsynced)
        && (waiter.Done.TrySetResult(_engine.Journal.DurableUpTo) || waiter.Done.Task.IsCompleted));

    private TimeSpan UntilDue() => _options.SyncEvery - Margin() - _clock.GetElapsedTime(_engine.Journal.Oldest);

    private TimeSpan Margin() => _options.SyncEvery * Math.Clamp(Headroom * _slowest / _options.SyncEvery, LeastHeadroom, MostHeadroom);

    private TimeSpan UntilRetry() => _clock.GetElapsedTime(_clock.GetTimestamp(), _engine.Journal.RetryAt);

    /// <summary>Until there is something to take, a sync is due, one has ended, or a refusing disk is to be asked again.</summary>
    private async Task WaitAsync(Task<bool> ready)
    {
        var events = new List<Task>(3);
        if (!_engine.Journal.IsFull)
        {
            events.Add(ready);
        }

        TimeSpan? wake = null;
        if (_engine.Journal.Syncing is { } syncing)
        {
            events.Add(syncing);
        }
        else if (_engine.Journal.HasUnsynced)
        {
            wake = _engine.Journal.IsFailing ? UntilRetry() : UntilDue();
        }

        using var enough = new CancellationTokenSource();
        if (wake is { } delay)
        {
            events.Add(Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, _clock, enough.Token));
        }

        await Task.WhenAny(events);
        await enough.CancelAsync();
    }

    private async Task FinishAsync()
    {
        for (int attempt = 0; attempt < LastAttempts; attempt++)
        {
            while (!Drain(int.MaxValue) && _begin is not null)
            {
                await BeginStayAsync();
            }

            await _engine.Journal.CloseAsync();
            Answer();
        }

        if (_engine.Journal.HasUnsynced)
        {
            _engine.Health.Failed("the store was closed while the disk took nothing: the last blocks are lost");
        }

        _waiters.ForEach(waiter => waiter.Done.TrySetException(new IOException("the store was closed before the disk took everything")));
    }

    private async Task SealLoopAsync(CancellationToken cancel)
    {
        bool isTidy = false;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (!isTidy)
                {
                    _engine.TidyUp();
                    isTidy = true;
                }

                _engine.Prepare();
                while (_engine.SealNext(cancel))
                {
                    Interlocked.Exchange(ref _sealed, NewSignal()).TrySetResult();
                    _engine.Prepare();
                }

                await _sealWanted.Reader.ReadAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _engine.Health.Failed($"a journal could not be sealed, it is tried again: {error.Message}");
                await Task.Delay(RetrySealing, _clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private readonly record struct Request(Block? Block, TaskCompletionSource<UtcInstant>? Done, StayId Stay = default);

    private readonly record struct Waiter(ulong Needs, TaskCompletionSource<UtcInstant> Done);
}
