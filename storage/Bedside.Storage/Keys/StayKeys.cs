using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>
/// The keys of a store's stays. The writer, the sealing task and readers meet here. What is in memory may be ahead of the file
/// of keys while the disk takes nothing, but nothing is encrypted under a key that the file does not have: <see cref="Save"/>
/// comes before each new journal.
/// </summary>
internal sealed class StayKeys : IDisposable
{
    private const int ReadAttempts = 3;

    private readonly IDisk _disk;
    private readonly BoxKey? _box;
    private readonly StoreOptions _options;
    private readonly Lock _lock = new();
    private readonly List<StayEntry> _stays = [];
    private readonly CipherShelf _ciphers = new();
    private ulong _revision;
    private bool _isSaved = true;
    private bool _keepBad;

    private StayKeys(IDisk disk, StoreOptions options)
    {
        _disk = disk;
        _box = options.BoxKey;
        _options = options;
    }

    /// <summary>New files are encrypted.</summary>
    public bool IsOn => _box is not null;

    /// <summary>A key for another purpose than data; null without a box key.</summary>
    public byte[]? Derive(ReadOnlySpan<byte> purpose) => _box?.Derive(purpose);

    /// <summary>The stay whose patient is in the bed, if its key can be had.</summary>
    public StayId Current
    {
        get
        {
            lock (_lock)
            {
                return CurrentLocked();
            }
        }
    }

    public IReadOnlyList<StayEntry> Stays
    {
        get
        {
            lock (_lock)
            {
                return [.. _stays];
            }
        }
    }

    /// <summary>The file of keys as it is; damage in it is reported and costs what both copies lost. A file that cannot be read at all is kept as <c>.bad</c> by the next writing.</summary>
    public static StayKeys Load(IDisk disk, StoreOptions options, Action<Damage> onDamage)
    {
        var keys = new StayKeys(disk, options);
        if (!disk.Names().Contains(FileNames.Keys))
        {
            return keys;
        }

        KeyFileContent? content;
        try
        {
            // Beside a process that writes it the file may have been replaced, and overwritten, since it was opened.
            content = ReadPatiently(disk) is { IsDamaged: false } whole ? whole : ReadPatiently(disk);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            onDamage(new Damage(FileNames.Keys, 0, SignalNumber.None, error.Message));
            keys._keepBad = true;
            return keys;
        }

        if (content is not { IsDamaged: false })
        {
            onDamage(new Damage(FileNames.Keys, 0, SignalNumber.None, content switch
            {
                null => "the file of keys is not what was written: what was kept before cannot be read",
                { Lost: > 0 } => $"the keys of {content.Lost} stays are not what was written: what was kept under them cannot be read",
                _ => "one copy of the keys is not what was written; the other was used",
            }));
            keys._isSaved = false;
            keys._keepBad = content is null or { Lost: > 0 };
        }

        keys._revision = content?.Revision ?? 0;
        keys._stays.AddRange(content?.Stays ?? []);
        return keys;
    }

    public bool IsErased(StayId stay)
    {
        lock (_lock)
        {
            return Find(stay) is { IsErased: true };
        }
    }

    /// <summary>
    /// From now on this is the stay; the one before ended. Nothing happens when it is the current one already. The file of keys
    /// follows with <see cref="Save"/>. Throws <see cref="ArgumentException"/> for a stay that was before.
    /// </summary>
    public void Begin(StayId stay, UtcInstant now)
    {
        BoxKey box = _box ?? throw new InvalidOperationException("a store without a box key has no stays");
        lock (_lock)
        {
            if (stay == CurrentLocked())
            {
                return;
            }

            if (stay == StayId.None || Find(stay) is not null)
            {
                throw new ArgumentException($"the stay {stay} was here before: a stay that ended does not begin again");
            }

            byte[] wrapped = new byte[BoxKey.WrappedBytes];
            Span<byte> key = stackalloc byte[BoxKey.Bytes];
            Span<byte> nonce = stackalloc byte[FileCipher.NonceBytes];
            _options.Randomness(key);
            _options.Randomness(nonce);
            box.Wrap(stay, key, nonce, wrapped);
            CryptographicOperations.ZeroMemory(key);
            for (int i = 0; i < _stays.Count; i++)
            {
                _stays[i] = _stays[i].State == StayState.Current ? _stays[i] with { State = StayState.Ended, Ended = now } : _stays[i];
            }

            if (_stays.Count >= KeyFile.MostStays && _stays.FindIndex(old => old.State == StayState.Erased) is >= 0 and int forgotten)
            {
                _stays.RemoveAt(forgotten);
            }

            _stays.Add(new StayEntry(stay, StayState.Current, now, Ended: null, wrapped));
            _isSaved = false;
        }
    }

