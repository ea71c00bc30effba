using Bedside.Model.People;

namespace Bedside.Model.Research;

/// <summary>
/// May this person take this step now (<c>trust.md</c>, section 5.1). Requester, first approver, second approver and the one who releases are four people at least; the requester and the
/// named people hold none of the other roles.
/// </summary>
public static class StudyRules
{
    /// <summary>Letters of a reason, at most; it is told to the public.</summary>
    public const int LongestWhy = 1000;

    /// <summary>Downloads of one package that one person may begin (<c>trust.md</c>, section 5.8).</summary>
    public const int MostFetches = 3;

    /// <summary>How long after its release a package may be fetched.</summary>
    public static TimeSpan FetchWithin { get; } = TimeSpan.FromDays(7);

    /// <summary>Null = it may be taken.</summary>
    public static TwoTongues? Refusal(Study study, AskedStep step, StudyMoment moment)
    {
        var course = StudyCourse.Of(study, moment);
        return Shape(step) ?? Expiry(course, step) ?? StudyOrder.Refusal(study, course, step, moment) ?? Person(study, course, step);
    }

    /// <summary>In which role the step is taken; null = by the box, or by somebody who has none for it.</summary>
    public static Role? RoleOf(AskedStep step) => Serving(step.Kind).Where(step.Roles.Contains).Cast<Role?>().FirstOrDefault();

    /// <summary>The box acts by itself: it has no account, and every account has a role.</summary>
    public static bool IsBox(AskedStep step) => step.By == StudyCourse.Box && step.Roles.Count == 0;

    /// <summary>A reason that is told to the public has to be given.</summary>
    public static bool NeedsWhy(StudyStepKind kind) => kind is StudyStepKind.Refuse or StudyStepKind.Suspend or StudyStepKind.Recall;

    private static TwoTongues? Shape(AskedStep step)
    {
        if (NeedsWhy(step.Kind) && string.IsNullOrWhiteSpace(step.Why))
        {
            return new("La raison manque ; écrivez-la, elle paraît dans le registre public.", "The reason is missing; write it, it stands in the public log.");
        }

        if (step.Why.Length > LongestWhy || step.Why.Any(char.IsControl))
        {
            return new($"La raison dépasse {LongestWhy} lettres ou n’est pas d’une ligne ; raccourcissez-la.", $"The reason is longer than {LongestWhy} letters or not of one line; shorten it.");
        }

        return step.By == StudyCourse.Box && !IsBox(step)
            ? new("« box » est le boîtier lui-même ; un compte prend un autre badge.", "“box” is the box itself; an account takes another badge.")
            : null;
    }

    private static TwoTongues? Expiry(StudyCourse course, AskedStep step) =>
        course.State == StudyState.Expired && step.Kind is not (StudyStepKind.AttestDestruction or StudyStepKind.Expire)
            ? new("L’autorisation est expirée ; seule reste l’attestation de destruction. Une nouvelle demande en ouvre une autre.", "The permission has expired; the attestation of destruction alone is left. A new request opens another.")
            : null;

    private static TwoTongues? Person(Study study, StudyCourse course, AskedStep step)
    {
        if (IsBox(step))
        {
            return step.Kind is StudyStepKind.Build or StudyStepKind.Recall or StudyStepKind.Expire or StudyStepKind.Objection ? null : new("Il y faut une personne ; le boîtier ne décide pas.", "It takes a person; the box does not decide.");
        }

        return step.Kind switch
        {
            StudyStepKind.Draft or StudyStepKind.Submit => Drafting(course, step),
            StudyStepKind.Fetch or StudyStepKind.AttestDestruction => Named(study, step),
            StudyStepKind.Suspend => Suspending(course, step),
            StudyStepKind.Expire or StudyStepKind.Objection => new("C’est au boîtier de le faire, de lui-même.", "The box does that by itself."),
            _ => Deciding(course, step),
        };
    }

    private static TwoTongues? Drafting(StudyCourse course, AskedStep step)
    {
        if (!step.Roles.Contains(Role.Researcher))
        {
            return new("Une demande vient d’un chercheur ; un administrateur donne ce rôle.", "A request comes from a researcher; an administrator gives that role.");
        }

        return course.Requester.Length > 0 && course.Requester != step.By
            ? new("La demande est d’une autre personne ; elle seule la soumet.", "The request is another person’s; they alone submit it.")
            : null;
    }

    private static TwoTongues? Named(Study study, AskedStep step) => study.Request.People.Any(one => one.Badge == step.By)
        ? null
        : new("Seules les personnes nommées dans la demande le peuvent.", "Only the people who are named in the request may do that.");

    private static TwoTongues? Suspending(StudyCourse course, AskedStep step) => course.Requesters.Contains(step.By) || RoleOf(step) is not null
        ? null
        : new("Pour suspendre il faut un rôle dans l’étude : demandeur, personne nommée, gardien des données, délégué aux droits ou administrateur.", "To suspend takes a role in the study: requester, named person, steward, rights officer or administrator.");

    private static TwoTongues? Deciding(StudyCourse course, AskedStep step)
    {
        if (course.Requesters.Contains(step.By))
        {
            return new("Le demandeur et les personnes nommées ne décident pas de leur étude ; une autre personne le fait.", "The requester and the named people do not decide on their study; another person does.");
        }

        if (RoleOf(step) is null)
        {
            string french = string.Join(" ou ", Serving(step.Kind).Select(role => Word(role).French));
            string english = string.Join(" or ", Serving(step.Kind).Select(role => Word(role).English));
            return new($"Il y faut ce rôle : {french}.", $"It takes the role of {english}.");
        }

        return step.Kind switch
        {
            StudyStepKind.ApproveSecond when step.By == course.FirstApprover => new("Vous avez donné le premier accord ; le second vient d’une autre personne.", "You gave the first agreement; the second comes from another person."),
            StudyStepKind.Release when step.By == course.FirstApprover || step.By == course.SecondApprover => new("Vous avez donné un accord ; une troisième personne libère le paquet.", "You gave an agreement; a third person releases the package."),
            StudyStepKind.Release when step.By == course.Builder => new("Vous avez construit le paquet ; une autre personne le contrôle et le libère.", "You built the package; another person checks and releases it."),
            _ => null,
        };
    }

    /// <summary>Whose role serves for a step, the first that a person has.</summary>
    private static Role[] Serving(StudyStepKind kind) => kind switch
    {
        StudyStepKind.Draft or StudyStepKind.Submit or StudyStepKind.Fetch or StudyStepKind.AttestDestruction => [Role.Researcher],
        StudyStepKind.ApproveFirst or StudyStepKind.Build => [Role.Steward],
        StudyStepKind.ApproveSecond => [Role.RightsOfficer],
        StudyStepKind.Refuse or StudyStepKind.Release or StudyStepKind.Suspend => [Role.Steward, Role.RightsOfficer, Role.Administrator],
        StudyStepKind.Resume or StudyStepKind.Recall => [Role.Steward, Role.RightsOfficer],
        _ => [],
    };

    private static TwoTongues Word(Role role) => role switch
    {
        Role.Steward => new("gardien des données", "steward"),
        Role.RightsOfficer => new("délégué aux droits", "rights officer"),
        Role.Administrator => new("administrateur", "administrator"),
        _ => new("chercheur", "researcher"),
    };
}
