using Bedside.Storage.Disk;

namespace Bedside.Storage.Retention;

/// <summary>The task that looks after a store while it is open: retention, and room on a full disk. It never waits for capture, nor capture for it.</summary>
internal sealed class StoreCare : IAsyncDisposable
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    /// <summary>After something was dropped, and while the disk takes nothing.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(500);

    private readonly Keeper _keeper;
    private readonly HealthLog _health;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _caring;

    public StoreCare(Keeper keeper, HealthLog health, TimeProvider clock)
    {
        _keeper = keeper;
        _health = health;
        _clock = clock;
        _caring = Task.Run(() => CareAsync(_stop.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_caring.IsCompleted && _stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _caring;
        _stop.Dispose();
    }

    private async Task CareAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            bool isBusy = false;
            try
            {
                isBusy = _keeper.Step(cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _health.Failed($"what is to be dropped could not be, it is tried again: {error.Message}");
            }

            TimeSpan wait = isBusy || !_health.Writing ? Busy : Calm;
            await WaitAsync(wait, cancel);
        }
    }

    /// <summary>The whole of <paramref name="wait"/>, unless the disk begins to refuse meanwhile.</summary>
    private async Task WaitAsync(TimeSpan wait, CancellationToken cancel)
    {
        bool wasWriting = _health.Writing;
        for (TimeSpan left = wait; left > TimeSpan.Zero && !cancel.IsCancellationRequested && (!wasWriting || _health.Writing); left -= Busy)
        {
            await Task.Delay(left < Busy ? left : Busy, _clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
