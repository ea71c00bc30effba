using Bedside.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Viewer;

/// <summary>A range of time, its end not included.</summary>
internal readonly record struct TimeRange(UtcInstant From, UtcInstant To)
{
    private static readonly TimeSpan Default = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    public long Nanoseconds => To.Since(From);

    /// <summary>Reads <c>from</c> and <c>to</c>; the problem says in one sentence what is wrong with them.</summary>
    public static bool TryRead(string? from, string? to, UtcInstant now, out TimeRange range, out ProblemHttpResult problem) =>
        TryRead(from, to, now, Default, out range, out problem);

    /// <summary>The same with another length where <c>from</c> is left out.</summary>
    public static bool TryRead(string? from, string? to, UtcInstant now, TimeSpan length, out TimeRange range, out ProblemHttpResult problem)
    {
        range = default;
        problem = Problems.BadRequest("'from' and 'to' must be ISO 8601 times with a zone, like 2026-11-21T19:30:00Z.");
        UtcInstant end = now;
        if (to is not null && !InstantText.TryRead(to, out end))
        {
            return false;
        }

        UtcInstant start = end.Add(-length.Nanoseconds());
        if (from is not null && !InstantText.TryRead(from, out start))
        {
            return false;
        }

        problem = Problems.BadRequest("'from' must lie before 'to', and both within ten years.");
        range = new TimeRange(start, end);
        return start < end && (Int128)end.UnixNanoseconds - start.UnixNanoseconds <= Longest.Nanoseconds();
    }
}
