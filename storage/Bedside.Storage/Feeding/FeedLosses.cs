using Bedside.Storage.Segments;

namespace Bedside.Storage.Feeding;

/// <summary>
/// Knows how much waits in each sealed file, so that what goes for its age, for room or with its stay before it was sent is counted. What went while no process watched is not known.
/// </summary>
internal sealed class FeedLosses
{
    /// <summary>Files that are counted in one look: their indexes are read for it.</summary>
    private const int MostAtOnce = 4;

    private readonly Dictionary<ulong, (SegmentFile Segment, long Left)> _waiting = [];

    /// <summary>Something of a file was taken.</summary>
    public void Take(ulong sequence, int count)
    {
        if (_waiting.TryGetValue(sequence, out (SegmentFile Segment, long Left) file))
        {
            _waiting[sequence] = (file.Segment, Math.Max(0, file.Left - count));
        }
    }

    /// <summary>Looks at the files that are there now, from the first on that matters; how much went since the last time.</summary>
    public long Look(IReadOnlyList<SegmentFile> segments, ulong from, Func<SegmentFile, long> count)
    {
        long lost = 0;
        var there = segments.Where(segment => segment.Identity.Sequence >= from).ToDictionary(segment => segment.Identity.Sequence);
        foreach ((ulong sequence, (SegmentFile segment, long left)) in _waiting.ToArray())
        {
            if (sequence < from)
            {
                _ = _waiting.Remove(sequence);
            }
            else if (!there.TryGetValue(sequence, out SegmentFile? now))
            {
                lost += left;
                _ = _waiting.Remove(sequence);
            }
            else if (now != segment)
            {
                // Written anew, without the waves for one.
                long still = count(now);
                lost += Math.Max(0, left - still);
                _waiting[sequence] = (now, still);
            }
        }

        foreach (SegmentFile segment in there.Values.Where(segment => !_waiting.ContainsKey(segment.Identity.Sequence)).OrderBy(segment => segment.Identity.Sequence).Take(MostAtOnce).ToArray())
        {
            _waiting[segment.Identity.Sequence] = (segment, count(segment));
        }

        return lost;
    }
}
