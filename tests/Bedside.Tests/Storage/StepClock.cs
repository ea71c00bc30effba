namespace Bedside.Tests.Storage;

/// <summary>A clock that moves only when told, so that a run can be had again. It has no timers.</summary>
internal sealed class StepClock : TimeProvider
{
    private long _milliseconds;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Volatile.Read(ref _milliseconds);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_795_285_500_000 + GetTimestamp());

    public void Advance(int milliseconds) => Interlocked.Add(ref _milliseconds, milliseconds);
}
