namespace Bedside.Tests;

/// <summary>Where the repository lies, and the data beside it that are not part of it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A file or folder of the data shared beside the repository; null on a machine that has only the repository.</summary>
    public static string? Shared(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", relative));
        return Path.Exists(path) ? path : null;
    }

    private static string Find(string from)
    {
        string? folder = from;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Bedside.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests run outside of the repository");
    }
}
