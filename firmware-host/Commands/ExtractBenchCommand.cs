using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench extract</c>: how fast a package of research is built, and what capture notices of it.</summary>
internal static class ExtractBenchCommand
{
    private const int MostHours = 24 * 31;
    private const double Mega = 1e6;

    public static Command Create()
    {
        var hours = new Option<int>("--hours") { Description = "How much of the bed is stored and given, 1 to 744; a day is about 230 million samples.", DefaultValueFactory = _ => 24 };
        var folder = new Option<DirectoryInfo?>("--in") { Description = "Where store and package are made, in a folder of their own, which is deleted at the end; default: the folder for temporary files. A day takes 5 GB." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("extract", "Builds the package of one stay, from the store to the encrypted file: Arrow, WFDB and CSV with all tables, bag, signature, tar, age; another bed is captured meanwhile.") { hours, folder, json };
        command.SetAction(async (result, cancel) =>
        {
            int asked = result.GetValue(hours);
            if (asked is < 1 or > MostHours)
            {
                throw new CommandFailedException($"--hours must lie between 1 and {MostHours}, not {asked}.");
            }

            ExtractFigures figures = await ExtractBench.RunAsync(asked, result.GetValue(folder)?.FullName, TimeProvider.System, BenchCommand.Progress, cancel);
            BenchCommand.Progress(string.Empty);
            if (result.GetValue(json))
            {
                Print(figures);
            }
            else
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{figures.Samples / Mega:F1} million samples of {figures.Hours} h in {figures.Seconds:F1} s (content {figures.ContentSeconds:F1} s, sealing {figures.SealSeconds:F1} s; {figures.CpuSeconds:F1} s of CPU): {figures.MegasamplesPerSecond:F1} million a second; {figures.Bytes / Mega:F0} MB of {figures.Files} files, at most {figures.RssPeakMiB:F0} MiB of memory; {figures.Blocks} blocks of another bed meanwhile, the latest {figures.LagMilliseconds:F0} ms after it was due"));
            }

            return 0;
        });
        return command;
    }

    private static void Print(ExtractFigures figures)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("hours", figures.Hours);
            json.WriteNumber("samples", figures.Samples);
            json.WriteNumber("seconds", Math.Round(figures.Seconds, 2));
            json.WriteNumber("content_s", Math.Round(figures.ContentSeconds, 2));
            json.WriteNumber("seal_s", Math.Round(figures.SealSeconds, 2));
            json.WriteNumber("cpu_s", Math.Round(figures.CpuSeconds, 2));
            json.WriteNumber("msamples_per_s", Math.Round(figures.MegasamplesPerSecond, 2));
            json.WriteNumber("rss_peak_mib", Math.Round(figures.RssPeakMiB, 1));
            json.WriteNumber("bytes", figures.Bytes);
            json.WriteNumber("files", figures.Files);
            json.WriteNumber("capture_lag_ms", Math.Round(figures.LagMilliseconds, 1));
            json.WriteNumber("capture_blocks", figures.Blocks);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
