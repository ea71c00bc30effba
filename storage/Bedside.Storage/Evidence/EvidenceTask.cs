namespace Bedside.Storage.Evidence;

/// <summary>The task that writes the ring of evidence while a store is open.</summary>
internal sealed class EvidenceTask : IAsyncDisposable
{
    /// <summary>How often it looks whether so much waits that it is written before its time.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly EvidenceRing _ring;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    public EvidenceTask(EvidenceRing ring, TimeProvider clock)
    {
        _ring = ring;
        _clock = clock;
        _writing = Task.Run(() => WriteAsync(_stop.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _writing;
        _ring.Close();
        _stop.Dispose();
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        long flushed = _clock.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(Look, _clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ring.IsFull || _clock.GetElapsedTime(flushed) >= _ring.Options.FlushEvery)
            {
                _ring.Flush();
                flushed = _clock.GetTimestamp();
            }
        }
    }
}
