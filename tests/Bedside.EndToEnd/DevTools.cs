using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bedside.EndToEnd;

/// <summary>
/// The debugging port of a Chromium that somebody else started: code run in its page or in its worker. It waits for no answer, because what it runs may
/// hang for good.
/// </summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentQueue<JsonNode> _heard = new();
    private readonly CancellationTokenSource _end = new();
    private int _sent;

    /// <summary>The page of the browser whose profile lies in <paramref name="folder"/>.</summary>
    public static async Task<DevTools> OpenAsync(string folder)
    {
        string port = string.Empty;
        string file = Path.Combine(folder, "DevToolsActivePort");
        await Until.TrueAsync(() => File.Exists(file) && (port = File.ReadLines(file).FirstOrDefault() ?? string.Empty).Length > 0, 20, () => $"{file} does not come");
        using var http = new HttpClient { Timeout = Patience };
        string? address = null;
        await Until.TrueAsync(
            async () =>
            {
                using var list = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list")));
                address = list.RootElement.EnumerateArray().Where(one => one.GetProperty("type").GetString() == "page").Select(one => one.GetProperty("webSocketDebuggerUrl").GetString()).FirstOrDefault();
                return address is not null;
            },
            20,
            () => "the browser has no page");
        var tools = new DevTools();
        using var limit = new CancellationTokenSource(Patience);
        await tools._socket.ConnectAsync(new Uri(address!), limit.Token);
        _ = tools.ListenAsync();
        return tools;
    }

    /// <summary>Runs code in the page and goes on at once.</summary>
    public Task InPageAsync(string code) => SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = code }, session: null);

    /// <summary>Runs code in the page's worker and goes on at once.</summary>
    public async Task InWorkerAsync(string code)
    {
        await SendAsync("Target.setAutoAttach", new JsonObject { ["autoAttach"] = true, ["waitForDebuggerOnStart"] = false, ["flatten"] = true }, session: null);
        string? session = null;
        await Until.TrueAsync(
            () => (session = _heard.FirstOrDefault(one => (string?)one["method"] == "Target.attachedToTarget" && (string?)one["params"]?["targetInfo"]?["type"] == "worker")?["params"]?["sessionId"]?.GetValue<string>()) is not null,
            20,
            () => "the page has no worker");
        await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = code }, session);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Abort();
        _socket.Dispose();
        _end.Dispose();
    }

    private Task SendAsync(string method, JsonObject parameters, string? session)
    {
        var message = new JsonObject { ["id"] = ++_sent, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        return _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, _end.Token);
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), _end.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (length > 0 && JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, length)) is { } message)
                {
                    _heard.Enqueue(message);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The browser ended, or the test did.
        }
    }
}
