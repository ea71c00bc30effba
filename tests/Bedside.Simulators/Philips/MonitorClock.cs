using System.Globalization;

namespace Bedside.Simulators.Philips;

/// <summary>
/// The monitor's two clocks. The relative one counts 1/8 ms since the monitor started, drifts, and wraps at 32 bits on the wire; the
/// absolute one is the wall clock as somebody once set it. Inside, ticks are counted in 64 bits and never wrap.
/// </summary>
internal sealed class MonitorClock(SimulationClock clock, uint relativeStart, double driftPpm, TimeSpan wallOffset)
{
    public const long TickNanoseconds = 125_000;

    /// <summary>Ticks from one cycle to the next: 1.024 s.</summary>
    public const long CycleTicks = 8192;

    /// <summary>Where the cycle stands against the 256 ms blocks of the waves, as a real monitor had it.</summary>
    public const long CyclePhase = 768;

    private readonly double _rate = 1 + (driftPpm * 1e-6);
    private uint _start = relativeStart;
    private long _startedAt;
    private TimeSpan _wallOffset = wallOffset;

    /// <summary>Ticks since the monitor started.</summary>
    public long Ticks => (long)((clock.Now - _startedAt) * _rate / TickNanoseconds);

    /// <summary>The simulation's time of a tick, nanoseconds.</summary>
    public long TimeOf(long tick) => _startedAt + (long)Math.Ceiling(tick * TickNanoseconds / _rate);

    /// <summary>The patient's time of a tick, nanoseconds since the patient's epoch.</summary>
    public long PatientTime(long tick) => clock.PatientTime(TimeOf(tick));

    /// <summary>RelativeTime as on the wire.</summary>
    public uint Relative(long tick) => unchecked((uint)(_start + (ulong)tick));

    /// <summary>When a cycle begins, ticks.</summary>
    public static long CycleStart(long cycle) => (cycle * CycleTicks) + CyclePhase;

    /// <summary>What the wall clock of the monitor shows at a tick.</summary>
    public DateTimeOffset Wall(long tick) =>
        clock.StartedAt.ToDateTime().AddTicks(_startedAt / 100).AddTicks((long)(tick * (TickNanoseconds / 100.0))) + _wallOffset;

    /// <summary>What the wall clock showed at a time of the patient.</summary>
    public DateTimeOffset WallOfPatient(long patientNanoseconds) =>
        Wall((long)((patientNanoseconds - clock.PatientTime(_startedAt)) * _rate / TickNanoseconds));

    /// <summary>AbsoluteTime: eight bytes of BCD, century first, the fraction unused.</summary>
    public static void WriteAbsolute(MessageWriter writer, DateTimeOffset time)
    {
        foreach (int value in (int[])[time.Year / 100, time.Year % 100, time.Month, time.Day, time.Hour, time.Minute, time.Second, 0])
        {
            _ = writer.U8(Convert.ToInt32(value.ToString(CultureInfo.InvariantCulture), 16));
        }
    }

    /// <summary>The monitor is switched off and on: the relative clock begins at 0.</summary>
    public void Restart()
    {
        _startedAt = clock.Now;
        _start = 0;
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public void SetWall(TimeSpan forward) => _wallOffset += forward;
}
