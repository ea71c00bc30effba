using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Evidence;

/// <summary>A window where it stands; its entries are unpacked when they are asked for.</summary>
internal sealed record FoundEvidence(ulong Number, EvidenceWindow.Head Head, byte[] Content)
{
    /// <summary>Number of the first entry behind it.</summary>
    public ulong Next => Number + Head.Entries;

    /// <summary>Throws <see cref="BlockFormatException"/>.</summary>
    public EvidenceEntry[] Entries() => EvidenceWindow.Unpack(Content);
}

/// <summary>
/// Goes through the windows of one file of evidence. What cannot be read is <see cref="Damaged"/> where it was durable once, and
/// <see cref="Unfinished"/> where it never was: a torn end is cut, and nothing is guessed.
/// </summary>
internal sealed class EvidenceScan(EncryptedDisk disk, EvidenceFile evidence)
{
    private readonly List<(long Offset, string What)> _bad = [];
    private long _durable;

    /// <summary>Complete after the last window.</summary>
    public IEnumerable<Damage> Damaged => _bad.Where(one => EndedInOrder || one.Offset < _durable).Select(Say);

    /// <summary>Complete after the last window.</summary>
    public IEnumerable<Damage> Unfinished => _bad.Where(one => !EndedInOrder && one.Offset >= _durable).Select(Say);

    /// <summary>The mark of an orderly end was found: everything before it had been durable.</summary>
    public bool EndedInOrder { get; private set; }

    /// <summary>Number behind the last window; 0 = none was found.</summary>
    public ulong Next { get; private set; }

    private FileIdentity Identity => evidence.Identity;

    /// <summary>From front to back, once. Throws <see cref="KeyMissingException"/>, and the disk's errors when the file cannot be opened.</summary>
    public IEnumerable<FoundEvidence> Windows()
    {
        if (evidence.Head is null)
        {
            // It was durable before anything else was written.
            bool hasFrames = HasFrames();
            _bad.Add((hasFrames ? -1 : 0, hasFrames ? "the head is not what was written, and without it nothing can be read" : "a file was begun and not finished"));
            yield break;
        }

        using IDiskFile file = OpenWithCipher();
        if (!FileHead.IsWhole(file, Identity))
        {
            _bad.Add((HasFrames() ? -1 : 0, "one copy of the head is not what was written; the other was used"));
        }

        using var frames = new FrameScanner(file, Identity, file.Length);
        int seen = 0;
        long end = FileHead.JournalBytes;
        Next = evidence.Head.Value.FirstNumber;
        while (frames.MoveNext())
        {
            seen = Note(frames, seen);
            if (frames.Block.IsEmpty)
            {
                EndedInOrder = true;
                Follow(frames.Number, end);
                continue;
            }

            if (Read(file, frames) is { } found)
            {
                Follow(found.Number, end);
                end = frames.Offset;
                (Next, _durable) = (found.Next, Math.Max(_durable, found.Head.Durable));
                yield return found;
            }
        }

        _ = Note(frames, seen);
        if (frames.TailIsDirty)
        {
            _bad.Add((Math.Max(frames.Tail, _durable), "a window was begun and not finished"));
        }
    }

    /// <summary>Checksums only, for a file without its key. Throws the disk's errors.</summary>
    public void CheckFrames(CancellationToken cancel)
    {
        using IDiskFile file = disk.Open(Identity.Name, DiskAccess.Read);
        using var frames = new FrameScanner(file, Identity, file.Length);
        while (frames.MoveNext())
        {
            cancel.ThrowIfCancellationRequested();
            _durable = frames.Offset;
        }

        _ = Note(frames, 0);
    }

    private bool HasFrames()
    {
        using IDiskFile file = disk.Open(Identity.Name, DiskAccess.Read);
        using var frames = new FrameScanner(file, Identity, file.Length);
        return frames.MoveNext();
    }

    private Damage Say((long Offset, string What) bad) => new(Identity.Name, Math.Max(0, bad.Offset), SignalNumber.None, bad.What);

    private IDiskFile OpenWithCipher()
    {
        IDiskFile file = disk.Open(Identity.Name, DiskAccess.Read);
        try
        {
            return disk.WithCipher(file, Identity);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Entries that should have stood behind <paramref name="end"/>, and do not, without a byte that is wrong: a page was never written, or reads as zeros.</summary>
    private void Follow(ulong number, long end)
    {
        if (Next != 0 && number != Next && _bad.TrueForAll(one => one.Offset < end))
        {
            _bad.Add((end, $"entries from {Next} on are missing"));
        }
    }

    private int Note(FrameScanner frames, int seen)
    {
        _bad.AddRange(frames.Damaged.Skip(seen).Select(damage => (damage.Offset, damage.What)));
        return frames.Damaged.Count;
    }

    private FoundEvidence? Read(IDiskFile file, FrameScanner frames)
    {
        try
        {
            byte[]? content = file is FileWithCipher { Cipher: var cipher }
                ? cipher.Decrypt((ulong)frames.Offset, frames.Number, frames.Block)
                : frames.Block.ToArray();
            return content is null
                ? throw new BlockFormatException("a window is not what was encrypted")
                : new FoundEvidence(frames.Number, EvidenceWindow.ReadHead(content), content);
        }
        catch (BlockFormatException error)
        {
            _bad.Add((frames.Offset, error.Message));
            return null;
        }
    }
}
