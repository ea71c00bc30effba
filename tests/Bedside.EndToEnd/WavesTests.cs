using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The page of exact samples on a real box: what is drawn is held against what the box answers.</summary>
public partial class WavesTests
{
    [Fact]
    public async Task From_a_trend_it_takes_two_touches_to_every_sample_as_the_store_has_it()
    {
        await using ShownBed bed = await ShownBed.StartAsync("21");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        IPage page = await browser.OpenAsync($"{box.Address}#/trends?h=0.02");
        await Until.TrueAsync(async () => await DataSecondsAsync(box, "ecg-ii") > 25, 60, () => "too few data");
        ILocator plot = page.Locator("[data-trend-plot]");
        LocatorBoundingBoxResult? place = await plot.BoundingBoxAsync();
        Assert.NotNull(place);

        // One touch: the cursor. Two: the waves.
        await page.Mouse.ClickAsync(place.X + (place.Width * 0.85f), place.Y + 40);
        double touched = await page.EvaluateAsync<double>("performance.now()");
        await page.Locator("[data-waves-here]").ClickAsync();
        ILocator trace = page.Locator("[data-trace=ecg-ii]");
        await Until.TrueAsync(async () => await DrawnAsync(page, "ecg-ii") > 100, 10, () => "nothing is drawn");
        double shown = await page.EvaluateAsync<double>("performance.now()");
        Assert.True(await page.Locator("[data-wave]").CountAsync() >= 3, "fewer than three lanes");
        await Until.TrueAsync(async () => (await page.Locator("[data-wave=ecg-ii] [data-read=a]").TextContentAsync())!.Contains("mV", StringComparison.Ordinal), 10, () => "no value at the cursor");
        await browser.ShootAsync(page, "waves");

        // What moves no more is compared: a place where all data are in.
        foreach (string speed in new[] { "12.5", "25", "50" })
        {
            await page.Locator($"[data-speed='{speed}']").ClickAsync();
            await Until.TrueAsync(async () => await page.Locator($"[data-shown-speed='{speed}']").CountAsync() == 1, 5, () => $"not {speed} mm/s");
            foreach (string signal in new[] { "ecg-ii", "abp", "pleth" })
            {
                int samples = await WholeAsync(page, signal, $"at {speed} mm/s");
                Assert.True(samples > 300, $"{signal}: only {samples} samples were compared");
            }
        }

        Assert.Equal("25", await PickAsync(page, "[data-speed='25']", "[data-shown-speed]", "data-shown-speed"));
        Assert.Empty(browser.Complaints);
        Assert.True(shown - touched < 5000, string.Create(CultureInfo.InvariantCulture, $"the waves came after {shown - touched:F0} ms"));
    }

    [Fact]
    public async Task Callipers_stand_on_samples_and_measure_between_them_by_hand_and_by_key()
    {
        await using ShownBed bed = await ShownBed.StartAsync("22");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        await Until.TrueAsync(async () => await DataSecondsAsync(box, "ecg-ii") > 20, 60, () => "too few data");
        IPage page = await browser.OpenAsync($"{box.Address}#/waves?signal=hr&at={Uri.EscapeDataString(await EarlierAsync(box, 10))}");
        await Until.TrueAsync(async () => await DrawnAsync(page, "ecg-ii") > 100, 20, () => "nothing is drawn");

        await page.Keyboard.PressAsync("c");
        ILocator one = page.Locator("[data-calliper=one]");
        ILocator two = page.Locator("[data-calliper=two]");
        await Until.TrueAsync(async () => await page.Locator("[data-delta-ms]").CountAsync() == 1, 10, () => "no callipers");
        double before = await DeltaAsync(page);
        Assert.True(before > 1000, $"Δt is {before} ms");
        Assert.Contains("mV", await one.GetAttributeAsync("aria-valuetext"));

        // One key is one sample, a period of the signal; with Shift ten.
        double period = await PeriodAsync(box, "ecg-ii");
        await two.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(before - period, await DeltaAsync(page), 2);
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        Assert.Equal(before + (9 * period), await DeltaAsync(page), 2);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Branche 2 : un échantillon plus tôt" }).ClickAsync();
        Assert.Equal(before + (8 * period), await DeltaAsync(page), 2);

        // By hand: the handle is dragged, and comes to stand on a sample.
        LocatorBoundingBoxResult? grip = await one.BoundingBoxAsync();
        Assert.NotNull(grip);
        (float x, float y) = (grip.X + (grip.Width / 2), grip.Y + (grip.Height / 2));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 61, y, new MouseMoveOptions { Steps = 7 });
        await page.Mouse.UpAsync();
        double dragged = await DeltaAsync(page);
        Assert.InRange(before + (8 * period) - dragged, 600, 700);
        double[] stands = [await TimeAsync(one), await TimeAsync(two)];
        Assert.Equal(dragged, stands[1] - stands[0], 2);
        foreach (double time in stands)
        {
            // Not whole periods of each other: where the clock was set anew between them, samples are apart by something else.
            Assert.InRange(await NearestAsync(box, "ecg-ii", time), 0, 0.01);
        }

