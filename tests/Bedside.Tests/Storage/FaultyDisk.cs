using System.Runtime.CompilerServices;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Tests.Storage;

/// <summary>How a power cut treats what was not synced.</summary>
internal enum Loss
{
    /// <summary>Only the process dies.</summary>
    Nothing,
    Everything,

    /// <summary>Each sector by itself, so that writes are torn and reordered.</summary>
    RandomSectors,

    /// <summary>Each page of 4096 bytes by itself.</summary>
    RandomPages,

    /// <summary>Sectors that were being written hold garbage.</summary>
    Garbage,
}

/// <summary>
/// A disk in memory that remembers what was synced. From a seed it fails single operations, fills up, and cuts the power at
/// a given operation: nothing works then until <see cref="Restart"/>.
/// </summary>
internal sealed class FaultyDisk(Random random) : IDisk, IDiskRoom
{
    private const int Sector = 512;
    private const int Page = 4096;

    /// <summary>What it says of its size when nothing bounds it.</summary>
    private const long Unlimited = 1L << 40;

    /// <summary>A store writes and seals on two tasks.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Inode> _names = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, Inode>>> _unsyncedNames = [];
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private Dictionary<string, Inode> _durableNames = new(StringComparer.Ordinal);

    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation at which the power goes.</summary>
    public int CutAt { get; set; } = int.MaxValue;

    /// <summary>Operations that fail, each once.</summary>
    public HashSet<int> FailAt { get; } = [];

    /// <summary>All operations of these numbers fail.</summary>
    public Range? FailWhile { get; set; }

    /// <summary>Bytes that all files together may have.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Another disk of the same box: its power goes with that one's.</summary>
    public FaultyDisk? Neighbour { get; init; }

    public bool IsCut
    {
        get => field || Neighbour is { IsCut: true };
        private set;
    }

    public bool FaultsPaused { get; set; }

    public long Bytes => _names.Values.Distinct().Sum(inode => inode.Content.LongLength);

    public IReadOnlyList<string> Names()
    {
        lock (_lock)
        {
            Operate();
            return [.. _names.Keys];
        }
    }

    public IDiskFile Open(string name, DiskAccess access)
    {
        lock (_lock)
        {
            Operate();
            if (access is DiskAccess.Create or DiskAccess.CreatePrivate)
            {
                var created = new Inode();
                _names[name] = created;
                _unsyncedNames.Add(names => names[name] = created);
            }

            return _names.TryGetValue(name, out Inode? inode) ? new OpenFile(this, inode) : throw new FileNotFoundException(name);
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Operate();
            Move(_names, from, to);
            _unsyncedNames.Add(names => Move(names, from, to));
        }
    }

    public void Delete(string name)
    {
        lock (_lock)
        {
            Operate();
            _ = _names.Remove(name);
            _unsyncedNames.Add(names => names.Remove(name));
        }
    }

    public void Sync()
    {
        lock (_lock)
        {
            Operate();
            _unsyncedNames.Clear();
            _durableNames = new Dictionary<string, Inode>(_names, StringComparer.Ordinal);
        }
    }

    public (long Total, long Free) Measure()
    {
        lock (_lock)
        {
            Operate();
            long total = Math.Min(Capacity, Unlimited);
            return (total, Math.Max(0, total - Bytes));
        }
    }

    public void SetAside(string name, long bytes)
    {
        using IDiskFile file = Open(name, DiskAccess.Create);
        file.Write(0, new byte[bytes]);
    }

    /// <summary>What the disk holds when it is switched on again.</summary>
    public void Restart(Loss loss)
    {
        IsCut = false;
        CutAt = int.MaxValue;
        FailAt.Clear();
        FailWhile = null;
        Capacity = long.MaxValue;
        if (loss == Loss.Nothing)
        {
            return;
        }

        int kept = loss == Loss.Everything ? 0 : random.Next(_unsyncedNames.Count + 1);
        _unsyncedNames.Take(kept).ToList().ForEach(change => change(_durableNames));
        _unsyncedNames.Clear();
        _names.Clear();
        foreach ((string name, Inode inode) in _durableNames)
        {
            _names[name] = inode;
        }

        foreach (Inode inode in _names.Values.Distinct())
        {
            inode.Lose(loss, random);
        }
    }

    /// <summary>Another disk with the same files, all of them durable.</summary>
    public FaultyDisk Copy(Random other)
    {
        var copy = new FaultyDisk(other);
        foreach ((string name, Inode inode) in _names)
        {
            copy.Replace(name, [.. inode.Content]);
        }

        return copy;
    }

