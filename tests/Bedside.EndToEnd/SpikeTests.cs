using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>
/// What is in the pixels of the trends, held against what was stored: every spike of one sample, nothing in a gap, and no column that changes while the
/// chart is moved. <c>BEDSIDE_SPIKES=all</c> looks at the whole month at every zoom, <c>BEDSIDE_SPIKE_SEED</c> makes another month.
/// </summary>
public class SpikeTests(SpikeMonthBed bed, ITestOutputHelper output) : SharedPages, IClassFixture<SpikeMonthBed>
{
    private const double HourMs = 3_600_000;
    private const string Signals = "n0,n1,n2,n3,w4,w5,w6,w7";

    /// <summary>Of the toolbar, and between.</summary>
    private static readonly double[] Buttons = [1, 6, 24, 72, 168, 720];
    private static readonly double[] Between = [2.37, 11.3, 41, 113, 407];

    /// <summary>Charts that are looked at in the gate, of each zoom.</summary>
    private const int FewViews = 10;

    private static string Folder => Directory.CreateDirectory(Path.Combine(Installed.Root, "artifacts", "screens")).FullName;

    private protected override Browser Shared => bed.Browser;

    [Fact]
    public async Task A_spike_of_one_sample_is_in_the_pixels_at_every_zoom_and_nothing_is_in_a_gap()
    {
        IPage page = await OpenAsync();
        var lines = new List<string>();
        foreach (double hours in Buttons.Concat(Between))
        {
            JsonElement seen = await LookAsync(page, hours);
            int Count(string name) => seen.GetProperty(name).GetInt32();
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{Count("found")}/{Count("looked")} spikes at {hours} h; {Count("strays")} columns with ink that no sample made; {Count("inked")} of {Count("gaps")} columns of gaps with ink; {Count("empty")} of {Count("full")} columns of data without; {Count("views")} charts");
            lines.Add(line);
            output.WriteLine(line);
            Assert.True(Count("found") == Count("looked") && Count("strays") == 0 && Count("beyond") == 0 && Count("inked") == 0 && Count("empty") == 0, $"{line}: {seen.GetProperty("first")}");
            Assert.True(Count("looked") >= 10 && Count("gaps") > 100, line);
            Assert.True(!SpikeMonthBed.IsWhole || Count("looked") == 1000, line);
            await bed.Browser.ShootAsync(page, string.Create(CultureInfo.InvariantCulture, $"spikes-{hours}h"));
        }

        await File.WriteAllLinesAsync(Path.Combine(Folder, "spikes.txt"), lines);
        Assert.Empty(bed.Browser.Complaints);
    }

    [Fact]
    public async Task No_column_changes_while_the_chart_is_moved()
    {
        IPage page = await OpenAsync();
        int compared = 0;
        foreach (double hours in SpikeMonthBed.IsWhole ? Buttons.Concat(Between) : [0.05, 1, 24, 720])
        {
            // Where a numeric has a gap soon: its edges too must be the same wherever the chart ends.
            await page.EvaluateAsync("([hours, to]) => window.show(hours, to)", new object[] { hours, bed.From + ((hours > 300 ? 720 : 400.3) * HourMs) });
            LocatorBoundingBoxResult? place = await page.Locator("[data-trend-plot]").BoundingBoxAsync();
            Assert.NotNull(place);
            var random = new Random(SpikeMonthBed.Seed);
            float x = place.X + (place.Width / 2);
            await page.Mouse.MoveAsync(x, place.Y + 30);
            await page.Mouse.DownAsync();
            for (int step = 0; step < (SpikeMonthBed.IsWhole ? 60 : 12); step++)
            {
                await page.EvaluateAsync("() => window.remember()");
                x = Math.Clamp(x + random.Next(-160, 161), place.X + 5, place.X + place.Width - 5);
                await page.Mouse.MoveAsync(x, place.Y + 30, new MouseMoveOptions { Steps = 3 });
                JsonElement seen = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>("() => window.compare()"));
                Assert.True(seen.GetProperty("changed").GetInt32() == 0 && seen.GetProperty("rescaled").GetInt32() == 0, $"{hours} h, step {step}: {seen}");
                compared += seen.GetProperty("compared").GetInt32();
            }

            await page.Mouse.UpAsync();
        }

        output.WriteLine($"0 changed of {compared} columns while the chart was moved");
        Assert.True(compared > 100_000, $"only {compared} columns were compared");
        await File.WriteAllTextAsync(Path.Combine(Folder, "pan.txt"), $"0 changed of {compared} columns\n");
        Assert.Empty(bed.Browser.Complaints);
    }

    private async Task<IPage> OpenAsync()
    {
        IPage page = await bed.Browser.OpenAsync($"{bed.Box.Address}#/trends?h=720&s={Signals}&to={Iso(bed.To)}");
        await page.Locator("[data-trend-plot]").WaitForAsync();
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Installed.Root, "tests/Bedside.EndToEnd/spikes.js")));
        await page.EvaluateAsync("month => { window.month = JSON.parse(month); }", bed.Month);
        return page;
    }

    private async Task<JsonElement> LookAsync(IPage page, double hours) =>
        JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(
            "([hours, most, seed, settled]) => window.look(hours, most, seed, settled)", new object[] { hours, SpikeMonthBed.IsWhole ? 100_000 : FewViews, SpikeMonthBed.Seed, SpikeMonthBed.IsWhole ? 30 : 1 }));

    private static string Iso(double ms) => DateTimeOffset.FromUnixTimeMilliseconds((long)ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
