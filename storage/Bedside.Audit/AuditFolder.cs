using Bedside.Storage.Disk;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Audit;

/// <summary>The journal's folder on a real disk: its owner's alone, one process writing at a time.</summary>
internal static class AuditFolder
{
    /// <summary>How long one waits for a process that writes: longer than any write takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    public static string PathIn(string data) => Path.Combine(data, AuditNames.Folder);

    /// <summary>Touches nothing yet; the folder is made by the first entry.</summary>
    public static AuditPlace Place(string data, TimeProvider clock)
    {
        string path = PathIn(data);
        var disk = new PosixDisk(path, isPrivate: true);
        return new AuditPlace(disk, disk, () => TakeLock(path, clock));
    }

    /// <summary>For reading; null = there is no journal.</summary>
    public static IDisk? ForReading(string data) => Directory.Exists(PathIn(data)) ? new PosixDisk(PathIn(data)) : null;

    private static SafeFileHandle TakeLock(string folder, TimeProvider clock)
    {
        Make(folder);
        string path = Path.Combine(folder, AuditNames.Lock);
        int descriptor = Native.Open(path, Native.ReadWrite | Native.CreateIfAbsent | Native.CloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw Native.LastError($"cannot open {path}");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        long since = clock.GetTimestamp();
        while (Native.Flock(file, Native.LockExclusive | Native.LockWithoutWaiting) != 0)
        {
            if (clock.GetElapsedTime(since) >= Patience)
            {
                file.Dispose();
                throw new IOException($"another process holds {path}");
            }

            Rest(clock);
        }

        return file;
    }

    private static void Make(string folder)
    {
        if (!Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
            {
                _ = Directory.CreateDirectory(folder);
            }
            else
            {
                _ = Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            new PosixDisk(Path.GetDirectoryName(Path.GetFullPath(folder)) ?? "/").Sync();
        }
    }

    private static void Rest(TimeProvider clock)
    {
        using var over = new ManualResetEventSlim();
        using ITimer timer = clock.CreateTimer(_ => over.Set(), state: null, Between, Timeout.InfiniteTimeSpan);
        over.Wait(CancellationToken.None);
    }
}
