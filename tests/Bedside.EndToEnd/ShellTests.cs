using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>What a screen does for itself: the shell for when the box is gone, the lock for wiping, palms. Real touches, a real box.</summary>
public class ShellTests(KioskBed bed, ITestOutputHelper report) : IClassFixture<KioskBed>
{
    private const string Clean = "[aria-label='Nettoyer l’écran']";

    [Fact]
    public async Task Without_the_box_the_page_says_that_there_is_no_link_and_comes_back_by_itself_and_nothing_of_the_patient_is_kept()
    {
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync(bed.Address.ToString());
        await page.WaitForSelectorAsync("[data-lane][data-state=live]");
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        foreach (string screen in new[] { "trends", "events", "health", "setup", "live" })
        {
            await page.EvaluateAsync($"() => {{ location.hash = '#/{screen}'; }}");
            await page.WaitForSelectorAsync("main#values, main.live");
        }

        double[] first = await PaintsAsync(page, 1);
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("[data-lane][data-state=live]");
        Assert.True(await page.EvaluateAsync<bool>("() => navigator.serviceWorker.controller !== null"));
        await page.EvaluateAsync("() => fetch('/fhir/metadata').then(answer => answer.text())");
        string[] kept = await page.EvaluateAsync<string[]>("async () => { const all = []; for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname); return all; }");
        Assert.Contains("/offline.html", kept);
        Assert.All(kept, path => Assert.Matches(@"^/(assets/[A-Za-z0-9_-]+\.(js|css|json)|icon\.svg|offline\.(html|css|js))$", path));

        double[] with = await PaintsAsync(page, 5);
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first contentful paint: first visit {first[0]:0} ms; with the service worker, median of {with.Length} reloads {Median(with):0} ms"));

        await bed.KillBoxAsync();
        IResponse? answer = await page.ReloadAsync();
        await page.WaitForSelectorAsync("[data-no-link]");
        Assert.True(answer!.FromServiceWorker);
        Assert.StartsWith("default-src 'self'; script-src 'self'", (await answer.AllHeadersAsync())["content-security-policy"], StringComparison.Ordinal);
        Assert.Matches("^[0-9]{2}:[0-9]{2}:[0-9]{2}$", await page.TextContentAsync("#clock") ?? string.Empty);
        await browser.ShootAsync(page, "no-link");
        await bed.BeginBoxAsync();
        await page.WaitForSelectorAsync("[data-lane][data-state=live]", new PageWaitForSelectorOptions { Timeout = 60_000 });
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_screen_that_is_wiped_takes_no_touch_for_30_s_or_until_3_s_on_its_way_out_and_its_values_go_on()
    {
        await using Browser browser = await Browser.StartAsync();
        (IPage waits, _) = await OpenAsync(browser, "?kiosk=wiped-1");
        await waits.ClickAsync(Clean);
        await waits.WaitForSelectorAsync("[data-clean]");
        long locked = TimeProvider.System.GetTimestamp();

        (IPage page, ICDPSession touch) = await OpenAsync(browser, "?kiosk=wiped-2");
        await page.ClickAsync(Clean);
        await page.WaitForSelectorAsync("[data-clean]");
        long moved = await MovedAsync(page);
        await TapAsync(touch, page, "a[href='#/trends']");
        await TapAsync(touch, page, "[data-signal]");
        await page.Keyboard.PressAsync("2");
        await page.Keyboard.PressAsync("n");
        await PressAsync(touch, page, "[data-unlock]", seconds: 1);
        Assert.Equal((1, 0, string.Empty), (await page.Locator("[data-clean]").CountAsync(), await page.Locator("[data-quick]").CountAsync(), await page.EvaluateAsync<string>("() => location.hash")));
        Assert.Equal("false", await page.GetAttributeAsync("html", "data-night"));
        Assert.True(await MovedAsync(page) > moved, "the waves stood still");
        await PressAsync(touch, page, "[data-unlock]", seconds: 4);
        Assert.Equal(0, await page.Locator("[data-clean]").CountAsync());
        await TapAsync(touch, page, "a[href='#/trends']");
        await page.WaitForSelectorAsync("[data-trend-plot]");

        await waits.WaitForSelectorAsync("[data-clean]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached, Timeout = 40_000 });
        double seconds = TimeProvider.System.GetElapsedTime(locked).TotalSeconds;
        Assert.InRange(seconds, 28, 36);
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"left alone, the lock ended after {seconds:0.0} s"));
    }

