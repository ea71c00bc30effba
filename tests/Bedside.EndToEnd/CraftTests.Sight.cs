using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

public sealed partial class CraftTests
{
    private const string Axe =
        """
        async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations, incomplete, passes } = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations', 'incomplete'] });
          const nodes = list => list.flatMap(one => one.nodes.map(node => ({ id: one.id, target: node.target.join(' '), why: node.any.concat(node.all, node.none).map(check => check.message).join('; ').slice(0, 160) })));
          return JSON.stringify({ violations: nodes(violations), incomplete: nodes(incomplete), passes: passes.length });
        }
        """;

    [Fact]
    public async Task Every_screen_says_that_it_is_no_monitor_also_on_paper()
    {
        int screens = 0;
        await EverywhereAsync(
            async (page, what) =>
            {
                string statement = what.Split(' ')[1] == "fr" ? "ce n’est pas un moniteur" : "not a monitor";
                Assert.True(await page.Locator("[data-view-only]").IsVisibleAsync(), $"{what}: the statement is not seen");
                Assert.Contains(statement, await page.Locator("[data-view-only]").TextContentAsync());
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
                await page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
                await Until.TrueAsync(() => page.EvaluateAsync<bool>("statement => [...document.querySelectorAll('body *')].some(one => one.children.length === 0 && one.textContent.includes(statement) && one.checkVisibility())", statement), 5, () => $"{what}: nothing of it on paper");
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
                await page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
                screens++;
            },
            only: ["fresh"],
            nights: [false]);
        output.WriteLine($"U7: {screens} of {screens} screens and their prints say it");
    }

    [Fact]
    public async Task Nothing_is_filled_with_a_colour_of_alarms_and_nothing_blinks_while_the_monitor_alarms()
    {
        await Until.TrueAsync(async () => (await bed.Box.GetAsync("/api/v1/alerts")).GetRawText().Contains("\"high\"", StringComparison.Ordinal), 60, () => "the monitor does not alarm");
        (int pictures, int filled) = (0, 0);
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        await EverywhereAsync(
            async (page, what) =>
            {
                int[] found = await PixelsAsync<int[]>(page, await page.ScreenshotAsync(), AlarmFills);
                pictures++;
                filled += found[0];
                if (found[0] > 0)
                {
                    faults.Add($"{what}: {found[0]} squares of 16 px in a colour of alarms, the first at {found[1]}, {found[2]}");
                }

                string[] moving = await page.EvaluateAsync<string[]>("() => audit.moving()");
                faults.UnionWith(moving.Select(one => $"{what}: {one} moves"));
            },
            ["fr"]);

        // Frames over three seconds of what does not change by itself: the bar, the statement, the alarms.
        IPage live = await bed.LiveAsync();
        var frames = new List<string>();
        for (int i = 0; i < 16; i++)
        {
            frames.Add(await live.EvaluateAsync<string>("() => ['.nav', '.badge', '.alarms', '.actions'].map(part => [...document.querySelectorAll(`${part}, ${part} *`)].filter(one => one.childElementCount === 0).map(one => { const s = getComputedStyle(one); return `${one.textContent}|${s.color}|${s.backgroundColor}|${s.borderColor}|${s.visibility}|${s.opacity}`; }).join('/')).join('/')"));
            await live.EvaluateAsync("() => new Promise(done => { let n = 0; const frame = () => ++n === 12 ? done() : requestAnimationFrame(frame); requestAnimationFrame(frame); })");
        }

        // An alarm that comes or goes is one change; blinking would come back to what was before.
        int turns = 0;
        for (int i = 2; i < frames.Count; i++)
        {
            turns += frames[i] == frames[i - 2] && frames[i] != frames[i - 1] ? 1 : 0;
        }

        await live.CloseAsync();
        output.WriteLine($"U9: {filled} fills in {pictures} pictures with alarms standing, {turns} turns back in {frames.Count} frames");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
        Assert.Equal(0, turns);
    }

