using System.Runtime.InteropServices;

namespace Bedside.Storage.Index;

/// <summary>Entries that no longer change, in the order of appending or of time.</summary>
internal readonly record struct EntryRun(BlockEntry[] Entries, int Count)
{
    public ReadOnlySpan<BlockEntry> Span => Entries.AsSpan(0, Count);
}

/// <summary>
/// The index of a journal, in memory. Not synchronised: <see cref="Holdings"/> guards it. A run that was handed out stays
/// as it was, because entries are only added behind it or, in <see cref="RemoveFrom"/>, copied.
/// </summary>
internal sealed class HeadIndex
{
    private const int FirstCapacity = 16;

    private readonly Dictionary<LaneKey, EntryRun> _lanes = [];

    public int Blocks { get; private set; }

    public ulong FirstNumber { get; private set; }

    public ulong LastNumber { get; private set; }

    public IReadOnlyCollection<LaneKey> Keys => _lanes.Keys;

    public EntryRun Run(LaneKey key) => _lanes.GetValueOrDefault(key, new EntryRun([], 0));

    public void Add(BlockEntry entry)
    {
        ref EntryRun run = ref CollectionsMarshal.GetValueRefOrAddDefault(_lanes, entry.Key, out bool known);
        BlockEntry[] entries = known ? run.Entries : new BlockEntry[FirstCapacity];
        if (run.Count == entries.Length)
        {
            Array.Resize(ref entries, 2 * entries.Length);
        }

        entries[run.Count] = entry;
        run = new EntryRun(entries, run.Count + 1);
        FirstNumber = Blocks == 0 ? entry.Number : Math.Min(FirstNumber, entry.Number);
        LastNumber = Math.Max(LastNumber, entry.Number);
        Blocks++;
    }

    /// <summary>Forgets the blocks from a number on: they were not kept here after all.</summary>
    public void RemoveFrom(ulong number)
    {
        Blocks = 0;
        FirstNumber = 0;
        LastNumber = 0;
        foreach (LaneKey key in _lanes.Keys.ToArray())
        {
            BlockEntry[] kept = [.. _lanes[key].Span.ToArray().Where(entry => entry.Number < number)];
            _lanes[key] = new EntryRun(kept.Length == 0 ? new BlockEntry[1] : kept, kept.Length);
            Blocks += kept.Length;
            foreach (BlockEntry entry in kept)
            {
                FirstNumber = FirstNumber == 0 ? entry.Number : Math.Min(FirstNumber, entry.Number);
                LastNumber = Math.Max(LastNumber, entry.Number);
            }
        }
    }
}
