using System.Globalization;

namespace Bedside.Model.Research;

/// <summary>Where a study is and who did what in it: its steps, one after the other, and the passing of days.</summary>
public sealed record StudyCourse
{
    /// <summary>Who stands for the box in a step; no person has no role.</summary>
    public const string Box = "box";

    public required StudyState State { get; init; }

    /// <summary>Badge of who drafted it.</summary>
    public string Requester { get; init; } = string.Empty;

    /// <summary>The requester and the named people: they hold none of the other roles.</summary>
    public required IReadOnlySet<string> Requesters { get; init; }

    /// <summary>Badges; empty = nobody yet.</summary>
    public string FirstApprover { get; init; } = string.Empty;

    public string SecondApprover { get; init; } = string.Empty;

    public string Builder { get; init; } = string.Empty;

    public string Releaser { get; init; } = string.Empty;

    /// <summary>Null = the second agreement is not there.</summary>
    public UtcInstant? OppositionEnds { get; init; }

    /// <summary>Packages that were built; 0 = none.</summary>
    public int Version { get; init; }

    /// <summary>Digest of the last; empty = none.</summary>
    public string Package { get; init; } = string.Empty;

    /// <summary>A <see cref="RoundedCount"/>; empty = not known yet.</summary>
    public string Patients { get; init; } = string.Empty;

    /// <summary>Of the last package; null = it is not released.</summary>
    public UtcInstant? Released { get; init; }

    /// <summary>Badges of those who fetched a package, with its version, in their order.</summary>
    public IReadOnlyList<(string Badge, int Version)> Fetched { get; init; } = [];

    /// <summary>Badges of those who attested that nothing is left with them.</summary>
    public IReadOnlyList<string> Attested { get; init; } = [];

    /// <summary>The key of its names was destroyed.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The state in which it was suspended.</summary>
    private StudyState Before { get; init; }

    public static StudyCourse Of(Study study, StudyMoment moment)
    {
        var start = new StudyCourse { State = StudyState.Draft, Requesters = new HashSet<string>(StringComparer.Ordinal) };
        StudyCourse course = study.Steps.Aggregate(start, (sum, step) => sum.After(study, step));
        if (course.State is not (StudyState.Draft or StudyState.Refused or StudyState.Destroyed) && moment.Today > study.Request.Expires)
        {
            return course with { State = StudyState.Expired };
        }

        return course.State == StudyState.Opposition && course.OppositionEnds <= moment.Now ? course with { State = StudyState.Ready } : course;
    }

    /// <summary>How often a person fetched the last package.</summary>
    public int FetchesOf(string badge) => Fetched.Count(one => one.Badge == badge && one.Version == Version);

    private StudyCourse After(Study study, StudyStep step) => step.Kind switch
    {
        StudyStepKind.Draft => this with { Requester = step.By, Requesters = study.Request.People.Select(one => one.Badge).Append(step.By).ToHashSet(StringComparer.Ordinal) },
        StudyStepKind.Submit => this with { State = StudyState.Submitted },
        StudyStepKind.ApproveFirst => this with { State = StudyState.ApprovedOnce, FirstApprover = step.By },
        StudyStepKind.ApproveSecond => this with { State = StudyState.Opposition, SecondApprover = step.By, OppositionEnds = EndOf(step) },
        StudyStepKind.Refuse => this with { State = StudyState.Refused },
        StudyStepKind.Suspend => this with { State = StudyState.Suspended, Before = State },
        StudyStepKind.Resume => this with { State = Before },
        StudyStepKind.Build => Built(step),
        StudyStepKind.Release => this with { State = StudyState.Released, Releaser = step.By, Released = step.At },
        StudyStepKind.Fetch => this with { Fetched = [.. Fetched, (step.By, Version)] },
        StudyStepKind.Recall => this with { State = StudyState.Recalled },
        StudyStepKind.Expire => this with { State = State is StudyState.Refused or StudyState.Destroyed ? State : StudyState.Expired, IsClosed = true },
        StudyStepKind.AttestDestruction => WithAttested([.. Attested, step.By]),
        StudyStepKind.Objection => State == StudyState.Suspended ? this with { Before = Shut(Before), Released = null } : this with { State = Shut(State), Released = null },
        _ => this,
    };

    private StudyCourse Built(StudyStep step) => this with
    {
        State = StudyState.Built,
        Builder = step.By,
        Releaser = string.Empty,
        Released = null,
        Version = int.TryParse(step.Facts.GetValueOrDefault(StudyFacts.Version), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : Version + 1,
        Package = step.Facts.GetValueOrDefault(StudyFacts.Package, string.Empty),
        Patients = step.Facts.GetValueOrDefault(StudyFacts.Patients, string.Empty),
    };

    /// <summary>It is over when everybody who fetched a package said so, and one at least.</summary>
    private StudyCourse WithAttested(IReadOnlyList<string> attested) =>
        this with { Attested = attested, State = Fetched.All(one => attested.Contains(one.Badge)) ? StudyState.Destroyed : State };

    private static StudyState Shut(StudyState state) => state is StudyState.Built or StudyState.Released ? StudyState.Ready : state;

    /// <summary>As it was told to the public; never less than the product's least.</summary>
    private static UtcInstant EndOf(StudyStep step)
    {
        UtcInstant least = step.At.Add(StudySettings.LeastOppositionDays * TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick);
        return UtcInstant.TryParse(step.Facts.GetValueOrDefault(StudyFacts.OppositionEnds, string.Empty), out UtcInstant told) && told > least ? told : least;
    }
}
