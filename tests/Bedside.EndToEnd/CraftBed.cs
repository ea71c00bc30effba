using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>
/// One bed for all tests of a class: a simulated monitor that alarms, the real box whose ward has the small hours now (so that the alarms of this minute are alarms of
/// the night), and a browser. Every test opens a page of its own.
/// </summary>
public sealed class CraftBed : IAsyncLifetime, IDisposable
{
    private const int NightHour = 3;
    private readonly Folder _folder = new();
    private Running? _monitor;
    private Box? _box;
    private Browser? _browser;
    private IReadOnlyList<Seen>? _seen;

    internal Box Box => _box ?? throw new InvalidOperationException("the bed is not started");

    internal Browser Browser => _browser ?? throw new InvalidOperationException("the bed is not started");

    /// <summary>The pages' own checks, and axe.</summary>
    internal string Scripts { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        string web = Path.Combine(Installed.Root, "viewer/web");
        Scripts = await File.ReadAllTextAsync(Path.Combine(web, "node_modules/axe-core/axe.min.js")) + "\n" + await File.ReadAllTextAsync(Path.Combine(web, "dev/audit.js"));
        string config = _folder["box.json"];
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new { bed = "12", timeZone = ZoneOfNight(), language = "fr" }));
        _monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", _folder["line"], "--seed", "51", "--accept-delay", "0.05", "--alarms", "many");
        await _monitor.LineAsync("ready ");
        _box = await Box.StartAsync(_folder["data"], "--serial", $"{_folder["line"]}=philips-intellivue", "--config", config);
        _browser = await Browser.StartAsync();
        await _box.LiveAsync(waves: 4, numerics: 8, seconds: 90);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_box is not null)
        {
            await _box.DisposeAsync();
        }

        if (_monitor is not null)
        {
            await _monitor.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What all screens looked like; walked once, when the first test asks.</summary>
    internal async Task<IReadOnlyList<Seen>> WalkAsync() => _seen ??= await CraftWalk.WalkAsync(this);

    /// <summary>The live screen with fresh values and moving waves; <paramref name="before"/> is a script that the page runs first.</summary>
    internal async Task<IPage> LiveAsync(string? before = null)
    {
        IPage page = await Browser.OpenAsync("about:blank");
        if (before is not null)
        {
            await page.AddInitScriptAsync(before);
        }

        await page.GotoAsync(Box.Address.ToString());
        await FreshAsync(page);
        return page;
    }

    internal static Task FreshAsync(IPage page) =>
        Until.TrueAsync(async () => await page.Locator("[data-bed=live]").CountAsync() > 0 && (await page.Locator("[data-signal=hr][data-state=live]").CountAsync() > 0 || await page.Locator("[data-signal]").CountAsync() == 0), 60, () => "the page is not fresh");

    /// <summary>Addresses of every screen there is: those of the bar, those behind « More », and the two that are reached from others. A new screen comes in by itself.</summary>
    internal static async Task<IReadOnlyList<string>> ScreensAsync(IPage page)
    {
        await GoAsync(page, "#/more");
        string[] found = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[data-nav], [data-more]')].map(one => one.getAttribute('href'))");
        Assert.True(found.Length >= 8, string.Join(' ', found));
        return [.. found, "#/waves?signal=ecg-ii", "#/help?device=philips-intellivue"];
    }

    internal static async Task GoAsync(IPage page, string address)
    {
        await page.EvaluateAsync("address => { location.hash = address; }", address);
        string screen = address.Split('?')[0];
        string there = string.Empty;
        await Until.TrueAsync(
            async () =>
            {
                there = await page.EvaluateAsync<string>("async screen => { await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); const main = document.querySelector('main'); return location.hash.startsWith(screen) && (main?.textContent ?? '').trim() !== '' ? '' : `${location.hash}: ${(main ?? document.body).outerHTML.slice(0, 300)}`; }", screen);
                return there.Length == 0;
            },
            20,
            () => $"{address} stays empty: {there}");
    }

    internal static async Task DressAsync(IPage page, string language, bool night)
    {
        if (await page.GetAttributeAsync("html", "lang") != language)
        {
            await page.Keyboard.PressAsync("l");
        }

        if (await page.GetAttributeAsync("html", "data-night") != (night ? "true" : "false"))
        {
            await page.Keyboard.PressAsync("n");
        }

        await Until.TrueAsync(async () => await page.GetAttributeAsync("html", "lang") == language && await page.GetAttributeAsync("html", "data-night") == (night ? "true" : "false"), 5, () => "the page does not change");
    }

    /// <summary>A process that stops in its tracks, or goes on: it says nothing and closes nothing.</summary>
    internal async Task HoldBoxAsync(bool held)
    {
        await using var kill = Running.Start("kill", [held ? "-STOP" : "-CONT", Box.Process.Pid.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal(0, await kill.EndAsync(10));
    }

    /// <summary>A zone without summer time in which it is three o'clock in the night.</summary>
    private static string ZoneOfNight()
    {
        int offset = (((NightHour - TimeProvider.System.GetUtcNow().Hour + 12) % 24) + 24) % 24 - 12;
        return offset == 0 ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{-offset:+0;-0}");
    }
}
