using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Notices records that never came. Nothing on the line numbers or marks them (sheet 7.4): all there is to go by is that
/// arrivals fall behind the samples counted. Single arrivals are late by whatever the line and the system like; the
/// earliest of each two seconds is not.
/// </summary>
internal sealed class ArrivalWatch
{
    private const long Window = 2_000_000_000;
    private const long Pause = 1_000_000_000;
    private const long LeastLag = 50_000_000;

    /// <summary>What two clocks may differ by in one window: 500 parts per million.</summary>
    private const long MostDrift = 1_000_000;

    private MonotonicInstant _first;
    private MonotonicInstant _last;
    private long _earliest;
    private long? _usual;
    private long _windowEnd;
    private bool _begun;

    public void Reset() => _begun = false;

    /// <summary>
    /// Takes the arrival of the record at <paramref name="time"/> nanoseconds of samples; gives the nanoseconds that are
    /// missing before it, 0 mostly.
    /// </summary>
    public long Missing(MonotonicInstant arrival, long time, long period)
    {
        if (!_begun)
        {
            _begun = true;
            _first = arrival.Add(-time);
            _last = arrival;
            _usual = null;
            OpenWindow(time);
            return 0;
        }

        long silence = arrival.Since(_last);
        _last = arrival;
        if (silence > Math.Max(Pause, 10 * period))
        {
            return silence - period;
        }

        _earliest = Math.Min(_earliest, arrival.Since(_first) - time);
        if (time < _windowEnd)
        {
            return 0;
        }

        long lag = _earliest - (_usual ?? _earliest);
        if (lag > Math.Max(2 * period, LeastLag))
        {
            return lag;
        }

        // Earlier than ever only means that the line was late before; later is believed as fast as clocks can drift.
        _usual = (_usual ?? _earliest) + Math.Min(lag, MostDrift);
        OpenWindow(time);
        return 0;
    }

    private void OpenWindow(long time)
    {
        _windowEnd = time + Window;
        _earliest = long.MaxValue;
    }
}
