using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The screen when the box itself dies, and the screen in both languages.</summary>
[Collection(Alone.Name)]
public partial class ScreenTests
{
    /// <summary>Words of one language that the other does not write the same; whole words, in any case.</summary>
    private static readonly string[] French =
        ["Courbes", "Tendances", "État", "Lit", "En direct", "VISUALISATION SEULE", "Alarmes", "aucune", "Figer", "Marquer", "Nuit", "Pléth", "Débit", "FC", "PAM", "PNI", "reçu", "Retard affiché",
         "Maintenant", "suit l’heure", "hachuré", "Touchez", "bande", "Appareils", "Enregistrement", "Mémoire", "Boîtier", "DÉMO"];

    private static readonly string[] English =
        ["Waves", "Trends", "Status", "Bed", "Live", "VIEW ONLY", "alarms", "none reported", "Freeze", "Mark", "Night", "Pleth", "Flow", "HR", "RR", "NIBP", "receiving", "Display delay",
         "Now", "following", "hatched", "Touch to", "band", "Devices", "Storage", "Memory", "DEMO"];

    [Fact]
    public async Task A_dead_box_cannot_be_missed_and_comes_back_without_a_reload()
    {
        using var folder = new Folder();
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "7");
        await using Box box = await Box.StartAsync(folder["data"], Serial(folder));
        await box.LiveAsync(waves: 4, numerics: 8);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync(box.Address.ToString());
        ConcurrentQueue<string> errors = ErrorsOf(page);
        await Until.TrueAsync(async () => await StateAsync(page, "hr") == "live" && await MovingAsync(page), 30, () => "hr is not live");
        await page.EvaluateAsync("window.sameDocument = true");

        await WatchAsync(page);
        await box.Process.KillAsync();
        double killed = await page.EvaluateAsync<double>("performance.now()");
        await Until.TrueAsync(async () => await StateAsync(page, "hr") == "lost", 20, () => "hr is not lost");
        await AssertTurnedAsync(page, "late", killed, 2.5);
        await AssertTurnedAsync(page, "lost", killed, 10.5);
        Assert.Equal("---", await page.Locator("[data-signal='hr']").First.TextContentAsync());
        await Until.TrueAsync(async () => await page.Locator("[data-banner=lost]").First.IsVisibleAsync(), 2, () => "no banner");
        await Until.TrueAsync(async () => await page.Locator("header [data-link=lost]").CountAsync() == 1, 5, () => "the header says nothing of the dead box");
        await Until.TrueAsync(async () => await page.Locator("[data-signal][data-state=live]").CountAsync() == 0, 5, () => "a value of a dead box is live");
        await browser.ShootAsync(page, "screen-box-dead");

        int port = box.Address.Port;
        await using Running again = Installed.Bedside(["run", "--data", folder["data"], "--port", port.ToString(CultureInfo.InvariantCulture), .. Serial(folder)]);
        await again.LineAsync("ready ");
        await Until.TrueAsync(async () => await StateAsync(page, "hr") == "live" && await MovingAsync(page), 40, () => $"the screen did not come back: {again.Errors}");
        await Until.TrueAsync(async () => await page.Locator("[data-banner=lost]").CountAsync() == 0, 5, () => "the banner stays");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"), "the page was loaded anew");
        await browser.ShootAsync(page, "screen-box-back");
        Assert.Empty(browser.Complaints);

