using System.Net.WebSockets;
using Bedside.Viewer.Live;
using Bedside.Viewer.Rights;
using Bedside.Viewer.Ward;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>WS /api/v1/live</c>: PROTOCOL.md, section 2.</summary>
internal static class LiveEndpoint
{
    public const string SubProtocol = "bedside.v1";

    public static void MapLive(this IEndpointRouteBuilder api) =>
        api.MapGet("/live", AnswerAsync)
            .WithName("live")
            .WithTags("live")
            .WithSummary("WebSocket, sub-protocol bedside.v1: see PROTOCOL.md, section 2.")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> AnswerAsync(
        HttpContext context, LiveHub hub, IOptions<ViewerOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol, StringComparer.Ordinal))
        {
            return Problems.BadRequest($"This address speaks WebSocket with the sub-protocol {SubProtocol}; without it, ask /api/v1/numerics once a second.");
        }

        if (!SameOrigin.Allows(context.Request))
        {
            return Problems.Forbidden("Only pages of this box may listen to it.");
        }

        if (!hub.TryEnter())
        {
            return Problems.NotNow("All places for screens are taken: close one, or ask /api/v1/numerics once a second.");
        }

        try
        {
            using WebSocket socket = WardDoor.Guard(context, await context.WebSockets.AcceptWebSocketAsync(SubProtocol));
            using var client = new LiveClient(socket, hub, options.Value.Live, time, AmbientWindow.Of(context));
            hub.Add(client);
            try
            {
                await client.RunAsync(lifetime.ApplicationStopping);
            }
            finally
            {
                hub.Remove(client);
            }
        }
        finally
        {
            hub.Leave();
        }

        return Results.Empty;
    }
}
