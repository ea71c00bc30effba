using System.CommandLine;
using System.Text.Json;
using Bedside.Identity;
using Bedside.Storage;
using Bedside.Storage.Keys;

namespace Bedside.Host.Commands;

/// <summary><c>bedside verify</c>: reads every byte of a store and says what is damaged.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("verify", "Read everything in a store; print a JSON summary; exit 1 when anything is damaged.") { data, key, json };
        command.SetAction(async (result, cancel) =>
        {
            DirectoryInfo directory = result.GetRequiredValue(data);
            if (!directory.Exists)
            {
                throw new CommandFailedException($"{directory.FullName} does not exist; name the directory that bedside run --data was given.");
            }

            using var progress = new FileProgress("Reading");
            BoxKey? box = BoxKeyPlace.Read(directory, result.GetValue(key));
            VerifyReport report = Verification.Run(directory.FullName, cancel, box, progress.Show);
            progress.Clear();
            string vault = box is null ? string.Empty : IdentityVault.Check(directory.FullName, box);
            Print(report, vault);
            if (report.Locked.Count > 0)
            {
                await Console.Error.WriteLineAsync($"bedside: {report.Locked.Count} files cannot be read, only their checksums were: {report.Locked[0]}; name the file of the box key with --box-key.");
            }

            if (report.Damaged.Count > 0)
            {
                await Console.Error.WriteLineAsync($"bedside: {report.Damaged.Count} damaged places; everything else can be read. bedside repair --data {directory.FullName} puts the store in order.");
                return 1;
            }

            if (vault.Length > 0)
            {
                await Console.Error.WriteLineAsync($"bedside: {vault}.");
            }

            return report.Locked.Count > 0 || vault.Length > 0 ? 1 : 0;
        });
        return command;
    }

    private static void Print(VerifyReport report, string vault)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("blocks", report.Blocks);
            json.WriteNumber("samples", report.Samples);
            json.WriteNumber("signals", report.Signals.Count);
            json.WriteNumber("evidence", report.EvidenceEntries);
            json.WriteNumber("unfinished", report.Unfinished.Count);
            json.WriteString("identities", vault.Length > 0 ? vault : "whole, or none");
            json.WriteStartArray("damaged");
            foreach (Damage damage in report.Damaged)
            {
                json.WriteStartObject();
                json.WriteString("file", damage.File);
                json.WriteNumber("offset", damage.Offset);
                json.WriteNumber("signal", damage.Signal.Value);
                json.WriteString("id", report.Signals.FirstOrDefault(signal => signal.Number == damage.Signal)?.Id);
                json.WriteString("what", damage.What);
                json.WriteString("from", damage.From?.ToString());
                json.WriteString("to", damage.Until?.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("locked");
            foreach (string sentence in report.Locked)
            {
                json.WriteStringValue(sentence);
            }

            json.WriteEndArray();
            json.WriteStartArray("gaps");
            foreach (Model.GapBlock gap in report.Gaps)
            {
                json.WriteStartObject();
                json.WriteNumber("signal", gap.Signal.Value);
                json.WriteString("device", gap.Device);
                json.WriteString("from", gap.Start.ToString());
                json.WriteString("to", gap.Until.ToString());
                json.WriteString("cause", JsonNamingPolicy.KebabCaseLower.ConvertName(gap.Cause.ToString()));
                json.WriteNumber("missing", gap.Missing);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
