using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/signals/{id}/envelope</c>: exact extremes, mean and count in equal columns of time.</summary>
internal static class EnvelopeEndpoint
{
    private const int DefaultPoints = 1000;

    public static void MapEnvelope(this IEndpointRouteBuilder api) =>
        api.MapGet("/signals/{id}/envelope", Answer)
            .WithName("envelope").WithTags("signals").WithSummary("Exact min, max, mean and count in equal columns; a column without samples is left out.")
            .Produces<IReadOnlyList<ColumnAnswer>>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);

    private static IResult Answer(string id, string? from, string? to, int? points, BedView view, IOptions<ViewerOptions> options, TimeProvider time)
    {
        if (view.Find(id) is not Signal signal)
        {
            return Problems.NoSignal(id);
        }

        if (!TimeRange.TryRead(from, to, time.Instant(), out TimeRange range, out ProblemHttpResult problem))
        {
            return problem;
        }

        int columns = points ?? DefaultPoints;
        if (columns < 1 || columns > range.Nanoseconds)
        {
            return Problems.BadRequest("'points' must be at least 1, and no column shorter than a nanosecond.");
        }

        return columns > options.Value.MostColumns
            ? Problems.TooMuch($"{options.Value.MostColumns} points are the most; ask for fewer, or for the samples.")
            : TypedResults.Ok(view.Envelope(signal, range, columns));
    }
}
