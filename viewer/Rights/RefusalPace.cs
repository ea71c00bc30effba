namespace Bedside.Viewer.Rights;

/// <summary>
/// Which refusals of somebody whom nobody knows the journal gets (OWASP ASVS 5.0, 16.3.2): of each place and address of the API one an hour, and so many in all, because whoever is refused chooses how often they ask.
/// </summary>
internal sealed class RefusalPace(TimeProvider time)
{
    /// <summary>Kept, and so written in an hour, at most.</summary>
    public const int Most = 512;

    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Source, string Pattern), long> _written = [];
    private readonly Lock _gate = new();

    /// <summary>True = it is to be written, and counts as written.</summary>
    public bool IsDue(string source, string pattern)
    {
        lock (_gate)
        {
            if (_written.TryGetValue((source, pattern), out long at) && time.GetElapsedTime(at) < Again)
            {
                return false;
            }

            if (_written.Count >= Most)
            {
                foreach ((string, string) old in _written.Where(one => time.GetElapsedTime(one.Value) >= Again).Select(one => one.Key).ToArray())
                {
                    _written.Remove(old);
                }
            }

            if (_written.Count >= Most)
            {
                return false;
            }

            _written[(source, pattern)] = time.GetTimestamp();
            return true;
        }
    }
}