    /// <summary>How often which operation was asked for.</summary>
    public IReadOnlyDictionary<string, int> Asked => _asked;

    /// <summary>The bytes of a file, to be changed in place.</summary>
    public byte[] Content(string name) => _names[name].Content;

    public void Replace(string name, byte[] content) => _names[name] = _durableNames[name] = new Inode(content);

    private static void Move(Dictionary<string, Inode> names, string from, string to)
    {
        if (names.Remove(from, out Inode? inode))
        {
            names[to] = inode;
        }
    }

    private void Operate([CallerMemberName] string what = "")
    {
        _asked[what] = _asked.GetValueOrDefault(what) + 1;
        int operation = FaultsPaused && !IsCut ? -1 : Operations++;
        IsCut |= operation >= CutAt;
        if (IsCut)
        {
            throw new IOException("the power is cut");
        }

        if (operation >= 0 && (FailAt.Remove(operation) || (FailWhile is { } range && operation >= range.Start.Value && operation < range.End.Value)))
        {
            throw new IOException("input/output error");
        }
    }

    private sealed class Inode(byte[]? content = null)
    {
        private readonly List<(long At, byte[] Bytes)> _unsynced = [];
        private byte[] _durable = content is null ? [] : [.. content];

        public byte[] Content { get; private set; } = content ?? [];

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            Content = Put(Content, at, bytes);
            _unsynced.Add((at, bytes.ToArray()));
        }

        public void Sync()
        {
            _unsynced.Clear();
            _durable = [.. Content];
        }

        /// <summary>After a failed sync a kernel takes the pages for clean: they stay in memory and never reach the disk.</summary>
        public void ForgetUnsynced() => _unsynced.Clear();

        public void Lose(Loss loss, Random random)
        {
            int unit = loss == Loss.RandomPages ? Page : Sector;
            foreach ((long at, byte[] bytes) in loss == Loss.Everything ? [] : _unsynced)
            {
                long end = at + bytes.Length;
                for (long from = at; from < end; from = ((from / unit) + 1) * unit)
                {
                    long to = Math.Min(end, ((from / unit) + 1) * unit);
                    if (random.Next(2) == 0)
                    {
                        _durable = Put(_durable, from, bytes.AsSpan((int)(from - at), (int)(to - from)));
                    }
                    else if (loss == Loss.Garbage && random.Next(2) == 0)
                    {
                        byte[] garbage = new byte[to - from];
                        random.NextBytes(garbage);
                        _durable = Put(_durable, from, garbage);
                    }
                }
            }

            _unsynced.Clear();
            Content = [.. _durable];
        }

        private static byte[] Put(byte[] old, long at, ReadOnlySpan<byte> bytes)
        {
            if (at + bytes.Length > old.Length)
            {
                Array.Resize(ref old, (int)(at + bytes.Length));
            }

            bytes.CopyTo(old.AsSpan((int)at));
            return old;
        }
    }

    private sealed class OpenFile(FaultyDisk disk, Inode inode) : IDiskFile
    {
        private bool _isDisposed;

        public long Length => inode.Content.Length;

        public int Read(long offset, Span<byte> bytes)
        {
            lock (disk._lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                disk.Operate();
                int length = (int)Math.Clamp(inode.Content.Length - offset, 0, bytes.Length);
                inode.Content.AsSpan((int)Math.Min(offset, inode.Content.Length), length).CopyTo(bytes);
                return length;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            disk.TryWrite(inode, offset, bytes);
        }

        public void Sync()
        {
            lock (disk._lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                try
                {
                    disk.Operate("SyncFile");
                }
                catch (IOException) when (!disk.IsCut)
                {
                    inode.ForgetUnsynced();
                    throw;
                }

                inode.Sync();
            }
        }

        public void Dispose() => _isDisposed = true;
    }

    /// <summary>A write that the power cut meets is half done; one that finds the disk full is not done.</summary>
    private void TryWrite(Inode inode, long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            bool wasCut = IsCut;
            try
            {
                Operate();
            }
            catch (IOException) when (IsCut && !wasCut)
            {
                inode.Write(offset, bytes[..random.Next(bytes.Length + 1)]);
                throw;
            }

            if (Bytes + Math.Max(0, offset + bytes.Length - inode.Content.Length) > Capacity)
            {
                throw new IOException("no space left on device");
            }

            inode.Write(offset, bytes);
        }
    }
}
