using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Storage.Disk;

/// <summary>A small file that the running box and the console both change: who changes it holds a lock, and who reads it sees when it is another.</summary>
internal static class SharedFile
{
    private const int HeadBytes = 16;
    private const int ChecksumAt = 8;

    /// <summary>The checksum of the first copy of a twin file and its time: clocks of file systems are too coarse to tell two changes apart. 0 = there is none.</summary>
    public static long StampOf(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[HeadBytes];
        head.Clear();
        _ = RandomAccess.Read(file, head, 0);
        return BinaryPrimitives.ReadInt64LittleEndian(head[ChecksumAt..]) ^ File.GetLastWriteTimeUtc(file).Ticks;
    }

    /// <summary>Waits until no other process holds it. The kernel lets go of it when the process ends, however it ends.</summary>
    public static IDisposable Hold(string path)
    {
        int descriptor = Native.Open(path, Native.ReadWrite | Native.CreateIfAbsent | Native.CloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw Native.LastError($"cannot open {path}");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Native.Flock(file, Native.LockExclusive) != 0)
        {
            Exception error = Native.LastError($"cannot lock {path}");
            file.Dispose();
            throw error;
        }

        return file;
    }
}
