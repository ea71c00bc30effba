using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Ingest.Links;

/// <summary>
/// The calls and layouts of Linux's terminals that a serial link needs (asm-generic/termbits.h and ioctls.h, linux/serial.h). They are
/// the same on x64 and arm64; other processors number them differently and are refused.
/// </summary>
internal static partial class Tty
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchDevice = 6;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int NoDevice = 19;
    public const int NotPermitted = 1;

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;
    public const short PollHangUp = 16;

    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    private const nuint GetTermios2 = 0x802C542A;
    private const nuint SetTermios2 = 0x402C542B;
    private const nuint FlushQueues = 0x540B;
    private const nuint SetExclusive = 0x540C;
    private const nuint ClearExclusive = 0x540D;
    private const nuint GetModem = 0x5415;
    private const nuint RaiseModem = 0x5416;
    private const nuint GetSerial = 0x541E;
    private const nuint SetSerial = 0x541F;
    private const nuint GetCounters = 0x545D;

    private const int DataTerminalReadyAndRequestToSend = 0x002 | 0x004;
    private const int LowLatency = 1 << 13;
    private const int FlushBoth = 2;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Read(SafeFileHandle file, Span<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Lock(SafeFileHandle file, int operation);

    /// <summary>What happened to the file within the time: bits of Poll…, 0 = nothing, negative = the call failed.</summary>
    public static int Poll(SafeFileHandle file, short wanted, int milliseconds)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            var entry = new PollEntry { File = (int)file.DangerousGetHandle(), Wanted = wanted };
            int ready = Poll(ref entry, 1, milliseconds);
            return ready < 0 ? ready : entry.Happened;
        }
        finally
        {
            Release(file, held);
        }
    }

    /// <summary>The same of two files, whichever is first.</summary>
    public static (int First, int Second) Poll(SafeHandle first, SafeHandle second, short wanted, int milliseconds)
    {
        bool firstHeld = false;
        bool secondHeld = false;
        try
        {
            first.DangerousAddRef(ref firstHeld);
            second.DangerousAddRef(ref secondHeld);
            Span<PollEntry> entries =
            [
                new PollEntry { File = (int)first.DangerousGetHandle(), Wanted = wanted },
                new PollEntry { File = (int)second.DangerousGetHandle(), Wanted = wanted },
            ];
            return Poll(ref entries[0], (nuint)entries.Length, milliseconds) < 0 ? (0, 0) : (entries[0].Happened, entries[1].Happened);
        }
        finally
        {
            Release(first, firstHeld);
            Release(second, secondHeld);
        }
    }

    public static bool TryGet(SafeFileHandle file, out Termios2 settings)
    {
        settings = default;
        return Control(file, GetTermios2, ref settings) == 0;
    }

    public static bool TrySet(SafeFileHandle file, ref Termios2 settings) => Control(file, SetTermios2, ref settings) == 0;

    public static bool TryClaim(SafeFileHandle file) => Control(file, SetExclusive, 0) == 0;

    /// <summary>A port of hardware forgets the claim when it is closed; a pseudo terminal keeps it as long as its other end is open.</summary>
    public static void Unclaim(SafeFileHandle file) => Control(file, ClearExclusive, 0);

    public static void Flush(SafeFileHandle file) => Control(file, FlushQueues, FlushBoth);

    /// <summary>The error counters; null where the port has none.</summary>
    public static LineErrors? Counters(SafeFileHandle file)
    {
        Span<int> counters = stackalloc int[20]; // cts dsr rng dcd, rx tx, frame overrun parity brk, buf_overrun, 9 reserved
        return Control(file, GetCounters, ref counters[0]) == 0
            ? new LineErrors(counters[6], counters[8], counters[7] + counters[10], counters[9])
            : null;
    }

    /// <summary>The modem lines as TIOCM_… bits; null where the port has none.</summary>
    public static int? ModemLines(SafeFileHandle file)
    {
        int lines = 0;
        return Control(file, GetModem, ref lines) == 0 ? lines : null;
    }

    /// <summary>Says "ready" on the lines that some devices look at; a port without them does not mind.</summary>
    public static void RaiseReady(SafeFileHandle file)
    {
        int lines = DataTerminalReadyAndRequestToSend;
        Control(file, RaiseModem, ref lines);
    }

    /// <summary>Asks that bytes be handed on at once; adapters otherwise hold them for up to 16 ms. Best effort.</summary>
    public static void AskLowLatency(SafeFileHandle file)
    {
        Span<int> serial = stackalloc int[32]; // struct serial_struct is 72 bytes; flags is its fifth int
        if (Control(file, GetSerial, ref serial[0]) == 0)
        {
            serial[4] |= LowLatency;
            Control(file, SetSerial, ref serial[0]);
        }
    }

    private static void Release(SafeHandle file, bool held)
    {
        if (held)
        {
            file.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, ref Termios2 settings);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, ref int first);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, nint value);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Happened;
    }

    /// <summary>
    /// struct termios2: four words of flags, line discipline 1, control characters 19, two speeds. The discipline and the characters
    /// stay 0: the usual one, and no character means anything, and reads return at once with what there is.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 44)]
    public struct Termios2
    {
        [FieldOffset(0)]
        public uint Input;
        [FieldOffset(4)]
        public uint Output;
        [FieldOffset(8)]
        public uint Control;
        [FieldOffset(12)]
        public uint Local;
        [FieldOffset(36)]
        public uint InputSpeed;
        [FieldOffset(40)]
        public uint OutputSpeed;
    }
}
