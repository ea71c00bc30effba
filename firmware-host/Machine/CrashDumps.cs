using System.Runtime.InteropServices;
using Bedside.Host.Commands;

namespace Bedside.Host.Machine;

/// <summary>The memory of a running box holds values and names of a patient, and keys: when the program dies nothing of it is left on the disk.</summary>
internal static partial class CrashDumps
{
    private const int CoreLimit = 4;
    private const int SetDumpable = 4;

    /// <summary>The runtime reads these before the program begins, and writes its own dump by them whatever the kernel was told.</summary>
    private static readonly string[] Switches = ["DOTNET_DbgEnableMiniDump", "COMPlus_DbgEnableMiniDump"];

    /// <summary>Neither the kernel nor a program that it pipes to gets a core of this process or of one that it starts. Throws <see cref="CommandFailedException"/> where dumps were asked for.</summary>
    public static void Forbid()
    {
        if (Array.Find(Switches, one => Environment.GetEnvironmentVariable(one) is { Length: > 0 } and not "0") is { } asked)
        {
            throw new CommandFailedException($"{asked} is set: when the box crashed, names and values of the patient would stand on the disk in the clear. Unset it.");
        }

        var none = default(ResourceLimit);
        if (SetLimit(CoreLimit, ref none) != 0 || Control(SetDumpable, 0, 0, 0, 0) != 0)
        {
            Console.Error.WriteLine($"bedside: a crash may leave a core of this program on the disk, with data of the patient: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, ref ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    /// <summary>As the kernel has it: what holds now, and what it may be raised to.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Current;
        public nuint Maximum;
    }
}
