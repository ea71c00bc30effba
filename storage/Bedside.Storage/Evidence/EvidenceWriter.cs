using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Evidence;

/// <summary>
/// Writes windows of evidence into files. Nothing is written twice to one place of a file; after an error everything that is not
/// durable is written again, under the same numbers, to a new file. Not for several threads.
/// </summary>
internal sealed class EvidenceWriter(IDisk disk, EvidenceShelf shelf, StayKeys keys, EvidenceOptions options, HealthLog health, TimeProvider clock)
{
    /// <summary>Entries are numbered through all files; a run of the program begins at (sequence of its first file) × 2^32 + 1.</summary>
    public const int NumberBitsOfRun = 32;

    private const int PageBytes = 4096;

    /// <summary>A file is not of two times: a larger step of the box's clock ends it.</summary>
    private const long LargestStepNanoseconds = 1_000_000_000;

    private readonly List<PackedWindow> _windows = [];
    private readonly List<EvidenceEntry> _lost = [];
    private int _placed;
    private ulong _next;
    private OpenFile? _file;
    private long _retryAt = long.MinValue;
    private long _syncedAt = clock.GetTimestamp();
    private bool _isRefused;

    /// <summary>Bytes handed to the disk since the process began.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Bytes that the disk has not made durable, as far as they are known here.</summary>
    public long PendingBytes => _windows.Sum(window => (long)window.Bytes.Length);

    /// <summary>Takes entries of one stay; they go to the disk with <see cref="Write"/>.</summary>
    public void Add(StayId stay, ReadOnlySpan<EvidenceEntry> entries)
    {
        if (entries.IsEmpty || keys.IsErased(stay))
        {
            return;
        }

        if (PendingBytes > options.QueueBytes)
        {
            Lose(EvidenceLoss.Disk, entries);
            return;
        }

        EvidenceEntry[] all = _lost.Count == 0 ? entries.ToArray() : [.. _lost, .. entries];
        _lost.Clear();
        _windows.Add(new PackedWindow(stay, 0, (uint)all.Length, all[0], EvidenceWindow.Pack(all)) { Entries = all });
    }

    /// <summary>Hands to the disk what it does not have yet, and syncs when that is due or <paramref name="all"/> is wanted. Never throws for the disk; false = it took not everything.</summary>
    public bool Write(bool all)
    {
        try
        {
            if (clock.GetTimestamp() < _retryAt && !all)
            {
                return false;
            }

            while (_placed < _windows.Count)
            {
                Place();
            }

            bool isDue = clock.GetElapsedTime(_syncedAt) >= options.SyncEvery;
            if (_file is not null && (all || (isDue && _placed > 0)))
            {
                Sync();
            }

            return true;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            Abandon(error);
            return false;
        }
    }

    /// <summary>Writes everything and says in the file that it ended in order. Never throws for the disk.</summary>
    public void Close()
    {
        if (Write(all: true) && _file is not null)
        {
            try
            {
                Seal();
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                Abandon(error);
            }
        }

        Leave();
    }

    /// <summary>Forgets everything of a stay whose key was destroyed.</summary>
    public void GiveUp(StayId stay)
    {
        for (int i = _windows.Count - 1; i >= 0; i--)
        {
            if (_windows[i].Stay == stay)
            {
                _windows.RemoveAt(i);
                _placed -= i < _placed ? 1 : 0;
            }
        }

        if (_file?.Stay == stay)
        {
            Leave();
        }
    }

    /// <summary>The next window goes behind the last one, or into a new file.</summary>
    private void Place()
    {
        PackedWindow window = _windows[_placed];
        if (!health.Writing)
        {
            // What is on the disk's last bytes is the record itself.
            throw new IOException("the disk takes nothing");
        }

        if (_file is { } open && !Fits(open, window))
        {
            Seal();
        }

        if (window.Number == 0)
        {
            ulong sequence = NextSequence();
            _next = _next == 0 ? (sequence << NumberBitsOfRun) + 1 : _next;
            window = _windows[_placed] = window with { Number = _next };
            _next += window.Count;
        }

        if (_file is null && !TryBegin(window))
        {
            _windows.RemoveAt(_placed);
            _next = window.Number + window.Count == _next ? window.Number : _next;
            return;
        }

        OpenFile file = _file!; // begun just now
        byte[] content = window.Bytes;
        EvidenceWindow.SayDurable(content, file.Durable);
        content = file.Cipher?.Encrypt((ulong)file.Position, window.Number, content) ?? content;
        byte[] frame = new byte[Frame.TotalBytes(content.Length)];
        _ = Frame.Write(frame, file.Identity, file.Position, window.Number, content);
        Put(file, frame);
        _placed++;
    }

    private bool Fits(OpenFile file, PackedWindow window)
    {
        long elapsed = window.First.At.Since(file.First.At);
        long step = window.First.Utc.Since(file.First.Utc) - elapsed;
        return file.Stay == window.Stay
            && file.Position + Frame.TotalBytes(window.Bytes.Length + FileCipher.TagBytes) + PageBytes <= options.FileBytes
            && elapsed < options.FileSpan.Ticks * 100
            && Math.Abs(step) < LargestStepNanoseconds;
    }

