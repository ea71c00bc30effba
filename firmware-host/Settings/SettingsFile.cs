using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Model.Settings;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;
using Bedside.Viewer;

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
/// The settings of a box in its data folder: one small file, sealed under the box key because the bed's name stands in it, written anew as a whole (FORMAT.md beside this folder). A crash leaves the former or
/// the new one, never a mixture; a version that was on trial when the program ended is not in effect after it.
/// </summary>
/// <param name="disk">The data folder.</param>
/// <param name="key">Derived from the box key for <see cref="Purpose"/>; null = this box has none, and the file is in the clear.</param>
internal sealed class SettingsFile(IDisk disk, byte[]? key)
{
    public const string Name = "settings";

    /// <summary>Versions that are kept.</summary>
    public const int MostVersions = 64;

    private const int FormatVersion = 1;
    private const int SealedVersion = 2;
    private const int MostBytes = 512 * 1024;

    /// <summary>What the key is derived from the box key for.</summary>
    public static ReadOnlySpan<byte> Purpose => "bedside settings"u8;

    /// <summary>What was wrong when it was read, or lies there set aside, with what can be done; null = nothing.</summary>
    public Sentence? Damage { get; private set; }

    /// <summary>What was read stood there as builds before the seal wrote it: it is to be written anew.</summary>
    public bool IsInTheClear { get; private set; }

    /// <summary>Sealed for this file and this format.</summary>
    private static ReadOnlySpan<byte> About => "settings\0version 2"u8;

    /// <summary>
    /// What the file says; one that cannot be opened is set aside under a name that was free, and the book is empty. Throws the disk's errors, and <see cref="IOException"/> for a sealed one where there is no key.
    /// </summary>
    public SettingsBook Read()
    {
        (string? text, Storage.Damage? damage) = TwinFile.Read(disk, Name);
        SettingsBook? book = text is null ? null : Parse(Opened(text));
        if (book is null && (text is not null || damage is not null))
        {
            disk.Rename(Name, FreeName(disk.Names()));
            disk.Sync();
        }

        string[] aside = [.. disk.Names().Where(IsAside).Order(StringComparer.Ordinal)];
        Damage = aside.Length == 0 ? null : SetAside(string.Join(", ", aside));
        IEnumerable<SettingsVersion> unfinished = book?.Versions.Where(version => version.Outcome == SettingsOutcome.OnTrial) ?? [];
        return unfinished.Aggregate(book ?? SettingsBook.Empty, (sum, version) => sum.Became(version.Number, SettingsOutcome.Interrupted));
    }

    /// <summary>Throws the disk's errors; what is on disk is then the former or the new. Returns the book without the versions for which there was no room.</summary>
    public SettingsBook Write(SettingsBook book)
    {
        SettingsBook kept = Bounded(book, MostVersions);
        string text = Closed(Text(kept));
        for (int most = MostVersions / 2; Encoding.UTF8.GetByteCount(text) > MostBytes && most > 1; most /= 2)
        {
            kept = Bounded(book, most);
            text = Closed(Text(kept));
        }

        TwinFile.Write(disk, Name, text);
        IsInTheClear = false;
        return kept;
    }

    private static bool IsAside(string name) => name.StartsWith($"{Name}.", StringComparison.Ordinal) && name.EndsWith(".bad", StringComparison.Ordinal);

    /// <summary>What was set aside before may be what is wanted when the former box key is back.</summary>
    private static string FreeName(IReadOnlyList<string> names) =>
        Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? $"{Name}.bad" : $"{Name}.{i}.bad").First(free => !names.Contains(free, StringComparer.Ordinal));

    private static Sentence SetAside(string names) => new(
        $"Des réglages illisibles (abîmés, ou scellés sous une autre clé de boîtier) sont mis de côté : {names}, dans le dossier des données ; le boîtier est reparti de sa configuration. Programme arrêté, remettez l’ancienne clé et renommez ce fichier en {Name}, ou supprimez-le.",
        $"Settings that cannot be read (damaged, or sealed under another box key) were set aside: {names}, in the data folder; the box began anew from its configuration. While the program is stopped, put the former key back and rename that file to {Name}, or delete it.");

    private string Closed(string text) => key is null
        ? text
        : JsonSerializer.Serialize(new SealedWords { Version = SealedVersion, Sealed = SealedText.Seal(key, Encoding.UTF8.GetBytes(text), About) }, SettingsJson.Default.SealedWords);

    /// <summary>The text of the book; null when it cannot be opened.</summary>
    private string? Opened(string text)
    {
        if (SealedIn(text) is not { } closed)
        {
            IsInTheClear = key is not null;
            return text;
        }

        byte[]? plain = key is null ? throw new IOException($"{Name} is sealed and there is no box key") : SealedText.Open(key, closed, About);
        return plain is null ? null : Encoding.UTF8.GetString(plain);
    }

    /// <summary>Null for what is no sealed file.</summary>
    private static string? SealedIn(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, SettingsJson.Default.SealedWords) is { Version: SealedVersion, Sealed: { } closed } ? closed : null;
        }
        catch (JsonException)
        {
            return null;
        }
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
    private static SettingsBook? Parse(string? text)
    {
        try
        {
            if (text is null || JsonSerializer.Deserialize(text, SettingsJson.Default.BookWords) is not { Version: FormatVersion, Versions: { } written } words)
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

/// <summary>The whole file as it stands on the disk.</summary>
internal sealed class SealedWords
{
    public int Version { get; set; }

    /// <summary>The <see cref="BookWords"/>; null in a file that is not sealed.</summary>
    public string? Sealed { get; set; }
}

/// <summary>What is sealed.</summary>
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
[JsonSerializable(typeof(SealedWords))]
[JsonSerializable(typeof(BookWords))]
internal sealed partial class SettingsJson : JsonSerializerContext;
