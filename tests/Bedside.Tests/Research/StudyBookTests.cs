using System.Text;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Storage.Studies;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Research;

/// <summary>The studies on the disk and their public log: what was acknowledged stays, what is public counts, and nothing is half.</summary>
public sealed class StudyBookTests
{
    private const int DayMilliseconds = 24 * 3600 * 1000;
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly StepClock _clock = new();
    private readonly StudyJournal _journal = new();

    [Theory]
    [InlineData(Loss.Nothing)]
    [InlineData(Loss.Everything)]
    [InlineData(Loss.RandomSectors)]
    [InlineData(Loss.RandomPages)]
    [InlineData(Loss.Garbage)]
    internal void A_crash_at_any_write_loses_no_step_that_was_acknowledged_and_leaves_no_line_without_its_step(object loss)
    {
        int operations = Live(new FaultyDisk(new Random(0)), []);
        Assert.True(operations > 60);
        for (int cut = 0; cut < operations; cut++)
        {
            var disk = new FaultyDisk(new Random(cut)) { CutAt = cut };
            List<StudyStepKind> acknowledged = [];
            _ = Live(disk, acknowledged);
            disk.Restart((Loss)loss);
            AssertKept(disk, acknowledged);
        }
    }

    [Fact]
    public void A_disk_that_fails_once_at_any_write_costs_nothing_and_the_step_may_be_tried_again()
    {
        int operations = Live(new FaultyDisk(new Random(0)), []);
        for (int fails = 0; fails < operations; fails++)
        {
            var disk = new FaultyDisk(new Random(fails)) { FailAt = { fails } };
            List<StudyStepKind> acknowledged = [];
            _ = Live(disk, acknowledged);
            AssertKept(disk, acknowledged);
            disk.Restart(Loss.Everything);
            AssertKept(disk, acknowledged);
        }
    }

    [Fact]
    public void Every_step_is_in_the_journal_before_it_is_in_the_public_log_and_then_in_the_book()
    {
        var disk = new FaultyDisk(new Random(1));
        _ = Live(disk, []);
        Assert.Equal(
            ["research.draft", "research.submit", "research.approve-first", "research.approve-second"],
            _journal.Entries.Where(entry => entry.Result == AuditResult.Allowed).Select(entry => AuditCatalog.Of(entry.Act).Code));
        Assert.Equal(["R1", "R1", "S1", "O1"], _journal.Entries.Select(entry => entry.Who));
        Assert.All(_journal.Entries, entry => Assert.Contains(entry.What, fact => fact.Kind == AuditFactKind.Study && fact.Text is "ST-2026-001"));

        _journal.IsFull = true;
        StudyBook book = Open(disk);
        Assert.Throws<AuditUnwritableException>(() => book.Take(Step(StudyStepKind.Suspend, "S1")));
        Assert.Equal(4, book.Studies[0].Steps.Count);
        Assert.Equal(4, book.Log.Count);
    }

    [Fact]
    public void What_a_rule_forbids_is_refused_with_its_reason_and_the_journal_says_so()
    {
        StudyBook book = Open(new FaultyDisk(new Random(1)));
        string id = book.Draft(Requests.Whole(), "R1", [Role.Researcher, Role.Steward]);
        book.Take(Step(StudyStepKind.Submit, "R1"));

        StudyRefusedException own = Assert.Throws<StudyRefusedException>(() => book.Take(new AskedStep(id, StudyStepKind.ApproveFirst, "R1", [Role.Researcher, Role.Steward], string.Empty)));

        Assert.Contains("do not decide on their study", own.Message, StringComparison.Ordinal);
        AuditEntry refused = Assert.Single(_journal.Entries, entry => entry.Result == AuditResult.Refused);
        Assert.Equal((AuditAct.ResearchApproveFirst, "R1"), (refused.Act, refused.Who));
        Assert.Contains("do not decide", refused.Why, StringComparison.Ordinal);
        Assert.Throws<StudyRefusedException>(() => book.Take(Step(StudyStepKind.Submit, "R1") with { Study = "ST-1999-001" }));
        Assert.Throws<StudyRefusedException>(() => book.Draft(Requests.Whole(), "S1", [Role.Steward]));
        Assert.Throws<StudyRefusedException>(() => book.Change(id, Requests.Whole(), "R1"));
    }

