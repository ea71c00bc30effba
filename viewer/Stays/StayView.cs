using System.Globalization;
using Bedside.Model;
using Bedside.Model.Stays;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Stays;

/// <summary>What a screen may know of stays: spans, questions and words for what they rest on. A box without a desk keeps none.</summary>
internal sealed class StayView(TimeProvider time, IOptions<ViewerOptions> options, IStayDesk? desk = null)
{
    public IStayDesk? Desk => desk;

    public StaysAnswer Stays(TimeRange range)
    {
        if (desk is null)
        {
            return new StaysAnswer(Kept: false, 0, time.Instant(), new AdmissionsAnswer(Heard: null, Stale: false), []);
        }

        // The version first: what changes meanwhile is read again, and never missed.
        long version = desk.Version;
        return new StaysAnswer(
            Kept: true,
            version,
            time.Instant(),
            Admissions(desk),
            [.. desk.Spans.Where(span => span.From < range.To && (span.To is not UtcInstant to || to > range.From)).Select(span => Answer(desk, span))]);
    }

    public StayTasksAnswer Tasks()
    {
        UtcInstant now = time.Instant();
        if (desk is null)
        {
            return new StayTasksAnswer(Kept: false, 0, now, new AdmissionsAnswer(Heard: null, Stale: false), Now: null, 0, []);
        }

        long version = desk.Version;
        IReadOnlyList<StayTask> tasks = desk.Tasks;
        return new StayTasksAnswer(
            Kept: true,
            version,
            now,
            Admissions(desk),
            SpanAt(now) is StaySpan span ? Answer(desk, span) : null,
            tasks.Count(task => task.Settled == 0),
            [.. tasks.Select(task => Answer(desk, task))]);
    }

    /// <summary>A question by its key, as it stands in a path or in a body.</summary>
    public StayTask? Task(string key) => desk?.Tasks.FirstOrDefault(task => task.Key == key) ?? desk?.Tasks.FirstOrDefault(task => task.Key == Uri.UnescapeDataString(key));

    public StaySpan? SpanAt(UtcInstant at) => desk?.Spans.LastOrDefault(span => span.From <= at && (span.To is not UtcInstant to || to > at));

    /// <summary>Whether a person said it, so that a person may take it back.</summary>
    public bool CanTakeBack(long number) =>
        desk is not null
        && number > 0
        && (desk.Tasks.Any(task => task.Settled == number)
            || desk.Said(number) is { Source: StaySource.Person, Kind: StayEventKind.Confirmed or StayEventKind.Settled });

    private static StaySpanAnswer Answer(IStayDesk desk, StaySpan span) => new(
        span.Stay.ToString(),
        desk.Spans.FirstOrDefault(one => one.Stay == span.Stay, span).From,
        span.From,
        span.To,
        span.Certainty,
        [
            .. span.Because.Select(desk.Said).OfType<StayEvent>()
                .Select(said => new BecauseAnswer(said.Number, said.Kind, said.Source, said.Happened ?? said.Arrived)),
        ]);

    private static StayTaskAnswer Answer(IStayDesk desk, StayTask task)
    {
        StayEvent? settled = task.Settled > 0 ? desk.Said(task.Settled) : null;
        string choice = settled is { Kind: StayEventKind.Settled } && task.Choices.Contains(settled.Choice) ? settled.Choice : string.Empty;
        return new StayTaskAnswer(
            task.Key, task.Kind, task.From, task.To, task.Choices, task.First.IsKnown, task.Second.IsKnown, task.Settled, settled?.Arrived, choice);
    }

    private AdmissionsAnswer Admissions(IStayDesk from) =>
        new(from.AdmissionsHeard, from.AdmissionsHeard is UtcInstant heard && time.Instant().Since(heard) > TimeSpan.FromHours(options.Value.AdmissionsSilenceHours).Nanoseconds());

    /// <summary>Digits of an event's number, as <see cref="StayEvent.Task"/> of an undo has them.</summary>
    public static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
