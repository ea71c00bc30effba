using Bedside.Model;

namespace Bedside.Ingest.Drivers;

/// <summary>
/// Counts samples as time for devices that number nothing, and notices the ones that never came: all there is to go by is that arrivals
/// fall behind the count. Single arrivals are late by whatever the line and the system like; the earliest of each two seconds is not.
/// </summary>
internal sealed class SampleClock(long periodNanoseconds)
{
    private const long Window = 2_000_000_000;
    private const long Pause = 1_000_000_000;

    /// <summary>Less than that is a line's or an adapter's way of bundling.</summary>
    private const long ShortestLag = 60_000_000;

    /// <summary>What two clocks may differ by in one window: 500 parts per million.</summary>
    private const long MostDrift = 1_000_000;

    private MonotonicInstant _first;
    private MonotonicInstant _last;
    private long _earliest;
    private long? _usual;
    private long _windowEnd;
    private bool _begun;

    public long Period => periodNanoseconds;

    /// <summary>Nanoseconds of samples before the next one.</summary>
    public long Now { get; private set; }

    /// <summary>Samples that are missing before the one that arrives now, 0 mostly. The caller tells them, and this counts them.</summary>
    public long Missing(MonotonicInstant arrival)
    {
        if (!_begun)
        {
            _begun = true;
            _first = arrival.Add(-Now);
            _last = arrival;
            _usual = null;
            OpenWindow();
            return 0;
        }

        long silence = arrival.Since(_last);
        _last = arrival;
        if (silence > Pause)
        {
            return Skip(silence - Period);
        }

        _earliest = Math.Min(_earliest, arrival.Since(_first) - Now);
        if (Now < _windowEnd)
        {
            return 0;
        }

        long lag = _earliest - (_usual ?? _earliest);
        if (lag > Math.Max(ShortestLag, 2 * Period))
        {
            return Skip(lag);
        }

        // Earlier than ever only means that the line was late before; later is believed as fast as clocks can drift.
        _usual = (_usual ?? _earliest) + Math.Min(lag, MostDrift);
        OpenWindow();
        return 0;
    }

    /// <summary>One sample was taken, or is known to be lost.</summary>
    public void Count() => Now += Period;

    private long Skip(long nanoseconds)
    {
        long samples = nanoseconds / Period;
        Now += samples * Period;
        OpenWindow();
        return samples;
    }

    private void OpenWindow()
    {
        _windowEnd = Now + Window;
        _earliest = long.MaxValue;
    }
}
