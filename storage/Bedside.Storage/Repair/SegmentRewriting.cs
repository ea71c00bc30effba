using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Repair;

/// <summary>
/// Writes a segment anew from what can be read of it, under its own name and with its own numbers: temporary name, sync,
/// read back, rename, sync of the folder. A crash leaves the old one or the new one.
/// </summary>
internal sealed class SegmentRewriting(IDisk disk, TimeProvider clock)
{
    /// <summary>
    /// The new segment: the lanes that are kept, gaps for what was damaged, and the gaps that are added.
    /// <paramref name="isAllowed"/> is asked last, when all is ready; false = nothing is changed, and null comes back. Throws the
    /// disk's errors, and the segment stays what it is.
    /// </summary>
    public SegmentFile? Rewrite(
        IDiskFile file,
        SegmentCheck check,
        FileHead head,
        IReadOnlyList<SignalBlock> descriptions,
        (Func<LaneKey, bool> Kept, IReadOnlyList<(GapBlock Gap, ulong Number)> Added) change,
        Func<bool> isAllowed,
        CancellationToken cancel)
    {
        string unfinished = FileNames.Unfinished(head.File.Name);
        try
        {
            SegmentFile written = Write(unfinished, file, check, head, descriptions, change, cancel);
            ReadBack(disk, unfinished, written);
            if (!isAllowed())
            {
                disk.Delete(unfinished);
                return null;
            }

            disk.Rename(unfinished, head.File.Name);
            disk.Sync();
            return written;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            Discard(unfinished);
            throw;
        }
    }

    private SegmentFile Write(
        string name,
        IDiskFile file,
        SegmentCheck check,
        FileHead head,
        IReadOnlyList<SignalBlock> descriptions,
        (Func<LaneKey, bool> Kept, IReadOnlyList<(GapBlock Gap, ulong Number)> Added) change,
        CancellationToken cancel)
    {
        ILookup<uint, (GapBlock Gap, ulong Number)> gaps = change.Added.Concat(check.Lost.Select(lost => (Gap: lost.ToGap(), lost.Number))).ToLookup(pair => pair.Gap.Signal.Value);
        ILookup<LaneKey, BlockEntry> lanes = check.Readable.Where(entry => change.Kept(entry.Key)).ToLookup(entry => entry.Key);
        IEnumerable<LaneKey> keys = lanes.Select(lane => lane.Key).Union(gaps.Select(lane => new LaneKey(Lane.Marks, lane.Key)));
        using var writer = new SegmentWriter(disk.Open(name, DiskAccess.Create), head.File);
        foreach (SignalBlock description in descriptions)
        {
            writer.AddCopy(description);
        }

        foreach (LaneKey key in keys.Order(LaneKey.Ascending).ToArray())
        {
            cancel.ThrowIfCancellationRequested();
            IEnumerable<(GapBlock Gap, ulong Number)> added = key.Lane == Lane.Marks ? gaps[key.Signal] : [];
            IEnumerable<(UtcInstant Start, ulong Number, Func<Block> Load)> all = lanes[key].Select(entry => (entry.Start, entry.Number, (Func<Block>)(() => Load(file, head.File, entry))))
                .Concat(added.Select(pair => (pair.Gap.Start, pair.Number, (Func<Block>)(() => pair.Gap))));
            foreach ((_, ulong number, Func<Block> load) in all.OrderBy(one => one.Start).ThenBy(one => one.Number))
            {
                writer.Add(load(), number);
            }
        }

        var now = UtcInstant.FromDateTime(clock.GetUtcNow());
        return writer.Finish(now > head.Made ? now : head.Made.Add(1), head.FirstNumber, head.LastNumber);
    }

    /// <summary>It was read a moment ago: that it cannot be now is the disk's failing, and nothing is changed.</summary>
    private static Block Load(IDiskFile file, FileIdentity identity, BlockEntry entry) =>
        BlockLoader.Load(file, identity, entry, out Damage? damage) ?? throw new IOException(damage?.What ?? "a block cannot be read any more");

    public static void ReadBack(IDisk disk, string name, SegmentFile written)
    {
        using IDiskFile file = disk.Open(name, DiskAccess.Read);
        var check = SegmentCheck.Read(file, written.Identity, onBlock: null, CancellationToken.None);
        int blocks = written.Lanes.Sum(lane => lane.Blocks);
        if (check.Segment is null || check.HasReadErrors || check.Damaged.Any() || check.Readable.Count != blocks)
        {
            string what = check.Damaged.FirstOrDefault() is { } damage ? $"at {damage.Offset}, {damage.What}" : $"{check.Readable.Count} of {blocks} blocks";
            throw new IOException($"{name} does not read back as it was written: {what}");
        }
    }

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
}
