using Microsoft.Win32.SafeHandles;

namespace Bedside.Storage.Disk;

/// <summary>One process at a time changes a file: an empty one beside it is locked meanwhile. The kernel lets go when the process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits until nobody else has it. Throws <see cref="IOException"/>.</summary>
    public static FileLock Take(string path)
    {
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

        return new FileLock(file);
    }

    /// <summary>Lets go by name, as <see cref="StoreLock"/> does.</summary>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            _ = Native.Flock(_file, Native.Unlock);
        }

        _file.Dispose();
    }
}
