using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench</c>: figures in stated units.</summary>
internal static class BenchCommand
{
    public static Command Create() =>
        new("bench", "Measure this build on this machine; prints figures in stated units.") { Codec(), OfStore(), WearCommand.Create(), Live() };

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
        var command = new Command("live", "CPU and memory of the box on the load of the demo, with one screen connected.") { seconds, json };
        command.SetAction(async (result, cancel) =>
        {
            int duration = result.GetValue(seconds);
            if (duration is < 1 or > 86_400)
            {
                throw new CommandFailedException($"--seconds must lie between 1 and 86400, not {duration}.");
            }

            LiveFigures figures = await LiveBench.RunAsync(TimeSpan.FromSeconds(duration), TimeProvider.System, cancel);
            if (result.GetValue(json))
            {
                Print(figures);
            }
            else
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"CPU {figures.CpuPercentOfOneCore:F2} % of one core, RSS {figures.RssMiB:F1} MiB (peak {figures.RssPeakMiB:F1}), {figures.Waves} waves and {figures.Numerics} numerics, {figures.SamplesPerSecond:F0} samples/s over {figures.Seconds:F1} s"));
            }

            return 0;
        });
        return command;
    }

    private static Command OfStore()
    {
        var days = new Option<int>("--days") { Description = "How long the bed is, in days; more than 1 takes minutes.", DefaultValueFactory = _ => 1 };
        var waveforms = new Option<DirectoryInfo?>("--wfdb") { Description = "Real recordings to fill it with, as WFDB records named …_ECGII, …_ABP and so on; default: made from a seed." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("store", "What the store takes and gives: the reference bed at 1 h and 1 day (7, 30), with the questions of a screen.") { days, waveforms, json };
        command.SetAction(async (result, cancel) =>
        {
            int length = result.GetValue(days);
            if (length is < 1 or > 366)
            {
                throw new CommandFailedException($"--days must lie between 1 and 366, not {length}.");
            }

            string? folder = result.GetValue(waveforms)?.FullName;
            if (folder is not null && !Directory.Exists(folder))
            {
                throw new CommandFailedException($"{folder} does not exist; name a directory of WFDB records.");
            }

            StoreFigures figures = await StoreBench.RunAsync(folder, length, TimeProvider.System, Progress, cancel);
            if (!Console.IsErrorRedirected)
            {
                await Console.Error.WriteAsync("\r\u001b[K");
            }

            if (result.GetValue(json))
            {
                PrintJson(figures);
            }
            else
            {
                Print(figures);
            }

            return 0;
        });
        return command;
    }

    /// <summary>One line that is written over, for a person at a terminal.</summary>
    private static void Progress(string what)
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

    private static void Print(StoreFigures figures)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Samples} samples at {figures.IngestMegasamplesPerCpuSecond:F2} M a second of processor time; a bed in its own time writes {figures.LiveMegabytesPerDay:F0} MB a day"));
        foreach (GrowthFigures row in figures.Growth)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Hours:F1} h: {row.BytesOnDisk} bytes, {(double)row.BytesOnDisk / row.Samples:F3} a sample, {row.Segments} segments, open in {row.OpenMilliseconds:F1} ms, {row.RssMiB:F0} MiB"));
            foreach (QueryFigures query in row.Queries)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {query.Name}: {query.MedianMilliseconds:F2} ms, p99 {query.P99Milliseconds:F2} ms"));
            }
        }
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
