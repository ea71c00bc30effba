using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>The box's clock in the words of the model.</summary>
internal static class BoxClock
{
    private const long NanosecondsPerTick = 100;

    public static UtcInstant Instant(this TimeProvider time) => UtcInstant.FromDateTime(time.GetUtcNow());

    public static long Nanoseconds(this TimeSpan span) => span.Ticks * NanosecondsPerTick;
}

/// <summary>One run of the program on the box.</summary>
/// <param name="Epoch">Another number in every run: the second it began, since 1970.</param>
/// <param name="StartedAt">When it began.</param>
internal sealed record BoxRun(uint Epoch, UtcInstant StartedAt)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static BoxRun Begin(TimeProvider time)
    {
        UtcInstant now = time.Instant();
        return new BoxRun(unchecked((uint)(now.UnixNanoseconds / NanosecondsPerSecond)), now);
    }
}