    [Fact]
    public async Task With_less_motion_waves_step_four_times_a_second_and_with_forced_colours_nothing_is_lost()
    {
        IPage page = await bed.LiveAsync();
        int smooth = await StepsAsync(page);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Until.TrueAsync(async () => await StepsAsync(page) <= 5, 20, () => "waves still sweep");
        int stepped = await StepsAsync(page);
        Assert.InRange(stepped, 1, 5);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.NoPreference, ForcedColors = ForcedColors.Active });
        await page.EvaluateAsync(bed.Scripts);
        int screens = 0;
        foreach (string screen in await CraftBed.ScreensAsync(page))
        {
            await CraftBed.GoAsync(page, screen);
            foreach (string part in new[] { "[data-view-only]", ".link", "[data-clock]", ".nav-item", "main" })
            {
                Assert.True(await page.Locator(part).First.IsVisibleAsync(), $"{screen}: {part} is lost with forced colours");
            }

            Assert.Empty(await page.EvaluateAsync<string[]>("() => audit.cut()"));
            await bed.Browser.ShootAsync(page, $"forced-{screen[2..].Split('?')[0]}");
            screens++;
        }

        output.WriteLine($"A11: waves change {smooth} times a second, with less motion {stepped}; forced colours on {screens} screens");
        await page.CloseAsync();
    }

    [Fact]
    public async Task No_request_leaves_the_box_while_all_screens_are_visited()
    {
        IPage page = await bed.Browser.OpenAsync("about:blank");
        var others = new SortedSet<string>(StringComparer.Ordinal);
        int requests = 0;
        page.Request += (_, request) =>
        {
            requests++;
            if (new Uri(request.Url) is { } to && (to.Host != bed.Box.Address.Host || to.Port != bed.Box.Address.Port) && to.Scheme is "http" or "https" or "ws" or "wss")
            {
                others.Add(request.Url);
            }
        };
        await page.GotoAsync(bed.Box.Address.ToString());
        await CraftBed.FreshAsync(page);
        IReadOnlyList<string> screens = await CraftBed.ScreensAsync(page);
        foreach (string screen in screens)
        {
            await CraftBed.GoAsync(page, screen);
        }

        output.WriteLine($"A2: {requests} requests of {screens.Count} screens, {others.Count} to others than the box");
        Assert.Empty(others);
        await page.CloseAsync();
    }

    /// <summary>Every screen in each state, language and light; the state is made once, and held while its screens are looked at.</summary>
    private async Task EverywhereAsync(Func<IPage, string, Task> look, string[]? languages = null, string[]? only = null, bool[]? nights = null)
    {
        IPage page = await bed.LiveAsync(HoldTime);
        await page.EvaluateAsync(bed.Scripts);
        IReadOnlyList<string> screens = await CraftBed.ScreensAsync(page);
        try
        {
            foreach (string state in States.Where(one => only is null || only.Contains(one)))
            {
                await BringAsync(page, state);
                foreach (string screen in screens)
                {
                    await CraftBed.GoAsync(page, screen);
                    foreach (string language in languages ?? ["fr", "en"])
                    {
                        foreach (bool night in nights ?? [false, true])
                        {
                            await CraftBed.DressAsync(page, language, night);
                            await look(page, $"{state} {language} {(night ? "night" : "day")} {screen}");
                        }
                    }
                }

                string shown = state == "fresh" ? "live" : state;
                string? now = await page.Locator("[data-bed]").GetAttributeAsync("data-bed");
                Assert.True(now == shown, $"the page was {now} in the end, not {state}");
            }
        }
        finally
        {
            await page.CloseAsync();
            await bed.HoldBoxAsync(held: false);
        }
    }

    private async Task BringAsync(IPage page, string state)
    {
        if (state == "fresh")
        {
            return;
        }

        await page.EvaluateAsync("() => window.holdTime(false)");
        await bed.HoldBoxAsync(held: true);
        await Until.TrueAsync(async () => await page.Locator($"[data-bed={state}]").CountAsync() > 0, 30, () => $"the page does not become {state}");
        await page.EvaluateAsync("on => window.holdTime(on)", state == "late");
    }

    /// <summary>How often in a second the canvas of the waves looks different.</summary>
    private static Task<int> StepsAsync(IPage page) => page.EvaluateAsync<int>(
        """
        async () => {
          let steps = 0;
          let before = 0;
          const canvas = document.querySelector('.sweep');
          const until = performance.now() + 1000;
          const small = new OffscreenCanvas(600, 200);
          const context = small.getContext('2d', { willReadFrequently: true });
          while (performance.now() < until) {
            await new Promise(requestAnimationFrame);
            context.clearRect(0, 0, 600, 200);
            context.drawImage(canvas, 0, 0, 600, 200);
            const look = context.getImageData(0, 0, 600, 200).data.reduce((sum, one, i) => (sum * 31 + one * (i & 1023)) | 0, 7);
            if (look !== before) steps++;
            before = look;
          }
          return steps - 1;
        }
        """);

    /// <summary>For each lane the contrast of the brightest pixel of its trace to the black behind it, as painted.</summary>
    private static async Task<double[]> TraceContrastsAsync(IPage page)
    {
        double[][] rows = await page.EvaluateAsync<double[][]>("() => [...document.querySelectorAll('[data-lane] .lane-plot')].map(one => one.getBoundingClientRect()).filter(box => box.height > 20 && box.bottom < innerHeight - 60).map(box => [box.left + 4, box.top + 14, box.width * 0.6, box.height - 28])");
        byte[] picture = await page.ScreenshotAsync();
        var found = new List<double>();
        foreach (double[] row in rows)
        {
            found.Add(await PixelsAsync<double>(page, picture, Brightest.Replace("ROW", string.Join(',', row.Select(one => one.ToString(CultureInfo.InvariantCulture))), StringComparison.Ordinal)));
        }

        return [.. found];
    }

    /// <summary>Runs a script over the pixels of a picture: <c>data</c>, <c>width</c> and <c>height</c> are at hand. No picture is fetched from anywhere.</summary>
    private static Task<T> PixelsAsync<T>(IPage page, byte[] picture, string script) => page.EvaluateAsync<T>(
        $$"""
        async text => {
          const bytes = Uint8Array.from(atob(text), one => one.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
          {{script}}
        }
        """,
        Convert.ToBase64String(picture));

    private const string Brightest =
        """
        const [left, top, wide, high] = [ROW].map(Math.round);
        const channel = one => one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4;
        let best = 0;
        for (let y = top; y < top + high; y++) for (let x = left; x < left + wide; x++) {
          const at = (y * width + x) * 4;
          best = Math.max(best, 0.2126 * channel(data[at]) + 0.7152 * channel(data[at + 1]) + 0.0722 * channel(data[at + 2]));
        }
        return (best + 0.05) / 0.05;
        """;

    /// <summary>Squares of 16 × 16 px that are wholly of one strong red, yellow or cyan: how many, and where the first is. No letter and no trace is that wide.</summary>
    private const string AlarmFills =
        """
        const isAlarm = at => {
          const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
          const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
          if (most < 90 || (most - least) / most < 0.45) return false;
          const hue = (most === r ? ((g - b) / (most - least) + 6) % 6 : most === g ? (b - r) / (most - least) + 2 : (r - g) / (most - least) + 4) * 60;
          return hue < 18 || hue > 342 || (hue > 42 && hue < 70) || (hue > 172 && hue < 200);
        };
        const [size, found] = [16, [0, -1, -1]];
        for (let y = 0; y + size <= height; y += size) for (let x = 0; x + size <= width; x += size) {
          let whole = true;
          for (let dy = 0; whole && dy < size; dy++) for (let dx = 0; whole && dx < size; dx++) whole = isAlarm(((y + dy) * width + x + dx) * 4);
          if (!whole) continue;
          found[0]++;
          if (found[1] < 0) [found[1], found[2]] = [x, y];
        }
        return found;
        """;

    /// <summary>Every word of the catalogues that differs between the languages, as a pattern of a whole text; what stands in braces is anything.</summary>
    private static (IReadOnlyList<Regex> French, IReadOnlyList<Regex> English) Words()
    {
        string[] sources = [.. Directory.GetFiles(Path.Combine(Installed.Root, "viewer/web/src/i18n"), "*.ts").Select(File.ReadAllText)];
        var pairs = new List<(string French, string English)>();
        Dictionary<string, string> mainFrench = Entries(sources.Single(text => text.Contains("export const fr =", StringComparison.Ordinal) || text.Contains("export const fr:", StringComparison.Ordinal)));
        Dictionary<string, string> mainEnglish = Entries(sources.Single(text => text.Contains("export const en:", StringComparison.Ordinal)));
        pairs.AddRange(mainFrench.Where(one => mainEnglish.ContainsKey(one.Key)).Select(one => (one.Value, mainEnglish[one.Key])));
        foreach (string text in sources)
        {
            // A page's own words: French first, English after it, in one file.
            int half = text.IndexOf("En: {", StringComparison.Ordinal);
            if (half > 0)
            {
                (Dictionary<string, string> french, Dictionary<string, string> english) = (Entries(text[..half]), Entries(text[half..]));
                pairs.AddRange(french.Where(one => english.ContainsKey(one.Key)).Select(one => (one.Value, english[one.Key])));
            }
        }

        Assert.True(pairs.Count > 250, $"only {pairs.Count} words were found in the catalogues");
        return ([.. pairs.Where(Differ).Select(one => Pattern(one.French))], [.. pairs.Where(Differ).Select(one => Pattern(one.English))]);
    }

    private static bool Differ((string French, string English) one) => one.French != one.English && one.French.Count(char.IsLetter) > 1 && one.English.Count(char.IsLetter) > 1 && Placeholder.Replace(one.English, "").Count(char.IsLetter) > 2;

    private static Dictionary<string, string> Entries(string source)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match one in Entry.Matches(source))
        {
            found[one.Groups["key"].Value] = one.Groups["text"].Value.Replace("\\'", "'", StringComparison.Ordinal);
        }

        return found;
    }

    private static Regex Pattern(string text) => new($"^{string.Join(".+", Placeholder.Split(text).Select(Regex.Escape))}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"\{\w+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder { get; }

    [GeneratedRegex(@"^\s*'?(?<key>[\w.-]+)'?: '(?<text>(\\'|[^'])*)',", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Entry { get; }
}
