using System.Runtime.InteropServices;

namespace Bedside.EndToEnd;

/// <summary>A serial line with nothing at its other end: a pseudo terminal of which nobody reads or writes the far side.</summary>
internal sealed partial class SilentLine : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int LongestName = 64;

    private readonly int _far;

    public SilentLine()
    {
        _far = OpenFar(ReadWrite | NoControllingTerminal);
        byte[] name = new byte[LongestName];
        if (_far < 0 || Grant(_far) != 0 || Unlock(_far) != 0 || NameOf(_far, name, LongestName) != 0)
        {
            throw new InvalidOperationException("this machine gives no pseudo terminal");
        }

        Path = System.Text.Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
    }

    public string Path { get; }

    public void Dispose() => _ = Close(_far);

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFar(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Grant(int far);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(int far);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NameOf(int far, [Out] byte[] name, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int far);
}
