using System.Buffers;
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
    private const string Near = "near";
    private const string Grid = "grid";

    /// <summary>Each edge of an equal column costs a decoded block: where nobody said how they want them, so many edges and no more …</summary>
    private const int MostEdges = 256;

    /// <summary>… unless the columns are shorter than this: then samples are read for all of them anyway, or there are few.</summary>
    private const long LongColumn = 64_000_000_000;

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

        if (columns is not (null or Equal or Near or Grid))
        {
            return Problems.BadRequest("'columns' must be 'equal', 'near' or 'grid'.");
        }

        return most > options.Value.MostColumns
            ? Problems.TooMuch($"{options.Value.MostColumns} points are the most; ask for fewer, or for the samples.")
            : new EnvelopeResult(view.Envelope(signal, range, most, KindOf(columns, range, most)));
    }

    private static ColumnKind KindOf(string? columns, TimeRange range, int points) => columns switch
    {
        Grid => ColumnKind.Grid,
        Near => ColumnKind.Near,
        null when points > MostEdges && range.Nanoseconds / points >= LongColumn => ColumnKind.Near,
        _ => ColumnKind.Equal,
    };
}

/// <summary>Where the columns of an envelope meet (PROTOCOL.md, section 1).</summary>
internal enum ColumnKind
{
    Equal,
    Near,
    Grid,
}

/// <summary>Columns as JSON, in pieces.</summary>
internal sealed class EnvelopeResult(IReadOnlyList<EnvelopePoint> columns) : IResult
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>A column and what the writer asks for ahead are less; a large object it is not.</summary>
    private const int MostBytes = PieceBytes + (16 * 1024);

    private static readonly JsonEncodedText Begin = JsonEncodedText.Encode("t");
    private static readonly JsonEncodedText End = JsonEncodedText.Encode("until");
    private static readonly JsonEncodedText Min = JsonEncodedText.Encode("min");
    private static readonly JsonEncodedText Max = JsonEncodedText.Encode("max");
    private static readonly JsonEncodedText Mean = JsonEncodedText.Encode("mean");
    private static readonly JsonEncodedText First = JsonEncodedText.Encode("first");
    private static readonly JsonEncodedText Last = JsonEncodedText.Encode("last");
    private static readonly JsonEncodedText Count = JsonEncodedText.Encode("count");

    private readonly NumberTexts _numbers = new();
    private readonly byte[] _time = new byte[InstantText.Length];
    private UtcInstant? _written;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var piece = new ArrayBufferWriter<byte>(MostBytes);
        await using var json = new Utf8JsonWriter(piece, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        foreach (EnvelopePoint column in columns)
        {
            Write(json, column);
            if (json.BytesPending + piece.WrittenCount > PieceBytes)
            {
                await SendAsync(json, piece, httpContext);
            }
        }

        json.WriteEndArray();
        await SendAsync(json, piece, httpContext);
    }

    private static async Task SendAsync(Utf8JsonWriter json, ArrayBufferWriter<byte> piece, HttpContext httpContext)
    {
        await json.FlushAsync(httpContext.RequestAborted);
        await httpContext.Response.Body.WriteAsync(piece.WrittenMemory, httpContext.RequestAborted);
        piece.ResetWrittenCount();
    }

    private void Write(Utf8JsonWriter json, in EnvelopePoint column)
    {
        json.WriteStartObject();
        WriteTime(json, Begin, column.Time);
        WriteTime(json, End, column.Until);
        _numbers.Write(json, Min, column.Min);
        _numbers.Write(json, Max, column.Max);
        json.WriteNumber(Mean, column.Mean);
        _numbers.Write(json, First, column.First);
        _numbers.Write(json, Last, column.Last);
        json.WriteNumber(Count, column.Count);
        json.WriteEndObject();
    }

    /// <summary>Where one column ends the next begins, mostly.</summary>
    private void WriteTime(Utf8JsonWriter json, JsonEncodedText name, UtcInstant time)
    {
        if (time == _written || InstantText.TryWrite(time, _time))
        {
            _written = time;
            json.WriteString(name, _time);
        }
        else
        {
            json.WriteString(name, time.ToString());
        }
    }
}
