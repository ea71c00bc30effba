using System.Globalization;
using System.Security.Cryptography;
using Bedside.Extract.Package;
using Bedside.Extract.Privacy;
using Bedside.Extract.Sealing;
using Bedside.Identity.Studies;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Host.Research;

/// <summary>
/// Builds the package of a study: cohort, bands, content, bag, one encrypted file for each named person. Objections are asked before and after, and a no in between ends the build. What was begun and not
/// done leaves nothing.
/// </summary>
internal sealed class PackageBuild(StudyConsole console, IReadOnlyList<DirectoryInfo> also)
{
    private const int FileBytes = 1 << 20;

    private readonly PackageFolders _folders = new(console.Data, console.Box);
    private volatile Given _given = new([], []);

    /// <summary>Whether a patient whose stay goes into it said no by now, at whichever bed; asked from another thread while it is built. Throws <see cref="IOException"/>.</summary>
    public bool IsObjected()
    {
        Given given = _given;
        using var subjects = new SubjectKey(console.Box);
        return given.Stays.Count > 0 && CohortReading.IsRefused(given.Stays, given.Boxes, subjects, console.Elsewhere());
    }

    /// <summary>The package is on the disk and the step is taken when it returns. Throws <see cref="StudyRefusedException"/>, <see cref="IOException"/>, <see cref="OperationCanceledException"/>.</summary>
    public async Task<PackageRecord> RunAsync(Study study, string by, IReadOnlyList<Role> roles, IProgress<BuildProgress>? progress, CancellationToken cancel)
    {
        AskedStep step = Step(study, by, roles, RoundedCount.Of(0), new string('0', 64), string.Empty);
        if (StudyRules.Refusal(study, step, console.Book.Moment) is { } refusal)
        {
            throw new StudyRefusedException(refusal);
        }

        using var ring = StudyKeyRing.Open(console.Data.FullName, console.Box);
        using StudyKey key = KeyOf(ring, study);
        List<WardBox> boxes = [];
        try
        {
            boxes.Add(WardBox.Open(console.Data, console.KeyFile, console.Stays, console.Clock));
            boxes.AddRange(also.Select(data => WardBox.Open(data, key: null, console.Stays, console.Clock)));
            return await PackageWorkers.AsideAsync(() => Build(study, step, key, boxes, progress, cancel));
        }
        finally
        {
            foreach (WardBox box in boxes)
            {
                await box.DisposeAsync();
            }
        }
    }

    /// <summary>Born with the second agreement; what a crash kept from that is made up for as long as no package has its names.</summary>
    private StudyKey KeyOf(StudyKeyRing ring, Study study) => ring.Find(study.Id) ?? (console.Book.CourseOf(study).Version == 0
        ? ring.Make(study.Id)
        : throw new IOException($"the key of {study.Id} is not there, and its packages have its names; put the file study-keys back"));

    private PackageRecord Build(Study study, AskedStep step, StudyKey key, IReadOnlyList<WardBox> boxes, IProgress<BuildProgress>? progress, CancellationToken cancel)
    {
        int version = console.Book.CourseOf(study).Version + 1;
        using var subjects = new SubjectKey(console.Box);
        IReadOnlyList<CohortStay> cohort = CohortReading.Of(boxes, study.Request, (new StudyNames(key), subjects, console.Elsewhere()), console.Settings.Ward);
        CohortPlan plan = Planned(study, cohort);
        var bySource = cohort.ToDictionary(stay => stay.Subject.Stay, StringComparer.Ordinal);
        CohortStay[] given = [.. plan.Stays.Select(stay => bySource[stay.Stay.Stay])];
        _given = new Given(given, boxes);
        string building = _folders.Begin(study.Id, version);
        try
        {
            DisclosureReport report = plan.Report.For(study.Id, version, study.Request);
            string bag = Path.Combine(building, "bag");
            Directory.CreateDirectory(bag);
            _ = PackageContent.Write(
                new PackagePlan(study.Id, version, study.Request, [.. plan.Stays.Select(stay => CohortReading.Packaged(bySource[stay.Stay.Stay], stay, study.Request))], console.Settings.Ward), bag, progress, cancel);
            RefuseObjected(given, boxes, subjects);
            using ECDsa signer = PackageSigner.Open(console.Data, console.Box);
            BagSeal seal = Bag.Close(bag, Describe(study, version, report), signer, cancel);
            Encrypt(study, bag, building, seal.Name, cancel);
            PackageFolders.Delete(bag);
            TwoTongues text = DisclosureText.Of(report);
            var record = new PackageRecord(
                study.Id, version, seal.Digest, seal.SignerDigest, RoundedCount.Of(plan.Report.Patients), text.French, text.English, System.Text.Encoding.UTF8.GetString(DisclosureJson.Write(report)), [.. given.Select(Packaged)], [.. boxes.Select(box => box.Data.FullName)]);
            _folders.Finish(building, record);
            RefuseObjected(given, boxes, subjects);
            Tell(study, given);
            console.Book.Take(Step(study, step.By, step.Roles, record.Patients, record.Digest, record.Signer));
            return record;
        }
        catch
        {
            PackageFolders.Delete(building);
            if (console.Book.CourseOf(console.Find(study.Id)).Version < version)
            {
                PackageFolders.Delete(_folders.Place(study.Id, version));
            }

            throw;
        }
    }

    /// <summary>Bands until every class has 11 patients, and no difference to a package of another study by which a few are found.</summary>
    private CohortPlan Planned(Study study, IReadOnlyList<CohortStay> cohort)
    {
        CohortPlan plan = Generalisation.Of([.. cohort.Select(stay => stay.Known())], study.Request.Cohort);
        if (plan.Refusal.Length > 0)
        {
            throw new StudyRefusedException(plan.Report.Refusal);
        }

        return DifferenceCheck.Sentence(plan.Subjects, Earlier(study.Id)) is { } near ? throw new StudyRefusedException(near) : plan;
    }

