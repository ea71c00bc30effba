using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>What whoever is before the screen can do about who they are.</summary>
internal sealed class PeopleDesk(
    IAccountBook accounts,
    SessionBook sessions,
    PersonReader persons,
    SignInDesk signIn,
    SecretCheck check,
    EmergencyBook emergencies,
    VisitorScreen visitors,
    PeopleTrail trail,
    TimeProvider time,
    IOptions<ViewerOptions> options)
{
    public MeAnswer Me(HttpContext context) => Answer(persons.Read(context), context);

    public IResult MakeFirstCode()
    {
        (string code, OneTimeCode kept) = OneTimeCodes.Make(time.Instant(), AccountLimits.FirstCodeLife);
        AccountFault fault;
        try
        {
            fault = accounts.Change(list => list.All.Count > 0 ? AccountChange.No(AccountFault.Known) : new AccountChange(list with { First = kept }));
        }
        catch (IOException disk)
        {
            return PeopleProblems.Disk(disk.Message);
        }

        return fault == AccountFault.None ? TypedResults.Ok(new CodeAnswer(code, kept.Until)) : PeopleProblems.NotTaken;
    }

    public Task<IResult> BeginAsync(FirstPerson first, HttpContext context, CancellationToken cancel)
    {
        string password = first.Password ?? string.Empty;
        if (accounts.HasAccounts)
        {
            return Task.FromResult<IResult>(PeopleProblems.NotTaken);
        }

        if (Judge(password, first.Badge, first.Name) is { } fault)
        {
            return Task.FromResult<IResult>(fault);
        }

        UtcInstant now = time.Instant();
        return SetAsync(context, first.Badge ?? string.Empty, password, AuditAct.AccountMake, "first", hash => list => AccountRules.AddFirst(
            list,
            new Account { Badge = first.Badge ?? string.Empty, Name = first.Name ?? string.Empty, Roles = [Role.Administrator], CreatedBy = first.Badge ?? string.Empty, CreatedAt = now, Password = hash },
            first.Code ?? string.Empty,
            now), () => AccountRules.Matches(accounts.Current.First, first.Code ?? string.Empty, now), cancel);
    }

    public Task<IResult> EnrolAsync(Enrolment said, HttpContext context, CancellationToken cancel)
    {
        string password = said.Password ?? string.Empty;
        string badge = said.Badge ?? string.Empty;
        if (Judge(password, badge, accounts.Current.Find(badge)?.Name) is { } fault)
        {
            return Task.FromResult<IResult>(fault);
        }

        UtcInstant now = time.Instant();
        return SetAsync(
            context,
            badge,
            password,
            AuditAct.AccountChange,
            "password",
            hash => list => AccountRules.Enrol(list, badge, said.Code ?? string.Empty, hash, now),
            () => AccountRules.Matches(accounts.Current.Find(badge)?.Code, said.Code ?? string.Empty, now),
            cancel);
    }

    public async Task<IResult> SignInAsync(SigningIn said, HttpContext context, CancellationToken cancel)
    {
        string badge = said.Badge ?? string.Empty;
        string source = PersonReader.SourceOf(context);
        Tried tried = said.Pin is { } pin
            ? await signIn.PinAsync(badge, pin, source, cancel)
            : await signIn.PasswordAsync(badge, said.Password ?? string.Empty, source, cancel);
        return tried.Result == SignInResult.Right ? Begin(context, badge, tried.Proof) : Refuse(context, tried);
    }

    /// <summary>The session, its cookie, and an entry of the journal: without it nobody signs in.</summary>
    public IResult Begin(HttpContext context, string badge, Proof proof, string? passkey = null)
    {
        if (accounts.Current.Find(badge) is not { State: AccountState.Active } account)
        {
            return PeopleProblems.Wrong;
        }

        try
        {
            trail.SignedIn(account, proof);
        }
        catch (IOException unwritable)
        {
            return PeopleProblems.Disk(unwritable.Message);
        }

        (Session session, string cookie) = sessions.Begin(badge, proof, PersonReader.SourceOf(context), passkey);
        SetCookie(context, cookie);
        return TypedResults.Ok(AnswerOf(session, context));
    }

    /// <summary>The badge is who somebody claims to be; that it is they was proven on this screen, this shift.</summary>
    public IResult Return(Returning said, HttpContext context)
    {
        if (!signIn.MayTry(PersonReader.SourceOf(context)))
        {
            return PeopleProblems.Wait(context, TimeSpan.FromMinutes(1));
        }

        if (persons.Read(context) is not { Session: { IsEmergency: false } session } || session.Badge != said.Badge)
        {
            return PeopleProblems.Wrong;
        }

        sessions.Touch(session);
        return TypedResults.Ok(AnswerOf(session, context));
    }

    public MeAnswer SignOut(HttpContext context)
    {
        if (persons.Read(context).Session is { } session && context.Request.Cookies[PersonReader.CookieOf(context)] is { } cookie)
        {
            sessions.End(cookie);
            trail.SignedOut(session.Badge ?? AuditWho.Screen);
        }

        context.Response.Cookies.Delete(PersonReader.CookieOf(context), Cookie(context));
        return Answer(new Person(Session: null, Account: null, IsResting: false, Callers.None), context);
    }

    public MeAnswer Touch(HttpContext context)
    {
        Person person = persons.Read(context);
        if (person is { Session: { } session, IsResting: false })
        {
            sessions.Touch(session);
        }

        return Answer(person, context);
    }

    public IResult Open(Opening said, HttpContext context)
    {
        if (!accounts.HasAccounts)
        {
            return PeopleProblems.NoAccounts;
        }

        if (said.Reason is not { } reason || !BreakGlass.Reasons.Contains(reason))
        {
            return PeopleProblems.Reason;
        }

        Person person = persons.Read(context);
        string source = person is { Account: { } account, IsResting: false } ? account.Badge : PersonReader.SourceOf(context);
        (Session session, string cookie) = sessions.BeginEmergency(reason, source);
        SetCookie(context, cookie);
        trail.Opened(reason, source);
        emergencies.Keep(reason, source);
        return TypedResults.Ok(AnswerOf(session, context));
    }

    public IResult Blank(Visitors said, HttpContext context)
    {
        if (said.Blank is not bool blank)
        {
            return Problems.BadRequest("'blank' is true or false.");
        }

        visitors.IsBlank = blank;
        return TypedResults.Ok(Me(context));
    }

    public async Task<IResult> ProveAsync(Proving said, HttpContext context, CancellationToken cancel)
    {
        if (persons.Read(context) is not { Session: { Badge: { } badge } session })
        {
            return PeopleProblems.Wrong;
        }

        Tried tried = await signIn.PasswordAsync(badge, said.Password ?? string.Empty, PersonReader.SourceOf(context), cancel);
        if (tried.Result != SignInResult.Right)
        {
            return Refuse(context, tried);
        }

        sessions.Prove(session, tried.Proof);
        return TypedResults.Ok(AnswerOf(session, context));
    }

    public async Task<IResult> SetPasswordAsync(Proving said, HttpContext context, CancellationToken cancel)
    {
        string password = said.Password ?? string.Empty;
        if (persons.Read(context) is not { Account: { } account, Session: { } session } || !sessions.IsProven(session))
        {
            return PeopleProblems.Prove;
        }

        return Judge(password, account.Badge, account.Name) ?? await StoreAsync(context, account, session, await check.HashAsync(password, cancel), "password", (one, hash) => one with { Password = hash, Failures = 0 });
    }

    public async Task<IResult> SetPinAsync(NewPin said, HttpContext context, CancellationToken cancel)
    {
        string pin = said.Pin ?? string.Empty;
        if (persons.Read(context) is not { Account: { } account, Session: { } session } || !sessions.IsProven(session))
        {
            return PeopleProblems.Prove;
        }

        if (SecretRules.JudgePin(pin) is not SecretFault.None and var fault)
        {
            return PeopleProblems.Of(fault);
        }

        return check.TakesPins
            ? await StoreAsync(context, account, session, await check.HashAsync(check.Bind(account.Badge, pin), cancel), "pin", (one, hash) => one with { Pin = hash, PinFailures = 0 })
            : PeopleProblems.Disk("there is no box key, and a PIN is bound to it");
    }

    private Task<IResult> StoreAsync(HttpContext context, Account account, Session session, string? hash, string what, Func<Account, string, Account> with)
    {
        if (hash is null)
        {
            return Task.FromResult<IResult>(PeopleProblems.Busy);
        }

        try
        {
            trail.Changes(AuditAct.AccountChange, account, account.Badge, what);
            accounts.Change(list => AccountRules.Change(list, account.Badge, one => with(one, hash)));
        }
        catch (IOException disk)
        {
            return Task.FromResult<IResult>(PeopleProblems.Disk(disk.Message));
        }

        sessions.EndAll(account.Badge, but: session);
        return Task.FromResult<IResult>(TypedResults.Ok(AnswerOf(session, context)));
    }

    /// <summary>A password for a code: the code is held against what is kept before any hashing, and again when it is written.</summary>
    private async Task<IResult> SetAsync(
        HttpContext context, string badge, string password, AuditAct act, string what, Func<string, Func<AccountList, AccountChange>> change, Func<bool> isRight, CancellationToken cancel)
    {
        if (!signIn.MayTry(PersonReader.SourceOf(context)))
        {
            return PeopleProblems.Wait(context, TimeSpan.FromMinutes(1));
        }

        if (!isRight())
        {
            trail.Refused(signIn.Named(badge), PersonReader.SourceOf(context));
            return PeopleProblems.Code;
        }

        if (await check.HashAsync(password, cancel) is not { } hash)
        {
            return PeopleProblems.Busy;
        }

        try
        {
            trail.Changes(act, by: null, badge, what);
            if (accounts.Change(change(hash)) is not AccountFault.None and var fault)
            {
                return PeopleProblems.Of(fault);
            }
        }
        catch (IOException disk)
        {
            return PeopleProblems.Disk(disk.Message);
        }

        sessions.EndAll(badge);
        return Begin(context, badge, Proof.Password);
    }

    private ProblemHttpResult? Judge(string password, string? badge, string? name)
    {
        SecretFault fault = SecretRules.Judge(password, [badge ?? string.Empty, name ?? string.Empty, options.Value.Box, options.Value.Ward().Bed]);
        return fault == SecretFault.None ? null : PeopleProblems.Of(fault);
    }

    private static ProblemHttpResult Refuse(HttpContext context, Tried tried) => tried.Result switch
    {
        SignInResult.Wait => PeopleProblems.Wait(context, tried.Wait),
        SignInResult.Busy => PeopleProblems.Busy,
        _ => PeopleProblems.Wrong,
    };

    private void SetCookie(HttpContext context, string cookie)
    {
        // What was signed in here before is over: a cookie that somebody planted is worth nothing.
        if (context.Request.Cookies[PersonReader.CookieOf(context)] is { Length: > 0 } old)
        {
            sessions.End(old);
        }

        context.Response.Cookies.Append(PersonReader.CookieOf(context), cookie, Cookie(context));
    }

    private static CookieOptions Cookie(HttpContext context) => new() { HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };

    private MeAnswer AnswerOf(Session session, HttpContext context) =>
        Answer(new Person(session, session.Badge is { } badge ? accounts.Current.Find(badge) : null, IsResting: false, Callers.None), context);

    private MeAnswer Answer(Person person, HttpContext context)
    {
        Session? session = person.Session;
        Account? account = person.IsResting ? null : person.Account;
        bool isAwake = session is not null && !person.IsResting;
        return new MeAnswer(
            accounts.HasAccounts,
            accounts.Damage is not null,
            PersonReader.SourceOf(context) == PersonReader.Here,
            person.IsResting,
            account?.Badge ?? string.Empty,
            account?.Name ?? string.Empty,
            account?.Roles ?? [],
            isAwake ? session!.Token : string.Empty,
            isAwake && sessions.IsProven(session!),
            isAwake && account is not null && sessions.IsSure(session!, account),
            account is not null && sessions.LacksSecondFactor(account),
            account?.CodeApp is not null,
            account?.Pin is not null,
            check.TakesPins,
            account?.Passkeys.Count ?? 0,
            options.Value.People.Idle.TotalSeconds,
            session is null ? 0 : sessions.Left(session).TotalSeconds,
            session?.Reason ?? string.Empty,
            visitors.IsBlank);
    }
}
