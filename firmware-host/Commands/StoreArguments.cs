using System.CommandLine;
using Bedside.Model;
using Bedside.Storage;

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

    public static Store OpenReadOnly(DirectoryInfo data)
    {
        if (!data.Exists)
        {
            throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");
        }

        return Store.OpenReadOnly(data.FullName, TimeProvider.System);
    }

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
}
