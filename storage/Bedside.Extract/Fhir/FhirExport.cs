using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Writes a store as NDJSON, one resource type a file, gzip, with a manifest. Every export has a key of its own: its ids and pseudonyms are those of no other export and not those of <c>/fhir</c>. Dates of each
/// patient are moved by the same number of whole weeks into the past, in UTC, so that time of day and weekday stay. Holds one resource at a time.
/// </summary>
public sealed class FhirExport
{
    private const int MostInAFile = 250_000;
    private const int LeastWeeks = 53;
    private const int MostWeeks = 1040;
    private const long Week = 7L * 86_400 * 1_000_000_000;
    private const int FlushAt = 1 << 16;

    private readonly Store _store;
    private readonly FhirRecord _record;
    private readonly byte[] _shifts;
    private readonly Dictionary<string, (long Count, string Sha256)> _files = new(StringComparer.Ordinal);
    private readonly ExportFolder _folder;
    private readonly ObservationWriter _writer;
    private string _patient = string.Empty;

    private FhirExport(Store store, IReadOnlyList<StaySpan> stays, FhirSecret secret, bool includesDemo, string directory)
    {
        var rules = new FhirRules { IncludesDemo = includesDemo };
        _store = store;
        _record = new FhirRecord(store, PatientTimeline.Of(store, stays, store.ListStays(), secret, rules.Zone), secret, rules);
        _shifts = secret.KeyFor("dates");
        _folder = new ExportFolder(directory);
        _writer = new ObservationWriter(_record);
    }

    /// <summary>Throws <see cref="IOException"/> where the folder is not empty or the disk does not take it. Of a pressure all of its numbers come when one is asked for.</summary>
    /// <param name="stays">Who lay in the bed; empty = nobody ever said.</param>
    /// <param name="software">Name and version of the program, for the manifest.</param>
    public static ExportResult Write(Store store, IReadOnlyList<StaySpan> stays, ExportRequest request, bool includesDemo, string software, CancellationToken cancel = default)
    {
        using var secret = new FhirSecret(RandomNumberGenerator.GetBytes(32));
        return new FhirExport(store, stays, secret, includesDemo, request.Directory).Write(request, software, cancel);
    }

    private ExportResult Write(ExportRequest asked, string software, CancellationToken cancel)
    {
        ExportRequest request = (asked with { Known = [.. _store.Signals] }).Marked((_, from, to) => _store.ReadBed(from, to));
        HashSet<SignalNumber> wanted = [.. request.Signals.Select(signal => signal.Number)];
        FhirSeries[] series = [.. _record.Series.All.Where(one => one.Parts.Any(part => wanted.Contains(part.Signal.Number)))];
        (long readings, long samples) = WriteObservations(series, request, cancel);
        WriteContext(series, request);
        HashSet<string> devices = [.. series.Select(one => one.Device)];
        PatientSpan[] patients = [.. _record.Patients.Spans.Where(span => span.From < request.To.UnixNanoseconds && span.To > request.From.UnixNanoseconds).DistinctBy(span => span.Id)];
        var writer = new DeviceWriter(_record);
        WriteFile("Patient.ndjson.gz", patients, DeviceWriter.Write);
        WriteFile("Device.ndjson.gz", [.. _record.Devices.Devices.Where(device => devices.Contains(device.Device))], DeviceWriter.Write);
        WriteFile("DeviceMetric.ndjson.gz", series, (json, one) => writer.Write(json, one, new UtcInstant(PatientTimeline.End)));
        WriteManifest(series, request, software);
        return new ExportResult(_folder.Files, samples, readings, Gaps: 0);
    }

    private (long Readings, long Samples) WriteObservations(IReadOnlyList<FhirSeries> series, ExportRequest request, CancellationToken cancel)
    {
        (long readings, long samples) = (0, 0);
        using IEnumerator<FhirItem> items = _record.Read(series, patients: null, request.From.UnixNanoseconds, request.To.UnixNanoseconds, descending: false).GetEnumerator();
        bool more = items.MoveNext();
        for (int file = 0; more || file == 0; file++)
        {
            WriteFile($"Observation-{file:D3}.ndjson.gz", Part(), WriteItem);
        }

        return (readings, samples);

        IEnumerable<FhirItem> Part()
        {
            for (int i = 0; more && i < MostInAFile; i++)
            {
                cancel.ThrowIfCancellationRequested();
                readings += items.Current is WaveItem ? 0 : 1;
                samples += items.Current is WaveItem wave ? wave.Chunk.Count : 0;
                yield return items.Current;
                more = items.MoveNext();
            }
        }
    }

