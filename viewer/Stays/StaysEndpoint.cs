using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Stays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer.Stays;

/// <summary>
/// <c>/stays</c>: who lies in the bed, without saying who, and what a person at the bed says of it. A number from a wristband comes in and goes nowhere:
/// it is compared, and the answer says which of two patients it belongs to.
/// </summary>
internal static class StaysEndpoint
{
    /// <summary>Characters of a number on a wristband, at most.</summary>
    public const int LongestNumber = 64;

    private static readonly TimeSpan Shown = TimeSpan.FromDays(7);
    private static readonly TimeSpan Earliest = TimeSpan.FromDays(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public static void MapStays(this IEndpointRouteBuilder api)
    {
        api.MapGet("/stays", List)
            .WithName("stays").WithTags("stays").WithSummary("Who lay in the bed, without saying who; the last seven days when no range is given.")
            .Produces<StaysAnswer>().ProducesProblem(400);
        api.MapGet("/stays/tasks", (StayView view) => TypedResults.Ok(view.Tasks()))
            .WithName("stay-tasks").WithTags("stays").WithSummary("How the bed stands now, and what a person is asked: open questions first.")
            .Produces<StayTasksAnswer>();
        api.MapPost("/stays/tasks/{key}", SettleAsync)
            .WithName("settle-stay-task").WithTags("stays").WithSummary("Answers a question with one of its choices; answered when it is on disk.")
            .Accepts<ChosenAnswer>("application/json")
            .Produces<SaidAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(503);
        api.MapPost("/stays/compare", Compare)
            .WithName("compare-wristband").WithTags("stays").WithSummary("Which of two patients a wristband's number belongs to; ten a minute.")
            .Accepts<ComparedNumber>("application/json")
            .Produces<BelongingAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503);
        api.MapPost("/stays/confirm", ConfirmAsync)
            .WithName("confirm-patient").WithTags("stays").WithSummary("A person says who lies in the bed from when on, or that it is empty; answered when it is on disk.")
            .Accepts<ConfirmedPatient>("application/json")
            .Produces<SaidAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503);
        api.MapPost("/stays/undo", UndoAsync)
            .WithName("undo-stay").WithTags("stays").WithSummary("Takes back what a person said; it stays on record, with the undoing.")
            .Accepts<TakenBack>("application/json")
            .Produces<SaidAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(415).ProducesProblem(503);
    }

    private static IResult List(string? from, string? to, StayView view, TimeProvider time) =>
        TimeRange.TryRead(from, to, time.Instant(), Shown, out TimeRange range, out ProblemHttpResult problem) ? TypedResults.Ok(view.Stays(range)) : problem;

    private static async Task<IResult> SettleAsync(string key, ChosenAnswer chosen, StayView view, ActJournal journal, TimeProvider time, CancellationToken cancel)
    {
        if (view.Desk is not IStayDesk desk)
        {
            return NotKept();
        }

        if (view.Task(key) is not StayTask task)
        {
            return Problems.NotFound("There is no such question any more; /api/v1/stays/tasks lists those there are.");
        }

        if (chosen.Choice is not string choice || !task.Choices.Contains(choice))
        {
            return Problems.BadRequest($"'choice' must be one of: {string.Join(", ", task.Choices)}.");
        }

        return task.Settled > 0
            ? Problems.Conflict("This was settled meanwhile; read it again, and take that back first.")
            : await SayAsync(desk, journal, Person(StayEventKind.Settled, time) with { Task = task.Key, Choice = choice }, cancel);
    }

    private static IResult Compare(ComparedNumber compared, StayView view, NumberLimit limit, ActJournal journal, TimeProvider time)
    {
        if (view.Desk is not IStayDesk desk)
        {
            return NotKept();
        }

        if (WrongNumber(compared.Number) is ProblemHttpResult wrong)
        {
            return wrong;
        }

        StayTask? task = null;
        if (compared.Task is string key)
        {
            task = view.Task(key);
            if (task is null)
            {
                return Problems.NotFound("There is no such question any more; /api/v1/stays/tasks lists those there are.");
            }
        }

        if (!limit.TryTake())
        {
            return TooOften();
        }

        if (journal.Refusal(ActJournal.AtScreen(AuditAct.StayCompare)) is { } refusal)
        {
            return refusal;
        }

        PersonToken person = desk.PersonOf(compared.Number!);
        (PersonToken first, PersonToken second) = task is null ? (view.SpanAt(time.Instant())?.Person ?? default, default) : (task.First, task.Second);
        Belonging belongs = !person.IsKnown ? Belonging.Neither
            : person == first ? Belonging.First
            : person == second ? Belonging.Second
            : Belonging.Neither;
        return TypedResults.Ok(new BelongingAnswer(belongs));
    }

    private static async Task<IResult> ConfirmAsync(ConfirmedPatient confirmed, StayView view, NumberLimit limit, ActJournal journal, TimeProvider time, CancellationToken cancel)
    {
        if (view.Desk is not IStayDesk desk)
        {
            return NotKept();
        }

        bool empty = confirmed.Empty == true;
        if (empty == (confirmed.Number is not null))
        {
            return Problems.BadRequest("Send either 'number', as it stands on the wristband, or 'empty': true.");
        }

        UtcInstant now = time.Instant();
        UtcInstant from = confirmed.From ?? now;
        if (from > now.Add(Ahead.Nanoseconds()) || from < now.Add(-Earliest.Nanoseconds()))
        {
            return Problems.BadRequest("'from' must lie within the last 30 days and not ahead of the box's clock.");
        }

        StayEvent said = Person(StayEventKind.Confirmed, time) with { Happened = from };
        if (empty)
        {
            return await SayAsync(desk, journal, said, cancel);
        }

        if (WrongNumber(confirmed.Number) is ProblemHttpResult wrong)
        {
            return wrong;
        }

        if (!limit.TryTake())
        {
            return TooOften();
        }

        PersonToken person = desk.PersonOf(confirmed.Number!);
        return person.IsKnown
            ? await SayAsync(desk, journal, said with { Person = person, Place = Place.Here }, cancel)
            : Problems.NotFound("This box has not heard of anybody with this number; check the wristband, and that the admissions are received.");
    }

    private static async Task<IResult> UndoAsync(TakenBack taken, StayView view, ActJournal journal, TimeProvider time, CancellationToken cancel)
    {
        if (view.Desk is not IStayDesk desk)
        {
            return NotKept();
        }

        if (taken.Number is not long number || number <= 0)
        {
            return Problems.BadRequest("'number' must be that of what a person said.");
        }

        return view.CanTakeBack(number)
            ? await SayAsync(desk, journal, Person(StayEventKind.Undone, time) with { Task = StayView.Digits(number) }, cancel)
            : Problems.NotFound("Nothing that a person said has this number, or it was taken back before.");
    }

    /// <summary>What a person at the bed says; without accounts nobody knows who it is.</summary>
    private static StayEvent Person(StayEventKind kind, TimeProvider time) => new() { Kind = kind, Source = StaySource.Person, Arrived = time.Instant() };

    private static Task<IResult> SayAsync(IStayDesk desk, ActJournal journal, StayEvent said, CancellationToken cancel)
    {
        string kind = said.Kind.ToString().ToLowerInvariant();
        return journal.DoAsync(ActJournal.AtScreen(AuditAct.StaySay, AuditFact.Of(AuditFactKind.Kind, kind)), async () =>
        {
            try
            {
                long number = await desk.SayAsync(said, cancel);
                return TypedResults.Ok(new SaidAnswer(number, desk.Version));
            }
            catch (IOException)
            {
                return Problems.NotNow("The box could not write it down, so it does not hold; try again, then see /api/v1/health.");
            }
        });
    }

    /// <summary>What is wrong with a number, without repeating it.</summary>
    private static ProblemHttpResult? WrongNumber(string? number) =>
        string.IsNullOrWhiteSpace(number) || number.Length > LongestNumber || number.Any(char.IsControl)
            ? Problems.BadRequest($"'number' must be 1 to {LongestNumber} characters, as it stands on the wristband.")
            : null;

    private static ProblemHttpResult TooOften() => Problems.TooOften($"Only {NumberLimit.Most} numbers a minute are compared; wait a little.");

    private static ProblemHttpResult NotKept() => Problems.NotFound("This box does not learn of stays: it has no connection to the admissions and was told to keep none.");
}
