using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;

namespace Bedside.Storage.Segments;

/// <summary>
/// Makes a segment of a closed journal: temporary name, sync, rename, sync of the folder. Until the last of these the
/// journal is what counts; after it, the segment of the same sequence.
/// </summary>
internal sealed class Sealer(IDisk disk, TimeProvider clock, Action<Damage> onDamage)
{
    /// <summary>More than the blocks that are joined at most.</summary>
    public const int WindowBlocks = 2048;

    private readonly WindowLoader _windows = new();

    /// <summary>Null when there is nothing in the journal.</summary>
    public SegmentFile? Seal(JournalFile journal, IReadOnlyList<SignalBlock> descriptions, CancellationToken cancel)
    {
        if (journal.Index.Blocks == 0)
        {
            return null;
        }

        var identity = new FileIdentity(FileKind.Segment, journal.Identity.Sequence);
        string unfinished = FileNames.Unfinished(identity.Name);
        try
        {
            SegmentFile segment = Write(unfinished, identity, journal, descriptions, cancel);
            disk.Rename(unfinished, identity.Name);
            disk.Sync();
            return segment;
        }
        catch (IOException)
        {
            Discard(unfinished);
            throw;
        }
    }

    private SegmentFile Write(string name, FileIdentity identity, JournalFile journal, IReadOnlyList<SignalBlock> descriptions, CancellationToken cancel)
    {
        using var writer = new SegmentWriter(disk.Open(name, DiskAccess.Create), identity);
        foreach (SignalBlock description in descriptions)
        {
            writer.AddCopy(description);
        }

        Dictionary<uint, List<(Block Block, ulong Number)>> lost = LostBefore(journal, descriptions);
        LaneKey[] data = [.. journal.Index.Keys.Where(key => key.Lane == Lane.Data).Order(LaneKey.Ascending)];
        var group = new LaneGroup(Load);
        for (int i = 0; i < data.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            group.Reach(journal, data, i);
            WriteLane(writer, Blocks(journal, data[i], group, lost));
        }

        group.Clear();

        IEnumerable<LaneKey> marks = lost.Keys.Select(signal => new LaneKey(Lane.Marks, signal));
        foreach (LaneKey key in journal.Index.Keys.Where(key => key.Lane != Lane.Data).Union(marks).Order(LaneKey.Ascending).ToArray())
        {
            WriteLane(writer, Blocks(journal, key, group, lost));
        }

        return writer.Finish(UtcInstant.FromDateTime(clock.GetUtcNow()), journal.Index.FirstNumber, journal.Index.LastNumber);
    }

    /// <summary>Room for the journal, when it was room that was short.</summary>
    private void Discard(string unfinished)
    {
        try
        {
            disk.Delete(unfinished);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // It is overwritten by the next attempt, or goes at the next start.
        }
    }

    /// <summary>Blocks that were lost before the journal was read are gaps: between the blocks that stand around the damage.</summary>
    private static Dictionary<uint, List<(Block Block, ulong Number)>> LostBefore(JournalFile journal, IReadOnlyList<SignalBlock> descriptions)
    {
        var lost = new Dictionary<uint, List<(Block, ulong)>>();
        if (journal.Damaged.Count == 0)
        {
            return lost;
        }

        foreach (Damage damage in journal.Damaged)
        {
            (UtcInstant start, UtcInstant until, ulong number) = Around(journal, damage.Offset);
            uint signal = descriptions.Any(known => known.Signal == damage.Signal) ? damage.Signal.Value : 0;
            AddGap(lost, signal, start, until, number);
        }

        return lost;
    }

    /// <summary>From where the blocks of the window before a place end to where those of the window after it begin; all of one where there is only one.</summary>
    private static (UtcInstant Start, UtcInstant Until, ulong Number) Around(JournalFile journal, long offset)
    {
        ILookup<long, BlockEntry> windows = journal.Index.Entries().ToLookup(entry => entry.At);
        long[] places = [.. windows.Select(window => window.Key).Order()];
        int next = places.Count(at => at < offset);
        BlockEntry[] before = [.. windows[places[Math.Max(0, next - 1)]]];
        BlockEntry[] after = [.. windows[places[Math.Min(next, places.Length - 1)]]];
        UtcInstant start = next > 0 ? before.Min(entry => entry.End) : before.Min(entry => entry.Start);
        UtcInstant until = next < places.Length ? after.Max(entry => entry.Start) : after.Max(entry => entry.End);
        return start <= until ? (start, until, before[0].Number) : (until, start, before[0].Number);
    }

    private static void AddGap(Dictionary<uint, List<(Block Block, ulong Number)>> lost, uint signal, UtcInstant start, UtcInstant until, ulong number)
    {
        var gap = new GapBlock { Signal = new SignalNumber(signal), Start = start, Until = until, Cause = GapCause.Storage };
        if (!lost.TryGetValue(signal, out List<(Block, ulong)>? gaps))
        {
            lost[signal] = gaps = [];
        }

        gaps.Add((gap, number));
    }

    private static void WriteLane(SegmentWriter writer, IEnumerable<(Block Block, ulong Number, int Place)> blocks)
    {
        var window = new List<Block>();
        var numbers = new List<ulong>();
        var places = new List<int>();
        foreach ((Block block, ulong number, int place) in blocks)
        {
            window.Add(block);
            numbers.Add(number);
            places.Add(place);
            if (window.Count >= WindowBlocks)
            {
                WriteFirst(writer, window, numbers, places);
            }
        }

        while (window.Count > 0)
        {
            WriteFirst(writer, window, numbers, places);
        }
    }

    private static void WriteFirst(SegmentWriter writer, List<Block> window, List<ulong> numbers, List<int> places)
    {
        (Block merged, int used) = BlockMerge.First(window, BlockMerge.Following(places));
        writer.Add(merged, numbers[0]);
        window.RemoveRange(0, used);
        numbers.RemoveRange(0, used);
        places.RemoveRange(0, used);
    }

    /// <summary>By time, each with its place in the order of appending in the lane.</summary>
    private IEnumerable<(Block Block, ulong Number, int Place)> Blocks(JournalFile journal, LaneKey key, LaneGroup group, Dictionary<uint, List<(Block Block, ulong Number)>> lost)
    {
        IEnumerable<(BlockEntry Entry, int Place)> appended = journal.Index.Run(key).Entries().Select((entry, place) => (entry, place));
        foreach ((BlockEntry entry, int place) in appended.OrderBy(one => one.Entry, Comparer<BlockEntry>.Create(BlockEntry.Compare)))
        {
            Block? block = group.Take(journal, entry, out Damage? damage);
            if (block is not null)
            {
                yield return (block, entry.Number, place);
            }
            else if (damage is not null)
            {
                onDamage(damage);
                AddGap(lost, entry.Signal, entry.Start, entry.End, entry.Number);
            }
        }

        if (key.Lane == Lane.Marks && lost.Remove(key.Signal, out List<(Block Block, ulong Number)>? gaps))
        {
            foreach ((Block Block, ulong Number) gap in gaps)
            {
                yield return (gap.Block, gap.Number, 0);
            }
        }
    }

    /// <summary>What the disk cannot read now it may read after a restart: the journal stays, and others are sealed meanwhile.</summary>
    private byte[]? Load(JournalFile journal, BlockEntry entry, out Damage? damage)
    {
        try
        {
            return _windows.LoadBytes(journal, entry, out damage);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            journal.IsUnreadable = true;
            throw;
        }
    }
}
