using System.Globalization;
using System.Runtime.InteropServices;

namespace Bedside.Host.Kiosk;

/// <summary>Somebody of this machine, as /etc/passwd has them.</summary>
internal sealed partial record UnixUser(string Name, uint Id, uint Group)
{
    private const int IdAt = 2;
    private const int GroupAt = 3;

    /// <summary>True while this program runs as root.</summary>
    public static bool IsRoot => EffectiveUser() == 0;

    /// <summary>Null = there is nobody of that name.</summary>
    public static UnixUser? Find(string name)
    {
        string[]? fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(one => one.Length > GroupAt && one[0] == name);
        return fields is not null
            && uint.TryParse(fields[IdAt], NumberStyles.None, CultureInfo.InvariantCulture, out uint id)
            && uint.TryParse(fields[GroupAt], NumberStyles.None, CultureInfo.InvariantCulture, out uint group)
            ? new UnixUser(name, id, group)
            : null;
    }

    /// <summary>Gives them a folder. Throws <see cref="IOException"/> where that is refused.</summary>
    public void Own(string folder)
    {
        if (ChangeOwner(folder, Id, Group) != 0)
        {
            throw new IOException($"{folder} cannot be given to {Name}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
