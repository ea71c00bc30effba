using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>
/// Writes blocks to journal files. What is not durable yet stays in memory: after an error the file is left as it is and
/// all of that goes into a new one, because a kernel that failed to write a page forgets that it has to. For one task.
/// </summary>
internal sealed class JournalWriter(JournalFolder folder, Holdings holdings, SignalTable signals, StoreOptions options, HealthLog health, TimeProvider clock)
{
    /// <summary>A second failure within so many sync periods waits for one before the next file: a broken disk is not worn out by new files.</summary>
    private const int PatienceFactor = 10;

    private readonly List<Unsynced> _unsynced = [];
    private readonly PageWindow _window = new();
    private readonly List<BlockEntry> _published = [];
    private JournalFile? _file;
    private UtcInstant _fileSince;
    private long _windowAt;
    private int _laidOut;
    private int _written;
    private long _unsyncedBytes;
    private long _oldest;
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

    /// <summary>The disk refused; the next attempt is due at <see cref="RetryAt"/>.</summary>
    public bool IsFailing => _file is null && _unsynced.Count > 0;

    /// <summary>Timestamp of the clock.</summary>
    public long RetryAt => _retryAt;

    /// <summary>Timestamp at which the oldest unsynced block was staged.</summary>
    public long Oldest => _oldest;

    public Task<Exception?>? Syncing => _syncing;

    private long Capacity => Math.Min(options.JournalBytes, Math.Max(options.SegmentBytes, StoreOptions.LeastJournalBytes));

    /// <summary>Gives the block its number and keeps it until it is durable. False = the format cannot hold it.</summary>
    public bool Stage(Block block)
    {
        try
        {
            byte[] bytes = BlockCodec.Encode(block);
            if (Frame.TotalBytes(bytes.Length) > Capacity - FileHead.JournalBytes)
            {
                throw new ArgumentException($"a block of {bytes.Length} bytes does not fit into a journal of {Capacity}");
            }

            if (_unsynced.Count == 0)
            {
                _oldest = clock.GetTimestamp();
            }

            _unsynced.Add(new Unsynced(BlockEntry.Of(block, bytes, NextNumber++, 0), bytes));
            Volatile.Write(ref _unsyncedBytes, _unsyncedBytes + bytes.Length);
            return true;
        }
        catch (ArgumentException error)
        {
            health.Refuse($"a block of signal {block.Signal.Value} was refused: {error.Message}");
            return false;
        }
    }

    /// <summary>Writes what is staged to the file, as far as the disk lets it. Does not throw for the disk.</summary>
    public async ValueTask WriteAsync()
    {
        while (_written < _unsynced.Count && (_file is not null || TryOpen()))
        {
            JournalFile file = _file!; // the loop's condition opened one
            int count = LayOut(file);
            if (count == 0)
            {
                await RollAsync();
                continue;
            }

            try
            {
                WriteWindow(file);
                Publish(file, count);
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                await SettleAsync();
                Abandon(error);
            }
        }

        if (_file is { } current && current.Index.Blocks > 0 && DateTimeOf(_fileSince) + options.SegmentSpan <= clock.GetUtcNow())
        {
            await RollAsync();
        }
    }

    /// <summary>
    /// Begins to make durable what is written; everything appended before <paramref name="covers"/> must have been
    /// staged. False when there is nothing to do or a sync is under way.
    /// </summary>
    public bool BeginSync(UtcInstant covers)
    {
        if (_syncing is not null || _written == 0 || _file is not { } file)
        {
            return false;
        }

        BeginPage(file);
        _syncingCount = _written;
        _syncingCovers = covers;
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

        LastSync = clock.GetElapsedTime(_syncingSince);
        LastDurable = _unsynced[_syncingCount - 1].Entry.Number;
        DurableUpTo = _syncingCovers > DurableUpTo ? _syncingCovers : DurableUpTo;
        Volatile.Write(ref _unsyncedBytes, _unsyncedBytes - _unsynced.Take(_syncingCount).Sum(one => (long)one.Bytes.Length));
        _unsynced.RemoveRange(0, _syncingCount);
        _written -= _syncingCount;
        _oldest = _syncingSince;
    }