    [Fact]
    public async Task A_palm_is_ignored_but_on_charts_and_a_long_touch_opens_no_menu_at_the_bed()
    {
        await using Browser browser = await Browser.StartAsync();
        (IPage page, ICDPSession touch) = await OpenAsync(browser, "?kiosk=palm-1");
        await page.EvaluateAsync(
            """
            () => {
              window.seen = [];
              window.menu = null;
              document.addEventListener('pointerdown', event => window.seen.push(event.pointerId));
              window.addEventListener('contextmenu', event => { window.menu = event.defaultPrevented; });
            }
            """);

        await RestAsync(touch, (300, 300), (500, 300), (700, 300));
        Assert.Equal(2, await page.EvaluateAsync<int>("() => window.seen.length"));
        await page.Mouse.ClickAsync(400, 300, new MouseClickOptions { Button = MouseButton.Right });
        Assert.True(await page.EvaluateAsync<bool>("() => window.menu"));

        await page.EvaluateAsync("() => { location.hash = '#/trends'; }");
        await page.WaitForSelectorAsync("[data-trend-plot]");
        await Until.TrueAsync(async () => (await page.Locator("[data-trend-plot]").First.BoundingBoxAsync())?.Height > 50, 20, () => "no chart");
        LocatorBoundingBoxResult plot = (await page.Locator("[data-trend-plot]").First.BoundingBoxAsync())!;
        await page.EvaluateAsync("() => { window.seen = []; document.addEventListener('pointerdown', event => window.seen.push(event.pointerId), true); }");
        await RestAsync(touch, (plot.X + 60, plot.Y + 30), (plot.X + 160, plot.Y + 30), (plot.X + 260, plot.Y + 30));
        Assert.True(await page.EvaluateAsync<int>("() => window.seen.length") >= 3, "the chart was not given its fingers");
        Assert.Empty(browser.Complaints);
    }

    private async Task<(IPage Page, ICDPSession Touch)> OpenAsync(Browser browser, string query)
    {
        IPage page = await browser.OpenAsync($"{bed.Address}{query}");
        ICDPSession touch = await page.Context.NewCDPSessionAsync(page);
        await touch.SendAsync("Emulation.setTouchEmulationEnabled", new Dictionary<string, object> { ["enabled"] = true, ["maxTouchPoints"] = 5 });
        await page.WaitForSelectorAsync("[data-lane][data-state=live]");

        // What watches over a screen comes a moment after the screen itself.
        await page.WaitForSelectorAsync("html[data-watched=true]");
        return (page, touch);
    }

    private static Task<JsonElement?> TouchAsync(ICDPSession touch, string type, params (float X, float Y)[] points) =>
        touch.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
        {
            ["type"] = type,
            ["touchPoints"] = points.Select((point, i) => new Dictionary<string, object> { ["x"] = point.X, ["y"] = point.Y, ["id"] = i }).ToArray(),
        });

    private static async Task<(float X, float Y)> MiddleAsync(IPage page, string selector)
    {
        LocatorBoundingBoxResult box = (await page.Locator(selector).First.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    private static async Task TapAsync(ICDPSession touch, IPage page, string selector)
    {
        await TouchAsync(touch, "touchStart", await MiddleAsync(page, selector));
        await TouchAsync(touch, "touchEnd");
    }

    private static async Task PressAsync(ICDPSession touch, IPage page, string selector, double seconds)
    {
        await TouchAsync(touch, "touchStart", await MiddleAsync(page, selector));
        long at = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(() => TimeProvider.System.GetElapsedTime(at).TotalSeconds >= seconds, 30, () => "time stands still");
        await TouchAsync(touch, "touchEnd");
    }

    /// <summary>One finger after the other comes down, then all leave.</summary>
    private static async Task RestAsync(ICDPSession touch, params (float X, float Y)[] fingers)
    {
        for (int i = 1; i <= fingers.Length; i++)
        {
            await TouchAsync(touch, "touchStart", fingers[..i]);
        }

        await TouchAsync(touch, "touchEnd");
    }

    /// <summary>Samples drawn of the first wave.</summary>
    private static async Task<long> MovedAsync(IPage page) => long.Parse(await page.Locator("[data-lane]").First.GetAttributeAsync("data-moving") ?? "0", CultureInfo.InvariantCulture);

    private static async Task<double[]> PaintsAsync(IPage page, int loads)
    {
        double[] paints = new double[loads];
        for (int i = 0; i < loads; i++)
        {
            if (loads > 1)
            {
                await page.ReloadAsync();
                await page.WaitForSelectorAsync("[data-lane][data-state=live]");
            }

            paints[i] = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
        }

        return paints;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
