using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer.Rights;
using Bedside.Viewer.Sheet;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Live;

/// <summary>
/// Follows the store once for all screens: encodes each block once, keeps the last half minute, and offers every batch to
/// every client without ever waiting for one. The lock makes history and clients one point of the stream; nobody does I/O
/// under it.
/// </summary>
internal sealed class LiveHub(Store store, BedView view, CompletenessDay day, SheetBook sheet, IOptions<ViewerOptions> options, TimeProvider time, ILogger<LiveHub> log) : BackgroundService
{
    private const int MostBatchBytes = 1 << 20;
    private static readonly TimeSpan RecallPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1);
    private const WebSocketCloseStatus NotAcknowledged = (WebSocketCloseStatus)4008;

    private readonly Lock _gate = new();
    private readonly List<LiveClient> _clients = [];
    private readonly LiveLimits _limits = options.Value.Live;
    private readonly LiveHistory _history = new(time, options.Value.Live.History, options.Value.Live.HistoryBytes);
    private int _places = options.Value.Live.Clients;

    /// <summary>Takes a place for a client; false when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Decrement(ref _places) >= 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Increment(ref _places);

    public void Add(LiveClient client)
    {
        lock (_gate)
        {
            _clients.Add(client);
        }
    }

    public void Remove(LiveClient client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
        }
    }

    /// <summary>Gives the client the history, and from that very point on all that follows.</summary>
    public void Synchronise(LiveClient client, Beginning beginning)
    {
        lock (_gate)
        {
            client.Outbox.Begin(_history.Retain(), beginning);
        }
    }

    /// <summary>Body of a SNAPSHOT frame, as things stand now.</summary>
    public ReadOnlyMemory<byte> Snapshot(UtcInstant? notBefore) => JsonSerializer.SerializeToUtf8Bytes(AmbientWindow.Cut(view.Snapshot(), notBefore), ViewerJson.Default.SnapshotAnswer);

    /// <summary>What a frame sent now says of the box's clock.</summary>
    public FrameStamp Stamp() => new(view.Run.Epoch, time.Instant(), options.Value.ClockUncertaintyMicroseconds());

    /// <summary>Whatever goes wrong here must not stop the recording: it is logged, and begun anew. Until then the screens show that they hear nothing.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using StoreFollower follower = store.Follow(_limits.FollowedBlocks);
                await RecallAsync(stoppingToken);
                await FollowAndBeatAsync(follower, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                log.LogError(error, "The live view failed and begins anew");
                await Task.Delay(RestartAfter, time, CancellationToken.None);
            }
        }
    }

    private async Task FollowAndBeatAsync(StoreFollower follower, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task following = FollowAsync(follower, either.Token);
        Task beating = BeatAsync(either.Token);
        await Task.WhenAny(following, beating);
        if (!following.IsCompletedSuccessfully)
        {
            await either.CancelAsync();
        }

        await Task.WhenAll(following, beating);
    }

    /// <summary>
    /// Reads back what came before the follower. What was appended but not written yet is waited for, within reason: a
    /// disk that takes nothing, or a past that cannot be read, must not stop the present from being shown.
    /// </summary>
    private async Task RecallAsync(CancellationToken stopping)
    {
        try
        {
            await store.SyncAsync(stopping).WaitAsync(RecallPatience, time, stopping);
        }
        catch (Exception error) when (error is IOException or TimeoutException)
        {
            log.LogWarning(error, "The store did not write in time; what it holds is recalled as it is");
        }

        try
        {
            view.Recall();
        }
        catch (IOException error)
        {
            log.LogWarning(error, "What the store held before this run could not be read whole");
        }
    }

    private async Task FollowAsync(StoreFollower follower, CancellationToken stopping)
    {
        var encoded = new ArrayBufferWriter<byte>();
        long droppedBefore = 0;
        UtcInstant followedUpTo = time.Instant();
        while (await follower.WaitAsync(stopping))
        {
            var batch = new LiveBatch();
            while (batch.Length < MostBatchBytes && follower.TryRead(out Block? block))
            {
                view.Observe(block);
                day.Observe(block);
                sheet.Observe(block);
                Encode(block, encoded, batch);
            }

            UtcInstant now = time.Instant();
            Publish(batch);
            if (follower.Dropped > droppedBefore)
            {
                droppedBefore = follower.Dropped;
                PublishGap(followedUpTo, now);
            }

            followedUpTo = now;
            await Task.Delay(_limits.FrameInterval, time, stopping);
        }
    }

    /// <summary>A block that the format cannot hold is refused by the store, and counted in its health; it has no bytes to be sent.</summary>
    private void Encode(Block block, ArrayBufferWriter<byte> encoded, LiveBatch batch)
    {
        encoded.ResetWrittenCount();
        try
        {
            BlockCodec.Encode(block, encoded);
        }
        catch (ArgumentException error)
        {
            log.LogWarning(error, "A block of signal {Signal} cannot be sent", block.Signal.Value);
            return;
        }

        batch.Add(block, encoded.WrittenSpan);
    }

    private void Publish(LiveBatch batch)
    {
        if (batch.Length > 0)
        {
            lock (_gate)
            {
                _history.Add(batch);
                foreach (LiveClient client in _clients)
                {
                    client.Outbox.Offer(batch);
                }
            }
        }

        batch.Release();
    }

    private void PublishGap(UtcInstant from, UtcInstant to)
    {
        lock (_gate)
        {
            foreach (LiveClient client in _clients)
            {
                client.Outbox.OfferGap(from, to);
            }
        }
    }

    /// <summary>The heartbeat: a screen that hears nothing for longer knows that the link is dead.</summary>
    private async Task BeatAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_limits.StatusInterval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            ReadOnlyMemory<byte> status = JsonSerializer.SerializeToUtf8Bytes(view.Status(), ViewerJson.Default.StatusAnswer);
            lock (_gate)
            {
                foreach (LiveClient client in _clients)
                {
                    if (client.Outbox.OfferStatus(status))
                    {
                        client.Close(NotAcknowledged, "Nothing was acknowledged in time.");
                    }
                }
            }
        }
    }
}
