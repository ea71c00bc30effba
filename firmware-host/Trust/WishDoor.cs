using System.Text.Json;
using Bedside.Viewer.Rights;

namespace Bedside.Host.Trust;

/// <summary><c>POST /unit/v1/wishes</c> on the unit head: a box of the unit, known by its certificate, says which patients refuse research on it, and hears who does at any bed.</summary>
internal static class WishDoor
{
    /// <summary>More than <see cref="WishMarks.Most"/> marks have.</summary>
    private const long MostBytes = 1 << 20;

    /// <summary>On a box that is no head it refuses.</summary>
    /// <param name="hostOf">Host name of a box that is in the unit; null = it is not.</param>
    public static void MapWishes(this IEndpointRouteBuilder endpoints, Func<WishDesk?> desk, Func<string, string?> hostOf) =>
        endpoints.MapPost("/unit/v1/wishes", (Func<HttpContext, Task<IResult>>)(context =>
            BoxDoor.AnswerAsync(context, hostOf, MostBytes, "that says nothing of wishes.", box => HearAsync(context, desk(), box.Name)))).ExcludeFromDescription().WithMetadata(new ForBoxes());

    private static async Task<IResult?> HearAsync(HttpContext context, WishDesk? desk, string box)
    {
        WishQuestion? asked = await JsonSerializer.DeserializeAsync(context.Request.Body, WishJson.Default.WishQuestion, context.RequestAborted);
        return asked is null || desk is null ? null : TypedResults.Json(await Task.Run(() => desk.Answer(box, asked), context.RequestAborted), WishJson.Default.WishAnswer);
    }
}
