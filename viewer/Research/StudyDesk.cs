using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Viewer.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>The page of a study, and the steps that people take on it.</summary>
internal sealed class StudyDesk(ResearchBox box, ResearchFrame frame, AreaDesk area, SessionBook sessions, PeopleDesk people)
{
    private const int ReadAgainSeconds = 5;
    private const int DigestLetters = 64;

    public static TwoTongues Unwritten { get; } = new(
        "Le boîtier n’a pas pu l’écrire : cela ne compte pas. Réessayez, puis voyez l’état du boîtier.", "The box could not write it down, so it does not count. Try again, then see the box’s health.");

    public IResult Show(HttpContext context, string id)
    {
        if ((area.Nobody(context, out Person person, out Tongue tongue) ?? area.NoStudy(context, tongue, person, id, out _)) is { } refusal)
        {
            return refusal;
        }

        Study study = box.Find(id)!;
        StudyView view = ViewOf(study, person);
        if (view.Report is not null && area.Looks(context, tongue, person, $"report-{study.Id}-v{view.Package!.Version}") is { } unwritten)
        {
            return unwritten;
        }

        TwoTongues? said = context.Request.Query["done"].ToString() switch
        {
            "draft" => new("Le brouillon est enregistré. Rien ne manque : vous pouvez le soumettre.", "The draft is saved. Nothing is missing: you can submit it."),
            "build" => new("La construction a commencé.", "The build has begun."),
            StudyView.CancelBuild => new("La construction est abandonnée ; il n’en reste rien.", "The build was given up; nothing of it is left."),
            { Length: > 0 } code when ResearchWords.Step(code) is { } kind => StudyWords.Of(kind),
            _ => null,
        };
        return Answer(context, tongue, person, view with { Said = said });
    }

    public async Task<IResult> TakeAsync(HttpContext context, string id, IFormCollection form, CancellationToken cancel)
    {
        if ((area.Nobody(context, out Person person, out Tongue tongue) ?? area.NoStudy(context, tongue, person, id, out _)) is { } refusal)
        {
            return refusal;
        }

        Study study = box.Find(id)!;
        string code = form["step"].ToString();
        if (code != StudyView.CancelBuild && ResearchWords.Step(code) is null)
        {
            return Problems.BadRequest($"'step' is {StudyView.CancelBuild} or one of {string.Join(", ", ResearchWords.Steps.Select(ResearchWords.Code))}.");
        }

        StudyStepKind? kind = ResearchWords.Step(code);
        string why = form["why"].ToString().ReplaceLineEndings(" ").Trim();
        if (kind is { } step && ResearchWords.NeedsProof(step) && await ProofAsync(context, person, form["password"].ToString(), cancel) is { } unproven)
        {
            return Again(context, tongue, person, study, step, why, $"password-{code}", unproven, StatusCodes.Status403Forbidden);
        }

        if (kind is { } reasoned && StudyRules.NeedsWhy(reasoned) && why.Length == 0)
        {
            return Again(context, tongue, person, study, reasoned, why, $"why-{code}", new("La raison manque ; écrivez-la.", "The reason is missing; write it."), StatusCodes.Status422UnprocessableEntity);
        }

        try
        {
            Do(study, kind, person, why, form);
        }
        catch (StudyRefusedException refused)
        {
            return Answer(context, tongue, person, ViewOf(box.Find(id)!, person) with { Refusal = refused.Sentence, Typed = (kind ?? StudyStepKind.Build, why) }, StatusCodes.Status409Conflict);
        }
        catch (IOException)
        {
            return Answer(context, tongue, person, ViewOf(box.Find(id)!, person) with { Refusal = Unwritten, Typed = (kind ?? StudyStepKind.Build, why) }, StatusCodes.Status503ServiceUnavailable);
        }

        return SeeOther(context, tongue.Link($"{ResearchFrame.Root}/area/{Uri.EscapeDataString(id)}?done={code}"));
    }

    /// <summary>The answer to a form that was taken: the browser asks for a page, and asking again changes nothing.</summary>
    public static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    public IResult Answer(HttpContext context, Tongue tongue, Person person, StudyView view, int status = StatusCodes.Status200OK)
    {
        if (status != StatusCodes.Status200OK && !ResearchFrame.ReadsPages(context.Request))
        {
            return area.Refuse(context, tongue, status, view.Refusal ?? view.StepFaults[0].Sentence);
        }

        bool runs = view.Build is { IsRunning: true } && status == StatusCodes.Status200OK && HttpMethods.IsGet(context.Request.Method);
        return frame.Page(context, tongue, ResearchPlace.Area, view.Study.Id, page => StudyPage.Write(page, tongue, person, view), status, runs ? ReadAgainSeconds : null);
    }

