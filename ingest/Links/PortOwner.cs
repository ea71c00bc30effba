using System.Globalization;

namespace Bedside.Ingest.Links;

/// <summary>Finds out which program has a port open, for the sentence that says so.</summary>
internal static class PortOwner
{
    /// <summary><c>NAME (process N)</c>, or nothing when it cannot be seen.</summary>
    public static string Of(string path)
    {
        string device = Target(path) ?? path;
        foreach (string process in Folders("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                continue;
            }

            if (id != Environment.ProcessId && Files(Path.Combine(process, "fd")).Any(file => Target(file) == device))
            {
                return $"{NameOf(process)} (process {id})";
            }
        }

        return "";
    }

    private static string[] Folders(string path) => Quietly(() => Directory.GetDirectories(path)) ?? [];

    private static string[] Files(string path) => Quietly(() => Directory.GetFiles(path)) ?? [];

    private static string? Target(string link) => Quietly(() => File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);

    private static string NameOf(string process) => Quietly(() => File.ReadAllText(Path.Combine(process, "comm")).Trim()) ?? "a program";

    /// <summary>Processes come and go and belong to others while we look.</summary>
    private static T? Quietly<T>(Func<T?> look)
        where T : class
    {
        try
        {
            return look();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
