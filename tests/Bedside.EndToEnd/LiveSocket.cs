using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;

namespace Bedside.EndToEnd;

/// <summary>Samples of one block: which of which signal. <paramref name="Received"/> is the test's own clock.</summary>
internal sealed record Span(uint Signal, uint Epoch, long First, int Count, long Start, long Received);

/// <summary>
/// A client of the live stream that knows only FORMAT.md and PROTOCOL.md: written anew here, so that an error shared by the
/// product's writer and reader cannot hide.
/// </summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private const int FrameHeader = 28;
    private const byte Data = 1;

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private Task _reading = Task.CompletedTask;

    public IEnumerable<Span> Spans => _spans;

    public static async Task<LiveSocket> OpenAsync(Uri box)
    {
        var live = new LiveSocket();
        live._socket.Options.AddSubProtocol("bedside.v1");
        await live._socket.ConnectAsync(new UriBuilder(box) { Scheme = "ws", Path = "/api/v1/live" }.Uri, CancellationToken.None);
        await live.SayAsync("""{"type":"hello","epoch":0,"seq":0,"waves":true}""");
        live._reading = live.ReadAsync();
        return live;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>The sample blocks among length-prefixed blocks.</summary>
    public static IEnumerable<Span> SpansOf(ReadOnlyMemory<byte> blocks, long received)
    {
        for (int at = 0; at + 4 <= blocks.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(blocks.Span[at..]);
            ReadOnlySpan<byte> block = blocks.Span.Slice(at + 4, length);
            at += 4 + length;
            if (block[0] == 1)
            {
                yield return new Span(
                    BinaryPrimitives.ReadUInt32LittleEndian(block[4..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(block[28..]),
                    BinaryPrimitives.ReadInt64LittleEndian(block[40..]),
                    BinaryPrimitives.ReadInt32LittleEndian(block[72..]),
                    BinaryPrimitives.ReadInt64LittleEndian(block[8..]),
                    received);
            }
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[4 << 20];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                if (part.MessageType == WebSocketMessageType.Binary)
                {
                    await TakeAsync(buffer.AsMemory(0, length).ToArray());
                }
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException)
        {
            // The box was killed, or the test is over.
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> frame)
    {
        bool history = (frame.Span[6] & 1) != 0;
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[12..]);
        if (frame.Span[5] == Data)
        {
            if (!history)
            {
                long now = TimeProvider.System.GetTimestamp();
                foreach (Span span in SpansOf(frame[FrameHeader..], now))
                {
                    _spans.Enqueue(span);
                }
            }

            await SayAsync($$"""{"type":"ack","seq":{{sequence}}}""");
        }
    }

    private Task SayAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
}
