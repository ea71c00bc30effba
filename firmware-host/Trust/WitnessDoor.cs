using System.Text.Json;
using Bedside.Viewer.Rights;

namespace Bedside.Host.Trust;

/// <summary><c>POST /unit/v1/witness</c> on the unit head: a box of the unit, known by its certificate, has the checkpoint of its journal cosigned, and is a witness of the head's.</summary>
internal static class WitnessDoor
{
    /// <summary>More than two checkpoints with a proof have.</summary>
    private const long MostBytes = 256 * 1024;

    /// <summary>On a box that is no head it refuses.</summary>
    /// <param name="hostOf">Host name of a box that is in the unit; null = it is not.</param>
    public static void MapWitness(this IEndpointRouteBuilder endpoints, Func<WitnessDesk?> desk, Func<string, string?> hostOf) =>
        endpoints.MapPost("/unit/v1/witness", (Func<HttpContext, Task<IResult>>)(context =>
            BoxDoor.AnswerAsync(context, hostOf, MostBytes, "that is no checkpoint.", box => WitnessAsync(context, desk(), box)))).ExcludeFromDescription().WithMetadata(new ForBoxes());

    private static async Task<IResult?> WitnessAsync(HttpContext context, WitnessDesk? desk, (string Name, string Host) box)
    {
        WitnessCall? call = await JsonSerializer.DeserializeAsync(context.Request.Body, WitnessJson.Default.WitnessCall, context.RequestAborted);
        return call is null || desk is null ? null : TypedResults.Json(await Task.Run(() => desk.Answer(box, call), context.RequestAborted), WitnessJson.Default.WitnessReply);
    }
}
