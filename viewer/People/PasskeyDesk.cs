using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>What an authenticator was asked, until it answered: five minutes, once.</summary>
internal sealed class PasskeyTickets(TimeProvider time)
{
    private const int Most = 64;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, (string State, string Badge, long At)> _asked = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public string Keep(string state, string badge)
    {
        string ticket = SessionBook.Random();
        lock (_gate)
        {
            if (_asked.Count >= Most)
            {
                _asked.Remove(_asked.MinBy(one => one.Value.At).Key);
            }

            _asked.Add(ticket, (state, badge, time.GetTimestamp()));
        }

        return ticket;
    }

    /// <summary>Null = never asked, asked of somebody else, answered already or too long ago.</summary>
    public string? Take(string? ticket, string badge)
    {
        lock (_gate)
        {
            return ticket is not null && _asked.Remove(ticket, out (string State, string Badge, long At) asked) && asked.Badge == badge && time.GetElapsedTime(asked.At) < Life ? asked.State : null;
        }
    }
}

/// <summary>Passkeys: WebAuthn by ASP.NET Core Identity's <see cref="PasskeyHandler{TUser}"/>, with user verification; what is kept are public keys.</summary>
internal sealed class PasskeyDesk(
    UserManager<Account> users,
    IOptionsSnapshot<IdentityPasskeyOptions> rules,
    IAccountBook accounts,
    PersonReader persons,
    SessionBook sessions,
    PasskeyTickets tickets,
    SignInDesk signIn,
    PeopleDesk people,
    PeopleTrail trail,
    TimeProvider time)
{
    private const int LongestLabel = 32;

    /// <summary>Characters of what a browser says of a credential.</summary>
    private const int Longest = 16_384;

    private readonly PasskeyHandler<Account> _handler = new(users, rules);

    public async Task<IResult> BeginAsync(HttpContext context)
    {
        if (persons.Read(context) is not { Account: { } account, Session: { } session } || !sessions.IsProven(session))
        {
            return PeopleProblems.Prove;
        }

        if (!sessions.MayChangeProofs(session, account))
        {
            return PeopleProblems.Second;
        }

        if (account.Passkeys.Count >= AccountLimits.MostPasskeys)
        {
            return PeopleProblems.Of(AccountFault.TooMany);
        }

        var whose = new PasskeyUserEntity { Id = AccountUserStore.HandleOf(account.Badge), Name = account.Badge, DisplayName = account.Name };
        PasskeyCreationOptionsResult made = await _handler.MakeCreationOptionsAsync(whose, context);
        return TypedResults.Ok(new PasskeyAsk(tickets.Keep(made.AttestationState ?? string.Empty, account.Badge), made.CreationOptionsJson));
    }

    public async Task<IResult> AddAsync(PasskeySaid said, HttpContext context)
    {
        if (persons.Read(context) is not { Account: { } account, Session: { } session } || !sessions.IsProven(session))
        {
            return PeopleProblems.Prove;
        }

        if (!sessions.MayChangeProofs(session, account))
        {
            return PeopleProblems.Second;
        }

        if (said.Credential is not { Length: > 0 and <= Longest } credential || tickets.Take(said.Ticket, account.Badge) is not { } state)
        {
            return PeopleProblems.Passkey;
        }

        PasskeyAttestationResult result = await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = state });
        if (!result.Succeeded)
        {
            return PeopleProblems.Passkey;
        }

        string label = said.Label is { Length: > 0 and <= LongestLabel } named && !named.Any(char.IsControl) ? named : string.Empty;
        var passkey = AccountUserStore.ToPasskey(result.Passkey, rules.Value.ServerDomain ?? context.Request.Host.Host, label, time.Instant());
        try
        {
            trail.Changes(AuditAct.AccountChange, account, account.Badge, "passkey");
            AccountFault fault = accounts.Change(list => list.All.Any(one => one.Passkeys.Any(known => known.Id == passkey.Id))
                ? AccountChange.No(AccountFault.Known)
                : AccountRules.Change(list, account.Badge, one => one with { Passkeys = [.. one.Passkeys, passkey] }));
            if (fault != AccountFault.None)
            {
                return PeopleProblems.Of(fault);
            }
        }
        catch (IOException disk)
        {
            return PeopleProblems.Disk(disk.Message);
        }

        // The authenticator has just asked its person.
        sessions.Prove(session, Proof.Passkey);
        return TypedResults.Ok(people.Me(context));
    }

    public IResult List(HttpContext context) =>
        persons.Read(context) is { Account: { } account, IsResting: false } ? TypedResults.Ok(PasskeyAnswer.Of(account)) : PeopleProblems.Wrong;

    /// <summary>One of one's own, with a fresh proof and an entry of the journal. One's other sessions end: whoever has the authenticator may be in one of them.</summary>
    public IResult Remove(string key, HttpContext context)
    {
        if (persons.Read(context) is not { Account: { } account, Session: { } session } || !sessions.IsProven(session))
        {
            return PeopleProblems.Prove;
        }

        if (!sessions.MayChangeProofs(session, account))
        {
            return PeopleProblems.Second;
        }

        try
        {
            // Whether it can be done is looked at first, so that the journal has no line of what could not be.
            if (AccountRules.RemoveOwnPasskey(accounts.Current, account.Badge, key).Fault is not AccountFault.None and var early)
            {
                return PeopleProblems.Of(early);
            }

            trail.TakesPasskey(account, key);
            if (accounts.Change(list => AccountRules.RemoveOwnPasskey(list, account.Badge, key)) is not AccountFault.None and var fault)
            {
                return PeopleProblems.Of(fault);
            }
        }
        catch (IOException disk)
        {
            return PeopleProblems.Disk(disk.Message);
        }

        // This session has just proven who it is, maybe with that very passkey.
        session.Passkey = null;
        sessions.EndAll(account.Badge, but: session);
        return TypedResults.Ok(PasskeyAnswer.Of(accounts.Current.Find(account.Badge) ?? account));
    }

    /// <summary>Asked of nobody: the authenticator knows whose key it has.</summary>
    public async Task<IResult> AskAsync(HttpContext context)
    {
        if (!signIn.MayTry(PersonReader.SourceOf(context)))
        {
            return PeopleProblems.Wait(context, TimeSpan.FromMinutes(1));
        }

        PasskeyRequestOptionsResult made = await _handler.MakeRequestOptionsAsync(user: null, context);
        return TypedResults.Ok(new PasskeyAsk(tickets.Keep(made.AssertionState ?? string.Empty, string.Empty), made.RequestOptionsJson));
    }

    public async Task<IResult> SignInAsync(PasskeySaid said, HttpContext context)
    {
        string source = PersonReader.SourceOf(context);
        if (!signIn.MayTry(source))
        {
            return PeopleProblems.Wait(context, TimeSpan.FromMinutes(1));
        }

        if (said.Credential is not { Length: > 0 and <= Longest } credential || tickets.Take(said.Ticket, string.Empty) is not { } state)
        {
            return PeopleProblems.Passkey;
        }

        PasskeyAssertionResult<Account> result = await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = state });
        if (!result.Succeeded || result.User.State != AccountState.Active)
        {
            trail.Refused("passkey", source);
            return PeopleProblems.Passkey;
        }

        var used = AccountUserStore.ToPasskey(result.Passkey, string.Empty, string.Empty, time.Instant());
        try
        {
            accounts.Change(list => AccountRules.Change(list, result.User.Badge, one => one with
            {
                Failures = 0,
                PinFailures = 0,
                Passkeys = [.. one.Passkeys.Select(known => known.Id == used.Id ? known with { SignCount = used.SignCount, IsBackedUp = used.IsBackedUp } : known)],
            }));
        }
        catch (IOException disk)
        {
            // The counter of the key is then the former: a copy of the key is found a use later.
            trail.DiskFailed(disk.Message);
        }

        return people.Begin(context, result.User.Badge, Proof.Passkey, used.Id);
    }
}