    /// <summary>Every package of another study that was released. Those of the same study differ by patients who said no since, whom the notice of recall names to the same people by the same names.</summary>
    private IEnumerable<ReleasedCohort> Earlier(string study) =>
        from other in console.Book.Studies
        where other.Id != study
        from release in other.Steps
        where release.Kind == StudyStepKind.Release
        let version = int.Parse(release.Facts[StudyFacts.Version], CultureInfo.InvariantCulture)
        select _folders.Find(other.Id, version) is { } record ? new ReleasedCohort(other.Id, version, record.Subjects()) : ForgottenOr(other, version);

    /// <summary>Of a study that is closed nobody can say who was in it; of another the record must be there.</summary>
    private ReleasedCohort ForgottenOr(Study study, int version) => console.Book.CourseOf(study).IsClosed
        ? new ReleasedCohort(study.Id, version, new HashSet<UInt128>())
        : throw new IOException($"the record of {PackageFolders.NameOf(study.Id, version)} cannot be read, and without it nobody can say whether two packages differ by a few patients");

    private void RefuseObjected(IReadOnlyList<CohortStay> given, IReadOnlyList<WardBox> boxes, SubjectKey subjects)
    {
        if (CohortReading.IsRefused(given, boxes, subjects, console.Elsewhere()))
        {
            throw new StudyRefusedException(new TwoTongues("Un patient a dit non pendant la construction ; relancez-la, elle se fera sans lui.", "A patient said no during the build; begin it again, it will be made without them."));
        }
    }

    /// <summary>In the journal of each box: whose data go, before they do.</summary>
    private void Tell(Study study, IReadOnlyList<CohortStay> given)
    {
        foreach (IGrouping<WardBox, CohortStay> one in given.GroupBy(stay => stay.Box))
        {
            bool isOwn = one.Key.Data.FullName == console.Data.FullName;
            Audit.AuditTrail trail = isOwn ? console.Trail : Commands.CommandAudit.Open(one.Key.Data);
            try
            {
                foreach (CohortStay stay in one)
                {
                    trail.Append(Commands.CommandAudit.Entry(AuditAct.ResearchUse, AuditFact.Of(AuditFactKind.Study, study.Id)) with { Stay = stay.Subject.Source });
                }
            }
            finally
            {
                if (!isOwn)
                {
                    trail.Dispose();
                }
            }
        }
    }

    private static void Encrypt(Study study, string bag, string building, string name, CancellationToken cancel)
    {
        foreach (NamedResearcher person in study.Request.People)
        {
            AgeRecipient recipient = AgeRecipient.TryParse(person.Recipient) ?? throw new StudyRefusedException(new TwoTongues(
                $"La clé publique de {person.Badge} n’en est pas une ({AgeRecipient.Fault(person.Recipient)}) ; il faut une nouvelle demande.", $"The public key of {person.Badge} is none ({AgeRecipient.Fault(person.Recipient)}); it takes a new request."));
            using var file = new FileStream(Path.Combine(building, PackageFolders.FileOf(person.Badge)), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileBytes);
            using (Stream encrypted = AgeFile.Encrypt(file, [recipient]))
            {
                PackageTar.Write(bag, name, encrypted, progress: null, cancel);
            }

            file.Flush(flushToDisk: true);
        }
    }

    private static BagDescription Describe(Study study, int version, DisclosureReport report) => new()
    {
        Study = study.Id,
        Version = version,
        Request = study.Request,
        RequestDigest = study.RequestDigest,
        Software = typeof(PackageBuild).Assembly.GetName().Version?.ToString() ?? "0",
        Approvals =
        [
            new BagApproval(new TwoTongues("premier accord", "first approval"), Role.Steward),
            new BagApproval(new TwoTongues("second accord", "second approval"), Role.RightsOfficer),
        ],
        ClockQuality = new TwoTongues("L’incertitude de chaque horloge est dans data/clock.csv.", "The uncertainty of each clock is in data/clock.csv."),
        Generalisations = [.. report.Used.Select(used => new TwoTongues(
            string.Create(CultureInfo.InvariantCulture, $"{used.Column} : cran {used.Step} sur {used.Last}."), string.Create(CultureInfo.InvariantCulture, $"{used.Column}: step {used.Step} of {used.Last}.")))],
        DisclosureJson = DisclosureJson.Write(report),
        DisclosureText = System.Text.Encoding.UTF8.GetBytes(DisclosureText.Of(report).French + "\n" + DisclosureText.Of(report).English),
    };

    private static PackagedStay Packaged(CohortStay stay) =>
        new(stay.Box.Data.FullName, stay.Subject.Source.ToString(), stay.Subject.Stay, stay.Subject.Patient, Hex(stay.Subject.Subject), [.. stay.Subject.Marks.Select(Hex)]);

    private static string Hex(UInt128 number) => number.ToString("x32", CultureInfo.InvariantCulture);

    private static AskedStep Step(Study study, string by, IReadOnlyList<Role> roles, string patients, string digest, string signer) => new(study.Id, StudyStepKind.Build, by, roles, string.Empty)
    {
        Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StudyFacts.Patients] = patients, [StudyFacts.Package] = digest, [StudyFacts.Signer] = signer },
    };

    /// <summary>What goes into the package, and every box that was read for it.</summary>
    private sealed record Given(IReadOnlyList<CohortStay> Stays, IReadOnlyList<WardBox> Boxes);
}
