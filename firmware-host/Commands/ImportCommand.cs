using System.CommandLine;
using System.Globalization;
using Bedside.Extract;
using Bedside.Host.Decoding;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;

namespace Bedside.Host.Commands;

/// <summary><c>bedside import</c>: real files into a store.</summary>
internal static class ImportCommand
{
    private const int ProgressEvery = 500;

    public static Command Create() =>
        new("import", "Bring recordings into a store.") { Wfdb(), Capture(), Hl7ImportCommand.Create(), ReplaceCommands.Undo(), ReplaceCommands.List() };

    private static Command Wfdb()
    {
        var record = new Argument<string>("RECORD") { Description = "WFDB record: path of its .hea, with or without the ending." };
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var start = new Option<string?>("--start") { Description = "When the record begins, ISO 8601 with zone; default: what its header says." };
        var command = new Command("wfdb", "Import a WFDB record, sample by sample.") { record, data, key, start };
        command.SetAction(async (result, cancel) =>
        {
            UtcInstant? begin = result.GetValue(start) is { } text ? StoreArguments.Instant(text, default, "--start") : null;
            await ImportWfdbAsync(result.GetRequiredValue(record), (result.GetRequiredValue(data), result.GetValue(key)), begin, cancel);
            return 0;
        });
        return command;
    }

