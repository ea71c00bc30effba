using Bedside.Model;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;

namespace Bedside.Storage.Segments;

/// <summary>
/// The blocks of several lanes of a journal, fetched in one pass over its windows: a window holds blocks of every signal, and would else be read and unpacked once for each of them. A lane
/// that is larger than the memory for it is fetched block by block.
/// </summary>
/// <param name="load">Gives the bytes of the block of an entry, or null and what is wrong there; may throw the disk's errors.</param>
internal sealed class LaneGroup(LaneGroup.Loading load)
{
    /// <summary>Of encoded blocks; short ones take twice as much in memory.</summary>
    private const long MostBytes = 6 << 20;

    private readonly Dictionary<(long At, int Place), (byte[]? Bytes, Damage? Damage)> _fetched = [];
    private readonly HashSet<LaneKey> _keys = [];

    public delegate byte[]? Loading(JournalFile journal, BlockEntry entry, out Damage? damage);

    /// <summary>Called before the lane <paramref name="next"/> of <paramref name="ordered"/> is read: fetches it together with as many after it as there is memory for.</summary>
    public void Reach(JournalFile journal, IReadOnlyList<LaneKey> ordered, int next)
    {
        if (_keys.Contains(ordered[next]))
        {
            return;
        }

        _keys.Clear();
        _fetched.Clear();
        var entries = new List<BlockEntry>();
        long bytes = 0;
        for (int i = next; i < ordered.Count; i++)
        {
            BlockEntry[] lane = [.. journal.Index.Run(ordered[i]).Entries()];
            bytes += lane.Sum(entry => (long)entry.Length);
            if (bytes > MostBytes)
            {
                break;
            }

            _ = _keys.Add(ordered[i]);
            entries.AddRange(lane);
        }

        entries.Sort(static (left, right) => left.At != right.At ? left.At.CompareTo(right.At) : left.Place.CompareTo(right.Place));
        foreach (BlockEntry entry in entries)
        {
            byte[]? part = load(journal, entry, out Damage? damage);
            _fetched[(entry.At, entry.Place)] = (part, damage);
        }
    }

    /// <summary>The block of an entry, or null and what is wrong there.</summary>
    public Block? Take(JournalFile journal, BlockEntry entry, out Damage? damage)
    {
        byte[]? bytes;
        if (_fetched.Remove((entry.At, entry.Place), out (byte[]? Bytes, Damage? Damage) fetched))
        {
            (bytes, damage) = fetched;
        }
        else
        {
            bytes = load(journal, entry, out damage);
        }

        return bytes is null ? null : WindowLoader.Decode(journal, entry, bytes, ref damage);
    }

    /// <summary>Nothing is held any more.</summary>
    public void Clear()
    {
        _keys.Clear();
        _fetched.Clear();
        _fetched.TrimExcess();
    }
}
