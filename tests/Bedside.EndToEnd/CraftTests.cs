using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>
/// What every screen keeps to in every state, language and light, asked of all screens that the bar and « More » lead to: faults of accessibility, contrast as computed, size and distance of
/// targets, language, the statement that this is no monitor, and nothing coloured or moving like an alarm. Each prints its figure.
/// </summary>
public sealed partial class CraftTests(CraftBed bed, ITestOutputHelper output) : IClassFixture<CraftBed>
{
    /// <summary>The page's clocks can be held, and what its worker says of time with them, so that what is late stays late while all screens are looked at.</summary>
    private const string HoldTime =
        """
        (() => {
          const [monotonic, wall] = [performance.now.bind(performance), Date.now];
          let held = null;
          performance.now = () => held?.monotonic ?? monotonic();
          Date.now = () => held?.wall ?? wall();
          window.holdTime = on => { held = on ? { monotonic: monotonic(), wall: wall() } : null; };
          const Real = Worker;
          window.Worker = class extends Real {
            set onmessage(take) { super.onmessage = message => { if (held === null) take(message); }; }
          };
        })();
        """;

    /// <summary>What axe cannot decide by itself and a person did, by rule and by where it is; anything else fails.</summary>
    private static readonly (string Rule, Regex Where, Regex Why, string Reason)[] Reviewed =
    [
        ("color-contrast", Anywhere, Undecidable, "axe gives up where a button lies over a number, on one letter or sign, on drawings, gradients and hatching: the contrast is computed here from every colour below, and must be 4.5"),
        ("label-content-name-mismatch", TextSize, Anywhere, "the letter A that is seen is the last word of the name: « Taille du texte A », “Text size A”"),
    ];

    private static readonly string[] States = ["fresh", "late", "lost"];

