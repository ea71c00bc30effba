using System.CommandLine;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Stays;
using Bedside.Storage;

namespace Bedside.Host.Commands;

/// <summary><c>bedside import hl7</c>: recorded messages into a store, at the times that they state.</summary>
internal static class Hl7ImportCommand
{
    private const long MostFileBytes = 64 << 20;
    private const int MostFiles = 100_000;
    private const int BytesPerRead = 16_384;

    public static Command Create()
    {
        var path = new Argument<string>("FILE|DIR") { Description = "HL7 messages, plain or in MLLP frames; of a folder all *.hl7 in the order of their names." };
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<FileInfo?> config = StoreArguments.Config();
        var bed = new Option<string?>("--hl7-bed") { Description = "Keep only this PV1-3: BED, or components such as ICU^^5; default: everything." };
        var zone = new Option<string>("--time-zone") { Description = "IANA zone of times that have none.", DefaultValueFactory = _ => "UTC" };
        var command = new Command("hl7", "Import HL7 messages: values, waves and alerts of devices; admissions (ADT) where stays are made, with --hl7-bed.") { path, data, key, config, bed, zone };
        command.SetAction(async (result, cancel) =>
        {
            Hl7Settings settings = SettingsOf(result.GetValue(bed), result.GetRequiredValue(zone));
            await RunAsync(result.GetRequiredValue(path), (result.GetRequiredValue(data), result.GetValue(key)), settings, StoreArguments.Stays(result.GetValue(config)), cancel);
            return 0;
        });
        return command;
    }

