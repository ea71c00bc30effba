using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Bedside.Host.Commands;

namespace Bedside.Host.Measuring;

/// <summary>What the box cost while it ran the demo's bed.</summary>
internal sealed record LiveFigures
{
    public required double Seconds { get; init; }

    /// <summary>User and system time of the box's process alone.</summary>
    public required double CpuPercentOfOneCore { get; init; }

    public required double RssMiB { get; init; }

    public required double RssPeakMiB { get; init; }

    /// <summary>Waveforms that were live at the end.</summary>
    public required int Waves { get; init; }

    public required int Numerics { get; init; }

    /// <summary>Wave samples that reached the screen's connection.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Bytes that the process handed to the block layer (<c>/proc/PID/io write_bytes</c>); 0 where that is not readable.</summary>
    public required double BytesWrittenPerSecond { get; init; }
}

/// <summary>
/// Starts the demo's simulators and a box of its own, connects one screen, waits until both devices are live, and measures the
/// box's process from outside.
/// </summary>
internal sealed class LiveBench : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private const int MostStartSeconds = 60;

    private readonly TimeProvider _time;
    private readonly BenchProcesses _processes = new();

    private LiveBench(TimeProvider time) => _time = time;

    public static async Task<LiveFigures> RunAsync(TimeSpan duration, TimeProvider time, CancellationToken cancel)
    {
        await using var bench = new LiveBench(time);
        return await bench.MeasureAsync(duration, cancel);
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private async Task<LiveFigures> MeasureAsync(TimeSpan duration, CancellationToken cancel)
    {
        (Process box, Uri address) = await _processes.StartBedAsync(BenchProcesses.Simulators("bench live"), cancel);
        using var http = new HttpClient { BaseAddress = address };
        await UntilLiveAsync(http, cancel);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var screen = new Screen();
        Task watching = screen.WatchAsync(address, stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), _time, cancel);

        long start = _time.GetTimestamp();
        long samplesBefore = screen.Samples;
        double cpuBefore = CpuSeconds(box.Id);
        long writtenBefore = BytesWritten(box.Id);
        await Task.Delay(duration, _time, cancel);
        double seconds = _time.GetElapsedTime(start).TotalSeconds;
        double cpu = CpuSeconds(box.Id) - cpuBefore;
        (int waves, int numerics) = await LiveSignalsAsync(http, cancel);
        var figures = new LiveFigures
        {
            Seconds = seconds,
            CpuPercentOfOneCore = cpu / seconds * 100,
            RssMiB = StatusMiB(box.Id, "VmRSS:"),
            RssPeakMiB = StatusMiB(box.Id, "VmHWM:"),
            Waves = waves,
            Numerics = numerics,
            SamplesPerSecond = (screen.Samples - samplesBefore) / seconds,
            BytesWrittenPerSecond = (BytesWritten(box.Id) - writtenBefore) / seconds,
        };
        await stop.CancelAsync();
        await watching;
        return figures;
    }

    private async Task UntilLiveAsync(HttpClient http, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        while (await LiveSignalsAsync(http, cancel) is not ( >= 8, >= 15))
        {
            if (_time.GetElapsedTime(start).TotalSeconds > MostStartSeconds)
            {
                throw new CommandFailedException($"the simulated devices did not come up within {MostStartSeconds} s.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), _time, cancel);
        }
    }

    private static async Task<(int Waves, int Numerics)> LiveSignalsAsync(HttpClient http, CancellationToken cancel)
    {
        await using Stream body = await http.GetStreamAsync(new Uri("/api/v1/signals", UriKind.Relative), cancel);
        using JsonDocument signals = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
        JsonElement[] live = [.. signals.RootElement.EnumerateArray().Where(signal => signal.GetProperty("state").GetString() == "live")];
        return (live.Count(signal => signal.GetProperty("kind").GetString() == "waveform"), live.Count(signal => signal.GetProperty("kind").GetString() == "numeric"));
    }

    /// <summary>Fields 14 and 15 of <c>/proc/PID/stat</c>, counted after the name in brackets, in clock ticks.</summary>
    private static double CpuSeconds(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double StatusMiB(int pid, string field)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static long BytesWritten(int pid)
    {
        try
        {
            string line = File.ReadLines($"/proc/{pid}/io").First(line => line.StartsWith("write_bytes:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>One screen: reads the live stream, acknowledges it, and counts samples.</summary>
    private sealed class Screen
    {
        private const int FrameHeader = 28;
        private const int BlockHeader = 32;

        private long _samples;

        public long Samples => Interlocked.Read(ref _samples);

        public async Task WatchAsync(Uri box, CancellationToken cancel)
        {
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("bedside.v1");
            byte[] buffer = new byte[4 << 20];
            try
            {
                await socket.ConnectAsync(new UriBuilder(box) { Scheme = "ws", Path = "/api/v1/live" }.Uri, cancel);
                await SayAsync(socket, """{"type":"hello","epoch":0,"seq":0,"waves":true}""", cancel);
                while (true)
                {
                    int length = 0;
                    ValueWebSocketReceiveResult part;
                    do
                    {
                        part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                        length += part.Count;
                    }
                    while (!part.EndOfMessage);
                    if (part.MessageType == WebSocketMessageType.Binary && buffer[5] == 1)
                    {
                        Count(buffer.AsSpan(0, length));
                        await SayAsync(socket, $$"""{"type":"ack","seq":{{BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(12))}}}""", cancel);
                    }
                }
            }
            catch (Exception end) when (end is OperationCanceledException or WebSocketException)
            {
                // The measurement is over.
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
                    Interlocked.Add(ref _samples, BinaryPrimitives.ReadUInt32LittleEndian(frame[(at + 4 + BlockHeader + 40)..]));
                }

                at += 4 + length;
            }
        }

        private static Task SayAsync(ClientWebSocket socket, string text, CancellationToken cancel) =>
            socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancel);
    }
}
