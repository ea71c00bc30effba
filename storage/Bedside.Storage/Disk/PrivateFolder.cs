using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Bedside.Storage.Disk;

/// <summary>
/// A folder for one store in a place that everybody may write to, such as /dev/shm: nobody else may enter it, and one that
/// somebody else made is not used.
/// </summary>
internal static partial class PrivateFolder
{
    /// <summary>rwx------</summary>
    private const uint OwnerOnly = 0x1C0;

    private const int BytesOfName = 8;

    /// <summary>Where the folder of a store is: named after the store's own place.</summary>
    public static string PathFor(string parent, string store)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(store));
        string real = new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(real));
        return Path.Combine(parent, $"bedside-{Convert.ToHexStringLower(hash.AsSpan(0, BytesOfName))}");
    }

    /// <summary>Makes the folder, or takes the one that is there; false = it cannot be had, or is not ours alone.</summary>
    public static bool TryMake(string path)
    {
        _ = Native.Mkdir(path, OwnerOnly);
        return IsOurs(path);
    }

    /// <summary>It is a folder, no link to one, of this user, and no other may enter it.</summary>
    public static bool IsOurs(string path)
    {
        // struct statx has one layout everywhere: mode and owner stand at these offsets.
        const int OwnerAt = 20;
        const int ModeAt = 28;
        const ushort FolderOfOwner = 0x4000 | (ushort)OwnerOnly;
        Span<byte> status = stackalloc byte[256];
        return Statx(CurrentDirectory, path, NoFollow, TypeModeOwner, ref MemoryMarshal.GetReference(status)) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]) == FolderOfOwner
            && BinaryPrimitives.ReadUInt32LittleEndian(status[OwnerAt..]) == EffectiveUser();
    }

    /// <summary>Takes the folder away when nothing is in it.</summary>
    public static void Leave(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // Something is left in it, for the next start.
        }
    }

    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeOwner = 0x1 | 0x2 | 0x8;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
