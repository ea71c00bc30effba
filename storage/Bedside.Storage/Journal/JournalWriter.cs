using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>
/// Writes blocks to journal files, a window for each sync, and meanwhile to the tail. What is not durable yet stays in memory:
/// after an error the file is left as it is and all of that goes into a new one, because a kernel that failed to write a page
/// forgets that it has to. For one task.
/// </summary>
internal sealed class JournalWriter(JournalFolder folder, Holdings holdings, SignalTable signals, StoreOptions options, HealthLog health, TimeProvider clock, TailKeeper tail)
{
    /// <summary>A second failure within so many sync periods waits for one before the next file: a broken disk is not worn out by new files.</summary>
    private const int PatienceFactor = 10;

    private readonly List<PendingBlock> _unsynced = [];
    private readonly WindowLayout _layout = new(options, clock);
    private JournalFile? _file;
    private UtcInstant _fileSince;
    private int _shown;
    private long _unsyncedBytes;
    private Task<Exception?>? _syncing;
    private int _syncingCount;
    private long _syncingSince;
    private UtcInstant _syncingCovers;
    private long _retryAt;
    private long? _abandonedAt;

    /// <summary>How a file is synced: on a thread of its own, so that writing goes on meanwhile.</summary>
    public Func<IDiskFile, Task> Sync { get; init; } = file => Task.Run(file.Sync);

    /// <summary>Number of the next block; set once, before the first.</summary>
    public ulong NextNumber { get; set; } = 1;

    /// <summary>Whose blocks are staged.</summary>
    public StayId Stay { get; set; }

    public ulong LastStaged => NextNumber - 1;

    /// <summary>Every block up to this number is durable.</summary>
    public ulong LastDurable { get; private set; }

    public UtcInstant DurableUpTo { get; set; }

    public TimeSpan LastSync { get; private set; }

    public long UnsyncedBytes => Volatile.Read(ref _unsyncedBytes);

    public bool HasUnsynced => _unsynced.Count > 0;

    /// <summary>So much waits for its sync that nothing more should be taken.</summary>
    public bool IsFull => UnsyncedBytes >= options.UnsyncedBytes;

    /// <summary>A sync should not wait for its time: memory is full, or blocks of the last process are not durable yet.</summary>
    public bool WantsSync => IsFull || tail.IsFull || HasRestored;

    /// <summary>The disk refused; the next attempt is due at <see cref="RetryAt"/>.</summary>
    public bool IsFailing => _file is null && _unsynced.Count > 0;

    /// <summary>Timestamp of the clock.</summary>
    public long RetryAt => _retryAt;

    /// <summary>Timestamp at which the oldest unsynced block was staged.</summary>
    public long Oldest => _unsynced.Count > 0 ? _unsynced[0].StagedAt : clock.GetTimestamp();

    public Task<Exception?>? Syncing => _syncing;

    /// <summary>Blocks of the last process are not durable yet.</summary>
    private bool HasRestored => _unsynced.Count > 0 && _unsynced[0].Number < tail.FirstNumber;

    /// <summary>Takes up what the last process left in its tail, before anything new.</summary>
    public void Restore(IReadOnlyList<PendingBlock> blocks)
    {
        long now = clock.GetTimestamp();
        foreach (PendingBlock block in blocks)
        {
            Keep(block with { StagedAt = now });
        }

        Show();
    }

    /// <summary>Gives the block its number and keeps it until it is durable. False = the format cannot hold it.</summary>
    public bool Stage(Block block)
    {
        try
        {
            byte[] bytes = BlockCodec.Encode(block);
            if (Frame.TotalBytes(bytes.Length + Window.MostOverhead + FileCipher.TagBytes) > _layout.Room)
            {
                throw new ArgumentException($"a block of {bytes.Length} bytes does not fit into a journal of {_layout.Capacity}");
            }

            Keep(new PendingBlock(BlockEntry.Of(block, bytes, NextNumber++, 0), block, bytes, clock.GetTimestamp()) { Stay = Stay });
            return true;
        }
        catch (ArgumentException error)
        {
            health.Refuse($"a block of signal {block.Signal.Value} was refused: {error.Message}");
            return false;
        }
    }

    /// <summary>Shows what is staged to readers and to the tail, and sees to it that there is a file for the next sync. Does not throw for the disk.</summary>
    public async ValueTask WriteAsync()
    {
        int staged = Show();
        tail.Append(CollectionsMarshal.AsSpan(_unsynced), staged, mayOpen: !HasRestored);
        if (_file is null && _unsynced.Count > 0)
        {
            _ = TryOpen();
        }

        if (_file is { } current && current.Index.Blocks > 0 && _fileSince.ToDateTime() + options.SegmentSpan <= clock.GetUtcNow())
        {
            await RollAsync();
        }
    }

    /// <summary>
    /// Writes what was shown and begins to make it durable; everything appended before <paramref name="covers"/> must have been
    /// staged. False when there is nothing to do, a sync is under way, or the disk refuses.
    /// </summary>
    public bool BeginSync(UtcInstant covers)
    {
        if (_syncing is not null || _shown == 0 || (_file is null && !TryOpen()))
        {
            return false;
        }

        JournalFile file = _file!; // it was there, or was opened
        try
        {
            _syncingCount = _layout.Windows(file, Shown);
            if (_syncingCount == 0)
            {
                // It is full, and all of it durable.
                Leave(file);
                if (!TryOpen())
                {
                    return false;
                }

                file = _file!; // it was opened
                _syncingCount = _layout.Windows(file, Shown);
            }

            WritePages(file);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            Abandon(error);
            return false;
        }

        tail.Switch(LastDurable);
        _syncingCovers = _syncingCount == _unsynced.Count ? covers : DurableUpTo;
        _syncingSince = clock.GetTimestamp();
        _syncing = SyncFileAsync(file);
        return true;
    }

