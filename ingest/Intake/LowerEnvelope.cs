namespace Bedside.Ingest.Intake;

/// <summary>
/// The line under all delays: messages can be late but never early, so of many pairs (device time, arrival - device time) the
/// lowest tell the offset of the clocks, and the slope of the line through them tells the drift. Keeps the lowest point of
/// each second of the last <see cref="Seconds"/>; the line is the edge of their lower convex hull over the middle of the window.
/// </summary>
internal sealed class LowerEnvelope
{
    /// <summary>Length of the window. Long enough to see 1 ppm through 0.5 ms of jitter, short enough to follow a warming quartz.</summary>
    public const int Seconds = 600;

    private const long SecondNs = 1_000_000_000;

    private readonly Queue<Point> _points = new();
    private readonly List<Point> _hull = [];
    private Point _current;
    private bool _any;

    /// <summary>Takes one pair; both in nanoseconds.</summary>
    public void Add(long device, long delay)
    {
        var point = new Point(device, delay);
        if (!_any)
        {
            _any = true;
            _current = point;
        }
        else if (Math.Abs(device - _current.Device) < SecondNs)
        {
            _current = delay < _current.Delay ? point : _current;
        }
        else if (device > _current.Device)
        {
            _points.Enqueue(_current);
            _current = point;
            while (_points.Count > 0 && device - _points.Peek().Device > Seconds * SecondNs)
            {
                _points.Dequeue();
            }
        }
    }

    /// <summary>The line now: delay at <paramref name="device"/>, its slope, and how far the points of the window lie above it.</summary>
    public Line Fit(long device)
    {
        _hull.Clear();
        foreach (Point point in _points)
        {
            Push(point);
        }

        Push(_current);
        long span = _hull[^1].Device - _hull[0].Device;
        if (span < 30 * SecondNs)
        {
            Point lowest = _hull.MinBy(point => point.Delay);
            return new Line(lowest.Delay, 0, Spread(lowest, 0), span);
        }

        long middle = _hull[0].Device + (span / 2);
        int edge = 1;
        while (_hull[edge].Device < middle)
        {
            edge++;
        }

        Point from = _hull[edge - 1];
        double slope = (double)(_hull[edge].Delay - from.Delay) / (_hull[edge].Device - from.Device);
        slope = Math.Clamp(slope, -ClockMap.MostDrift, ClockMap.MostDrift);
        return new Line(from.Delay + (long)(slope * (device - from.Device)), slope, Spread(from, slope), span);
    }

    private void Push(Point point)
    {
        while (_hull.Count >= 2 && Turn(_hull[^2], _hull[^1], point) <= 0)
        {
            _hull.RemoveAt(_hull.Count - 1);
        }

        _hull.Add(point);
    }

    /// <summary>Positive where the way over <paramref name="b"/> bends upwards, as the lower hull must.</summary>
    private static double Turn(Point a, Point b, Point c) =>
        ((double)(b.Device - a.Device) * (c.Delay - a.Delay)) - ((double)(b.Delay - a.Delay) * (c.Device - a.Device));

    /// <summary>Median height of the per-second lowest points above the line: what one second of luck is worth.</summary>
    private long Spread(Point on, double slope)
    {
        var heights = new List<long>(_points.Count + 1) { Height(_current) };
        heights.AddRange(_points.Select(Height));
        heights.Sort();
        return Math.Max(0, heights[heights.Count / 2]);

        long Height(Point point) => point.Delay - on.Delay - (long)(slope * (point.Device - on.Device));
    }

    private readonly record struct Point(long Device, long Delay);

    /// <summary>A fitted line.</summary>
    /// <param name="Delay">Nanoseconds to add to the device's time to get the box's.</param>
    /// <param name="Slope">Change of the delay per device nanosecond; negative = the device's clock gains on the box's.</param>
    /// <param name="Spread">Nanoseconds.</param>
    /// <param name="Span">Nanoseconds that the window covers.</param>
    public readonly record struct Line(long Delay, double Slope, long Spread, long Span);
}
