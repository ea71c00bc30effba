using Bedside.Model.People;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Storage.People;

/// <summary>
/// The accounts of a box: one small file of its data folder, its owner's alone, written anew as a whole (FORMAT.md beside this file). The running box and the console change
/// the same file: each change is made of what is on the disk, under a lock of both, and the box reads again what it sees to be another.
/// </summary>
public sealed class AccountBook : IAccountBook
{
    public const string Name = "accounts";

    private const string LockName = "accounts.lock";

    private readonly IDisk _disk;
    private readonly Func<long> _stamp;
    private readonly Func<IDisposable?> _hold;
    private readonly Lock _gate = new();
    private volatile Snapshot? _snapshot;

    /// <summary><paramref name="stamp"/> changes whenever the file is another; <paramref name="hold"/> keeps other processes from changing it until it is let go.</summary>
    internal AccountBook(IDisk disk, Func<long> stamp, Func<IDisposable?> hold)
    {
        _disk = disk;
        _stamp = stamp;
        _hold = hold;
    }

    public AccountList Current => Read().List;

    public string? Damage => Read().Damage;

    /// <summary>Reads nothing yet.</summary>
    public static AccountBook Open(string directory)
    {
        string path = Path.Combine(directory, Name);
        return new AccountBook(
            new PosixDisk(directory, isPrivate: true),
            () => SharedFile.StampOf(path),
            () => SharedFile.Hold(Path.Combine(directory, LockName)));
    }

    public AccountFault Change(Func<AccountList, AccountChange> change)
    {
        lock (_gate)
        {
            using IDisposable? held = _hold();
            AccountList list = ReadDisk() switch
            {
                { Damage: { } damage } => throw new IOException(damage),
                { } whole => whole.List,
            };
            AccountChange made = change(list);
            if (made.List is { } next && !ReferenceEquals(next, list))
            {
                string text = AccountCoding.Write(next);
                if (System.Text.Encoding.UTF8.GetByteCount(text) > TwinFile.MostBytes)
                {
                    return AccountFault.TooMany;
                }

                TwinFile.Write(_disk, Name, text);
                _snapshot = new Snapshot(next, Damage: null, _stamp());
            }

            return made.Fault;
        }
    }

    /// <summary>Puts a damaged file out of the way, so that the accounts can be begun anew. False = it is whole.</summary>
    public bool SetAsideDamaged()
    {
        lock (_gate)
        {
            using IDisposable? held = _hold();
            if (ReadDisk().Damage is null)
            {
                return false;
            }

            _disk.Rename(Name, $"{Name}.bad");
            _disk.Sync();
            _snapshot = null;
            return true;
        }
    }

    private Snapshot Read()
    {
        if (_snapshot is { } known && known.Stamp == Stamp())
        {
            return known;
        }

        lock (_gate)
        {
            long stamp = Stamp();
            if (_snapshot is { } already && already.Stamp == stamp)
            {
                return already;
            }

            Snapshot read = ReadDisk() with { Stamp = stamp };
            // Who was known goes on being known while the file is damaged or cannot be read: the beds do not close. What could not be read is read again.
            Snapshot now = read.Damage is not null && _snapshot is { } before ? read with { List = before.List } : read;
            if (!read.IsUnread)
            {
                _snapshot = now;
            }

            return now;
        }
    }

    private long Stamp()
    {
        try
        {
            return _stamp();
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return -1;
        }
    }

    private Snapshot ReadDisk()
    {
        try
        {
            (string? text, Damage? damage) = TwinFile.Read(_disk, Name);
            if (text is null)
            {
                return new Snapshot(AccountList.Empty, damage is null ? null : Sentence, 0);
            }

            return AccountCoding.Read(text) is { } list ? new Snapshot(list, Damage: null, 0) : new Snapshot(AccountList.Empty, Sentence, 0);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return new Snapshot(AccountList.Empty, $"the accounts cannot be read: {error.Message}", 0, IsUnread: true);
        }
    }

    private const string Sentence =
        "the file of the accounts is damaged: put a copy of it back, or begin anew at the console with bedside account first-code --set-aside-damaged";

    private sealed record Snapshot(AccountList List, string? Damage, long Stamp, bool IsUnread = false);
}