    /// <summary>Makes everything durable and says in the file that it ended in order. Errors are left to the next start.</summary>
    public async ValueTask CloseAsync()
    {
        await SettleAsync();
        await WriteAsync();
        if (BeginSync(DurableUpTo))
        {
            await SettleAsync();
        }

        if (_file is { } file && _unsynced.Count == 0)
        {
            try
            {
                if (file.Position + Frame.TotalBytes(0) <= options.JournalBytes)
                {
                    _laidOut = 0;
                    Append(file, NextNumber, []);
                    WriteWindow(file);
                    file.File.Sync();
                }
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                health.Failed($"the journal could not be closed: {error.Message}");
            }
        }
    }

    /// <summary>Makes the file durable and goes on to the next.</summary>
    public async ValueTask RollAsync()
    {
        await SettleAsync();
        if (BeginSync(DurableUpTo))
        {
            await SettleAsync();
        }

        if (_file is { } file)
        {
            _file = null;
            holdings.Close(file);
        }
    }

    public async ValueTask BeginStayAsync(StayId stay)
    {
        await WriteAsync();
        await RollAsync();
        Stay = stay;
    }

    private static DateTimeOffset DateTimeOf(UtcInstant instant) => instant.ToDateTime();

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

    private bool TryOpen()
    {
        if (clock.GetTimestamp() < _retryAt)
        {
            return false;
        }

        JournalFile? file = null;
        try
        {
            file = folder.Take(Stay);
            WriteDescriptions(file);
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

    /// <summary>Each journal repeats what signals there are, so that it can be understood without any other file.</summary>
    private void WriteDescriptions(JournalFile file)
    {
        BeginPage(file);
        foreach (SignalBlock description in signals.Descriptions)
        {
            byte[] bytes = BlockCodec.Encode(description);
            if (file.Position + _laidOut + Frame.TotalBytes(bytes.Length) > Capacity / 2)
            {
                break;
            }

            Append(file, Frame.CopyNumber, bytes);
        }

        WriteWindow(file);
        file.Position += _laidOut;
    }

    /// <summary>Puts frames for as many blocks as the file has room for into the buffer; 0 = it is full.</summary>
    private int LayOut(JournalFile file)
    {
        _laidOut = 0;
        _published.Clear();
        for (int i = _written; i < _unsynced.Count; i++)
        {
            Unsynced one = _unsynced[i];
            long at = file.Position + _laidOut;
            if (at + Frame.TotalBytes(one.Bytes.Length) > Capacity)
            {
                break;
            }

            Append(file, one.Entry.Number, one.Bytes);
            _published.Add(one.Entry with { At = at });
        }

        return _published.Count;
    }

    private void Append(JournalFile file, ulong number, byte[] bytes)
    {
        Span<byte> frame = _window.Append(Frame.TotalBytes(bytes.Length));
        _laidOut += Frame.Write(frame, file.Identity, file.Position + _laidOut, number, bytes);
    }

    private void Publish(JournalFile file, int count)
    {
        holdings.Publish(file, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_published), file.Position + _laidOut);
        _written += count;
    }

    /// <summary>
    /// Writes whole pages, from the one in which the new frames begin, the rest of the last one zeros. Until a sync takes
    /// them, writing them again costs memory only; and the kernel need not read a page to change a part of it.
    /// </summary>
    private void WriteWindow(JournalFile file)
    {
        ReadOnlySpan<byte> pages = _window.Pages(_laidOut, out int offset);
        file.File.Write(_windowAt + offset, pages);
    }

    /// <summary>
    /// The next frame begins a new page: one that was synced is never written again, so that a torn write cannot take with
    /// it what was acknowledged.
    /// </summary>
    private void BeginPage(JournalFile file)
    {
        file.Position = (file.Position + PageWindow.PageBytes - 1) / PageWindow.PageBytes * PageWindow.PageBytes;
        _windowAt = file.Position;
        _laidOut = 0;
        _window.Clear();
    }

    private void Abandon(Exception error)
    {
        health.Failed($"the disk failed, a new journal is begun: {error.Message}");
        if (_file is { } file)
        {
            _file = null;
            file.IsSuspect = true;
            holdings.Withdraw(file, _unsynced.Count == 0 ? ulong.MaxValue : _unsynced[0].Entry.Number);
            holdings.Close(file);
        }

        _written = 0;
        if (_abandonedAt is { } before && clock.GetElapsedTime(before) < PatienceFactor * options.SyncEvery)
        {
            Postpone();
        }

        _abandonedAt = clock.GetTimestamp();
    }

    private void Postpone() => _retryAt = clock.GetTimestamp() + (long)(options.SyncEvery.TotalSeconds * clock.TimestampFrequency);

    private readonly record struct Unsynced(BlockEntry Entry, byte[] Bytes);
}