    private static Command Capture()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "Raw bytes, hex text, .cap, pcap or pcapng; left out with --evidence.", Arity = ArgumentArity.ZeroOrOne };
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var driver = new Option<string?>("--driver") { Description = "Decode with this driver; default: find it out, or the one that was recognised then." };
        var device = new Option<string?>("--device") { Description = "Packet captures: address of the device, with or without :port." };
        var start = new Option<string?>("--start") { Description = "When the recording begins, ISO 8601 with zone; default: what the file says, or its date." };
        Option<string[]> experimental = ExperimentalDrivers.Option();
        var evidence = new Option<string?>("--evidence") { Description = "Instead of a file: what the box kept of this port (bedside evidence list). The box is stopped meanwhile." };
        Option<string?> from = StoreArguments.From();
        Option<string?> to = StoreArguments.To();
        var beside = new Option<bool>("--beside") { Description = "Keep what --evidence gives beside the originals, under a device's name of its own. This is the default." };
        var replace = new Option<bool>("--replace") { Description = "Put what --evidence gives in the place of the originals, which are set aside: bedside import undo brings them back." };
        var label = new Option<string>("--as") { Description = "What stands behind the device's name then.", DefaultValueFactory = _ => "evidence" };
        var command = new Command("capture", "Decode recorded bytes again with the driver of this build, into a store.") { file, data, key, driver, device, start, evidence, from, to, beside, replace, label, experimental };
        command.Validators.Add(result =>
        {
            bool hasFile = result.GetResult(file) is { Tokens.Count: > 0 };
            if (hasFile == result.GetResult(evidence) is not null)
            {
                result.AddError("Give a FILE, or --evidence PORT.");
            }

            if (result.GetValue(replace) && (hasFile || result.GetValue(beside) || result.GetResult(label) is { Implicit: false }))
            {
                result.AddError("--replace goes with --evidence, and not with --beside or --as.");
            }
        });
        command.SetAction(async (result, cancel) =>
        {
            if (result.GetValue(evidence) is { } port)
            {
                UtcInstant? first = result.GetValue(from) is { } text ? StoreArguments.Instant(text, default, "--from") : null;
                UtcInstant? last = result.GetValue(to) is { } end ? StoreArguments.Instant(end, default, "--to") : null;
                var request = new EvidenceRequest(port, first, last, result.GetValue(driver) ?? string.Empty, result.GetRequiredValue(label));
                Func<DirectoryInfo, FileInfo?, EvidenceRequest, CancellationToken, Task> run = result.GetValue(replace) ? EvidenceReplacing.RunAsync : EvidenceImport.RunBesideAsync;
                AuditEntry entry = CommandAudit.Entry(result.GetValue(replace) ? AuditAct.DataReplace : AuditAct.DataImport, [AuditFact.Of(AuditFactKind.Kind, "evidence"), .. CommandAudit.Range(result.GetValue(from), result.GetValue(to))]);
                DirectoryInfo place = StoreArguments.Existing(result.GetRequiredValue(data));
                await CommandAudit.AroundAsync(place, entry, () => run(place, result.GetValue(key), request, cancel));
                return 0;
            }

            FileInfo recorded = result.GetValue(file)!; // one of the two is there
            Recording recording = DecodeCommand.Open(recorded, result.GetValue(device));
            UtcInstant begin = StoreArguments.Instant(result.GetValue(start), recording.Header.Start ?? UtcInstant.FromDateTime(new DateTimeOffset(recorded.LastWriteTimeUtc)), "--start");
            IReadOnlyList<IDriver> drivers = DecodeCommand.Drivers(result.GetValue(driver), result.GetValue(experimental) ?? []);
            await ImportCaptureAsync(recording, drivers, (result.GetRequiredValue(data), result.GetValue(key)), begin, cancel);
            return 0;
        });
        return command;
    }

    private static async Task ImportWfdbAsync(string record, (DirectoryInfo Data, FileInfo? Key) place, UtcInstant? start, CancellationToken cancel)
    {
        using WfdbImport import = OpenRecord(record, start);
        foreach (string difference in import.Verify())
        {
            await Console.Error.WriteLineAsync($"{record}: {difference}");
        }

        await using var store = Store.Open(place.Data.FullName, StoreArguments.Options(place.Data, place.Key), TimeProvider.System);
        CommandAudit.Keep(place.Data, CommandAudit.Entry(AuditAct.DataImport, AuditFact.Of(AuditFactKind.Kind, "wfdb"), AuditFact.Of(AuditFactKind.From, import.Start), AuditFact.Of(AuditFactKind.To, import.End)));
        List<SignalNumber> numbers = [.. import.Signals.Select(signal => store.Register(import.Device, signal.Metric).Number)];
        if (numbers.Exists(number => store.Read(number, import.Start, import.End).Any(block => block is SampleBlock)))
        {
            throw new CommandFailedException($"{record} overlaps what the store already has of it; it was imported before, or give another --start.");
        }

        await store.AppendAsync(
            new DeviceBlock { Signal = SignalNumber.None, Start = import.Start, Device = import.Device, Identity = import.Identity, State = DeviceState.Receiving },
            cancel);
        long samples = 0;
        int blocks = 0;
        foreach (Block block in import.Blocks(numbers))
        {
            await store.AppendAsync(block, cancel);
            samples += block is SampleBlock some ? some.Samples.Length : 0;
            if (++blocks % ProgressEvery == 0)
            {
                Progress($"{(block.Start.Since(import.Start) * 100.0 / Math.Max(1, import.End.Since(import.Start))).ToString("F0", CultureInfo.InvariantCulture)} %, {samples} samples");
            }
        }

        await store.SyncAsync(cancel);
        Console.WriteLine($"{samples} samples of {numbers.Count} signals, {import.Start} to {import.End}; {import.StartNote}");
    }

    private static WfdbImport OpenRecord(string record, UtcInstant? start)
    {
        try
        {
            return WfdbImport.Open(record, start);
        }
        catch (Exception failure) when (failure is WfdbException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static async Task ImportCaptureAsync(Recording recording, IReadOnlyList<IDriver> drivers, (DirectoryInfo Data, FileInfo? Key) place, UtcInstant begin, CancellationToken cancel)
    {
        await using var store = Store.Open(place.Data.FullName, StoreArguments.Options(place.Data, place.Key), TimeProvider.System);
        CommandAudit.Keep(place.Data, CommandAudit.Entry(AuditAct.DataImport, AuditFact.Of(AuditFactKind.Kind, "capture"), AuditFact.Of(AuditFactKind.From, begin)));
        bool understood = false;
        foreach (Conversation conversation in recording.Conversations.Where(one => one.BytesFromDevice > 0))
        {
            if (Decoder.Recognise(conversation, drivers) is { } found)
            {
                understood = true;
                var clock = new RecordedClock(begin);
                var intake = new DeviceIntake(found.Driver.Name, found.Driver.Traits, new WaitingSink(store, cancel), new BoxClock(clock));
                var output = new IntakeOutput(intake, clock);
                IDriverSession session = found.Driver.Open(new Ingest.Drivers.SessionOptions(found.Transport, ListenOnly: true));
                foreach (Chunk chunk in conversation.Chunks())
                {
                    cancel.ThrowIfCancellationRequested();
                    clock.Now = chunk.ArrivedAt;
                    intake.OnChunk(chunk.ArrivedAt, chunk.Bytes.IsEmpty);
                    session.OnChunk(chunk, output);
                }

                Console.WriteLine($"{conversation.Name}: {found.Driver.Name}, {output.Events} events from {begin} on{DecodeCommand.WarningOf(found.Driver)}");
            }
        }

        await store.SyncAsync(cancel);
        if (!understood)
        {
            throw new CommandFailedException($"{recording.File}: no driver knows these bytes; name one with --driver, or see README.md for what is supported.");
        }
    }

    private static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{text}   ");
        }
    }

    /// <summary>An import waits for the store instead of losing samples.</summary>
    internal sealed class WaitingSink(Store store, CancellationToken cancel) : IBlockSink
    {
        private readonly StoreSink _store = new(store);

        public Signal Register(string device, Metric metric) => _store.Register(device, metric);

        public Block? Last(SignalNumber signal) => _store.Last(signal);

        public IEnumerable<Block> Stored(SignalNumber signal, UtcInstant from, UtcInstant to) => _store.Stored(signal, from, to);

        public IEnumerable<AlertBlock> StoredAlerts(UtcInstant from, UtcInstant to) => _store.StoredAlerts(from, to);

        public IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => _store.StoredMarks(from, to);

        public bool TryAppend(Block block)
        {
            // The import has one thread and nothing else to do: a full queue means waiting for the disk.
            while (!store.TryAppend(block))
            {
                TimeProvider.System.Rest(TimeSpan.FromMilliseconds(1), cancel);
                cancel.ThrowIfCancellationRequested();
            }

            return true;
        }
    }

    private sealed class IntakeOutput(DeviceIntake intake, RecordedClock clock) : IDriverOutput
    {
        public long Events { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes)
        {
            // Nothing can be sent into a recording.
        }

        public void Report(DeviceEvent said)
        {
            Events++;
            intake.OnEvent(said, clock.Now);
        }
    }
}
