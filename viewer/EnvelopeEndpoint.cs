using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/signals/{id}/envelope</c>: exact extremes, mean, first, last and count in columns of time.</summary>
internal static class EnvelopeEndpoint
{
    private const int DefaultPoints = 1000;
    private const string Equal = "equal";
    private const string Grid = "grid";

    public static void MapEnvelope(this IEndpointRouteBuilder api) =>
        api.MapGet("/signals/{id}/envelope", Answer)
            .WithName("envelope").WithTags("signals").WithSummary("Exact min, max, mean, first, last and count in columns of time; a column without samples is left out.")
            .Produces<IReadOnlyList<ColumnAnswer>>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);

    private static IResult Answer(string id, string? from, string? to, int? points, string? columns, BedView view, IOptions<ViewerOptions> options, TimeProvider time)
    {
        if (view.Find(id) is not Signal signal)
        {
            return Problems.NoSignal(id);
        }

        if (!TimeRange.TryRead(from, to, time.Instant(), out TimeRange range, out ProblemHttpResult problem))
        {
            return problem;
        }

        int most = points ?? DefaultPoints;
        if (most < 1 || most > range.Nanoseconds)
        {
            return Problems.BadRequest("'points' must be at least 1, and no column shorter than a nanosecond.");
        }

        if (columns is not (null or Equal or Grid))
        {
            return Problems.BadRequest("'columns' must be 'equal' or 'grid'.");
        }

        return most > options.Value.MostColumns
            ? Problems.TooMuch($"{options.Value.MostColumns} points are the most; ask for fewer, or for the samples.")
            : new EnvelopeResult(view.Envelope(signal, range, most, isOnGrid: columns == Grid));
    }
}

/// <summary>Columns as JSON, straight into the answer.</summary>
internal sealed class EnvelopeResult(IReadOnlyList<EnvelopePoint> columns) : IResult
{
    private const int FlushAt = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        json.WriteStartArray();
        foreach (EnvelopePoint column in columns)
        {
            json.WriteStartObject();
            StreamedJson.WriteTime(json, "t"u8, column.Time);
            StreamedJson.WriteTime(json, "until"u8, column.Until);
            json.WriteNumber("min"u8, column.Min);
            json.WriteNumber("max"u8, column.Max);
            json.WriteNumber("mean"u8, column.Mean);
            json.WriteNumber("first"u8, column.First);
            json.WriteNumber("last"u8, column.Last);
            json.WriteNumber("count"u8, column.Count);
            json.WriteEndObject();
            if (json.BytesPending > FlushAt)
            {
                await json.FlushAsync(httpContext.RequestAborted);
                await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            }
        }

        json.WriteEndArray();
        await json.FlushAsync(httpContext.RequestAborted);
    }
}
