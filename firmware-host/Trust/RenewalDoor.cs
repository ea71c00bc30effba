using System.Text.Json;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Host.Trust;

/// <summary><c>POST /unit/v1/renew</c> and <c>GET /unit/v1/removed</c> on the unit head: a box of the unit, known by its certificate, gets the next one, and hears which boxes were taken out.</summary>
internal static class RenewalDoor
{
    private const string BoxesAlone = "boxes of this unit alone are answered here, over TLS with their certificate.";

    /// <summary>Both addresses; on a box that is no head they refuse.</summary>
    /// <param name="hostOf">Host name of a box that is in the unit; null = it is not.</param>
    public static void MapRenewal(this IEndpointRouteBuilder endpoints, Func<UnitDesk?> desk, Func<UnitMembership?> unit, Func<string, string?> hostOf)
    {
        endpoints.MapPost("/unit/v1/renew", (Func<HttpContext, Task<IResult>>)(context => AnswerAsync(context, desk, unit, hostOf))).ExcludeFromDescription().WithMetadata(new ForBoxes());
        endpoints.MapGet("/unit/v1/removed", (Func<HttpContext, IResult>)(context => AnswerRemoved(context, desk, hostOf))).ExcludeFromDescription().WithMetadata(new ForBoxes());
    }

    private static IResult AnswerRemoved(HttpContext context, Func<UnitDesk?> desk, Func<string, string?> hostOf)
    {
        if (BoxOf(context) is not { } box || hostOf(box) is null)
        {
            return Refusal(BoxesAlone);
        }

        try
        {
            return desk() is { } issuing ? TypedResults.Json(issuing.Removals(), UnitMessages.Default.SignedRemovals) : Refusal("this box is not the unit head, or issues nothing now.");
        }
        catch (UnitFaultException fault)
        {
            return Refusal(fault.Message);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            return Refusal("the head's disk does not give it; try again.");
        }
    }

    /// <summary>The handshake checked that its certificate is of this unit.</summary>
    private static string? BoxOf(HttpContext context) => context.Connection.ClientCertificate is { } certificate ? UnitCertificates.BoxOf(certificate) : null;

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<UnitDesk?> desk, Func<UnitMembership?> unit, Func<string, string?> hostOf)
    {
        if (BoxOf(context) is not { } box || hostOf(box) is not { } host)
        {
            return Refusal(BoxesAlone);
        }

        try
        {
            RenewalMessage? message = await JsonSerializer.DeserializeAsync(context.Request.Body, UnitMessages.Default.RenewalMessage, context.RequestAborted);
            if (message is null || unit() is not { } known || desk() is not { } issuing)
            {
                return Refusal("this box is not the unit head, or issues nothing now.");
            }

            IssuedLeaf leaf = issuing.IssueFor(message.Request, host, box);
            return TypedResults.Json(new GrantMessage(known.Name, known.Zone, known.Head, leaf.Box, leaf.Host, leaf.Certificate, leaf.Issuer), UnitMessages.Default.GrantMessage);
        }
        catch (UnitFaultException fault)
        {
            return Refusal(fault.Message);
        }
        catch (JsonException)
        {
            return Refusal("that is no request for a certificate.");
        }
        catch (Exception disk) when (disk is (IOException or UnauthorizedAccessException) and not BadHttpRequestException)
        {
            return Refusal("the head's disk does not take it; try again.");
        }
    }

    private static JsonHttpResult<RefusalMessage> Refusal(string sentence) =>
        TypedResults.Json(new RefusalMessage(sentence), UnitMessages.Default.RefusalMessage, statusCode: StatusCodes.Status403Forbidden);
}