    private static Hl7Settings SettingsOf(string? bed, string zone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? known))
        {
            throw new CommandFailedException($"--time-zone {zone} is not known; use an IANA name such as Europe/Paris.");
        }

        BedPlace? place = bed is null ? null : BedPlace.Parse(bed) ?? throw new CommandFailedException($"--hl7-bed {bed} is not understood; write it as 5 or ICU^^5.");
        return new Hl7Settings { Bed = place, Zone = known };
    }

    private static async Task RunAsync(string path, (DirectoryInfo Data, FileInfo? Key) place, Hl7Settings settings, StaySettings rules, CancellationToken cancel)
    {
        IReadOnlyList<string> files = FilesOf(path);
        await using var store = Store.Open(place.Data.FullName, StoreArguments.Options(place.Data, place.Key), TimeProvider.System);
        CommandAudit.Keep(place.Data, CommandAudit.Entry(AuditAct.DataImport, AuditFact.Of(AuditFactKind.Kind, "hl7"), AuditFact.Of(AuditFactKind.Count, files.Count)));
        await using ServiceProvider stays = AdmissionServices.ForCommand(store, new AdmissionSettings { Bed = settings.Bed, Zone = settings.Zone }, place, rules);
        var import = new Import(store, settings, stays.GetService<AdmissionIntake>(), cancel);
        foreach (string file in files)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                import.Take(await File.ReadAllBytesAsync(file, cancel), Path.GetFileName(file));
                await import.TakeAdmissionsAsync(Path.GetFileName(file), cancel);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException(failure.Message);
            }
        }

        await store.SyncAsync(cancel);
        Console.WriteLine($"{files.Count} files, {import.Summary}");
    }

    private static IReadOnlyList<string> FilesOf(string path)
    {
        if (!Path.Exists(path))
        {
            throw new CommandFailedException($"{path} is not there.");
        }

        IReadOnlyList<string> files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.hl7", SearchOption.AllDirectories).Take(MostFiles).Order(StringComparer.Ordinal)]
            : [path];
        string? large = files.FirstOrDefault(file => new FileInfo(file).Length > MostFileBytes);
        return large is null ? files : throw new CommandFailedException($"{large} is larger than {MostFileBytes >> 20} MiB; split it.");
    }

    /// <summary>One device for all files, on the senders' own clock: what they state is when it was.</summary>
    private sealed class Import : IDriverOutput
    {
        private readonly Hl7Settings _settings;
        private readonly SenderReader _reader;
        private readonly DeviceIntake _intake;
        private readonly RecordedClock _clock = new(new UtcInstant(0));
        private readonly SortedDictionary<Use, int> _uses = [];
        private readonly AdmissionIntake? _admissions;
        private readonly List<(Hl7Message Message, UtcInstant At)> _admitting = [];
        private int _rejected;
        private int _untimed;
        private int _events;

        public Import(Store store, Hl7Settings settings, AdmissionIntake? admissions, CancellationToken cancel)
        {
            _admissions = admissions;
            _settings = settings;
            _reader = new SenderReader(settings);
            _intake = new DeviceIntake("hl7", new Hl7Driver(settings).Traits, new ImportCommand.WaitingSink(store, cancel), new BoxClock(_clock));
            _intake.Doubt(store.Signals.Where(signal => signal.Device == "hl7").Select(signal => store.Last(signal.Number)).OfType<Block>(), _clock.Now);
        }

        public string Summary => $"{_uses.Values.Sum()} messages ({string.Join(", ", _uses.Select(pair => $"{pair.Value} {pair.Key}"))}), {_rejected} rejected, {_untimed} without any time, {_events} events";

        public void Take(ReadOnlyMemory<byte> file, string name)
        {
            if (file.Span.IndexOf(Mllp.Start) < 0)
            {
                Split(file, name);
                return;
            }

            var reader = new MllpReader(_settings.Limits);
            while (!file.IsEmpty)
            {
                ReadOnlySpan<byte> rest = file.Span[..Math.Min(file.Length, BytesPerRead)];
                int before = rest.Length;
                MllpPart part = reader.Take(ref rest);
                file = file[(before - rest.Length)..];
                if (part is MllpPart.Frame or MllpPart.Unterminated)
                {
                    Split(reader.Content, name);
                }
            }

            if (reader.Finish() == MllpPart.Unterminated)
            {
                Split(reader.Content, name);
            }
        }

        /// <summary>The admissions of what was taken, in their order, as if they had come when they were sent.</summary>
        public async Task TakeAdmissionsAsync(string name, CancellationToken cancel)
        {
            foreach ((Hl7Message message, UtcInstant at) in _admitting)
            {
                Receipt receipt = await _admissions!.TakeAsync(message, at, cancel); // without it none was put aside
                _rejected += receipt.Outcome == Outcome.Rejected ? 1 : 0;
                if (receipt is { Outcome: not Outcome.Accepted, Fault: { } why })
                {
                    await Console.Error.WriteLineAsync($"{name}: {why}");
                }

                if (receipt.Outcome == Outcome.Error)
                {
                    throw new IOException($"{receipt.Fault?.Reason}");
                }
            }

            _admitting.Clear();
        }

        public void Send(ReadOnlySpan<byte> bytes)
        {
            // Nobody waits for an answer.
        }

        public void Report(DeviceEvent said)
        {
            _events++;
            _intake.OnEvent(said, _clock.Now);
        }

        private void Split(ReadOnlyMemory<byte> content, string name)
        {
            var split = MessageSplit.Of(content, _settings.Limits);
            foreach (Hl7Fault fault in split.Faults)
            {
                Console.Error.WriteLine($"{name}: {fault}");
            }

            foreach (ReadOnlyMemory<byte> one in split.Messages)
            {
                TakeMessage(Hl7Message.Read(one, _settings.Limits), name);
            }
        }

        private void TakeMessage(Hl7Message message, string name)
        {
            if (message.Rejection is { } why)
            {
                _rejected++;
                Console.Error.WriteLine($"{name}: {why}");
                return;
            }

            Hl7Time? time = Hl7Time.Read(message.Header.Field(7)) ?? Hl7Time.Read(message.First("OBR"u8).Field(7));
            if (SenderReader.IsObservation(message) && time is null)
            {
                _untimed++;
                return;
            }

            if (_admissions is not null && AdmissionReader.IsAdmission(message))
            {
                UtcInstant sent = time?.ToUtc(_settings.Zone, new UtcInstant(0)) ?? UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow());
                _admitting.Add((message, sent));
                _uses[Use.Admission] = _uses.GetValueOrDefault(Use.Admission) + 1;
                return;
            }

            if (time is { } stated)
            {
                _clock.Now = new MonotonicInstant(stated.ToUtc(_settings.Zone, new UtcInstant(0)).UnixNanoseconds);
            }

            Use use = _reader.Take(message, new UtcInstant(_clock.Now.Nanoseconds), this);
            _uses[use] = _uses.GetValueOrDefault(use) + 1;
        }
    }
}
