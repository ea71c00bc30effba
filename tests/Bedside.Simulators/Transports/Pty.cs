using System.Runtime.InteropServices;
using System.Text;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Bedside.Simulators.Transports;

/// <summary>A pseudo-terminal in raw mode, both ends held open (pts(4), termios(3)).</summary>
internal sealed partial class Pty : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>Room for a termios of any C library; glibc's has 60 bytes.</summary>
    private const int TermiosSize = 128;

    /// <summary>TCGETS2 of the asm-generic ioctls: struct termios2 of 44 bytes, input flags first, control flags third, the output speed last.</summary>
    private const ulong GetTermios2 = 0x802C542A;
    private const int Termios2Size = 44;
    private const int InputFlagsAt = 0;
    private const int ControlFlagsAt = 8;
    private const int OutputSpeedAt = 40;
    private const uint CheckInputParity = 0x10;
    private const uint ParityIsOdd = 0x200;
    private const int FlushInput = 0;
    private const int TryAgain = 11;
    private const short PollIn = 1;

    private readonly int _master;
    private readonly int _slave;

    public Pty(int baud)
    {
        _master = Check(OpenMaster(ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec), "a pseudo-terminal cannot be opened");
        _ = Check(Grant(_master), "the pseudo-terminal is not granted");
        _ = Check(Unlock(_master), "the pseudo-terminal cannot be unlocked");
        Path = NameOf(_master);
        _slave = Check(Open(Path, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec), $"{Path} cannot be opened");
        Span<byte> settings = stackalloc byte[TermiosSize];
        _ = Check(GetSettings(_slave, ref settings[0]), $"{Path} has no settings");
        MakeRaw(ref settings[0]);
        _ = Check(SetSpeed(ref settings[0], (uint)baud), $"{baud} baud is no speed of a terminal");
        _ = Check(SetSettings(_slave, 0, in settings[0]), $"{Path} cannot be set raw");
    }

    /// <summary>/dev/pts/N.</summary>
    public string Path { get; }

    /// <summary>
    /// The speed the reader has set, baud, and the parity. A pseudo-terminal drops the bit that turns parity on (and always says eight data bits), so that
    /// whoever checks the parity of what comes in is believed to have it.
    /// </summary>
    public (int Baud, Parity Parity) Reader
    {
        get
        {
            Span<byte> settings = stackalloc byte[Termios2Size];
            if (Control(_master, GetTermios2, ref settings[0]) < 0)
            {
                return (0, Parity.None);
            }

            bool checks = (BitConverter.ToUInt32(settings[InputFlagsAt..]) & CheckInputParity) != 0;
            bool odd = (BitConverter.ToUInt32(settings[ControlFlagsAt..]) & ParityIsOdd) != 0;
            return (BitConverter.ToInt32(settings[OutputSpeedAt..]), !checks ? Parity.None : odd ? Parity.Odd : Parity.Even);
        }
    }

    /// <summary>Whether there is something to read before the time is over.</summary>
    public bool Wait(TimeSpan atMost)
    {
        var poll = new PollDescriptor { Descriptor = _master, Events = PollIn };
        return Poll(ref poll, 1, (int)Math.Ceiling(atMost.TotalMilliseconds)) > 0 && (poll.Returned & PollIn) != 0;
    }

    public int Read(Span<byte> buffer) => (int)Math.Max(0, Read(_master, ref buffer[0], (nuint)buffer.Length));

    /// <summary>
    /// Writes what fits. When nobody has read for so long that the terminal is full, the old bytes are thrown away: a
    /// wire does not keep them for a reader who comes later.
    /// </summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bool flushed = false;
        while (!bytes.IsEmpty)
        {
            nint written = Write(_master, in bytes[0], (nuint)bytes.Length);
            if (written > 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            if (flushed || Marshal.GetLastPInvokeError() != TryAgain)
            {
                return;
            }

            flushed = true;
            _ = Flush(_slave, FlushInput);
        }
    }

    public void Dispose()
    {
        _ = Close(_slave);
        _ = Close(_master);
    }

    private static string NameOf(int master)
    {
        Span<byte> name = stackalloc byte[64];
        int error = Name(master, ref name[0], (nuint)name.Length);
        return error != 0 ? throw new IOException("the pseudo-terminal has no name") : Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
    }

    private static int Check(int result, string otherwise) =>
        result >= 0 ? result : throw new IOException($"{otherwise}: {Marshal.GetLastPInvokeErrorMessage()}");

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int Name(int descriptor, ref byte buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetSettings(int descriptor, ref byte termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetSettings(int descriptor, int when, in byte termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(ref byte termios);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    private static partial int SetSpeed(ref byte termios, uint speed);

    [LibraryImport("libc", EntryPoint = "tcflush")]
    private static partial int Flush(int descriptor, int queue);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, ulong request, ref byte argument);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, ulong count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, ref byte buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, in byte buffer, nuint length);
}
