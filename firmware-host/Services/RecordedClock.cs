using Bedside.Model;

namespace Bedside.Host.Services;

/// <summary>The box's clock as it was when a recording was made: it stands where the recording stands.</summary>
internal sealed class RecordedClock(UtcInstant begin) : TimeProvider
{
    /// <summary>Since the recording began.</summary>
    public MonotonicInstant Now { get; set; }

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Now.Nanoseconds;

    public override DateTimeOffset GetUtcNow() => begin.Add(Now.Nanoseconds).ToDateTime();
}
