using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>The tasks at the bed, counted in touches and done again with the keyboard alone: there is no other way to say that a screen is simple.</summary>
public sealed partial class TouchTests(CraftBed bed, ITestOutputHelper output) : SharedPages, IClassFixture<CraftBed>
{
    /// <summary>What the page did instead of opening the printer's dialog.</summary>
    private const string CountPrints = "window.prints = 0; window.print = () => { window.prints++; dispatchEvent(new Event('beforeprint')); };";

    private protected override Browser Shared => bed.Browser;

    [Fact]
    public async Task T1_whether_the_data_live_and_how_old_each_is_takes_no_touch()
    {
        IPage page = await bed.LiveAsync();
        Assert.True(await page.Locator(".link[data-bed=live]").IsVisibleAsync());
        string[] unsaid = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.num')].filter(slot => {
              const value = slot.querySelector('[data-signal]');
              const isOld = slot.dataset.state !== 'live' && value.textContent !== '---';
              return !['live', 'late', 'lost'].includes(slot.dataset.state) || (isOld && !/\d/.test(slot.querySelector('.num-age').textContent));
            }).map(slot => slot.dataset.slot)
            """);
        Assert.Empty(unsaid);
        await bed.HoldBoxAsync(held: true);
        try
        {
            await Until.TrueAsync(async () => await page.Locator("[data-bed=late]").CountAsync() > 0, 10, () => "nothing is late");
            // The bar is rendered and the numbers are painted, one after the other: CutTests holds both to their time.
            await Until.TrueAsync(async () => Seconds.IsMatch(await page.Locator(".num-big .num-age").First.TextContentAsync() ?? string.Empty), 3, () => "the age of a number is not said");
        }
        finally
        {
            await bed.HoldBoxAsync(held: false);
        }

        Say("T1", 0, 0);
        await page.CloseAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T2_the_last_24_hours_of_heart_rate_mean_pressure_and_oxygen_take_one_touch(bool byKey)
    {
        Hand hand = await BeginAsync(byKey);
        await hand.TouchAsync("[data-nav=trends]", "2");
        foreach (string signal in new[] { "hr", "abp-mean", "spo2" })
        {
            await hand.SeesAsync($"[data-trend={signal}] canvas");
        }

        await hand.SeesAsync("[data-span='24'][aria-pressed=true]");
        await EndAsync("T2", hand, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T3_from_a_dip_of_a_trend_to_its_waves_takes_two_touches(bool byKey)
    {
        Hand hand = await BeginAsync(byKey);
        await Until.TrueAsync(async () => (await bed.Box.GetAsync("/api/v1/signals")).GetRawText().Contains("ecg-ii", StringComparison.Ordinal), 10, () => "no ECG");
        await CraftBed.GoAsync(hand.Page, "#/trends?h=0.02");
        await hand.SeesAsync("[data-trend=hr] canvas");
        await hand.TouchAtAsync("[data-trend-plot]", 0.6, "a");
        await hand.SeesAsync("[data-waves-here]");
        await hand.TouchAsync("[data-waves-here]", "Enter");
        await hand.SeesAsync("[data-wave=ecg-ii] canvas");
        await EndAsync("T3", hand, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T4_marking_suction_takes_two_touches(bool byKey)
    {
        Hand hand = await BeginAsync(byKey);
        int before = (await bed.Box.GetAsync("/api/v1/annotations")).GetArrayLength();
        await hand.TouchAsync(".actions .button:has(.icon):nth-of-type(2)", "m");
        await hand.SeesAsync("[data-mark=suction]");
        await hand.TouchAsync("[data-mark=suction]", "Enter");
        await Until.TrueAsync(async () => (await bed.Box.GetAsync("/api/v1/annotations")).GetArrayLength() == before + 1, 10, () => "the mark is not stored");
        await EndAsync("T4", hand, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T5_comparing_two_instants_takes_three_touches(bool byKey)
    {
        Hand hand = await BeginAsync(byKey);
        await hand.TouchAsync("[data-nav=trends]", "2");
        await hand.SeesAsync("[data-trend=hr] canvas");
        await hand.TouchAtAsync("[data-trend-plot]", 0.3, "a");
        if (byKey)
        {
            await hand.SeesAsync("[data-cursor=a]:focus");
            await hand.Page.Keyboard.PressAsync("Shift+ArrowLeft");
            await hand.Page.Keyboard.PressAsync("ArrowLeft");
        }

        await hand.TouchAtAsync("[data-trend-plot]", 0.7, "b");
        await hand.SeesAsync("[data-cursor=a]");
        await hand.SeesAsync("[data-cursor=b]");
        await Until.TrueAsync(async () => (await hand.Page.Locator("[data-range]").TextContentAsync())!.Contains('Δ', StringComparison.Ordinal), 5, () => "no Δ is told");
        await EndAsync("T5", hand, 3);
    }

    [Theory]
    [InlineData("#/trends", "[data-trend-plot]", "a", "[data-cursor=a]:focus")]
    [InlineData("#/waves", "[data-wave-plot]", "c", "[data-calliper=one]")]
    public async Task A_key_that_comes_in_the_moment_in_which_a_chart_appears_is_heard(string page, string chart, string key, string then)
    {
        Hand hand = await BeginAsync(byKey: true);
        await hand.Page.EvaluateAsync(
            """
            ([chart, key]) => new MutationObserver((_, watch) => {
              if (document.querySelector(chart) === null) return;
              watch.disconnect();
              document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            }).observe(document.body, { childList: true, subtree: true })
            """,
            new[] { chart, key });
        await CraftBed.GoAsync(hand.Page, page);
        await hand.SeesAsync(then);
        await hand.Page.CloseAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T6_the_high_priority_alarms_of_last_night_take_two_touches_and_none_sounds(bool byKey)
    {
        await Until.TrueAsync(async () => High(await bed.Box.GetAsync("/api/v1/alerts")) > 0, 60, () => "the monitor reports no alarm of high priority");
        Hand hand = await BeginAsync(byKey);
        await hand.TouchAsync("[data-nav=events]", "3");
        await hand.SeesAsync("[data-filter=high-night]");
        await hand.TouchAsync("[data-filter=high-night]", "Enter");
        await hand.SeesAsync("[data-event=alarm][data-priority=high]");
        await Until.TrueAsync(async () => await hand.Page.Locator("[data-event]").CountAsync() == High(await bed.Box.GetAsync("/api/v1/alerts")), 25, () => "the list is not the box's");
        Assert.Equal(0, await hand.Page.Locator("[data-event]:not([data-priority=high])").CountAsync());
        Assert.Equal(0, await hand.Page.Locator("audio, video").CountAsync());
        await EndAsync("T6", hand, 2);
    }

    /// <summary>The sheet of 24 hours where this build has it; until then the strip of the waves, from where a person stands before it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T7_printing_takes_at_most_two_touches(bool byKey)
    {
        Hand hand = await BeginAsync(byKey);
        bool hasSheet = await hand.Page.Locator("[data-nav=sheet]").CountAsync() > 0;
        if (hasSheet)
        {
            await hand.TouchAsync("[data-nav=sheet]", "4");
        }
        else
        {
            await CraftBed.GoAsync(hand.Page, "#/waves?signal=ecg-ii");
        }

        await hand.SeesAsync("[data-print]");
        await hand.TouchAsync("[data-print]", "Enter");
        await Until.TrueAsync(() => hand.Page.EvaluateAsync<bool>("() => window.prints === 1"), 10, () => "nothing is printed");
        await EndAsync(hasSheet ? "T7" : "T7 (strip of waves)", hand, 2);
    }

    [Fact]
    public async Task Every_screen_is_walked_by_the_keyboard_with_its_focus_in_sight_and_without_a_trap()
    {
        IPage page = await bed.LiveAsync();
        await page.EvaluateAsync(bed.Scripts);
        (int stops, double thinnest) = (0, double.MaxValue);
        foreach (string screen in await CraftBed.ScreensAsync(page))
        {
            await CraftBed.GoAsync(page, screen);
            string[] wanted = await StandingAsync(page);
            await page.EvaluateAsync("() => audit.walk()");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            bool left = false;
            string last = "nothing";
            for (int i = 0; i < (wanted.Length * 2) + 40 && !left; i++)
            {
                await page.Keyboard.PressAsync("Tab");
                JsonElement? focused = JsonSerializer.Deserialize<JsonElement?>(await page.EvaluateAsync<string>("() => JSON.stringify(audit.focused())"));
                left = focused is not { ValueKind: JsonValueKind.Object };
                if (focused is { ValueKind: JsonValueKind.Object } one)
                {
                    string name = one.GetProperty("name").GetString()!;
                    last = name;
                    Assert.True(one.GetProperty("outlinePx").GetDouble() >= 3, $"{name}: the focus is not seen");
                    Assert.True(one.GetProperty("seen").GetBoolean(), $"{name}: has the focus out of sight");
                    thinnest = Math.Min(thinnest, one.GetProperty("outlinePx").GetDouble());
                    seen.Add(name);
                    left = one.GetProperty("again").GetBoolean();
                }
            }

            // Names with a time or an age in them change while the walk goes on; what was there at the beginning and at the end under a lasting name must have been visited.
            string[] still = await page.EvaluateAsync<string[]>("() => audit.reachable()");
            string[] missed = [.. wanted.Where(one => !seen.Contains(one) && still.Contains(one) && !one.Any(char.IsAsciiDigit))];
            Assert.True(missed.Length == 0, $"{screen}: the keyboard does not reach {string.Join(" | ", missed)}; it ended after {last}, {seen.Count} stops");
            stops += seen.Count;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A5: {stops} stops of the Tab key, no trap, focus at least {thinnest} px"));
        await page.CloseAsync();
    }

    /// <summary>What the keyboard should reach, once a page that is still being filled has twice the same.</summary>
    private static async Task<string[]> StandingAsync(IPage page)
    {
        string[] wanted = [];
        await Until.TrueAsync(
            async () =>
            {
                string[] before = wanted;
                wanted = await page.EvaluateAsync<string[]>("() => audit.reachable()");
                return wanted.Length > 0 && Plain(before).SequenceEqual(Plain(wanted));
            },
            15,
            () => $"the page does not come to rest: {string.Join(" | ", wanted)}");
        return wanted;

        static IEnumerable<string> Plain(string[] names) => names.Where(name => !name.Any(char.IsAsciiDigit));
    }

    [Fact]
    public async Task Single_keys_are_listed_and_can_be_switched_off_and_on_by_the_keyboard()
    {
        IPage page = await bed.LiveAsync();
        await page.Keyboard.PressAsync("?");
        ILocator list = page.Locator("[data-keys]");
        await Until.TrueAsync(async () => await list.CountAsync() == 1, 10, () => "no list of keys");
        string words = (await list.TextContentAsync())!;
        foreach (string key in new[] { "1 – 6", "F", "M", "T", "N", "L", "Échap", "A B", "?" })
        {
            Assert.Contains(key, words, StringComparison.Ordinal);
        }

        // Each is true: night, language, table, freeze, mark.
        string? night = await page.GetAttributeAsync("html", "data-night");
        await page.Keyboard.PressAsync("n");
        await Until.TrueAsync(async () => await page.GetAttributeAsync("html", "data-night") != night, 5, () => "N does nothing");
        await page.Keyboard.PressAsync("n");
        await page.Locator("[data-hotkeys]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Until.TrueAsync(async () => await page.Locator("[data-hotkeys][aria-checked=false]").CountAsync() == 1, 5, () => "they are not off");
        foreach (string key in new[] { "n", "2", "m", "f", "t" })
        {
            await page.Keyboard.PressAsync(key);
        }

        Assert.Equal(night, await page.GetAttributeAsync("html", "data-night"));
        Assert.Contains("#/live", page.Url.EndsWith('/') ? "#/live" : page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("[data-mark], .frozen").CountAsync());
        await page.ReloadAsync();
        await CraftBed.FreshAsync(page);
        await page.Keyboard.PressAsync("n");
        Assert.Equal(night, await page.GetAttributeAsync("html", "data-night"));
        await page.Locator(".actions button[aria-label=Clavier]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-hotkeys]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("n");
        await Until.TrueAsync(async () => await page.GetAttributeAsync("html", "data-night") != night, 5, () => "they stay off");
        await page.Keyboard.PressAsync("n");
        await page.CloseAsync();
    }

    [GeneratedRegex(@"\d+ s", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Seconds { get; }

    private static int High(JsonElement alerts) => alerts.EnumerateArray().Count(one => one.GetProperty("priority").GetString() == "high");

    private async Task<Hand> BeginAsync(bool byKey) => new(await bed.LiveAsync(CountPrints), byKey);

    private Task EndAsync(string task, Hand hand, int goal)
    {
        Say(hand.ByKey ? $"{task}, keyboard alone" : task, hand.Touches, goal);
        Assert.Empty(bed.Browser.Complaints);
        Assert.True(hand.Touches <= goal, $"{task} takes {hand.Touches}, not {goal}");
        return hand.Page.CloseAsync();
    }

    private void Say(string task, int touches, int goal) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{task}: {touches} of {goal}"));

    /// <summary>A hand on the glass that counts, or one on the keyboard that never touches the mouse.</summary>
    private sealed class Hand(IPage page, bool byKey)
    {
        public IPage Page { get; } = page;

        public bool ByKey { get; } = byKey;

        public int Touches { get; private set; }

        /// <summary>With the keyboard: a single key where there is one; Enter means that the element is gone to with Tab first.</summary>
        public async Task TouchAsync(string target, string key)
        {
            Touches++;
            if (!ByKey)
            {
                await Page.Locator(target).First.ClickAsync();
                return;
            }

            for (int tabs = 0; key == "Enter" && !await Page.EvaluateAsync<bool>("target => document.activeElement?.matches(target) === true", target); tabs++)
            {
                Assert.True(tabs < 200, $"Tab does not lead to {target}");
                await Page.Keyboard.PressAsync("Tab");
            }

            await Page.Keyboard.PressAsync(key);
        }

        /// <summary>A place in the plot, as a share of its width.</summary>
        public async Task TouchAtAsync(string target, double share, string key)
        {
            Touches++;
            if (ByKey)
            {
                await Page.Keyboard.PressAsync(key);
                return;
            }

            LocatorBoundingBoxResult box = (await Page.Locator(target).BoundingBoxAsync())!;
            await Page.Mouse.ClickAsync((float)(box.X + (box.Width * share)), box.Y + 30);
        }

        public Task SeesAsync(string target) => Until.TrueAsync(async () => await Page.Locator(target).First.IsVisibleAsync(), 20, () => $"{target} is not seen");
    }
}
