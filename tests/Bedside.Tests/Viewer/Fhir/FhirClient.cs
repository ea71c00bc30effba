using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;

namespace Bedside.Tests.Viewer.Fhir;

/// <summary>Asks the FHIR endpoint as a client does: it follows links and nothing else.</summary>
internal static class FhirClient
{
    public static async Task<JsonElement> FhirAsync(this ViewerHost host, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using HttpResponseMessage answer = await host.Http.GetAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : $"/fhir/{path}");
        return await ReadAsync(answer, status);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.RequestMessage?.RequestUri}: {answer.StatusCode} {text}");
        Assert.Equal("application/fhir+json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        JsonElement resource = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(status != HttpStatusCode.OK, resource.GetProperty("resourceType").GetString() == "OperationOutcome");
        return resource;
    }

    /// <summary>The code of the issue of an answer that must have this status.</summary>
    public static async Task<string?> ProblemAsync(this ViewerHost host, string path, HttpStatusCode status) =>
        Issue(await host.FhirAsync(path, status)).GetProperty("code").GetString();

    public static JsonElement Issue(JsonElement outcome) => outcome.GetProperty("issue").EnumerateArray().Single();

    /// <summary>The resources of a page that were asked for.</summary>
    public static List<JsonElement> Matches(JsonElement bundle) => [.. Entries(bundle).Where(entry => Mode(entry) == "match").Select(entry => entry.GetProperty("resource"))];

    public static IEnumerable<JsonElement> Entries(JsonElement bundle) => bundle.TryGetProperty("entry", out JsonElement entries) ? entries.EnumerateArray() : [];

    public static string? Mode(JsonElement entry) => entry.GetProperty("search").GetProperty("mode").GetString();

    public static string? Link(JsonElement bundle, string relation)
    {
        JsonElement link = bundle.GetProperty("link").EnumerateArray().FirstOrDefault(link => link.GetProperty("relation").GetString() == relation);
        return link.ValueKind == JsonValueKind.Undefined ? null : link.GetProperty("url").GetString();
    }

    /// <summary>All pages of a search; <paramref name="between"/> is done after each.</summary>
    public static async Task<List<JsonElement>> AllAsync(this ViewerHost host, string path, Func<Task>? between = null)
    {
        var all = new List<JsonElement>();
        for (string? next = path; next is not null;)
        {
            JsonElement page = await host.FhirAsync(next);
            all.AddRange(Matches(page));
            string? self = Link(page, "self");
            Assert.StartsWith(host.Address.ToString(), self, StringComparison.Ordinal);
            next = Link(page, "next");
            if (between is not null)
            {
                await between();
            }
        }

        return all;
    }

    public static string? Id(JsonElement resource) => resource.GetProperty("id").GetString();

    public static string? Time(JsonElement observation) =>
        observation.TryGetProperty("effectiveDateTime", out JsonElement time) ? time.GetString() : observation.GetProperty("effectivePeriod").GetProperty("start").GetString();
}

/// <summary>A desk that says what a test tells it.</summary>
internal sealed class SaidDesk : IStayDesk
{
    public long Version { get; set; }

    public IReadOnlyList<StaySpan> Spans { get; set; } = [];

    public IReadOnlyList<StayTask> Tasks => [];

    public UtcInstant? AdmissionsHeard => null;

    public Task<long> SayAsync(StayEvent said, CancellationToken cancel) => Task.FromResult(0L);

    public PersonToken PersonOf(string wristband) => default;

    public static StaySpan Span(int stay, UtcInstant from, UtcInstant? to, StayCertainty certainty) =>
        new(new StayId((UInt128)stay), default, default, from, to, certainty, []);
}

/// <summary>Numerics in long rows.</summary>
internal static class FhirBlocks
{
    /// <summary>One reading a second, its value the number of the second.</summary>
    public static NumericBlock Row(Signal signal, UtcInstant start, int seconds, int first = 0) =>
        Blocks.Readings(signal, [.. Enumerable.Range(0, seconds).Select(i => new NumericReading(start.Add(TimeSpan.FromSeconds(i)), new Fixed(first + i, 0), Validity.Valid, DeviceNanoseconds: null))]);

    public static Signal Numeric(Store store, string id, string device = Blocks.Monitor)
    {
        NomenclatureEntry entry = Nomenclature.Shipped.ById(id)!;
        return store.Register(device, new Metric { SignalId = id, Kind = SignalKind.Numeric, Code = entry.Code, CodeName = entry.CodeName, Unit = entry.Unit, Label = "LABEL-OF-DEVICE" });
    }
}
