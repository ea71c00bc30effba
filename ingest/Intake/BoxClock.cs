using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// The box's UTC at a monotonic instant. Small corrections of the system clock (NTP slewing) are followed; a step is told to
/// the caller, who opens new epochs, so that stored times never run backwards unexplained.
/// </summary>
/// <param name="time">The box's clocks.</param>
/// <param name="uncertainty">How far its UTC may be from the truth, microseconds; null = taken for exact, as in recordings.</param>
public sealed class BoxClock(TimeProvider time, Func<uint>? uncertainty = null)
{
    private const long StepNs = 100_000_000;

    private long _offset;
    private bool _known;

    /// <summary>How far its UTC may be from the truth.</summary>
    public uint UncertaintyMicroseconds => uncertainty?.Invoke() ?? 0;

    /// <summary>
    /// UTC of <paramref name="arrival"/>, an instant of this <see cref="TimeProvider"/>'s own monotonic clock. <paramref name="stepNanoseconds"/> is
    /// not 0 where the system clock was set since the last call.
    /// </summary>
    public UtcInstant UtcOf(MonotonicInstant arrival, out long stepNanoseconds)
    {
        long now = MonotonicNow().Nanoseconds;
        long offset = UtcInstant.FromDateTime(time.GetUtcNow()).UnixNanoseconds - now;
        stepNanoseconds = 0;
        if (!_known)
        {
            (_offset, _known) = (offset, true);
        }
        else if (Math.Abs(offset - _offset) > StepNs)
        {
            stepNanoseconds = offset - _offset;
            _offset = offset;
        }
        else
        {
            // Two clocks cannot be read at the same instant: follow the trend, not the noise of one reading.
            _offset += (offset - _offset) / 64;
        }

        return new UtcInstant(arrival.Nanoseconds + _offset);
    }

    public MonotonicInstant MonotonicNow() =>
        new((long)((Int128)time.GetTimestamp() * 1_000_000_000 / time.TimestampFrequency));
}
