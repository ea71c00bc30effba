using System.CommandLine;
using Bedside.Extract;
using Bedside.Extract.Arrow;
using Bedside.Extract.Fhir;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;
using Bedside.Storage.Stays;

namespace Bedside.Host.Commands;

/// <summary><c>bedside export</c>: out of the store, complete and documented.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var format = new Option<string>("--format") { Description = "wfdb, csv, arrow (Arrow IPC files) or fhir (R4 NDJSON, pseudonymous, dates moved).", Required = true };
        format.AcceptOnlyFromAmong("wfdb", "csv", "arrow", "fhir");
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder to write; made when absent, refused when it holds anything.", Required = true };
        var signals = new Option<string?>("--signals") { Description = "Ids, separated by commas; default: all." };
        Option<string?> from = StoreArguments.From();
        Option<string?> to = StoreArguments.To();
        Option<FileInfo?> config = StoreArguments.Config();
        var command = new Command("export", "Write signals, gaps and a description of everything to open formats.") { data, key, config, format, output, signals, from, to };
        command.SetAction(async (result, cancel) =>
        {
            await using Store store = StoreArguments.OpenReadOnly(result.GetRequiredValue(data), result.GetValue(key));
            IReadOnlyList<Signal> chosen = result.GetValue(signals) is { } ids
                ? [.. ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(id => StoreArguments.Find(store, id))]
                : store.Signals;
            if (chosen.Count == 0)
            {
                throw new CommandFailedException("the store is empty; there is nothing to export.");
            }

            UtcInstant start = StoreArguments.Instant(result.GetValue(from), First(store, chosen), "--from");
            UtcInstant end = StoreArguments.Instant(result.GetValue(to), Last(store, chosen), "--to");
            if (end <= start)
            {
                throw new CommandFailedException($"there is nothing between {start} and {end}.");
            }

            var request = new ExportRequest(chosen, start, end, result.GetRequiredValue(output).FullName) { Known = [.. store.Signals] };
            using StayBook stays = StayListCommand.OpenBook(result.GetRequiredValue(data), result.GetValue(key), StoreArguments.Stays(result.GetValue(config)));
            CommandAudit.Keep(
                result.GetRequiredValue(data),
                CommandAudit.Entry(
                    AuditAct.DataExport, AuditFact.Of(AuditFactKind.Kind, result.GetRequiredValue(format)), AuditFact.Of(AuditFactKind.Signals, chosen.Count), AuditFact.Of(AuditFactKind.From, start), AuditFact.Of(AuditFactKind.To, end)));
            ExportResult written = Write(store, stays, request, result.GetRequiredValue(format), cancel);
            string gaps = result.GetRequiredValue(format) == "fhir" ? string.Empty : $" and {written.Gaps} gaps";
            Console.WriteLine($"{written.Samples} samples, {written.Readings} readings{gaps} in {written.Files.Count} files in {request.Directory}");
            return 0;
        });
        return command;
    }

    private static ExportResult Write(Store store, StayBook stays, ExportRequest request, string format, CancellationToken cancel)
    {
        try
        {
            return format switch
            {
                "wfdb" => new WfdbWriter(Source).Write(request, cancel),
                "arrow" => new ArrowExport(Source).Write(request, cancel),
                "fhir" => FhirExport.Write(store, stays.Spans, request, includesDemo: false, $"Bedside {typeof(ExportCommand).Assembly.GetName().Version}", cancel),
                _ => new CsvWriter(Source).Write(request, cancel),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }

        IEnumerable<Block> Source(SignalNumber signal, UtcInstant from, UtcInstant to) =>
            signal == SignalNumber.None ? store.ReadBed(from, to) : store.Read(signal, from, to);
    }

    private static UtcInstant First(Store store, IReadOnlyList<Signal> signals) =>
        signals.Select(signal => store.Read(signal.Number, new UtcInstant(0), new UtcInstant(long.MaxValue / 2)).FirstOrDefault()?.Start)
            .Where(start => start is not null)
            .Min() ?? throw new CommandFailedException("the store has no data of these signals.");

    private static UtcInstant Last(Store store, IReadOnlyList<Signal> signals) =>
        signals.Select(signal => store.Last(signal.Number)?.End).Where(end => end is not null).Max()!.Value.Add(1);
}