    public StudyView ViewOf(Study study, Person person)
    {
        Account account = person.Account!;
        StudyCourse course = box.CourseOf(study);
        BuildState? build = box.Builds?.StateOf(study.Id);
        ShelvedPackage? package = box.Shelf?.Newest(study.Id);
        bool decides = !course.Requesters.Contains(account.Badge);
        bool isDraft = course.State == StudyState.Draft;
        IReadOnlyList<RequestFault> faults = isDraft ? RequestCheck.Faults(study.Request, box.Moment.Today) : [];
        return new StudyView(
            study,
            course,
            [.. ResearchWords.Steps.Where(kind => MayTake(study, kind, account, build))],
            isDraft && course.Requester == account.Badge,
            person.Session is { } session && sessions.IsSure(session, account),
            faults)
        {
            Build = build,
            Package = package,
            Report = package is not null && (decides || course.State is StudyState.Released) ? box.Shelf!.Report(package) : null,
            IsNamed = study.Request.People.Any(one => one.Badge == account.Badge),
            NoLink = StudyRules.Refusal(study, Probe(study, course, StudyStepKind.Fetch, account), box.Moment),
        };
    }

    private bool MayTake(Study study, StudyStepKind kind, Account account, BuildState? build)
    {
        if (kind == StudyStepKind.Build && (box.Builds is null || build is { IsRunning: true }))
        {
            return false;
        }

        return StudyRules.Refusal(study, Probe(study, box.CourseOf(study), kind, account), box.Moment) is null;
    }

    /// <summary>The step as it would be asked for, whole: what stands against it then is whose it is and when it comes.</summary>
    private static AskedStep Probe(Study study, StudyCourse course, StudyStepKind kind, Account account) => new(study.Id, kind, account.Badge, account.Roles, "?")
    {
        Facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [StudyFacts.Request] = study.RequestDigest,
            [StudyFacts.Package] = kind == StudyStepKind.Build ? new string('0', DigestLetters) : course.Package,
            [StudyFacts.Patients] = RoundedCount.Of(RoundedCount.Least),
        },
    };

    private void Do(Study study, StudyStepKind? kind, Person person, string why, IFormCollection form)
    {
        IReadOnlyList<Role> roles = person.Account!.Roles;
        switch (kind)
        {
            case null:
                if (!MayTakeBuild(study, person.Account))
                {
                    throw new StudyRefusedException(new TwoTongues("Seul un gardien des données abandonne une construction.", "Only a data steward gives up a build."));
                }

                box.Builds?.Cancel(study.Id);
                break;
            case StudyStepKind.Build:
                if (box.Builds is not { } builds)
                {
                    throw new StudyRefusedException(new TwoTongues("Ce boîtier ne construit pas de paquets.", "This box builds no packages."));
                }

                builds.Begin(study.Id, person.Who, roles);
                break;
            case { } step:
                Dictionary<string, string> facts = new(StringComparer.Ordinal);
                if (step is StudyStepKind.ApproveFirst or StudyStepKind.ApproveSecond)
                {
                    facts[StudyFacts.Request] = form[StudyFacts.Request].ToString();
                }

                if (step == StudyStepKind.Release)
                {
                    facts[StudyFacts.Package] = form[StudyFacts.Package].ToString();
                }

                box.Studies!.Take(new AskedStep(study.Id, step, person.Who, roles, why) { Facts = facts });
                break;
        }
    }

    private bool MayTakeBuild(Study study, Account account) => MayTake(study, StudyStepKind.Build, account, build: null);

    /// <summary>Null = what proves it, with the second factor that the site wants, was said in the last five minutes, or just now.</summary>
    private async Task<TwoTongues?> ProofAsync(HttpContext context, Person person, string password, CancellationToken cancel)
    {
        if (person is not { Session: { } session, Account: { } account })
        {
            return new("Identifiez-vous d’abord.", "Sign in first.");
        }

        if (sessions.IsSure(session, account))
        {
            return null;
        }

        if (password.Length == 0)
        {
            return new("Dites votre mot de passe encore une fois : c’est une décision.", "Say your password once more: this is a decision.");
        }

        IResult proof = await people.ProveAsync(new Proving(password), context, cancel);
        return proof is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK } ? SignInWords.Of(proof)
            : sessions.IsSure(session, account) ? null
            : SignInWords.Second;
    }

    private IResult Again(HttpContext context, Tongue tongue, Person person, Study study, StudyStepKind kind, string why, string field, TwoTongues says, int status) =>
        Answer(context, tongue, person, ViewOf(study, person) with { StepFaults = [new RequestFault(field, says)], Refusal = says, Typed = (kind, why) }, status);
}
