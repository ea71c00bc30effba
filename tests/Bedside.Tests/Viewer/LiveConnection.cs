using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Viewer;

/// <summary>A frame as PROTOCOL.md, section 2, draws it; read here on its own, so that a shared slip would show.</summary>
internal sealed record LiveFrame(byte Type, ushort Flags, uint Epoch, uint Sequence, long TimeNanoseconds, uint Uncertainty, byte[] Body)
{
    public const byte Blocks = 1;
    public const byte Status = 2;
    public const byte Gap = 3;
    public const byte Snapshot = 4;

    public bool IsHistory => (Flags & 1) != 0;

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public List<byte[]> BlockBytes
    {
        get
        {
            var blocks = new List<byte[]>();
            for (int at = 0; at < Body.Length;)
            {
                int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(Body.AsSpan(at));
                blocks.Add(Body[(at + 4)..(at + 4 + length)]);
                at += 4 + length;
            }

            return blocks;
        }
    }

    public List<Block> Decoded => [.. BlockBytes.Select(bytes => BlockCodec.Decode(bytes))];

    public static LiveFrame Parse(byte[] message)
    {
        Assert.Equal("BDS1", Encoding.ASCII.GetString(message, 0, 4));
        Assert.Equal(1, message[4]);
        return new LiveFrame(
            message[5],
            BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(6)),
            BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(8)),
            BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(12)),
            BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(16)),
            BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(24)),
            message[28..]);
    }
}

/// <summary>A screen of the tests: says and hears what it is told, and acknowledges only when asked to.</summary>
internal sealed class LiveConnection : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[1 << 22];

    private LiveConnection(ClientWebSocket socket) => _socket = socket;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? SubProtocol => _socket.SubProtocol;

    public static async Task<LiveConnection> OpenAsync(Uri address, string? subProtocol = "bedside.v1", string? origin = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (subProtocol is not null)
        {
            socket.Options.AddSubProtocol(subProtocol);
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        using var patience = new CancellationTokenSource(ViewerHost.Patience);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{address.Authority}/api/v1/live"), patience.Token);
        }
        catch (WebSocketException error)
        {
            throw new LiveRefusedException((int)socket.HttpStatusCode, error);
        }

        return new LiveConnection(socket);
    }

    public async Task SayAsync(string text)
    {
        using var patience = new CancellationTokenSource(ViewerHost.Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
    }

    public Task HelloAsync(bool waves = true) => SayAsync($$"""{"type":"hello","epoch":0,"seq":0,"waves":{{(waves ? "true" : "false")}}}""");

    public Task AcknowledgeAsync(uint sequence) => SayAsync($$"""{"type":"ack","seq":{{sequence}}}""");

    /// <summary>Null when the box closed. Text comes as a frame of type 0.</summary>
    public async Task<LiveFrame?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(ViewerHost.Patience);
        int length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            length += part.Count;
        }
        while (!part.EndOfMessage);
        byte[] message = _buffer[..length];
        return part.MessageType switch
        {
            WebSocketMessageType.Close => null,
            WebSocketMessageType.Text => new LiveFrame(0, 0, 0, 0, 0, 0, message),
            _ => LiveFrame.Parse(message),
        };
    }

    /// <summary>The next frame of that kind; others are passed over.</summary>
    public async Task<LiveFrame> NextAsync(byte type, bool? history = null)
    {
        while (true)
        {
            LiveFrame frame = await ReceiveAsync() ?? throw new InvalidOperationException($"closed: {_socket.CloseStatus}");
            if (frame.Type == type && (history is null || frame.IsHistory == history))
            {
                return frame;
            }
        }
    }

    /// <summary>Says hello and waits for the snapshot.</summary>
    public async Task<LiveFrame> BeginAsync(bool waves = true)
    {
        await HelloAsync(waves);
        return await NextAsync(LiveFrame.Snapshot);
    }

    /// <summary>Collects blocks, acknowledging every frame, until one is as wanted.</summary>
    public async Task<List<Block>> BlocksUntilAsync(Func<Block, bool> isLast, Action<LiveFrame>? look = null)
    {
        var blocks = new List<Block>();
        while (true)
        {
            LiveFrame frame = await NextAsync(LiveFrame.Blocks);
            look?.Invoke(frame);
            blocks.AddRange(frame.Decoded);
            await AcknowledgeAsync(frame.Sequence);
            if (blocks.Exists(block => isLast(block)))
            {
                return blocks;
            }
        }
    }

    public async Task<WebSocketCloseStatus?> UntilClosedAsync()
    {
        while (await ReceiveAsync() is not null)
        {
            // What comes before the close is of no interest here.
        }

        return _socket.CloseStatus;
    }

    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(ViewerHost.Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, string.Empty, patience.Token);
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>The box did not switch protocols.</summary>
internal sealed class LiveRefusedException(int status, Exception inner) : Exception($"HTTP {status}", inner)
{
    public int Status => status;
}
