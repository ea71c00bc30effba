using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Stays;

namespace Bedside.Host.Services;

/// <summary>
/// Tells the book of stays whether signals come, and begins a new key of the store whenever another patient, or nobody, lies in the bed. Keys follow what is known at the time;
/// what becomes known later moves no data: the book says under which keys a stay's data lie.
/// </summary>
internal sealed partial class StayWatch(Store store, StayBook book, TimeProvider time, ILogger<StayWatch> log) : BackgroundService
{
    /// <summary>Blocks that wait to be looked at; of more, the oldest are not needed.</summary>
    private const int Waiting = 4096;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private SignalPresence? _presence;

    /// <summary>Looks once: what came since, what passing time changed, whose the bed is.</summary>
    public async Task LookAsync(StoreFollower follower, CancellationToken cancel)
    {
        _presence ??= AsItWas();
        while (follower.TryRead(out Block? block))
        {
            if (SignalPresence.IsOfPatient(block, number => store.Signals.FirstOrDefault(signal => signal.Number == number)))
            {
                _presence.Hear(block.End);
            }
        }

        if (_presence.Look() is { } said)
        {
            _ = await book.SayAsync(said, cancel);
        }

        await book.ElapseAsync(cancel);
        await KeepKeysAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using StoreFollower follower = store.Follow(Waiting);
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await TryLookAsync(follower, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private async Task TryLookAsync(StoreFollower follower, CancellationToken cancel)
    {
        try
        {
            await LookAsync(follower, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is, capture goes on.
            LogFailed(error.Message);
        }
    }

    /// <summary>Where the book stopped: signals go on when the store's newest is young.</summary>
    private SignalPresence AsItWas()
    {
        var now = UtcInstant.FromDateTime(time.GetUtcNow());
        UtcInstant newest = book.SignalsCome
            ? book.Events.Where(said => said.Kind == StayEventKind.SignalsBegan).Select(said => said.Happened ?? said.Arrived).DefaultIfEmpty(now).Max()
            : new UtcInstant(long.MinValue);
        foreach (Signal signal in book.SignalsCome ? store.Signals : [])
        {
            if (store.Last(signal.Number) is { } block && block.End > newest && block.End <= now && SignalPresence.IsOfPatient(block, _ => signal))
            {
                newest = block.End;
            }
        }

        TimeSpan ago = book.SignalsCome ? TimeSpan.FromMicroseconds(Math.Max(0, now.Since(newest)) / 1000) : TimeSpan.Zero;
        return new SignalPresence(time, book.SignalsCome, newest, ago);
    }

    private async Task KeepKeysAsync(CancellationToken cancel)
    {
        StayId current = store.CurrentStay;
        if (current == StayId.None)
        {
            return; // Nothing is encrypted.
        }

        StayId present = book.Present?.Stay ?? StayId.None;
        if (book.Keys.Count == 0 || book.Keys[^1].Key != current)
        {
            // A first start; or one began a key by hand, or had one erased.
            await StayBinding.BindAsync(store, book, cancel);
        }

        if (book.Keys[^1].Stay == present)
        {
            return;
        }

        if (book.Keys[^1].Stay == StayId.None && book.Present is { Certainty: StayCertainty.NoPatientYet } && book.StaysOf(current).All(stay => stay == present))
        {
            // Nobody's data are under it, and nobody knows yet whose these are.
            await book.AdoptAsync(new StayKey(current, UtcInstant.FromDateTime(time.GetUtcNow()), present), cancel);
            return;
        }

        try
        {
            await store.BeginStayAsync(StayId.New(), cancel);
        }
        finally
        {
            // The boundary holds even when the file of keys has to wait.
            await StayBinding.BindAsync(store, book, cancel);
        }

        LogChange(present == StayId.None ? "nobody" : present.ToString());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stays: {Reason}; it is tried again")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stays: {Who} lies in the bed now; what comes is kept under a new key")]
    private partial void LogChange(string who);
}
