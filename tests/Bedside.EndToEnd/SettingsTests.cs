using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>Setting up a bed at its own screen, with a real box and a simulated monitor: settings, their trial, the check of signals, the box's health.</summary>
public partial class SettingsTests(SettledBed bed) : SharedPages, IClassFixture<SettledBed>
{
    private protected override Browser Shared => bed.Browser;

    [Fact]
    public async Task A_bed_is_named_and_coloured_by_touch_and_every_open_screen_shows_it_without_being_loaded_anew()
    {
        IPage live = await bed.OpenAsync(string.Empty);
        await Until.TrueAsync(async () => await live.Locator("[data-signal=hr][data-state=live]").CountAsync() > 0, 30, () => "hr is not live");
        await live.EvaluateAsync("window.sameDocument = true");
        IPage page = await bed.OpenAsync("#/setup?step=bed");
        await page.Locator("[data-bed-name]").WaitForAsync();
        await page.Locator("[data-erase]").ClickAsync();
        await page.Locator("[data-key='7']").ClickAsync();
        await page.Locator("[data-key='A']").ClickAsync();
        await Until.TrueAsync(async () => await page.InputValueAsync("[data-bed-name]") == "7A", 10, () => "the keypad does not write");
        Assert.True(await page.Locator("[data-units=temperature] button").First.IsEnabledAsync());
        await page.Locator("[data-group=ecg]").ClickAsync();

        // What cannot be read on black is refused, with the reason, and nothing can be applied.
        await page.FillAsync("[data-own-colour]", "#0000ff");
        await page.Keyboard.PressAsync("Tab");
        await Until.TrueAsync(async () => await page.Locator("[data-fault='colours.ecg']").CountAsync() == 1, 10, () => "pure blue is taken");
        Assert.Contains("contraste", await page.Locator("[data-fault]").TextContentAsync());
        Assert.False(await page.Locator("[data-apply]").IsEnabledAsync());
        await bed.Browser.ShootAsync(page, "settings-refused");

        await page.Locator("[data-swatch='#ffcc80']").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-draft='2'][data-faults='0']").CountAsync() == 1, 10, () => "no draft without faults");
        await page.Locator("[data-apply]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-draft]").CountAsync() == 0, 10, () => "it is not applied");

        await Until.TrueAsync(async () => (await live.Locator(".bed-name").TextContentAsync())!.Contains("7A", StringComparison.Ordinal), 15, () => "the live screen has the former bed");
        await Until.TrueAsync(async () => (await live.Locator("[data-lane^=ecg]").First.GetAttributeAsync("style"))!.Contains("#ffcc80", StringComparison.OrdinalIgnoreCase), 15, () => "the wave has the former colour");
        Assert.True(await live.EvaluateAsync<bool>("window.sameDocument === true"), "the page was loaded anew");
        Assert.Equal("live", await live.Locator("[data-signal=hr]").First.GetAttributeAsync("data-state"));
        await bed.Browser.ShootAsync(page, "settings-bed");

        // What the configuration says cannot be set, and says so.
        Assert.Contains("dayStart", (await bed.Box.GetAsync("/api/v1/settings")).GetProperty("pinned").EnumerateArray().Select(one => one.GetString()));
        Assert.True(await page.Locator(".day-start button").First.IsDisabledAsync());

        // And back, by one touch.
        int version = (await bed.Box.GetAsync("/api/v1/settings")).GetProperty("versions")[1].GetProperty("number").GetInt32();
        await page.Locator($"[data-return='{version}']").ClickAsync();
        await Until.TrueAsync(async () => (await bed.Box.GetAsync("/api/v1/session")).GetProperty("bed").GetString() != "7A", 10, () => "it is not undone");
        await live.CloseAsync();
        await page.CloseAsync();
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task A_wrong_line_goes_by_itself_and_data_flow_again_and_a_right_one_stays_when_it_is_confirmed()
    {
        IPage page = await bed.OpenAsync("#/setup");
        await PrepareAsync(page, "draeger-medibus", "19200 8E1");
        await page.Locator("[data-apply]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-trial]:not([data-lost='0'])").CountAsync() == 1, 10, () => "there is no trial");
        Assert.False(await page.Locator("[data-confirm-settings]").IsEnabledAsync());
        await bed.Browser.ShootAsync(page, "settings-trial-lost");
        await Until.TrueAsync(async () => await page.Locator("[data-trial]").CountAsync() == 0, SettledBed.TrialSeconds + 15, () => "the trial does not end");
        await bed.Box.LiveAsync(waves: 4, numerics: 8, seconds: 60);
        JsonElement settings = await bed.Box.GetAsync("/api/v1/settings");
        Assert.Equal("device-lost", settings.GetProperty("versions")[0].GetProperty("outcome").GetString());
        Assert.Empty(settings.GetProperty("settings").GetProperty("ports").EnumerateArray());
        Assert.DoesNotContain((await bed.Box.GetAsync("/api/v1/devices")).EnumerateArray(), device => device.GetProperty("device").GetString() == "draeger-medibus");

        await PrepareAsync(page, "philips-intellivue", "115200 8N1");
        await page.Locator("[data-apply]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-trial][data-lost='0'] [data-confirm-settings]").CountAsync() == 1, SettledBed.TrialSeconds, () => "the monitor is not found again");
        await page.Locator("[data-confirm-settings]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-trial]").CountAsync() == 0, 10, () => "it is not confirmed");
        settings = await bed.Box.GetAsync("/api/v1/settings");
        Assert.Equal("confirmed", settings.GetProperty("versions")[0].GetProperty("outcome").GetString());
        Assert.Equal("philips-intellivue", settings.GetProperty("settings").GetProperty("ports")[0].GetProperty("driver").GetString());
        await page.CloseAsync();
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task From_the_live_screen_the_signals_of_a_monitor_are_checked_in_five_touches_and_the_report_is_printed_tagged()
    {
        IPage page = await bed.OpenAsync(string.Empty);
        await Until.TrueAsync(async () => await page.Locator("[data-signal=hr][data-state=live]").CountAsync() > 0, 30, () => "hr is not live");

        // A rate is measured over five seconds or more: there is none yet where this is the first that is asked of the bed.
        string rates = $"/api/v1/checks/rates?device={Uri.EscapeDataString((await bed.Box.GetAsync("/api/v1/devices")).EnumerateArray().Single(one => one.GetProperty("state").GetString() == "receiving").GetProperty("device").GetString()!)}";
        await Until.TrueAsync(
            async () => (await bed.Box.GetAsync(rates)).GetProperty("signals").EnumerateArray().Any(one => one.GetProperty("id").GetString() == "ecg-ii" && one.GetProperty("measured").ValueKind == JsonValueKind.Number),
            60,
            () => "no rate is measured");
        await page.Locator("[data-nav=more]").ClickAsync();
        await page.Locator("[data-more=check]").ClickAsync();
        await page.Locator("[data-freeze]").ClickAsync();
        ILocator rate = page.Locator("[data-check=hr]");
        string frozen = (await rate.GetAttributeAsync("data-shown"))!;
        Assert.Matches("^[0-9]+ /min$", frozen);
        await page.Locator("[data-all-right]").ClickAsync();
        await page.Locator("[data-store-check]").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-said]").CountAsync() == 1, 10, () => "it is not stored");
        Assert.Equal(frozen, await rate.GetAttributeAsync("data-shown"));

        JsonElement check = (await bed.Box.GetAsync("/api/v1/checks"))[0];
        JsonElement[] signals = [.. check.GetProperty("signals").EnumerateArray()];
        Assert.Equal(frozen, signals.Single(one => one.GetProperty("id").GetString() == "hr").GetProperty("shown").GetString());
        Assert.Contains(signals, one => one.GetProperty("id").GetString()!.StartsWith("ecg", StringComparison.Ordinal) && one.GetProperty("right").GetArrayLength() == 5);
        Assert.Contains("Philips", check.GetProperty("manufacturer").GetString());
        Assert.Contains(signals, one => one.GetProperty("hertz").ValueKind == JsonValueKind.Number);
        await Until.TrueAsync(async () => int.Parse((await page.Locator("[data-wave-preview]").First.GetAttributeAsync("data-columns"))!, System.Globalization.CultureInfo.InvariantCulture) > 100, 10, () => "no picture of the wave");
        await bed.Browser.ShootAsync(page, "settings-check");

        foreach ((string language, string not, string title) in new[] { ("fr", "VISUALISATION SEULE – ce n’est pas un moniteur", "Vérification des signaux"), ("en", "VIEW ONLY – not a monitor", "Check of signals") })
        {
            if (await page.GetAttributeAsync("html", "lang") != language)
            {
                await page.Keyboard.PressAsync("l");
            }

            await page.Locator("[data-print-stored]").ClickAsync();
            string sheet = await page.Locator(".report").Last.InnerTextAsync();
            byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, Tagged = true, PrintBackground = true });
            await File.WriteAllBytesAsync(Path.Combine(Installed.Root, "artifacts", "screens", $"signal-check-{language}.pdf"), pdf);
            string text = PdfText.Of(pdf);
            foreach (string part in new[] { not, title, frozen, "Philips" })
            {
                Assert.Contains(part, sheet);
                Assert.Contains(PdfText.Plain(part), PdfText.Plain(text), StringComparison.Ordinal);
            }

            string raw = Encoding.Latin1.GetString(pdf);
            Assert.Contains("/StructTreeRoot", raw, StringComparison.Ordinal);
            string[] papers = [.. Paper.Matches(raw).Select(paper => $"{paper.Groups["width"].Value}x{paper.Groups["height"].Value}")];
            Assert.NotEmpty(papers);
            Assert.All(papers, paper => Assert.Equal("594x841", paper));
            await page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
            Assert.Equal(0, await page.Locator(".report").CountAsync());
        }

        await page.CloseAsync();
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task The_screen_is_measured_with_a_bank_card_and_keeps_it()
    {
        IPage page = await bed.OpenAsync("#/setup?step=bed");
        ILocator ruler = page.Locator("[data-ruler]");
        await Until.TrueAsync(async () => await ruler.CountAsync() == 1, 15, () => "no ruler");
        float before = (await ruler.BoundingBoxAsync())!.Width;
        await page.Locator("[data-ruler-by='10']").ClickAsync();
        await page.Locator("[data-ruler-by='1']").ClickAsync();
        Assert.InRange((await ruler.BoundingBoxAsync())!.Width - before, 10.4, 11.6);
        string scale = (await ruler.GetAttributeAsync("data-ruler"))!;
        await page.ReloadAsync();
        await Until.TrueAsync(async () => await ruler.CountAsync() == 1 && await ruler.GetAttributeAsync("data-ruler") == scale, 15, () => "it is forgotten");
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_box_says_in_words_how_it_does_and_the_diagnostic_of_a_live_bed_has_no_value_of_a_signal()
    {
        IPage page = await bed.OpenAsync("#/health");
        await Until.TrueAsync(async () => await page.Locator("[data-light]").CountAsync() == 7, 15, () => "not seven lights");
        Assert.Equal("ok", await page.Locator("[data-light=journal]").GetAttributeAsync("data-light-state"));
        Assert.Equal("ok", await page.Locator("[data-light=disk]").GetAttributeAsync("data-light-state"));
        await Until.TrueAsync(async () => await page.Locator("[data-port-rate] [data-reads]:not([data-reads=''])").CountAsync() > 0, 15, () => "no rate of a port");
        await bed.Browser.ShootAsync(page, "health-lights");

        string file = Path.Combine(Path.GetDirectoryName(bed.Monitor)!, "diagnostic.json");
        await using (Running said = Installed.Bedside("health", "--port", $"{bed.Box.Address.Port}", "--language", "en"))
        {
            Assert.Contains("ok ", await said.LineAsync("disk"));
        }

        await using (Running wrote = Installed.Bedside("health", "--port", $"{bed.Box.Address.Port}", "--diagnostic", file))
        {
            Assert.Equal(0, await wrote.EndAsync());
        }

        Assert.Contains("\"lights\"", await File.ReadAllTextAsync(file));
        JsonElement diagnostic = await bed.Box.GetAsync("/api/v1/diagnostic");
        Assert.Equal(
            ["at", "box", "build", "system", "state", "lights", "store", "process", "devices", "ports", "settings", "log"],
            diagnostic.EnumerateObject().Select(part => part.Name));
        Assert.NotEmpty(diagnostic.GetProperty("log").EnumerateArray());
        string text = diagnostic.GetRawText();
        foreach (JsonElement signal in (await bed.Box.GetAsync("/api/v1/signals")).EnumerateArray())
        {
            Assert.DoesNotContain($"\"{signal.GetProperty("id").GetString()}\"", text, StringComparison.Ordinal);
        }

        await page.CloseAsync();
    }

    [Fact]
    public async Task Every_step_of_setting_up_and_the_health_of_the_box_can_be_used_by_everybody_at_all_sizes_in_both_languages()
    {
        IPage page = await bed.OpenAsync("#/setup");
        (string Hash, string There)[] places = [("#/setup", "[data-to-check]"), ("#/setup?step=check", "[data-freeze]"), ("#/setup?step=bed", "[data-ruler]"), ("#/health", "[data-light]")];
        await Until.TrueAsync(async () => await page.Locator("[data-to-check]").CountAsync() > 0, 60, () => "the monitor is not received");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            foreach ((string hash, string there) in places)
            {
                await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
                await Until.TrueAsync(async () => await page.Locator(there).CountAsync() > 0, 20, () => $"{hash} stays empty");
                if (hash.EndsWith("check", StringComparison.Ordinal))
                {
                    await page.Locator("[data-freeze]").ClickAsync();
                    await page.Locator("[data-check=hr] [data-point=unit]").ClickAsync();
                }
                else if (hash == "#/setup")
                {
                    await page.Locator("[data-pin=new] [data-advanced]").ClickAsync();
                }

                await Reachable.AssertAsync(page, $"{hash} {language} {width}");
                await bed.Browser.ShootAsync(page, $"settings-{hash[2..].Replace("?step=", "-", StringComparison.Ordinal)}-{language}-{width}");
            }
        }

        await page.CloseAsync();
        Assert.Empty(bed.Browser.Complaints);
    }

    [GeneratedRegex(@"/MediaBox \[0 0 (?<width>\d+)\S* (?<height>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Paper { get; }

    private static Task DraftedAsync(IPage page, int changes) =>
        Until.TrueAsync(async () => await page.Locator($"[data-draft='{changes}']").CountAsync() == 1, 10, () => $"no draft of {changes} changes");

    private async Task PrepareAsync(IPage page, string driver, string line)
    {
        ILocator pin = page.Locator($"[data-pin='{bed.Monitor}']");
        if (await pin.Locator("[data-driver]").CountAsync() == 0)
        {
            await pin.Locator("[data-advanced]").ClickAsync();
        }

        await pin.Locator("[data-driver]").SelectOptionAsync(driver);
        await pin.Locator("[data-line]").SelectOptionAsync(line);
        await pin.Locator("[data-prepare]").ClickAsync();
        await DraftedAsync(page, 1);
    }
}
