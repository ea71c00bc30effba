using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

public sealed partial class CraftTests
{
    [Fact]
    public async Task Nothing_is_filled_with_a_colour_of_alarms_and_nothing_blinks_while_the_monitor_alarms()
    {
        await Until.TrueAsync(async () => (await bed.Box.GetAsync("/api/v1/alerts")).GetRawText().Contains("\"high\"", StringComparison.Ordinal), 60, () => "the monitor does not alarm");
        IReadOnlyList<Seen> all = await bed.WalkAsync();
        string[] faults = [.. all.Where(seen => seen.Fills[0] > 0).Select(seen => $"{seen}: {seen.Fills[0]} squares of 16 px in a colour of alarms, the first at {seen.Fills[1]}, {seen.Fills[2]}"), .. all.SelectMany(seen => seen.Moving.Select(one => $"{seen}: {one} moves"))];

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
        output.WriteLine($"U9: {all.Sum(seen => seen.Fills[0])} fills in {all.Count} pictures with alarms standing, {turns} turns back in {frames.Count} frames");
        Assert.True(faults.Length == 0, string.Join('\n', faults.Take(40)));
        Assert.Equal(0, turns);
    }

    [Fact]
    public async Task With_less_motion_waves_step_four_times_a_second_and_with_forced_colours_nothing_is_lost()
    {
        IPage page = await bed.LiveAsync();
        double smooth = 0;
        await Until.TrueAsync(async () => (smooth = await StepsAsync(page)) > 6, 20, () => string.Create(CultureInfo.InvariantCulture, $"waves change {smooth} times a second"));
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Until.TrueAsync(async () => await StepsAsync(page) <= 5, 20, () => "waves still sweep");
        double stepped = await StepsAsync(page);
        Assert.InRange(stepped, 1, 5.0);
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

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A11: waves change {smooth:F0} times a second, with less motion {stepped:F1}; forced colours on {screens} screens"));
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_text_of_the_strip_as_a_pdf_says_that_this_is_no_monitor()
    {
        IPage page = await bed.LiveAsync();
        foreach ((string language, string statement) in new[] { ("fr", "ce n’est pas un moniteur"), ("en", "not a monitor") })
        {
            await CraftBed.GoAsync(page, "#/waves?signal=ecg-ii");
            await CraftBed.DressAsync(page, language, night: false);
            await Until.TrueAsync(async () => await page.Locator("[data-trace=ecg-ii]").CountAsync() > 0, 20, () => "no waves");
            string text = PdfText.Of(await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true }));
            Assert.Contains(PdfText.Plain(statement), PdfText.Plain(text), StringComparison.Ordinal);
        }

        output.WriteLine("U7: the text of the PDF says it in both languages");
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

    /// <summary>How often in a second the canvas of the waves looks different.</summary>
    private static Task<double> StepsAsync(IPage page) => page.EvaluateAsync<double>(
        """
        async () => {
          let [steps, before] = [0, 0];
          const canvas = document.querySelector('.sweep');
          const small = new OffscreenCanvas(200, 60);
          const context = small.getContext('2d', { willReadFrequently: true });
          context.imageSmoothingEnabled = false;
          for (const until = performance.now() + 2000; performance.now() < until;) {
            await new Promise(done => setTimeout(done, 30));
            context.clearRect(0, 0, 200, 60);
            context.drawImage(canvas, 0, 0, 200, 60);
            const look = new Uint32Array(context.getImageData(0, 0, 200, 60).data.buffer).reduce((sum, one) => (Math.imul(sum, 31) + one) | 0, 7);
            if (look !== before) steps++;
            before = look;
          }
          return (steps - 1) / 2;
        }
        """);

    /// <summary>For each lane the contrast of the brightest pixel of its trace to the black behind it, as painted.</summary>
    private static async Task<double[]> TraceContrastsAsync(IPage page)
    {
        (double[][] rows, byte[] picture) = await TracesAsync(page);
        return await ContrastsAsync(page, rows, picture);
    }

    /// <summary>Where the traces are, and a picture of the page.</summary>
    private static async Task<(double[][] Rows, byte[] Picture)> TracesAsync(IPage page)
    {
        double[][] rows = await page.EvaluateAsync<double[][]>("() => [...document.querySelectorAll('[data-lane] .lane-plot')].map(one => one.getBoundingClientRect()).filter(box => box.height > 20 && box.bottom < innerHeight - 60).map(box => [box.left + 4, box.top + 14, box.width * 0.6, box.height - 28])");
        return (rows, await page.ScreenshotAsync());
    }

    private static async Task<double[]> ContrastsAsync(IPage page, double[][] rows, byte[] picture)
    {
        var found = new List<double>();
        foreach (double[] row in rows)
        {
            found.Add(await CraftWalk.PixelsAsync<double>(page, picture, Brightest.Replace("ROW", string.Join(',', row.Select(one => one.ToString(CultureInfo.InvariantCulture))), StringComparison.Ordinal)));
        }

        return [.. found];
    }

    private static async Task<double> FaintestAsync(IPage page) => (await TraceContrastsAsync(page)).Min();

    /// <summary>The same of a bed that is late: that lasts eight seconds, so a picture that was taken when they were over is none of it (0), and is taken again.</summary>
    private async Task<double> FaintestLateAsync(IPage page)
    {
        await CraftBed.FreshAsync(page);
        await bed.HoldBoxAsync(held: true);
        try
        {
            await Until.TrueAsync(async () => await page.Locator("[data-bed=late]").CountAsync() > 0, 10, () => "the page does not become late");
            (double[][] rows, byte[] picture) = await TracesAsync(page);
            return await page.Locator("[data-bed=late]").CountAsync() > 0 ? (await ContrastsAsync(page, rows, picture)).Min() : 0;
        }
        finally
        {
            await bed.HoldBoxAsync(held: false);
        }
    }

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
