using Bedside.Storage.Disk;

namespace Bedside.Storage.Replacing;

/// <summary>
/// Gives files the names that the record decided, before anybody reads them, and throws away what was never decided. Whatever
/// a crash left, doing it again comes to the same names.
/// </summary>
internal static class ReplaceFinish
{
    /// <summary>False when these names have nothing to do with it.</summary>
    public static bool IsNeeded(IReadOnlyList<string> names) => names.Any(name => name == FileNames.Replaced || FileNames.IsNext(name));

    /// <summary>Throws the disk's errors: then the store must not be read.</summary>
    public static void Run(IDisk disk, Action<Damage> onDamage)
    {
        var record = ReplaceRecord.Read(disk, out Damage? damage);
        if (damage is not null)
        {
            onDamage(damage);
        }

        if (record is null)
        {
            FinishByNames(disk);
            return;
        }

        foreach (Replacement one in record.All.Where(one => one.IsPending))
        {
            // Its word may be in the cache only.
            disk.Sync();
            if (one.State == ReplacementState.Replacing)
            {
                PutInPlace(disk, [.. one.Segments.Select(segment => segment.Sequence)], one.Id);
                record = record.Write(disk, one with { State = ReplacementState.Replaced });
            }
            else
            {
                BringBack(disk, one);
                record = record.Write(disk, one with { State = ReplacementState.Undone, Segments = [] });
            }
        }

        Discard(disk, record);
    }

    /// <summary>First every original goes aside, then every new one takes its place: a name is never without its file on the disk for good.</summary>
    private static void PutInPlace(IDisk disk, IReadOnlyList<ulong> sequences, int id)
    {
        IReadOnlyList<string> names = disk.Names();
        string[] waiting = [.. sequences.Select(FileNames.Segment).Where(name => names.Contains(FileNames.Next(name)))];
        foreach (string name in waiting.Where(name => names.Contains(name) && !names.Contains(FileNames.SetAside(name, id))))
        {
            disk.Rename(name, FileNames.SetAside(name, id));
        }

        disk.Sync();
        foreach (string name in waiting)
        {
            disk.Rename(FileNames.Next(name), name);
        }

        disk.Sync();
    }

    private static void BringBack(IDisk disk, Replacement one)
    {
        IReadOnlyList<string> names = disk.Names();
        foreach (string name in one.Segments.Select(segment => FileNames.Segment(segment.Sequence)).Where(name => names.Contains(FileNames.SetAside(name, one.Id))))
        {
            disk.Rename(FileNames.SetAside(name, one.Id), name);
        }

        disk.Sync();
    }

    private static void Discard(IDisk disk, ReplaceRecord record)
    {
        string[] worthless = [.. disk.Names().Where(name => FileNames.IsNext(name) || (FileNames.ReplacementOf(name) is { } id && record.Find(id)?.State is ReplacementState.Final or ReplacementState.Undone))];
        foreach (string name in worthless)
        {
            disk.Delete(name);
        }

        if (worthless.Length > 0)
        {
            disk.Sync();
        }
    }

    /// <summary>Both copies of the record are damaged: an original that went aside with its successor still waiting proves that all of them were to go.</summary>
    private static void FinishByNames(IDisk disk)
    {
        IReadOnlyList<string> names = disk.Names();
        ulong[] waiting = [.. names.Where(FileNames.IsNext).Select(name => FileNames.SequenceOfSegment(FileNames.Plain(name))).OfType<ulong>()];
        int[] moved = [.. waiting.Select(FileNames.Segment).Where(name => !names.Contains(name)).SelectMany(name => names.Where(other => other.StartsWith(name, StringComparison.Ordinal))).Select(FileNames.ReplacementOf).OfType<int>()];
        if (moved.Length > 0)
        {
            PutInPlace(disk, waiting, moved.Max());
        }
    }
}
