using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>
/// Faults put into a real browser at a real box (goal U8): each is found and the browser started anew within 20 s, and nothing is started in vain.
/// BEDSIDE_KIOSK_ROUNDS repeats it.
/// </summary>
[Collection(Alone.Name)]
public class KioskTests(KioskBed bed, ITestOutputHelper report) : IClassFixture<KioskBed>
{
    private const double MostSeconds = 20;

    private const string Watch =
        """
        () => {
          window.notices = [];
          new MutationObserver(() => {
            const notice = document.querySelector('[data-notice]');
            if (notice !== null && window.notices.at(-1) !== notice.textContent) window.notices.push(notice.textContent);
          }).observe(document.body, { childList: true, subtree: true, characterData: true });
        }
        """;

    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("BEDSIDE_KIOSK_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_page_that_freezes_is_started_anew_within_20_s_and_one_that_does_not_is_left_alone()
    {
        await using Browser browser = await Browser.StartAsync();
        IPage idle = await browser.OpenAsync($"{bed.Address}?kiosk=idle-1#/trends");
        await idle.EvaluateAsync(Watch);
        long opened = TimeProvider.System.GetTimestamp();
        await using var first = Kiosk.Start(bed);
        await using var second = Kiosk.Start(bed);
        await Task.WhenAll(first.LiveAsync(1), second.LiveAsync(1));
        for (int round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(FirstAsync(first), SecondAsync(second));
            await BoxAsync(first, second);
        }

        await Until.TrueAsync(async () => await idle.EvaluateAsync<string>("() => location.hash") == "#/live", 90, () => "nobody touched it, and it did not go back to the waves");
        double back = TimeProvider.System.GetElapsedTime(opened).TotalSeconds;
        Assert.True(back >= 60, $"it went back after {back:0.0} s");
        string[] notices = await idle.EvaluateAsync<string[]>("() => window.notices");
        Assert.InRange(notices.Length, 5, 11);
        JsonElement health = (await bed.AskAsync("/api/v1/health"))!.Value.GetProperty("screen");
        report.WriteLine(health.GetProperty("sentence").GetProperty("en").GetString());
        await EndAsync(first);
    }

    private async Task FirstAsync(Kiosk kiosk)
    {
        await RestartedAsync(kiosk, "renderer stopped (SIGSTOP)", "silent", () =>
        {
            kiosk.StopRenderers();
            return Task.CompletedTask;
        });
        await RestartedAsync(kiosk, "browser killed (SIGKILL)", "ended", () =>
        {
            kiosk.KillBrowser();
            return Task.CompletedTask;
        });
        await HealedAsync(kiosk);
    }

    private async Task SecondAsync(Kiosk kiosk)
    {
        await RestartedAsync(kiosk, "main thread blocked", "silent", async () =>
        {
            DevTools tools = await kiosk.ToolsAsync();
            await tools.InPageAsync("for (;;);");
        });
        await RestartedAsync(kiosk, "waves frozen, page alive", "frozen", async () =>
        {
            DevTools tools = await kiosk.ToolsAsync();
            await tools.InWorkerAsync("self.requestAnimationFrame = () => 0");
        });
    }

    /// <summary>From the fault to a new browser, which then shows waves; the profile of the former is gone.</summary>
    private async Task RestartedAsync(Kiosk kiosk, string fault, string reason, Func<Task> put)
    {
        int starts = kiosk.Browsers.Count;
        string former = kiosk.Browsers[^1].Folder;
        await put();
        long at = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(() => kiosk.Browsers.Count > starts, 60, () => $"{fault}: nothing happens; {string.Join('\n', kiosk.Process.Output)}");
        double seconds = TimeProvider.System.GetElapsedTime(at).TotalSeconds;
        await kiosk.LiveAsync(starts + 1);
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault}: started anew after {seconds:0.0} s, shows waves again after {TimeProvider.System.GetElapsedTime(at).TotalSeconds:0.0} s"));
        Assert.Equal(reason, kiosk.Restarts[^1]);
        Assert.Equal(starts + 1, kiosk.Browsers.Count);
        Assert.True(seconds <= MostSeconds, $"{fault}: started anew only after {seconds:0.0} s");
        await Until.TrueAsync(() => !Directory.Exists(former), 10, () => $"{former} was left behind");
    }

    /// <summary>A worker that hangs is replaced by the page itself, with no new browser.</summary>
    private async Task HealedAsync(Kiosk kiosk)
    {
        int starts = kiosk.Browsers.Count;

        // More frames than a new worker can have drawn by its first heartbeat.
        long frames = 0;
        await Until.TrueAsync(async () => (frames = (await kiosk.ScreenAsync(starts))?.GetProperty("frames").GetInt64() ?? 0) > 400, 60, () => $"only {frames} frames were drawn");
        DevTools tools = await kiosk.ToolsAsync();
        await tools.InWorkerAsync("for (;;);");
        long at = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(
            async () => await kiosk.ScreenAsync(starts) is { } screen
                && screen.GetProperty("frames").GetInt64() < frames
                && screen.GetProperty("checksum").ValueKind == JsonValueKind.Number,
            40,
            () => "the worker was not replaced");
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worker blocked: replaced by the page, told after {TimeProvider.System.GetElapsedTime(at).TotalSeconds:0.0} s, browser kept"));
        Assert.Equal(starts, kiosk.Browsers.Count);
    }

    /// <summary>The box is killed, stays away longer than three heartbeats, and comes back: the browsers stay, and show waves again.</summary>
    private async Task BoxAsync(params Kiosk[] kiosks)
    {
        int[] starts = [.. kiosks.Select(kiosk => kiosk.Browsers.Count)];
        await bed.KillBoxAsync();
        await Task.WhenAll(kiosks.Select(kiosk => Until.TrueAsync(() => kiosk.Process.Output.Last() == "box away", 20, () => "the watcher does not notice that the box is gone")));
        await bed.BeginBoxAsync();
        long at = TimeProvider.System.GetTimestamp();
        foreach ((Kiosk kiosk, int start) in kiosks.Zip(starts))
        {
            await kiosk.LiveAsync(start);
        }

        // Longer than silence would have to last, counted from the return of the box.
        await Until.TrueAsync(() => TimeProvider.System.GetElapsedTime(at).TotalSeconds > 17, 30, () => "time stands still");
        Assert.Equal(starts, kiosks.Select(kiosk => kiosk.Browsers.Count));
        report.WriteLine("box killed and started anew: the browsers were kept");
    }

    /// <summary>The watcher takes its browser and the profile with it.</summary>
    private static async Task EndAsync(Kiosk kiosk)
    {
        (int pid, string folder) = kiosk.Browsers[^1];
        await kiosk.Process.TerminateAsync();
        Assert.False(Directory.Exists(folder), $"{folder} was left behind");
        Assert.False(Directory.Exists($"/proc/{pid}"), "the browser was left behind");
    }
}
