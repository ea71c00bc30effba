namespace Bedside.Extract.Sealing;

/// <summary>Names that a package may hold: a plain letter of ASCII everywhere, so that no program, quoting or file system can read one as something else.</summary>
internal static class PackageNames
{
    private static readonly System.Buffers.SearchValues<char> Allowed = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What a name field of a tar takes without its prefix.</summary>
    public const int Longest = 200;

    /// <summary>Letters, digits and <c>. _ -</c>, no dot or dash in front.</summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 100 && name[0] is not ('.' or '-') && !name.ContainsAnyExcept(Allowed);

    /// <summary>Names joined by <c>/</c>: never from the root, never upwards.</summary>
    public static bool IsPath(string path)
    {
        if (path.Length > Longest)
        {
            return false;
        }

        foreach (Range part in path.AsSpan().Split('/'))
        {
            if (!IsName(path.AsSpan()[part]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Every folder (with a <c>/</c> at its end) and every file below a directory, with paths from it, ordinal. Throws <see cref="SealingException"/> for a link, for what is neither file nor folder, and for
    /// a name that a package may not hold.
    /// </summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        var found = new List<string>();
        foreach (FileSystemInfo entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, ReturnSpecialDirectories = false }))
        {
            string path = Path.GetRelativePath(directory, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (!IsPath(path))
            {
                throw new SealingException($"{path} is no name for a package: letters, digits and . _ - alone, at most {Longest} of them");
            }

            if (entry.LinkTarget is not null || (entry.Attributes & (FileAttributes.Device | FileAttributes.ReparsePoint)) != 0)
            {
                throw new SealingException($"{path} is a link or no file; a package has neither");
            }

            found.Add(entry is DirectoryInfo ? path + "/" : path);
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
