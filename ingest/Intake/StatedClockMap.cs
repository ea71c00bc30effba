using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Maps times that a sender states by its wall clock: what its clock is behind or ahead is the least delay of its messages in the last ten minutes in which any came.
/// Values measured earlier and queues that are sent after an outage only come later than that, so they keep their own times. A clock that goes ahead opens a new epoch; that it was set
/// back the driver says, for only it knows a message's own time from a value's.
/// </summary>
public sealed class StatedClockMap : IClockMap
{
    private const long SecondNs = 1_000_000_000;
    private const long MinuteNs = 60 * SecondNs;
    private const int MostMinutes = 10;

    /// <summary>Messages arrive with seconds cut off and at different times: this much earlier than the earliest is the clock, not the way.</summary>
    private const long AheadNs = 2 * SecondNs;

    /// <summary>Two messages in step with the box's clock over so long prove that what comes is live.</summary>
    private const long LiveNs = 5 * SecondNs;

    /// <summary>A queue that is longer is taken for a clock that was set.</summary>
    private const long LongestQueueNs = 24 * 60 * MinuteNs;

    /// <summary>What is sent again after a restart is not older than this.</summary>
    private const long OldestAgainNs = 10 * MinuteNs;

    private const double MostSlew = 2e-3;
    private const uint FloorMicroseconds = 100_000;

    private readonly List<(long Minute, long Delay)> _least = [];
    private long _applied;
    private long _appliedAt;
    private long _openedAt;
    private long _openedDevice;
    private bool _restart = true;
    private bool _isLive;
    private (long Offset, long Newest)? _before;

    public uint Epoch { get; private set; }

    /// <summary>A sender's clock is not watched so closely.</summary>
    public double DriftPpm => 0;

    public long AnchorNanoseconds => _applied;

    private long Least => _least.Min(minute => minute.Delay);

    public void BeginAfter(uint epoch) => Epoch = Math.Max(Epoch, epoch);

    /// <summary>
    /// How an earlier run mapped the clock, in nanoseconds from the sender's time to the box's, and the newest time that was stored. What the sender kept while the box was away then has its own
    /// times too. Not believed when the clock was set meanwhile: when messages come sooner than it allows, or are much older than what is stored.
    /// </summary>
    public void Continue(long offset, long newest)
    {
        if (_least.Count == 0)
        {
            _before = (offset, newest);
        }
    }

    public void Restart() => _restart = true;

    public (long DeviceNanoseconds, string? NewEpoch) Observe(DeviceTicks ticks, UtcInstant arrival)
    {
        long device = (long)Math.Min(ticks.Counter, long.MaxValue / 2);
        long at = arrival.UnixNanoseconds;
        long delay = at - device;
        if (_restart || Least - delay > AheadNs)
        {
            string why = Epoch == 0 || _least.Count == 0 ? "first" : _restart ? "restart" : "jump";
            Open(device, at);
            return (device, why);
        }

        Note(at / MinuteNs, delay);
        _isLive |= at - _openedAt >= LiveNs && Math.Abs(at - _openedAt - (device - _openedDevice)) <= AheadNs;
        long most = (long)(Math.Max(0, at - _appliedAt) * MostSlew);
        _applied += Math.Clamp(Least - _applied, -most, most);
        _appliedAt = Math.Max(_appliedAt, at);
        return (device, null);
    }

    public MappedTime Map(long deviceNanoseconds)
    {
        long uncertainty = FloorMicroseconds + (Math.Abs(_applied - Least) / 1_000);

        // Until the sender is known to be live, its delay may be that of a queue: then its own time is the right one.
        uncertainty += _isLive ? 0 : Math.Abs(_applied) / 1_000;
        return new MappedTime(new UtcInstant(deviceNanoseconds + _applied), (uint)Math.Min(uncertainty, uint.MaxValue - 1), Epoch);
    }

    private void Open(long device, long at)
    {
        _restart = false;
        Epoch++;
        _least.Clear();
        long delay = at - device;
        bool isKnown = _before is { } before && delay > before.Offset - AheadNs && delay - before.Offset < LongestQueueNs && device > before.Newest - OldestAgainNs;
        delay = isKnown ? Math.Min(delay, _before!.Value.Offset) : delay; // it was there
        _before = null;
        Note(at / MinuteNs, delay);
        (_applied, _appliedAt, _openedAt, _openedDevice, _isLive) = (delay, at, at, device, false);
    }

    private void Note(long minute, long delay)
    {
        if (_least.Count > 0 && _least[^1].Minute == minute)
        {
            _least[^1] = (minute, Math.Min(_least[^1].Delay, delay));
            return;
        }

        _least.Add((minute, delay));
        if (_least.Count > MostMinutes)
        {
            _least.RemoveAt(0);
        }
    }
}
