using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>Three real boxes with a monitor each: bed 3 shows bed 2 and bed 7, which give theirs; bed 9 gives nothing.</summary>
public sealed class Ward : IAsyncLifetime, IDisposable
{
    private readonly Folder _folder = new();
    private readonly List<Running> _monitors = [];
    private readonly List<Box> _boxes = [];
    private Browser? _browser;

    internal Box Hub => _boxes[^1];

    internal Box Second => _boxes[0];

    internal Box Seventh => _boxes[1];

    internal Browser Browser => _browser!;

    public async Task InitializeAsync()
    {
        Box[] given = await Task.WhenAll(StartAsync("2", withMonitor: true, "--ward-approved-by", "A Person"), StartAsync("7", withMonitor: true, "--ward-approved-by", "A Person"), StartAsync("9", withMonitor: false));
        _boxes.AddRange(given);
        string[] peers = ["--ward-peer", $"2={Of(given[0])}", "--ward-peer", $"7={Of(given[1])}", "--ward-peer", $"9={Of(given[2])}", "--ward-approved-by", "A Person"];
        _boxes.Add(await StartAsync("3", withMonitor: false, peers));
        _browser = await Browser.StartAsync();
        await given[0].LiveAsync(waves: 1, numerics: 3);
        await given[1].LiveAsync(waves: 1, numerics: 3);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        foreach (Box box in _boxes)
        {
            await box.DisposeAsync();
        }

        foreach (Running monitor in _monitors)
        {
            await monitor.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    internal static string Of(Box box) => box.Address.GetLeftPart(UriPartial.Authority);

    private async Task<Box> StartAsync(string bed, bool withMonitor, params string[] more)
    {
        string config = _folder[$"config-{bed}.json"];
        await File.WriteAllTextAsync(config, $$"""{"bed":"{{bed}}","language":"fr"}""");
        string[] ports = ["--serial", $"{_folder[$"monitor-{bed}"]}=philips-intellivue"];
        if (withMonitor)
        {
            Running monitor = await Installed.MonitorAsync(_folder[$"monitor-{bed}"], bed);
            lock (_monitors)
            {
                _monitors.Add(monitor);
            }
        }

        return await Box.StartAsync(_folder[$"data-{bed}"], [.. ports, "--config", config, .. more]);
    }
}

/// <summary>All beds of the ward on one screen, and one of them through it.</summary>
public sealed class WardTests(Ward ward) : IClassFixture<Ward>
{
    [Fact]
    public async Task The_bed_without_data_is_found_and_another_bed_opened_in_two_touches_and_a_killed_box_keeps_its_place()
    {
        IPage page = await ward.Browser.OpenAsync(ward.Hub.Address.ToString());
        int touches = 0;
        async Task TouchAsync(string what)
        {
            await page.Locator(what).First.ClickAsync();
            touches++;
        }

        await TouchAsync("[data-nav=ward]");
        await StateAsync(page, "2", "live", 60);
        await StateAsync(page, "7", "live", 60);
        await StateAsync(page, "9", "lost", 20);
        Assert.Equal("refused", await page.GetAttributeAsync("[data-tile='9']", "data-missing"));
        await Until.TrueAsync(async () => await MovedAsync(page, "2") && await MovedAsync(page, "7"), 30, () => "the waves of the ward stand still");
        Assert.Equal(["2", "3", "7", "9"], await page.Locator("[data-tile]").EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.tile)"));
        Assert.NotNull(await page.GetAttributeAsync("[data-tile='3']", "data-own"));
        await ward.Browser.ShootAsync(page, "ward");

        await TouchAsync("[data-tile='7']");
        await Until.TrueAsync(async () => await page.Locator("[data-signal=hr]").First.GetAttributeAsync("data-state") == "live", 40, () => "bed 7 is not shown live");
        Assert.Equal(2, touches);
        Assert.Contains("LIT 7", await page.Locator("[data-other-bed='7']").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Marquer", Exact = true }).CountAsync());
        await ward.Browser.ShootAsync(page, "ward-bed-7");
        await page.Locator("[data-ward-back]").ClickAsync();
        await StateAsync(page, "7", "live", 40);

        // The box of bed 7 dies: late within 2.5 s, lost within 10.5 s, by the page's own clock; its place stays.
        await page.EvaluateAsync(Watch);
        await ward.Seventh.Process.KillAsync();
        double killed = await page.EvaluateAsync<double>("performance.now()");
        await StateAsync(page, "7", "lost", 20);
        double lost = await page.EvaluateAsync<double>("window.turned.lost - " + killed.ToString(CultureInfo.InvariantCulture));
        double late = await page.EvaluateAsync<double>("window.turned.late - " + killed.ToString(CultureInfo.InvariantCulture));
        Assert.True(lost <= 10_500, string.Create(CultureInfo.InvariantCulture, $"lost after {lost / 1000:F2} s"));
        Assert.True(late <= 2_500, string.Create(CultureInfo.InvariantCulture, $"late after {late / 1000:F2} s"));
        Assert.Contains("BOÎTIER INJOIGNABLE", await page.Locator("[data-tile='7']").InnerTextAsync(), StringComparison.Ordinal);
        Assert.All(await page.Locator("[data-tile='7'] [data-tile-signal]").AllTextContentsAsync(), text => Assert.Equal("---", text));
        Assert.Equal(["2", "3", "7", "9"], await page.Locator("[data-tile]").EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.tile)"));
        await StateAsync(page, "2", "live", 10);
        await ward.Browser.ShootAsync(page, "ward-killed");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            await Reachable.AssertAsync(page, $"ward, {language}, {width}");
        }

        Assert.Empty(ward.Browser.Complaints);
    }

    [Fact]
    public async Task Only_reading_passes_through_and_only_what_was_approved()
    {
        using var http = new HttpClient { BaseAddress = ward.Hub.Address };
        await Until.TrueAsync(async () => (await TileAsync("2")).GetProperty("link").GetString() == "open", 30, () => "bed 2 is not heard");
        await Until.TrueAsync(async () => (await TileAsync("9")).GetProperty("link").GetString() == "refused", 30, () => "bed 9 does not refuse");

        Assert.Equal("2", (await ward.Hub.GetAsync("/ward/2/api/v1/session")).GetProperty("bed").GetString());
        using HttpResponseMessage mark = await http.PostAsync(new Uri("/ward/2/api/v1/annotations", UriKind.Relative), new StringContent("""{"kind":"note"}""", System.Text.Encoding.UTF8, "application/json"));
        using HttpResponseMessage marks = await http.GetAsync(new Uri("/ward/2/api/v1/annotations", UriKind.Relative));
        using HttpResponseMessage unapproved = await http.GetAsync(new Uri("/ward/9/api/v1/signals", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, mark.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, marks.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unapproved.StatusCode);
        Assert.Equal("A Person", (await ward.Second.GetAsync("/api/v1/ward")).GetProperty("given").GetProperty("approvedBy").GetString());
    }

    [Fact]
    public async Task A_box_of_another_machine_is_refused_with_the_reason()
    {
        using var folder = new Folder();
        await using Running box = Installed.Bedside("run", "--data", folder["data"], "--port", "0", "--ward-peer", "7=http://192.0.2.7:8080");
        Assert.Equal(1, await box.EndAsync());
        Assert.Contains("another machine", box.Errors, StringComparison.Ordinal);
    }

    private const string Watch =
        """
        () => {
          const tile = document.querySelector("[data-tile='7']");
          window.turned = {};
          const look = () => window.turned[tile.dataset.tileState] ??= performance.now();
          new MutationObserver(look).observe(tile, { attributes: true, attributeFilter: ['data-tile-state'] });
        }
        """;

    private async Task<JsonElement> TileAsync(string bed) =>
        (await ward.Hub.GetAsync("/api/v1/ward")).GetProperty("beds").EnumerateArray().Single(one => one.GetProperty("bed").GetString() == bed);

    private static Task StateAsync(IPage page, string bed, string state, int seconds) =>
        Until.TrueAsync(async () => await page.GetAttributeAsync($"[data-tile='{bed}']", "data-tile-state") == state, seconds, () => $"bed {bed} is not {state}");

    private static async Task<bool> MovedAsync(IPage page, string bed)
    {
        string? before = await page.GetAttributeAsync($"[data-tile='{bed}']", "data-moving");
        await page.EvaluateAsync("() => new Promise(resolve => setTimeout(resolve, 300))");
        return before != await page.GetAttributeAsync($"[data-tile='{bed}']", "data-moving");
    }
}
