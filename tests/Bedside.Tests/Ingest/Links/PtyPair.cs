using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Tests.Ingest.Links;

/// <summary>A virtual serial cable: the device's end is held here, the box opens <see cref="Path"/>.</summary>
internal sealed partial class PtyPair : IDisposable
{
    private const int ReadWriteNoControllingTerminal = 0x102;
    private const int NonBlocking = 0x800;
    private const short PollIn = 1;
    private const nuint GetTermios2 = 0x802C542A;

    private readonly SafeFileHandle _device;

    public PtyPair()
    {
        _device = Open("/dev/ptmx", ReadWriteNoControllingTerminal | NonBlocking);
        Assert.False(_device.IsInvalid, "this machine has no /dev/ptmx");
        Assert.Equal(0, Unlock(_device));
        byte[] name = new byte[64];
        Assert.Equal(0, Name(_device, name, name.Length));
        Path = System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0');
    }

    public string Path { get; }

    /// <summary>What the line is set to: control flags, input and output speed, and the 19 control characters.</summary>
    public (uint Control, uint InputSpeed, uint OutputSpeed, byte[] Characters) Settings()
    {
        byte[] termios = new byte[44];
        Assert.Equal(0, Control(_device, GetTermios2, termios));
        return (BitConverter.ToUInt32(termios, 8), BitConverter.ToUInt32(termios, 36), BitConverter.ToUInt32(termios, 40), termios[17..36]);
    }

    /// <summary>Writes all of it; the other end must read meanwhile if it is more than the cable holds.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count = Write(_device, bytes, bytes.Length);
            bytes = bytes[(int)Math.Max(0, count)..];
            if (count < 0)
            {
                Assert.Equal(11, Marshal.GetLastPInvokeError());
                Thread.Yield();
            }
        }
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes; fewer only if none comes for two seconds.</summary>
    public byte[] Read(int count)
    {
        byte[] all = new byte[count];
        int have = 0;
        while (have < count)
        {
            var entry = new PollEntry { File = (int)_device.DangerousGetHandle(), Wanted = PollIn };
            if (Poll(ref entry, 1, 2_000) <= 0)
            {
                break;
            }

            nint got = Read(_device, all.AsSpan(have), count - have);
            have += (int)Math.Max(0, got);
        }

        return all[..have];
    }

    /// <summary>Pulls the plug.</summary>
    public void Dispose() => _device.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Name(SafeFileHandle master, byte[] name, nint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeFileHandle file, Span<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Happened;
    }
}
