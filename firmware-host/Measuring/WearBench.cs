using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>What a bed in its own time writes. All figures are MB (10^6 bytes) a day.</summary>
internal sealed record WearFigures
{
    public required double Seconds { get; init; }

    public required double BoundSeconds { get; init; }

    /// <summary>What the process handed to the disk, less what it took back (<c>/proc/self/io</c>), sealing apart.</summary>
    public required double Journal { get; init; }

    /// <summary>The bytes of the segment that an hour of the same bed becomes, 24 times.</summary>
    public required double Sealing { get; init; }

    /// <summary>What reached the block device, its file system's bookkeeping included, sealing apart; null where nobody counts it.</summary>
    public required double? Device { get; init; }

    /// <summary>What that device is, or why there is none.</summary>
    public required string DeviceIs { get; init; }

    public double Total => Journal + Sealing;

    public double? DeviceTotal => Device + Sealing;

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("seconds", Math.Round(Seconds, 1));
        json.WriteNumber("power_cut_bound_s", BoundSeconds);
        json.WriteNumber("process_mb_per_day", Math.Round(Total, 1));
        json.WriteNumber("process_journal_mb_per_day", Math.Round(Journal, 1));
        json.WriteNumber("sealing_mb_per_day", Math.Round(Sealing, 1));
        if (DeviceTotal is { } device)
        {
            json.WriteNumber("device_mb_per_day", Math.Round(device, 1));
        }

        json.WriteString("device", DeviceIs);
        json.WriteEndObject();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Total:F0} MB a day by the process ({Journal:F0} journal, {Sealing:F0} sealing), {(DeviceTotal is { } device ? string.Create(CultureInfo.InvariantCulture, $"{device:F0} MB a day at the device: ") : string.Empty)}{DeviceIs}; over {Seconds:F0} s with a bound of {BoundSeconds:F0} s");
}

/// <summary>
/// The reference bed (eleven waveforms in packets of a quarter of a second, forty numerics a second) in its own time into a store
/// of its own, and what is written for it. Sealing, which comes once an hour, is measured apart.
/// </summary>
internal sealed class WearBench : IAsyncDisposable
{
    private const int PartsOfTurn = 8;
    private const int WarmUpTurns = 3;
    private const int SecondsOfHour = 3_600;
    private const int HoursOfDay = 24;
    private const double SecondsOfDay = 86_400;
    private const double Mega = 1e6;

    private readonly TimeProvider _time;
    private readonly string? _waveforms;
    private readonly string _folder = Directory.CreateTempSubdirectory("bedside-bench-").FullName;
    private LoopImage? _image;

    private WearBench(string? waveforms, TimeProvider time)
    {
        _waveforms = waveforms;
        _time = time;
    }

    public static async Task<WearFigures> RunAsync(int seconds, TimeSpan bound, string? waveforms, string mount, TimeProvider time, CancellationToken cancel)
    {
        await using var bench = new WearBench(waveforms, time);
        return await bench.MeasureAsync(seconds, bound, mount, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_image is not null)
        {
            await _image.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<WearFigures> MeasureAsync(int seconds, TimeSpan bound, string mount, CancellationToken cancel)
    {
        (_image, string reason) = await LoopImage.TryMakeAsync(_folder, mount, cancel);
        string path = Path.Combine(_image?.MountPoint ?? _folder, "store");
        var options = new StoreOptions { SyncEvery = bound };
        int turns = (seconds + StoreBenchBed.SecondsOfBlock - 1) / StoreBenchBed.SecondsOfBlock;
        long start;
        double elapsed;
        long process;
        long? device;
        await using (var store = Store.Open(path, options, _time))
        {
            string? number = BlockDevice.Under(path);
            var bed = new StoreBenchBed(store, _waveforms);
            long began = _time.GetTimestamp();
            await FeedAsync(store, bed, began, 0, WarmUpTurns, cancel);
            if (_image is not null)
            {
                await _image.FlushAsync(cancel);
            }

            start = _time.GetTimestamp();
            process = ProcessBytes();
            device = BlockDevice.BytesWritten(number);
            await FeedAsync(store, bed, began, WarmUpTurns, WarmUpTurns + turns, cancel);
            process = ProcessBytes() - process;
            device = BlockDevice.BytesWritten(number) - device;
            elapsed = _time.GetElapsedTime(start).TotalSeconds;
        }

        double days = elapsed / SecondsOfDay;
        return new WearFigures
        {
            Seconds = elapsed,
            BoundSeconds = bound.TotalSeconds,
            Journal = process / days / Mega,
            Sealing = await SealedBytesOfHourAsync(cancel) * HoursOfDay / Mega,
            Device = device / days / Mega,
            DeviceIs = _image is null && device is not null ? $"the whole device, other programs too; {reason}" : reason,
        };
    }

    /// <summary>Each packet when its last sample was taken.</summary>
    private async Task FeedAsync(Store store, StoreBenchBed bed, long began, int from, int to, CancellationToken cancel)
    {
        for (int turn = from; turn < to; turn++)
        {
            ILookup<long, Block> packets = bed.Turn(turn, PartsOfTurn)
                .Where(block => !bed.IsExtra(block.Signal))
                .ToLookup(block => block.Start.Since(StoreBenchBed.Start.Add(turn * StoreBenchBed.SecondsOfBlock * 1_000_000_000L)) * PartsOfTurn / (StoreBenchBed.SecondsOfBlock * 1_000_000_000L));
            for (int part = 0; part < PartsOfTurn; part++)
            {
                var due = TimeSpan.FromSeconds((turn + ((part + 1) / (double)PartsOfTurn)) * StoreBenchBed.SecondsOfBlock);
                TimeSpan wait = due - _time.GetElapsedTime(began);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, cancel);
                }

                foreach (Block block in packets[part])
                {
                    await store.AppendAsync(block, cancel);
                }
            }
        }
    }

    /// <summary>As a box seals them: an hour of blocks in one journal. A store that is opened again seals what the last run left.</summary>
    private async Task<long> SealedBytesOfHourAsync(CancellationToken cancel)
    {
        string path = Path.Combine(_folder, "hour");
        await using (var store = Store.Open(path, new StoreOptions(), _time))
        {
            var bed = new StoreBenchBed(store, _waveforms);
            for (int turn = 0; turn < SecondsOfHour / StoreBenchBed.SecondsOfBlock; turn++)
            {
                foreach (Block block in bed.Turn(turn, parts: 2).Where(block => !bed.IsExtra(block.Signal)))
                {
                    await store.AppendAsync(block, cancel);
                }
            }

            _ = await store.SyncAsync(cancel);
        }

        await using var again = Store.Open(path, new StoreOptions(), _time);
        while (again.Health.Segments == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancel);
        }

        return Directory.EnumerateFiles(path, "*.bds").Sum(file => new FileInfo(file).Length);
    }

    private static long ProcessBytes()
    {
        var counts = File.ReadLines("/proc/self/io")
            .Select(line => line.Split(": "))
            .ToDictionary(fields => fields[0], fields => long.Parse(fields[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return counts["write_bytes"] - counts["cancelled_write_bytes"];
    }
}
