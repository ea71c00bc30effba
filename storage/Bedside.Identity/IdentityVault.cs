using System.Security.Cryptography;
using Bedside.Model.Stays;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Identity;

/// <summary>
/// The one place that knows who the patients of this bed are: one encrypted file in the data folder. Everything else has tokens, which are made here and say nothing without it. Changes are
/// made in memory and are durable when <see cref="Save"/> returned; a change that a disk refused stays in memory and goes with the next. May be called from any thread.
/// </summary>
public sealed partial class IdentityVault : IDisposable
{
    /// <summary>How long events of visits that never touch this bed are kept.</summary>
    public static readonly TimeSpan WaitsFor = TimeSpan.FromHours(72);

    /// <summary>More events do not wait: the oldest goes.</summary>
    public const int MostWaiting = 4_096;

    private const int MostPersons = 4_096;
    private const int MostVisits = 8_192;
    private const int MostDevices = 64;
    private const int MostAuthorities = 64;
    private const int MostNumbers = 32;

    private readonly Lock _gate = new();
    private readonly VaultDisk _disk;
    private readonly VaultContent _content;
    private readonly TokenKey _tokens;
    private readonly List<byte[]> _additions = [];
    private bool _isSaved;

    private IdentityVault(VaultDisk disk, VaultContent content, bool isSaved, string note)
    {
        (_disk, _content, _isSaved, Note) = (disk, content, isSaved, note);
        _tokens = new TokenKey(content.TokenKey);
    }

    /// <summary>What was found at opening, one sentence without any identity; empty = all was well.</summary>
    public string Note { get; }

    /// <summary>Events of visits that have not touched this bed.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _content.Waiting.Count;
            }
        }
    }

    /// <summary>Opens the vault of a data folder, which one process does at a time (the store's lock). A vault that cannot be read is set aside as <c>identities.bad</c> and a new one begun. Throws <see cref="IOException"/>.</summary>
    public static IdentityVault Open(string folder, BoxKey box) => Open(new PosixDisk(folder, isPrivate: true), box, RandomNumberGenerator.Fill);

    /// <summary>Whether a data folder has a vault.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, VaultDisk.Name));

    /// <summary>Reads the vault of a folder and changes nothing: what is wrong with it, one sentence; empty = nothing, or there is none. Throws <see cref="IOException"/>.</summary>
    public static string Check(string folder, BoxKey box)
    {
        using IdentityVault vault = Open(new PosixDisk(folder, isPrivate: true), box, RandomNumberGenerator.Fill);
        return vault.Note;
    }

    internal static IdentityVault Open(IDisk disk, BoxKey box, Action<Span<byte>> randomness)
    {
        var file = new VaultDisk(disk, box, randomness);
        VaultReading? reading = file.Read();
        var content = new VaultContent();
        bool isWhole = reading is { State: VaultState.Whole };
        foreach (byte[] record in reading?.Records ?? [])
        {
            isWhole &= content.TryAdd(record);
        }

        bool isLost = content.TokenKey.Length != TokenKey.Bytes;
        if (isLost)
        {
            byte[] key = new byte[TokenKey.Bytes];
            randomness(key);
            content = new VaultContent();
            content.Begin(key);
        }

        string note = reading is null ? string.Empty : reading.State switch
        {
            VaultState.Whole => string.Empty,
            VaultState.OtherKey => "the identity vault was made with another box key: the box begins a new one, and keeps this one as identities.bad",
            VaultState.Damaged when !isLost => "part of the identity vault is not what was written; what could be read is used, and written anew with the next change",
            _ => "the identity vault cannot be read: the box begins a new one, and keeps this one as identities.bad",
        };
        return new IdentityVault(file, content, isSaved: reading is null || (isWhole && !isLost), note);
    }

    /// <summary>Makes the disk say what memory says. Throws <see cref="IOException"/>: nothing is lost, and the next call tries again.</summary>
    public void Save() => Guarded(() => SaveLocked(isErasing: false));

    /// <summary>What this box calls a visit.</summary>
    /// <param name="domain"><c>visit</c> for PV1-19, <c>account</c> for PID-18.</param>
    public VisitToken VisitOf(string domain, PersonNumber number) => _tokens.Visit(domain, number);

    /// <summary>A visit without a number of its own: the person and when they were admitted, as it was written.</summary>
    public VisitToken VisitOf(PersonToken person, string admitted) => _tokens.Visit("derived", new PersonNumber($"{person.Value:x32}", admitted, string.Empty));

    /// <summary>What this box calls a place; never 0.</summary>
    public ulong PlaceMark(string place) => _tokens.Place(place);

    /// <summary>What this box calls the content of a message; never 0.</summary>
    /// <param name="part">Which of the things that the message says.</param>
    public UInt128 ContentOf(ReadOnlySpan<byte> content, int part) => _tokens.Content(content, part);

    /// <summary>A keyed hash of texts, to know whether they changed.</summary>
    public UInt128 DigestOf(params ReadOnlySpan<string> texts) => _tokens.Hash("digest", texts);

    /// <summary>Forgets a person for ever: numbers, name, visits, events that wait, under all numbers that were merged. When it returns, the file has nothing of them and the old bytes are overwritten. False = nobody of that name. Throws <see cref="IOException"/>; memory has forgotten then, and the next <see cref="Save"/> writes it.</summary>
    public bool Forget(PersonToken person)
    {
        bool found = false;
        Guarded(() =>
        {
            HashSet<PersonToken> same = SameLocked(person);
            foreach (PersonToken one in same)
            {
                found |= _content.Persons.Remove(one);
            }

            foreach (PersonToken old in _content.Merged.Where(pair => same.Contains(pair.Key) || same.Contains(pair.Value)).Select(pair => pair.Key).ToArray())
            {
                _ = _content.Merged.Remove(old);
            }

            VisitToken[] visits = [.. _content.Visits.Where(pair => same.Contains(pair.Value.Person)).Select(pair => pair.Key)];
            Array.ForEach(visits, visit => _content.Visits.Remove(visit));
            foreach (string device in _content.Monitors.Where(pair => same.Contains(pair.Value.Person)).Select(pair => pair.Key).ToArray())
            {
                _ = _content.Monitors.Remove(device);
            }

            found |= _content.Waiting.RemoveAll(said => same.Contains(said.Person) || same.Contains(said.OtherPerson) || visits.Contains(said.Visit)) > 0 || visits.Length > 0;
            _isSaved = false;
            SaveLocked(isErasing: true);
        });
        return found;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disk.Dispose();
            _tokens.Dispose();
        }
    }

    /// <summary>Everything under the lock; a disk's other errors become <see cref="IOException"/>.</summary>
    private void Guarded(Action action)
    {
        lock (_gate)
        {
            try
            {
                action();
            }
            catch (UnauthorizedAccessException refused)
            {
                throw new IOException(refused.Message, refused);
            }
        }
    }

    private void SaveLocked(bool isErasing)
    {
        if (!_isSaved || (_additions.Count > 0 && !_disk.CanAdd))
        {
            _isSaved = false;
            _disk.Write(_content.ToRecords(), isErasing);
        }
        else if (_additions.Count > 0)
        {
            _isSaved = false;
            _disk.Add(_additions);
        }

        _additions.Clear();
        _isSaved = true;
    }
}
