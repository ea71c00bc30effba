using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Fhir;

/// <summary>The body of an answer, written as it is made: what waits in memory is bounded. Compressed where the client takes gzip.</summary>
internal sealed class FhirBody : IAsyncDisposable
{
    public const string ContentType = "application/fhir+json; charset=utf-8";

    private const int FlushAt = 32 * 1024;

    private readonly Stream _stream;
    private readonly GZipStream? _gzip;
    private readonly CancellationToken _gone;

    private FhirBody(HttpContext context, GZipStream? gzip)
    {
        _gzip = gzip;
        _stream = gzip ?? context.Response.Body;
        _gone = context.RequestAborted;
        Json = new Utf8JsonWriter(_stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Sets status and headers; nothing is sent yet.</summary>
    public static FhirBody Begin(HttpContext context, int status = StatusCodes.Status200OK)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.Headers.Vary = "Accept, Accept-Encoding, Prefer";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return new FhirBody(context, gzip: null);
        }

        response.Headers.ContentEncoding = "gzip";
        return new FhirBody(context, new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true));
    }

    /// <summary>Sends what has gathered once it is much.</summary>
    public ValueTask DrainAsync() => Json.BytesPending > FlushAt ? new ValueTask(Json.FlushAsync(_gone)) : ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Json.FlushAsync(_gone);
        await Json.DisposeAsync();
        if (_gzip is not null)
        {
            await _gzip.DisposeAsync();
        }
    }
}
