using Bedside.Model;

namespace Bedside.Simulators;

/// <summary>
/// The simulator's clock: nanoseconds since it started, which never jump, and from them the patient's time,
/// which begins at <paramref name="epoch"/> on the wall clock.
/// </summary>
public sealed class SimulationClock(TimeProvider time, UtcInstant epoch)
{
    private readonly long _started = time.GetTimestamp();

    public UtcInstant StartedAt { get; } = UtcInstant.FromDateTime(time.GetUtcNow());

    /// <summary>Nanoseconds since the simulator started.</summary>
    public long Now => time.GetElapsedTime(_started).Ticks * 100;

    /// <summary>Nanoseconds since the patient's epoch, for an instant of this clock.</summary>
    public long PatientTime(long now) => StartedAt.Add(now).Since(epoch);

    public static long FromSeconds(double seconds) => (long)(seconds * 1e9);
}
