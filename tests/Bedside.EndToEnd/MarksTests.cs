using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>A simulated monitor whose electrodes come off and whose temperature calibrates for a while, the box that reads it, and a browser: once for all facts.</summary>
public sealed class MarkedBed : IAsyncLifetime, IDisposable
{
    private readonly Folder _folder = new();
    private Running? _monitor;

    internal Box Box { get; private set; } = null!;

    internal Browser Browser { get; private set; } = null!;

    internal string PathOf(string name) => _folder[name];

    public async Task InitializeAsync()
    {
        _monitor = Installed.Simulator(
            "philips-intellivue", "--pty", "--link", _folder["monitor"], "--seed", "51", "--accept-delay", "0.05", "--fault", "leads-off@15+15", "--fault", "invalid@15+15");
        await _monitor.LineAsync("ready ");
        Box = await Box.StartAsync(_folder["data"], "--serial", $"{_folder["monitor"]}=philips-intellivue");
        Browser = await Browser.StartAsync();
        await Box.LiveAsync(waves: 4, numerics: 8);
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Box.DisposeAsync();
        await _monitor!.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>The context of a measurement, from two touches at the bed and from the device itself to the tables of a researcher.</summary>
public class MarksTests(MarkedBed bed) : SharedPages, IClassFixture<MarkedBed>
{
    private const string Monitor = "philips-intellivue";

    private protected override Browser Shared => bed.Browser;

    [Fact]
    public async Task Two_touches_mark_the_bed_and_one_ends_a_range_and_each_is_undone_by_one()
    {
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        IPage page = await browser.OpenAsync(box.Address.ToString());
        await LiveAsync(page);

        // T4: one touch is the time, two what it was.
        await page.Locator(".actions > .button:has-text('Marquer')").ClickAsync();
        double waited = await page.EvaluateAsync<double>("performance.now()");
        await page.Locator("[data-mark=suction]").ClickAsync();
        JsonElement mark = await MarkAsync(box, "suction", _ => true);
        double answered = await page.EvaluateAsync<double>("performance.now()");
        Assert.True(answered - waited < 10_000, $"{answered - waited} ms");
        Assert.Equal(("bed", JsonValueKind.Null, JsonValueKind.Null), (Text(mark, "source"), mark.GetProperty("signal").ValueKind, mark.GetProperty("heldUntil").ValueKind));

        // It is under way until one touch ends it, and that can be taken back.
        await page.Locator("[data-mark-end=suction]").ClickAsync();
        _ = await MarkAsync(box, "suction", one => one.GetProperty("heldUntil").ValueKind == JsonValueKind.String);
        await page.Locator("[data-mark-done=ended] button").ClickAsync();
        _ = await MarkAsync(box, "suction", one => one.GetProperty("heldUntil").ValueKind == JsonValueKind.Null && one.GetProperty("version").GetInt32() == 3);
        await page.Locator("[data-mark-end=suction]").ClickAsync();
        _ = await MarkAsync(box, "suction", one => one.GetProperty("version").GetInt32() == 4);

        // A state that says which: two touches too. Undone it is gone.
        await page.Keyboard.PressAsync("m");
        await page.Locator("[data-mark=position][data-value=left]").ClickAsync();
        _ = await MarkAsync(box, "position", one => Attribute(one, "position") == "left");
        await page.Locator("[data-mark-done=saved] button").ClickAsync();
        await Until.TrueAsync(async () => (await MarksAsync(box)).All(one => Text(one, "kind") != "position"), 10, () => "it is not undone");
        Assert.Empty(browser.Complaints);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Two_touches_mark_a_number_or_a_lane_and_it_is_seen_on_all_of_its_sensor_and_in_every_export_with_what_the_device_noticed()
    {
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        IPage page = await browser.OpenAsync(box.Address.ToString());
        await LiveAsync(page);
        await page.Locator(".num-touch[aria-label^='SpO']").First.ClickAsync();
        await page.Locator("[data-mark=probe-site][data-value=finger-left]").ClickAsync();
        JsonElement probe = await MarkAsync(box, "probe-site", _ => true);
        Assert.StartsWith("spo2", Text(probe, "signal"), StringComparison.Ordinal);
        Assert.True(probe.GetProperty("concerns").GetArrayLength() >= 2, "the wave of the probe is not concerned");
        await browser.ShootAsync(page, "mark-number");

        // What the monitor says in codes became marks of its own, with their ends.
        JsonElement leads = await MarkAsync(box, "leads-off", one => one.GetProperty("heldUntil").ValueKind == JsonValueKind.String, 120);
        JsonElement calibration = await MarkAsync(box, "calibration", one => one.GetProperty("heldUntil").ValueKind == JsonValueKind.String, 60);
        Assert.Equal((Monitor, Monitor), (Text(leads, "source"), Text(calibration, "source")));
        Assert.Single(await MarksAsync(box), one => Text(one, "kind") == "leads-off");

        // On the trend: the flag on the lane of the probe, and on the exact waves and in both tables.
        await page.GotoAsync($"{box.Address}#/trends?h=1&s={Uri.EscapeDataString("spo2,hr")}");
        await Until.TrueAsync(async () => await page.Locator("[data-trend=spo2] [data-mark-shown=probe-site][data-mark-value=finger-left]").CountAsync() == 1, 20, () => "no flag on the lane");
        await Until.TrueAsync(async () => await page.Locator("[data-trend=hr] [data-mark-shown=leads-off]").CountAsync() == 1, 20, () => "no notice on the lane");
        Assert.Equal(0, await page.Locator("[data-trend=hr] [data-mark-shown=probe-site]").CountAsync());
        Assert.Equal(1, await page.Locator("[data-mark-table] [data-mark-row=probe-site]").CountAsync());
        LocatorBoundingBoxResult? lane = await page.Locator("[data-trend=hr] .trend-field").BoundingBoxAsync();
        Assert.NotNull(lane);
        await page.Mouse.ClickAsync(lane.X + (lane.Width * 0.98f), lane.Y + (lane.Height / 2));
        await page.Locator("[data-mark=artefact]").ClickAsync();
        JsonElement artefact = await MarkAsync(box, "artefact", _ => true);
        Assert.Equal("hr", Text(artefact, "signal"));
        await Until.TrueAsync(async () => await page.Locator("[data-trend=hr] [data-mark-shown=artefact]").CountAsync() == 1, 20, () => "what was marked is not on its lane");
        await browser.ShootAsync(page, "mark-lane");
        await page.GotoAsync($"{box.Address}#/waves?signal=ecg-ii&at={Uri.EscapeDataString(Text(leads, "time"))}");
        await Until.TrueAsync(async () => await page.Locator("[data-wave-marks] [data-mark-shown=leads-off]").CountAsync() == 1, 20, () => "no notice on the waves");

        await page.Keyboard.PressAsync("3");
        await Until.TrueAsync(async () => await page.Locator("[data-event=device][data-event-kind=leads-off]").CountAsync() == 1, 20, () => "no notice among the events");
        Assert.Empty(browser.Complaints);
        await page.CloseAsync();
        await ExportAsync();
    }

    [Fact]
    public async Task Everybody_can_mark_in_both_languages_day_and_night_at_all_sizes()
    {
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        IPage page = await browser.OpenAsync(box.Address.ToString());
        await LiveAsync(page);
        await page.Keyboard.PressAsync("m");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            await Until.TrueAsync(async () => await page.Locator("[data-mark-choice] .chip").CountAsync() > 10, 10, () => "nothing to choose from");
            await Reachable.AssertAsync(page, $"{language} {width}");
            string small = await page.EvaluateAsync<string>("() => [...document.querySelectorAll('.marks button')].map(one => one.getBoundingClientRect()).filter(box => box.height < 47.5 || box.width < 47.5).length + ''");
            Assert.Equal("0", small);
            await browser.ShootAsync(page, $"mark-{language}-{width}");
        }

        // By keys alone.
        await page.Locator("[data-mark=care]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        _ = await MarkAsync(box, "care", _ => true);
        Assert.Empty(browser.Complaints);
        await page.CloseAsync();
    }

    private async Task ExportAsync()
    {
        foreach (string format in new[] { "csv", "wfdb", "fhir" })
        {
            await using Running export = Installed.Bedside("export", "--data", bed.PathOf("data"), "--format", format, "--out", bed.PathOf(format));
            Assert.True(await export.EndAsync() == 0, export.Errors);
        }

        string csv = await File.ReadAllTextAsync(Path.Combine(bed.PathOf("csv"), "context.csv"));
        Assert.Contains(",probe-site,Probe site,Site du capteur,state,spo2,", csv, StringComparison.Ordinal);
        Assert.Contains("site=finger-left", csv, StringComparison.Ordinal);
        Assert.Contains(",told,leads-off,", csv, StringComparison.Ordinal);
        Assert.Equal(csv, await File.ReadAllTextAsync(Path.Combine(bed.PathOf("wfdb"), "context.csv")));
        string notes = string.Concat(Directory.GetFiles(bed.PathOf("wfdb"), "*.ctx").Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        Assert.Contains("phase=begin;kind=leads-off;", notes, StringComparison.Ordinal);
        Assert.Contains("kind=probe-site;site=finger-left;signal=spo2", notes, StringComparison.Ordinal);
        await using var packed = new System.IO.Compression.GZipStream(File.OpenRead(Path.Combine(bed.PathOf("fhir"), "Observation-context.ndjson.gz")), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        string fhir = await reader.ReadToEndAsync();
        Assert.Contains("\"urn:x-bedside:context\",\"code\":\"probe-site\"", fhir, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"leads-off\"", fhir, StringComparison.Ordinal);
    }

    private static Task LiveAsync(IPage page) =>
        Until.TrueAsync(async () => await page.Locator("[data-signal=spo2][data-state=live]").CountAsync() > 0, 40, () => "spo2 is not live");

    private static async Task<JsonElement> MarkAsync(Box box, string kind, Func<JsonElement, bool> fits, int seconds = 15)
    {
        JsonElement found = default;
        await Until.TrueAsync(
            async () =>
            {
                found = (await MarksAsync(box)).FirstOrDefault(one => Text(one, "kind") == kind && fits(one));
                return found.ValueKind == JsonValueKind.Object;
            },
            seconds,
            () => $"no {kind} as it should be");
        return found;
    }

    private static async Task<JsonElement[]> MarksAsync(Box box) => [.. (await box.GetAsync("/api/v1/annotations")).EnumerateArray()];

    private static string Text(JsonElement mark, string name) => mark.GetProperty(name).GetString() ?? string.Empty;

    private static string Attribute(JsonElement mark, string name) => mark.GetProperty("attributes").TryGetProperty(name, out JsonElement value) ? value.GetString() ?? string.Empty : string.Empty;
}
