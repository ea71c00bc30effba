using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench</c>: figures in stated units.</summary>
internal static class BenchCommand
{
    public static Command Create() =>
        new("bench", "Measure this build on this machine; prints figures in stated units.") { Codec(), Live() };

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
