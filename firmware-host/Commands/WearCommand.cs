using System.CommandLine;
using System.Text.Json;
using Bedside.Host.Measuring;
using Bedside.Host.Options;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench wear</c>: what a bed writes to its disk in a day.</summary>
internal static class WearCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long to measure, in the bed's own time.", DefaultValueFactory = _ => 120 };
        var durability = new Option<string>("--durability") { Description = "What a power cut may cost: 1s or 10s.", DefaultValueFactory = _ => Durability.Default };
        var waveforms = new Option<DirectoryInfo?>("--wfdb") { Description = "Real recordings to feed it with, as for bench store; default: made from a seed." };
        var mount = new Option<string>("--mount") { Description = "How the file system of its own is mounted; with commit=5, ext4's default, every few seconds three blocks more are written.", DefaultValueFactory = _ => "noatime,commit=60" };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("wear", "Bytes that the reference bed writes in its own time, by the process and, with root, at a block device of its own.") { seconds, durability, waveforms, mount, json };
        command.SetAction(async (result, cancel) =>
        {
            int duration = result.GetValue(seconds);
            if (duration is < 2 or > 86_400)
            {
                throw new CommandFailedException($"--seconds must lie between 2 and 86400, not {duration}.");
            }

            string word = result.GetRequiredValue(durability);
            TimeSpan bound = Durability.Parse(word) ?? throw new CommandFailedException(Durability.Refusal("--durability", word));
            string? folder = result.GetValue(waveforms)?.FullName;
            if (folder is not null && !Directory.Exists(folder))
            {
                throw new CommandFailedException($"{folder} does not exist; name a directory of WFDB records.");
            }

            WearFigures figures = await WearBench.RunAsync(duration, bound, folder, result.GetRequiredValue(mount), TimeProvider.System, cancel);
            if (!result.GetValue(json))
            {
                Console.WriteLine(figures);
                return 0;
            }

            await using Stream output = Console.OpenStandardOutput();
            await using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
            {
                figures.WriteTo(writer);
            }

            await output.WriteAsync("\n"u8.ToArray(), cancel);
            return 0;
        });
        return command;
    }
}