    [Fact]
    public void The_public_log_says_what_who_why_and_how_to_say_no_in_both_languages_and_nothing_of_a_draft()
    {
        using var folder = new TemporaryFolder();
        StudyBook book = Open(folder);
        StudyRequest first = Requests.Whole() with { Title = new TwoTongues("Kanarienvogel", "Kanarienvogel"), Summary = new TwoTongues("Kanarienvogel", "Kanarienvogel") };
        string id = book.Draft(first, "R1", [Role.Researcher]);
        Assert.All(Directory.EnumerateFiles(folder.Path), path => Assert.DoesNotContain("Kanarienvogel", File.ReadAllText(path), StringComparison.Ordinal));

        book.Change(id, Requests.Whole(), "R1");
        book.Take(Step(StudyStepKind.Submit, "R1"));
        book.Take(Step(StudyStepKind.Refuse, "S1") with { Why = "La question a déjà sa réponse." });

        string[] lines = File.ReadAllLines(Path.Combine(folder.Path, PublicLog.Name));
        Assert.Equal(3, lines.Length);
        Assert.All(["Pression artérielle et réveil", "Blood pressure and waking", "CHU de l’Exemple", "mr004", "MR-004 n° 2229999", "Vous pouvez dire non", "You can say no", "dpo@chu.example", "Fréquence cardiaque"], word => Assert.Contains(word, lines[1], StringComparison.OrdinalIgnoreCase));
        Assert.Contains("La question a déjà sa réponse.", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.False(line.Contains("R1", StringComparison.Ordinal) || line.Contains("Jeanne", StringComparison.Ordinal)));
        Assert.Equal(lines, book.Log.Select(PublicLineCoding.Write));
        Assert.Equal((StudyStepKind.Refuse, StudyState.Refused, "La question a déjà sa réponse."), (book.Log[2].Kind, book.Log[2].State, book.Log[2].Why));
        Assert.Null(book.VerifyLog());
    }

    [Fact]
    public void The_first_line_that_was_tampered_with_is_named()
    {
        using var folder = new TemporaryFolder();
        StudyBook book = Open(folder);
        _ = book.Draft(Requests.Whole(), "R1", [Role.Researcher]);
        book.Take(Step(StudyStepKind.Submit, "R1"));
        book.Take(Step(StudyStepKind.ApproveFirst, "S1"));
        book.Take(Step(StudyStepKind.ApproveSecond, "O1"));
        string path = Path.Combine(folder.Path, PublicLog.Name);
        string[] lines = File.ReadAllLines(path);
        (string[] Lines, int Bad)[] tampered =
        [
            ([lines[0], lines[1].Replace("CHU de", "CHU dé", StringComparison.Ordinal), lines[2], lines[3]], 2),
            ([lines[0], lines[1], lines[2], lines[3].Replace("approve-second", "refuse", StringComparison.Ordinal)], 4),
            ([lines[0], lines[1], lines[3]], 2),
            ([lines[1], lines[2], lines[3]], 1),
            ([lines[0], lines[1], lines[2]], 3),
            ([lines[0], "nonsense", lines[2], lines[3]], 2),
            ([.. lines, lines[3]], 4),
            ([], 1),
        ];
        foreach ((string[] changed, int bad) in tampered)
        {
            File.WriteAllLines(path, changed);
            Assert.Equal(bad, Open(folder).VerifyLog()?.Line);
        }

        File.WriteAllLines(path, lines);
        Assert.Null(Open(folder).VerifyLog());
    }

    [Fact]
    public void A_damaged_log_stops_no_recall_and_goes_on_being_named()
    {
        using var folder = new TemporaryFolder();
        StudyBook book = Open(folder);
        _ = book.Draft(Requests.Whole(), "R1", [Role.Researcher]);
        book.Take(Step(StudyStepKind.Submit, "R1"));
        string path = Path.Combine(folder.Path, PublicLog.Name);
        File.WriteAllText(path, File.ReadAllText(path).Replace("CHU", "CHX", StringComparison.Ordinal));

        book.Take(Step(StudyStepKind.Suspend, "S1"));

        Assert.Equal(StudyState.Suspended, book.StateOf(book.Studies[0]));
        Assert.Equal(2, book.VerifyLog()?.Line);
    }

    [Fact]
    public void Two_processes_change_studies_at_once_and_neither_loses_what_the_other_did()
    {
        using var folder = new TemporaryFolder();
        StudyBook[] books = [Open(folder), Open(folder)];
        Parallel.For(0, 24, i => books[i % 2].Draft(Requests.Whole(), "R1", [Role.Researcher]));

        Assert.Equal(24, books[0].Studies.Count);
        Assert.Equal(24, books[1].Studies.Select(study => study.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 24), books[0].Log.Select(line => line.Number));
        Assert.Null(books[1].VerifyLog());
    }

    [Fact]
    public void Studies_under_another_key_or_none_are_not_begun_anew_and_the_public_log_stays_readable()
    {
        using var folder = new TemporaryFolder();
        _ = Open(folder).Draft(Requests.Whole(), "R1", [Role.Researcher]);
        var other = StudyBook.Open(folder.Path, new byte[32], _journal, _clock, StudySettings.Default);
        var none = StudyBook.Open(folder.Path, key: null, _journal, _clock, StudySettings.Default);

        Assert.Contains("another box key", Assert.Throws<IOException>(() => other.Draft(Requests.Whole(), "R1", [Role.Researcher])).Message, StringComparison.Ordinal);
        Assert.Contains("--box-key", Assert.Throws<IOException>(() => none.Studies).Message, StringComparison.Ordinal);
        Assert.Single(none.Log);
        Assert.Null(none.VerifyLog());
        Assert.Single(Open(folder).Studies);
    }

