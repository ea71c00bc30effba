using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;

namespace Bedside.Host.Measuring;

/// <summary>One screen of the measurement: reads the live stream, acknowledges it, and counts samples; or is stalled, and reads nothing.</summary>
internal sealed class LiveScreen
{
    private const int FrameHeader = 28;
    private const int BlockHeader = 32;
    private const int CountAt = BlockHeader + 40;
    private const byte Blocks = 1;
    private const byte Gap = 3;

    private static readonly TimeSpan StalledConnection = TimeSpan.FromSeconds(25);

    private readonly byte[] _buffer = new byte[1 << 20];
    private long _samples;
    private long _gaps;

    /// <summary>Wave samples that came as live.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>GAP frames: what the box left out because this screen was slow.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>Reads until it is cancelled; whoever is closed meanwhile begins anew.</summary>
    public async Task WatchAsync(Uri box, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await GreetAsync(socket, box, cancel);
                while (await ReceiveAsync(socket, cancel) is int length and > 0)
                {
                    await TakeAsync(socket, length, cancel);
                }
            }
            catch (Exception end) when (end is OperationCanceledException or WebSocketException)
            {
                // The measurement is over, or the box closed.
            }
        }
    }

    /// <summary>Says hello and never reads a byte: the box closes it after a while, and it comes again.</summary>
    public static async Task StallAsync(Uri box, TimeProvider time, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await GreetAsync(socket, box, cancel);
                await Task.Delay(StalledConnection, time, cancel);
            }
            catch (Exception end) when (end is OperationCanceledException or WebSocketException)
            {
                // The measurement is over, or there is no place.
            }
        }
    }

    private static async Task GreetAsync(ClientWebSocket socket, Uri box, CancellationToken cancel)
    {
        socket.Options.AddSubProtocol("bedside.v1");
        await socket.ConnectAsync(new UriBuilder(box) { Scheme = "ws", Path = "/api/v1/live" }.Uri, cancel);
        await SayAsync(socket, """{"type":"hello","epoch":0,"seq":0,"waves":true}""", cancel);
    }

    /// <summary>Length of the next message in the buffer; 0 = closed.</summary>
    private async Task<int> ReceiveAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        int length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel);
            length += part.Count;
        }
        while (!part.EndOfMessage && length < _buffer.Length);
        return part.MessageType == WebSocketMessageType.Close ? 0 : length;
    }

    private async Task TakeAsync(ClientWebSocket socket, int length, CancellationToken cancel)
    {
        byte type = length > FrameHeader ? _buffer[5] : (byte)0;
        if (type == Gap)
        {
            Interlocked.Increment(ref _gaps);
        }
        else if (type == Blocks)
        {
            Count(_buffer.AsSpan(0, length));
            await SayAsync(socket, $$"""{"type":"ack","seq":{{BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(12))}}}""", cancel);
        }
    }

    private void Count(ReadOnlySpan<byte> frame)
    {
        bool history = (frame[6] & 1) != 0;
        for (int at = FrameHeader; at + 4 <= frame.Length && !history;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
            if (frame[at + 4] == 1)
            {
                Interlocked.Add(ref _samples, BinaryPrimitives.ReadUInt32LittleEndian(frame[(at + 4 + CountAt)..]));
            }

            at += 4 + length;
        }
    }

    private static Task SayAsync(ClientWebSocket socket, string text, CancellationToken cancel) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancel);
}
