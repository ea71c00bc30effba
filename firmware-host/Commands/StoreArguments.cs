using System.CommandLine;
using Bedside.Host.Options;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;

namespace Bedside.Host.Commands;

/// <summary>Options that several commands share, and the sentences for what can be wrong with them.</summary>
internal static class StoreArguments
{
    public static Option<DirectoryInfo> Data() =>
        new("--data") { Description = "Directory of the store.", Required = true };

    public static Option<string?> From() =>
        new("--from") { Description = "Start, ISO 8601 with zone (2026-11-21T03:00:00Z); default: the beginning." };

    public static Option<string?> To() =>
        new("--to") { Description = "End (exclusive), ISO 8601 with zone; default: the end." };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    /// <summary>What the box was told of stays: a command that makes them of what was said makes the same.</summary>
    public static Option<FileInfo?> Config() => new("--config") { Description = "Configuration of the box; of it, stays is used." };

    public static StaySettings Stays(FileInfo? config) => config is null ? new StaySettings() : BedOptions.Read(config.FullName).Stays.ToSettings(config.FullName);

    /// <summary>Of what is printed for people; by default that of the person's session.</summary>
    public static Option<string> Language()
    {
        string session = Environment.GetEnvironmentVariable("LC_ALL") ?? Environment.GetEnvironmentVariable("LC_MESSAGES") ?? Environment.GetEnvironmentVariable("LANG") ?? string.Empty;
        var language = new Option<string>("--language")
        {
            Description = "fr or en; default: that of your session.",
            DefaultValueFactory = _ => session.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr" : "en",
        };
        return language.AcceptOnlyFromAmong("fr", "en");
    }

    public static Option<FileInfo?> Key() =>
        new("--box-key") { Description = "File of the box key; default: the systemd credential box-key, else box.key in the directory of the store." };

    /// <summary>For commands that write: the product never writes what is not encrypted. Throws for a folder that cannot be used.</summary>
    public static StoreOptions Options(DirectoryInfo data, FileInfo? key) => Options(data, key, BoxKeyPlace.ReadOrBegin);

    /// <summary>The same for the box itself, which goes on without its key.</summary>
    public static StoreOptions OptionsOfBox(DirectoryInfo data, FileInfo? key) => Options(data, key, BoxKeyPlace.ReadOrReplace);

    public static Store OpenReadOnly(DirectoryInfo data, FileInfo? key)
    {
        if (!data.Exists)
        {
            throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");
        }

        Store store = OpenSettled(data, key);
        StoreHealth health = store.Health;
        if (health.Locked == 0)
        {
            return store;
        }

        string sentence = $"{health.Locked} files cannot be read: {health.LockedReason}; name the file of the box key with --box-key.";
        if (store.Signals.Count == 0)
        {
            throw new CommandFailedException(sentence);
        }

        Warn(sentence);
        return store;
    }

    /// <summary>For questions that need no key.</summary>
    public static Store OpenForStays(DirectoryInfo data, FileInfo? key) => data.Exists
        ? OpenSettled(data, key)
        : throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");

    public static UtcInstant Instant(string? text, UtcInstant otherwise, string option)
    {
        if (text is null)
        {
            return otherwise;
        }

        return UtcInstant.TryParse(text, out UtcInstant instant)
            ? instant
            : throw new CommandFailedException($"{option} {text} is not a time; write it as 2026-11-21T03:00:00Z.");
    }

    public static Signal Find(Store store, string id) =>
        store.Find(id) ?? throw new CommandFailedException(store.Signals.Count == 0
            ? $"there is no signal {id}: the store is empty."
            : $"there is no signal {id}; the store has {string.Join(", ", store.Signals.Select(signal => signal.Id).Order(StringComparer.Ordinal))}.");

    /// <summary>The folder of a store that must be there. Throws <see cref="CommandFailedException"/>.</summary>
    public static DirectoryInfo Existing(DirectoryInfo data) => data.Exists
        ? data
        : throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");

    /// <summary>While originals are replaced nothing is read.</summary>
    private static Store OpenSettled(DirectoryInfo data, FileInfo? key)
    {
        try
        {
            return Store.OpenReadOnly(data.FullName, TimeProvider.System, BoxKeyPlace.Read(data, key));
        }
        catch (IOException failure)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static void Warn(string sentence) => Console.Error.WriteLine($"bedside: {sentence}");

    private static StoreOptions Options(DirectoryInfo data, FileInfo? key, Func<DirectoryInfo, FileInfo?, Action<string>, BoxKey> find)
    {
        try
        {
            data.Create();
            return new StoreOptions { BoxKey = find(data, key, Warn) };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }
}
