namespace Bedside.Viewer.People;

/// <summary>
/// How long somebody must wait who was wrong five times: 1, 2, 4, 8, 15 minutes, for each pair of a badge and where it was tried, whether there is such a badge or not. Never for ever, and nobody waits for what
/// was tried elsewhere.
/// </summary>
internal sealed class FailureThrottle(TimeProvider time)
{
    private const int Free = 5;
    private const int MostKept = 4096;
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly Dictionary<(string Badge, string Source), (int Failures, long At, bool IsTold)> _failures = [];
    private readonly Lock _gate = new();

    /// <summary>Zero = may try now.</summary>
    public TimeSpan Wait(string badge, string source)
    {
        lock (_gate)
        {
            if (!_failures.TryGetValue((badge, source), out (int Failures, long At, bool IsTold) known) || known.Failures < Free)
            {
                return TimeSpan.Zero;
            }

            int doublings = Math.Min(known.Failures - Free, 4);
            TimeSpan whole = First * (1 << doublings) < Longest ? First * (1 << doublings) : Longest;
            TimeSpan left = whole - time.GetElapsedTime(known.At);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>True once for each wait: the journal is not filled by whoever tries on.</summary>
    public bool IsNews(string badge, string source)
    {
        lock (_gate)
        {
            if (!_failures.TryGetValue((badge, source), out (int Failures, long At, bool IsTold) known) || known.IsTold)
            {
                return false;
            }

            _failures[(badge, source)] = known with { IsTold = true };
            return true;
        }
    }

    public void Fail(string badge, string source)
    {
        lock (_gate)
        {
            if (_failures.Count >= MostKept && !_failures.ContainsKey((badge, source)))
            {
                _failures.Remove(_failures.MinBy(one => one.Value.At).Key);
            }

            int before = _failures.TryGetValue((badge, source), out (int Failures, long At, bool IsTold) known) ? known.Failures : 0;
            _failures[(badge, source)] = (before + 1, time.GetTimestamp(), false);
        }
    }

    public void Clear(string badge, string source)
    {
        lock (_gate)
        {
            _failures.Remove((badge, source));
        }
    }
}
