using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Storage.Disk;

/// <summary>At most one process writes a store. The kernel lets go of the lock when the process ends, however it ends.</summary>
internal sealed class StoreLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private StoreLock(SafeFileHandle file) => _file = file;

    public static StoreLock Take(string directory)
    {
        // The class library locks what it opens in its own way, which would hide who holds the lock.
        string path = Path.Combine(directory, FileNames.Lock);
        int descriptor = Native.Open(path, Native.ReadWrite | Native.CreateIfAbsent | Native.CloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw Native.LastError($"cannot open {path}");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Native.Flock(file, Native.LockExclusive | Native.LockWithoutWaiting) == 0)
        {
            byte[] number = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, number, 0);
            return new StoreLock(file);
        }

        byte[] holder = new byte[32];
        int length = RandomAccess.Read(file, holder, 0);
        file.Dispose();
        throw new StoreLockedException($"the store {directory} is in use by process {Encoding.ASCII.GetString(holder, 0, length).Trim()}");
    }

    /// <summary>Lets go by name: closing would not, while a process that is just being started has not yet given up what it inherited (flock(2)).</summary>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            _ = Native.Flock(_file, Native.Unlock);
        }

        _file.Dispose();
    }
}