    [Fact]
    public async Task Axe_finds_nothing_on_any_screen_in_any_language_light_and_state_and_every_undecided_rule_was_reviewed()
    {
        (int pages, int passes) = (0, 0);
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        var undecided = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await EverywhereAsync(async (page, what) =>
        {
            JsonElement found = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(Axe));
            pages++;
            passes += found.GetProperty("passes").GetInt32();
            foreach (JsonElement one in found.GetProperty("violations").EnumerateArray())
            {
                faults.Add($"{what}: {one}");
            }

            foreach (JsonElement one in found.GetProperty("incomplete").EnumerateArray())
            {
                (string rule, string where) = (one.GetProperty("id").GetString()!, one.GetProperty("target").GetString()!);
                undecided[rule] = undecided.GetValueOrDefault(rule) + 1;
                string why = one.GetProperty("why").GetString()!;
                if (!Reviewed.Any(review => review.Rule == rule && review.Where.IsMatch(where) && review.Why.IsMatch(why)))
                {
                    faults.Add($"{what}: not reviewed: {rule} {where} {why}");
                }
                else if (rule == "color-contrast" && await page.EvaluateAsync<double>("where => audit.contrastOf(where)", where) is var contrast and < 4.5)
                {
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {where} has {contrast:F2}"));
                }
            }
        });
        output.WriteLine($"A1: {faults.Count} faults on {pages} pages (screens × fr/en × day/night × {string.Join('/', States)}); {passes} rules passed; undecided and reviewed: {string.Join(", ", undecided.Select(one => $"{one.Key} {one.Value}"))}");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
    }

    [Fact]
    public async Task Texts_numbers_and_traces_stand_out_day_and_night_fresh_late_and_lost()
    {
        (double text, double number, string textOf, string numberOf) = (double.MaxValue, double.MaxValue, "", "");
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        var traces = new List<string>();
        await EverywhereAsync(
            async (page, what) =>
            {
                JsonElement found = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>("() => JSON.stringify(audit.contrast(), (_, value) => value === Infinity ? 99 : value)"));
                faults.UnionWith(found.GetProperty("faults").EnumerateArray().Select(one => $"{what}: {one.GetString()}"));
                if (found.GetProperty("least").GetDouble() < text)
                {
                    (text, textOf) = (found.GetProperty("least").GetDouble(), $"{what} {found.GetProperty("leastOf").GetString()}");
                }

                if (found.GetProperty("leastNumber").GetDouble() < number)
                {
                    (number, numberOf) = (found.GetProperty("leastNumber").GetDouble(), $"{what} {found.GetProperty("leastNumberOf").GetString()}");
                }

                if (what.Contains("#/live", StringComparison.Ordinal) && !what.Contains("lost", StringComparison.Ordinal))
                {
                    double[] found2 = await TraceContrastsAsync(page);
                    Assert.True(found2.Length >= 4, $"{what}: {found2.Length} traces");
                    traces.Add(string.Create(CultureInfo.InvariantCulture, $"{what.Split(' ')[1]} {what.Split(' ')[2]} {found2.Min():F1}"));
                    faults.UnionWith(found2.Where(one => one < 3).Select(one => $"{what}: a trace has {one:F2}"));
                }
            },
            ["fr"]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A3: text at least {text:F2} ({textOf}), numbers at least {number:F2} ({numberOf}), traces as drawn: {string.Join("; ", traces)}"));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
    }

    [Fact]
    public async Task Every_target_has_48_px_and_8_px_to_the_next_and_nothing_is_cut_off_at_any_size_or_at_200_percent()
    {
        (int count, double smallest, double nearest) = (0, double.MaxValue, double.MaxValue);
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        IPage page = await bed.LiveAsync();
        await page.EvaluateAsync(bed.Scripts);
        IReadOnlyList<string> screens = await CraftBed.ScreensAsync(page);
        foreach ((int width, int height) in new[] { (1280, 800), (800, 480), (1920, 1080), (640, 400) })
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (string screen in screens)
            {
                await CraftBed.GoAsync(page, screen);
                foreach (string language in new[] { "fr", "en" })
                {
                    await CraftBed.DressAsync(page, language, night: false);
                    string what = $"{width} {language} {screen}";
                    JsonElement found = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>("() => JSON.stringify({ ...audit.targets(), cut: audit.cut() }, (_, value) => value === Infinity ? 99 : value)"));
                    count += found.GetProperty("count").GetInt32();
                    (smallest, nearest) = (Math.Min(smallest, found.GetProperty("smallest").GetDouble()), Math.Min(nearest, found.GetProperty("nearest").GetDouble()));
                    faults.UnionWith(found.GetProperty("faults").EnumerateArray().Concat(found.GetProperty("cut").EnumerateArray()).Select(one => $"{what}: {one.GetString()}"));
                    if (language == "fr" && width == 640)
                    {
                        await bed.Browser.ShootAsync(page, $"zoom-{screen[2..].Split('?')[0]}");
                    }
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A4: {count} targets, the smallest {smallest:F1} px, the nearest two {nearest:F1} px apart (800×480 to 1920×1080, and 1280×800 at 200 %)"));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
        await page.CloseAsync();
    }

    [Fact]
    public async Task No_word_of_one_language_stands_on_a_page_of_the_other()
    {
        (IReadOnlyList<Regex> french, IReadOnlyList<Regex> english) = Words();
        int texts = 0;
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        await EverywhereAsync(
            async (page, what) =>
            {
                bool isFrench = what.Split(' ')[1] == "fr";
                string[] shown = await page.EvaluateAsync<string[]>("() => audit.words()");
                texts += shown.Length;
                faults.UnionWith(shown.Where(text => (isFrench ? english : french).Any(word => word.IsMatch(text)) && !(isFrench ? french : english).Any(word => word.IsMatch(text))).Select(text => $"{what}: {text}"));
            },
            only: ["fresh", "lost"]);
        output.WriteLine($"A7: {texts} texts compared with {english.Count} words that differ between the languages, {faults.Count} of the other language");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
    }

    [Fact]
    public async Task Every_canvas_has_its_twin_as_text_with_every_lane_that_is_drawn()
    {
        IPage page = await bed.LiveAsync();
        var counts = new List<string>();
        foreach ((string address, string lanes, string attribute, string twin) in new[]
        {
            ("#/live", "[data-lane]", "data-lane", "[data-tables] [data-row='{0}']"),
            ("#/trends?h=0.05", "[data-trend]", "data-trend", ".tables [data-row='{0}']"),
            ("#/waves?signal=ecg-ii", "[data-wave]", "data-wave", "[data-summary='{0}']"),
        })
        {
            await CraftBed.GoAsync(page, address);
            await Until.TrueAsync(async () => await page.Locator(lanes).CountAsync() > 1, 20, () => $"no lanes on {address}");
            string[] drawn = await page.EvaluateAsync<string[]>("([lanes, attribute]) => [...document.querySelectorAll(lanes)].map(one => one.getAttribute(attribute))", new[] { lanes, attribute });
            foreach (string signal in drawn)
            {
                string row = string.Format(CultureInfo.InvariantCulture, twin, signal);
                await Until.TrueAsync(async () => await page.Locator(row).CountAsync() == 1 && (await page.Locator(row).Locator("td").AllTextContentsAsync()).Count(cell => cell.Any(char.IsDigit)) >= 2, 30, () => $"{address}: {signal} has no numbers as text");
            }

            counts.Add($"{address.Split('?')[0]} {drawn.Length}/{drawn.Length}");
        }

        await CraftBed.GoAsync(page, "#/live");
        await page.Locator(".num-big[data-slot=spo2] .num-touch").ClickAsync();
        await Until.TrueAsync(async () => await page.Locator("[data-quick] [data-row=spo2]").CountAsync() == 1 && (await page.Locator("[data-quick] [data-row=spo2]").TextContentAsync())!.Any(char.IsDigit), 20, () => "the last hour has no numbers as text");
        output.WriteLine($"A6: {string.Join(", ", counts)}, last hour of a number 1/1 lanes with their numbers as text");
        await page.CloseAsync();
    }

    [GeneratedRegex(@"overlapped by another element|too short to determine|contains an image node|background gradient|pseudo element|partially obscured", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Undecidable { get; }

    [GeneratedRegex(@"^button\[aria-label=""(Text size|Taille du texte) A\+*""\]$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TextSize { get; }

    [GeneratedRegex("", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Anywhere { get; }
}
