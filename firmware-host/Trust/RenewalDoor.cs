using System.Text.Json;

namespace Bedside.Host.Trust;

/// <summary><c>POST /unit/v1/renew</c> on the unit head: a box of the unit, known by its certificate, gets the next one.</summary>
internal static class RenewalDoor
{
    public static void MapRenewal(this IEndpointRouteBuilder endpoints, Func<UnitDesk?> desk, Func<UnitMembership?> unit, Func<string, string?> hostOf) =>
        endpoints.MapPost("/unit/v1/renew", (Func<HttpContext, Task<IResult>>)(context => AnswerAsync(context, desk, unit, hostOf))).ExcludeFromDescription();

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<UnitDesk?> desk, Func<UnitMembership?> unit, Func<string, string?> hostOf)
    {
        // The handshake checked that it is of this unit.
        string? box = context.Connection.ClientCertificate is { } certificate ? UnitCertificates.BoxOf(certificate) : null;
        if (box is null || hostOf(box) is not { } host)
        {
            return Refusal("boxes of this unit alone are answered here, over TLS with their certificate.");
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

    private static IResult Refusal(string sentence) =>
        TypedResults.Json(new RefusalMessage(sentence), UnitMessages.Default.RefusalMessage, statusCode: StatusCodes.Status403Forbidden);
}
