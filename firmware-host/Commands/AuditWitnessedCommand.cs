using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Host.Commands;

/// <summary><c>bedside audit witnessed</c>: what this box saw of the journals of others, to hold them against it.</summary>
internal static class AuditWitnessedCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var output = new Option<DirectoryInfo?>("--out") { Description = "Also write each as a file into this folder, for bedside audit verify --checkpoint on the box that it is of." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("witnessed", "What this box saw of the journals of others: how long each was and when. Boxes of a unit bring it by themselves every five minutes.") { data, output, json };
        command.SetAction(result =>
        {
            DirectoryInfo directory = StoreArguments.Existing(result.GetRequiredValue(data));
            try
            {
                IDisk? disk = AuditFolder.ForReading(directory.FullName);
                WitnessedText[] seen = [.. (disk is null ? [] : Witness.ReadAll(disk)).Select(one => new WitnessedText(one.Checkpoint.Origin, one.Box, one.Checkpoint.Size, one.Checkpoint.At.ToString(), one.Checkpoint.ToString()))];
                Print(seen, result.GetValue(json));
                if (result.GetValue(output) is { } folder)
                {
                    Write(folder, seen);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException(failure.Message);
            }

            return 0;
        });
        return command;
    }

    private static void Print(WitnessedText[] seen, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(seen, WitnessedTexts.Default.WitnessedTextArray));
            return;
        }

        foreach (WitnessedText one in seen)
        {
            Console.WriteLine($"{one.Origin}  {one.Entries} entries on {one.At}{(one.Box.Length > 0 ? $"  {one.Box}" : string.Empty)}");
        }

        if (seen.Length == 0)
        {
            Console.WriteLine("no journal of another box was seen here");
        }
    }

    private static void Write(DirectoryInfo folder, WitnessedText[] seen)
    {
        folder.Create();
        foreach (WitnessedText one in seen)
        {
            string file = Path.Combine(folder.FullName, $"{one.Origin[(one.Origin.LastIndexOf('/') + 1)..]}.checkpoint");
            File.WriteAllText(file, one.Checkpoint, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            Console.Error.WriteLine($"bedside: written to {file}");
        }
    }
}

/// <summary>One of <c>audit witnessed --json</c>.</summary>
/// <param name="Box">Name in the unit of the box whose journal it is: of the head its host name; empty = it was brought as a file.</param>
/// <param name="Checkpoint">As <c>audit verify --checkpoint</c> takes it.</param>
internal sealed record WitnessedText(string Origin, string Box, long Entries, string At, string Checkpoint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WitnessedText[]))]
internal sealed partial class WitnessedTexts : JsonSerializerContext;