    [Fact]
    public void A_longer_time_to_say_no_is_kept_with_the_study_and_told_to_the_public()
    {
        var disk = new FaultyDisk(new Random(1));
        StudyBook book = Open(disk, new StudySettings(30, TimeZoneInfo.Utc));
        _ = book.Draft(Requests.Whole(), "R1", [Role.Researcher]);
        book.Take(Step(StudyStepKind.Submit, "R1"));
        book.Take(Step(StudyStepKind.ApproveFirst, "S1"));
        book.Take(Step(StudyStepKind.ApproveSecond, "O1"));
        UtcInstant ends = UtcInstant.FromDateTime(_clock.GetUtcNow()).Add(30 * TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick);
        Assert.Contains(ends.ToString(), book.Log[^1].Says.French, StringComparison.Ordinal);

        _clock.Advance(20 * DayMilliseconds);
        Assert.Equal(StudyState.Opposition, Open(disk).StateOf(Open(disk).Studies[0]));
        _clock.Advance(10 * DayMilliseconds);
        Assert.Equal(StudyState.Ready, Open(disk).StateOf(Open(disk).Studies[0]));
    }

    [Fact]
    public void A_book_that_is_full_says_so_and_loses_nothing()
    {
        var disk = new FaultyDisk(new Random(1));
        StudyBook book = Open(disk);
        StudyRequest large = Requests.Whole() with { Summary = new TwoTongues(new string('é', 4000), new string('e', 4000)) };
        StudyRefusedException? full = null;
        while (full is null)
        {
            try
            {
                _ = book.Draft(large, "R1", [Role.Researcher]);
            }
            catch (StudyRefusedException refused)
            {
                full = refused;
            }
        }

        Assert.Contains("full", full.Message, StringComparison.Ordinal);
        Assert.True(book.Studies.Count > 20);
        Assert.Equal(book.Studies.Count, book.Log.Count);
        Assert.Null(Open(disk).VerifyLog());
    }

    private static AskedStep Step(StudyStepKind kind, string who) => new("ST-2026-001", kind, who, StudyWalk.RolesOf(who), StudyRules.NeedsWhy(kind) ? "because" : string.Empty);

    private StudyBook Open(FaultyDisk disk, StudySettings? settings = null)
    {
        long stamp = 0;
        return new StudyBook(disk, Key, new StudyTrail(_journal, string.Empty), _clock, settings ?? StudySettings.Default, () => ++stamp, () => null);
    }

    private StudyBook Open(TemporaryFolder folder) => StudyBook.Open(folder.Path, Key, _journal, _clock, StudySettings.Default);

    /// <summary>A study as far as its second agreement; what the disk did not take is tried once more. Returns how many operations that took.</summary>
    private int Live(FaultyDisk disk, List<StudyStepKind> acknowledged)
    {
        StudyBook book = Open(disk);
        Action[] steps =
        [
            () => book.Draft(Requests.Whole(), "R1", [Role.Researcher]),
            () => book.Take(Step(StudyStepKind.Submit, "R1")),
            () => book.Take(Step(StudyStepKind.ApproveFirst, "S1")),
            () => book.Take(Step(StudyStepKind.ApproveSecond, "O1")),
        ];
        for (int i = 0; i < steps.Length; i++)
        {
            for (int tries = 0; tries < 2; tries++)
            {
                try
                {
                    steps[i]();
                    acknowledged.Add((StudyStepKind)(i + 1));
                    break;
                }
                catch (IOException)
                {
                    // It is tried again: the line may be there, and the step with it.
                }
                catch (StudyRefusedException)
                {
                    break;
                }
            }
        }

        return disk.Operations;
    }

    private void AssertKept(FaultyDisk disk, List<StudyStepKind> acknowledged)
    {
        StudyBook book = Open(disk);
        book.Recover();
        IReadOnlyList<Study> studies = book.Studies;
        List<StudyStepKind> kept = [.. studies.SelectMany(study => study.Steps).Select(step => step.Kind)];
        Assert.Superset(acknowledged.ToHashSet(), kept.ToHashSet());
        Assert.Null(book.VerifyLog());
        Assert.Equal(kept.Count, book.Log.Count);
        Assert.Equal(kept.Order(), book.Log.Select(line => line.Kind).Order());
        Assert.True(_journal.Entries.Count(entry => entry.Result == AuditResult.Allowed) >= kept.Count, "a step is in the journal of access before it counts");
        string log = disk.Names().Contains(PublicLog.Name) ? Encoding.UTF8.GetString(disk.Content(PublicLog.Name)) : string.Empty;
        Assert.True(log.Length == 0 || log[^1] == '\n');
    }
}

/// <summary>A journal of access in memory.</summary>
internal sealed class StudyJournal : IAuditTrail
{
    private readonly Lock _gate = new();

    public List<AuditEntry> Entries { get; } = [];

    public bool IsFull { get; set; }

    public AuditState State => IsFull ? AuditState.Unwritable : AuditState.Kept;

    public void Append(AuditEntry entry)
    {
        if (IsFull)
        {
            throw new AuditUnwritableException();
        }

        Tell(entry);
    }

    public void Tell(AuditEntry entry)
    {
        lock (_gate)
        {
            Entries.Add(entry);
        }
    }
}
