using System.Globalization;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Studies;

/// <summary>
/// The studies of a box and their public log, in its data folder (FORMAT.md beside this file). The running box and the console change the same files: each change is made of what is on the disk, under
/// a lock of both. A step goes into the journal of access, then into the public log, and counts when its line is there.
/// </summary>
public sealed class StudyBook : IStudyDesk
{
    private const string LockName = "studies.lock";
    private const int MostOfAYear = 999;

    private readonly StudyFile? _file;
    private readonly PublicLog _log;
    private readonly StudyTrail _trail;
    private readonly TimeProvider _clock;
    private readonly StudySettings _settings;
    private readonly Func<long> _stamp;
    private readonly Func<IDisposable?> _hold;
    private readonly Lock _gate = new();
    private volatile Snapshot? _snapshot;

    /// <summary><paramref name="stamp"/> changes whenever the studies are others; <paramref name="hold"/> keeps other processes from changing them until it is let go.</summary>
    internal StudyBook(IDisk disk, byte[]? key, StudyTrail trail, TimeProvider clock, StudySettings settings, Func<long> stamp, Func<IDisposable?> hold)
    {
        (_trail, _clock, _settings, _stamp, _hold) = (trail, clock, settings, stamp, hold);
        _file = key is null ? null : new StudyFile(disk, key);
        _log = new PublicLog(disk);
    }

    /// <summary>Throws <see cref="IOException"/> when they cannot be read.</summary>
    public IReadOnlyList<Study> Studies => Read().List.All;

    public IReadOnlyList<PublicLine> Log => _log.Lines();

    /// <summary>Now, on the ward's calendar.</summary>
    public StudyMoment Moment => StudyMoment.Of(_clock.GetUtcNow(), _settings.Ward);

    /// <summary>Opens nothing yet.</summary>
    /// <param name="key">Of the box, for the purpose <c>bedside studies</c>; null = it has none, and no study is kept.</param>
    /// <param name="login">Name of the system's account that started a command; empty = none did.</param>
    public static StudyBook Open(string directory, byte[]? key, IAuditTrail trail, TimeProvider clock, StudySettings settings, string login = "")
    {
        string path = Path.Combine(directory, StudyFile.Name);
        return new StudyBook(
            new PosixDisk(directory, isPrivate: true),
            key,
            new StudyTrail(trail, login),
            clock,
            settings,
            () => SharedFile.StampOf(path),
            () => SharedFile.Hold(Path.Combine(directory, LockName)));
    }

    /// <summary>Key for <see cref="Open"/>.</summary>
    public static byte[] KeyOf(Keys.BoxKey box) => box.Derive(StudyFile.Purpose);

    public StudyState StateOf(Study study) => CourseOf(study).State;

    public StudyCourse CourseOf(Study study) => StudyCourse.Of(study, Moment);

    /// <summary>The first line of the public log that is not what was written; null = all are.</summary>
    public PublicLogFault? VerifyLog() => _log.Verify(_file is null ? null : Read().List.Head);

    public string Draft(StudyRequest request, string by, IReadOnlyList<Role> roles)
    {
        string id = string.Empty;
        Change(list =>
        {
            id = FreeId(list);
            var study = new Study(id, Canonical(request), RequestText.DigestOf(request), []);
            return Stepped(list, study, new AskedStep(string.Empty, StudyStepKind.Draft, by, roles, string.Empty));
        });
        return id;
    }

    public void Change(string study, StudyRequest request, string by) => Change(list =>
    {
        Study known = Found(list, study);
        StudyCourse course = CourseOf(known);
        if (course.State != StudyState.Draft || course.Requester != by)
        {
            throw new StudyRefusedException(new TwoTongues("Seule la personne qui l’a écrit change un brouillon, tant qu’il n’est pas soumis.", "Only its author changes a draft, and only until it is submitted."));
        }

        Study changed = known with { Request = Canonical(request), RequestDigest = RequestText.DigestOf(request) };
        StudyList next = Fitting(list.With(changed));
        _trail.Changed(changed, by);
        File.Write(next);
        return next;
    });

    public void Take(AskedStep step) => Change(list => Stepped(list, Found(list, step.Study), step));

    /// <summary>What a crash left half done is finished or taken back; otherwise the next step does that. Throws the disk's errors.</summary>
    public void Recover() => Change(list => list);

    private StudyFile File => _file ?? throw new IOException("there is no box key, and studies are not kept without one: name its file with --box-key");

