using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Evidence;
using Bedside.Storage.Files;
using Bedside.Storage.Journal;
using Bedside.Storage.Keys;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>
/// The parts of an open store, without the tasks that drive them: <see cref="Store"/> does that, and so do the tests,
/// which thereby choose the order of every read and write.
/// </summary>
internal sealed class StoreEngine : IDisposable
{
    /// <summary>Sealing and erasing do not meet: a segment of an erased stay would be left behind.</summary>
    private readonly Lock _sealing = new();
    private readonly Sealer _sealer;
    private readonly JournalFolder _folder;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<FileIdentity> _idle;
    private readonly Erasure _erasure;
    private readonly TailKeeper _tail;

    /// <summary>Opens the folder and finds out what is in it. <paramref name="tail"/> is where the tail goes; null = into the same folder.</summary>
    public StoreEngine(IDisk disk, StoreOptions options, TimeProvider clock, bool isReadOnly, Func<IDiskFile, Task>? sync = null, IDisk? tail = null)
    {
        options.Check();
        SyncEvery = options.SyncEvery;
        _clock = clock;
        Keys = StayKeys.Load(disk, options, Health.Found);
        var encrypted = new EncryptedDisk(disk, Keys, () => Signals.GreatestNumber, Health.Found);
        Disk = encrypted;
        _erasure = new Erasure(encrypted, Keys, Health);
        if (!isReadOnly)
        {
            BeginFirstStay();
            _erasure.Complete();
        }

        var recovery = new Recovery(encrypted, Keys, Holdings, Signals, Health);
        if (isReadOnly)
        {
            recovery.RunReadOnly(tail);
        }
        else
        {
            recovery.Run(tail);
        }

        _idle = recovery.Idle;
        _folder = new JournalFolder(disk, options.JournalBytes, clock, Keys);
        _folder.Skip(recovery.LastSequence);
        _sealer = new Sealer(encrypted, clock, Health.Found);
        _tail = new TailKeeper(disk, tail ?? disk, Keys, Health, options, clock) { FirstNumber = recovery.NextNumber };
        Journal = new JournalWriter(_folder, Holdings, Signals, options, Health, clock, _tail)
        {
            Sync = sync ?? (file => Task.Run(file.Sync)),
            NextNumber = recovery.NextNumber,
            DurableUpTo = Now,
            Stay = Keys.Current,
        };
        Journal.Restore(recovery.Restored);
        EvidenceFiles = new EvidenceShelf(encrypted);
        Evidence = isReadOnly || options.Evidence is not { } kept ? null : new EvidenceRing(encrypted, EvidenceFiles, Keys, kept, Health, clock);
    }

    public TimeSpan SyncEvery { get; }

    /// <summary>What a kill would cost is kept in memory that outlives the process.</summary>
    public bool TailHolds => _tail.Holds;

    /// <summary>The disk as readers see it: segments are their content.</summary>
    public EncryptedDisk Disk { get; }

    public StayKeys Keys { get; }

    public Holdings Holdings { get; } = new();

    public SignalTable Signals { get; } = new();

    public HealthLog Health { get; } = new();

    public JournalWriter Journal { get; }

    /// <summary>The files of what went over the ports.</summary>
    public EvidenceShelf EvidenceFiles { get; }

    /// <summary>Where that is kept; null = it is not.</summary>
    public EvidenceRing? Evidence { get; }

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
        IReadOnlyList<string> names = Disk.Names();
        foreach (FileIdentity identity in _idle.Where(identity => names.Contains(identity.Name)))
        {
            _folder.Recycle(identity, isFree: true);
        }
    }

    /// <summary>Makes the next journal ahead of its use. Throws the disk's errors.</summary>
    public void Prepare() => _folder.Prepare();

    /// <summary>Seals the oldest closed journal; false = there is none. Throws the disk's errors, and the journal stays what it is.</summary>
    public bool SealNext(CancellationToken cancel)
    {
        lock (_sealing)
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
    }

    /// <summary>Changes segments while none is sealed and no stay is erased.</summary>
    public bool ChangeSegments(Func<bool> change)
    {
        lock (_sealing)
        {
            return change();
        }
    }

    /// <summary>
    /// What is staged from now on belongs to this stay; what was before is made durable first, as far as the disk takes it, and in
    /// any case goes under its own key. Throws the disk's errors when the file of keys could not be written: the boundary holds
    /// all the same as long as the process lives, and is written before anything of the new stay. Throws
    /// <see cref="ArgumentException"/> for a stay that was before, and nothing happened then.
    /// </summary>
    public async ValueTask BeginStayAsync(StayId stay)
    {
        if (stay != Keys.Current)
        {
            Keys.Begin(stay, Now);
            Evidence?.BeginStay(stay);
            await Journal.BeginStayAsync(stay);
            Keys.Save();
        }
    }

    /// <summary>
    /// Destroys the key of a stay whose blocks are all durable, and deletes its files; readers that hold one open read nothing more of
    /// it. Throws the disk's errors when the key may still be in the file, and <see cref="ArgumentException"/> for the current stay.
    /// </summary>
    public void Erase(StayId stay)
    {
        lock (_sealing)
        {
            Keys.Erase(stay, Now);
            _folder.GiveUp(stay);
            Evidence?.GiveUp(stay);
            _erasure.Complete(Holdings.Forget);
        }
    }

    /// <summary>
    /// A bed always has a stay: whoever lies in it is recorded under a key of their own. When the disk does not take the file of
    /// keys now, the first journal waits for it.
    /// </summary>
    private void BeginFirstStay()
    {
        if (!Keys.IsOn)
        {
            return;
        }

        if (Keys.Current == StayId.None)
        {
            Keys.Begin(Keys.NewStay(), Now);
        }

        try
        {
            Keys.Save();
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            Health.Failed($"the keys could not be written, it is tried again: {error.Message}");
        }
    }

    public void Dispose()
    {
        _tail.Close();
        _folder.Close();
        Holdings.CloseFiles();
        Keys.Dispose();
    }
}