    /// <summary>Makes the file of keys say what memory says; durable when it returns. Throws the disk's errors.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (!_isSaved)
            {
                WriteLocked();
            }
        }
    }

    /// <summary>
    /// Destroys the key of a stay: when this returns neither the file of keys nor memory has it. Throws the disk's errors: memory
    /// has it no more then, the file may, until the next <see cref="Save"/>; and <see cref="ArgumentException"/> for the current stay.
    /// </summary>
    public void Erase(StayId stay, UtcInstant now)
    {
        lock (_lock)
        {
            if (stay == CurrentLocked())
            {
                throw new ArgumentException("the stay of the patient in the bed is not erased: begin another first");
            }

            if (Find(stay) is not { IsErased: true })
            {
                // A stay that is not known may have files whose key stood in a file that was lost: it must not come back either.
                int at = _stays.FindIndex(known => known.Id == stay);
                var erased = new StayEntry(stay, StayState.Erasing, default, now, new byte[BoxKey.WrappedBytes]);
                if (at >= 0)
                {
                    CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(_stays[at].Wrapped).Span);
                    _stays[at] = erased;
                }
                else
                {
                    _stays.Insert(0, erased);
                }

                _isSaved = false;
            }

            _ciphers.Destroy(stay);
            if (!_isSaved)
            {
                WriteLocked();
            }
        }
    }

    /// <summary>The files of erased stays are gone. Known after the next writing of the file only: until then they are looked for again.</summary>
    public void NoteSwept(StayId stay)
    {
        lock (_lock)
        {
            int at = _stays.FindIndex(known => known.Id == stay && known.State == StayState.Erasing);
            if (at >= 0)
            {
                _stays[at] = _stays[at] with { State = StayState.Erased };
                _isSaved = false;
            }
        }
    }

    /// <summary>A stay of which nothing is known yet.</summary>
    public StayId NewStay() => new(NewSalt() | 1);

    /// <summary>A salt that no file had.</summary>
    public UInt128 NewSalt()
    {
        Span<byte> salt = stackalloc byte[FileCipher.SaltBytes];
        _options.Randomness(salt);
        return BinaryPrimitives.ReadUInt128LittleEndian(salt);
    }

    /// <summary>The key of a file, which the caller lets go of. Throws <see cref="KeyMissingException"/>, and nothing else.</summary>
    public FileCipher Cipher(FileIdentity file, FileSeal seal)
    {
        lock (_lock)
        {
            if (_ciphers.Find(file, seal) is { } known)
            {
                return known;
            }

            StayEntry entry = Find(seal.Stay) ?? throw new KeyMissingException($"{file.Name} belongs to the stay {seal.Stay}, whose key is not in {FileNames.Keys}");
            if (entry.IsErased)
            {
                throw new KeyMissingException($"{file.Name} belongs to a stay that was erased");
            }

            Span<byte> key = stackalloc byte[BoxKey.Bytes];
            if (_box?.TryUnwrap(seal.Stay, entry.Wrapped.Span, key) != true)
            {
                throw new KeyMissingException(_box is null
                    ? $"{file.Name} is encrypted, and no box key was given"
                    : $"{file.Name} belongs to the stay {seal.Stay}, whose key was made with another box key");
            }

            try
            {
                var cipher = FileCipher.Derive(key, seal.Stay, file, seal.Salt, _options.Witness);
                _ciphers.Put(file, seal, cipher);
                return cipher;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ciphers.Clear();
        }
    }

    /// <summary>A disk that fails once does not cost the keys: what is not read now is taken for lost.</summary>
    private static KeyFileContent? ReadPatiently(IDisk disk)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Read(disk);
            }
            catch (Exception error) when (DiskErrors.Is(error) && attempt < ReadAttempts)
            {
                // Once more.
            }
        }
    }

    private static KeyFileContent? Read(IDisk disk)
    {
        using IDiskFile file = disk.Open(FileNames.Keys, DiskAccess.Read);
        byte[] bytes = new byte[Math.Min(file.Length, KeyFile.MostBytes)];
        int read = file.Read(0, bytes);
        return KeyFile.Decode(bytes.AsSpan(0, read));
    }

    private StayEntry? Find(StayId stay) => _stays.Find(known => known.Id == stay);

    private StayId CurrentLocked()
    {
        if (_stays.Count == 0 || _stays[^1] is not { State: StayState.Current } last || _box is null)
        {
            return StayId.None;
        }

        Span<byte> key = stackalloc byte[BoxKey.Bytes];
        bool isOurs = _box.TryUnwrap(last.Id, last.Wrapped.Span, key);
        CryptographicOperations.ZeroMemory(key);
        return isOurs ? last.Id : StayId.None;
    }

    /// <summary>
    /// Writes the whole file beside the old one and renames it. The old one's bytes are overwritten when nothing names them any
    /// more: flash may keep them all the same, which is why they are wrapped.
    /// </summary>
    private void WriteLocked()
    {
        IReadOnlyList<string> names = _disk.Names();
        bool isErasing = _stays.Exists(stay => stay.State == StayState.Erasing);
        if (_keepBad && names.Contains(FileNames.Keys) && !isErasing)
        {
            _disk.Rename(FileNames.Keys, FileNames.Bad(FileNames.Keys));
        }

        using IDiskFile? old = names.Contains(FileNames.Keys) ? OpenOld(isErasing || !_keepBad) : null;
        string unfinished = FileNames.Unfinished(FileNames.Keys);
        byte[] bytes = KeyFile.Encode(_revision + 1, _stays);
        using (IDiskFile file = _disk.Open(unfinished, DiskAccess.CreatePrivate))
        {
            file.Write(0, bytes);
            file.Sync();
        }

        _disk.Rename(unfinished, FileNames.Keys);
        if (isErasing && names.Contains(FileNames.Bad(FileNames.Keys)))
        {
            // It may hold what is erased now.
            _disk.Delete(FileNames.Bad(FileNames.Keys));
        }

        _disk.Sync();
        _revision++;
        _keepBad = false;
        _isSaved = true;
        Overwrite(old);
    }

    private IDiskFile? OpenOld(bool wanted)
    {
        try
        {
            return wanted ? _disk.Open(FileNames.Keys, DiskAccess.Write) : null;
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
                old.Write(0, new byte[Math.Min(old.Length, KeyFile.MostBytes)]);
                old.Sync();
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // The name is gone, which is what counts; the bytes are as good as overwritten when their place is used again.
        }
    }
}
