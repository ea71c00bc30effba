namespace Bedside.Tests.Viewer.Ward;

/// <summary>A clock that stands until it is moved: wall and steady time both, and the wall can be set.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private long _steady = 1_000_000_000_000;
    private long _wall = new DateTimeOffset(2026, 11, 21, 19, 30, 0, TimeSpan.Zero).UtcTicks * 100;

    public override long TimestampFrequency => 1_000_000_000;

    public long Steady => _steady;

    public override long GetTimestamp() => _steady;

    public override DateTimeOffset GetUtcNow() => new(_wall / 100, TimeSpan.Zero);

    public void Advance(long nanoseconds) => (_steady, _wall) = (_steady + nanoseconds, _wall + nanoseconds);

    public void SetWall(long nanosecondsAhead) => _wall += nanosecondsAhead;
}
