using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>Makes journal files, all of their bytes written once, and uses old ones again.</summary>
internal sealed class JournalFolder(IDisk disk, long bytes, TimeProvider clock, StayKeys keys)
{
    private const int PieceBytes = 256 << 10;

    /// <summary>The writer takes what the sealing task has prepared: two tasks meet here.</summary>
    private readonly Lock _lock = new();
    private JournalFile? _prepared;
    private ulong _nextSequence = 1;

    public bool IsPrepared
    {
        get
        {
            lock (_lock)
            {
                return _prepared is not null;
            }
        }
    }

    /// <summary>No file gets this sequence or a smaller one any more.</summary>
    public void Skip(ulong sequence) => _nextSequence = Math.Max(_nextSequence, sequence + 1);

    /// <summary>Makes the next file ahead of its use, for the current stay.</summary>
    public void Prepare()
    {
        lock (_lock)
        {
            StayId stay = keys.Current;
            if (_prepared is not null && _prepared.Stay != stay)
            {
                Drop();
            }

            _prepared ??= Make(stay);
        }
    }

    /// <summary>A file for blocks of a stay.</summary>
    public JournalFile Take(StayId stay)
    {
        lock (_lock)
        {
            if (_prepared is not null && _prepared.Stay != stay)
            {
                Drop();
            }

            JournalFile taken = _prepared ?? Make(stay);
            _prepared = null;
            return taken;
        }
    }

    /// <summary>Gives up what was prepared, if it is for this stay. Throws the disk's errors.</summary>
    public void GiveUp(StayId stay)
    {
        lock (_lock)
        {
            if (_prepared?.Stay == stay)
            {
                Drop();
            }
        }
    }

    /// <summary>Gives back the name of a file that was sealed; its bytes serve again, unless somebody still reads them.</summary>
    public void Recycle(FileIdentity identity, bool isFree)
    {
        lock (_lock)
        {
            if (isFree && !disk.Names().Contains(FileNames.SpareJournal))
            {
                disk.Rename(identity.Name, FileNames.SpareJournal);
            }
            else
            {
                disk.Delete(identity.Name);
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _prepared?.File.Dispose();
            _prepared = null;
        }
    }

    private void Drop()
    {
        if (_prepared is { } dropped)
        {
            _prepared = null;
            dropped.File.Dispose();
            disk.Delete(dropped.Identity.Name);
        }
    }

    /// <summary>Nothing is encrypted under a key that is not on the disk, and no two files have one salt.</summary>
    private JournalFile Make(StayId stay)
    {
        keys.Save();
        var identity = new FileIdentity(FileKind.Journal, _nextSequence);
        FileSeal? seal = keys.IsOn ? new FileSeal(stay, keys.NewSalt()) : null;
        FileCipher? cipher = seal is { } known ? keys.Cipher(identity, known) : null;
        try
        {
            IDiskFile file = Make(identity, seal);
            _nextSequence++;
            return new JournalFile(identity, cipher is null ? file : new FileWithCipher(file, cipher));
        }
        catch
        {
            cipher?.LetGo();
            throw;
        }
    }

    private IDiskFile Make(FileIdentity identity, FileSeal? seal)
    {
        string unfinished = FileNames.Unfinished(identity.Name);
        IDiskFile file = OpenSpare(unfinished) ?? WriteZeros(unfinished);
        try
        {
            file.Write(0, new FileHead(identity, UtcInstant.FromDateTime(clock.GetUtcNow()), 0, 0, 0) { Seal = seal }.ToBytes());
            file.Sync();
            file.Forget();
            disk.Rename(unfinished, identity.Name);
            disk.Sync();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A spare file is used as it is: frames of its earlier life carry another sequence in their checksum. It is renamed
    /// first, so that an error halfway does not leave a spare of unknown content.
    /// </summary>
    private IDiskFile? OpenSpare(string name)
    {
        if (!disk.Names().Contains(FileNames.SpareJournal))
        {
            return null;
        }

        disk.Rename(FileNames.SpareJournal, name);
        IDiskFile file = disk.Open(name, DiskAccess.Write);
        if (file.Length == bytes)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    private IDiskFile WriteZeros(string name)
    {
        IDiskFile file = disk.Open(name, DiskAccess.Create);
        try
        {
            byte[] zeros = new byte[Math.Min(PieceBytes, bytes)];
            for (long at = 0; at < bytes; at += PieceBytes)
            {
                file.Write(at, zeros.AsSpan(0, (int)Math.Min(PieceBytes, bytes - at)));
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