        // While the box is dead the browser itself says that nobody answers; nothing else may be said.
        Assert.DoesNotContain(errors, error => !Unreachable.IsMatch(error));
    }

    [Fact]
    public async Task Every_label_follows_the_language()
    {
        using var folder = new Folder();
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "8");
        await using Box box = await Box.StartAsync(folder["data"], Serial(folder));
        await box.LiveAsync(waves: 4, numerics: 8);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync(box.Address.ToString());
        ConcurrentQueue<string> errors = ErrorsOf(page);
        await Until.TrueAsync(async () => await StateAsync(page, "hr") == "live", 30, () => "hr is not live");

        (string Screen, string French, string English)[] screens = [("live", "FC", "HR"), ("trends", "Maintenant", "Now"), ("health", "Mémoire", "Memory"), ("setup", "Ports du boîtier", "Ports of the box"), ("help", "Brancher un appareil", "Connecting a device"), ("waves", "Imprimer", "Print"), ("events", "Marques", "Marks"), ("patient", "Patient de ce lit", "Patient of this bed")];
        foreach (string language in new[] { "fr", "en", "fr" })
        {
            await SpeakAsync(page, language);
            bool french = language == "fr";
            foreach ((string screen, string frenchWord, string englishWord) in screens)
            {
                await page.EvaluateAsync("screen => { location.hash = '#/' + screen; }", screen);
                string expected = french ? frenchWord : englishWord;
                await Until.TrueAsync(async () => Says(await WordsAsync(page), expected), 20, () => $"{screen}, {language}: no {expected}");
                await Until.TrueAsync(async () => !Others(await WordsAsync(page), french).Any(), 3, () => $"{screen}, {language}: words of the other language");
            }
        }

        Assert.Empty(browser.Complaints);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_touch_on_a_number_opens_its_last_hour_and_leaves_the_numbers_in_sight()
    {
        using var folder = new Folder();
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "9");
        await using Box box = await Box.StartAsync(folder["data"], Serial(folder));
        await box.LiveAsync(waves: 4, numerics: 8);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync(box.Address.ToString());
        await Until.TrueAsync(async () => await StateAsync(page, "spo2") == "live", 30, () => "spo2 is not live");
        ILocator number = page.Locator(".num-big[data-slot=spo2] .num-touch");
        ILocator hour = page.Locator("[data-quick=spo2]");
        foreach (Func<Task> close in new Func<Task>[] { () => number.ClickAsync(), () => hour.Locator(".quick-head button").ClickAsync(), () => page.Keyboard.PressAsync("Escape") })
        {
            await number.ClickAsync();
            await Until.TrueAsync(async () => await hour.Locator("[data-trend=spo2] canvas").CountAsync() == 1, 10, () => "no trend of spo2");
            LocatorBoundingBoxResult? over = await hour.BoundingBoxAsync();
            LocatorBoundingBoxResult? value = await number.BoundingBoxAsync();
            Assert.NotNull(over);
            Assert.NotNull(value);
            Assert.True(over.X + over.Width <= value.X + 1, "the trend covers the numbers");
            Assert.True(await MovedOnAsync(page), "the waves stand still under the trend");
            await close();
            await Until.TrueAsync(async () => await hour.CountAsync() == 0, 5, () => "the trend stays open");
        }

        Assert.Empty(browser.Complaints);
    }

    private static async Task<bool> MovedOnAsync(IPage page)
    {
        await MovingAsync(page);
        await Until.TrueAsync(() => MovingAsync(page), 10, () => "no wave moves");
        return true;
    }

    private static string[] Serial(Folder folder) => ["--serial", $"{folder["monitor"]}=philips-intellivue"];

    private static ConcurrentQueue<string> ErrorsOf(IPage page)
    {
        var errors = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Enqueue(message.Text);
            }
        };
        return errors;
    }

    private static async Task SpeakAsync(IPage page, string language)
    {
        ILocator other = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = language == "en" ? "English" : "Français", Exact = true });
        if (await other.CountAsync() > 0)
        {
            await other.ClickAsync();
        }

        await Until.TrueAsync(async () => await page.GetAttributeAsync("html", "lang") == language, 5, () => $"the page does not speak {language}");
    }

    /// <summary>
    /// What can be read on the page, and what is read out or shown on a touch. The switch of the language names the other one, and an alarm speaks the
    /// device's language: both are left out.
    /// </summary>
    private static Task<string> WordsAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => {
          const words = [];
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('[data-alert]')) words.push(texts.currentNode.data);
          for (const one of document.querySelectorAll('[aria-label], [title]')) {
            for (const name of ['aria-label', 'title']) if (!one.closest('.trend-alert')) words.push(one.getAttribute(name) ?? '');
          }
          return words.filter(text => text !== 'English' && text !== 'Français').join('\n');
        }
        """);

    private static IEnumerable<string> Others(string words, bool french) => (french ? English : French).Where(word => Says(words, word));

    private static bool Says(string words, string word) => Regex.IsMatch(words, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(word)}(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static Task<string?> StateAsync(IPage page, string signal) => page.Locator($"[data-signal='{signal}']").First.GetAttributeAsync("data-state");

    private static Task<bool> MovingAsync(IPage page) => page.EvaluateAsync<bool>(
        """
        () => {
          const drawn = Number(document.querySelector('[data-lane=ecg-ii]')?.dataset.moving ?? 0);
          const moved = window.drawnBefore !== undefined && drawn > window.drawnBefore;
          window.drawnBefore = drawn;
          return moved;
        }
        """);

    /// <summary>The page itself notes, by its own clock, when the heart rate turned late and lost, so that a busy test machine does not blur it.</summary>
    private static async Task WatchAsync(IPage page) => await page.EvaluateAsync(
        """
        () => {
          const value = document.querySelector("[data-signal='hr']");
          window.turned = {};
          const look = () => window.turned[value.dataset.state] ??= performance.now();
          new MutationObserver(look).observe(value, { attributes: true, attributeFilter: ['data-state'] });
        }
        """);

    private static async Task AssertTurnedAsync(IPage page, string state, double killed, double seconds)
    {
        double at = await page.EvaluateAsync<double>($"window.turned.{state} ?? -1");
        Assert.True(at >= killed - 1000, $"hr did not turn {state}");
        Assert.True(at - killed <= seconds * 1000, string.Create(CultureInfo.InvariantCulture, $"hr turned {state} {(at - killed) / 1000:F2} s after the box died"));
    }

    [GeneratedRegex("ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket connection to|fetching the script", RegexOptions.CultureInvariant)]
    private static partial Regex Unreachable { get; }
}
