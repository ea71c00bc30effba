using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Tests.Viewer.Fhir;

/// <summary>What the FHIR endpoint answers, and with which status.</summary>
public class FhirAnswerTests
{
    [Fact]
    public async Task Everything_that_the_CapabilityStatement_lists_is_answered()
    {
        await using ViewerHost host = await StartAsync();
        JsonElement capability = await host.FhirAsync("metadata");

        Assert.Equal(("instance", "4.0.1"), (capability.GetProperty("kind").GetString(), capability.GetProperty("fhirVersion").GetString()));
        foreach (JsonElement resource in capability.GetProperty("rest")[0].GetProperty("resource").EnumerateArray())
        {
            string type = resource.GetProperty("type").GetString()!;
            Assert.Equal(["read", "search-type"], resource.GetProperty("interaction").EnumerateArray().Select(one => one.GetProperty("code").GetString()));
            JsonElement first = FhirClient.Matches(await host.FhirAsync($"{type}?_count=1")).Single();
            Assert.Equal(FhirClient.Id(first), FhirClient.Id(await host.FhirAsync($"{type}/{FhirClient.Id(first)}")));
            foreach (JsonElement parameter in resource.GetProperty("searchParam").EnumerateArray())
            {
                (string? name, string? kind) = (parameter.GetProperty("name").GetString(), parameter.GetProperty("type").GetString());
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/fhir/{type}?{name}={(kind == "date" ? "ge2020-01-01" : "nothing")}");
                request.Headers.Add("Prefer", "handling=strict");
                using HttpResponseMessage answer = await host.Http.SendAsync(request);
                JsonElement bundle = await FhirClient.ReadAsync(answer);
                Assert.Contains($"{name}=", FhirClient.Link(bundle, "self"), StringComparison.Ordinal);
                Assert.Equal(kind == "date", FhirClient.Matches(bundle).Count > 0);
            }
        }
    }

