using Bedside.Model;
using Bedside.Storage.Disk;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Storage.Retention;

/// <summary>
/// The holds of a store, as persons see and change them; also beside the process that writes the store, which asks for
/// them before it drops anything. Members throw the disk's errors.
/// </summary>
public sealed class HoldBook(string directory)
{
    private readonly PosixDisk _disk = new(directory);

    /// <summary>Null when the list is damaged: then nothing is dropped until <see cref="BeginAnew"/>.</summary>
    public IReadOnlyList<Hold>? Holds => HoldList.Read(_disk, out _)?.Holds;

    /// <summary>False when there is a hold of that name, or the list is damaged.</summary>
    public bool TryAdd(Hold hold) => Change(list => list?.Holds.Any(known => known.Name == hold.Name) != false ? null : list with { Holds = [.. list.Holds, hold] });

    /// <summary>False when there is no hold of that name, or the list is damaged.</summary>
    public bool TryRemove(string name) => Change(list => list?.Holds.All(known => known.Name != name) != false ? null : list with { Holds = [.. list.Holds.Where(known => known.Name != name)] });

    /// <summary>Says that the box's clock is right. False when the list is damaged.</summary>
    public bool TryConfirmClock(UtcInstant now) => Change(list => list is null ? null : list with { ClockConfirmed = now });

    /// <summary>An empty list in the place of a damaged one, which is kept as <c>holds.bad</c>. False when it is not damaged.</summary>
    public bool BeginAnew() => Change(list =>
    {
        if (list is not null)
        {
            return null;
        }

        _disk.Rename(FileNames.Holds, FileNames.Bad(FileNames.Holds));
        return HoldList.Empty;
    });

    /// <summary>Waits until nobody else changes the holds, or drops anything.</summary>
    internal static IDisposable TakeLock(string directory)
    {
        string path = Path.Combine(directory, FileNames.HoldsLock);
        int descriptor = Native.Open(path, Native.ReadWrite | Native.CreateIfAbsent | Native.CloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw Native.LastError($"cannot open {path}");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Native.Flock(file, Native.LockExclusive) != 0)
        {
            IOException error = Native.LastError($"cannot lock {path}");
            file.Dispose();
            throw error;
        }

        return file;
    }

    private bool Change(Func<HoldList?, HoldList?> change)
    {
        using IDisposable locked = TakeLock(directory);
        if (change(HoldList.Read(_disk, out _)) is not { } changed)
        {
            return false;
        }

        changed.Write(_disk);
        return true;
    }
}
