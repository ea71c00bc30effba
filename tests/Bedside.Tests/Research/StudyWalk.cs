using Bedside.Model;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary>One study, people, and a clock that a test moves: each step goes through the rules as the book of studies lets it.</summary>
internal sealed class StudyWalk
{
    /// <summary>First letter: researcher, steward, (rights) officer, administrator, clinician. R1 asks, R2 is named.</summary>
    public static readonly string[] Everybody = ["R1", "R2", "R3", "S1", "S2", "O1", "O2", "A1", "C1"];

    private const long Day = TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick;
    private static readonly UtcInstant Start = UtcInstant.FromDateTime(new DateTimeOffset(Requests.Today, new TimeOnly(9, 0), TimeSpan.Zero));

    private UtcInstant _now = Start;

    public StudyWalk()
    {
        StudyRequest request = Requests.Whole();
        Study = new Study("ST-2027-001", request, RequestText.DigestOf(request), []);
        Assert.Null(Take(StudyStepKind.Draft, "R1"));
    }

    public Study Study { get; set; }

    public StudyMoment Moment => StudyMoment.Of(_now.ToDateTime(), TimeZoneInfo.Utc);

    public StudyCourse Course => StudyCourse.Of(Study, Moment);

    public StudyState State => Course.State;

    public static Role[] RolesOf(string who) => who[0] switch
    {
        'R' => [Role.Researcher],
        'S' => [Role.Steward],
        'O' => [Role.RightsOfficer],
        'A' => [Role.Administrator],
        'C' => [Role.Clinician],
        _ => [],
    };

    public void Pass(int days) => PassNanoseconds(days * Day);

    public void PassNanoseconds(long nanoseconds) => _now = _now.Add(nanoseconds);

    /// <summary>Null = it was taken.</summary>
    public TwoTongues? Take(StudyStepKind kind, string who, Role[]? roles = null, string why = "because", Dictionary<string, string>? facts = null)
    {
        facts ??= kind == StudyStepKind.Build ? new() { [StudyFacts.Patients] = "60", [StudyFacts.Package] = new string('c', 64) } : [];
        var step = new AskedStep(Study.Id, kind, who, roles ?? RolesOf(who), why) { Facts = facts };
        TwoTongues? refusal = StudyRules.Refusal(Study, step, Moment);
        if (refusal is null)
        {
            Study = Study with { Steps = [.. Study.Steps, new StudyStep(Study.Steps.Count + 1, _now, kind, who, StudyRules.RoleOf(step), why, facts)] };
        }

        return refusal;
    }
}
