using System.Net.WebSockets;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Viewer.Live;

/// <summary>One screen: a loop that receives and one that sends. The hub fills its <see cref="Outbox"/> and never waits for it.</summary>
internal sealed class LiveClient(WebSocket socket, LiveHub hub, LiveLimits limits, TimeProvider time, UtcInstant? notBefore = null) : IDisposable
{
    private const int LongestMessage = 4096;

    /// <summary>What cuts a connection off also takes from the client what it has not read yet, the reason for the closing with it: a slow one gets time.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(10);

    /// <summary>A box that stops does not wait long for screens that do not read.</summary>
    private static readonly TimeSpan StoppingGrace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, time);

    public LiveOutbox Outbox { get; } = new(hub, limits, time, notBefore);

    public void Dispose() => _abort.Dispose();

    /// <summary>Serves the client until it goes, is closed, or the box is <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using CancellationTokenRegistration registration =
            stopping.Register(() =>
            {
                Close(WebSocketCloseStatus.EndpointUnavailable, "The box is stopping.");
                _abort.CancelAfter(StoppingGrace);
            });
        Task sending = EndQuietlyAsync(SendAllAsync(_abort.Token));
        await EndQuietlyAsync(ReceiveAllAsync(_abort.Token));
        Close(WebSocketCloseStatus.NormalClosure, string.Empty);
        await sending;
        Outbox.Clear();
    }

    /// <summary>Closes; a client that does not let the last message out, or does not answer, is cut off after a grace.</summary>
    public void Close(WebSocketCloseStatus code, string reason)
    {
        if (Outbox.Close(code, reason))
        {
            _abort.CancelAfter(CloseGrace);
        }
    }

    private async Task ReceiveAllAsync(CancellationToken cancel)
    {
        byte[] buffer = new byte[LongestMessage];
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                length += part.Count;
            }
            while (!part.EndOfMessage && length < buffer.Length && part.MessageType != WebSocketMessageType.Close);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (!part.EndOfMessage || part.MessageType != WebSocketMessageType.Text || !Handle(buffer.AsSpan(0, length)))
            {
                Close(WebSocketCloseStatus.PolicyViolation, "That message is not of this protocol.");
            }
        }
    }

    private bool Handle(ReadOnlySpan<byte> text)
    {
        switch (Parse(text))
        {
            case { Type: "hello" } hello:
                hub.Synchronise(this, hello.Waves == false ? Beginning.WithoutWaves : Beginning.Whole);
                return true;
            case { Type: "ack", Seq: uint sequence }:
                Outbox.Acknowledge(sequence);
                return true;
            case { Type: "waves", On: bool on }:
                if (Outbox.SetWaves(on))
                {
                    hub.Synchronise(this, Beginning.WavesOnly);
                }

                return true;
            case { Type: "ping", T: double t } when double.IsFinite(t):
                Outbox.Pong(t);
                return true;
            default:
                return false;
        }
    }

    private static ClientMessage? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ViewerJson.Default.ClientMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task SendAllAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (Outbox.Closing is Closing closing)
            {
                await socket.CloseOutputAsync(closing.Code, closing.Reason, cancel);
                return;
            }

            OutgoingMessage? snapshot = Outbox.TakeSnapshot();
            (OutgoingMessage? first, OutgoingMessage? second) = snapshot is null ? Outbox.Take() : default;
            if (snapshot is null && first is null && second is null)
            {
                await Outbox.WaitAsync(cancel);
                continue;
            }

            await SendAsync(snapshot, cancel);
            await SendAsync(first, cancel);
            await SendAsync(second, cancel);
        }
    }

    private async Task SendAsync(OutgoingMessage? message, CancellationToken cancel)
    {
        if (message is null)
        {
            return;
        }

        using (message)
        {
            await socket.SendAsync(message.Bytes, message.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
    }

    /// <summary>A client that vanishes, or is cut off after its grace, is no error of the box.</summary>
    private static async Task EndQuietlyAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
        }
    }
}
