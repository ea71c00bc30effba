using System.Globalization;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Storage.Studies;

/// <summary>Steps of studies as entries of the journal of access: who, in which role, of which study; never a text of a request.</summary>
/// <param name="login">Name of the system's account that started a command; empty = none did.</param>
internal sealed class StudyTrail(IAuditTrail trail, string login)
{
    private const string Change = "change";

    /// <summary>Kept when it returns. Throws <see cref="AuditUnwritableException"/>: then nothing is done.</summary>
    public void Allowed(Study study, StudyStep step) => trail.Append(Of(study.Id, step.Kind, step.By, step.As, AuditResult.Allowed, Facts(study, step)) with { Why = step.Why });

    public void Changed(Study study, string by) =>
        trail.Append(Of(study.Id, StudyStepKind.Draft, by, Role.Researcher, AuditResult.Allowed, [AuditFact.Of(AuditFactKind.Kind, Change), AuditFact.Of(AuditFactKind.Hash, study.RequestDigest)]));

    /// <summary>A rule stood against it. <paramref name="why"/>: which.</summary>
    public void Refused(AskedStep step, string why) => trail.Tell(Of(step.Study, step.Kind, step.By, StudyRules.RoleOf(step), AuditResult.Refused, []) with { Why = why });

    /// <summary>It was let through, and the disk did not take it.</summary>
    public void Failed(Study study, StudyStep step) => trail.Tell(Of(study.Id, step.Kind, step.By, step.As, AuditResult.Failed, Facts(study, step)));

    private static AuditFact[] Facts(Study study, StudyStep step)
    {
        string? package = step.Facts.GetValueOrDefault(StudyFacts.Package);
        bool hasVersion = long.TryParse(step.Facts.GetValueOrDefault(StudyFacts.Version), NumberStyles.None, CultureInfo.InvariantCulture, out long version);
        var hash = AuditFact.Of(AuditFactKind.Hash, package ?? study.RequestDigest);
        return hasVersion ? [hash, AuditFact.Of(AuditFactKind.Number, version)] : [hash];
    }

    private AuditEntry Of(string study, StudyStepKind kind, string by, Role? role, AuditResult result, IReadOnlyList<AuditFact> facts) => new(ActOf(kind))
    {
        Who = by,
        Login = login,
        Role = by == StudyCourse.Box ? AuditRole.Box : role is { } one ? Enum.Parse<AuditRole>(one.ToString()) : AuditRole.Nobody,
        Result = result,
        What = [AuditFact.Of(AuditFactKind.Study, study.Length == 0 ? "new" : study), .. facts],
    };

    private static AuditAct ActOf(StudyStepKind kind) => kind switch
    {
        StudyStepKind.Draft => AuditAct.ResearchDraft,
        StudyStepKind.Submit => AuditAct.ResearchSubmit,
        StudyStepKind.ApproveFirst => AuditAct.ResearchApproveFirst,
        StudyStepKind.ApproveSecond => AuditAct.ResearchApproveSecond,
        StudyStepKind.Refuse => AuditAct.ResearchRefuse,
        StudyStepKind.Suspend => AuditAct.ResearchSuspend,
        StudyStepKind.Resume => AuditAct.ResearchResume,
        StudyStepKind.Build => AuditAct.ResearchBuild,
        StudyStepKind.Release => AuditAct.ResearchRelease,
        StudyStepKind.Fetch => AuditAct.ResearchFetch,
        StudyStepKind.Recall => AuditAct.ResearchRecall,
        StudyStepKind.Expire => AuditAct.ResearchExpire,
        StudyStepKind.AttestDestruction => AuditAct.ResearchAttest,
        _ => AuditAct.ResearchShut,
    };
}
