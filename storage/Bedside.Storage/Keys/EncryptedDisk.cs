using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>
/// A disk on which segments are encrypted without those who read and write them knowing: they see the content. A new segment is
/// under the key of the stay whose journal, or whose segment before, has its sequence. Opening one throws
/// <see cref="KeyMissingException"/> when its key is not there. Segments that are not encrypted can be read.
/// </summary>
internal sealed class EncryptedDisk(IDisk disk, StayKeys keys, Func<uint> signals, Action<Damage> onDamage) : IDisk
{
    /// <summary>The disk as it is.</summary>
    public IDisk Raw => disk;

    public IReadOnlyList<string> Names() => disk.Names();

    public IDiskFile Open(string name, DiskAccess access)
    {
        if (FileNames.SequenceOfSegment(FileNames.Plain(name)) is not { } sequence)
        {
            return disk.Open(name, access);
        }

        var identity = new FileIdentity(FileKind.Segment, sequence);
        return access is DiskAccess.Create or DiskAccess.CreatePrivate ? Create(name, identity) : OpenSegment(name, access, identity);
    }

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string name) => disk.Delete(name);

    public void Sync() => disk.Sync();

    /// <summary>A journal with its cipher, if it is encrypted. Throws <see cref="KeyMissingException"/> and the disk's errors; the file stays the caller's then.</summary>
    public IDiskFile WithCipher(IDiskFile file, FileIdentity identity) =>
        FileHead.ReadEither(file, identity)?.Seal is { } seal ? new FileWithCipher(file, keys.Cipher(identity, seal)) : file;

    /// <summary>Which stay a journal or segment, one set aside too, says in the clear that it is of. Null = none, or it cannot be told. Throws the disk's errors.</summary>
    public StayId? StayOf(string name)
    {
        using IDiskFile file = disk.Open(name, DiskAccess.Read);
        return FileNames.IdentityOf(name) is not { } identity ? null
            : identity.Kind == FileKind.Segment ? Heads(file, identity).Head?.Seal.Stay
            : FileHead.ReadEither(file, identity)?.Seal?.Stay;
    }

    /// <summary>The greatest number of a signal when an encrypted segment was made; 0 = it does not say. Throws the disk's errors.</summary>
    public uint SignalsOf(FileIdentity identity)
    {
        using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
        return Heads(file, identity).Head?.Signals ?? 0;
    }

    /// <summary>Whatever is damaged in an encrypted segment, as far as it can be told without its key. Throws the disk's errors.</summary>
    public IReadOnlyList<Damage> CheckWithoutKey(FileIdentity identity)
    {
        using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
        (EncryptedHead? head, bool isAtEnd) = Heads(file, identity);
        var damaged = new List<Damage>();
        if (head is null)
        {
            return damaged;
        }

        long end = file.Length - (isAtEnd ? EncryptedHead.Bytes : 0);
        byte[] stored = new byte[EncryptedPages.PageBytes];
        for (long page = 0; EncryptedPages.OffsetOf(page) < end; page++)
        {
            long at = EncryptedPages.OffsetOf(page);
            int length = (int)Math.Min(end - at, EncryptedPages.RoomOf(page) + EncryptedPages.Overhead);
            int read = file.Read(at, stored.AsSpan(0, length));
            if (!EncryptedPages.IsWhole(identity, page, stored.AsSpan(0, read)))
            {
                damaged.Add(new Damage(identity.Name, at, SignalNumber.None, "a page is not what was written"));
            }
        }

        return damaged;
    }

    private IDiskFile Create(string name, FileIdentity identity)
    {
        if (!keys.IsOn)
        {
            return disk.Open(name, DiskAccess.Create);
        }

        StayId stay = StayBefore(FileNames.Journal(identity.Sequence)) ?? StayBefore(FileNames.Segment(identity.Sequence)) ?? keys.Current;
        var seal = new FileSeal(stay, keys.NewSalt());
        FileCipher cipher = keys.Cipher(identity, seal);
        try
        {
            return new EncryptedWriter(disk.Open(name, DiskAccess.Create), new EncryptedHead(identity, seal, signals()), cipher);
        }
        catch
        {
            cipher.LetGo();
            throw;
        }
    }

    private IDiskFile OpenSegment(string name, DiskAccess access, FileIdentity identity)
    {
        IDiskFile file = disk.Open(name, access);
        try
        {
            (EncryptedHead? head, bool isAtEnd) = Heads(file, identity);
            return head is { } known ? new EncryptedFile(file, identity, keys.Cipher(identity, known.Seal), isAtEnd, onDamage) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The head at the beginning, or the one at the end; and whether there is one at the end, before which the pages end.</summary>
    private (EncryptedHead? Head, bool IsAtEnd) Heads(IDiskFile file, FileIdentity identity)
    {
        Span<byte> bytes = stackalloc byte[EncryptedHead.Bytes];
        int read = file.Read(0, bytes);
        EncryptedHead? first = EncryptedHead.Read(bytes[..read], identity);
        if (first is null && read > 0 && bytes.StartsWith("BEDSEGM1"u8))
        {
            return (null, false);
        }

        read = file.Read(Math.Max(0, file.Length - EncryptedHead.Bytes), bytes);
        EncryptedHead? last = EncryptedHead.Read(bytes[..read], identity);
        if ((first ?? last) is { } known && first != last)
        {
            onDamage(new Damage(identity.Name, first is null ? 0 : Math.Max(0, file.Length - EncryptedHead.Bytes), SignalNumber.None, "one head of an encrypted segment is not what was written; the other was used"));
            return (known, last is not null || IsLike(known, bytes[..read]));
        }

        return (first, last is not null);
    }

    /// <summary>A damaged head at the end is told from the end of a page by most of its bytes being right.</summary>
    private static bool IsLike(EncryptedHead head, ReadOnlySpan<byte> bytes)
    {
        Span<byte> expected = stackalloc byte[EncryptedHead.Bytes];
        head.Write(expected);
        int same = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            same += bytes[i] == expected[i] ? 1 : 0;
        }

        return same > EncryptedHead.Bytes / 2;
    }

    private StayId? StayBefore(string name)
    {
        try
        {
            return disk.Names().Contains(name) ? StayOf(name) : null;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return null;
        }
    }
}
