using System.Text.Json;
using Bedside.Audit;
using Bedside.Host.Options;
using Bedside.Host.Trust;
using Bedside.Identity.Studies;
using Bedside.Model.Research;
using Bedside.Storage.Keys;
using Bedside.Viewer.Research;

namespace Bedside.Host.Research;

/// <summary>The studies of the running box, opened for one act at a time: nothing of keys and names is held in between.</summary>
internal sealed class BoxStudies((DirectoryInfo Data, FileInfo? Key) place, BedOptions options, AuditTrail trail, TimeProvider clock, Func<DirectoryInfo, BoxKey, RefusedElsewhere?>? elsewhere = null)
{
    public DirectoryInfo Data => place.Data;

    /// <summary>Throws <see cref="IOException"/>.</summary>
    public StudyConsole Open() => StudyConsole.OfBox(place.Data, place.Key, options, trail, new StudyConsoleWorld(clock, static _ => string.Empty) { Elsewhere = elsewhere ?? UnitRefusals.Ask });
}

/// <summary>The packages of the running box, for its pages.</summary>
/// <param name="isClockTrusted">Whether the box believes its clock: keys that are destroyed on the word of a wrong one do not come back.</param>
internal sealed class BoxShelf(BoxStudies studies, Func<bool> isClockTrusted) : IPackageShelf
{
    public ShelvedPackage? Newest(string study)
    {
        using StudyConsole console = studies.Open();
        return console.Book.Studies.FirstOrDefault(one => one.Id == study) is { } found
            && new PackageShelf(console).Newest(found) is { } record
            && found.Steps.LastOrDefault(step => step.Kind == StudyStepKind.Build) is { } built
            && Files(console, record).Any()
            ? new ShelvedPackage(study, record.Version, $"{record}.tar.age", record.Digest, built.At)
            : null;
    }

    public ReportView? Report(ShelvedPackage package)
    {
        using StudyConsole console = studies.Open();
        if (new PackageFolders(console.Data, console.Box).Find(package.Study, package.Version) is not { } record)
        {
            return null;
        }

        using var report = JsonDocument.Parse(record.ReportJson);
        JsonElement root = report.RootElement;
        JsonElement risk = root.GetProperty("risk");
        return new ReportView(
            record.Patients,
            risk.GetProperty("smallest_class").GetInt32(),
            root.GetProperty("suppressed").GetProperty("stays").GetString()!,
            risk.GetProperty("maximum").GetDouble(),
            [.. root.GetProperty("generalisations").EnumerateArray().Select(Generalised)],
            [.. root.GetProperty("dominance").EnumerateArray().Select(Dominated), .. root.GetProperty("identifying_signals").EnumerateArray().Select(Identifying), .. root.GetProperty("limits").EnumerateArray().Select(Tongues)],
            [.. root.GetProperty("classes").EnumerateArray().Select(ClassOf)]);
    }

    public Task<TwoTongues?> IsOpenAsync(ShelvedPackage package, CancellationToken cancel) => Task.Run(
        () =>
        {
            using StudyConsole console = studies.Open();
            bool isShut = new PackageShelf(console).ShutObjected().Contains(package.Study);
            return isShut || console.Book.StateOf(console.Find(package.Study)) != StudyState.Released
                ? new TwoTongues("Un patient a dit non depuis la construction, ou l’étude n’est plus ouverte : le paquet est fermé.", "A patient said no since the build, or the study is not open any more: the package is shut.")
                : null;
        },
        cancel);

    public Stream? Open(ShelvedPackage package, string badge)
    {
        using StudyConsole console = studies.Open();
        bool isNamed = console.Find(package.Study).Request.People.Any(person => person.Badge == badge);
        string path = Path.Combine(new PackageFolders(console.Data, console.Box).Place(package.Study, package.Version), PackageFolders.FileOf(badge));
        return isNamed && File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete) : null;
    }

    public Task ShutObjectedAsync(CancellationToken cancel) => Task.Run(
        () =>
        {
            using StudyConsole console = studies.Open();
            _ = new PackageShelf(console).ShutObjected();
        },
        cancel);

    public Task EndOverAsync(CancellationToken cancel) => Task.Run(
        () =>
        {
            if (!isClockTrusted())
            {
                return;
            }

            using StudyConsole console = studies.Open();
            var shelf = new PackageShelf(console);
            shelf.EraseOld();
            if (shelf.IsAnyOver)
            {
                using var ring = StudyKeyRing.Open(console.Data.FullName, console.Box);
                _ = shelf.Expire(ring);
            }
        },
        cancel);

    private static IEnumerable<string> Files(StudyConsole console, PackageRecord record)
    {
        string place = new PackageFolders(console.Data, console.Box).Place(record.Study, record.Version);
        return Directory.Exists(place) ? Directory.EnumerateFiles(place, "*.age") : [];
    }

    private static TwoTongues Generalised(JsonElement used)
    {
        (string? column, int step, int last) = (used.GetProperty("column").GetString(), used.GetProperty("step").GetInt32(), used.GetProperty("last").GetInt32());
        string[] values = [.. used.GetProperty("values").EnumerateArray().Select(one => one.GetString()!).Where(one => one.Length > 0)];
        string said = string.Join(", ", values);
        return step == 0 ? new TwoTongues($"{column} : tel quel, {said}", $"{column}: as it is, {said}")
            : values.Length == 0 ? new TwoTongues($"{column} : laissé vide", $"{column}: left empty")
            : new TwoTongues($"{column} : cran {step} sur {last}, {said}", $"{column}: step {step} of {last}, {said}");
    }

    private static TwoTongues Dominated(JsonElement note)
    {
        string rule = note.GetProperty("rule").GetString()!;
        return new TwoTongues($"Un groupe prédomine ({rule}).", $"One group dominates ({rule}).");
    }

    private static TwoTongues Identifying(JsonElement signal) => new($"{signal.GetString()} peut reconnaître une personne.", $"{signal.GetString()} can tell a person.");

    private static TwoTongues Tongues(JsonElement said) => new(said.GetProperty("fr").GetString()!, said.GetProperty("en").GetString()!);

    private static ReportClass ClassOf(JsonElement one) => new(
        [.. one.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String).Select(field => KeyValuePair.Create(field.Name, field.Value.GetString()!))],
        RoundedCount.Of(one.GetProperty("patients").GetInt32()));
}
