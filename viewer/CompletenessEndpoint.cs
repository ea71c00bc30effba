using System.Text.Json;
using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer;

/// <summary><c>/completeness</c> and <c>/signals/{id}/completeness</c>: what was due, what is stored, and why the rest is not.</summary>
internal static class CompletenessEndpoint
{
    /// <summary>How far before and after the range its first and last hole are looked for.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(5);

    public static void MapCompleteness(this IEndpointRouteBuilder api)
    {
        api.MapGet("/completeness", async (CompletenessDay day, CancellationToken cancel) => TypedResults.Ok(await day.ReadAsync(cancel)))
            .WithName("completenessOfAll").WithTags("box").WithSummary("Every signal that is due at times, over the last hour and the last day: expected, received, missing by cause, late and duplicated; worst first.")
            .Produces<CompletenessReport>();
        api.MapGet("/signals/{id}/completeness", Answer)
            .WithName("completeness").WithTags("signals").WithSummary("Expected, received and missing samples by cause; late and duplicated ones; received + missing + unexplained = expected.")
            .Produces<CompletenessAnswer>()
            .ProducesProblem(400).ProducesProblem(404);
    }

    private static IResult Answer(string id, string? from, string? to, BedView view, TimeProvider time)
    {
        if (view.Find(id) is not Signal signal)
        {
            return Problems.NoSignal(id);
        }

        if (!TimeRange.TryRead(from, to, time.Instant(), out TimeRange range, out ProblemHttpResult problem))
        {
            return problem;
        }

        long reach = Reach.Nanoseconds();
        var counted = Completeness.Of(view.Store.Read(signal.Number, range.From.Add(-reach), range.To.Add(reach)), range, signal.Metric.ExpectedEvery);
        return TypedResults.Ok(CompletenessAnswer.Of(signal, range, counted));
    }
}

/// <summary>How complete a signal is in a range of time.</summary>
/// <param name="Missing">By cause, in samples or readings.</param>
/// <param name="Share">Received of expected; null = nothing was expected.</param>
/// <param name="Newest">Nothing is known yet of what was due after this: it is counted when the signal comes again. Null = nothing is stored.</param>
internal sealed record CompletenessAnswer(
    string Id,
    UtcInstant From,
    UtcInstant To,
    long Expected,
    long Received,
    IReadOnlyDictionary<string, long> Missing,
    long Unexplained,
    long Late,
    long Duplicated,
    double? Share,
    UtcInstant? Newest)
{
    public static CompletenessAnswer Of(Signal signal, TimeRange range, Completeness counted) => new(
        signal.Id,
        range.From,
        range.To,
        counted.Expected,
        counted.Received,
        Named(counted.Missing),
        counted.Unexplained,
        counted.Late,
        counted.Duplicated,
        counted.Expected > 0 ? (double)counted.Received / counted.Expected : null,
        counted.NewestEnd);

    public static Dictionary<string, long> Named(IReadOnlyDictionary<GapCause, long> missing) =>
        missing.ToDictionary(cause => JsonNamingPolicy.KebabCaseLower.ConvertName(cause.Key.ToString()), cause => cause.Value);
}
