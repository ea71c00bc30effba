using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer.Fhir;

/// <summary>Pages of a search while the bed goes on.</summary>
public class FhirPagingTests
{
    [Theory]
    [InlineData("date", 1)]
    [InlineData("date", 7)]
    [InlineData("-date", 1)]
    [InlineData("-date", 97)]
    public async Task Pages_have_everything_once_and_in_order_while_data_arrive(string sort, int count)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal heart = Blocks.HeartRate(host.Store);
        Signal ecg = Blocks.Ecg(host.Store);
        Signal cuff = FhirBlocks.Numeric(host.Store, "nibp-sys");
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-120));
        await host.Store.StoreAsync(FhirBlocks.Row(heart, start, 100), FhirBlocks.Row(cuff, start, 60));
        for (int second = -120; second < -20; second++)
        {
            await host.Store.StoreAsync(Blocks.Wave(ecg, host.Now.Add(TimeSpan.FromSeconds(second)), Blocks.Counting(second, Blocks.Rate), (second + 120L) * Blocks.Rate));
        }

        int more = 0;
        List<JsonElement> all = await host.AllAsync($"Observation?date=ge{start}&_count={count}&_sort={sort}", async () =>
        {
            await host.Store.StoreAsync(FhirBlocks.Row(heart, host.Now.Add(TimeSpan.FromSeconds(++more)), 1));
            host.Clock.Advance(TimeSpan.FromMilliseconds(10));
        });

        Assert.Equal(all.Count, all.Select(FhirClient.Id).Distinct().Count());
        Assert.Equal(100, all.Count(one => Has(one, "8867-4")));
        Assert.Equal(60, all.Count(one => Has(one, "85354-9")));
        string[] waves = [.. all.Where(one => Has(one, "131330")).Select(one => one.GetProperty("valueSampledData").GetProperty("data").GetString()!)];
        Assert.Equal(100 * Blocks.Rate, waves.Sum(data => data.Split(' ').Length));
        string[] times = [.. all.Select(one => FhirClient.Time(one)![..23])];
        Assert.Equal(sort == "date" ? times.Order(StringComparer.Ordinal) : times.OrderDescending(StringComparer.Ordinal), times);
    }

    [Fact]
    public async Task A_link_that_was_changed_or_is_too_old_is_gone()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(before: (store, clock) => store.StoreAsync(FhirBlocks.Row(Blocks.HeartRate(store), UtcInstant.FromDateTime(clock.GetUtcNow().AddMinutes(-2)), 60)));
        string next = FhirClient.Link(await host.FhirAsync("Observation?code=8867-4&_count=5"), "next")!;
        string devices = FhirClient.Link(await host.FhirAsync("Device?_count=1"), "next")!;

        Assert.NotEmpty(FhirClient.Matches(await host.FhirAsync(next)));
        Assert.NotEmpty(FhirClient.Matches(await host.FhirAsync(devices)));
        Assert.Equal("not-found", await host.ProblemAsync(next[..^2] + (next[^2] == 'A' ? "BA" : "AA"), HttpStatusCode.Gone));
        Assert.Equal("not-found", await host.ProblemAsync("Observation?_cursor=AAAA", HttpStatusCode.Gone));
        Assert.Equal("not-found", await host.ProblemAsync($"Observation?_cursor={devices.Split('=')[^1]}", HttpStatusCode.Gone));
        host.Clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal("not-found", await host.ProblemAsync(next, HttpStatusCode.Gone));
    }

    [Fact]
    public async Task What_began_to_be_served_since_is_had_by_lastUpdated_and_nothing_twice()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal heart = Blocks.HeartRate(host.Store);
        UtcInstant begin = host.Now.Add(TimeSpan.FromSeconds(-1));
        var seen = new List<string?>();
        string since = begin.ToString();
        for (int i = 0; i < 20; i++)
        {
            await host.Store.StoreAsync(FhirBlocks.Row(heart, host.Now, 3, i * 3));
            host.Clock.Advance(TimeSpan.FromSeconds(3));
            List<JsonElement> page = await host.AllAsync($"Observation?_lastUpdated=gt{since}&_count=2");
            seen.AddRange(page.Select(FhirClient.Id));
            since = page.Count == 0 ? since : Uri.EscapeDataString(page[^1].GetProperty("meta").GetProperty("lastUpdated").GetString()!);
        }

        host.Clock.Advance(TimeSpan.FromSeconds(6));
        seen.AddRange((await host.AllAsync($"Observation?_lastUpdated=gt{since}")).Select(FhirClient.Id));
        Assert.Equal(60, seen.Count);
        Assert.Equal(60, seen.Distinct().Count());
    }

    [Fact]
    public async Task Too_much_is_too_costly_and_says_what_to_do()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Fhir = new FhirLimits { MostObservations = 50, MostWaveHours = 1 });
        Signal heart = Blocks.HeartRate(host.Store);
        await host.Store.StoreAsync(FhirBlocks.Row(heart, host.Now.Add(TimeSpan.FromSeconds(-100)), 60));

        JsonElement outcome = await host.FhirAsync("Observation?code=8867-4", HttpStatusCode.Forbidden);

        Assert.Equal("too-costly", FhirClient.Issue(outcome).GetProperty("code").GetString());
        Assert.Contains("date=", FhirClient.Issue(outcome).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_has_looked_at_much_is_short_and_the_next_goes_on()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Fhir = new FhirLimits { MostLookedAt = 1000 });
        Signal heart = Blocks.HeartRate(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-4000));
        await host.Store.StoreAsync(FhirBlocks.Row(heart, start, 3900));

        List<JsonElement> all = await host.AllAsync($"Observation?code=8867-4&date=ne{start.Add(TimeSpan.FromSeconds(3))}&_count=1000&_sort=date");

        Assert.Equal(3899, all.Count);
    }

    private static bool Has(JsonElement observation, string code) =>
        observation.GetProperty("code").GetProperty("coding").EnumerateArray().Any(coding => coding.GetProperty("code").GetString() == code);
}
