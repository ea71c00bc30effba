using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Ward;

/// <summary>
/// The live socket of another bed, passed through piece by piece: nothing is kept here, so that a slow browser slows the other box's own account of it. What the browser says is checked: hello, ack, waves and ping are
/// short texts, and nothing else passes.
/// </summary>
internal sealed class SocketRelay(WebSocket near, WebSocket far)
{
    private const int PieceBytes = 16 * 1024;
    private const int LongestWord = 4_096;
    private const long LongestFrame = 16 << 20;
    private static readonly TimeSpan Dialling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public static async Task<IResult> RunAsync(HttpContext context, PeerRequests requests, Uri live, CancellationToken stopping)
    {
        using var far = new ClientWebSocket();
        far.Options.AddSubProtocol(LiveEndpoint.SubProtocol);
        far.Options.Proxy = null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
            patience.CancelAfter(Dialling);
            await requests.OpenAsync(far, live, patience.Token);
        }
        catch (Exception failed) when (failed is WebSocketException or OperationCanceledException)
        {
            return Problems.NotNow("The box of that bed does not answer; its tile says since when.");
        }

        using WebSocket near = await context.WebSockets.AcceptWebSocketAsync(LiveEndpoint.SubProtocol);
        await new SocketRelay(near, far).RunAsync(end);
        return Results.Empty;
    }

    private async Task RunAsync(CancellationTokenSource end)
    {
        Task inward = InwardAsync(end.Token);
        Task outward = OutwardAsync(end.Token);
        await Task.WhenAny(inward, outward);
        await CloseAsync(far.CloseStatus ?? WebSocketCloseStatus.EndpointUnavailable);
        await end.CancelAsync();
        await Task.WhenAll(inward, outward).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task InwardAsync(CancellationToken cancel) => PumpAsync(far, near, LongestFrame, textOnly: false, cancel);

    private Task OutwardAsync(CancellationToken cancel) => PumpAsync(near, far, LongestWord, textOnly: true, cancel);

    private static async Task PumpAsync(WebSocket from, WebSocket to, long longest, bool textOnly, CancellationToken cancel)
    {
        byte[] piece = new byte[PieceBytes];
        long length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await from.ReceiveAsync(piece.AsMemory(), cancel);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close || length > longest || (textOnly && part.MessageType != WebSocketMessageType.Text))
            {
                return;
            }

            await to.SendAsync(piece.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, cancel);
            length = part.EndOfMessage ? 0 : length;
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status)
    {
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            if (near.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await near.CloseOutputAsync(status, string.Empty, grace.Token);
            }
        }
        catch (Exception failed) when (failed is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone already.
        }
    }
}
