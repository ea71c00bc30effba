using System.Text.Json;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Host.Trust;

/// <summary><c>POST /unit/v1/renew</c> and <c>GET /unit/v1/removed</c> on the unit head: a box of the unit, known by its certificate, gets the next one, and hears which boxes were taken out.</summary>
internal static class RenewalDoor
{
    private const long MostBytes = 64 * 1024;
    private const string Nonsense = "that is no request for a certificate.";

    /// <summary>Both addresses; on a box that is no head they refuse.</summary>
    /// <param name="hostOf">Host name of a box that is in the unit; null = it is not.</param>
    public static void MapRenewal(this IEndpointRouteBuilder endpoints, Func<UnitDesk?> desk, Func<UnitMembership?> unit, Func<string, string?> hostOf)
    {
        endpoints.MapPost("/unit/v1/renew", (Func<HttpContext, Task<IResult>>)(context =>
            BoxDoor.AnswerAsync(context, hostOf, MostBytes, Nonsense, box => RenewAsync(context, desk(), unit(), box)))).ExcludeFromDescription().WithMetadata(new ForBoxes());
        endpoints.MapGet("/unit/v1/removed", (Func<HttpContext, Task<IResult>>)(context =>
            BoxDoor.AnswerAsync(context, hostOf, MostBytes, Nonsense, _ => Task.FromResult<IResult?>(Removed(desk()))))).ExcludeFromDescription().WithMetadata(new ForBoxes());
    }

    private static JsonHttpResult<SignedRemovals>? Removed(UnitDesk? desk) => desk is null ? null : TypedResults.Json(desk.Removals(), UnitMessages.Default.SignedRemovals);

    private static async Task<IResult?> RenewAsync(HttpContext context, UnitDesk? desk, UnitMembership? unit, (string Name, string Host) box)
    {
        RenewalMessage? message = await JsonSerializer.DeserializeAsync(context.Request.Body, UnitMessages.Default.RenewalMessage, context.RequestAborted);
        if (message is null || unit is null || desk is null)
        {
            return null;
        }

        IssuedLeaf leaf = desk.IssueFor(message.Request, box.Host, box.Name);
        return TypedResults.Json(new GrantMessage(unit.Name, unit.Zone, unit.Head, leaf.Box, leaf.Host, leaf.Certificate, leaf.Issuer), UnitMessages.Default.GrantMessage);
    }
}