    /// <summary>Marks and notices of the patients of this export; one that began while nobody is known to have been there is left out, and nothing reaches from one patient to the next.</summary>
    private void WriteContext(IReadOnlyList<FhirSeries> series, ExportRequest request)
    {
        var writer = new ContextWriter(_record);
        WriteFile("Observation-context.ndjson.gz", request.Context.Where(item => _record.Patients.At(item.Mark.Start.UnixNanoseconds) is not null), (json, item) =>
        {
            PatientSpan patient = _record.Patients.At(item.Mark.Start.UnixNanoseconds)!; // only those with one are here
            HashSet<SignalNumber> about = [.. item.Concerns.Select(signal => signal.Number)];
            writer.Write(json, item, patient, series.Where(one => one.Parts.Any(part => about.Contains(part.Signal.Number))), ShiftOf(patient));
        });
    }

    private void WriteItem(Utf8JsonWriter json, FhirItem item)
    {
        PatientSpan patient = _record.Patients.At(item.Start)!; // only items of a patient are read
        if (_patient != patient.Id)
        {
            _patient = patient.Id;
            _writer.ShiftNanoseconds = ShiftOf(patient);
        }

        _writer.Write(json, item, patient.Id);
    }

    /// <summary>Whole weeks into the past, the same for all of a patient's dates.</summary>
    private long ShiftOf(PatientSpan patient)
    {
        byte[] hash = HMACSHA256.HashData(_shifts, Convert.FromHexString(patient.Pseudonym));
        return -Week * (LeastWeeks + (BitConverter.ToUInt32(hash) % (MostWeeks - LeastWeeks)));
    }

    private void WriteFile<T>(string name, IEnumerable<T> resources, Action<Utf8JsonWriter, T> write)
    {
        long count = 0;
        using (FileStream stream = _folder.Create(name))
        {
            using (var buffered = new BufferedStream(new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true), FlushAt))
            using (var json = new Utf8JsonWriter(buffered, new JsonWriterOptions { SkipValidation = true }))
            {
                foreach (T resource in resources)
                {
                    write(json, resource);
                    json.Flush();
                    json.Reset();
                    buffered.WriteByte((byte)'\n');
                    count++;
                }
            }

            stream.Flush(flushToDisk: true);
        }

        using FileStream written = File.OpenRead(_folder.PathOf(name));
        _files.Add(name, (count, Convert.ToHexStringLower(SHA256.HashData(written))));
    }

    /// <summary>What was written, by what, and what was left out and why.</summary>
    private void WriteManifest(IReadOnlyList<FhirSeries> series, ExportRequest request, string software)
    {
        using FileStream stream = _folder.Create("manifest.json");
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("software"u8, software);
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        json.WriteString("nomenclature"u8, $"sha256:{NomenclatureHash()}");
        json.WriteString("pseudonymisation"u8, "ids and pseudonyms by a key of this export alone; dates of each patient moved by the same whole weeks, in UTC; no device identity, no free text"u8);
        json.WriteString("dates"u8, "not told: they would undo the moving of dates"u8);
        json.WriteStartArray("series"u8);
        foreach (FhirSeries one in series)
        {
            json.WriteStringValue(one.Codes[^1].Code);
        }

        json.WriteEndArray();
        json.WriteStartObject("leftOut"u8);
        json.WriteNumber("signalsWithoutPublicCode"u8, _record.Series.Unmapped);
        json.WriteNumber("demoOrTestReadings"u8, _record.MadeUpReadings);
        json.WriteNumber("demoOrTestSamples"u8, _record.MadeUpSamples);
        ExcludedSpan[] excluded = [.. _record.ExcludedIn(series, request.From.UnixNanoseconds, request.To.UnixNanoseconds)];
        json.WriteNumber("conflictingIntervals"u8, excluded.Count(span => span.Why == Exclusion.Conflict));
        json.WriteNumber("unattributedIntervals"u8, excluded.Count(span => span.Why == Exclusion.Unattributed));
        json.WriteEndObject();
        json.WriteStartArray("files"u8);
        foreach ((string name, (long count, string hash)) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteNumber("resources"u8, count);
            json.WriteString("sha256"u8, hash);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Says which codes the ids of the nomenclature had.</summary>
    private static string NomenclatureHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NomenclatureEntry entry in Nomenclature.Shipped.Entries)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{entry.Id} {entry.Code} {entry.Loinc} {entry.Unit}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
