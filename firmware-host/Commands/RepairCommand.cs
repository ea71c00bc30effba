using System.CommandLine;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Keys;
using Bedside.Storage.Repair;

namespace Bedside.Host.Commands;

/// <summary><c>bedside repair</c>: puts a damaged store in order.</summary>
internal static class RepairCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var command = new Command("repair", "Rebuild the index of damaged files, make gaps of what is lost, set aside what cannot be read. The box must not be running.") { data, key, dryRun, json };
        command.SetAction(async (result, cancel) =>
        {
            DirectoryInfo directory = result.GetRequiredValue(data);
            Task RepairAsync() => RunAsync((directory, BoxKeyPlace.Read(directory, result.GetValue(key))), result.GetValue(dryRun), result.GetValue(json), cancel);
            await (result.GetValue(dryRun) || !directory.Exists ? RepairAsync() : CommandAudit.AroundAsync(directory, CommandAudit.Entry(AuditAct.StoreRepair), RepairAsync));
            return 0;
        });
        return command;
    }

    private static async Task RunAsync((DirectoryInfo Directory, BoxKey? Key) store, bool isDryRun, bool asJson, CancellationToken cancel)
    {
        if (!store.Directory.Exists)
        {
            throw new CommandFailedException($"{store.Directory.FullName} does not exist; name the directory that bedside run --data was given.");
        }

        IReadOnlyList<FileRepair> done;
        try
        {
            using var progress = new FileProgress("Reading");
            int number = 0;
            int all = store.Directory.GetFiles("segment-*.bds").Length;
            done = await StoreRepair.RunAsync(store.Directory.FullName, isDryRun, TimeProvider.System, store.Key, file => progress.Show(file, ++number, Math.Max(number, all)), cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }

        if (asJson)
        {
            PrintJson(done, isDryRun);
        }
        else
        {
            Print(done, isDryRun);
        }
    }

    private static void Print(IReadOnlyList<FileRepair> done, bool isDryRun)
    {
        if (done.Count == 0)
        {
            Console.WriteLine("nothing to repair");
        }

        foreach (FileRepair one in done)
        {
            string what = one.Action switch
            {
                RepairAction.Rewritten => $"{(isDryRun ? "would be written" : "written")} anew from {one.Blocks} blocks",
                RepairAction.SetAside => $"{(isDryRun ? "would be set" : "set")} aside as {one.File}.bad: nothing in it can be read",
                RepairAction.Sealed => $"{(isDryRun ? "would be sealed" : "sealed")}; what was damaged in it is a gap",
                _ => "left alone: the disk cannot read all of it now",
            };
            Console.WriteLine($"{one.File}: {what} ({one.Why})");
            foreach (GapBlock gap in one.Lost)
            {
                Console.WriteLine($"  lost: signal {gap.Signal.Value}, {gap.Start} to {gap.Until}{(gap.Missing > 0 ? $", {gap.Missing} samples" : string.Empty)}");
            }
        }
    }

    private static void PrintJson(IReadOnlyList<FileRepair> done, bool isDryRun)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("dryRun", isDryRun);
            json.WriteStartArray("files");
            foreach (FileRepair one in done)
            {
                json.WriteStartObject();
                json.WriteString("file", one.File);
                json.WriteString("action", JsonNamingPolicy.KebabCaseLower.ConvertName(one.Action.ToString()));
                json.WriteNumber("blocks", one.Blocks);
                json.WriteString("why", one.Why);
                json.WriteStartArray("lost");
                foreach (GapBlock gap in one.Lost)
                {
                    json.WriteStartObject();
                    json.WriteNumber("signal", gap.Signal.Value);
                    json.WriteString("from", gap.Start.ToString());
                    json.WriteString("to", gap.Until.ToString());
                    json.WriteNumber("missing", gap.Missing);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
