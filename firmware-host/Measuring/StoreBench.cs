using System.Diagnostics;
using System.Globalization;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>
/// Fills a store of its own with the reference bed, faster than time, and asks it at 1 h, 1 day, 7 and 30 days. The first
/// day is the whole bed; later days are the three signals that are asked for.
/// </summary>
internal sealed class StoreBench : IDisposable
{
    private const int LiveSeconds = 20;
    private const int PartsOfTurn = 8;
    private const int TurnsOfHour = 3600 / StoreBenchBed.SecondsOfBlock;
    private const int HoursOfDay = 24;
    private const double SecondsOfDay = 86_400;
    private const double Mega = 1e6;

    /// <summary>Without more days asked for, filling stops after so long, wherever it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private readonly string? _waveforms;
    private readonly TimeProvider _time;
    private readonly Action<string> _onProgress;
    private readonly string _folder = Directory.CreateTempSubdirectory("bedside-bench-").FullName;

    private StoreBench(string? waveforms, TimeProvider time, Action<string> onProgress)
    {
        _waveforms = waveforms;
        _time = time;
        _onProgress = onProgress;
    }

    public static async Task<StoreFigures> RunAsync(string? waveforms, int days, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        using var bench = new StoreBench(waveforms, time, onProgress);
        double live = await bench.LiveAsync(cancel);
        return await bench.FillAsync(days, live, cancel);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A bed in packets of a quarter of a second, with a sync after each second of it, but without waiting between.</summary>
    private async Task<double> LiveAsync(CancellationToken cancel)
    {
        _onProgress("bytes written for a bed in its own time");
        await using var store = Store.Open(Path.Combine(_folder, "live"), new StoreOptions(), _time);
        var bed = new StoreBenchBed(store, _waveforms);
        long before = 0;
        for (int turn = -1; turn < LiveSeconds / StoreBenchBed.SecondsOfBlock; turn++)
        {
            if (turn == 0)
            {
                before = BytesWritten();
            }

            Block[] blocks = [.. bed.Turn(turn + 1, isWhole: true, PartsOfTurn).OrderBy(block => block.Start)];
            foreach (Block[] second in new[] { blocks[..(blocks.Length / 2)], blocks[(blocks.Length / 2)..] })
            {
                foreach (Block block in second)
                {
                    await store.AppendAsync(block, cancel);
                }

                _ = await store.SyncAsync(cancel);
            }
        }

        return (BytesWritten() - before) / (double)LiveSeconds * SecondsOfDay / Mega;
    }

    private async Task<StoreFigures> FillAsync(int days, double live, CancellationToken cancel)
    {
        string path = Path.Combine(_folder, "filled");
        var growth = new List<GrowthFigures>();
        int[] stops = [1, .. new[] { 1, 7, 30, days }.Where(day => day <= days).Distinct().Order().Select(day => day * HoursOfDay)];
        long start = _time.GetTimestamp();
        long written = BytesWritten();
        (TimeSpan cpu, long turns, long samples, long bytes, bool isLate) = (TimeSpan.Zero, 0, 0, 0, false);
        foreach (int hours in stops)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            await using (var store = Store.Open(path, new StoreOptions(), _time))
            {
                var bed = new StoreBenchBed(store, _waveforms);
                for (; turns < (long)hours * TurnsOfHour && !isLate; turns++)
                {
                    bool isWhole = turns < HoursOfDay * TurnsOfHour;
                    foreach (Block block in bed.Turn(turns, isWhole, parts: 2))
                    {
                        await store.AppendAsync(block, cancel);
                    }

                    samples += StoreBenchBed.SamplesOfTurn(isWhole);
                    if (turns % TurnsOfHour == 0)
                    {
                        _onProgress(string.Create(CultureInfo.InvariantCulture, $"{turns / TurnsOfHour} of {stops[^1]} h stored"));
                        isLate = days == 1 && growth.Count > 0 && _time.GetElapsedTime(start) > Patience;
                    }
                }

                _ = await store.SyncAsync(cancel);
            }

            cpu += Environment.CpuUsage.TotalTime - before;
            bytes = BytesWritten() - written;
            _onProgress(string.Create(CultureInfo.InvariantCulture, $"questions at {turns / TurnsOfHour} h"));
            growth.Add(await MeasureAsync(path, turns, samples));
        }

        return new StoreFigures { Samples = samples, IngestMegasamplesPerCpuSecond = samples / Mega / cpu.TotalSeconds, BytesWritten = bytes, LiveMegabytesPerDay = live, Growth = growth };
    }

    private async Task<GrowthFigures> MeasureAsync(string path, long turns, long samples)
    {
        GC.Collect();
        long start = _time.GetTimestamp();
        await using var store = Store.Open(path, new StoreOptions(), _time);
        double open = _time.GetElapsedTime(start).TotalMilliseconds;
        var bed = new StoreBenchBed(store, _waveforms);
        IReadOnlyList<QueryFigures> queries = new StoreQuestions(store, bed, turns * StoreBenchBed.SecondsOfBlock, _time).Ask();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return new GrowthFigures
        {
            Hours = turns / (double)TurnsOfHour,
            Samples = samples,
            BytesOnDisk = store.Health.Bytes,
            Segments = store.Health.Segments,
            OpenMilliseconds = open,
            RssMiB = self.WorkingSet64 / 1024.0 / 1024,
            Queries = queries,
        };
    }

    private static long BytesWritten()
    {
        string line = File.ReadLines("/proc/self/io").First(line => line.StartsWith("write_bytes:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
