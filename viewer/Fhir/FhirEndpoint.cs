using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bedside.Extract.Fhir;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Bedside.Viewer.Fhir;

/// <summary><c>/fhir</c>: FHIR R4, read-only (storage/Bedside.Extract/FHIR.md). Every answer under it, also every refusal, is a FHIR resource.</summary>
internal sealed partial class FhirEndpoint(FhirBox box, FhirReads reads, ILogger<FhirEndpoint> log)
{
    private const string Observation = "Observation";

    public async Task AnswerAsync(HttpContext context, string path)
    {
        if (!await box.Places.WaitAsync(TimeSpan.FromSeconds(2), context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, FhirProblem.Throttled());
            return;
        }

        try
        {
            if (await RouteAsync(context, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) is { } problem)
            {
                await RefuseAsync(context, problem);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (BadHttpRequestException bad)
        {
            await RefuseAsync(context, new FhirProblem(bad.StatusCode, "invalid", "The body cannot be read."));
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            LogFailure(failure);
            context.Response.Clear();
            await RefuseAsync(context, FhirProblem.Exception());
        }
        finally
        {
            _ = box.Places.Release();
        }
    }

    private static async Task RefuseAsync(HttpContext context, FhirProblem problem)
    {
        await using var body = FhirBody.Begin(context, problem.Status);
        problem.Write(body.Json);
    }

    /// <summary>Null = answered.</summary>
    private async Task<FhirProblem?> RouteAsync(HttpContext context, string[] path)
    {
        HttpRequest request = context.Request;
        bool isPost = HttpMethods.IsPost(request.Method);
        if (!FhirAccept.Takes(request))
        {
            return FhirProblem.NotAcceptable();
        }

        if (!isPost && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return Only(context, "GET, HEAD, POST", "Nothing can be changed here; only GET, and POST of a search, are answered.");
        }

        var links = new FhirLinks(request);
        if (path is ["metadata"])
        {
            return isPost ? Only(context, "GET, HEAD", "The CapabilityStatement is asked for with GET.") : await MetadataAsync(context, links);
        }

        if (path.Length is 0 or > 2 || path[0] is not ("Patient" or "Device" or "DeviceMetric" or Observation))
        {
            return FhirProblem.NotFound("There is no such address; /fhir/metadata lists what there is.");
        }

        if (!reads.TryKeep())
        {
            return FhirProblem.NotKept();
        }

        return (path, isPost) switch
        {
            ([_], false) or ([_, "_search"], true) => await SearchAsync(context, path[0], links),
            ([Observation, "$lastn"], _) => await LastAsync(context, links, isPost),
            ([_], true) => Only(context, "GET, HEAD", "Nothing can be created here."),
            ([_, "_search"], false) => Only(context, "POST", "A search at this address comes by POST, as a form."),
            (_, true) => Only(context, "GET, HEAD", "A resource is asked for with GET."),
            _ when path[1].StartsWith('$') => FhirProblem.NotFound("There is no such operation; /fhir/metadata lists what there is."),
            _ => await ReadAsync(context, path[0], path[1]),
        };
    }

    private static FhirProblem Only(HttpContext context, string allowed, string sentence)
    {
        context.Response.Headers.Allow = allowed;
        return FhirProblem.Method(sentence);
    }

    private async Task<FhirProblem?> MetadataAsync(HttpContext context, FhirLinks links)
    {
        await using var body = FhirBody.Begin(context);
        CapabilityWriter.Write(body.Json, box, links);
        return null;
    }

    private async Task<FhirProblem?> SearchAsync(HttpContext context, string type, FhirLinks links)
    {
        if (await SearchPairs.ReadAsync(context.Request) is not { } pairs)
        {
            return new FhirProblem(StatusCodes.Status415UnsupportedMediaType, "not-supported", "A search by POST is a form: application/x-www-form-urlencoded.");
        }

        FhirRecord record = box.Open();
        if (type == Observation)
        {
            return await new ObservationSearch(box, record, links).AnswerAsync(context, pairs);
        }

        var tree = new TreeSearch(box, record, links);
        return await tree.AnswerAsync(context, type, tree.List(type)!, pairs); // the path was looked at
    }

    private async Task<FhirProblem?> LastAsync(HttpContext context, FhirLinks links, bool isPost)
    {
        SearchPairs? pairs = isPost && !context.Request.HasFormContentType ? await OperationParameters.ReadAsync(context.Request) : await SearchPairs.ReadAsync(context.Request);
        return pairs is null
            ? FhirProblem.Invalid("The body of $lastn is a Parameters resource with valueString, valueReference or valueInteger.")
            : await new LastSearch(box, box.Open(), links).AnswerAsync(context, pairs);
    }

    private async Task<FhirProblem?> ReadAsync(HttpContext context, string type, string id)
    {
        FhirRecord record = box.Open();
        var content = new ArrayBufferWriter<byte>();
        long modified = box.Run.StartedAt.UnixNanoseconds;
        await using (var json = new Utf8JsonWriter(content, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            if (type == Observation)
            {
                FhirItem? item = record.Find(id, out bool issued);
                if (item is null || item.Updated > box.Now.UnixNanoseconds || record.Patients.At(item.Start) is not { } patient)
                {
                    return issued && item is null
                        ? FhirProblem.Gone("This Observation is not here any more, or is of no patient.")
                        : FhirProblem.NotFound("There is no such Observation.");
                }

                modified = item.Updated;
                new ObservationWriter(record).Write(json, item, patient.Id);
            }
            else if (new TreeSearch(box, record, new FhirLinks(context.Request)).List(type)!.FirstOrDefault(entry => entry.Id == id) is { } entry)
            {
                entry.Write(json);
            }
            else
            {
                return FhirProblem.NotFound($"There is no such {type}.");
            }
        }

        await SendAsync(context, content.WrittenMemory, modified);
        return null;
    }

    /// <summary>The tag is of the content: whose an Observation is may become known later, and then it is another.</summary>
    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> content, long modified)
    {
        HttpResponse response = context.Response;
        string tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content.Span).AsSpan(0, 8))}\"";
        response.Headers.ETag = tag;
        response.Headers.LastModified = new Model.UtcInstant(modified).ToDateTime().ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        if (context.Request.Headers.IfNoneMatch.Any(known => known?.Contains(tag, StringComparison.Ordinal) == true || known == "*"))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var body = FhirBody.Begin(context);
        body.Json.WriteRawValue(content.Span, skipInputValidation: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A FHIR question could not be answered")]
    private partial void LogFailure(Exception failure);
}

/// <summary>The one call by which the viewer gets it.</summary>
internal static class FhirMapping
{
    public static void MapFhir(this IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/fhir/{**path}", static (string? path, HttpContext context, FhirEndpoint fhir) => fhir.AnswerAsync(context, path ?? string.Empty)).ExcludeFromDescription();
}
