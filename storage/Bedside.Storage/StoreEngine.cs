using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Journal;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>
/// The parts of an open store, without the tasks that drive them: <see cref="Store"/> does that, and so do the tests,
/// which thereby choose the order of every read and write.
/// </summary>
internal sealed class StoreEngine : IDisposable
{
    private readonly Sealer _sealer;
    private readonly JournalFolder _folder;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<FileIdentity> _idle;
    private readonly TailKeeper _tail;

    /// <summary>Opens the folder and finds out what is in it. <paramref name="tail"/> is where the tail goes; null = into the same folder.</summary>
    public StoreEngine(IDisk disk, StoreOptions options, TimeProvider clock, bool isReadOnly, Func<IDiskFile, Task>? sync = null, IDisk? tail = null)
    {
        options.Check();
        Disk = disk;
        SyncEvery = options.SyncEvery;
        _clock = clock;
        var recovery = new Recovery(disk, Holdings, Signals, Health);
        if (isReadOnly)
        {
            recovery.RunReadOnly(tail);
        }
        else
        {
            recovery.Run(tail);
        }

        _idle = recovery.Idle;
        _folder = new JournalFolder(disk, options.JournalBytes, clock);
        _folder.Skip(recovery.LastSequence);
        _sealer = new Sealer(disk, clock, Health.Found);
        _tail = new TailKeeper(disk, tail ?? disk, Health, options, clock) { FirstNumber = recovery.NextNumber };
        Journal = new JournalWriter(_folder, Holdings, Signals, options, Health, clock, _tail)
        {
            Sync = sync ?? (file => Task.Run(file.Sync)),
            NextNumber = recovery.NextNumber,
            DurableUpTo = Now,
        };
        Journal.Restore(recovery.Restored);
    }

    public TimeSpan SyncEvery { get; }

    /// <summary>What a kill would cost is kept in memory that outlives the process.</summary>
    public bool TailHolds => _tail.Holds;

    public IDisk Disk { get; }

    public Holdings Holdings { get; } = new();

    public SignalTable Signals { get; } = new();

    public HealthLog Health { get; } = new();

    public JournalWriter Journal { get; }

    public UtcInstant Now => UtcInstant.FromDateTime(_clock.GetUtcNow());

    /// <summary>Puts descriptions that no file has yet before what comes next.</summary>
    public void StageDescriptions()
    {
        foreach (SignalBlock description in Signals.TakeUnwritten())
        {
            _ = Journal.Stage(description);
        }
    }

    /// <summary>Gives journals back that a former process left without use. Throws the disk's errors.</summary>
    public void TidyUp()
    {
        foreach (FileIdentity identity in _idle)
        {
            _folder.Recycle(identity, isFree: true);
        }
    }

    /// <summary>Makes the next journal ahead of its use. Throws the disk's errors.</summary>
    public void Prepare() => _folder.Prepare();

    /// <summary>Seals the oldest closed journal; false = there is none. Throws the disk's errors, and the journal stays what it is.</summary>
    public bool SealNext(CancellationToken cancel)
    {
        if (Holdings.NextToSeal() is not { } journal)
        {
            return false;
        }

        SegmentFile? segment = _sealer.Seal(journal, Signals.Descriptions, cancel);
        bool isFree = Holdings.Replace(journal, segment);
        _folder.Recycle(journal.Identity, isFree && !journal.IsSuspect);
        return true;
    }

    public void Dispose()
    {
        _tail.Close();
        _folder.Close();
        Holdings.CloseFiles();
    }
}
