using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Model.Settings;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Host.Settings;

/// <summary>What the file holds: every version that fits, which of them is in effect, and the draft.</summary>
/// <param name="Current">Number of the version that is in effect after a start; never one that is on trial.</param>
/// <param name="Versions">Oldest first.</param>
internal sealed record SettingsBook(int Current, IReadOnlyList<SettingsVersion> Versions, (int Rests, BoxSettings Settings)? Draft)
{
    public static SettingsBook Empty { get; } = new(0, [], Draft: null);

    /// <summary>Null in an empty book.</summary>
    public SettingsVersion? InEffect => Versions.FirstOrDefault(version => version.Number == Current);

    public int Next => Versions.Count == 0 ? 1 : Versions[^1].Number + 1;

    public SettingsBook With(SettingsVersion added) => this with { Versions = [.. Versions, added] };

    public SettingsBook Became(int number, SettingsOutcome outcome) =>
        this with { Versions = [.. Versions.Select(version => version.Number == number ? version with { Outcome = outcome } : version)] };
}

/// <summary>
/// The settings of a box in its data folder: one small file, written anew as a whole (FORMAT.md beside this folder). A crash leaves the former or the new one, never a mixture;
/// a version that was on trial when the program ended is not in effect after it.
/// </summary>
internal sealed class SettingsFile(IDisk disk)
{
    public const string Name = "settings";

    /// <summary>Versions that are kept.</summary>
    public const int MostVersions = 64;

    private const int FormatVersion = 1;
    private const int MostBytes = 512 * 1024;

    /// <summary>What was wrong when it was read, one sentence; null = nothing.</summary>
    public string? Damage { get; private set; }

    /// <summary>What the file says; a file in which nothing can be read is set aside, and the book is empty. Throws the disk's errors.</summary>
    public SettingsBook Read()
    {
        (string? text, Storage.Damage? damage) = TwinFile.Read(disk, Name);
        if (text is null && damage is null)
        {
            return SettingsBook.Empty;
        }

        if (text is not null && Parse(text) is { } book)
        {
            SettingsVersion[] unfinished = [.. book.Versions.Where(version => version.Outcome == SettingsOutcome.OnTrial)];
            return unfinished.Aggregate(book, (sum, version) => sum.Became(version.Number, SettingsOutcome.Interrupted));
        }

        Damage = $"{Name} could not be read and was set aside as {Name}.bad; the box began anew from its configuration.";
        disk.Rename(Name, $"{Name}.bad");
        return SettingsBook.Empty;
    }

    /// <summary>Throws the disk's errors; what is on disk is then the former or the new. Returns the book without the versions for which there was no room.</summary>
    public SettingsBook Write(SettingsBook book)
    {
        SettingsBook kept = Bounded(book, MostVersions);
        string text = Text(kept);
        for (int most = MostVersions / 2; Encoding.UTF8.GetByteCount(text) > MostBytes && most > 1; most /= 2)
        {
            kept = Bounded(book, most);
            text = Text(kept);
        }

        TwinFile.Write(disk, Name, text);
        return kept;
    }

    /// <summary>The newest, and whatever the age of it the one in effect.</summary>
    private static SettingsBook Bounded(SettingsBook book, int most)
    {
        int first = book.Versions.Count - most;
        return first <= 0 ? book : book with { Versions = [.. book.Versions.Where((version, i) => i >= first || version.Number == book.Current)] };
    }

    private static string Text(SettingsBook book) => JsonSerializer.Serialize(
        new BookWords
        {
            Version = FormatVersion,
            Current = book.Current,
            Versions = [.. book.Versions.Select(VersionWords.Of)],
            Draft = book.Draft is var (rests, settings) ? new DraftWords { Rests = rests, Settings = SettingsForm.Of(settings) } : null,
        },
        SettingsJson.Default.BookWords);

    /// <summary>Null when it is no book of this version, or the version in effect is not in it.</summary>
    private static SettingsBook? Parse(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, SettingsJson.Default.BookWords) is not { Version: FormatVersion, Versions: { } written } words)
            {
                return null;
            }

            SettingsVersion?[] versions = [.. written.Select(version => version?.ToVersion())];
            BoxSettings? draft = words.Draft?.Settings?.Over(new BoxSettings());
            var book = new SettingsBook(words.Current, [.. versions.OfType<SettingsVersion>()], draft is null ? null : (words.Draft!.Rests, draft));
            return Array.TrueForAll(versions, version => version is not null) && book.InEffect is not null ? book : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The whole file.</summary>
internal sealed class BookWords
{
    public int Version { get; set; }

    public int Current { get; set; }

    public IReadOnlyList<VersionWords?>? Versions { get; set; }

    public DraftWords? Draft { get; set; }
}

internal sealed class VersionWords
{
    public int Number { get; set; }

    /// <summary>Nanoseconds since 1970, by the box's clock of then.</summary>
    public long AtNs { get; set; }

    public SettingsOrigin Origin { get; set; }

    public SettingsOutcome Outcome { get; set; }

    public SettingsForm? Settings { get; set; }

    public static VersionWords Of(SettingsVersion version) => new()
    {
        Number = version.Number,
        AtNs = version.At.UnixNanoseconds,
        Origin = version.Origin,
        Outcome = version.Outcome,
        Settings = SettingsForm.Of(version.Settings),
    };

    public SettingsVersion? ToVersion() =>
        Settings?.Over(new BoxSettings()) is { } settings && Number > 0 ? new SettingsVersion(Number, new UtcInstant(AtNs), Origin, Outcome, settings) : null;
}

internal sealed class DraftWords
{
    public int Rests { get; set; }

    public SettingsForm? Settings { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BookWords))]
internal sealed partial class SettingsJson : JsonSerializerContext;
