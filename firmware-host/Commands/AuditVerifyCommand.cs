using System.CommandLine;
using System.Text.Json;
using Bedside.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Host.Commands;

/// <summary><c>bedside audit verify</c>: whether the journal is what was written, and where not.</summary>
internal static class AuditVerifyCommand
{
    private const string Inside = "checkpoints that others cosigned were found in the box itself: that the whole of it was put back to an older state is seen with one of the witness alone; bedside audit witnessed --out writes it there.";

    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var checkpoints = new Option<FileInfo[]>("--checkpoint") { Description = "A checkpoint of this journal from paper or from a witness; may be given several times." };
        var key = new Option<FileInfo?>("--key") { Description = "File with the verification key, as bedside audit key printed it; default: the one that still lies in the box." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("verify", "Read the whole journal; exit 1 names the first entry that was altered, is missing or stands in another place, and what was cut away or rolled back.") { data, checkpoints, key, json };
        command.SetAction((result, cancel) =>
        {
            DirectoryInfo directory = StoreArguments.Existing(result.GetRequiredValue(data));
            Checkpoint[] known = [.. (result.GetValue(checkpoints) ?? []).Select(Read)];
            return Task.FromResult(Run(directory, known, result.GetValue(key), result.GetValue(json), cancel));
        });
        return command;
    }

    private static int Run(DirectoryInfo data, Checkpoint[] known, FileInfo? keyFile, bool json, CancellationToken cancel)
    {
        AuditReport report;
        string note = string.Empty;
        try
        {
            IDisk disk = AuditFolder.ForReading(data.FullName) ?? throw new CommandFailedException(known.Length > 0
                ? $"{data.FullName} has no journal of access, and on {known[0].At} it had {known[0].Size} entries: all of it is missing."
                : $"{data.FullName} has no journal of access; bedside run begins one.");
            IReadOnlyList<VerificationKey> keys = Keys(disk, keyFile, ref note);
            IReadOnlyList<Checkpoint> inside = OwnWitnesses.Read(disk);
            report = AuditVerification.Run(disk, keys, [.. known, .. inside], cancel);
            if (known.Length == 0 && inside.Count > 0)
            {
                report = report with { Limits = [.. report.Limits, Inside] };
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }

        if (note.Length > 0)
        {
            report = report with { Limits = [.. report.Limits, note] };
        }

        if (json)
        {
            PrintJson(report);
        }
        else
        {
            Print(report);
        }

        foreach (AuditFinding finding in report.Findings)
        {
            Console.Error.WriteLine($"bedside: {finding.Sentence}.");
        }

        return report.Findings.Count > 0 ? 1 : 0;
    }

    private static Checkpoint Read(FileInfo file) =>
        WitnessRequest.Parse(AuditCommand.ReadText(file))?.Checkpoint ?? throw new CommandFailedException($"{file.FullName} is no checkpoint; bedside audit checkpoint and bedside audit cosign write them.");

    private static IReadOnlyList<VerificationKey> Keys(IDisk disk, FileInfo? file, ref string note)
    {
        if (file is not null)
        {
            IReadOnlyList<VerificationKey> named = VerificationFile.KeysOf(AuditCommand.ReadText(file));
            return named.Count > 0 ? named : throw new CommandFailedException($"{file.FullName} holds no verification key, or it was mistyped; a line of it begins with bedside-audit-key.");
        }

        IReadOnlyList<VerificationKey> inside = VerificationFile.Read(disk);
        note = inside.Count > 0 ? "the seals were checked with the key that still lies in the box: whoever could read it could have sealed everything anew. Take it out with bedside audit key --take." : string.Empty;
        return inside;
    }

    private static void Print(AuditReport report)
    {
        Console.WriteLine($"entries      {report.Entries}{(report.First is { } first ? $", {first} to {report.Last}" : string.Empty)}");
        Console.WriteLine($"seals        {report.Sealed} checked, {report.Epochs} epochs");
        Console.WriteLine($"checkpoints  {report.Checkpoints} in the journal, {report.Held.Count} cosigned or from elsewhere");
        foreach (string held in report.Held)
        {
            Console.WriteLine($"holds        {held}");
        }

        if (report.UnfinishedBytes > 0)
        {
            Console.WriteLine($"unfinished   {report.UnfinishedBytes} bytes of a write that did not come to its end; the next entry leaves them behind");
        }

        foreach (string limit in report.Limits)
        {
            Console.WriteLine($"limit        {limit}");
        }

        Console.WriteLine(report.Findings.Count == 0 ? "result       nothing was found changed" : $"result       {report.Findings.Count} findings; the first place is entry {report.Findings[0].From}");
    }

    private static void PrintJson(AuditReport report)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("entries", report.Entries);
            writer.WriteNumber("sealed", report.Sealed);
            writer.WriteNumber("epochs", report.Epochs);
            writer.WriteNumber("checkpoints", report.Checkpoints);
            writer.WriteString("from", report.First?.ToString());
            writer.WriteString("to", report.Last?.ToString());
            writer.WriteNumber("unfinishedBytes", report.UnfinishedBytes);
            Write(writer, "held", report.Held);
            Write(writer, "limits", report.Limits);
            writer.WriteStartArray("findings");
            foreach (AuditFinding finding in report.Findings)
            {
                writer.WriteStartObject();
                writer.WriteString("fault", JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Fault.ToString()));
                writer.WriteNumber("from", finding.From);
                writer.WriteNumber("to", finding.To);
                writer.WriteString("file", finding.File);
                writer.WriteString("what", finding.Sentence);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> sentences)
    {
        writer.WriteStartArray(name);
        foreach (string sentence in sentences)
        {
            writer.WriteStringValue(sentence);
        }

        writer.WriteEndArray();
    }
}
