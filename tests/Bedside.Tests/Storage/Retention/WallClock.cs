namespace Bedside.Tests.Storage.Retention;

/// <summary>A clock whose wall time can be set without the monotonic one moving. It begins where a <see cref="Bed"/> does, and has no timers.</summary>
internal sealed class WallClock : TimeProvider
{
    private TimeSpan _monotonic;
    private TimeSpan _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _monotonic.Ticks;

    public override DateTimeOffset GetUtcNow() => Bed.Start.ToDateTime() + _monotonic + _set;

    public void Advance(TimeSpan time) => _monotonic += time;

    /// <summary>Somebody sets the wall clock.</summary>
    public void Set(TimeSpan by) => _set += by;
}
