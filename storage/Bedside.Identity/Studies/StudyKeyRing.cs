using System.Security.Cryptography;
using System.Text;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;

namespace Bedside.Identity.Studies;

/// <summary>
/// The keys of the studies of a box, each wrapped under a key that is derived from the box key: one small file of the data folder, its owner's alone, written anew as a whole (STUDIES.md, section 4).
/// The running box and the console may use the same file. Members throw <see cref="IOException"/> when the disk refuses, or the file is not what was written: a key is never made anew for that.
/// </summary>
public sealed class StudyKeyRing : IDisposable
{
    public const string Name = "study-keys";

    private const string LockName = "study-keys.lock";
    private const string Unfinished = "study-keys.tmp";
    private const string Head = "bedside-study-keys 1";
    private const int LongestStudy = 64;

    private readonly IDisk _disk;
    private readonly Func<IDisposable?> _hold;
    private readonly byte[] _wrapping;
    private readonly Lock _gate = new();

    /// <summary><paramref name="hold"/> keeps other processes from the file until it is let go.</summary>
    internal StudyKeyRing(IDisk disk, BoxKey box, Func<IDisposable?> hold)
    {
        _disk = disk;
        _hold = hold;
        _wrapping = box.Derive("bedside study keys"u8);
    }

    /// <summary>Studies that have a key, ascending.</summary>
    public IReadOnlyList<string> Studies => Held(() => (IReadOnlyList<string>)[.. ReadLocked().Keys]);

    /// <summary>Reads nothing yet.</summary>
    public static StudyKeyRing Open(string folder, BoxKey box) => new(new PosixDisk(folder, isPrivate: true), box, () => FileLock.Take(Path.Combine(folder, LockName)));

    /// <summary>The key of a study, which the caller disposes; null = it has none, or has none any more.</summary>
    public StudyKey? Find(string study) => Held(() => ReadLocked().TryGetValue(study, out string? wrapped) ? Unwrap(study, wrapped) : null);

    /// <summary>The key of a study, made and on the disk when it returns if there was none; the caller disposes it. It is born with the second approval, and not again after <see cref="Destroy"/>: that is the caller's to see.</summary>
    public StudyKey Make(string study) => Held(() =>
    {
        if (study.Length is 0 or > LongestStudy || !study.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            throw new ArgumentException("the id of a study is letters, digits and hyphens");
        }

        SortedDictionary<string, string> keys = ReadLocked();
        if (keys.TryGetValue(study, out string? wrapped))
        {
            return Unwrap(study, wrapped);
        }

        var key = StudyKey.New();
        try
        {
            keys[study] = SealedText.Seal(_wrapping, key.Key, About(study));
            WriteLocked(keys);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    });

    /// <summary>
    /// Destroys the key of a study for ever: when it returns no file has anything of it, and the bytes of the file before are overwritten. Nobody can say any more who is who in its packages, and
    /// no package can be made under the same names. False = there was none. Not to be called on the word of a clock that nobody confirmed: what it destroys does not come back when the clock is set.
    /// </summary>
    public bool Destroy(string study) => Held(() =>
    {
        SortedDictionary<string, string> keys = ReadLocked();
        bool had = keys.Remove(study);
        if (had)
        {
            WriteLocked(keys);
        }
        else if (_disk.Names().Contains(Unfinished))
        {
            // A writing that a crash cut short may have made it.
            _disk.Delete(Unfinished);
            _disk.Sync();
        }

        return had;
    });

    public void Dispose() => CryptographicOperations.ZeroMemory(_wrapping);

    private static byte[] About(string study) => Encoding.UTF8.GetBytes($"{Name} {study}");

    private StudyKey Unwrap(string study, string wrapped)
    {
        byte[]? key = SealedText.Open(_wrapping, wrapped, About(study));
        try
        {
            return key is { Length: StudyKey.Bytes } ? new StudyKey(key) : throw new IOException($"the key of {study} was wrapped with another box key, or is not what was written: put the box key back");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private SortedDictionary<string, string> ReadLocked()
    {
        (string? text, Damage? damage) = TwinFile.Read(_disk, Name);
        var keys = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (text is null)
        {
            return damage is null ? keys : throw new IOException("the file of the studies' keys is damaged: put a copy of it back");
        }

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        bool isWhole = lines is [Head, ..];
        foreach (string[] words in lines.Skip(1).Select(line => line.Split(' ')))
        {
            isWhole &= words.Length == 2 && keys.TryAdd(words[0], words[1]);
        }

        return isWhole ? keys : throw new IOException("the file of the studies' keys is not understood: it is of a later version, or put a copy of it back");
    }

    /// <summary>The file before is overwritten when nothing names it any more: flash may keep its bytes all the same, which is why keys are wrapped.</summary>
    private void WriteLocked(SortedDictionary<string, string> keys)
    {
        using IDiskFile? former = _disk.Names().Contains(Name) ? _disk.Open(Name, DiskAccess.Write) : null;
        TwinFile.Write(_disk, Name, string.Concat([Head + "\n", .. keys.Select(pair => $"{pair.Key} {pair.Value}\n")]));
        try
        {
            if (former is not null)
            {
                former.Write(0, RandomNumberGenerator.GetBytes((int)Math.Min(former.Length, 2 * TwinFile.MostBytes)));
                former.Sync();
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // Its name is gone, which is what counts; its place is used again sooner or later.
        }
    }

    private T Held<T>(Func<T> action)
    {
        lock (_gate)
        {
            try
            {
                using IDisposable? held = _hold();
                return action();
            }
            catch (UnauthorizedAccessException refused)
            {
                throw new IOException(refused.Message, refused);
            }
        }
    }
}
