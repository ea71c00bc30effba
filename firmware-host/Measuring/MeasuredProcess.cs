using System.Diagnostics;
using System.Globalization;

namespace Bedside.Host.Measuring;

/// <summary>What a process of the bench has used, seen from outside.</summary>
internal static class MeasuredProcess
{
    /// <summary>Processor time, user and system, in milliseconds.</summary>
    public static double CpuMilliseconds(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalMilliseconds;
    }

    /// <summary><c>VmRSS:</c> or <c>VmHWM:</c>, in MiB.</summary>
    public static double Memory(Process process, string field)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
