using Bedside.Storage.Keys;

namespace Bedside.Host.Commands;

/// <summary>
/// Where the box key lies: the file that the command line names, else the credential <c>box-key</c> that systemd hands to the
/// service, else <c>box.key</c> in the store's directory. The last keeps erased stays erased, but goes wherever the directory
/// goes: against theft of the disk the key belongs on another medium, or in a credential that is sealed to the machine.
/// </summary>
internal static class BoxKeyPlace
{
    private const string Credentials = "CREDENTIALS_DIRECTORY";
    private const string Credential = "box-key";
    private const string Keys = "keys";

    /// <summary>Null when there is none.</summary>
    public static BoxKey? Read(DirectoryInfo data, FileInfo? named)
    {
        string path = PathOf(data, named);
        if (!File.Exists(path))
        {
            return named is null ? null : throw new CommandFailedException($"the box key {path} does not exist; name the file that bedside run --box-key was given.");
        }

        try
        {
            return BoxKey.Read(path);
        }
        catch (KeyMissingException missing)
        {
            throw new CommandFailedException($"{missing.Message}.");
        }
    }

    /// <summary>For a command that writes: a key is made for a new store only, and never in the place of one that is not there now.</summary>
    public static BoxKey ReadOrBegin(DirectoryInfo data, FileInfo? named, Action<string> warn)
    {
        string path = PathOf(data, named);
        return File.Exists(path) || !File.Exists(Path.Combine(data.FullName, Keys))
            ? ReadOrCreate(path, warn)
            : throw new CommandFailedException($"{data.FullName} is encrypted and its box key {path} is not there; name its file with --box-key.");
    }

    /// <summary>
    /// For a box, which never refuses to start: without its key it goes on with a new one, and says so. Throws
    /// <see cref="IOException"/> only when the store's directory takes no file.
    /// </summary>
    public static BoxKey ReadOrReplace(DirectoryInfo data, FileInfo? named, Action<string> warn)
    {
        string path = PathOf(data, named);
        if (!File.Exists(path) && File.Exists(Path.Combine(data.FullName, Keys)))
        {
            warn($"the box key {path} is not there: a new one is made, and what was kept before can be read again when the former is back.");
        }

        string inside = Path.Combine(data.FullName, BoxKey.FileName);
        try
        {
            return ReadOrCreate(path, warn);
        }
        catch (Exception failure) when (path != inside && failure is IOException or UnauthorizedAccessException)
        {
            warn($"{failure.Message}; the box key in the directory of the store is used.");
            return ReadOrCreate(inside, warn);
        }
    }

    private static BoxKey ReadOrCreate(string path, Action<string> warn)
    {
        var key = BoxKey.ReadOrCreate(path, out string note);
        if (note.Length > 0)
        {
            warn($"{note}; what was kept before can be read again when the former key is back.");
        }

        return key;
    }

    private static string PathOf(DirectoryInfo data, FileInfo? named)
    {
        string? folder = Environment.GetEnvironmentVariable(Credentials);
        string credential = folder is null ? string.Empty : Path.Combine(folder, Credential);
        return named?.FullName ?? (File.Exists(credential) ? credential : Path.Combine(data.FullName, BoxKey.FileName));
    }
}
