using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bedside.Extract.Sealing;
using Bedside.Host.Commands;
using Bedside.Identity.Studies;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Storage.Keys;

namespace Bedside.Host.Research;

/// <summary>The packages of a box once they are built: objections that shut them, downloads, notices of recall, and their end.</summary>
internal sealed class PackageShelf(StudyConsole console)
{
    /// <summary>Encrypted packages do not lie here for longer (<c>trust.md</c>, section 5.8).</summary>
    private const long AtRest = 30 * TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick;

    private readonly PackageFolders _folders = new(console.Data, console.Box);

    /// <summary>Whether <see cref="Expire"/> has anything to do.</summary>
    public bool IsAnyOver => console.Book.Studies.Any(IsOver) || console.Book.Studies.Any(study => console.Book.CourseOf(study).IsClosed && _folders.IsThere(study.Id));

    /// <summary>Null = there is none, or it cannot be opened.</summary>
    public PackageRecord? Newest(Study study) => console.Book.CourseOf(study).Version is > 0 and int version ? _folders.Find(study.Id, version) : null;

    /// <summary>
    /// Reads the objections anew, and shuts each package with a patient who said no: a step, the files gone, and a notice of recall where it was fetched. Returns the studies whose package was shut.
    /// Throws <see cref="IOException"/>: what cannot be asked leaves nobody's data go.
    /// </summary>
    public IReadOnlyList<string> ShutObjected()
    {
        List<string> shut = [];
        foreach (Study study in console.Book.Studies.Where(one => console.Book.StateOf(one) is StudyState.Built or StudyState.Released))
        {
            PackageRecord record = Newest(study) ?? throw new IOException($"the record of the package of {study.Id} cannot be read, and without it nobody can ask its patients’ objections");
            PackagedStay[] objected = Objected(record);
            if (objected.Length == 0)
            {
                continue;
            }

            StudyCourse course = console.Book.CourseOf(study);
            if (course.Fetched.Any(one => one.Version == record.Version))
            {
                Notice(record, "objection", objected);
            }

            _folders.Shut(study.Id, record.Version);
            console.Book.Take(new AskedStep(study.Id, StudyStepKind.Objection, StudyCourse.Box, [], string.Empty));
            shut.Add(study.Id);
        }

        return shut;
    }

    /// <summary>Takes a package back from everybody: the step, the files gone, and a signed notice that names what is to be deleted, which is all of it.</summary>
    public void Recall(AskedStep step)
    {
        console.Book.Take(step);
        Study study = console.Find(step.Study);
        if (Newest(study) is { } record)
        {
            _folders.Shut(study.Id, record.Version);
            Notice(record, "recall", record.Stays);
        }
    }

    /// <summary>
    /// The encrypted package of a named person into a new file, whole and on the disk when it returns. Whoever has it whole gets it no second time; a copy that failed may be tried again, three times in all.
    /// Throws <see cref="StudyRefusedException"/>, <see cref="IOException"/>.
    /// </summary>
    public void Fetch(AskedStep step, FileInfo output)
    {
        Study study = console.Find(step.Study);
        _ = ShutObjected();
        int version = console.Book.CourseOf(study).Version;
        string done = Path.Combine(_folders.Place(study.Id, version), $"{step.By}.done");
        if (File.Exists(done) && console.Book.StateOf(console.Find(study.Id)) == StudyState.Released)
        {
            throw new StudyRefusedException(new TwoTongues("Vous avez déjà téléchargé ce paquet ; il ne l’est qu’une fois.", "You fetched this package already; it is fetched once."));
        }

        if (output.Exists)
        {
            throw new IOException($"{output.FullName} is there already; name another file with --out.");
        }

        console.Book.Take(step);
        using (FileStream from = File.OpenRead(Path.Combine(_folders.Place(study.Id, version), PackageFolders.FileOf(step.By))))
        using (var to = new FileStream(output.FullName, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            from.CopyTo(to);
            to.Flush(flushToDisk: true);
        }

        PackageFolders.Durably(done, string.Empty);
    }

    /// <summary>Ends every study whose day is over, or that was refused: the step, then the key of its names and everything of its packages. Returns which were ended now.</summary>
    public IReadOnlyList<string> Expire(StudyKeyRing ring)
    {
        List<string> ended = [];
        foreach (Study study in console.Book.Studies)
        {
            if (IsOver(study))
            {
                console.Book.Take(new AskedStep(study.Id, StudyStepKind.Expire, StudyCourse.Box, [], string.Empty));
                ended.Add(study.Id);
            }

            // Also what a crash kept from being destroyed the last time.
            if (console.Book.CourseOf(console.Find(study.Id)).IsClosed)
            {
                _ = ring.Destroy(study.Id);
                _folders.Erase(study.Id);
            }
        }

        return ended;
    }

    /// <summary>The encrypted files of packages that were built 30 days ago or earlier are gone; records and notices stay until the study ends.</summary>
    public void EraseOld()
    {
        foreach (Study study in console.Book.Studies.Where(one => one.Steps.LastOrDefault(step => step.Kind == StudyStepKind.Build) is { } built && console.Book.Moment.Now.Since(built.At) >= AtRest))
        {
            for (int version = 1; version <= console.Book.CourseOf(study).Version; version++)
            {
                _folders.Shut(study.Id, version);
            }
        }
    }

    /// <summary>The files of the notices of a study, for whoever must act on them.</summary>
    public IReadOnlyList<string> Notices(Study study) => Enumerable.Range(1, console.Book.CourseOf(study).Version)
        .Select(version => _folders.Place(study.Id, version))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.GetFiles(folder, "recall-*.json"))
        .Order(StringComparer.Ordinal)
        .ToArray();

