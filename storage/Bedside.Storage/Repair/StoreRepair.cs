using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Storage.Replacing;

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
    /// nothing. <paramref name="isDryRun"/>: only says what it would do. What is encrypted under a key that is not there is left alone.
    /// </summary>
    public static async Task<IReadOnlyList<FileRepair>> RunAsync(string directory, bool isDryRun, TimeProvider clock, BoxKey? key, Action<string>? onFile, CancellationToken cancel)
    {
        var options = new StoreOptions { BoxKey = key };
        using StoreLock? locked = isDryRun ? null : StoreLock.Take(directory);
        string? tail = Store.TailFolder(directory, options, make: !isDryRun);
        return await RunAsync(new PosixDisk(directory), tail is null ? null : new PosixDisk(tail, isPrivate: true), isDryRun, clock, options, onFile, cancel);
    }

    internal static async Task<IReadOnlyList<FileRepair>> RunAsync(IDisk disk, IDisk? tail, bool isDryRun, TimeProvider clock, StoreOptions options, Action<string>? onFile, CancellationToken cancel)
    {
        if (!isDryRun && ReplaceFinish.IsNeeded(disk.Names()))
        {
            ReplaceFinish.Run(disk, _ => { });
        }

        var done = new List<FileRepair>(RepairSegments(disk, isDryRun, clock, options, onFile, cancel));
        VerifyReport journals = Verification.RunJournals(disk, options.BoxKey, cancel);
        Damage[] damaged = [.. journals.Damaged.Where(damage => FileNames.SequenceOfJournal(damage.File) is not null).DistinctBy(damage => damage.File)];
        foreach (Damage damage in damaged)
        {
            onFile?.Invoke(damage.File);
            done.Add(new FileRepair(damage.File, journals.Locked.Count > 0 ? RepairAction.LeftAlone : RepairAction.Sealed, 0, [], damage.What));
        }

        if (damaged.Length > 0 && journals.Locked.Count == 0 && !isDryRun)
        {
            await SealJournalsAsync(disk, tail, clock, options, cancel);
        }

        return done;
    }

    private static List<FileRepair> RepairSegments(IDisk disk, bool isDryRun, TimeProvider clock, StoreOptions options, Action<string>? onFile, CancellationToken cancel)
    {
        var done = new List<FileRepair>();
        var found = new List<Damage>();
        var signals = new SignalTable();
        using var keys = StayKeys.Load(disk, options, found.Add);
        var repair = new SegmentRepair(new EncryptedDisk(disk, keys, () => signals.GreatestNumber, found.Add), found, signals, clock, isDryRun);
        ulong[] sequences = [.. disk.Names().Select(FileNames.SequenceOfSegment).OfType<ulong>().Order()];
        Array.ForEach(sequences, repair.NoteTimes);
        found.Clear();
        foreach (ulong sequence in sequences)
        {
            onFile?.Invoke(FileNames.Segment(sequence));
            if (repair.Repair(sequence, cancel) is { } repaired)
            {
                done.Add(repaired);
            }
        }

        done.AddRange(repair.SetAside());
        return done;
    }

    /// <summary>What a start does: a journal becomes a segment, with a gap for what is damaged; what a killed process left in memory comes to the disk.</summary>
    private static async Task SealJournalsAsync(IDisk disk, IDisk? tail, TimeProvider clock, StoreOptions options, CancellationToken cancel)
    {
        using var engine = new StoreEngine(disk, options, clock, isReadOnly: false, sync: null, tail);
        engine.TidyUp();
        await engine.Journal.CloseAsync();
        while (engine.SealNext(cancel))
        {
            cancel.ThrowIfCancellationRequested();
        }
    }
}
