using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The page of the ports, the pages of how devices are connected, and the meter of completeness, on a real box with real simulators.</summary>
public class SetupTests
{
    private const int PlugAndHunt = 10 + 20;

    [Fact]
    public async Task A_device_appears_on_the_open_page_when_it_is_plugged_in_and_its_unplugging_and_what_it_cost_are_said()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], "--serial", folder["monitor"]);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/setup");
        ILocator port = page.Locator($"[data-port='{folder["monitor"]}']");
        await BecomesAsync(port, "data-finding", "no-port", 15);
        await page.EvaluateAsync("window.sameDocument = true");
        await browser.ShootAsync(page, "setup-absent");

        await using (Running monitor = await Installed.MonitorAsync(folder["monitor"], "11"))
        {
            await BecomesAsync(port, "data-port-state", "receiving", PlugAndHunt);
            Assert.Contains("Philips", await port.TextContentAsync());
            Assert.Contains("115200 8N1", await port.TextContentAsync());
            await Until.TrueAsync(async () => await StateAtBoxAsync(box) == "receiving", 5, () => "the box says otherwise than its page");
            await browser.ShootAsync(page, "setup-found");

            // A device is heard before its first value comes, and what never came cannot be missing.
            await box.LiveAsync(waves: 1, numerics: 1);
        }

        await BecomesAsync(port, "data-port-state", "unplugged", 10);
        Assert.Contains("Philips", await port.TextContentAsync());
        await browser.ShootAsync(page, "setup-unplugged");

        await using Running again = await Installed.MonitorAsync(folder["monitor"], "11");
        await BecomesAsync(port, "data-port-state", "receiving", PlugAndHunt);
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"), "the page was loaded anew");

        await page.EvaluateAsync("() => { location.hash = '#/health'; }");
        // A busy machine may have lost something else as well.
        ILocator lines = page.Locator("[data-complete]");
        ILocator lost = page.Locator("[data-complete]:not([data-lost='0'])", new PageLocatorOptions { HasText = "câble débranché" }).First;
        await Until.TrueAsync(async () => await lost.CountAsync() > 0, 60, async () => $"the meter says nothing of the cable: {string.Join(" | ", await lines.AllTextContentsAsync())}");
        await lost.Locator("button").ClickAsync();
        ILocator gaps = page.Locator("[data-gaps] li");
        await Until.TrueAsync(async () => await gaps.CountAsync() > 0, 10, () => "no list of gaps");
        Assert.Contains("câble débranché", string.Join('\n', await gaps.AllTextContentsAsync()));
        await browser.ShootAsync(page, "health-completeness");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_silent_port_tells_what_is_tried_and_what_helps_and_help_is_one_touch_away()
    {
        using var folder = new Folder();
        using var silent = new SilentLine();
        await using Box box = await Box.StartAsync(folder["data"], "--serial", silent.Path);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/setup");
        ILocator port = page.Locator($"[data-port='{silent.Path}']");
        await Until.TrueAsync(async () => await port.Locator("[data-trying]").CountAsync() == 1, 10, () => "nothing is being tried");

        // What is tried changes before the eyes.
        var tried = new HashSet<string?>();
        await Until.TrueAsync(
            async () =>
            {
                tried.Add(await port.Locator("[data-trying]").GetAttributeAsync("data-trying"));
                return tried.Count >= 3;
            },
            30,
            () => $"only {string.Join(", ", tried)}");
        await BecomesAsync(port, "data-finding", "silent", 45);
        Assert.True(await port.Locator(".port-remedies li").CountAsync() >= 3, "no remedies");
        await browser.ShootAsync(page, "setup-silent");

        await port.Locator("a.port-help").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-help-entry]").CountAsync() >= 10, 10, () => "no list of devices");
        await page.Locator("[data-help-entry='ge-datex-dri']").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-help='ge-datex-dri'] svg.face").CountAsync() == 2, 10, () => "no pinout is drawn");
        Assert.Equal(7, await page.Locator("[data-topic]").CountAsync());
        await browser.ShootAsync(page, "help-device");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Ports_help_and_completeness_can_be_used_by_everybody_in_both_languages_at_both_sizes()
    {
        string axe = await File.ReadAllTextAsync(Path.Combine(Installed.Root, "viewer/web/node_modules/axe-core/axe.min.js"));
        using var folder = new Folder();
        using var silent = new SilentLine();
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "11");
        await using Box box = await Box.StartAsync(folder["data"], "--serial", folder["monitor"], "--serial", silent.Path);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/setup");
        await BecomesAsync(page.Locator($"[data-port='{folder["monitor"]}']"), "data-port-state", "receiving", PlugAndHunt);
        await BecomesAsync(page.Locator($"[data-port='{silent.Path}']"), "data-finding", "silent", 45);
        (string Hash, string There)[] pages = [("#/setup", "[data-port]"), ("#/help", "[data-help-entry]"), ("#/help?device=philips-intellivue", "svg.face"), ("#/health", "[data-complete]")];
        foreach ((int width, int height) in new[] { (1280, 800), (800, 480) })
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (string language in new[] { "en", "fr" })
            {
                await page.Keyboard.PressAsync("l");
                await Until.TrueAsync(async () => await page.GetAttributeAsync("html", "lang") == language, 5, () => $"the page does not speak {language}");
                foreach ((string hash, string there) in pages)
                {
                    await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
                    await Until.TrueAsync(async () => await page.Locator(there).CountAsync() > 0, 20, () => $"{hash} stays empty");
                    await browser.ShootAsync(page, $"{hash[2..].Split('?')[0]}{(hash.Contains('?', StringComparison.Ordinal) ? "-device" : "")}-{language}-{width}");
                    await page.EvaluateAsync($"() => {{ {axe} }}");
                    string violations = await page.EvaluateAsync<string>(Violations);
                    Assert.True(violations.Length == 0, violations);
                    string small = await page.EvaluateAsync<string>(Small);
                    Assert.True(small.Length == 0, small);
                }
            }

            for (int size = 0; size < 3; size++)
            {
                await page.Locator(".actions button[aria-label^='Taille du texte']").ClickAsync();
                string cut = await page.EvaluateAsync<string>(Cut);
                Assert.True(cut.Length == 0, $"{width}: {cut}");
            }
        }

        Assert.Empty(browser.Complaints);
    }

    private const string Violations =
        """
        async () => {
          const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
          return violations.map(one => `${location.hash} ${one.id}: ${one.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ')}`).join('\n');
        }
        """;

    /// <summary>What can be touched on the page and is lower or narrower than 48 px, or closer than 8 px to the next one below or beside it in its group.</summary>
    private const string Small =
        """
        () => [...document.querySelectorAll('main a, main button')]
          .map(one => [one, one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.height < 47.5 || box.width < 47.5))
          .map(([one, box]) => `${location.hash} ${one.textContent}: ${Math.round(box.width)}x${Math.round(box.height)}`).join('\n')
        """;

    /// <summary>The header with each of its longest words for the link: nothing of the clock or of the statement that this is no monitor may be cut off.</summary>
    private const string Cut =
        """
        () => ['En direct', 'Appareil : reconnexion', 'Liaison perdue 1:00:12', 'Secours : chiffres seuls'].filter(words => {
          const said = document.querySelector('.link').children[1];
          const before = said.textContent;
          said.textContent = words;
          const header = document.querySelector('.header');
          const fits = header.scrollWidth <= header.clientWidth + 1 && document.querySelector('.clock').getBoundingClientRect().right <= innerWidth + 1
            && document.querySelector('.badge').getBoundingClientRect().height <= header.clientHeight;
          said.textContent = before;
          return !fits;
        }).map(words => `${words} at ${document.documentElement.dataset.size}`).join(', ')
        """;

    private static async Task<string?> StateAtBoxAsync(Box box) => (await box.GetAsync("/api/v1/ports")).GetProperty("ports")[0].GetProperty("state").GetString();

    private static Task BecomesAsync(ILocator element, string attribute, string value, int seconds) =>
        Until.TrueAsync(
            async () => await element.CountAsync() == 1 && await element.GetAttributeAsync(attribute) == value,
            seconds,
            () => $"{attribute} did not become {value}");
}