    private bool IsOver(Study study) => console.Book.StateOf(study) is StudyState.Expired or StudyState.Refused or StudyState.Destroyed && !console.Book.CourseOf(study).IsClosed;

    /// <summary>A no said on any of the boxes that were read, or at any bed of the unit, holds for what all of them gave of the patient.</summary>
    private PackagedStay[] Objected(PackageRecord record)
    {
        using var subjects = new SubjectKey(console.Box);
        RefusedElsewhere? elsewhere = console.Elsewhere();
        var refusing = new HashSet<UInt128>();
        var objected = new HashSet<PackagedStay>();
        foreach ((string place, IReadOnlyList<PackagedStay> stays) in record.Asked())
        {
            var data = new DirectoryInfo(place);
            FileInfo? key = place == console.Data.FullName ? console.KeyFile : null;
            using BoxKey? box = BoxKeyPlace.Read(data, key);
            (IReadOnlySet<StayId> said, IReadOnlySet<UInt128> persons) = WardBox.Objected(data, box, console.Stays, console.Clock, (subjects, elsewhere), stays.Select(stay => IdOf(stay.Source)));
            objected.UnionWith(stays.Where(stay => said.Contains(IdOf(stay.Source))));
            refusing.UnionWith(persons);
        }

        return [.. record.Stays.Where(stay => objected.Contains(stay) || stay.IsOneOf(refusing))];
    }

    private static StayId IdOf(string text) => StayId.TryParse(text, out StayId id) ? id : throw new IOException("the record of a package names a stay that is none");

    /// <summary>JSON with the names of the study alone, and beside it a signature (<c>openssl dgst -sha256 -verify signer.pem -signature recall-1.json.sig recall-1.json</c>).</summary>
    private void Notice(PackageRecord record, string reason, IReadOnlyList<PackagedStay> stays)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("study", record.Study);
            json.WriteNumber("version", record.Version);
            json.WriteString("package", record.Digest);
            json.WriteString("reason", reason);
            json.WriteString("fr", "Détruisez les données de ces patients et séjours, et attestez-le sous 30 jours.");
            json.WriteString("en", "Destroy the data of these patients and stays, and attest it within 30 days.");
            Names(json, "patients", stays.Select(stay => stay.Patient));
            Names(json, "stays", stays.Select(stay => stay.Stay));
            json.WriteEndObject();
        }

        string folder = _folders.Place(record.Study, record.Version);
        string path = Enumerable.Range(1, int.MaxValue).Select(i => Path.Combine(folder, $"recall-{i}.json")).First(free => !File.Exists(free));
        using ECDsa signer = PackageSigner.Open(console.Data, console.Box);
        File.WriteAllBytes($"{path}.sig", signer.SignData(bytes.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        File.WriteAllBytes(Path.Combine(folder, "signer.pem"), Bag.SignerPem(signer));
        PackageFolders.Durably(path, Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (string one in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
    }
}
