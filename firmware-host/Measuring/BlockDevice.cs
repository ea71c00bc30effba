using System.Globalization;

namespace Bedside.Host.Measuring;

/// <summary>The block device under a folder, as the kernel counts it.</summary>
internal static class BlockDevice
{
    private const int BytesOfSector = 512;
    private const int SectorsWritten = 6;

    /// <summary>Its number (<c>254:0</c>) by the mounted file system with the longest path that leads to the folder.</summary>
    public static string? Under(string folder)
    {
        string full = Path.GetFullPath(folder);
        return File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Where(fields => fields[4] == "/" || full == fields[4] || full.StartsWith(fields[4] + "/", StringComparison.Ordinal))
            .OrderBy(fields => fields[4].Length)
            .LastOrDefault()?[2];
    }

    /// <summary>Bytes that were written to it since it came up, by whomever; null where the kernel does not say.</summary>
    public static long? BytesWritten(string? device)
    {
        string path = $"/sys/dev/block/{device}/stat";
        return device is not null && File.Exists(path)
            ? long.Parse(File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries)[SectorsWritten], CultureInfo.InvariantCulture) * BytesOfSector
            : null;
    }
}
