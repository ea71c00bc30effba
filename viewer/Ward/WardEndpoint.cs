using System.Net.WebSockets;
using Bedside.Viewer.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Ward;

/// <summary><c>/api/v1/ward</c> and <c>WS /api/v1/ward/live</c>: all beds of the ward; <c>/ward/{bed}/api/v1/…</c>: one of them, read through this box. PROTOCOL.md, section Ward.</summary>
internal static class WardEndpoint
{
    public static void MapWard(this IEndpointRouteBuilder api)
    {
        api.MapGet("/ward", (WardHub hub) => TypedResults.Ok(hub.Read()))
            .WithName("ward").WithTags("ward").WithSummary("All beds of the ward, each with its newest values and their age; for once a second where there is no WebSocket.")
            .Produces<WardAnswer>();
        api.MapGet("/ward/live", LiveAsync)
            .WithName("ward-live").WithTags("ward").WithSummary("WebSocket, sub-protocol bedside.v1: the ward. See PROTOCOL.md, section Ward.")
            .Produces(StatusCodes.Status101SwitchingProtocols).ProducesProblem(400).ProducesProblem(403).ProducesProblem(503);
    }

    public static void MapWardRelay(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/ward/{bed}/api/v1/live", RelayLiveAsync).ExcludeFromDescription();
        endpoints.MapGet("/ward/{bed}/api/v1/{**path}", RelayAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> LiveAsync(HttpContext context, WardHub hub, LiveHub box, IOptions<ViewerOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (Refusal(context) is { } refusal)
        {
            return refusal;
        }

        if (!hub.TryEnter())
        {
            return NoPlace;
        }

        try
        {
            // What is named dangerous is to compress a secret beside what somebody else may choose: here are neither tokens nor words of whoever asks. Twenty beds in JSON repeat themselves.
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = LiveEndpoint.SubProtocol, DangerousEnableCompression = true });
            using var screen = new WardScreen(socket, hub, box, options.Value.Live, time);
            await screen.RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            hub.Leave();
        }

        return Results.Empty;
    }

    private static async Task<IResult> RelayLiveAsync(string bed, HttpContext context, WardHub hub, IHostApplicationLifetime lifetime)
    {
        if (Refusal(context) is { } refusal)
        {
            return refusal;
        }

        if (hub.Find(bed) is not { } peer)
        {
            return NoBed;
        }

        if (peer.Bed.Link is PeerLinkState.OtherBed or PeerLinkState.Refused)
        {
            return NotGiven;
        }

        if (!hub.TryEnter())
        {
            return NoPlace;
        }

        try
        {
            return await SocketRelay.RunAsync(context, peer.Requests, peer.Live, lifetime.ApplicationStopping);
        }
        finally
        {
            hub.Leave();
        }
    }

    private static Task<IResult> RelayAsync(string bed, string path, HttpContext context, WardHub hub)
    {
        if (hub.Find(bed) is not { } peer)
        {
            return Task.FromResult(NoBed);
        }

        if (peer.Bed.Link is PeerLinkState.OtherBed or PeerLinkState.Refused)
        {
            return Task.FromResult(NotGiven);
        }

        // What the browser asked for goes on as it was written: a signal's id keeps its %2F.
        string raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget ?? string.Empty;
        int at = raw.IndexOf("/api/v1/", StringComparison.Ordinal);
        string wanted = at < 0 ? path + context.Request.QueryString : raw[(at + "/api/v1/".Length)..];
        return AnswerRelay.RunAsync(context, peer.Requests, wanted);
    }

    private static ProblemHttpResult? Refusal(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(LiveEndpoint.SubProtocol, StringComparer.Ordinal))
        {
            return Problems.BadRequest($"This address speaks WebSocket with the sub-protocol {LiveEndpoint.SubProtocol}; without it, ask /api/v1/ward once a second.");
        }

        return SameOrigin.Allows(context.Request) ? null : Problems.Forbidden("Only pages of this box may listen to it.");
    }

    private static IResult NoPlace => Problems.NotNow("All places for screens of the ward are taken: close one, or ask /api/v1/ward once a second.");

    private static IResult NoBed => Problems.NotFound("This box knows no other bed of that name; /api/v1/ward lists those of the ward. Its own bed is at /api/v1/.");

    private static IResult NotGiven => Problems.NotNow("The box of that bed gives nothing, or says that it stands at another bed; /api/v1/ward says which.");
}
