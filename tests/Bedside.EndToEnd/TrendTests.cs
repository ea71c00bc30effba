using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The page of trends and the list of alarms, by touches, on a real box.</summary>
public class TrendTests
{
    [Fact]
    public async Task Two_instants_are_compared_in_three_touches_lanes_grow_and_the_strip_moves_the_chart()
    {
        await using ShownBed bed = await ShownBed.StartAsync("51");
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/live");
        await Until.TrueAsync(async () => await page.Locator("[data-signal=hr][data-state=live]").CountAsync() > 0, 30, () => "hr is not live");

        // T5: trends, one instant, the other.
        await page.Locator("a[href^='#/trends']").First.ClickAsync();
        LocatorBoundingBoxResult plot = await PlotAsync(page);
        await page.Mouse.ClickAsync(plot.X + (plot.Width * 0.4f), plot.Y + 20);
        await page.Mouse.ClickAsync(plot.X + (plot.Width * 0.6f), plot.Y + 20);
        Assert.Equal(1, await page.Locator(".cursor-a").CountAsync());
        Assert.Equal(1, await page.Locator(".cursor-b").CountAsync());
        Assert.Contains("Δ", await page.Locator("[data-range]").TextContentAsync());

        float before = (await PlotAsync(page)).Height;
        foreach (string height in new[] { "m", "l", "xl" })
        {
            await page.Locator("button[data-lane-height]").ClickAsync();
            await Until.TrueAsync(async () => await page.Locator($".trend-scroll[data-height={height}]").CountAsync() == 1, 5, () => $"the lanes do not become {height}");
            float now = (await PlotAsync(page)).Height;
            Assert.True(now >= before, $"{height}: {now} after {before}");
            before = now;
        }

        await page.Locator("button[data-lane-height]").ClickAsync();

        // The strip below: a touch on its left end shows that time.
        double start = await StartAsync(page);
        LocatorBoundingBoxResult? strip = await page.Locator("[data-overview] > div").BoundingBoxAsync();
        Assert.NotNull(strip);
        await page.Mouse.ClickAsync(strip.X + 10, strip.Y + (strip.Height / 2));
        await Until.TrueAsync(async () => await StartAsync(page) < start - 3_600_000, 10, () => "the chart does not follow the strip");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            await Reachable.AssertAsync(page, $"{language} {width}");
            await bed.Browser.ShootAsync(page, $"trends-{language}-{width}");
        }

        Assert.Empty(bed.Browser.Complaints);
    }

    private static async Task<LocatorBoundingBoxResult> PlotAsync(IPage page)
    {
        ILocator plot = page.Locator("[data-trend-plot]");
        await plot.WaitForAsync();
        LocatorBoundingBoxResult? box = await plot.BoundingBoxAsync();
        Assert.NotNull(box);
        return box;
    }

    private static async Task<double> StartAsync(IPage page)
    {
        double start = 0;
        await Until.TrueAsync(async () => (start = await page.EvaluateAsync<double>("() => Number(document.querySelector('[data-lane-trend]')?.dataset.start ?? 0)")) > 0, 10, () => "nothing is drawn");
        return start;
    }
}
