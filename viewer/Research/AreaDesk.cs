using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Viewer.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Viewer.Research;

/// <summary>The research area for whoever signed in: what they may see of studies, and the form of a request.</summary>
internal sealed class AreaDesk(ResearchBox box, ResearchFrame frame, PersonReader persons, SessionBook sessions, ActJournal journal)
{
    private static readonly Role[] Overseers = [Role.Steward, Role.RightsOfficer, Role.Administrator];

    /// <summary>Null = a named person of this box; asking is a touch, so that the session of somebody who reads does not come to rest.</summary>
    public IResult? Nobody(HttpContext context, out Person person, out Tongue tongue)
    {
        tongue = frame.TongueOf(context);
        person = persons.Read(context);
        if (person is { Session: { } session, Account: not null, IsResting: false })
        {
            sessions.Touch(session);
            return null;
        }

        return SignIn(context, tongue, form: null, fault: null);
    }

    /// <summary>The page for signing in, as the answer to whatever was asked.</summary>
    public IResult SignIn(HttpContext context, Tongue tongue, IFormCollection? form, TwoTongues? fault)
    {
        if (!ResearchFrame.ReadsPages(context.Request))
        {
            return Problems.NeedsPerson("This needs a person who signed in: /research/sign-in.");
        }

        string next = SignInPage.SafeNext($"{context.Request.Path}{context.Request.QueryString}");
        return frame.Page(
            context, tongue, ResearchPlace.SignIn, tongue.Of("S’identifier", "Sign in"), page => SignInPage.Write(page, tongue, next, SignInPage.Keep(form), fault), StatusCodes.Status401Unauthorized);
    }

    /// <summary>A refusal as a page, or as a problem document for programs.</summary>
    public IResult Refuse(HttpContext context, Tongue tongue, int status, TwoTongues says)
    {
        if (!ResearchFrame.ReadsPages(context.Request))
        {
            return TypedResults.Problem(says.English, statusCode: status, title: "Refused");
        }

        return frame.Page(
            context,
            tongue,
            ResearchPlace.None,
            tongue.Of("Refusé", "Refused"),
            page =>
            {
                page.Tag("h1", tongue.Of("Ce n’est pas possible", "This is not possible"));
                Parts.Notice(page, tongue.Of("Raison", "Reason"), tongue.Of(says), isFault: true);
                page.Tag("a", tongue.Of("Retour à l’espace recherche", "Back to the research area"), ("class", "button"), ("href", tongue.Link($"{ResearchFrame.Root}/area")));
            },
            status);
    }

    public IResult List(HttpContext context)
    {
        if (Nobody(context, out Person person, out Tongue tongue) is { } refusal)
        {
            return refusal;
        }

        if (box.Studies is not { } desk)
        {
            return NoStudies(context, tongue);
        }

        (Study Study, StudyState State)[] seen = [.. desk.Studies.Where(study => MaySee(study, person.Account!)).OrderByDescending(study => study.Id, StringComparer.Ordinal).Select(study => (study, desk.StateOf(study)))];
        bool mayAsk = person.Account!.Roles.Contains(Role.Researcher);
        return frame.Page(context, tongue, ResearchPlace.Area, tongue.Of("Espace recherche", "Research area"), page => AreaPage.Write(page, tongue, seen, mayAsk));
    }

    public async Task<IResult> AvailabilityAsync(HttpContext context, CancellationToken cancel)
    {
        if (Nobody(context, out Person person, out Tongue tongue) is { } refusal)
        {
            return refusal;
        }

        if (Looks(context, tongue, person, "availability") is { } unwritten)
        {
            return unwritten;
        }

        AvailableData? data;
        try
        {
            data = box.Availability is { } availability ? await availability.ReadAsync(cancel) : null;
        }
        catch (IOException)
        {
            return Refuse(context, tongue, StatusCodes.Status503ServiceUnavailable, Unasked);
        }

        bool hasSample = HasSample();
        return frame.Page(context, tongue, ResearchPlace.Availability, tongue.Of("Données disponibles", "Available data"), page => AvailabilityPage.Write(page, tongue, data, hasSample));
    }

    /// <summary>What patients said at other beds is not known at this moment.</summary>
    public static TwoTongues Unasked { get; } = new(
        "On ne peut pas savoir maintenant quels patients ont dit non à tous les lits de l’unité, et rien ne sort sans le savoir. Réessayez plus tard ; sur le boîtier, bedside unit wishes nomme le lit qui n’est pas entendu.",
        "Which patients said no at all beds of the unit cannot be known now, and nothing leaves without knowing. Try again later; on the box, bedside unit wishes names the bed that is not heard.");

    public IResult Sample(HttpContext context)
    {
        if (Nobody(context, out Person _, out Tongue tongue) is { } refusal)
        {
            return refusal;
        }

        return box.Availability?.Sample() is { } sample
            ? TypedResults.Stream(sample, "application/x-tar", "bedside-sample.tar", enableRangeProcessing: sample.CanSeek)
            : Refuse(context, tongue, StatusCodes.Status404NotFound, new("Ce boîtier n’a pas d’exemple de paquet.", "This box has no sample of a package."));
    }

    public IResult NoStudies(HttpContext context, Tongue tongue) => Refuse(
        context, tongue, StatusCodes.Status404NotFound, new("Ce boîtier ne garde aucune étude ; la tête de l’unité les garde.", "This box keeps no studies; the head of the unit keeps them."));

    /// <summary>A draft is its people's alone; afterwards those who decide see it too.</summary>
    public bool MaySee(Study study, Account account)
    {
        StudyCourse course = box.CourseOf(study);
        return course.Requesters.Contains(account.Badge) || (course.State != StudyState.Draft && account.Roles.Any(Overseers.Contains));
    }

    /// <summary>Null = the study is there and this person may see it. Who may not learns nothing of it.</summary>
    public IResult? NoStudy(HttpContext context, Tongue tongue, Person person, string id, out Study study)
    {
        study = box.Find(id)!;
        if (box.Studies is null)
        {
            return NoStudies(context, tongue);
        }

        return study is not null && MaySee(study, person.Account!)
            ? null
            : Refuse(context, tongue, StatusCodes.Status404NotFound, new("Il n’y a pas de telle étude, ou vous ne pouvez pas la voir.", "There is no such study, or you may not see it."));
    }

    /// <summary>The first time that a session looks at something of patients, if only at counts, is in the journal of access; null = it is, and it may be shown.</summary>
    public IResult? Looks(HttpContext context, Tongue tongue, Person person, string what)
    {
        string known = $"research {what}";
        if (person.Session is not { } session || session.HasOnRecord(known))
        {
            return null;
        }

        if (journal.Refusal(ActJournal.AtScreen(AuditAct.ResearchLook, AuditFact.Of(AuditFactKind.Kind, what))) is not null)
        {
            return Refuse(context, tongue, StatusCodes.Status503ServiceUnavailable, ResearchWords.NotYours(StatusCodes.Status503ServiceUnavailable));
        }

        session.PutOnRecord(known);
        return null;
    }

    private bool HasSample()
    {
        using Stream? sample = box.Availability?.Sample();
        return sample is not null;
    }

    /// <summary>For a form that is sent as something else.</summary>
    public static ProblemHttpResult NoForm => Problems.BadRequest("Send the fields of the form: Content-Type: application/x-www-form-urlencoded.");
}
