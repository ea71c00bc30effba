using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>The one place where arrival times are made: CLOCK_MONOTONIC of a <see cref="TimeProvider"/>, in nanoseconds.</summary>
public static class MonotonicClock
{
    public static MonotonicInstant MonotonicNow(this TimeProvider time) =>
        new((long)((Int128)time.GetTimestamp() * 1_000_000_000 / time.TimestampFrequency));

    /// <summary>Blocks the calling thread, which must be one that owns a port; returns early when <paramref name="cancel"/> is cancelled.</summary>
    public static void Rest(this TimeProvider time, TimeSpan duration, CancellationToken cancel)
    {
        if (duration <= TimeSpan.Zero || cancel.IsCancellationRequested)
        {
            return;
        }

        using var over = new ManualResetEventSlim();
        using CancellationTokenRegistration cancelled = cancel.Register(over.Set);
        using ITimer timer = time.CreateTimer(_ => over.Set(), state: null, duration, Timeout.InfiniteTimeSpan);
        over.Wait(CancellationToken.None);
    }
}
