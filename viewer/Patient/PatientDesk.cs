using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Stays;
using Bedside.Viewer.Rights;
using Bedside.Viewer.Stays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Patient;

/// <summary>What the patient wants of research, and who had to do with their data.</summary>
/// <param name="journal">Keeps an entry of each, first.</param>
/// <param name="history">Null = this viewer has no journal to read.</param>
internal sealed class PatientDesk(
    StayView stays,
    ActJournal journal,
    IAccountBook accounts,
    IHttpContextAccessor asked,
    PersonReader persons,
    TimeProvider time,
    IOptions<ViewerOptions> options,
    IAuditHistory? history = null)
{
    private const string Present = "present";

    /// <summary>Of a bed in which nobody lies, an answer of nobody: a screen may always ask.</summary>
    public IResult Research(string stay) => Find(stay, out StayId found) is not { } problem ? TypedResults.Ok(ResearchOf(found))
        : stay == Present ? TypedResults.Ok(new ResearchAnswer(string.Empty, Refused: false, At: null, string.Empty))
        : problem;

    public Task<IResult> SayAsync(string stay, bool isRefused, CancellationToken cancel)
    {
        if (Find(stay, out StayId found) is { } problem)
        {
            return Task.FromResult<IResult>(problem);
        }

        if (ResearchOf(found).Refused == isRefused)
        {
            return Task.FromResult<IResult>(TypedResults.Ok(ResearchOf(found)));
        }

        AuditEntry entry = ActJournal.AtScreen(isRefused ? AuditAct.ResearchObjection : AuditAct.ResearchObjectionEnd) with { Stay = found };
        StayEvent said = Wish(found, isRefused ? StayEventKind.ResearchRefused : StayEventKind.ResearchAllowed) with
        {
            Person = stays.Desk!.Spans.LastOrDefault(span => span.Stay == found && span.Person.IsKnown)?.Person ?? default,
        };
        return journal.DoAsync(entry, () => KeepAsync(said, () => TypedResults.Ok(ResearchOf(found)), cancel));
    }

    public Task<IResult> AccessesAsync(string stay, CancellationToken cancel)
    {
        if (Find(stay, out StayId found) is { } problem)
        {
            return Task.FromResult<IResult>(problem);
        }

        if (history is null)
        {
            return Task.FromResult<IResult>(Problems.NotFound("This box keeps no journal of access."));
        }

        return journal.DoAsync(ActJournal.AtScreen(AuditAct.PatientReport) with { Stay = found }, async () =>
        {
            try
            {
                var zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.Ward().TimeZone);
                AccessReport report = await Task.Run(
                    () => AccessReport.Of(found, stays.Desk!.Spans, history.Read(), at => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at.ToDateTime(), zone).DateTime)), cancel);
                return TypedResults.Ok(new AccessesAnswer(
                    found.ToString(), report.From, report.To, time.Instant(), report.Detail, [.. report.Lines.Select(Told)], report.Entries, ResearchOf(found)));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return Problems.NotNow($"The journal of access cannot be read: {unreadable.Message}");
            }
        });
    }

    /// <summary>Null = it is a stay of this bed.</summary>
    public ProblemHttpResult? Find(string text, out StayId stay)
    {
        stay = StayId.None;
        if (stays.Desk is not { } desk)
        {
            return Problems.NotFound("This box does not learn of stays: it has no connection to the admissions and was told to keep none.");
        }

        if (text == Present)
        {
            stay = stays.SpanAt(time.Instant())?.Stay ?? StayId.None;
            return stay == StayId.None ? Problems.NotFound("Nobody lies in the bed, as far as this box was told.") : null;
        }

        StayId named = StayId.TryParse(text, out StayId read) ? read : StayId.None;
        stay = named;
        return named != StayId.None && desk.Spans.Any(span => span.Stay == named) ? null : Problems.NotFound("There is no such stay; /api/v1/stays lists those there are.");
    }

    public ResearchAnswer ResearchOf(StayId stay)
    {
        ResearchWish? wish = StayWishes.ResearchOf(stay, stays.Desk!.Spans, stays.Desk.Wishes);
        return new ResearchAnswer(stay.ToString(), wish?.IsRefused == true, wish?.At, wish?.By ?? string.Empty);
    }

    /// <summary>What whoever asks wants of a stay.</summary>
    public StayEvent Wish(StayId stay, StayEventKind kind) => new()
    {
        Kind = kind,
        Source = StaySource.Person,
        Arrived = time.Instant(),
        Task = stay.ToString(),
        By = asked.HttpContext is { } context && persons.Read(context) is { Account: { } account, IsResting: false } ? account.Badge : string.Empty,
    };

    public async Task<IResult> KeepAsync(StayEvent said, Func<IResult> done, CancellationToken cancel)
    {
        try
        {
            _ = await stays.Desk!.SayAsync(said, cancel);
            return done();
        }
        catch (IOException)
        {
            return Problems.NotNow("The box could not write it down, so it does not hold; try again, then see /api/v1/health.");
        }
    }

    private AccessAnswer Told(AccessLine line)
    {
        AuditWords? words = AuditCatalog.Find(line.Act);
        return new AccessAnswer(
            line.First,
            line.Last,
            accounts.Current.Find(line.Who)?.Name ?? line.Who,
            line.Role,
            line.Act,
            words?.French ?? line.Act,
            words?.English ?? line.Act,
            line.What,
            line.Count,
            line.Refused,
            line.Reasons);
    }
}
