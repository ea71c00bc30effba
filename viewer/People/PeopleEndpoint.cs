using Bedside.Model.Audit;
using Bedside.Model.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer.People;

/// <summary><c>/people</c> for whoever is before the screen: the first start, signing in and out, one's own password and PIN, and the way in without any of it.</summary>
internal static class PeopleEndpoint
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        api.MapGet("/people/me", (HttpContext context, PeopleDesk desk) => TypedResults.Ok(desk.Me(context)))
            .WithName("me").WithTags("people").WithSummary("Who signed in on this screen, and the token for what changes something.")
            .Produces<MeAnswer>();
        api.MapPost("/people/first/code", (PeopleDesk desk) => desk.MakeFirstCode())
            .WithName("first-code").WithTags("people").WithSummary("At the bed of a box without accounts: a code for its first administrator, 15 minutes, once.")
            .Produces<CodeAnswer>().ProducesProblem(409).ProducesProblem(503);
        api.MapPost("/people/first", (FirstPerson first, HttpContext context, PeopleDesk desk, CancellationToken cancel) => desk.BeginAsync(first, context, cancel))
            .WithName("first-person").WithTags("people").WithSummary("The first administrator, for the code of the console or of the bed's screen; signs in.")
            .Accepts<FirstPerson>("application/json").Produces<MeAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(429).ProducesProblem(503);
        api.MapPost("/people/enrol", (Enrolment enrolment, HttpContext context, PeopleDesk desk, CancellationToken cancel) => desk.EnrolAsync(enrolment, context, cancel))
            .WithName("enrol").WithTags("people").WithSummary("One's own password, for the code that an administrator gave; signs in.")
            .Accepts<Enrolment>("application/json").Produces<MeAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);
        api.MapPost("/people/sign-in", (SigningIn said, HttpContext context, PeopleDesk desk, CancellationToken cancel) => desk.SignInAsync(said, context, cancel))
            .WithName("sign-in").WithTags("people").WithSummary("With a badge, and a password or the PIN of this box.")
            .Accepts<SigningIn>("application/json").Produces<MeAnswer>().ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);
        api.MapPost("/people/return", (Returning said, HttpContext context, PeopleDesk desk) => desk.Return(said, context))
            .WithName("return").WithTags("people").WithSummary("The badge wakes a session of this screen that rests.")
            .Accepts<Returning>("application/json").Produces<MeAnswer>().ProducesProblem(401).ProducesProblem(429);
        api.MapPost("/people/sign-out", (HttpContext context, PeopleDesk desk) => TypedResults.Ok(desk.SignOut(context)))
            .WithName("sign-out").WithTags("people").WithSummary("Ends the session, or the emergency, of this screen.")
            .Produces<MeAnswer>();
        api.MapPost("/people/touch", (HttpContext context, PeopleDesk desk) => TypedResults.Ok(desk.Touch(context)))
            .WithName("touch").WithTags("people").WithSummary("Somebody touched the screen: the session does not rest.")
            .Produces<MeAnswer>();
        api.MapPost("/people/emergency", (Opening said, HttpContext context, PeopleDesk desk) => desk.Open(said, context))
            .WithName("emergency").WithTags("people").WithSummary("Opens the box for an hour, for one of four reasons; always, and reviewed afterwards.")
            .Accepts<Opening>("application/json").Produces<MeAnswer>().ProducesProblem(400).ProducesProblem(409);
        api.MapPut("/people/visitors", (Visitors said, HttpContext context, PeopleDesk desk) => desk.Blank(said, context))
            .WithName("visitors").WithTags("people").WithSummary("Blanks what anybody at the bed sees, and brings it back.")
            .Accepts<Visitors>("application/json").Produces<MeAnswer>().ProducesProblem(400);
        api.MapPost("/people/prove", (Proving said, HttpContext context, PeopleDesk desk, CancellationToken cancel) => desk.ProveAsync(said, context, cancel))
            .WithName("prove").WithTags("people").WithSummary("One's password once more: for five minutes accounts may be changed.")
            .Accepts<Proving>("application/json").Produces<MeAnswer>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).ProducesProblem(503);
        api.MapPut("/people/password", (Proving said, HttpContext context, PeopleDesk desk, CancellationToken cancel) => desk.SetPasswordAsync(said, context, cancel))
            .WithName("set-password").WithTags("people").WithSummary("One's own next password; ends one's other sessions.")
            .Accepts<Proving>("application/json").Produces<MeAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(503);
        api.MapPut("/people/pin", (NewPin said, HttpContext context, PeopleDesk desk, CancellationToken cancel) => desk.SetPinAsync(said, context, cancel))
            .WithName("set-pin").WithTags("people").WithSummary("One's PIN of six digits, for this box alone.")
            .Accepts<NewPin>("application/json").Produces<MeAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(503);
    }

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/people", (AccountDesk desk) => TypedResults.Ok(desk.List()))
            .WithName("accounts").WithTags("people").WithSummary("Everybody who has an account, and whose rights are to be reviewed.")
            .Produces<IReadOnlyList<AccountAnswer>>();
        api.MapPost("/people", (NewAccount said, HttpContext context, AccountDesk desk) => desk.Add(said, context))
            .WithName("add-account").WithTags("people").WithSummary("An account, and the code with which its person sets a password: 24 hours, once.")
            .Accepts<NewAccount>("application/json").Produces<CodeAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(503);
        api.MapPut("/people/{badge}/roles", (string badge, NewRoles said, HttpContext context, AccountDesk desk) => desk.Change(
                context, AuditAct.AccountChange, badge, "roles", list => AccountRules.SetRoles(list, badge, said.Roles ?? [])))
            .WithName("set-roles").WithTags("people").WithSummary("What a person may; at once.")
            .Accepts<NewRoles>("application/json").Produces<AccountAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        api.MapPut("/people/{badge}/state", (string badge, NewState said, HttpContext context, AccountDesk desk) => said.State is AccountState state
                ? desk.Change(context, state == AccountState.Active ? AuditAct.AccountChange : AuditAct.AccountClose, badge, state.ToString(), list => AccountRules.SetState(list, badge, state))
                : Problems.BadRequest("'state' is active or disabled."))
            .WithName("set-account-state").WithTags("people").WithSummary("Disables an account, which ends its sessions, or enables it.")
            .Accepts<NewState>("application/json").Produces<AccountAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        api.MapPost("/people/{badge}/reset", (string badge, HttpContext context, AccountDesk desk) => desk.Reset(badge, context))
            .WithName("reset-account").WithTags("people").WithSummary("A new code; password, PIN, passkeys and app of codes count no more.")
            .Produces<CodeAnswer>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        api.MapPost("/people/{badge}/review", (string badge, HttpContext context, AccountDesk desk) => desk.Review(badge, context))
            .WithName("review-rights").WithTags("people").WithSummary("Somebody looked at what that person may, and it is right.")
            .Produces<AccountAnswer>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/people/emergencies", (AccountDesk desk) => TypedResults.Ok(desk.Emergencies()))
            .WithName("emergencies").WithTags("people").WithSummary("When the box was opened in an emergency, the newest first, and who reviewed it.")
            .Produces<IReadOnlyList<EmergencyAnswer>>();
        api.MapPost("/people/emergencies/{number:long}/review", (long number, HttpContext context, AccountDesk desk) => desk.ReviewEmergency(number, context))
            .WithName("review-emergency").WithTags("people").WithSummary("A named person looked at it.")
            .Produces<IReadOnlyList<EmergencyAnswer>>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
    }
}