    /// <summary>Waits for the sync under way, if there is one, and draws the consequences.</summary>
    public async ValueTask SettleAsync()
    {
        if (_syncing is not { } syncing)
        {
            return;
        }

        Exception? error = await syncing;
        _syncing = null;
        if (error is not null)
        {
            Abandon(error);
            return;
        }

        JournalFile file = _file!; // it is left only when no sync is under way
        LastSync = clock.GetElapsedTime(_syncingSince);
        LastDurable = _unsynced[_syncingCount - 1].Number;
        holdings.Settle(file, _layout.Entries, LastDurable, file.Position + _layout.Pages.Length);
        DurableUpTo = _syncingCovers > DurableUpTo ? _syncingCovers : DurableUpTo;
        Volatile.Write(ref _unsyncedBytes, _unsyncedBytes - _unsynced.Take(_syncingCount).Sum(one => (long)one.Bytes.Length));
        _unsynced.RemoveRange(0, _syncingCount);
        _shown -= _syncingCount;
        tail.Settle();
    }

    /// <summary>Makes everything durable and says in the file that it ended in order. Errors are left to the next start.</summary>
    public async ValueTask CloseAsync()
    {
        await WriteAsync();
        await SyncAllAsync();
        if (_file is { } file && _unsynced.Count == 0)
        {
            try
            {
                if (file.Position + PageBuffer.PageBytes <= options.JournalBytes)
                {
                    _layout.End(file);
                    WritePages(file);
                    file.File.Sync();
                }
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                health.Failed($"the journal could not be closed: {error.Message}");
            }
        }

        if (_unsynced.Count == 0)
        {
            tail.Discard();
        }
    }

    /// <summary>Makes the file durable and goes on to the next.</summary>
    public async ValueTask RollAsync()
    {
        await SyncAllAsync();
        if (_file is { } file)
        {
            Leave(file);
        }
    }

    private ReadOnlySpan<PendingBlock> Shown => CollectionsMarshal.AsSpan(_unsynced)[.._shown];

    /// <summary>What is staged from now on is of this stay; everything before is written under its own key, now if the disk takes it.</summary>
    public async ValueTask BeginStayAsync(StayId stay)
    {
        await WriteAsync();
        await RollAsync();
        Stay = stay;
        if (_unsynced.Count == 0)
        {
            tail.Discard();
        }
    }

    private async ValueTask SyncAllAsync()
    {
        await SettleAsync();
        while (BeginSync(DurableUpTo))
        {
            await SettleAsync();
        }
    }

    private async Task<Exception?> SyncFileAsync(JournalFile file)
    {
        try
        {
            await Sync(file.File);
            return null;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return error;
        }
    }

    private void Keep(PendingBlock block)
    {
        _unsynced.Add(block);
        Volatile.Write(ref _unsyncedBytes, _unsyncedBytes + block.Bytes.Length);
    }

    /// <summary>Makes what is staged visible to readers, and says how many blocks that are.</summary>
    private int Show()
    {
        ReadOnlySpan<PendingBlock> staged = CollectionsMarshal.AsSpan(_unsynced)[_shown..];
        if (!staged.IsEmpty)
        {
            holdings.Show(staged);
            _shown = _unsynced.Count;
        }

        return staged.Length;
    }

    private bool TryOpen()
    {
        if (clock.GetTimestamp() < _retryAt)
        {
            return false;
        }

        JournalFile? file = null;
        try
        {
            file = folder.Take(_unsynced.Count > 0 ? _unsynced[0].Stay : Stay);
            _layout.Descriptions(file, signals.Descriptions);
            WritePages(file);
            file.Position += _layout.Pages.Length;
            _fileSince = UtcInstant.FromDateTime(clock.GetUtcNow());
            _file = file;
            holdings.Add(file);
            health.Writing = true;
            return true;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            file?.File.Dispose();
            health.Failed($"the disk takes nothing: {error.Message}");
            health.Writing = false;
            Postpone();
            return false;
        }
    }

    /// <summary>Whole pages, and new ones: a page that was synced is never written again, so that a torn write cannot take with it what was acknowledged.</summary>
    private void WritePages(JournalFile file) => file.File.Write(file.Position, _layout.Pages);

    private void Leave(JournalFile file)
    {
        _file = null;
        holdings.Close(file);
    }

    private void Abandon(Exception error)
    {
        health.Failed($"the disk failed, a new journal is begun: {error.Message}");
        if (_file is { } file)
        {
            file.IsSuspect = true;
            Leave(file);
        }

        if (_abandonedAt is { } before && clock.GetElapsedTime(before) < PatienceFactor * options.SyncEvery)
        {
            Postpone();
        }

        _abandonedAt = clock.GetTimestamp();
    }

    private void Postpone() => _retryAt = clock.GetTimestamp() + (long)(options.SyncEvery.TotalSeconds * clock.TimestampFrequency);
}
