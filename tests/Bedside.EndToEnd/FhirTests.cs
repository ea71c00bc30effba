using System.Net;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The box as a FHIR server, asked by programs of others.</summary>
public class FhirTests
{
    private const int Seconds = 30;
    private const int Messages = 24 * 3600 / Seconds;
    private const int CuffEvery = 20;
    private const int Marks = 3;
    /// <summary>More than 10 000.</summary>
    private const int InTheDay = (Messages * 4) + (Messages / CuffEvery);

    private static readonly string Clients = Path.Combine(Installed.Root, "tests", "clients");

    [Fact]
    public async Task A_client_pages_through_a_day_while_data_arrive_and_two_validators_find_nothing()
    {
        using var folder = new Folder();
        DateTimeOffset day = new(TimeProvider.System.GetUtcNow().AddHours(-26).UtcDateTime.Date, TimeSpan.Zero);
        await FillAsync(folder, day);
        await using Box box = await Box.StartAsync(folder["data"], "--hl7", "0");
        string fhir = $"{box.Address.ToString().TrimEnd('/')}/fhir";
        var mllp = IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));

        using var stop = new CancellationTokenSource();
        Task<int> sending = Mllp.SendAsync(mllp, Live(), stop.Token);
        JsonElement paged;
        try
        {
            paged = await NodeAsync("page.mjs", fhir, JsonSerializer.Serialize(new { date = $"ge{day:O}", _count = 500, _sort = "date" }), folder["day.ndjson"]);
        }
        finally
        {
            await stop.CancelAsync();
        }

        Assert.True(await sending > 20, $"{await sending} messages while paging");
        Assert.Equal("[]", paged.GetProperty("faults").GetRawText());
        Assert.Equal(paged.GetProperty("entries").GetInt32(), paged.GetProperty("distinct").GetInt32());
        Assert.True(paged.GetProperty("pages").GetInt32() >= InTheDay / 500);
        string[] all = await File.ReadAllLinesAsync(folder["day.ndjson"]);
        Assert.Equal(InTheDay, all.Count(line => TimeOf(line) < day.AddDays(1)));

        await ValidateAsync(box, folder, fhir, all);
        await MarkAsync(box, day);
        await ExportAsync(folder, day);
    }

    /// <summary>A state, a range and a mark on a signal, in the hours that are exported.</summary>
    private static async Task MarkAsync(Box box, DateTimeOffset day)
    {
        using var http = new HttpClient();
        foreach (string mark in new[]
        {
            $$$"""{"kind":"position","attributes":{"position":"prone"},"time":"{{{day.AddMinutes(10):O}}}"}""",
            $$$"""{"kind":"suction","time":"{{{day.AddMinutes(20):O}}}","until":"{{{day.AddMinutes(21):O}}}"}""",
            $$$"""{"kind":"cuff-size","signal":"nibp-sys","attributes":{"size":"adult"},"time":"{{{day.AddMinutes(30):O}}}"}""",
        })
        {
            using var body = new StringContent(mark, System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage made = await http.PostAsync(new Uri(box.Address, "api/v1/annotations"), body);
            Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Every_unit_that_can_be_written_is_UCUM()
    {
        string[] units = await File.ReadAllLinesAsync(Path.Combine(Installed.Root, "tests", "vectors", "fhir", "ucum.txt"));
        JsonElement asked = await NodeAsync("ucum.mjs", units);
        Assert.Equal(units.Length, asked.GetProperty("codes").GetInt32());
        Assert.Equal("[]", asked.GetProperty("wrong").GetRawText());
    }

    /// <summary>The examples of the sheet, and of what the box serves: numbers, pressures, waves, the tree, bundles, outcomes and the CapabilityStatement.</summary>
    private static async Task ValidateAsync(Box box, Folder folder, string fhir, string[] all)
    {
        var served = new List<string>(all.Where((_, index) => index % 10 == 0));
        foreach (string path in new[] { "metadata", "Patient", "Device", "DeviceMetric?_count=1000", "Observation?code=abp&_include=Observation:device&date=ge1900", "Observation?code=85354-9&_count=20" })
        {
            JsonElement resource = await box.GetAsync($"/fhir/{path}");
            served.Add(resource.GetRawText());
            if (resource.TryGetProperty("entry", out JsonElement entries))
            {
                served.AddRange(entries.EnumerateArray().Select(entry => entry.GetProperty("resource").GetRawText()));
            }
        }

        using var http = new HttpClient();
        served.Add(await http.GetStringAsync(new Uri($"{fhir}/Observation?_summary=count")));
        using HttpResponseMessage refused = await http.GetAsync(new Uri($"{fhir}/Observation?date=nonsense"));
        served.Add(await refused.Content.ReadAsStringAsync());
        await File.WriteAllLinesAsync(folder["served.ndjson"], served.Select(one => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(one))));

        JsonElement found = await NodeAsync("validate.mjs", Path.Combine(Clients, "fhir", "examples.ndjson"), folder["served.ndjson"]);
        Assert.Equal("[]", found.GetProperty("findings").GetRawText());
        JsonElement types = found.GetProperty("types");
        Assert.True(types.GetProperty("Observation").GetInt32() > 1000, types.GetRawText());
        string[] kinds = ["Patient", "Device", "DeviceMetric", "Bundle", "OperationOutcome", "CapabilityStatement"];
        Assert.All(kinds, type => Assert.True(types.TryGetProperty(type, out _), type));
        Assert.Contains(served, one => one.Contains("valueSampledData", StringComparison.Ordinal));

        JsonElement last = await NodeAsync("last.mjs", fhir);
        Assert.Equal((true, "measurement", 1, 404), (last.GetProperty("same").GetBoolean(), last.GetProperty("metric").GetString(), last.GetProperty("byMdc").GetInt32(), last.GetProperty("status").GetInt32()));
    }

    /// <summary>Two hours as NDJSON, out of the store of a box that is running.</summary>
    private static async Task ExportAsync(Folder folder, DateTimeOffset day)
    {
        await using Running export = Installed.Bedside(
            "export", "--data", folder["data"], "--format", "fhir", "--out", folder["ndjson"], "--signals", "hr,nibp-sys", "--from", $"{day:O}", "--to", $"{day.AddHours(2):O}");
        Assert.True(await export.EndAsync() == 0, export.Errors);
        JsonElement found = await NodeAsync("validate.mjs", Directory.GetFiles(folder["ndjson"], "*.gz"));
        Assert.Equal("[]", found.GetProperty("findings").GetRawText());
        Assert.Equal((7200 / Seconds) + (7200 / Seconds / CuffEvery) + Marks, found.GetProperty("types").GetProperty("Observation").GetInt32());
        Assert.Equal((1, 2), (found.GetProperty("types").GetProperty("Patient").GetInt32(), found.GetProperty("types").GetProperty("DeviceMetric").GetInt32()));
    }

    /// <summary>A day of four numbers each half minute, a cuff each ten minutes, and two minutes of a wave.</summary>
    private static async Task FillAsync(Folder folder, DateTimeOffset day)
    {
        await File.WriteAllTextAsync(folder["day.hl7"], string.Concat(Enumerable.Range(0, Messages).Select(i => Mllp.Message(i + 1, day.AddSeconds((i * Seconds) + 1), Rows(i)))));
        await using Running import = Installed.Bedside("import", "hl7", folder["day.hl7"], "--data", folder["data"]);
        Assert.True(await import.EndAsync() == 0, import.Errors);
        new WfdbRecord([new WfdbRecord.Channel("ABP", 240, 16, 0, "mmHg", [.. Enumerable.Range(0, 120 * 240).Select(i => 1200 + (i % 480))])]).Write(folder["wave"], 240);
        await using Running wave = Installed.Bedside("import", "wfdb", folder["wave"], "--data", folder["data"]);
        Assert.True(await wave.EndAsync() == 0, wave.Errors);
    }

    private static (uint Code, string Name, string Value, string Unit)[] Rows(int i)
    {
        (uint, string, string, string)[] four =
        [
            (147842, "MDC_ECG_HEART_RATE", $"{60 + (i % 40)}", "/min"),
            (150456, "MDC_PULS_OXIM_SAT_O2", $"{92 + (i % 8)}.{i % 10}", "%"),
            (151562, "MDC_RESP_RATE", $"{12 + (i % 9)}", "/min"),
            (150368, "MDC_TEMP_CORE", $"3{6 + (i % 3)}.{i % 10}", "Cel"),
        ];
        return i % CuffEvery != 0 ? four :
        [
            .. four,
            (150021, "MDC_PRESS_BLD_NONINV_SYS", $"{110 + (i % 30)}", "mm[Hg]"),
            (150022, "MDC_PRESS_BLD_NONINV_DIA", $"{60 + (i % 20)}", "mm[Hg]"),
            (150023, "MDC_PRESS_BLD_NONINV_MEAN", $"{80 + (i % 20)}", "mm[Hg]"),
        ];
    }

    private static IEnumerable<string> Live()
    {
        for (int i = 1; ; i++)
        {
            yield return Mllp.Message(1_000_000 + i, TimeProvider.System.GetUtcNow(), (147842, "MDC_ECG_HEART_RATE", $"{i}", "/min"));
        }
    }

    private static DateTimeOffset TimeOf(string line)
    {
        using var one = JsonDocument.Parse(line);
        return one.RootElement.TryGetProperty("effectiveDateTime", out JsonElement time) ? time.GetDateTimeOffset() : one.RootElement.GetProperty("effectivePeriod").GetProperty("start").GetDateTimeOffset();
    }

    /// <summary>What a program under <c>tests/clients/fhir</c> found.</summary>
    private static async Task<JsonElement> NodeAsync(string script, params string[] arguments)
    {
        Assert.True(Directory.Exists(Path.Combine(Clients, "node_modules")), "the programs of others are missing: npm --prefix tests/clients ci");
        await using var node = Running.Start("node", [Path.Combine(Clients, "fhir", script), .. arguments], Clients);
        Assert.True(await node.EndAsync() == 0, node.Errors);
        return JsonSerializer.Deserialize<JsonElement>(await node.LineAsync("result "));
    }
}
