using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd.Staleness;

/// <summary>
/// A screen that is held up: stopped whole, or its page's own thread alone. What must hold on any machine is asserted here; <c>BEDSIDE_CALM=1 ./bedside test StallTests</c>
/// stalls for 30 s and holds the speed to its goals too.
/// </summary>
[Collection(Alone.Name)]
public class StallTests(ITestOutputHelper output)
{
    private const double OldestAsLiveMs = 2_200;
    private const double FreshMs = 500;
    private const double NumbersP95Ms = 50;
    private const double NumbersP99Ms = 80;

    private static readonly bool IsCalm = Environment.GetEnvironmentVariable("BEDSIDE_CALM") == "1";

    [Fact]
    public async Task A_screen_that_was_held_up_draws_nothing_of_before_as_live_and_is_soon_fresh()
    {
        await using Browser browser = await Browser.StartAsync();
        await using CutBed bed = await CutBed.StartAsync(browser, "5", "live");
        IPage page = bed.Pages["live"];

        await page.EvaluateAsync("watch.measure()");
        await page.EvaluateAsync("ms => new Promise(done => setTimeout(done, ms))", IsCalm ? 20_000 : 4_000);
        JsonElement quiet = await MeasuredAsync(page, 0);
        double jitter = Of(quiet, "youngestMostMs") - Of(quiet, "youngestMs");
        Say($"numbers, frame of the box to picture: p95 {Of(quiet, "p95"):F0} ms, p99 {Of(quiet, "p99"):F0} ms of {Of(quiet, "numbers"):F0}; playout {Of(quiet, "delayMs"):F0} ms, drawn {Of(quiet, "youngestMs"):F0} to {Of(quiet, "youngestMostMs"):F0} ms after capture (jitter {jitter:F1} ms)");

        await page.EvaluateAsync("watch.measure()");
        await page.EvaluateAsync("n => watch.block(n, 400)", IsCalm ? 10 : 3);
        JsonElement blocked = await MeasuredAsync(page, 0);
        Say($"page's thread held up for 400 ms, {(IsCalm ? 10 : 3)} times: {Of(blocked, "freezes"):F0} of {Of(blocked, "beats"):F0} quarter seconds with a pause of the sweep over 100 ms, longest {Of(blocked, "longestMs"):F0} ms");
        Assert.True(Of(blocked, "oldestMs") <= OldestAsLiveMs, $"a sample was drawn in full colour at {Of(blocked, "oldestMs")} ms");

        JsonElement resumed = await StallAsync(browser, page, TimeSpan.FromSeconds(IsCalm ? 30 : 8));
        Say($"stopped for {(IsCalm ? 30 : 8)} s: first wave in full colour {Of(resumed, "firstMs"):F0} ms after it went on, oldest sample drawn so {Of(resumed, "oldestMs"):F0} ms old");
        Assert.True(Of(resumed, "oldestMs") <= OldestAsLiveMs, $"a sample was drawn in full colour at {Of(resumed, "oldestMs")} ms");
        await bed.HealthyAsync();
        Assert.Empty(browser.Complaints);
        if (IsCalm)
        {
            Assert.True(Of(quiet, "p95") <= NumbersP95Ms && Of(quiet, "p99") <= NumbersP99Ms, "numbers are slow to reach the eye");
            Assert.Equal(0, Of(blocked, "freezes"));
            Assert.True(Of(resumed, "firstMs") <= FreshMs, "the waves were not fresh in time");
        }
    }

    private static async Task<JsonElement> StallAsync(Browser browser, IPage page, TimeSpan length)
    {
        int[] renderers = await browser.RenderersAsync();
        Assert.NotEmpty(renderers);
        foreach (int renderer in renderers)
        {
            Running.Halt(renderer);
        }

        double resumedAt;
        try
        {
            await Task.Delay(length, TimeProvider.System);
        }
        finally
        {
            resumedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (int renderer in renderers)
            {
                Running.Continue(renderer);
            }
        }

        await Until.TrueAsync(async () => (await MeasuredAsync(page, resumedAt)).GetProperty("firstMs").ValueKind == JsonValueKind.Number, 30, () => "no wave is drawn in full colour again");
        return await MeasuredAsync(page, resumedAt);
    }

    private static async Task<JsonElement> MeasuredAsync(IPage page, double from)
    {
        using var measured = JsonDocument.Parse(await page.EvaluateAsync<string>("from => watch.measured(from)", from));
        return measured.RootElement.Clone();
    }

    private static double Of(JsonElement measured, string name) => measured.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;

    private void Say(FormattableString line)
    {
        string text = line.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
