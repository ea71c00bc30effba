using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>What was seen of one screen in one state, language and light.</summary>
/// <param name="State">fresh, late or lost.</param>
/// <param name="Screen">Address after the box's.</param>
/// <param name="Axe">Violations and undecided nodes, and how many rules passed.</param>
/// <param name="Contrast">Least contrast of texts and of measured values, and what is below its limit.</param>
/// <param name="Words">Texts and names of the page.</param>
/// <param name="Fills">Squares in a colour of alarms: how many, and where the first is, in px.</param>
/// <param name="Moving">What is animated by style.</param>
internal sealed record Seen(string State, string Language, bool Night, string Screen, JsonElement Axe, JsonElement Contrast, IReadOnlyList<string> Words, IReadOnlyList<int> Fills, IReadOnlyList<string> Moving, bool SaysItIsNoMonitor, bool SaysSoOnPaper)
{
    public override string ToString() => $"{State} {Language} {(Night ? "night" : "day")} {Screen}";
}

/// <summary>One walk through every screen in every state, language and light, which several tests look at.</summary>
internal static class CraftWalk
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

    private const string Axe =
        """
        async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations, incomplete, passes } = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations', 'incomplete'] });
          const nodes = list => list.flatMap(one => one.nodes.map(node => ({ id: one.id, target: node.target.join(' '), why: node.any.concat(node.all, node.none).map(check => check.message).join('; ').slice(0, 160) })));
          return JSON.stringify({ violations: nodes(violations), incomplete: nodes(incomplete).map(one => one.id === 'color-contrast' ? { ...one, contrast: audit.contrastOf(one.target) } : one), passes: passes.length });
        }
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

    /// <summary>Each state is made once, and held while its screens are looked at.</summary>
    public static async Task<IReadOnlyList<Seen>> WalkAsync(CraftBed bed)
    {
        var all = new List<Seen>();
        IPage page = await bed.LiveAsync(HoldTime);
        await page.EvaluateAsync(bed.Scripts);
        IReadOnlyList<string> screens = await CraftBed.ScreensAsync(page);
        try
        {
            foreach (string state in new[] { "fresh", "late", "lost" })
            {
                await BringAsync(bed, page, state);
                foreach (string screen in screens)
                {
                    await CraftBed.GoAsync(page, screen);
                    foreach ((string language, bool night) in new[] { ("fr", false), ("fr", true), ("en", true), ("en", false) })
                    {
                        await CraftBed.DressAsync(page, language, night);
                        all.Add(await LookAsync(page, state, language, night, screen));
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

        return all;
    }

    /// <summary>What axe says of the page as it is.</summary>
    internal static async Task<JsonElement> AxeAsync(IPage page) => JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(Axe));

    private static async Task<Seen> LookAsync(IPage page, string state, string language, bool night, string screen)
    {
        JsonElement axe = await AxeAsync(page);
        JsonElement contrast = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>("() => JSON.stringify(audit.contrast(), (_, value) => value === Infinity ? 99 : value)"));
        string[] words = await page.EvaluateAsync<string[]>("() => audit.words()");
        string[] moving = await page.EvaluateAsync<string[]>("() => audit.moving()");
        int[] fills = await PixelsAsync<int[]>(page, await page.ScreenshotAsync(), AlarmFills);
        string statement = language == "fr" ? "ce n’est pas un moniteur" : "not a monitor";
        const string Says = "statement => [...document.querySelectorAll('body *')].some(one => one.children.length === 0 && one.textContent.includes(statement) && one.checkVisibility())";
        bool onScreen = await page.Locator("[data-view-only]").IsVisibleAsync() && await page.EvaluateAsync<bool>(Says, statement);

        // What a printer gets depends on neither light nor age.
        bool onPaper = true;
        if (state == "fresh" && !night)
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
            await page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
            onPaper = await page.EvaluateAsync<bool>(Says, statement);
            await page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
        }

        return new Seen(state, language, night, screen, axe, contrast, words, fills, moving, onScreen, onPaper);
    }

    private static async Task BringAsync(CraftBed bed, IPage page, string state)
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

    /// <summary>Runs a script over the pixels of a picture: <c>data</c>, <c>width</c> and <c>height</c> are at hand. No picture is fetched from anywhere.</summary>
    public static Task<T> PixelsAsync<T>(IPage page, byte[] picture, string script) => page.EvaluateAsync<T>(
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
}
