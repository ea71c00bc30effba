using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>Sets up the app of codes of whoever is signed in, and takes it away.</summary>
internal sealed class CodeAppDesk(
    IAccountBook accounts, PersonReader persons, SessionBook sessions, SignInDesk signIn, CodeApps apps, SecretCheck check, PeopleDesk people, PeopleTrail trail, IOptions<ViewerOptions> options)
{
    /// <summary>Another secret; the former counts until a code of this one was said.</summary>
    public IResult Ask(HttpContext context)
    {
        if (Refusal(context, out Account account, out Session session) is { } refusal)
        {
            return refusal;
        }

        if (!check.TakesPins)
        {
            return PeopleProblems.Disk("there is no box key, and codes of an app are bound to it");
        }

        session.Seed = CodeApps.NewSeed();
        return TypedResults.Ok(apps.Ask(account.Badge, session.Seed, options.Value.Box));
    }

    public IResult Confirm(CodeOfApp said, HttpContext context)
    {
        if (Refusal(context, out Account account, out Session session) is { } refusal)
        {
            return refusal;
        }

        if (!signIn.MayTry(PersonReader.SourceOf(context)))
        {
            return PeopleProblems.Wait(context, TimeSpan.FromMinutes(1));
        }

        if (session.Seed is not { } seed || apps.Begin(account.Badge, seed, said.Code?.Replace(" ", string.Empty, StringComparison.Ordinal) ?? string.Empty) is not { } app)
        {
            return PeopleProblems.AppCode;
        }

        // The password was said within five minutes, and the code just now: that is both.
        return Set(context, account, session, app, "code-app", () =>
        {
            session.Seed = null;
            sessions.Prove(session, Proof.PasswordAndCode);
        });
    }

    public IResult Remove(HttpContext context) =>
        Refusal(context, out Account account, out Session session) is { } refusal ? refusal : Set(context, account, session, app: null, "code-app-removed", () => session.ProvenBy = session.ProvenBy == Proof.Passkey ? Proof.Passkey : Proof.Password);

    private IResult Set(HttpContext context, Account account, Session session, CodeApp? app, string what, Action then)
    {
        try
        {
            trail.Changes(AuditAct.AccountChange, account, account.Badge, what);
            if (accounts.Change(list => AccountRules.SetCodeApp(list, account.Badge, app)) is not AccountFault.None and var fault)
            {
                return PeopleProblems.Of(fault);
            }
        }
        catch (IOException disk)
        {
            return PeopleProblems.Disk(disk.Message);
        }

        if (app is not null)
        {
            apps.Spend(account.Badge, app);
        }

        then();
        sessions.EndAll(account.Badge, but: session);
        return TypedResults.Ok(people.Me(context));
    }

    private ProblemHttpResult? Refusal(HttpContext context, out Account account, out Session session)
    {
        Person person = persons.Read(context);
        (account, session) = (person.Account!, person.Session!);
        return person is { Account: not null, Session: not null }
            ? sessions.MayChangeProofs(session, account) ? null : sessions.IsProven(session) ? PeopleProblems.Second : PeopleProblems.Prove
            : PeopleProblems.Prove;
    }
}

/// <summary><c>/people/code-app</c>.</summary>
internal static class CodeAppEndpoint
{
    public static void MapCodeApp(this IEndpointRouteBuilder api)
    {
        api.MapPost("/people/code-app", (HttpContext context, CodeAppDesk desk) => desk.Ask(context))
            .WithName("ask-code-app").WithTags("people").WithSummary("What an app on one's phone makes codes of (RFC 6238), as text and as a QR code; nothing counts before one of its codes was said.")
            .Produces<CodeAppAsk>().ProducesProblem(403).ProducesProblem(503);
        api.MapPut("/people/code-app", (CodeOfApp said, HttpContext context, CodeAppDesk desk) => desk.Confirm(said, context))
            .WithName("set-code-app").WithTags("people").WithSummary("A code of that app: from now on the password counts with six digits after it alone, and one's other sessions end.")
            .Accepts<CodeOfApp>("application/json").Produces<MeAnswer>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).ProducesProblem(503);
        api.MapDelete("/people/code-app", (HttpContext context, CodeAppDesk desk) => desk.Remove(context))
            .WithName("remove-code-app").WithTags("people").WithSummary("One's app counts no more; the password alone does again.")
            .Produces<MeAnswer>().ProducesProblem(403).ProducesProblem(503);
    }
}
