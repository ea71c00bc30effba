using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Talker;

/// <summary>How often a port may be written to, whoever writes and however often it is opened. Any thread may call.</summary>
internal sealed class TalkerPace(TimeProvider time)
{
    /// <summary>More than any driver asks, and than a fast line carries; as many at once.</summary>
    public const int MostPerSecond = 100;

    private readonly Dictionary<string, (double Left, MonotonicInstant At)> _ports = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Whether one more message is in time; then it counts.</summary>
    public bool Lets(string port)
    {
        lock (_gate)
        {
            MonotonicInstant now = time.MonotonicNow();
            (double left, MonotonicInstant at) = _ports.GetValueOrDefault(port, (MostPerSecond, now));
            left = Math.Min(MostPerSecond, left + (now.Since(at) / 1e9 * MostPerSecond));
            bool lets = left >= 1;
            _ports[port] = (lets ? left - 1 : left, now);
            return lets;
        }
    }
}
