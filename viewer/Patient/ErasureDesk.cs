using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Stays;
using Bedside.Viewer.People;
using Bedside.Viewer.Rights;
using Bedside.Viewer.Stays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Viewer.Patient;

/// <summary>The end of a stay's data: one person asks, another agrees, each proven within five minutes, and never while the clock is not believed.</summary>
/// <param name="eraser">Null = this viewer erases nothing.</param>
internal sealed class ErasureDesk(StayView stays, PatientDesk patient, SessionBook sessions, PersonReader persons, ActJournal journal, TimeProvider time, IStayEraser? eraser = null)
{
    private const int MostListed = 200;

    /// <summary>So long another stay may have lain under the same keys: messages come a little after what they tell. What is more is for somebody at the console.</summary>
    private static readonly TimeSpan MostShared = TimeSpan.FromMinutes(10);

    /// <summary>Ended stays that were not erased, or not whole, the newest first.</summary>
    public IReadOnlyList<ErasableAnswer> List() => stays.Desk is not { } desk ? [] :
    [
        .. desk.Spans.GroupBy(span => span.Stay)
            .Where(spans => spans.All(span => span.To is not null) && !(StayWishes.IsErasureAgreed(spans.Key, desk.Wishes) && eraser?.Plan(spans.Key) is null))
            .OrderByDescending(spans => spans.Max(span => span.From))
            .Take(MostListed)
            .Select(spans => (Span: spans, Asked: Asked(spans.Key)))
            .Select(one => new ErasableAnswer(
                one.Span.Key.ToString(),
                one.Span.Min(span => span.From),
                one.Span.Max(span => span.To),
                one.Asked?.At,
                one.Asked?.By ?? string.Empty,
                one.Asked?.Reason ?? string.Empty,
                one.Asked is null ? 0 : (eraser?.Plan(one.Span.Key)?.OthersTime ?? TimeSpan.Zero).TotalSeconds,
                one.Asked?.At.Add(StayWishes.ErasureLife.Nanoseconds()))),
    ];

    public IResult State(string stay) => patient.Find(stay, out StayId found) is { } problem ? problem : TypedResults.Ok(Answer(found));

    public Task<IResult> AskAsync(string stay, AskedErasure asked, HttpContext context, CancellationToken cancel)
    {
        if (patient.Find(stay, out StayId found) is { } problem)
        {
            return Task.FromResult<IResult>(problem);
        }

        if (asked.Reason is not { } reason || !StayWishes.ErasureReasons.Contains(reason))
        {
            return Task.FromResult<IResult>(Problems.BadRequest($"'reason' is one of {string.Join(", ", StayWishes.ErasureReasons)}."));
        }

        if ((Proven(context, out Account _) ?? Possible(found, out ErasurePlan _)) is { } refusal)
        {
            return Task.FromResult<IResult>(refusal);
        }

        if (Asked(found) is not null)
        {
            return Task.FromResult<IResult>(Problems.Conflict("Somebody asked for it already; another person may agree, or it may be taken back."));
        }

        return journal.DoAsync(Entry(found, "asked", reason), () => patient.KeepAsync(
            patient.Wish(found, StayEventKind.ErasureAsked) with { Choice = reason }, () => TypedResults.Ok(Answer(found)), cancel));
    }

    public Task<IResult> WithdrawAsync(string stay, HttpContext context, CancellationToken cancel)
    {
        if ((patient.Find(stay, out StayId found) ?? Proven(context, out Account _)) is { } problem)
        {
            return Task.FromResult<IResult>(problem);
        }

        return Asked(found) is null
            ? Task.FromResult<IResult>(Problems.NotFound("Nobody asked for it, or it is over."))
            : journal.DoAsync(Entry(found, "withdrawn"), () => patient.KeepAsync(patient.Wish(found, StayEventKind.ErasureWithdrawn), () => TypedResults.Ok(Answer(found)), cancel));
    }

