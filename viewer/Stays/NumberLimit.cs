using Bedside.Model;

namespace Bedside.Viewer.Stays;

/// <summary>How often a number may be held against the patients of the bed: enough for hands and scanners, too seldom to search for one.</summary>
internal sealed class NumberLimit(TimeProvider time)
{
    /// <summary>Numbers in any <see cref="Window"/>, of all screens together.</summary>
    public const int Most = 10;

    private readonly Queue<UtcInstant> _times = new(Most);
    private readonly Lock _gate = new();

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    /// <summary>True, and counted, when one more may be asked now.</summary>
    public bool TryTake()
    {
        UtcInstant now = time.Instant();
        lock (_gate)
        {
            // A clock that was set back makes no one wait for it.
            while (_times.TryPeek(out UtcInstant oldest) && (now < oldest || now.Since(oldest) >= Window.Nanoseconds()))
            {
                _times.Dequeue();
            }

            if (_times.Count >= Most)
            {
                return false;
            }

            _times.Enqueue(now);
            return true;
        }
    }
}
