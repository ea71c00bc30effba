using Bedside.Model;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Repair;

/// <summary>What was, or would be, done to one file.</summary>
/// <param name="File">Its name.</param>
/// <param name="Action">What is done.</param>
/// <param name="Blocks">Blocks that can be read and are kept.</param>
/// <param name="Lost">What cannot be read any more, as the gaps that say so.</param>
/// <param name="Why">What was found, one plain sentence.</param>
public sealed record FileRepair(string File, RepairAction Action, int Blocks, IReadOnlyList<GapBlock> Lost, string Why);

public enum RepairAction
{
    /// <summary>Written anew from its readable blocks, with a gap for each that is lost.</summary>
    Rewritten,

    /// <summary>Nothing in it can be read: renamed to <c>*.bad</c>, for a person.</summary>
    SetAside,

    /// <summary>Sealed into a segment, as at every start; what was damaged is a gap now.</summary>
    Sealed,

    /// <summary>The disk cannot read all of it now: it is left as it is.</summary>
    LeftAlone,
}

/// <summary>
/// Puts a damaged store in order, file by file; a crash in the middle leaves each as it was or as it will be, and doing it
/// again changes nothing. Nothing that can be read is lost.
/// </summary>
public static class StoreRepair
{
    /// <summary>
    /// Throws <see cref="StoreLockedException"/> while another process writes the store, and the disk's errors when it takes
    /// nothing. <paramref name="isDryRun"/>: only says what it would do.
    /// </summary>
    public static IReadOnlyList<FileRepair> Run(string directory, bool isDryRun, TimeProvider clock, Action<string>? onFile, CancellationToken cancel)
    {
        if (isDryRun)
        {
            return Run(new PosixDisk(directory), isDryRun, clock, onFile, cancel);
        }

        using var locked = StoreLock.Take(directory);
        return Run(new PosixDisk(directory), isDryRun, clock, onFile, cancel);
    }

    internal static IReadOnlyList<FileRepair> Run(IDisk disk, bool isDryRun, TimeProvider clock, Action<string>? onFile, CancellationToken cancel)
    {
        var done = new List<FileRepair>();
        var repair = new SegmentRepair(disk, clock, isDryRun);
        foreach (ulong sequence in disk.Names().Select(FileNames.SequenceOfSegment).OfType<ulong>().Order().ToArray())
        {
            onFile?.Invoke(FileNames.Segment(sequence));
            if (repair.Repair(sequence, cancel) is { } repaired)
            {
                done.Add(repaired);
            }
        }

        done.AddRange(repair.SetAside());
        SealJournals(disk, isDryRun, clock, done, onFile, cancel);
        return done;
    }

    /// <summary>A journal that is damaged becomes a segment with a gap, as it would at the next start.</summary>
    private static void SealJournals(IDisk disk, bool isDryRun, TimeProvider clock, List<FileRepair> done, Action<string>? onFile, CancellationToken cancel)
    {
        VerifyReport before = Verification.RunJournals(disk, cancel);
        string[] damaged = [.. before.Damaged.Select(damage => damage.File).Distinct()];
        if (damaged.Length == 0)
        {
            return;
        }

        foreach (string name in damaged)
        {
            onFile?.Invoke(name);
            done.Add(new FileRepair(name, RepairAction.Sealed, 0, [], before.Damaged.First(damage => damage.File == name).What));
        }

        if (!isDryRun)
        {
            using var engine = new StoreEngine(disk, new StoreOptions(), clock, isReadOnly: false);
            engine.TidyUp();
            while (engine.SealNext(cancel))
            {
                cancel.ThrowIfCancellationRequested();
            }
        }
    }
}
