using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// The monitor's relative time: tells a restart from the wrap and from late datagrams, and holds the pair of relative and
/// wall time that the monitor gives (DEI sheet, section 10).
/// </summary>
internal sealed class MonitorClock
{
    private const int Backwards = RelativeTime.TicksPerSecond;

    /// <summary>The blocks of a wave are up to 1.63 s old when they are sent.</summary>
    private const int WaveBackwards = 5 * RelativeTime.TicksPerSecond;
    private const long Forwards = 3600L * RelativeTime.TicksPerSecond;
    private const long ComparableNanoseconds = 24L * 3600 * 1_000_000_000;
    private const long SayWallEveryNanoseconds = 60_000_000_000;
    private static readonly TimeSpan WallJump = TimeSpan.FromSeconds(2);

    private uint? _last;
    private MonotonicInstant _lastAt;
    private uint? _odd;
    private (DateTime Wall, uint Time)? _anchor;
    private MonotonicInstant _saidAt;

    /// <summary>True once after each restart; the asker forgets what was in the old time.</summary>
    public bool Restarted { get; private set; }

    /// <summary>
    /// Takes the time of a result. False: it does not fit what came before, and what it stamps should not be used. A second
    /// one like it proves a restart, which is said; <paramref name="trusted"/> (the monitor introduced itself) proves it alone.
    /// </summary>
    public bool Observe(uint time, bool wave, bool trusted, MonotonicInstant now, IDriverOutput output)
    {
        Restarted = false;
        int tolerance = wave ? WaveBackwards : Backwards;
        if (_last is not { } last || Fits(last, time, tolerance, now))
        {
            _odd = null;
            Advance(time, now);
            return true;
        }

        bool again = _odd is { } odd && RelativeTime.Between(odd, time) is > -WaveBackwards and < (int)Forwards;
        if (!trusted && !again)
        {
            _odd = time;
            return false;
        }

        Restarted = true;
        _odd = null;
        _anchor = null;
        (_last, _lastAt) = (time, now);
        output.Report(new DeviceEvent.ClockRestarted("the monitor's relative time began anew"));
        return true;
    }

    /// <summary>The wall clock read <paramref name="wall"/> at <paramref name="time"/>. Said at first, after a jump, and once a minute.</summary>
    public void Anchor(DateTime wall, uint time, MonotonicInstant now, IDriverOutput output)
    {
        bool jumped = WallOf(time) is not { } expected || (wall - expected).Duration() >= WallJump;
        if (jumped || now.Since(_saidAt) >= SayWallEveryNanoseconds)
        {
            _saidAt = now;
            _anchor = (wall, time);
            output.Report(new DeviceEvent.WallClock(wall, new DeviceTicks(time)));
        }
    }

    /// <summary>The monitor's local time at a relative time; null while it has told none.</summary>
    public DateTime? WallOf(uint time) =>
        _anchor is { } anchor
            ? anchor.Wall.AddTicks(RelativeTime.Between(anchor.Time, time) * (RelativeTime.NanosecondsPerTick / 100))
            : null;

    private bool Fits(uint last, uint time, int tolerance, MonotonicInstant now)
    {
        long elapsed = now.Since(_lastAt);
        if (elapsed >= ComparableNanoseconds)
        {
            uint expected = unchecked(last + (uint)(elapsed / RelativeTime.NanosecondsPerTick));
            return Math.Abs((long)RelativeTime.Between(expected, time)) < Forwards;
        }

        int ahead = RelativeTime.Between(last, time);
        return ahead >= -tolerance && ahead < Forwards + (elapsed / RelativeTime.NanosecondsPerTick);
    }

    private void Advance(uint time, MonotonicInstant now)
    {
        if (_last is not { } last || RelativeTime.Between(last, time) > 0 || now.Since(_lastAt) >= ComparableNanoseconds)
        {
            (_last, _lastAt) = (time, now);
        }
    }
}
