using System.Text.Json;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Host.Trust;

/// <summary><c>POST /unit/v1/wishes</c> on the unit head: a box of the unit, known by its certificate, says which patients refuse research on it, and hears who does at any bed.</summary>
internal static class WishDoor
{
    /// <summary>More than <see cref="WishMarks.Most"/> marks have.</summary>
    private const long MostBytes = 1 << 20;

    /// <summary>On a box that is no head it refuses.</summary>
    /// <param name="hostOf">Host name of a box that is in the unit; null = it is not.</param>
    public static void MapWishes(this IEndpointRouteBuilder endpoints, Func<WishDesk?> desk, Func<string, string?> hostOf) =>
        endpoints.MapPost("/unit/v1/wishes", (Func<HttpContext, Task<IResult>>)(context => AnswerAsync(context, desk, hostOf))).ExcludeFromDescription().WithMetadata(new ForBoxes());

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<WishDesk?> desk, Func<string, string?> hostOf)
    {
        // The handshake checked that the certificate is of this unit.
        if (context.Connection.ClientCertificate is not { } certificate || UnitCertificates.BoxOf(certificate) is not { } box || hostOf(box) is null)
        {
            return Refusal("boxes of this unit alone are answered here, over TLS with their certificate.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostBytes;
        }

        try
        {
            WishQuestion? asked = await JsonSerializer.DeserializeAsync(context.Request.Body, WishJson.Default.WishQuestion, context.RequestAborted);
            return asked is not null && desk() is { } answering
                ? TypedResults.Json(await Task.Run(() => answering.Answer(box, asked), context.RequestAborted), WishJson.Default.WishAnswer)
                : Refusal("this box is not the unit head.");
        }
        catch (UnitFaultException fault)
        {
            return Refusal(fault.Message);
        }
        catch (JsonException)
        {
            return Refusal("that says nothing of wishes.");
        }
        catch (Exception disk) when (disk is (IOException or UnauthorizedAccessException) and not BadHttpRequestException)
        {
            return Refusal("the head's disk does not take it; try again.");
        }
    }

    private static JsonHttpResult<RefusalMessage> Refusal(string sentence) =>
        TypedResults.Json(new RefusalMessage(sentence), UnitMessages.Default.RefusalMessage, statusCode: StatusCodes.Status403Forbidden);
}