/// <summary><c>/people/passkeys</c>.</summary>
internal static class PasskeysEndpoint
{
    public static void MapPasskeys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/people/passkeys", (HttpContext context, PasskeyDesk desk) => desk.List(context))
            .WithName("passkeys").WithTags("people").WithSummary("One's own passkeys, the oldest first: what they are called, where and when they were made.")
            .Produces<IReadOnlyList<PasskeyAnswer>>().ProducesProblem(401);
        api.MapDelete("/people/passkeys/{key}", (string key, HttpContext context, PasskeyDesk desk) => desk.Remove(key, context))
            .WithName("remove-passkey").WithTags("people").WithSummary("One of one's own passkeys counts no more, and one's other sessions end.")
            .Produces<IReadOnlyList<PasskeyAnswer>>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        api.MapPost("/people/passkeys/begin", (HttpContext context, PasskeyDesk desk) => desk.BeginAsync(context))
            .WithName("begin-passkey").WithTags("people").WithSummary("What the browser's authenticator is asked for a new passkey of one's own (WebAuthn creation options).")
            .Produces<PasskeyAsk>().ProducesProblem(403).ProducesProblem(409);
        api.MapPost("/people/passkeys", (PasskeySaid said, HttpContext context, PasskeyDesk desk) => desk.AddAsync(said, context))
            .WithName("add-passkey").WithTags("people").WithSummary("A new passkey of one's own.")
            .Accepts<PasskeySaid>("application/json").Produces<MeAnswer>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(503);
        api.MapPost("/people/passkeys/ask", (HttpContext context, PasskeyDesk desk) => desk.AskAsync(context))
            .WithName("ask-passkey").WithTags("people").WithSummary("What the browser's authenticator is asked to sign in (WebAuthn request options).")
            .Produces<PasskeyAsk>().ProducesProblem(429);
        api.MapPost("/people/passkeys/sign-in", (PasskeySaid said, HttpContext context, PasskeyDesk desk) => desk.SignInAsync(said, context))
            .WithName("sign-in-passkey").WithTags("people").WithSummary("Signs in with a passkey.")
            .Accepts<PasskeySaid>("application/json").Produces<MeAnswer>().ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);
    }
}