        double rate = double.Parse((await page.Locator("[data-rate]").GetAttributeAsync("data-rate"))!, CultureInfo.InvariantCulture);
        Assert.Equal(60_000 / dragged, rate, 3);
        Assert.NotEqual(string.Empty, (await page.Locator("[data-wave=ecg-ii] [data-read=delta]").TextContentAsync())!.Trim());
        await browser.ShootAsync(page, "waves-callipers");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_gap_is_hatched_and_crossed_by_nothing()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], "--serial", $"{folder["monitor"]}=philips-intellivue");
        await using (Running monitor = await Installed.MonitorAsync(folder["monitor"], "23"))
        {
            await box.LiveAsync(waves: 4, numerics: 8);
            await Until.TrueAsync(async () => await DataSecondsAsync(box, "ecg-ii") > 8, 60, () => "too few data");
        }

        string end = await LastAsync(box, "ecg-ii");
        await using Running again = await Installed.MonitorAsync(folder["monitor"], "23");
        await Until.TrueAsync(async () => string.CompareOrdinal(await LastAsync(box, "ecg-ii"), end) > 0 && await DataSecondsAsync(box, "ecg-ii") > 4, 60, () => "the monitor did not come back");
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/waves?signal=ecg-ii&at={Uri.EscapeDataString(end)}");
        await page.Keyboard.PressAsync("-");
        await Until.TrueAsync(async () => await DrawnAsync(page, "ecg-ii") > 40, 20, () => "nothing is drawn");
        int samples = await WholeAsync(page, "ecg-ii", "at the gap");
        Assert.True(samples > 300, $"only {samples} samples");
        await browser.ShootAsync(page, "waves-gap");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_printed_strip_is_one_page_that_says_what_it_is_and_holds_every_sample()
    {
        await using ShownBed bed = await ShownBed.StartAsync("24");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        await Until.TrueAsync(async () => await DataSecondsAsync(box, "ecg-ii") > 25, 60, () => "too few data");
        string middle = await EarlierAsync(box, 14);
        IPage page = await browser.OpenAsync($"{box.Address}#/waves?signal=ecg-ii&at={Uri.EscapeDataString(middle)}");
        await Until.TrueAsync(async () => (await MissedAsync(page, "ecg-ii")).Samples > 300, 20, () => "nothing is drawn");

        await page.EvaluateAsync("() => { window.printed = 0; addEventListener('afterprint', () => { window.printed++; }); }");
        byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true });
        Assert.Single(PageOfPdf.Matches(Encoding.Latin1.GetString(pdf)));
        // The strip goes when the page hears that it was printed, which may be after the document came.
        await Until.TrueAsync(() => page.EvaluateAsync<bool>("() => window.printed > 0"), 20, () => "the page did not hear that it was printed");
        Assert.Matches(LandscapeOfPdf, Encoding.Latin1.GetString(pdf));

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        // In one breath: another word that it was printed would take the strip away.
        string[] strip = await page.EvaluateAsync<string[]>("() => { dispatchEvent(new Event('beforeprint')); return [document.querySelector('.strip-sheet').textContent, document.querySelector('[data-strip-lane=ecg-ii]').getAttribute('data-samples'), String(document.querySelectorAll('[data-strip-lane=ecg-ii] rect[fill*=strip-gap]').length)]; }");
        Assert.Contains("VISUALISATION SEULE – ce n’est pas un moniteur", strip[0]);
        Assert.Contains("25 mm/s · ECG 10 mm/mV", strip[0]);
        Assert.False(await page.Locator("#app").IsVisibleAsync(), "the screen is printed beside the strip");
        int samples = int.Parse(strip[1], CultureInfo.InvariantCulture);
        // What the box has of these ten seconds: a simulated monitor on a loaded machine may have lost a block of it.
        int expected = await UsableAsync(box, "ecg-ii", middle, TimeSpan.FromSeconds(5));
        Assert.True(expected > 1000, $"the box has {expected} samples");
        Assert.InRange(samples, expected - 2, expected + 2);

        // A clock that is still being measured may be moved by 2 ms a second; more than that is a hole, and a hole is hatched.
        double whole = 10_000 / await PeriodAsync(box, "ecg-ii");
        Assert.True(samples >= whole - 1 - (0.002 * whole) || int.Parse(strip[2], CultureInfo.InvariantCulture) > 0, $"{samples} of {whole} samples, and nothing is hatched");
        Assert.True(samples <= whole + 1 + (0.002 * whole), $"{samples} samples in ten seconds");
        await browser.ShootAsync(page, "waves-strip");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Exact_waves_can_be_used_by_everybody_in_both_languages_day_and_night_at_all_sizes()
    {
        await using ShownBed bed = await ShownBed.StartAsync("25");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        await Until.TrueAsync(async () => await DataSecondsAsync(box, "ecg-ii") > 15, 60, () => "too few data");
        IPage page = await browser.OpenAsync($"{box.Address}#/waves?signal=ecg-ii&at={Uri.EscapeDataString(await EarlierAsync(box, 6))}");
        await Until.TrueAsync(async () => await DrawnAsync(page, "ecg-ii") > 100, 20, () => "nothing is drawn");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            foreach (bool callipers in new[] { true, false })
            {
                await page.Keyboard.PressAsync("c");
                await Until.TrueAsync(async () => await page.Locator("[data-delta-ms]").CountAsync() == (callipers ? 1 : 0), 5, () => "the callipers do not follow");
                await Reachable.AssertAsync(page, $"{language} {width} {callipers}");
                await browser.ShootAsync(page, $"waves-{language}-{width}{(callipers ? "-callipers" : "")}");
            }
        }

        // The same as text, for those who do not see the waves.
        await page.Keyboard.PressAsync("t");
        await Until.TrueAsync(async () => int.Parse((await page.Locator("[data-summary=ecg-ii] td").Last.TextContentAsync())!, CultureInfo.InvariantCulture) > 300, 5, () => "the table is empty");
        Assert.Empty(browser.Complaints);
    }

    /// <summary>Columns of the lane that have anything on them.</summary>
    private static Task<int> DrawnAsync(IPage page, string signal) => page.EvaluateAsync<int>(
        """
        signal => {
          const canvas = document.querySelector(`[data-trace='${signal}']`);
          if (!canvas || canvas.width === 0 || canvas.height === 0) return 0;
          const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let drawn = 0;
          for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) if (data[(y * width + x) * 4 + 3] > 0) { drawn++; break; }
          return drawn;
        }
        """,
        signal);

    /// <summary>How many samples of a lane stand in the pixels, once each of them does and nothing lies beyond them: a picture that moves is asked again.</summary>
    private static async Task<int> WholeAsync(IPage page, string signal, string where)
    {
        (int samples, int missed, int beyond) = (0, 0, 0);
        await Until.TrueAsync(
            async () =>
            {
                (samples, missed, beyond) = await MissedAsync(page, signal);
                return (missed, beyond) == (0, 0);
            },
            15,
            () => $"{signal} {where}: {missed} samples are not drawn, {beyond} pixels lie beyond them");
        return samples;
    }

    /// <summary>
    /// Asks the box for the samples of the time in view, in JSON, which the page never uses, and looks for each on the canvas: samples compared, those without
    /// ink where they belong, and columns with ink (below the marks of breaks) further than a period from any sample.
    /// </summary>
    private static async Task<(int Samples, int Missed, int Beyond)> MissedAsync(IPage page, string signal)
    {
        JsonElement found = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(
            """
            async signal => {
              const canvas = document.querySelector(`[data-trace='${signal}']`);
              if (!canvas?.dataset.step) return '[0,0,0]';
              const [low, high, start, step] = ['low', 'high', 'start', 'step'].map(name => Number(canvas.dataset[name]));
              const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              const iso = ms => new Date(ms).toISOString();
              const answer = await (await fetch(`/api/v1/signals/${signal}/samples?from=${iso(Math.floor(start))}&to=${iso(Math.ceil(start + width * step))}`)).json();
              const ink = (x, y) => x >= 0 && x < width && y >= 0 && y < height && data[(y * width + x) * 4 + 3] > 0;
              const near = new Uint8Array(width);
              let samples = 0, missed = 0;
              for (const segment of answer.segments) {
                const [whole, fraction] = segment.start.slice(0, -1).split('.');
                const from = Date.parse(whole + 'Z') + Number('0.' + fraction) * 1000;
                const period = (segment.period_us ?? answer.period_us) / 1000;
                const unusable = segment.validity.filter(run => run.flags.includes('invalid') || run.flags.includes('not-available'));
                segment.raw.forEach((raw, i) => {
                  const px = (from + i * period - start) / step;
                  const reach = Math.ceil(period / step) + 1;
                  for (let x = Math.floor(px) - reach; x <= Math.floor(px) + reach; x++) if (x >= 0 && x < width) near[x] = 1;
                  if (px < 1 || px >= width - 1 || unusable.some(run => i >= run.start && i < run.start + run.length)) return;
                  const value = raw * (segment.gain ?? answer.gain ?? 1) + (segment.offset ?? answer.offset ?? 0);
                  const y = Math.min(height - 1, Math.max(0, Math.round(height * (1 - (value - low) / (high - low)))));
                  samples++;
                  const columns = [Math.floor(px), Math.floor(px - 0.01), Math.floor(px + 0.01)];
                  if (!columns.some(x => ink(x, y) || ink(x, y - 1) || ink(x, y + 1))) missed++;
                });
              }
              let beyond = 0;
              for (let x = 0; x < width; x++) {
                if (near[x]) continue;
                for (let y = 10; y < height; y++) if (ink(x, y)) { beyond++; break; }
              }
              return JSON.stringify([samples, missed, beyond]);
            }
            """,
            signal));
        return (found[0].GetInt32(), found[1].GetInt32(), found[2].GetInt32());
    }

    private static async Task<string?> PickAsync(IPage page, string button, string then, string attribute)
    {
        await page.Locator(button).ClickAsync();
        return await page.Locator(then).GetAttributeAsync(attribute);
    }

    private static async Task<double> DeltaAsync(IPage page) =>
        double.Parse((await page.Locator("[data-delta-ms]").GetAttributeAsync("data-delta-ms"))!, CultureInfo.InvariantCulture);

    private static async Task<double> TimeAsync(ILocator calliper) =>
        double.Parse((await calliper.GetAttributeAsync("data-time"))!, CultureInfo.InvariantCulture);

    /// <summary>Milliseconds between a time and the sample nearest to it that the box has.</summary>
    private static async Task<double> NearestAsync(Box box, string signal, double unixMilliseconds)
    {
        DateTimeOffset instant = DateTimeOffset.UnixEpoch.AddMicroseconds(unixMilliseconds * 1000);
        JsonElement samples = await box.GetAsync($"/api/v1/signals/{signal}/samples?from={Stated(instant.AddSeconds(-1))}&to={Stated(instant.AddSeconds(1))}");
        double usual = samples.GetProperty("period_us").GetDouble();
        return samples.GetProperty("segments").EnumerateArray().SelectMany(segment =>
        {
            var start = DateTimeOffset.Parse(segment.GetProperty("start").GetString()!, CultureInfo.InvariantCulture);
            double period = segment.TryGetProperty("period_us", out JsonElement own) && own.ValueKind == JsonValueKind.Number ? own.GetDouble() : usual;
            return Enumerable.Range(0, segment.GetProperty("raw").GetArrayLength()).Select(i => Math.Abs((start + TimeSpan.FromMicroseconds(i * period) - instant).TotalMilliseconds));
        }).Min();
    }

    /// <summary>How many usable samples the box has within so much of an instant.</summary>
    private static async Task<int> UsableAsync(Box box, string signal, string middle, TimeSpan reach)
    {
        var instant = DateTimeOffset.Parse(middle, CultureInfo.InvariantCulture);
        (DateTimeOffset from, DateTimeOffset to) = (instant - reach, instant + reach);
        JsonElement samples = await box.GetAsync($"/api/v1/signals/{signal}/samples?from={Stated(from.AddSeconds(-1))}&to={Stated(to.AddSeconds(1))}");
        double usual = samples.GetProperty("period_us").GetDouble();
        return samples.GetProperty("segments").EnumerateArray().Sum(segment =>
        {
            var start = DateTimeOffset.Parse(segment.GetProperty("start").GetString()!, CultureInfo.InvariantCulture);
            double period = segment.TryGetProperty("period_us", out JsonElement own) && own.ValueKind == JsonValueKind.Number ? own.GetDouble() : usual;
            Assert.DoesNotContain(segment.GetProperty("validity").EnumerateArray(), run => run.GetProperty("flags").EnumerateArray().Any(flag => flag.GetString() is "invalid" or "not-available"));
            return Enumerable.Range(0, segment.GetProperty("raw").GetArrayLength()).Select(i => start + TimeSpan.FromMicroseconds(i * period)).Count(time => time >= from && time < to);
        });
    }

    private static string Stated(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static async Task<double> PeriodAsync(Box box, string signal) => (await SignalAsync(box, signal)).GetProperty("period_us").GetDouble() / 1000;

    private static async Task<string> LastAsync(Box box, string signal) => (await SignalAsync(box, signal)).GetProperty("last").GetProperty("time").GetString()!;

    private static async Task<JsonElement> SignalAsync(Box box, string signal) =>
        (await box.GetAsync("/api/v1/signals")).EnumerateArray().Single(one => one.GetProperty("id").GetString() == signal);

    /// <summary>Box time some seconds before the newest sample.</summary>
    private static async Task<string> EarlierAsync(Box box, double seconds) =>
        Stated(DateTimeOffset.Parse(await LastAsync(box, "ecg-ii"), CultureInfo.InvariantCulture).AddSeconds(-seconds));

    /// <summary>How many seconds of a wave the box has of the last minute.</summary>
    private static async Task<double> DataSecondsAsync(Box box, string signal)
    {
        string from = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        JsonElement samples = await box.GetAsync($"/api/v1/signals/{signal}/samples?from={from}");
        int count = samples.GetProperty("segments").EnumerateArray().Sum(segment => segment.GetProperty("raw").GetArrayLength());
        return count * await PeriodAsync(box, signal) / 1000;
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)", RegexOptions.CultureInvariant)]
    private static partial Regex PageOfPdf { get; }

    /// <summary>A4 across: 842 × 595 points.</summary>
    [GeneratedRegex(@"/MediaBox\s*\[0 0 84[12](\.\d+)? 59[4-6](\.\d+)?\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LandscapeOfPdf { get; }
}
