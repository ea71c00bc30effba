using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>The day by hours on a real box: on the screen, on paper, in a file. All facts share one bed.</summary>
public partial class SheetTests(SheetBed bed, ITestOutputHelper output) : SharedPages, IClassFixture<SheetBed>
{
    private const double KilopascalsOfMmHg = 0.133322387415;

    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = "," };

    private protected override Browser Shared => bed.Browser;

    [Fact]
    public async Task From_the_live_page_two_touches_print_the_sheet_on_one_tagged_page_that_says_what_it_is()
    {
        IPage page = await bed.Browser.OpenAsync(bed.Box.Address.ToString());
        await Until.TrueAsync(async () => await page.Locator("[data-signal][data-state=live]").CountAsync() > 4, 40, () => "nothing is live");
        await page.EvaluateAsync("() => { window.printed = 0; window.print = () => { window.printed++; }; }");
        await page.Locator("[data-nav=sheet]").ClickAsync();
        await page.Locator("[data-print]:enabled").ClickAsync();
        Assert.Equal(1, await page.EvaluateAsync<int>("() => window.printed"));

        await ShowAsync(page, bed.Yesterday);
        long begun = TimeProvider.System.GetTimestamp();
        byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, Tagged = true });
        double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sheet to PDF: {seconds:F2} s, {pdf.Length} bytes"));
        Assert.InRange(seconds, 0, 10);
        string written = Encoding.Latin1.GetString(pdf);
        Assert.Single(PageOfPdf.Matches(written));
        Assert.Matches(LandscapeOfPdf, written);
        Assert.Contains("/StructTreeRoot", written);
        Assert.Contains("/Marked true", written);

        JsonElement paper = await PaperAsync(page);
        string text = paper.GetProperty("text").GetString()!;
        string digest = (await SheetAsync($"day={Day(bed.Yesterday)}&signals={string.Join(',', await AskedAsync(page))}")).GetProperty("digest").GetString()!;
        foreach (string said in new[] { "VISUALISATION SEULE – ce n’est pas un moniteur", "valeurs NON validées / NOT validated values", "Lit 12", "Imprimé le ", digest, (await bed.Box.GetAsync("/api/v1/session")).GetProperty("box").GetString()! })
        {
            Assert.Contains(said, text);
        }

        Assert.InRange(paper.GetProperty("smallest").GetDouble(), 6.99, 20);
        Assert.InRange(paper.GetProperty("lines").GetInt32(), 15, 40);
        Assert.False(paper.GetProperty("screen").GetBoolean(), "the screen is printed beside the page");
        await bed.Browser.ShootAsync(page, "sheet-paper");
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task A_sheet_that_is_printed_before_it_came_says_so_and_that_this_is_no_monitor()
    {
        IPage page = await bed.Browser.OpenAsync("about:blank");
        await page.RouteAsync("**/api/v1/sheet?*", _ => { });
        await page.GotoAsync($"{bed.Box.Address}#/sheet");
        await page.Locator("main[data-sheet=loading]").WaitForAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        string text = await page.EvaluateAsync<string>("() => { dispatchEvent(new Event('beforeprint')); return document.querySelector('.sheet-print').innerText; }");
        Assert.Contains("VISUALISATION SEULE – ce n’est pas un moniteur", text, StringComparison.Ordinal);
        Assert.Contains("…", text, StringComparison.Ordinal);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Forty_lines_of_a_running_day_are_still_one_page_in_letters_of_seven_points_and_hours_without_data_are_hatched()
    {
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/sheet");
        await ShownAsync(page);
        byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, Tagged = true });
        Assert.Single(PageOfPdf.Matches(Encoding.Latin1.GetString(pdf)));
        JsonElement paper = await PaperAsync(page);
        Assert.Equal(40, paper.GetProperty("lines").GetInt32());
        Assert.InRange(paper.GetProperty("smallest").GetDouble(), 6.99, 20);
        Assert.Contains("repeating-linear-gradient", paper.GetProperty("hatch").GetString());
        Assert.Matches("[0-9]+ autres lignes", paper.GetProperty("text").GetString());
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task A_cell_is_the_median_that_the_box_answers_in_the_unit_of_the_ward_and_a_touch_says_what_it_is_made_of()
    {
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/sheet");
        await ShowAsync(page, bed.Yesterday);
        JsonElement sheet = await SheetAsync($"day={Day(bed.Yesterday)}");
        int compared = 0;
        foreach (JsonElement row in sheet.GetProperty("rows").EnumerateArray())
        {
            string[] shown = [.. await page.Locator($"tr[data-row='{row.GetProperty("id").GetString()}'] td").AllTextContentsAsync()];
            string unit = row.GetProperty("unit").GetString()!;
            bool converted = unit == "mm[Hg]" && row.GetProperty("id").GetString() != "etco2";
            int decimals = row.GetProperty("decimals").GetInt32() + (converted ? 1 : 0);
            foreach ((JsonElement cell, string text) in row.GetProperty("cells").EnumerateArray().Zip(shown))
            {
                if (cell.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                double median = cell.GetProperty("median").GetDouble() * (converted ? KilopascalsOfMmHg : 1);
                Assert.Equal(median.ToString($"F{decimals}", Comma), text.Trim());
                compared++;
            }
        }

        Assert.True(compared > 24 * 20, $"only {compared} cells");
        Assert.Equal("kPa", (await page.Locator("tr[data-row=abp-mean] th small").TextContentAsync())!.Trim());

        ILocator rate = page.Locator("tr[data-row=hr] td").Nth(10);
        await rate.ClickAsync();
        string detail = (await page.Locator("[data-detail='hr 10']").TextContentAsync())!;
        Assert.Matches(@"min \d+ · médiane \d+ · max \d+ /min · 30 valeurs", detail);
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Locator("[data-detail='hr 11']").WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Locator("[data-detail='abp-sys 11']").WaitForAsync();

        // What stands live on the first page reads the same unit.
        await page.Keyboard.PressAsync("1");
        ILocator pressure = page.Locator(".num[data-slot=abp]").First;
        await Until.TrueAsync(async () => await pressure.Locator(".num-unit").TextContentAsync() == "kPa" && PressureText.IsMatch(await pressure.Locator("[data-signal]").First.TextContentAsync() ?? string.Empty), 20, () => "no pressure in kPa");
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task The_days_on_which_the_clocks_are_set_have_each_hour_once_on_screen_paper_and_file()
    {
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/sheet");
        foreach ((DateOnly day, int hours) in new[] { (bed.LongDay, 25), (bed.ShortDay, 23) })
        {
            await ShowAsync(page, day);
            string[] columns = await ColumnsAsync(page, ".sheet");
            Assert.Equal((hours, hours), (columns.Length, columns.Distinct().Count()));
            Assert.Equal(hours == 25 ? ["02:00 UTC+2", "02:00 UTC+1"] : [], columns.Where(name => name.StartsWith("02:00", StringComparison.Ordinal)));

            await PaperAsync(page);
            Assert.Equal(columns, await ColumnsAsync(page, ".sheet-paper"));
            await page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });

            (_, string[][] rows) = await FileAsync(page, "point", ',');
            string[][] rates = [.. rows.Where(row => row[4] == "hr")];
            Assert.True(rates.Length >= hours - 1, $"{rates.Length} hours of the rate");
            Assert.Equal(rates.Length, rates.Select(row => row[1] + row[2]).Distinct().Count());
        }

        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task A_file_holds_exactly_what_its_page_shows_in_the_writing_that_was_chosen()
    {
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/sheet");
        await ShowAsync(page, bed.Yesterday);
        (string head, string[][] rows) = await FileAsync(page, "comma", ';');
        Assert.Contains("# separator;semicolon\r\n# decimal;comma\r\n", head);
        int cells = await page.Locator(".sheet td[data-fill=value], .sheet td[data-fill=partial]").CountAsync();
        Assert.Equal(cells, rows.Length);
        string[] shown = [.. (await page.Locator("tr[data-row=abp-mean] td").AllTextContentsAsync()).Select(text => text.Trim()).Where(text => text.Length > 0 && char.IsAsciiDigit(text[0]))];
        Assert.Equal(shown, rows.Where(row => row[4] == "abp-mean").Select(row => row[7]));
        Assert.All(rows.Where(row => row[4] == "abp-mean"), row => Assert.Equal("kPa", row[6]));

        await page.GotoAsync($"{bed.Box.Address}#/trends?h=24&s=hr,abp-mean");
        await page.Locator("[data-trend=abp-mean]").WaitForAsync();
        (_, rows) = await FileAsync(page, "comma", ';');
        Assert.Equal(["abp-mean", "hr"], rows.Select(row => row[5]).Where(signal => signal.Length > 0).Distinct().Order());
        Assert.All(rows.Where(row => row[0] == "value"), row => Assert.True(double.Parse(row[8], Comma) <= double.Parse(row[10], Comma)));
        Assert.All(rows.Where(row => row[0] == "value" && row[5] == "abp-mean"), row => Assert.InRange(double.Parse(row[9], Comma), 7, 15));

        await page.Keyboard.PressAsync("3");
        await Until.TrueAsync(async () => await page.Locator("[data-event=device]").CountAsync() > 0, 20, () => "no event");
        await page.Locator("[data-filter=gap]").ClickAsync();
        (_, rows) = await FileAsync(page, "point", ',');
        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row[0] == "gap");
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task The_sheet_can_be_used_by_everybody_in_both_languages_day_and_night_at_all_sizes()
    {
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/sheet");
        await ShowAsync(page, bed.Yesterday);
        await page.Locator("tr[data-row=hr] td").Nth(3).ClickAsync();
        await page.Locator("[data-csv]").ClickAsync();
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            await Reachable.AssertAsync(page, $"{language} {width}");
            await bed.Browser.ShootAsync(page, $"sheet-{language}-{width}");
        }

        Assert.Empty(bed.Browser.Complaints);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task ShowAsync(IPage page, DateOnly day)
    {
        await page.EvaluateAsync("day => { location.hash = `#/sheet?day=${day}`; }", Day(day));
        await page.Locator($"[data-sheet='{Day(day)}'] .sheet-table").WaitForAsync();
    }

    private static Task ShownAsync(IPage page) => page.Locator("[data-sheet] .sheet-table").WaitForAsync();

    private Task<JsonElement> SheetAsync(string query) => bed.Box.GetAsync($"/api/v1/sheet?{query}");

    /// <summary>The signals for which the page asked, in its order: that of the digest it shows.</summary>
    private static Task<string[]> AskedAsync(IPage page) =>
        page.EvaluateAsync<string[]>("() => performance.getEntriesByType('resource').map(one => new URL(one.name)).filter(one => one.pathname === '/api/v1/sheet').at(-1).searchParams.get('signals').split(',')");

    private static Task<string[]> ColumnsAsync(IPage page, string within) =>
        page.EvaluateAsync<string[]>("within => [...document.querySelectorAll(`${within} thead th[data-hour]`)].map(one => `${one.dataset.hour} ${one.dataset.note.startsWith('UTC') ? one.dataset.note : ''}`.trim())", within);

    /// <summary>What a printer gets, as it is laid out: its text, its smallest letters in points, its lines, its hatching.</summary>
    private static async Task<JsonElement> PaperAsync(IPage page)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
        return JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(
            """
            () => {
              const paper = document.querySelector('.sheet-paper');
              const seen = [...paper.querySelectorAll('*')].filter(one => !one.closest('.sr') && one.getClientRects().length > 0 && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
              const gap = paper.querySelector('td[data-fill=gap]');
              return JSON.stringify({
                text: paper.textContent, lines: Number(paper.dataset.lines), smallest: Math.min(...seen.map(one => parseFloat(getComputedStyle(one).fontSize) * 0.75)),
                hatch: gap === null ? '' : getComputedStyle(gap).backgroundImage, screen: getComputedStyle(document.getElementById('app')).display !== 'none',
              });
            }
            """));
    }

    /// <summary>Downloads the page's file; gives its head, and its rows without the line of their names.</summary>
    private static async Task<(string Head, string[][] Rows)> FileAsync(IPage page, string format, char separator)
    {
        await page.Locator("[data-csv][aria-expanded=false]").ClickAsync();
        await page.Locator($"[data-csv-format={format}]").ClickAsync();
        IDownload? download = null;
        await Until.TrueAsync(
            async () =>
            {
                // While columns are on their way no file is made: the page says so, and one asks again.
                Task<IDownload> waiting = page.WaitForDownloadAsync(new PageWaitForDownloadOptions { Timeout = 1500 });
                await page.Locator("[data-csv-save]").ClickAsync();
                try
                {
                    download = await waiting;
                }
                catch (TimeoutException)
                {
                    download = null;
                }

                return download is not null;
            },
            30,
            () => "no file");
        string text = await File.ReadAllTextAsync(await download!.PathAsync());
        await page.Locator("[data-csv]").ClickAsync();
        Assert.StartsWith("bedside-12-", download.SuggestedFilename, StringComparison.Ordinal);
        string[] lines = text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        int first = Array.FindIndex(lines, line => !line.StartsWith("# ", StringComparison.Ordinal));
        return (string.Join("\r\n", lines[..first]), [.. lines[(first + 1)..].Select(line => line.Split(separator))]);
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)", RegexOptions.CultureInvariant)]
    private static partial Regex PageOfPdf { get; }

    /// <summary>A4 across: 842 × 595 points.</summary>
    [GeneratedRegex(@"/MediaBox\s*\[0 0 84[12](\.\d+)? 59[4-6](\.\d+)?\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LandscapeOfPdf { get; }

    /// <summary>Kilopascals as a monitor's whole mmHg become them.</summary>
    [GeneratedRegex(@"^\d{1,2},\d$", RegexOptions.CultureInvariant)]
    private static partial Regex PressureText { get; }
}
