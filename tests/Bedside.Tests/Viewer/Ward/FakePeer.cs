using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using Bedside.Model;
using Bedside.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bedside.Tests.Viewer.Ward;

/// <summary>What answers where another box should: it does as it is told with each connection, and speaks the protocol byte for byte where it is to.</summary>
internal sealed class FakePeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;

    private FakePeer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public int Connections => Volatile.Read(ref _connections);

    public string Bed { get; set; } = "7";

    /// <summary>Listens on a free port of this machine.</summary>
    /// <param name="talk">What is done with the connection of that number, from 1.</param>
    public static async Task<FakePeer> StartAsync(Func<FakeTalk, int, Task> talk)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var peer = new FakePeer(app);
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync("bedside.v1");
                try
                {
                    await talk(new FakeTalk(socket, peer, context.RequestAborted), Interlocked.Increment(ref peer._connections));
                }
                catch (Exception end) when (end is WebSocketException or OperationCanceledException or IOException)
                {
                    // The other side hung up, which is what some of these tests are about.
                }

                return;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("/session", StringComparison.Ordinal) ? $$"""{"bed":"{{peer.Bed}}"}""" : "[]");
        });
        await app.StartAsync();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>One connection of the fake.</summary>
internal sealed class FakeTalk(WebSocket socket, FakePeer peer, CancellationToken cancel)
{
    private uint _sequence;

    public CancellationToken Cancel => cancel;

    public static long Now => (TimeProvider.System.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100;

    /// <summary>Waits for hello, then says who it is.</summary>
    public async Task BeginAsync(uint epoch = 7)
    {
        await HearAsync();
        await FrameAsync(4, epoch, Encoding.UTF8.GetBytes(
            $$"""
            {"session":{"bed":"{{peer.Bed}}"},"devices":[{"device":"monitor","state":"receiving"}],
             "signals":[{"number":1,"id":"hr","kind":"numeric","short":"HR","unit":"/min","device":"monitor","expected_s":1,"group":"ecg","colour":"#00e676"},
                        {"number":2,"id":"ecg-ii","kind":"waveform","short":"II","unit":"mV","device":"monitor","group":"ecg","colour":"#00e676"}]}
            """));
    }

    /// <summary>A heart rate and a second of wave now, and the beat that follows.</summary>
    public async Task LiveAsync(long rate, uint epoch = 7)
    {
        UtcInstant now = new(Now);
        var signal = new SignalNumber(1);
        Block[] blocks =
        [
            new NumericBlock { Signal = signal, Start = now, ClockEpoch = 1, Readings = [new NumericReading(now, new Fixed(rate, 0), Validity.Valid, DeviceNanoseconds: null)] },
            new SampleBlock { Signal = new SignalNumber(2), Start = now.Add(-1_000_000_000), ClockEpoch = 1, Period = SamplePeriod.FromHertz(500), Samples = new int[500], Scale = Blocks.Scale, FirstIndex = now.UnixNanoseconds / 2_000_000 },
        ];
        var body = new List<byte>();
        foreach (byte[] block in blocks.Select(BlockCodec.Encode))
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, block.Length);
            body.AddRange(length);
            body.AddRange(block);
        }

        await FrameAsync(1, epoch, [.. body]);
        await FrameAsync(2, epoch, """{"devices":[{"device":"monitor","state":"receiving"}],"dictionary":"d"}"""u8.ToArray());
    }

    public Task FrameAsync(byte type, uint epoch, byte[] body)
    {
        byte[] frame = new byte[28 + body.Length];
        "BDS1"u8.CopyTo(frame);
        frame[4] = 1;
        frame[5] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), ++_sequence);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(16), Now);
        body.CopyTo(frame, 28);
        return RawAsync(frame);
    }

    public Task RawAsync(byte[] bytes, bool isEnd = true) => socket.SendAsync(bytes, WebSocketMessageType.Binary, isEnd, cancel);

    public async Task<string> HearAsync()
    {
        byte[] buffer = new byte[4096];
        WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, cancel);
        return Encoding.UTF8.GetString(buffer, 0, part.Count);
    }
}
