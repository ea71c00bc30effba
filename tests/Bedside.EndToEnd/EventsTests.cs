using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The one list of what happened, on a real box: a mark, a cable pulled, the gap it left.</summary>
public class EventsTests
{
    [Fact]
    public async Task Marks_devices_and_gaps_stand_in_one_list_lead_to_their_waves_and_a_mark_is_changed_by_a_new_version()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], "--serial", $"{folder["monitor"]}=philips-intellivue");
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync(box.Address.ToString());
        await using (Running monitor = await Installed.MonitorAsync(folder["monitor"], "41"))
        {
            await box.LiveAsync(waves: 4, numerics: 8);
            await page.Keyboard.PressAsync("m");
            await page.Locator("[data-mark=suction]").ClickAsync();
            await Until.TrueAsync(async () => (await MarksAsync(box)).Length == 1, 10, () => "the mark is not stored");
        }

        await using Running again = await Installed.MonitorAsync(folder["monitor"], "41");
        await Until.TrueAsync(async () => (await box.GetAsync("/api/v1/gaps")).GetArrayLength() > 0, 60, () => "no gap is told");
        await page.Locator("[data-nav=events]").ClickAsync();
        foreach (string group in new[] { "mark", "device", "gap" })
        {
            await Until.TrueAsync(async () => await page.Locator($"[data-event={group}]").CountAsync() > 0, 30, () => $"no {group} in the list");
        }

        string[] times = await page.Locator(".event-time").AllTextContentsAsync() is { } shown ? [.. shown] : [];
        Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);
        await browser.ShootAsync(page, "events");

        // Filters: what is not chosen is not there, and is not forgotten.
        await page.Locator("[data-filter=gap]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-event=gap]").CountAsync() == 0, 5, () => "gaps are still listed");
        await page.Locator("[data-filter=gap]").ClickAsync();

        // Another kind and a text: the next version; undone by one touch, which is a version too.
        ILocator mark = page.Locator("[data-event=mark]");
        await mark.Locator("[data-edit]").ClickAsync();
        await mark.Locator("[data-kind=care]").ClickAsync();
        await mark.Locator("[data-mark-text]").FillAsync("toilette");
        await mark.Locator("[data-save]").ClickAsync();
        await Until.TrueAsync(async () => (await MarksAsync(box))[0].GetProperty("version").GetInt32() == 2, 10, () => "no second version");
        Assert.Equal(("care", "toilette"), ((await MarksAsync(box))[0].GetProperty("kind").GetString(), (await MarksAsync(box))[0].GetProperty("text").GetString()));
        await Until.TrueAsync(async () => (await mark.TextContentAsync())!.Contains("toilette", StringComparison.Ordinal), 15, () => "the list has the former text");
        await page.Locator("[data-undo]").ClickAsync();
        await Until.TrueAsync(async () => (await MarksAsync(box))[0].GetProperty("kind").GetString() == "suction", 10, () => "it is not undone");
        Assert.Equal(3, (await MarksAsync(box))[0].GetProperty("version").GetInt32());

        // Withdrawn, and back.
        await mark.Locator("[data-edit]").ClickAsync();
        await mark.Locator("[data-withdraw]").ClickAsync();
        await Until.TrueAsync(async () => (await MarksAsync(box)).Length == 0, 10, () => "it is not withdrawn");
        await page.Locator("[data-undo]").ClickAsync();
        await Until.TrueAsync(async () => (await MarksAsync(box)).Length == 1, 10, () => "it is not back");

        await Until.TrueAsync(async () => await mark.CountAsync() == 1, 15, () => "it is not in the list again");
        await mark.Locator("[data-waves]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-wave]").CountAsync() > 0, 15, () => "no waves");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_list_can_be_used_by_everybody_in_both_languages_day_and_night_at_all_sizes()
    {
        await using ShownBed bed = await ShownBed.StartAsync("41");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        IPage page = await browser.OpenAsync(box.Address.ToString());
        await Until.TrueAsync(async () => await page.Locator("[data-signal=hr][data-state=live]").CountAsync() > 0, 30, () => "hr is not live");
        await page.Keyboard.PressAsync("m");
        await page.Locator("[data-mark=position][data-value=prone]").ClickAsync();
        await page.Keyboard.PressAsync("3");
        await Until.TrueAsync(async () => await page.Locator("[data-event=mark]").CountAsync() == 1, 20, () => "no mark");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            await page.Locator("[data-edit]").ClickAsync();
            await Reachable.AssertAsync(page, $"{language} {width}");
            await browser.ShootAsync(page, $"events-{language}-{width}");
            await page.Locator("[data-edit]").ClickAsync();
        }

        Assert.Empty(browser.Complaints);
    }

    private static async Task<JsonElement[]> MarksAsync(Box box) => [.. (await box.GetAsync("/api/v1/annotations")).EnumerateArray()];
}
