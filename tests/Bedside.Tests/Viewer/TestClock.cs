namespace Bedside.Tests.Viewer;

/// <summary>Tells the time it is told to; its timers are those of the machine, and the monotonic clock goes on by itself and as far as it is pushed.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _pushed;
    private long _ticks = new DateTimeOffset(2026, 11, 21, 19, 30, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _pushed);

    /// <summary>So much time passes, also on the monotonic clock.</summary>
    public void Pass(TimeSpan time)
    {
        Advance(time);
        Interlocked.Add(ref _pushed, time.Ticks * (TimestampFrequency / TimeSpan.TicksPerSecond));
    }

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