    /// <summary>False when this window cannot be kept: the budget is spent on what is held, or the stay is gone. Throws the disk's errors.</summary>
    private bool TryBegin(PackedWindow window)
    {
        if (shelf.Files().Sum(one => one.Bytes) + options.FileBytes > options.BudgetBytes)
        {
            if (!_isRefused)
            {
                health.Failed("the budget of the evidence is spent on what is held, and nothing more of it is kept: remove a hold or give a larger --evidence-budget");
            }

            _isRefused = true;
            Lose(EvidenceLoss.Budget, window.Entries);
            return false;
        }

        _isRefused = false;
        keys.Save();
        var identity = new FileIdentity(FileKind.Evidence, NextSequence());
        FileSeal? seal = keys.IsOn && window.Stay != StayId.None ? new FileSeal(window.Stay, keys.NewSalt()) : null;
        FileCipher? cipher = null;
        IDiskFile? file = null;
        try
        {
            cipher = seal is { } known ? keys.Cipher(identity, known) : null;
            file = disk.Open(identity.Name, DiskAccess.Create);
            _file = new OpenFile(identity, window.Stay, window.First, file, cipher);
            shelf.Open = identity.Sequence;
            Put(_file, new FileHead(identity, window.First.Utc, window.Number, 0, 0) { Seal = seal }.ToBytes());

            // Without the head nothing else can be read: it, and the name, are durable first.
            file.Sync();
            disk.Sync();
            _file.Durable = _file.Position;
            return true;
        }
        catch (KeyMissingException)
        {
            // Erased meanwhile: this goes with it.
            return false;
        }
        catch
        {
            if (_file is null)
            {
                cipher?.LetGo();
                file?.Dispose();
            }

            throw;
        }
    }

    private ulong NextSequence() => disk.Names().Select(FileNames.SequenceOfEvidence).OfType<ulong>().DefaultIfEmpty().Max() + 1;

    private void Put(OpenFile file, ReadOnlySpan<byte> bytes)
    {
        file.File.Write(file.Position, bytes);
        file.Position += bytes.Length;
        BytesWritten += bytes.Length;
    }

    /// <summary>What comes next begins a new page: a torn write cannot take with it what was synced.</summary>
    private void Sync()
    {
        if (_file is not { } file)
        {
            return;
        }

        file.File.Sync();
        file.File.Forget();
        file.Durable = file.Position;
        file.Position = (file.Position + PageBytes - 1) / PageBytes * PageBytes;
        _windows.RemoveRange(0, _placed);
        _placed = 0;
        _syncedAt = clock.GetTimestamp();
    }

    /// <summary>Makes the file durable, marks its end, and leaves it.</summary>
    private void Seal()
    {
        OpenFile file = _file!; // the caller saw it
        Sync();
        byte[] end = new byte[Frame.TotalBytes(0)];
        _ = Frame.Write(end, file.Identity, file.Position, Math.Max(_next, 1), []);
        Put(file, end);
        file.File.Sync();
        Leave();
    }

    private void Abandon(Exception error)
    {
        health.Failed($"evidence could not be written, it is tried again: {error.Message}");
        Leave();
        _retryAt = clock.GetTimestamp() + (long)(options.FlushEvery.TotalSeconds * clock.TimestampFrequency);
    }

    private void Leave()
    {
        _file?.Cipher?.LetGo();
        _file?.File.Dispose();
        _file = null;
        _placed = 0;
        shelf.Open = null;
    }

    /// <summary>What cannot be kept becomes a hole of its port, written with the next that can.</summary>
    private void Lose(EvidenceLoss loss, ReadOnlySpan<EvidenceEntry> entries)
    {
        foreach (EvidenceEntry entry in entries)
        {
            int at = _lost.FindIndex(hole => hole.Port == entry.Port && hole.Loss == loss);
            if (at < 0)
            {
                _lost.Add(EvidenceHoles.Of(loss, entry));
            }
            else
            {
                _lost[at] = EvidenceHoles.With(_lost[at], entry);
            }
        }
    }

    private sealed class OpenFile(FileIdentity identity, StayId stay, EvidenceEntry first, IDiskFile file, FileCipher? cipher)
    {
        public FileIdentity Identity => identity;

        public StayId Stay => stay;

        public EvidenceEntry First => first;

        public IDiskFile File => file;

        public FileCipher? Cipher => cipher;

        public long Position { get; set; }

        public long Durable { get; set; }
    }

    /// <summary>A window that is not durable yet. Number 0 = it has none yet.</summary>
    private sealed record PackedWindow(StayId Stay, ulong Number, uint Count, EvidenceEntry First, byte[] Bytes)
    {
        /// <summary>For the account of what is lost.</summary>
        public required EvidenceEntry[] Entries { get; init; }
    }
}

/// <summary>The account of what is not kept.</summary>
internal static class EvidenceHoles
{
    /// <summary>A hole of one entry.</summary>
    public static EvidenceEntry Of(EvidenceLoss loss, EvidenceEntry entry) =>
        With(new EvidenceEntry(EvidenceKind.Hole, entry.Port, entry.At, entry.Utc) { Loss = loss, From = entry.Utc, UncertaintyMicroseconds = entry.UncertaintyMicroseconds }, entry);

    /// <summary>The same hole with one entry more, which may be a hole itself.</summary>
    public static EvidenceEntry With(EvidenceEntry hole, EvidenceEntry entry)
    {
        UtcInstant from = entry.Kind == EvidenceKind.Hole ? entry.From : entry.Utc;
        bool isChunk = entry.Kind is EvidenceKind.FromDevice or EvidenceKind.ToDevice;
        return hole with
        {
            At = entry.At.Nanoseconds > hole.At.Nanoseconds ? entry.At : hole.At,
            Utc = entry.Utc > hole.Utc ? entry.Utc : hole.Utc,
            From = from < hole.From ? from : hole.From,
            LostChunks = hole.LostChunks + (isChunk ? 1 : entry.LostChunks),
            LostBytes = hole.LostBytes + entry.Bytes.Length + entry.LostBytes,
        };
    }
}
