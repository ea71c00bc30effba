using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>A device's time on the box's clock.</summary>
/// <param name="Time">UTC.</param>
/// <param name="UncertaintyMicroseconds">Half-width of the interval that holds the true time.</param>
/// <param name="Epoch">Run of the device's clock, from 1.</param>
public readonly record struct MappedTime(UtcInstant Time, uint UncertaintyMicroseconds, uint Epoch);

/// <summary>
/// Maps a device's counter to UTC. It unwraps the counter, fits offset and drift by the lower envelope of the arrival delays,
/// moves slowly towards the fit so that time never runs backwards within an epoch, and opens a new epoch where the counter
/// jumped or began anew. The device's own wall clock plays no part: it may be nine years wrong.
/// </summary>
public sealed class ClockMap(DeviceClock clock) : IClockMap
{
    /// <summary>Faster than any quartz: a larger slope is jitter, not drift.</summary>
    public const double MostDrift = 500e-6;

    private const long SecondNs = 1_000_000_000;

    /// <summary>A message cannot come before it was sent: a device time this far ahead of its clock is a jump.</summary>
    private const long MostAheadNs = SecondNs / 4;

    /// <summary>Later than this is no delay any more.</summary>
    private const long MostBehindNs = 30 * SecondNs;

    /// <summary>Wave blocks are up to 1.7 s old when they are sent; all messages later than this for a while are a jump, too.</summary>
    private const long LateNs = 3 * SecondNs;

    private const long LateForNs = 8 * SecondNs;

    /// <summary>The mapping bends at most this much beyond the drift, so that no block is stretched visibly.</summary>
    private const double MostSlew = 2e-3;

    private const int MostSegments = 32;

    private readonly List<Segment> _segments = [];
    private LowerEnvelope _envelope = new();
    private ulong _lastCounter;
    private long _lastDevice;
    private long _lastArrival;
    private long _newestDevice;
    private long _onTimeAt;
    private long _fittedAt;
    private LowerEnvelope.Line _line;
    private bool _restart;

    /// <summary>Run of the device's clock: 0 before the first observation, then from 1 (or from <see cref="BeginAfter"/>) on.</summary>
    public uint Epoch { get; private set; }

    /// <summary>Parts per million that the device's clock runs faster than the box's.</summary>
    public double DriftPpm => -_line.Slope * 1e6;

    /// <summary>UTC nanoseconds at device time 0 of this epoch.</summary>
    public long AnchorNanoseconds => _line.Delay - (long)(_line.Slope * _newestDevice);

    /// <summary>Continues the numbering of an earlier run of the box.</summary>
    public void BeginAfter(uint epoch) => Epoch = Math.Max(Epoch, epoch);

    /// <summary>The next observation opens a new epoch: the driver knows that the counter began anew.</summary>
    public void Restart() => _restart = true;

    /// <summary>
    /// Takes what the counter read in a message, and when that arrived (box UTC). Returns the unwrapped device time in nanoseconds and,
    /// when a new epoch began with it, why (<c>first</c>, <c>restart</c>, <c>jump</c>).
    /// </summary>
    public (long DeviceNanoseconds, string? NewEpoch) Observe(DeviceTicks ticks, UtcInstant arrival)
    {
        long at = arrival.UnixNanoseconds;
        if (_segments.Count == 0 || _restart)
        {
            string why = _segments.Count == 0 ? "first" : "restart";
            return (Open(ticks, at), why);
        }

        long device = Unwrap(ticks, at);
        long late = at - device - (_line.Delay + (long)(_line.Slope * (device - _fittedAt)));
        if (late < LateNs)
        {
            _onTimeAt = at;
        }

        if (late < -MostAheadNs || late > MostBehindNs || at - _onTimeAt > LateForNs)
        {
            return (Open(ticks, at), "jump");
        }

        _envelope.Add(device, at - device);
        (_lastCounter, _lastDevice, _lastArrival) = (ticks.Counter, device, at);
        _newestDevice = Math.Max(_newestDevice, device);
        if (_newestDevice - _fittedAt >= SecondNs || late < 0)
        {
            Bend();
        }

        return (device, null);
    }

    /// <summary>Maps an unwrapped device time of the present epoch.</summary>
    public MappedTime Map(long deviceNanoseconds)
    {
        int i = _segments.Count - 1;
        while (i > 0 && _segments[i].Device > deviceNanoseconds)
        {
            i--;
        }

        long time = _segments[i].At(deviceNanoseconds);
        long fit = deviceNanoseconds + _line.Delay + (long)(_line.Slope * (deviceNanoseconds - _fittedAt));
        double reach = Math.Abs(deviceNanoseconds - _fittedAt) + SecondNs;
        bool settled = _line.Span >= 60 * SecondNs;
        double learning = _line.Span < 30 * SecondNs ? 20e6 : settled ? 500e3 : 4e6;
        double uncertainty = Math.Abs(time - fit) + (_line.Spread * (settled ? 1 : 3)) + (reach * (settled ? 20e-6 : 200e-6)) + learning;
        return new MappedTime(new UtcInstant(time), (uint)Math.Min(uncertainty / 1000, uint.MaxValue - 1), Epoch);
    }

    private long Open(DeviceTicks ticks, long at)
    {
        _restart = false;
        Epoch++;
        _envelope = new LowerEnvelope();
        _segments.Clear();
        _lastCounter = ticks.Counter;
        _lastDevice = checked((long)ticks.Counter * clock.TickNanoseconds);
        _lastArrival = _onTimeAt = at;
        _newestDevice = _fittedAt = _lastDevice;
        _envelope.Add(_lastDevice, at - _lastDevice);
        _line = _envelope.Fit(_lastDevice);
        _segments.Add(new Segment(_lastDevice, at, 0));
        return _lastDevice;
    }

    /// <summary>The time that fits the counter and lies nearest to where the clock should be by now.</summary>
    private long Unwrap(DeviceTicks ticks, long at)
    {
        if (clock.Modulus == 0)
        {
            return (long)ticks.Counter * clock.TickNanoseconds;
        }

        Int128 turn = (Int128)clock.Modulus * clock.TickNanoseconds;
        Int128 inTurn = (Int128)(ticks.Counter % clock.Modulus) * clock.TickNanoseconds;
        Int128 last = _lastDevice - ((Int128)(_lastCounter % clock.Modulus) * clock.TickNanoseconds);
        Int128 expected = _lastDevice + (at - _lastArrival);
        Int128 candidate = last + inTurn;
        Int128 turns = (expected - candidate + (turn / 2)) / turn;
        if ((expected - candidate + (turn / 2)) % turn < 0)
        {
            turns--;
        }

        return (long)(candidate + (turns * turn));
    }

    /// <summary>Fits anew and begins a segment that reaches the fit, as fast as the slew allows, in about 5 s.</summary>
    private void Bend()
    {
        Segment last = _segments[^1];
        _line = _envelope.Fit(_newestDevice);
        _fittedAt = _newestDevice;
        long now = last.At(_newestDevice);
        double behind = _newestDevice + _line.Delay - now;
        double slew = Math.Clamp(behind / (5.0 * SecondNs), -MostSlew, MostSlew);
        _segments.Add(new Segment(_newestDevice, now, _line.Slope + slew));
        if (_segments.Count > MostSegments)
        {
            _segments.RemoveAt(0);
        }
    }

    private readonly record struct Segment(long Device, long Box, double Slope)
    {
        public long At(long device) => Box + (device - Device) + (long)(Slope * (device - Device));
    }
}