    private void Change(Func<StudyList, StudyList> change)
    {
        lock (_gate)
        {
            using IDisposable? held = _hold();
            StudyList next = change(Settled(File.Read()));
            _snapshot = new Snapshot(next, _stamp());
        }
    }

    private StudyList Stepped(StudyList list, Study study, AskedStep asked)
    {
        if (StudyRules.Refusal(study, asked, Moment) is { } refusal)
        {
            _trail.Refused(asked, refusal.English);
            throw new StudyRefusedException(refusal);
        }

        StudyMoment moment = Moment;
        var step = new StudyStep(study.Steps.Count + 1, moment.Now, asked.Kind, asked.By, StudyRules.RoleOf(asked), asked.Why, Facts(study, asked, moment));
        Study after = study with { Steps = [.. study.Steps, step] };
        PublicLine line = PublicSteps.LineOf(after, step, moment, list.Head);
        string text = PublicLineCoding.Write(line);
        var head = new LogHead(line.Number, PublicLineCoding.HashOf(System.Text.Encoding.UTF8.GetBytes(text)));
        StudyList whole = Fitting((list with { Head = head }).With(after));
        _trail.Allowed(after, step);
        try
        {
            File.Write(Fitting(list with { Pending = new PendingStep(_log.Length(), text, after) }));
            _log.Append(text);
            File.Write(whole);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            _trail.Failed(after, step);
            throw;
        }

        return whole;
    }

    /// <summary>The line of a step that was begun is in the public log, and the step is taken, or nothing of it is there and it never was.</summary>
    private StudyList Settled(StudyList list)
    {
        if (list.Pending is not { } pending)
        {
            return list;
        }

        StudyList next = list with { Pending = null };
        if (_log.Settle(pending.At, pending.Line))
        {
            next = (next with { Head = new LogHead(list.Head.Number + 1, PublicLineCoding.HashOf(System.Text.Encoding.UTF8.GetBytes(pending.Line))) }).With(pending.After);
        }

        File.Write(next);
        return next;
    }

    private Dictionary<string, string> Facts(Study study, AskedStep step, StudyMoment moment)
    {
        var facts = new Dictionary<string, string>(step.Facts, StringComparer.Ordinal);
        if (step.Kind is StudyStepKind.Submit or StudyStepKind.ApproveFirst or StudyStepKind.ApproveSecond)
        {
            facts[StudyFacts.Request] = study.RequestDigest;
        }

        if (step.Kind == StudyStepKind.ApproveSecond)
        {
            facts[StudyFacts.OppositionEnds] = moment.Now.Add(_settings.OppositionDays * TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick).ToString();
        }

        if (step.Kind is StudyStepKind.Release or StudyStepKind.Fetch or StudyStepKind.Recall or StudyStepKind.Objection)
        {
            var course = StudyCourse.Of(study, moment);
            facts[StudyFacts.Package] = course.Package;
            facts[StudyFacts.Version] = course.Version.ToString(CultureInfo.InvariantCulture);
        }

        return facts;
    }

    private string FreeId(StudyList list)
    {
        string year = string.Create(CultureInfo.InvariantCulture, $"ST-{Moment.Today.Year:0000}-");
        int last = list.All.Where(study => study.Id.StartsWith(year, StringComparison.Ordinal)).Select(study => int.Parse(study.Id.AsSpan(year.Length), CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
        return last < MostOfAYear ? string.Create(CultureInfo.InvariantCulture, $"{year}{last + 1:000}") : throw Full();
    }

    private static StudyList Fitting(StudyList list) => StudyFile.Fits(list) ? list : throw Full();

    private static StudyRefusedException Full() => new(new TwoTongues("Le registre des études de ce boîtier est plein ; tenez les suivantes sur un autre.", "The book of studies of this box is full; keep the next ones on another."));

    private static Study Found(StudyList list, string id) => list.Find(id) ?? throw new StudyRefusedException(new TwoTongues($"L’étude {id} n’existe pas ; bedside extract list les liste.", $"There is no study {id}; bedside extract list shows those there are."));

    /// <summary>As it comes back from the disk. Throws <see cref="StudyRefusedException"/> for what is too long.</summary>
    private static StudyRequest Canonical(StudyRequest request) => RequestText.Read(RequestText.Write(request));

    private Snapshot Read()
    {
        long stamp = _stamp();
        if (_snapshot is { } known && known.Stamp == stamp)
        {
            return known;
        }

        lock (_gate)
        {
            return _snapshot = new Snapshot(File.Read(), stamp);
        }
    }

    private sealed record Snapshot(StudyList List, long Stamp);
}