    public Task<IResult> AgreeAsync(string stay, HttpContext context, CancellationToken cancel)
    {
        if (patient.Find(stay, out StayId found) is { } unknown)
        {
            return Task.FromResult<IResult>(unknown);
        }

        if (Proven(context, out Account account) is { } unproven)
        {
            return Task.FromResult<IResult>(unproven);
        }

        if (Asked(found) is not { } asked)
        {
            return Task.FromResult<IResult>(Problems.NotFound("Nobody asked for it, or it is over: ask for it first, and have another person agree."));
        }

        if (asked.By == account.Badge)
        {
            return Task.FromResult<IResult>(Problems.Conflict("You asked for it yourself: another person must agree."));
        }

        if (Possible(found, out ErasurePlan plan) is { } refusal)
        {
            return Task.FromResult<IResult>(refusal);
        }

        return journal.DoAsync(Entry(found, "agreed", asked.Reason), async () =>
        {
            IResult kept = await patient.KeepAsync(patient.Wish(found, StayEventKind.ErasureAgreed), () => TypedResults.Ok(Answer(found)), cancel);
            return kept is ProblemHttpResult ? kept
                : plan.OthersTime > MostShared ? Problems.Conflict("It is agreed, but its keys hold much of another stay too, because it became known late that the patient was another, and a key is destroyed whole or not at all: bedside stay erase --all-of-key does it on the stopped box.")
                : await EraseAsync(found, plan);
        });
    }

    /// <summary>Not with the request: what is begun is brought to its end.</summary>
    private async Task<IResult> EraseAsync(StayId stay, ErasurePlan plan)
    {
        try
        {
            await eraser!.EraseAsync(stay, plan, CancellationToken.None);
            return TypedResults.Ok(Answer(stay));
        }
        catch (IOException failed)
        {
            return Problems.NotNow($"It was not erased whole: {failed.Message} Ask for it again.");
        }
    }

    private ErasureAnswer Answer(StayId stay)
    {
        ErasurePlan? plan = eraser?.Plan(stay);
        ErasureWish? asked = Asked(stay);
        return new ErasureAnswer(
            stay.ToString(),
            plan is not null,
            plan?.Bytes ?? 0,
            (plan?.OthersTime ?? TimeSpan.Zero).TotalSeconds,
            (plan?.LeftTime ?? TimeSpan.Zero).TotalSeconds,
            asked?.At,
            asked?.By ?? string.Empty,
            asked?.Reason ?? string.Empty,
            asked?.At.Add(StayWishes.ErasureLife.Nanoseconds()));
    }

    private ErasureWish? Asked(StayId stay) => StayWishes.ErasureOf(stay, stays.Desk!.Wishes, time.Instant());

    private static AuditEntry Entry(StayId stay, string step, string why = "") =>
        ActJournal.AtScreen(AuditAct.StayErase, AuditFact.Of(AuditFactKind.Kind, step)) with { Stay = stay, Why = why };

    /// <summary>Null = a named person, whose passkey, or password with the code of an app, is not older than five minutes.</summary>
    private ProblemHttpResult? Proven(HttpContext context, out Account account)
    {
        Person person = persons.Read(context);
        account = person.Account!;
        return person is not { Account: not null, IsResting: false, Session: { } session } || !sessions.IsProven(session) ? PeopleProblems.Prove
            : sessions.IsSure(session, account) ? null
            : PeopleProblems.Second;
    }

    /// <summary>Null = it can be erased now.</summary>
    private ProblemHttpResult? Possible(StayId stay, out ErasurePlan plan)
    {
        plan = eraser?.Plan(stay)!;
        return plan is null ? Problems.NotFound("Nothing of this stay is left: its keys were destroyed.")
            : stays.Desk!.Spans.Any(span => span.Stay == stay && span.To is null) ? Problems.Conflict("The stay goes on: what is written now would go on under another key. End it first, or wait until it ended.")
            : !eraser!.IsClockTrusted ? Problems.Conflict("The box's clock is not where it was expected, and nothing is erased on its word: confirm the clock first (bedside retention confirm-clock).")
            : null;
    }
}
