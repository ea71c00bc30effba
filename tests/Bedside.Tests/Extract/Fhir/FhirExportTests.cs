using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bedside.Extract;
using Bedside.Extract.Fhir;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Tests.Ingest;
using Bedside.Tests.Viewer;
using Bedside.Tests.Viewer.Fhir;

namespace Bedside.Tests.Extract.Fhir;

/// <summary>A store as NDJSON.</summary>
public class FhirExportTests
{
    [Fact]
    public async Task Everything_is_written_once_under_new_names_and_moved_by_whole_weeks()
    {
        using var folder = new TemporaryFolder();
        var clock = new TestClock();
        await using var store = Store.Open(folder.PathOf("store"), new StoreOptions(), clock);
        var start = UtcInstant.FromDateTime(clock.GetUtcNow().AddHours(-1));
        Signal heart = Blocks.HeartRate(store);
        Signal ecg = Blocks.Ecg(store);
        await store.StoreAsync(
            FhirBlocks.Row(heart, start, 50),
            Blocks.Wave(ecg, start, Blocks.Counting(0, 30 * Blocks.Rate)),
            Blocks.Reading(heart, start.Add(TimeSpan.FromMinutes(2)), 1, validity: Validity.DemoData),
            Blocks.Device(start, DeviceState.Receiving));

        var request = new ExportRequest(store.Signals, start, start.Add(TimeSpan.FromHours(1)), folder.PathOf("out"));
        ExportResult result = FhirExport.Write(store, [], request, includesDemo: false, "Bedside 1", CancellationToken.None);
        _ = FhirExport.Write(store, [], request with { Directory = folder.PathOf("again") }, includesDemo: false, "Bedside 1", CancellationToken.None);

        Assert.Equal((50, 30L * Blocks.Rate), (result.Readings, result.Samples));
        string[] observations = Lines(folder.PathOf("out/Observation-000.ndjson.gz"));
        string[] others = Lines(folder.PathOf("again/Observation-000.ndjson.gz"));
        Assert.Equal(53, observations.Length);
        Assert.Empty(observations.Select(Id).Intersect(others.Select(Id)));
        var first = DateTimeOffset.Parse(JsonSerializer.Deserialize<JsonElement>(observations.First(line => line.Contains("8867-4", StringComparison.Ordinal))).GetProperty("effectiveDateTime").GetString()!, CultureInfo.InvariantCulture);
        TimeSpan moved = start.ToDateTime() - first;
        Assert.Equal(TimeSpan.Zero, first.Offset);
        Assert.True(moved.TotalDays >= 371 && moved.Ticks % TimeSpan.FromDays(7).Ticks == 0, $"{moved}");

        string all = string.Concat(Directory.GetFiles(folder.PathOf("out")).Select(file => file.EndsWith(".gz", StringComparison.Ordinal) ? string.Concat(Lines(file)) : File.ReadAllText(file)));
        string[] words = ["2026-", "Maker", "MX1", "S1\"", "F1\"", Environment.MachineName + "\""];
        Assert.All(words, word => Assert.DoesNotContain(word, all, StringComparison.Ordinal));
        JsonElement manifest = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(folder.PathOf("out/manifest.json")));
        Assert.Equal(1, manifest.GetProperty("leftOut").GetProperty("demoOrTestReadings").GetInt64());
        foreach (JsonElement file in manifest.GetProperty("files").EnumerateArray())
        {
            string path = folder.PathOf($"out/{file.GetProperty("name").GetString()}");
            Assert.Equal(file.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
            Assert.Equal(file.GetProperty("resources").GetInt64(), Lines(path).Length);
        }
    }

    private static string? Id(string line) => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("id").GetString();

    private static string[] Lines(string file)
    {
        using var plain = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        string text = plain.ReadToEnd();
        Assert.True(text.Length == 0 || (text[^1] == '\n' && text[0] == '{' && !text.Contains('\r', StringComparison.Ordinal)));
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
