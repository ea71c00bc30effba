using System.Globalization;
using System.Security.Cryptography;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Identity;

/// <summary>
/// The file of identities on a disk: written anew as a whole (temporary name, sync, rename, sync of the folder, the old bytes overwritten), or added to at its end by the process that wrote
/// it. What a crash leaves is the old file, the new one, or the new one with an addition more or less; never a nonce that served twice.
/// </summary>
internal sealed class VaultDisk(IDisk disk, BoxKey box, Action<Span<byte>> randomness) : IDisposable
{
    public const string Name = "identities";

    /// <summary>More is not added to a file: it is written anew.</summary>
    public const int MostAdded = 256 << 10;

    private const string Unfinished = Name + ".tmp";
    private const string BadSuffix = ".bad";
    private const int MostBytes = 256 << 20;
    private const int ReadAttempts = 3;

    private VaultFile? _file;
    private long _end;
    private long _added;
    private ulong _revision;
    private bool _setAside;

    /// <summary>It can be added to: this process wrote all of it, and no addition failed.</summary>
    public bool CanAdd => _file is not null && _added < MostAdded;

    /// <summary>Null when there is no file. Throws the disk's errors. What cannot be read is set aside by the next writing.</summary>
    public VaultReading? Read()
    {
        if (!disk.Names().Contains(Name))
        {
            return null;
        }

        VaultReading reading = VaultFile.Read(box, ReadPatiently());
        _revision = reading.Revision;
        _setAside = reading.State is VaultState.OtherKey or VaultState.Lost;
        return reading;
    }

    /// <summary>Durable when it returns. Throws the disk's errors: the file is then the old one or the new one.</summary>
    public void Write(IReadOnlyList<byte[]> records, bool isErasing)
    {
        _file?.Dispose();
        _file = null;
        IReadOnlyList<string> names = disk.Names();
        if (_setAside && names.Contains(Name))
        {
            disk.Rename(Name, FreeBad(names));
            _setAside = false;
        }

        using IDiskFile? old = names.Contains(Name) ? OpenOld() : null;
        Span<byte> salt = stackalloc byte[VaultFile.SaltBytes];
        randomness(salt);
        byte[] bytes = VaultFile.Write(box, _revision + 1, records, salt, out VaultFile file);
        try
        {
            using (IDiskFile written = disk.Open(Unfinished, DiskAccess.CreatePrivate))
            {
                written.Write(0, bytes);
                written.Sync();
            }

            disk.Rename(Unfinished, Name);
            if (isErasing)
            {
                DeleteBad();
            }

            disk.Sync();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _revision++;
        (_file, _end, _added) = (file, bytes.Length, 0);
        Overwrite(old);
    }

    /// <summary>Durable when it returns. Throws the disk's errors; nothing more is added then, the next writing is of the whole.</summary>
    public void Add(IReadOnlyList<byte[]> records)
    {
        VaultFile file = _file ?? throw new InvalidOperationException("a file is added to by the process that wrote it");
        byte[] bytes = [.. records.SelectMany(record => file.Next(record))];
        try
        {
            using IDiskFile open = disk.Open(Name, DiskAccess.Write);
            open.Write(_end, bytes);
            open.Sync();
            _end += bytes.Length;
            _added += bytes.Length;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            _file.Dispose();
            _file = null;
            throw;
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A disk that fails once does not cost the vault.</summary>
    private byte[] ReadPatiently()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using IDiskFile file = disk.Open(Name, DiskAccess.Read);
                byte[] bytes = new byte[Math.Min(file.Length, MostBytes)];
                return bytes[..file.Read(0, bytes)];
            }
            catch (Exception error) when (DiskErrors.Is(error) && attempt < ReadAttempts)
            {
                // Once more.
            }
        }
    }

    /// <summary>A file that was set aside before is not overwritten: its key may come back.</summary>
    private static string FreeBad(IReadOnlyList<string> names)
    {
        string free = Name + BadSuffix;
        for (int i = 2; names.Contains(free); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{Name}.{i}{BadSuffix}");
        }

        return free;
    }

    /// <summary>They may hold what is erased now.</summary>
    private void DeleteBad()
    {
        foreach (string bad in disk.Names().Where(name => name.StartsWith(Name, StringComparison.Ordinal) && name.EndsWith(BadSuffix, StringComparison.Ordinal)))
        {
            disk.Delete(bad);
        }
    }

    private IDiskFile? OpenOld()
    {
        try
        {
            return disk.Open(Name, DiskAccess.Write);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return null;
        }
    }

    private static void Overwrite(IDiskFile? old)
    {
        try
        {
            if (old is not null)
            {
                byte[] nothing = new byte[Math.Min(old.Length, MostBytes)];
                RandomNumberGenerator.Fill(nothing);
                old.Write(0, nothing);
                old.Sync();
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // The name is gone, and what was written is encrypted: its place is used again sooner or later.
        }
    }
}
