using System.Text.Json;
using Bedside.Model.Audit;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Host.Trust;

/// <summary>What the addresses of the unit head under <c>/unit/v1</c> have in common: boxes of the unit alone, known by their certificate, are answered, and what cannot be is refused with a sentence.</summary>
internal static class BoxDoor
{
    /// <summary>What <paramref name="answer"/> gives the box that asks, or why there is none.</summary>
    /// <param name="hostOf">Host name of a box that is in the unit; null = it is not.</param>
    /// <param name="mostBytes">Of the body.</param>
    /// <param name="nonsense">Of a body that is none.</param>
    /// <param name="answer">Name and host name of the box. Null = this box is not the head, or answers nothing now. May throw <see cref="UnitFaultException"/>, <see cref="AuditUnwritableException"/>, <see cref="JsonException"/>
    /// and what a disk throws.</param>
    public static async Task<IResult> AnswerAsync(HttpContext context, Func<string, string?> hostOf, long mostBytes, string nonsense, Func<(string Name, string Host), Task<IResult?>> answer)
    {
        // The handshake checked that the certificate is of this unit.
        if (context.Connection.ClientCertificate is not { } certificate || UnitCertificates.BoxOf(certificate) is not { } box || hostOf(box) is not { } host)
        {
            return Refusal("boxes of this unit alone are answered here, over TLS with their certificate.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = mostBytes;
        }

        try
        {
            return await answer((box, host)) ?? Refusal("this box is not the unit head, or issues nothing now.");
        }
        catch (Exception fault) when (fault is UnitFaultException or AuditUnwritableException)
        {
            return Refusal(fault.Message);
        }
        catch (JsonException)
        {
            return Refusal(nonsense);
        }
        catch (Exception disk) when (disk is (IOException or UnauthorizedAccessException) and not BadHttpRequestException)
        {
            return Refusal("the head's disk does not take it; try again.");
        }
    }

    private static JsonHttpResult<RefusalMessage> Refusal(string sentence) =>
        TypedResults.Json(new RefusalMessage(sentence), UnitMessages.Default.RefusalMessage, statusCode: StatusCodes.Status403Forbidden);
}
