using System.Runtime.InteropServices;
using Bedside.Storage.Retention;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Storage.Disk;

/// <summary>A folder of a Linux file system; files made in a private one are their owner's alone.</summary>
internal sealed class PosixDisk(string directory, bool isPrivate = false) : IDisk, IDiskRoom
{
    /// <summary>Regular files only: a folder, a pipe or a link of such a name is nobody's data.</summary>
    public IReadOnlyList<string> Names() =>
        [.. Directory.EnumerateFileSystemEntries(directory).Where(Native.IsRegularFile).Select(path => Path.GetFileName(path))];

    /// <summary>Renames to <c>*.bad</c> what is no regular file but has a name of the store's, so that the name can be used. Never throws for the disk.</summary>
    public void SetAsideWhatIsNoFile()
    {
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(directory).Where(path => FileNames.IsOurs(Path.GetFileName(path)) && !Native.IsRegularFile(path)).ToArray())
            {
                string free = FileNames.Bad(path);
                for (int i = 2; Native.Exists(free); i++)
                {
                    free = FileNames.Bad(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.{i}"));
                }

                _ = Native.Rename(path, free);
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // The folder cannot be listed: opening the store will say so.
        }
    }

    public IDiskFile Open(string name, DiskAccess access)
    {
        if (access == DiskAccess.CreatePrivate)
        {
            return new PosixFile(CreatePrivate(PathOf(name)));
        }

        FileMode mode = access == DiskAccess.Create ? FileMode.Create : FileMode.Open;
        FileAccess rights = access == DiskAccess.Read ? FileAccess.Read : FileAccess.ReadWrite;
        SafeFileHandle handle = File.OpenHandle(PathOf(name), mode, rights, FileShare.ReadWrite | FileShare.Delete);
        if (isPrivate && access == DiskAccess.Create && Native.Fchmod(handle, Native.OwnerOnly) != 0)
        {
            handle.Dispose();
            throw Native.LastError($"cannot keep {name} from others");
        }

        return new PosixFile(handle);
    }

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void Sync()
    {
        // The class library opens no directories.
        int descriptor = Native.Open(directory, Native.ReadOnly | Native.DirectoryOnly | Native.CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Native.LastError($"cannot open {directory}");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Native.Fsync(handle) != 0)
        {
            throw Native.LastError($"cannot sync {directory}");
        }
    }

    public (long Total, long Free) Measure()
    {
        var drive = new DriveInfo(directory);
        return (drive.TotalSize, drive.AvailableFreeSpace);
    }

    public void SetAside(string name, long bytes)
    {
        using SafeFileHandle file = File.OpenHandle(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, bytes);
        RandomAccess.SetLength(file, bytes);
    }

    /// <summary>Of the right mode before anything is in it.</summary>
    private static SafeFileHandle CreatePrivate(string path)
    {
        File.Delete(path);
        int descriptor = Native.Open(path, Native.ReadWrite | Native.CreateIfAbsent | Native.OnlyIfAbsent | Native.CloseOnExec, Native.OwnerOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Native.LastError($"cannot make {path}");
    }

    private string PathOf(string name) => Path.Combine(directory, name);

    private sealed class PosixFile(SafeFileHandle handle) : IDiskFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> bytes)
        {
            int total = 0;
            while (total < bytes.Length)
            {
                int read = RandomAccess.Read(handle, bytes[total..], offset + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public void Sync()
        {
            if (Native.Fdatasync(handle) != 0)
            {
                throw Native.LastError("cannot sync a file");
            }
        }

        /// <summary>Advice: that the kernel does not take it is no error.</summary>
        public void Forget() => _ = Native.Advise(handle, 0, 0, Native.WillNotNeed);

        public void Dispose() => handle.Dispose();
    }
}

/// <summary>What the class library does not offer of the C library (open(2), statx(2), rename(2), fsync(2), posix_fadvise(2), flock(2)).</summary>
internal static partial class Native
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int CreateIfAbsent = 0x40;
    public const int OnlyIfAbsent = 0x80;

    /// <summary>rw-------</summary>
    public const uint OwnerOnly = 0x180;

    public const int CloseOnExec = 0x8_0000;

    /// <summary>POSIX_FADV_DONTNEED</summary>
    public const int WillNotNeed = 4;

    public const int LockExclusive = 2;
    public const int LockWithoutWaiting = 4;
    public const int Unlock = 8;

    /// <summary>O_DIRECTORY, which arm64 numbers differently from x64.</summary>
    public static readonly int DirectoryOnly = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x1_0000;

    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint AskForType = 1;
    private const int ModeAt = 28;
    private const int StatxBytes = 256;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Links are not followed.</summary>
    public static bool IsRegularFile(string path) => TypeOf(path) == RegularFile;

    public static bool Exists(string path) => TypeOf(path) is not null;

    public static IOException LastError(string what) => new($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Rename(string from, string to);

    /// <summary>The one call of its family that lays out its answer alike on every processor.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> answer);

    private static int? TypeOf(string path)
    {
        Span<byte> answer = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, DoNotFollow, AskForType, answer) == 0 ? BitConverter.ToUInt16(answer[ModeAt..]) & TypeMask : null;
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Mkdir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Fchmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Flock(SafeFileHandle file, int operation);
}