    [Fact]
    public async Task A_resource_is_read_by_its_id_and_not_sent_again()
    {
        await using ViewerHost host = await StartAsync();
        string id = FhirClient.Id(FhirClient.Matches(await host.FhirAsync("Observation?code=8867-4&_count=1")).Single())!;

        using HttpResponseMessage first = await host.Http.GetAsync($"/fhir/Observation/{id}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/fhir/Observation/{id}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await host.Http.SendAsync(again);
        string gone = id[..^1] + (id[^1] == '0' ? '1' : '0');

        Assert.True(first.Headers.ETag!.IsWeak);
        Assert.NotNull(first.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        Assert.Equal("not-found", await host.ProblemAsync($"Observation/{gone}", HttpStatusCode.NotFound));
        Assert.Equal("not-found", await host.ProblemAsync("Patient/ps-1", HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("GET", "", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "Encounter", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "Observation/x/_history", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "Observation/$stats", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "Observation/_search", HttpStatusCode.MethodNotAllowed, "not-supported")]
    [InlineData("POST", "Observation", HttpStatusCode.MethodNotAllowed, "not-supported")]
    [InlineData("POST", "metadata", HttpStatusCode.MethodNotAllowed, "not-supported")]
    [InlineData("PUT", "Observation/x", HttpStatusCode.MethodNotAllowed, "not-supported")]
    [InlineData("DELETE", "Patient/x", HttpStatusCode.MethodNotAllowed, "not-supported")]
    [InlineData("GET", "metadata?_format=xml", HttpStatusCode.NotAcceptable, "not-supported")]
    [InlineData("GET", "Observation?date=yesterday", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("GET", "Observation?code:not=8867-4", HttpStatusCode.BadRequest, "not-supported")]
    [InlineData("GET", "Observation?_count=many", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("GET", "Observation/$lastn?category=vital-signs", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("GET", "Observation/$lastn?patient=x", HttpStatusCode.BadRequest, "invalid")]
    public async Task Every_refusal_is_an_OperationOutcome(string method, string path, HttpStatusCode status, string code)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/fhir/{path}");
        using HttpResponseMessage answer = await host.Http.SendAsync(request);
        Assert.Equal(code, FhirClient.Issue(await FhirClient.ReadAsync(answer, status)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("application/fhir+json", HttpStatusCode.OK)]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("application/fhir+json; fhirVersion=4.0", HttpStatusCode.OK)]
    [InlineData("application/fhir+json; fhirVersion=5.0", HttpStatusCode.NotAcceptable)]
    [InlineData("text/html, */*;q=0.8", HttpStatusCode.OK)]
    [InlineData("application/fhir+xml", HttpStatusCode.NotAcceptable)]
    public async Task Only_JSON_of_R4_is_served(string accept, HttpStatusCode status)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/metadata");
        request.Headers.Accept.ParseAdd(accept);
        using HttpResponseMessage answer = await host.Http.SendAsync(request);
        await FhirClient.ReadAsync(answer, status);
    }

    [Fact]
    public async Task An_unknown_parameter_is_left_out_of_the_self_link_and_refused_when_the_client_is_strict()
    {
        await using ViewerHost host = await StartAsync();
        JsonElement lenient = await host.FhirAsync("Observation?code=8867-4&colour=blue&_sort=code");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Observation?code=8867-4&colour=blue");
        request.Headers.Add("Prefer", "handling=strict");
        using HttpResponseMessage strict = await host.Http.SendAsync(request);

        Assert.Equal($"{host.Address}fhir/Observation?code=8867-4", FhirClient.Link(lenient, "self"));
        Assert.Equal("not-supported", FhirClient.Issue(await FhirClient.ReadAsync(strict, HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_search_by_form_gives_the_same_and_neither_what_nor_when_gives_the_last_minutes()
    {
        await using ViewerHost host = await StartAsync();
        using var form = new FormUrlEncodedContent([new("code", "http://loinc.org|8867-4"), new("_sort", "date")]);
        using HttpResponseMessage posted = await host.Http.PostAsync("/fhir/Observation/_search", form);
        JsonElement byForm = await FhirClient.ReadAsync(posted);
        JsonElement byAddress = await host.FhirAsync("Observation?code=http%3A%2F%2Floinc.org%7C8867-4&_sort=date");
        JsonElement recent = await host.FhirAsync("Observation?_count=1000");

        Assert.Equal(FhirClient.Matches(byAddress).Select(FhirClient.Id), FhirClient.Matches(byForm).Select(FhirClient.Id));
        Assert.Contains("date=ge", FhirClient.Link(recent, "self"), StringComparison.Ordinal);
        Assert.True(FhirClient.Matches(recent).Count is > 250 and < 320, $"{FhirClient.Matches(recent).Count} in five minutes");
        Assert.Equal(596, (await host.FhirAsync("Observation?code=8867-4&_summary=count")).GetProperty("total").GetInt32());
        Assert.Equal(596, (await host.FhirAsync("Observation?code=8867-4&_count=0")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_answer_is_compressed_for_who_takes_it()
    {
        await using ViewerHost host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Observation?code=8867-4");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using HttpResponseMessage answer = await host.Http.SendAsync(request);
        await using var plain = new System.IO.Compression.GZipStream(await answer.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Equal(100, FhirClient.Matches((await JsonDocument.ParseAsync(plain)).RootElement).Count);
    }

    [Fact]
    public async Task The_newest_of_each_code_come_from_all_devices_with_ties_and_after_a_gap()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal heart = Blocks.HeartRate(host.Store);
        Signal other = FhirBlocks.Numeric(host.Store, "hr", "second-monitor");
        Signal temperature = FhirBlocks.Numeric(host.Store, "temp-core");
        Signal cuff = FhirBlocks.Numeric(host.Store, "nibp-mean");
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant newest = host.Now.Add(TimeSpan.FromSeconds(-60));
        await host.Store.StoreAsync(
            FhirBlocks.Row(heart, newest.Add(TimeSpan.FromSeconds(-9)), 10),
            FhirBlocks.Row(other, newest.Add(TimeSpan.FromSeconds(-9)), 10),
            Blocks.Reading(temperature, newest.Add(TimeSpan.FromDays(-9)), 370, -1),
            Blocks.Readings(cuff, new NumericReading(newest, Value: null, Validity.NotAvailable, DeviceNanoseconds: null)),
            Blocks.Second(host, ecg, -100));
        string patient = FhirClient.Id(FhirClient.Matches(await host.FhirAsync("Patient")).Single())!;

        List<JsonElement> vital = FhirClient.Matches(await host.FhirAsync($"Observation/$lastn?patient={patient}&category=vital-signs"));
        List<JsonElement> three = FhirClient.Matches(await host.FhirAsync($"Observation/$lastn?patient=Patient/{patient}&code=8867-4&max=3"));
        List<JsonElement> waves = FhirClient.Matches(await host.FhirAsync($"Observation/$lastn?subject={host.Address}fhir/Patient/{patient}&code=131330"));
        using var body = new StringContent($$"""{"resourceType":"Parameters","parameter":[{"name":"patient","valueReference":{"reference":"Patient/{{patient}}" } },{"name":"code","valueString":"85354-9"},{"name":"max","valueInteger":1}]}""", Encoding.UTF8, "application/fhir+json");
        using HttpResponseMessage posted = await host.Http.PostAsync("/fhir/Observation/$lastn", body);

        Assert.Equal(2, vital.Count(one => FhirClient.Time(one) == "2026-11-21T20:29:00.000+01:00")); // two monitors at one instant
        Assert.Equal("37.0", vital.Single(one => one.GetProperty("code").GetProperty("text").GetString() == "Core temperature").GetProperty("valueQuantity").GetProperty("value").GetRawText());
        Assert.Equal(4, three.Count);
        Assert.Equal(three.Select(FhirClient.Time).OrderDescending(StringComparer.Ordinal), three.Select(FhirClient.Time));
        Assert.Single(waves);
        JsonElement pressure = FhirClient.Matches(await FhirClient.ReadAsync(posted)).Single();
        Assert.Equal("temp-unknown", pressure.GetProperty("component")[0].GetProperty("dataAbsentReason").GetProperty("coding")[0].GetProperty("code").GetString());
    }

    private static Task<ViewerHost> StartAsync() => ViewerHost.StartAsync(before: (store, clock) =>
        store.StoreAsync(FhirBlocks.Row(Blocks.HeartRate(store), UtcInstant.FromDateTime(clock.GetUtcNow().AddMinutes(-10)), 600)));
}
