using Bedside.Model;

namespace Bedside.Storage.Retention;

/// <summary>
/// Whether the box's wall clock may be believed when it says that data are old. It is expected to be where it was believed
/// last, plus what the monotonic clock counted since; after a start nobody knows how long the box was off, so that counts
/// as a jump when it is more than the bound. Not for several threads.
/// </summary>
internal sealed class ClockTrust(TimeProvider clock, TimeSpan bound)
{
    private const long NanosecondsPerTick = 100;

    private long _anchoredAt;

    /// <summary>The newest time that was believed; null = none yet.</summary>
    public UtcInstant? Believed { get; private set; }

    private UtcInstant Now => UtcInstant.FromDateTime(clock.GetUtcNow());

    /// <summary>What was believed before this start: from the ledger, or the newest data there are.</summary>
    public void Begin(UtcInstant? believed)
    {
        Believed = believed;
        _anchoredAt = clock.GetTimestamp();
    }

    /// <summary>True while the clock is where it is expected.</summary>
    public bool IsTrusted()
    {
        UtcInstant now = Now;
        if (Believed is { } believed && !IsNear(now, believed.Add(clock.GetElapsedTime(_anchoredAt).Ticks * NanosecondsPerTick)))
        {
            return false;
        }

        Believed = now;
        _anchoredAt = clock.GetTimestamp();
        return true;
    }

    /// <summary>Another source says that the clock is right now.</summary>
    public void Agree() => Begin(Now);

    /// <summary>A person said at <paramref name="confirmed"/>, by this very clock, that it is right.</summary>
    public void Hear(UtcInstant? confirmed)
    {
        if (confirmed is { } at && IsNear(Now, at))
        {
            Agree();
        }
    }

    /// <summary>A device's wall clock is so far ahead of the box's.</summary>
    public void HearDevice(long offsetNanoseconds)
    {
        if (Int128.Abs(offsetNanoseconds) <= bound.Ticks * (Int128)NanosecondsPerTick)
        {
            Agree();
        }
    }

    private bool IsNear(UtcInstant left, UtcInstant right) =>
        Int128.Abs((Int128)left.UnixNanoseconds - right.UnixNanoseconds) <= bound.Ticks * (Int128)NanosecondsPerTick;
}
