using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Commands;

/// <summary><c>bedside evidence</c>: the raw bytes of the ports that the box keeps. Both also work beside a running box.</summary>
internal static class EvidenceCommand
{
    private const double Megabyte = 1e6;

    public static Command Create() =>
        new("evidence", "The raw bytes of every port, both ways, that the box keeps for better drivers: import capture --evidence decodes them again.") { List(), Capture() };

    private static Command List()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("list", "Ports, intervals, bytes, and what is missing and why. Reads all of it.") { data, key, json };
        command.SetAction(async (result, _) =>
        {
            await using Store store = StoreArguments.OpenReadOnly(result.GetRequiredValue(data), result.GetValue(key));
            EvidenceSurvey survey = store.SurveyEvidence();
            if (result.GetValue(json))
            {
                PrintJson(survey);
            }
            else
            {
                Print(survey);
            }

            return 0;
        });
        return command;
    }

    private static Command Capture()
    {
        var port = new Argument<string>("PORT") { Description = "Port as evidence list names it, or the last part of its name." };
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<string?> from = StoreArguments.From();
        Option<string?> to = StoreArguments.To();
        var output = new Option<FileInfo>("--out") { Description = "The .cap file to make. It holds patient data, not encrypted.", Required = true };
        var command = new Command("capture", "Write what went over a port as a .cap file, for whoever mends a driver. It is patient data as it came off the wire: it must not leave the unit.") { port, data, key, from, to, output };
        command.SetAction(async (result, cancel) =>
        {
            await using Store store = StoreArguments.OpenReadOnly(result.GetRequiredValue(data), result.GetValue(key));
            (UtcInstant first, UtcInstant last) = (StoreArguments.Instant(result.GetValue(from), new UtcInstant(long.MinValue), "--from"), StoreArguments.Instant(result.GetValue(to), new UtcInstant(long.MaxValue), "--to"));
            CommandAudit.Keep(result.GetRequiredValue(data), CommandAudit.Entry(AuditAct.EvidenceCapture, [.. CommandAudit.Range(result.GetValue(from), result.GetValue(to))]));
            long chunks = Write(store, (result.GetRequiredValue(port), first, last), result.GetRequiredValue(output), cancel);
            Console.WriteLine($"{chunks} chunks in {result.GetRequiredValue(output).FullName}");
            await Console.Error.WriteLineAsync("bedside: this file is patient data as they came off the wire, and it is not encrypted. It must not leave the unit; delete it when the work is done.");
            return 0;
        });
        return command;
    }

    /// <summary>One run of one port: where the program or the line began anew, the clocks and the conversation do.</summary>
    private static long Write(Store store, (string Port, UtcInstant From, UtcInstant To) wanted, FileInfo output, CancellationToken cancel)
    {
        CaptureWriter? writer = null;
        long chunks = 0;
        try
        {
            foreach (EvidenceEntry entry in store.ReadEvidence(wanted.From, wanted.To))
            {
                cancel.ThrowIfCancellationRequested();
                bool isOurs = entry.Port.Name == wanted.Port || entry.Port.Name.EndsWith("/" + wanted.Port, StringComparison.Ordinal);
                if (chunks > 0 && (entry.Loss == EvidenceLoss.Restart || (isOurs && entry.Kind == EvidenceKind.Opened)))
                {
                    throw new CommandFailedException($"the line or the program began anew at {entry.Utc}, and a capture is of one run: choose --to not after it, or --from at it.");
                }

                if (isOurs && entry.Kind is EvidenceKind.FromDevice or EvidenceKind.ToDevice or EvidenceKind.Silent)
                {
                    writer ??= new CaptureWriter(Create(output), Header(entry), entry.At);
                    writer.Write(new Chunk(entry.At, entry.Bytes, entry.Kind == EvidenceKind.ToDevice ? ChunkDirection.ToDevice : ChunkDirection.FromDevice));
                    chunks += entry.Bytes.IsEmpty ? 0 : 1;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
        finally
        {
            writer?.Dispose();
        }

        return chunks > 0 ? chunks : throw new CommandFailedException($"there is no evidence of {wanted.Port} in that interval; bedside evidence list says which there is.");
    }

    /// <summary>For the eyes of its owner only, before anything is in it.</summary>
    private static FileStream Create(FileInfo output)
    {
        output.Delete();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(output.FullName, options);
    }

    private static CaptureHeader Header(EvidenceEntry first) => new()
    {
        Device = first.Port.Device,
        Recorded = first.Utc.ToString(),
        Origin = CaptureOrigin.Real,
        Transport = Enum.TryParse(first.Port.Transport, ignoreCase: true, out Transport transport) ? transport : null,
        Line = LineSettings.Parse(first.Port.Line),
        Notes = "Patient data as they came off the wire: they must not leave the unit.",
    };

    private static void Print(EvidenceSurvey survey)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{survey.Bytes / Megabyte:0.0} MB in {survey.Files} files"));
        foreach (EvidencePortFigures port in survey.Ports)
        {
            string known = string.Join(", ", new[] { port.Last.Driver, port.Last.Line, port.Last.Transport }.Where(text => text.Length > 0));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{port.Port} ({known}): {port.FromDeviceBytes / Megabyte:0.0} MB from the device, {port.ToDeviceBytes / Megabyte:0.0} MB to it, in {port.Chunks} chunks"));
            foreach ((UtcInstant from, UtcInstant to) in port.Intervals)
            {
                Console.WriteLine($"  {from} to {to}");
            }

            foreach (EvidenceEntry hole in port.Holes)
            {
                string count = hole.LostChunks > 0 ? string.Create(CultureInfo.InvariantCulture, $", {hole.LostChunks} entries") : string.Empty;
                Console.WriteLine($"  missing {hole.From} to {hole.Utc}: {Reason(hole.Loss)}{count}");
            }
        }
    }

    private static string Reason(EvidenceLoss loss) => loss switch
    {
        EvidenceLoss.Overload => "more came than could be written",
        EvidenceLoss.Disk => "the disk took nothing",
        EvidenceLoss.Budget => "the budget was spent on what is held",
        EvidenceLoss.Restart => "the program was not running, or was killed before it wrote its last seconds",
        EvidenceLoss.Damaged => "it cannot be read any more; bedside verify says where",
        EvidenceLoss.Dropped => "it went for the budget's sake",
        EvidenceLoss.Locked => "the key of its stay is not there",
        _ => "not known",
    };

    private static void PrintJson(EvidenceSurvey survey)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("files", survey.Files);
            json.WriteNumber("bytes", survey.Bytes);
            json.WriteStartArray("ports");
            foreach (EvidencePortFigures port in survey.Ports)
            {
                WritePort(json, port);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WritePort(Utf8JsonWriter json, EvidencePortFigures port)
    {
        json.WriteStartObject();
        json.WriteString("port", port.Port);
        json.WriteString("transport", port.Last.Transport);
        json.WriteString("line", port.Last.Line);
        json.WriteString("driver", port.Last.Driver);
        json.WriteString("device", port.Last.Device);
        json.WriteNumber("chunks", port.Chunks);
        json.WriteNumber("fromDeviceBytes", port.FromDeviceBytes);
        json.WriteNumber("toDeviceBytes", port.ToDeviceBytes);
        json.WriteStartArray("intervals");
        foreach ((UtcInstant from, UtcInstant to) in port.Intervals)
        {
            json.WriteStartObject();
            json.WriteString("from", from.ToString());
            json.WriteString("to", to.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("holes");
        foreach (EvidenceEntry hole in port.Holes)
        {
            json.WriteStartObject();
            json.WriteString("from", hole.From.ToString());
            json.WriteString("to", hole.Utc.ToString());
            json.WriteString("cause", JsonNamingPolicy.KebabCaseLower.ConvertName(hole.Loss.ToString()));
            json.WriteNumber("chunks", hole.LostChunks);
            json.WriteNumber("bytes", hole.LostBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
