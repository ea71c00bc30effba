using System.Runtime.InteropServices;

namespace Bedside.Storage.Index;

/// <summary>Entries in the order of their appending, in pieces, as they were when it was taken.</summary>
internal readonly record struct EntryRun(IReadOnlyList<BlockEntry[]> Pieces, int Count)
{
    public LaneKey Key => Pieces[0][0].Key;

    public IEnumerable<BlockEntry> Entries()
    {
        int left = Count;
        foreach (BlockEntry[] piece in Pieces)
        {
            for (int i = 0; i < piece.Length && left > 0; i++, left--)
            {
                yield return piece[i];
            }
        }
    }
}

/// <summary>
/// The index of a journal, in memory. Not synchronised: <see cref="Holdings"/> guards it. A run that was handed out stays
/// as it was, because entries are only added behind it or, in <see cref="RemoveFrom"/>, copied. Pieces are small enough
/// for the collector to move and free cheaply.
/// </summary>
internal sealed class HeadIndex
{
    private const int PieceLength = 128;

    private readonly Dictionary<LaneKey, LaneEntries> _lanes = [];

    public int Blocks { get; private set; }

    public ulong FirstNumber { get; private set; }

    /// <summary>Joined blocks have the number of their first: this is the last number that any of them covers.</summary>
    public ulong LastNumber { get; private set; }

    public IReadOnlyCollection<LaneKey> Keys => _lanes.Keys;

    public EntryRun Run(LaneKey key) => _lanes.TryGetValue(key, out LaneEntries? lane) ? new EntryRun([.. lane.Pieces], lane.Count) : new EntryRun([], 0);

    /// <summary>All entries of all lanes.</summary>
    public IEnumerable<BlockEntry> Entries() => _lanes.Keys.SelectMany(key => Run(key).Entries());

    public void Add(BlockEntry entry)
    {
        ref LaneEntries? lane = ref CollectionsMarshal.GetValueRefOrAddDefault(_lanes, entry.Key, out _);
        lane ??= new LaneEntries();
        lane.Add(entry);
        FirstNumber = Blocks == 0 ? entry.Number : Math.Min(FirstNumber, entry.Number);
        LastNumber = Math.Max(LastNumber, entry.Number);
        Blocks++;
    }

    /// <summary>Blocks up to this number are in it, joined.</summary>
    public void CoverTo(ulong number) => LastNumber = Math.Max(LastNumber, number);

    /// <summary>Forgets the blocks from a number on, which begins a window: they were not kept here after all.</summary>
    public void RemoveFrom(ulong number)
    {
        BlockEntry[] kept = [.. Entries().Where(entry => entry.Number < number)];
        ulong last = Math.Min(LastNumber, number - 1);
        _lanes.Clear();
        (Blocks, FirstNumber, LastNumber) = (0, 0, 0);
        foreach (BlockEntry entry in kept)
        {
            Add(entry);
        }

        LastNumber = Blocks == 0 ? 0 : last;
    }

    private sealed class LaneEntries
    {
        public List<BlockEntry[]> Pieces { get; } = [];

        public int Count { get; private set; }

        public void Add(BlockEntry entry)
        {
            if (Count == Pieces.Count * PieceLength)
            {
                Pieces.Add(new BlockEntry[PieceLength]);
            }

            Pieces[^1][Count % PieceLength] = entry;
            Count++;
        }
    }
}
