using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench</c>: figures in stated units.</summary>
internal static class BenchCommand
{
    /// <summary>Places that a box has for screens.</summary>
    private const int MostScreens = 64;

    public static Command Create() =>
        new("bench", "Measure this build on this machine; prints figures in stated units.") { Codec(), OfStore(), WearCommand.Create(), Hl7BenchCommand.Create(), Live(), ScreenBenchCommand.Create(), ExtractBenchCommand.Create() };

    private static Command Codec()
    {
        var wfdb = new Option<DirectoryInfo?>("--wfdb") { Description = "Folder of WFDB records to measure on; default: signals made up from a seed." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("codec", "Bytes a sample and speed of the codecs, sealed and in the journal, with frames and checksums.") { wfdb, json };
        command.SetAction(result =>
        {
            CodecReport report = MeasureCodec(result.GetValue(wfdb)?.FullName);
            if (result.GetValue(json))
            {
                CodecReportText.WriteJson(report);
            }
            else
            {
                CodecReportText.WriteTable(report);
            }

            return 0;
        });
        return command;
    }

    /// <summary>Names what it is at on a terminal.</summary>
    private static CodecReport MeasureCodec(string? folder)
    {
        const string EraseLine = "\r\u001b[K";
        Action<string> show = Console.IsErrorRedirected ? static _ => { } : static name => Console.Error.Write(EraseLine + name);
        CodecReport report = new CodecBench(show).Run(folder);
        show(string.Empty);
        return report;
    }

    private static Command Live()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long to measure, after the devices have come up.", DefaultValueFactory = _ => 30 };
        Option<bool> json = StoreArguments.Json();
        var screens = new Option<int>("--screens") { Description = "Screens that watch, 1 to 64 with the stalled ones.", DefaultValueFactory = _ => 1 };
        var stalled = new Option<int>("--stalled") { Description = "Further screens that are connected and read nothing.", DefaultValueFactory = _ => 0 };
        var command = new Command("live", "CPU and memory of the box on the load of the demo, with screens connected, and what it fails to capture meanwhile.") { seconds, screens, stalled, json };
        command.SetAction(async (result, cancel) =>
        {
            int duration = result.GetValue(seconds);
            if (duration is < 1 or > 86_400)
            {
                throw new CommandFailedException($"--seconds must lie between 1 and 86400, not {duration}.");
            }

            (int watching, int silent) = (result.GetValue(screens), result.GetValue(stalled));
            if (watching < 1 || silent < 0 || watching + silent > MostScreens)
            {
                throw new CommandFailedException($"--screens and --stalled must be 1 to {MostScreens} in all, at least one of which watches.");
            }

            LiveFigures figures = await LiveBench.RunAsync(TimeSpan.FromSeconds(duration), watching, silent, TimeProvider.System, cancel);
            if (result.GetValue(json))
            {
                Print(figures);
            }
            else
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"CPU {figures.CpuPercentOfOneCore:F2} % of one core, RSS {figures.RssMiB:F1} MiB (peak {figures.RssPeakMiB:F1}), {figures.Waves} waves and {figures.Numerics} numerics, {figures.SamplesPerSecond:F0} samples/s on each of {figures.Screens} screens ({figures.Gaps} gaps) beside {figures.StalledScreens} stalled, {figures.Missing} of {figures.Expected} samples not captured, over {figures.Seconds:F1} s"));
            }

            return 0;
        });
        return command;
    }

    private static Command OfStore()
    {
        var days = new Option<string>("--days") { Description = "When to ask, in days of the bed, ascending: 0.04,1,7,30 (0.04 is an hour). Days after the first are the first moved in time.", DefaultValueFactory = _ => "0.04,1" };
        var waveforms = new Option<DirectoryInfo?>("--wfdb") { Description = "WFDB records to fill it with: the reference bed where its records are in the folder, else every signal of every record; default: made from a seed." };
        var folder = new Option<DirectoryInfo?>("--in") { Description = "Where the store is made, in a folder of its own, which is deleted at the end; default: the folder for temporary files. A day takes 70 MB." };
        var keep = new Option<bool>("--keep") { Description = "Do not delete it." };
        var peers = new Option<bool>("--peers") { Description = "Give the same samples to VictoriaMetrics and InfluxDB 1.x too, and ask them the same. Debian: apt-get install victoria-metrics influxdb; one that is not installed is left out." };
        var peerHours = new Option<int>("--peer-hours") { Description = "How much of the bed the peers get, in hours from 1 to 24; they take ten to a hundred times our time. Our store is asked at that time too.", DefaultValueFactory = _ => 1 };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("store", "What the store takes and gives: bytes and speed, and the questions of a screen in process and over HTTP, at several sizes.") { days, waveforms, folder, keep, peers, peerHours, json };
        command.SetAction(async (result, cancel) =>
        {
            IReadOnlyList<int> stops = StopsOf(result.GetRequiredValue(days));
            string? records = result.GetValue(waveforms)?.FullName;
            if (records is not null && !Directory.Exists(records))
            {
                throw new CommandFailedException($"{records} does not exist; name a directory of WFDB records.");
            }

            int hours = result.GetValue(peerHours);
            if (hours is < 1 or > 24)
            {
                throw new CommandFailedException($"--peer-hours must lie between 1 and 24, not {hours}.");
            }

            StoreFigures figures = await StoreBench.RunAsync(records, stops, result.GetValue(peers) ? hours : null, (result.GetValue(folder)?.FullName, result.GetValue(keep)), TimeProvider.System, Progress, cancel);
            Progress(string.Empty);
            if (result.GetValue(json))
            {
                PrintJson(figures);
            }
            else
            {
                StoreFiguresText.Write(figures, Console.Out);
            }

            return figures.Peers?.Measured.Select(peer => peer.Trouble).FirstOrDefault(trouble => trouble is not null) is { } trouble ? throw new CommandFailedException(trouble) : 0;
        });
        return command;
    }

    /// <summary>Days as whole hours, whole days from the second on.</summary>
    private static List<int> StopsOf(string text)
    {
        const int HoursOfDay = 24;
        var stops = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double days) || days is <= 0 or > 366)
            {
                throw new CommandFailedException($"--days takes numbers from 0.04 to 366 with commas between, not {text}.");
            }

            stops.Add(days > 1 ? (int)Math.Round(days) * HoursOfDay : Math.Max(1, (int)Math.Round(days * HoursOfDay)));
        }

        return stops.SequenceEqual(stops.Distinct().Order()) ? stops : throw new CommandFailedException($"--days must ascend; {text} does not.");
    }

    /// <summary>One line that is written over, for a person at a terminal.</summary>
    internal static void Progress(string what)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r\u001b[K{what}");
        }
    }

    private static void PrintJson(StoreFigures figures)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            figures.WriteTo(writer);
        }

        output.Write("\n"u8);
    }

    private static void Print(LiveFigures figures)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("seconds", Math.Round(figures.Seconds, 2));
            json.WriteNumber("cpu_percent_of_one_core", Math.Round(figures.CpuPercentOfOneCore, 2));
            json.WriteNumber("rss_mib", Math.Round(figures.RssMiB, 1));
            json.WriteNumber("rss_peak_mib", Math.Round(figures.RssPeakMiB, 1));
            json.WriteNumber("waves", figures.Waves);
            json.WriteNumber("numerics", figures.Numerics);
            json.WriteNumber("samples_per_s", Math.Round(figures.SamplesPerSecond));
            json.WriteNumber("bytes_written_per_s", Math.Round(figures.BytesWrittenPerSecond));
            json.WriteNumber("screens", 1);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
