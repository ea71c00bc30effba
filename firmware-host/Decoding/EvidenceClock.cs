using Bedside.Model;

namespace Bedside.Host.Decoding;

/// <summary>The box's two clocks as they were when something went over a port.</summary>
internal sealed class EvidenceClock : TimeProvider
{
    private long _offset;

    public MonotonicInstant Now { get; private set; }

    public UtcInstant Utc => new(Now.Nanoseconds + _offset);

    /// <summary>How far its UTC may have been from the truth.</summary>
    public uint UncertaintyMicroseconds { get; private set; }

    public override long TimestampFrequency => 1_000_000_000;

    public void Set(MonotonicInstant now, UtcInstant utc, uint uncertaintyMicroseconds) =>
        (Now, _offset, UncertaintyMicroseconds) = (now, utc.UnixNanoseconds - now.Nanoseconds, uncertaintyMicroseconds);

    /// <summary>Only time passed.</summary>
    public void Advance(MonotonicInstant now) => Now = now;

    public override long GetTimestamp() => Now.Nanoseconds;

    public override DateTimeOffset GetUtcNow() => Utc.ToDateTime();
}
