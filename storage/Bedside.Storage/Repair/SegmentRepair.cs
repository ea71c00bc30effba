using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Retention;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Repair;

/// <summary>
/// Segments one after the other: each read completely, and written anew when any of it is damaged. <paramref name="found"/> is
/// where the disk reports pages of encrypted files.
/// </summary>
internal sealed class SegmentRepair(IDisk disk, List<Damage> found, SignalTable signals, TimeProvider clock, bool isDryRun)
{
    /// <summary>Of when the segments are whose times are known.</summary>
    private readonly SortedDictionary<ulong, (UtcInstant From, UtcInstant Until)> _times = [];

    /// <summary>Files without a readable block, and what was found first in them.</summary>
    private readonly List<(FileIdentity Identity, long Bytes, string Why)> _unreadable = [];

    /// <summary>Null when it is as it should be, or nothing in it can be read. Throws the disk's errors in writing.</summary>
    public FileRepair? Repair(ulong sequence, CancellationToken cancel)
    {
        var identity = new FileIdentity(FileKind.Segment, sequence);
        IDiskFile file;
        try
        {
            file = disk.Open(identity.Name, DiskAccess.Read);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return new FileRepair(identity.Name, RepairAction.LeftAlone, 0, [], error.Message);
        }

        using (file)
        {
            return Repair(file, identity, cancel);
        }
    }

    /// <summary>Of when a segment is, as far as its directory can be read: what its neighbours lost lies outside.</summary>
    public void NoteTimes(ulong sequence)
    {
        var identity = new FileIdentity(FileKind.Segment, sequence);
        try
        {
            using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
            if (SegmentFile.Open(file, identity) is { } segment && segment.Lanes.Any())
            {
                _times[sequence] = (NumericClass.From(segment), NumericClass.Until(segment));
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // What is wrong with it is told when it is read as a whole.
        }
    }

    /// <summary>Puts aside what cannot be read. Before that the ledger says of when the record has a hole, as far as the file or its neighbours tell.</summary>
    public IReadOnlyList<FileRepair> SetAside()
    {
        var done = new List<FileRepair>();
        foreach ((FileIdentity identity, long bytes, string why) in _unreadable)
        {
            GoneRange? range = Hole(identity, bytes);
            if (!isDryRun)
            {
                Tell(range);
                disk.Rename(identity.Name, FileNames.Bad(identity.Name));
                disk.Sync();
            }

            done.Add(new FileRepair(identity.Name, RepairAction.SetAside, 0, range is null ? [] : [range.ToGap()], why));
        }

        return done;
    }

    private FileRepair? Repair(IDiskFile file, FileIdentity identity, CancellationToken cancel)
    {
        SegmentCheck check;
        try
        {
            check = SegmentCheck.Read(file, identity, onBlock: null, cancel);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return new FileRepair(identity.Name, RepairAction.LeftAlone, 0, [], error.Message);
        }

        (UtcInstant? before, UtcInstant? after) = Neighbours(identity);
        check.Clip(before, after);
        Note(check, identity);
        Damage[] damaged = [.. check.Damaged, .. found.Where(damage => damage.File == identity.Name)];
        if (check.HasReadErrors)
        {
            return new FileRepair(identity.Name, RepairAction.LeftAlone, check.Readable.Count, [], damaged.Length == 0 ? "the disk cannot read all of it" : damaged[0].What);
        }

        if (damaged.Length == 0)
        {
            return null;
        }

        if (check.Readable.Count == 0 && check.Lost.Count == 0)
        {
            _unreadable.Add((identity, file.Length, damaged[0].What));
            return null;
        }

        if (!isDryRun)
        {
            _ = new SegmentRewriting(disk, clock).Rewrite(file, check, HeadOf(check, identity), Descriptions(check), (_ => true, []), () => true, cancel);
        }

        return new FileRepair(identity.Name, RepairAction.Rewritten, check.Readable.Count, [.. check.Lost.Select(one => one.ToGap())], damaged[0].What);
    }

    private void Note(SegmentCheck check, FileIdentity identity)
    {
        foreach (SignalBlock copy in check.Copies)
        {
            signals.Restore(copy, isOlder: false);
        }

        if (check.Segment is { } segment && segment.Lanes.Any())
        {
            _times[identity.Sequence] = (NumericClass.From(segment), NumericClass.Until(segment));
        }
        else if (check.Readable.Count > 0)
        {
            _times[identity.Sequence] = (check.Readable.Min(entry => entry.Start), check.Readable.Max(entry => entry.LastInstant));
        }
    }

    /// <summary>
    /// Its own; or one of what is left, with the greatest number that the file can have had: joined blocks do not tell their
    /// last, and what a tail holds must not come a second time.
    /// </summary>
    private static FileHead HeadOf(SegmentCheck check, FileIdentity identity) => check.Segment?.Head
        ?? new FileHead(identity, default, check.Readable.Select(entry => entry.Number).DefaultIfEmpty().Min(), ((identity.Sequence + 1) << Recovery.NumberBitsOfFile) - 1, 0);

    /// <summary>Those in the file; for what is damaged there, those of the segments before it.</summary>
    private List<SignalBlock> Descriptions(SegmentCheck check)
    {
        var known = new HashSet<uint>(check.Copies.Select(copy => copy.Signal.Value));
        return [.. check.Copies, .. signals.Descriptions.Where(one => !known.Contains(one.Signal.Value))];
    }

    /// <summary>Null where neither the file nor its neighbours say of when it was.</summary>
    private GoneRange? Hole(FileIdentity identity, long bytes)
    {
        if (_times.TryGetValue(identity.Sequence, out (UtcInstant From, UtcInstant Until) own))
        {
            return new GoneRange(own.From, own.Until, GapCause.Storage, 1, bytes, 0);
        }

        (UtcInstant? from, UtcInstant? to) = Neighbours(identity);
        (UtcInstant? begin, UtcInstant? end) = (from ?? to?.Add(-SegmentCheck.LongestNanoseconds), to ?? from?.Add(SegmentCheck.LongestNanoseconds));
        return begin is { } first && end is { } last && first <= last ? new GoneRange(first, last, GapCause.Storage, 1, bytes, 0) : null;
    }

    private (UtcInstant? Before, UtcInstant? After) Neighbours(FileIdentity identity) => (
        _times.Where(pair => pair.Key < identity.Sequence).Select(pair => (UtcInstant?)pair.Value.Until).LastOrDefault(),
        _times.Where(pair => pair.Key > identity.Sequence).Select(pair => (UtcInstant?)pair.Value.From).FirstOrDefault());

    /// <summary>Once: a crash may have come between this and the renaming.</summary>
    private void Tell(GoneRange? range)
    {
        var ledger = RetentionLedger.Read(disk, out _);
        if (range is not null && !ledger.Gone.Any(known => known.Cause == range.Cause && known.From <= range.From && known.To >= range.To))
        {
            ledger.With(range, (_, _) => true).Write(disk);
        }
    }
}
