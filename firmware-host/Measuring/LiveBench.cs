using System.Diagnostics;
using System.Globalization;
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

    /// <summary>Wave samples that reached one screen's connection, on average of those that read.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Screens that read and acknowledge.</summary>
    public required int Screens { get; init; }

    /// <summary>Further screens that say hello and read nothing.</summary>
    public required int StalledScreens { get; init; }

    /// <summary>GAP frames that the reading screens got: what the box left out for them.</summary>
    public required long Gaps { get; init; }

    /// <summary>Samples and readings that were due while it was measured.</summary>
    public required long Expected { get; init; }

    /// <summary>Of those, what the box did not capture, whatever the cause.</summary>
    public required long Missing { get; init; }

    /// <summary>Bytes that the process handed to the block layer (<c>/proc/PID/io write_bytes</c>); 0 where that is not readable.</summary>
    public required double BytesWrittenPerSecond { get; init; }
}

/// <summary>
/// Starts the demo's simulators and a box of its own, waits until both devices are live, connects screens, and measures the
/// box's process from outside.
/// </summary>
internal sealed class LiveBench : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private const int MostStartSeconds = 60;

    private readonly TimeProvider _time;
    private readonly BenchProcesses _processes = new();

    private LiveBench(TimeProvider time) => _time = time;

    public static async Task<LiveFigures> RunAsync(TimeSpan duration, int screens, int stalled, TimeProvider time, CancellationToken cancel)
    {
        await using var bench = new LiveBench(time);
        return await bench.MeasureAsync(duration, screens, stalled, cancel);
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private async Task<LiveFigures> MeasureAsync(TimeSpan duration, int screenCount, int stalled, CancellationToken cancel)
    {
        (Process box, Uri address) = await _processes.StartBedAsync(BenchProcesses.Simulators("bench live"), cancel);
        using var http = new HttpClient { BaseAddress = address };
        await UntilLiveAsync(http, cancel);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        LiveScreen[] screens = [.. Enumerable.Range(0, screenCount).Select(_ => new LiveScreen())];
        var watching = Task.WhenAll([
            .. screens.Select(screen => screen.WatchAsync(address, stop.Token)), .. Enumerable.Range(0, stalled).Select(_ => LiveScreen.StallAsync(address, _time, stop.Token)),
        ]);
        await Task.Delay(TimeSpan.FromSeconds(3), _time, cancel);

        (long expectedBefore, long missingBefore) = await CompletenessAsync(http, cancel);
        long gapsBefore = screens.Sum(screen => screen.Gaps);
        long start = _time.GetTimestamp();
        long samplesBefore = screens.Sum(screen => screen.Samples);
        double cpuBefore = CpuSeconds(box.Id);
        long writtenBefore = BytesWritten(box.Id);
        await Task.Delay(duration, _time, cancel);
        double seconds = _time.GetElapsedTime(start).TotalSeconds;
        double cpu = CpuSeconds(box.Id) - cpuBefore;
        long samples = screens.Sum(screen => screen.Samples) - samplesBefore;
        (int waves, int numerics) = await LiveSignalsAsync(http, cancel);
        (long expected, long missing) = await CompletenessAsync(http, cancel);
        var figures = new LiveFigures
        {
            Seconds = seconds,
            CpuPercentOfOneCore = cpu / seconds * 100,
            RssMiB = StatusMiB(box.Id, "VmRSS:"),
            RssPeakMiB = StatusMiB(box.Id, "VmHWM:"),
            Waves = waves,
            Numerics = numerics,
            SamplesPerSecond = samples / seconds / Math.Max(1, screenCount),
            Screens = screenCount,
            StalledScreens = stalled,
            Gaps = screens.Sum(screen => screen.Gaps) - gapsBefore,
            Expected = expected - expectedBefore,
            Missing = missing - missingBefore,
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

    /// <summary>What was due since the box began, and what of it is missing.</summary>
    private static async Task<(long Expected, long Missing)> CompletenessAsync(HttpClient http, CancellationToken cancel)
    {
        await using Stream body = await http.GetStreamAsync(new Uri("/api/v1/health", UriKind.Relative), cancel);
        using JsonDocument health = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
        JsonElement meter = health.RootElement.GetProperty("completeness");
        return (meter.GetProperty("expected").GetInt64(), meter.GetProperty("missing").GetInt64());
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
}
