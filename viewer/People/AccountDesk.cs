using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.People;

/// <summary>What an administrator does to accounts, and what is reviewed. Each change needs a proof that is not older than five minutes, and an entry of the journal.</summary>
internal sealed class AccountDesk(IAccountBook accounts, SessionBook sessions, PersonReader persons, EmergencyBook emergencies, PeopleTrail trail, TimeProvider time)
{
    public IReadOnlyList<AccountAnswer> List()
    {
        UtcInstant now = time.Instant();
        return [.. accounts.Current.All.OrderBy(account => account.Name, StringComparer.Ordinal).Select(account => AccountAnswer.Of(account, now))];
    }

    public IResult Add(NewAccount said, HttpContext context)
    {
        (string code, OneTimeCode kept) = OneTimeCodes.Make(time.Instant(), AccountLimits.CodeLife);
        string badge = said.Badge ?? string.Empty;
        return Do(
            context,
            AuditAct.AccountMake,
            badge,
            string.Join('.', said.Roles ?? []),
            by => list => AccountRules.Add(
                list,
                new Account { Badge = badge, Name = said.Name ?? string.Empty, Roles = said.Roles ?? [], CreatedBy = by.Badge, CreatedAt = time.Instant(), Code = kept }),
            () => TypedResults.Ok(new CodeAnswer(code, kept.Until)));
    }

    public IResult Reset(string badge, HttpContext context)
    {
        (string code, OneTimeCode kept) = OneTimeCodes.Make(time.Instant(), AccountLimits.CodeLife);
        return Do(
            context,
            AuditAct.RecoveryCode,
            badge,
            "reset",
            _ => list => AccountRules.Reset(list, badge, kept),
            () =>
            {
                sessions.EndAll(badge);
                return TypedResults.Ok(new CodeAnswer(code, kept.Until));
            });
    }

    public IResult Change(HttpContext context, AuditAct act, string badge, string what, Func<AccountList, AccountChange> change) =>
        Do(context, act, badge, what, _ => change, () => Answer(badge));

    public IResult Review(string badge, HttpContext context) => Do(
        context,
        AuditAct.RightsReview,
        badge,
        "rights",
        by => list => AccountRules.Review(list, badge, new RightsReview(by.Badge, time.Instant())),
        () => Answer(badge));

    public IReadOnlyList<EmergencyAnswer> Emergencies() =>
    [
        .. emergencies.All.OrderByDescending(one => one.At)
            .Select(one => new EmergencyAnswer(one.Number, one.At, one.Reason, one.Source, one.Review?.By, one.Review?.At)),
    ];

    public IResult ReviewEmergency(long number, HttpContext context) => Do(
        context,
        AuditAct.BreakGlassReview,
        "emergency",
        number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        by => list => AccountRules.ReviewEmergency(list, number, new RightsReview(by.Badge, time.Instant())),
        () => TypedResults.Ok(Emergencies()));

    private IResult Answer(string badge) =>
        accounts.Current.Find(badge) is { } account ? TypedResults.Ok(AccountAnswer.Of(account, time.Instant())) : PeopleProblems.Of(AccountFault.Unknown);

    private IResult Do(HttpContext context, AuditAct act, string badge, string what, Func<Account, Func<AccountList, AccountChange>> change, Func<IResult> done)
    {
        if (persons.Read(context) is not { Account: { } by, Session: { } session } || !sessions.IsProven(session))
        {
            return PeopleProblems.Prove;
        }

        if (!sessions.IsSure(session, by))
        {
            return PeopleProblems.Second;
        }

        try
        {
            // Whether it can be done is looked at first, so that the journal has no line of what could not be.
            if (change(by)(accounts.Current).Fault is not AccountFault.None and var early)
            {
                return PeopleProblems.Of(early);
            }

            trail.Changes(act, by, badge, what);
            return accounts.Change(change(by)) is not AccountFault.None and var fault ? PeopleProblems.Of(fault) : done();
        }
        catch (IOException disk)
        {
            return PeopleProblems.Disk(disk.Message);
        }
    }
}
