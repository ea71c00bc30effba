using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The demo as a head of ICU would see it: a real browser on the real screen, and a device that dies.</summary>
[Collection(Alone.Name)]
public partial class DemoTests
{
    private const int Waves = 8;
    private const int Numerics = 15;
    private const int SigKill = 9;

    [Fact]
    public async Task A_whole_bed_is_shown_and_a_dead_monitor_cannot_be_missed()
    {
        await using var demo = Running.Start(Path.Combine(Installed.Root, "tests/demo"), [Installed.Product, Installed.Simulators, "--port", "0"]);
        string address = await demo.LineAsync("ready ");
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync(address);

        await Until.TrueAsync(async () => await MovingAsync(page) >= Waves, 40, () => $"fewer than {Waves} waves move");
        await Until.TrueAsync(async () => await NumericsAsync(page, "live") >= Numerics, 20, () => $"fewer than {Numerics} numerics are live");
        await browser.ShootAsync(page, "demo-live");

        Match monitor = MonitorLine.Match(demo.Errors);
        Assert.True(monitor.Success, demo.Errors);
        int pid = int.Parse(monitor.Groups[1].Value, CultureInfo.InvariantCulture);
        string[] again = monitor.Groups[2].Value.Split(' ');
        Assert.Equal(0, Kill(pid, SigKill));
        long dead = TimeProvider.System.GetTimestamp();
        await WithinAsync(dead, 2.5, async () => await StateAsync(page, "hr") == "late");
        await browser.ShootAsync(page, "demo-late");
        await WithinAsync(dead, 10.5, async () => await StateAsync(page, "hr") == "lost" && (await TextAsync(page, "hr")).Contains("---", StringComparison.Ordinal));
        await browser.ShootAsync(page, "demo-lost");
        Assert.Equal("live", await StateAsync(page, "peep"));

        await using Running revived = Installed.Simulator(again);
        await revived.LineAsync("ready ");
        long back = TimeProvider.System.GetTimestamp();
        await WithinAsync(back, 10, async () => await StateAsync(page, "hr") == "live");
        await Until.TrueAsync(async () => await MovingAsync(page) >= Waves, 20, () => "the waves did not come back");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Trends_show_the_recording_in_french_and_english()
    {
        using var folder = new Folder();
        await using Running monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", folder["monitor"], "--seed", "2", "--accept-delay", "0.05");
        await monitor.LineAsync("ready ");
        await using Box box = await Box.StartAsync(folder["data"], "--serial", $"{folder["monitor"]}=philips-intellivue");
        await box.LiveAsync(waves: 4, numerics: 8);
        await using Browser browser = await Browser.StartAsync();
        foreach ((string language, string word) in new[] { ("fr", "Tendances"), ("en", "Trends") })
        {
            IPage page = await browser.OpenAsync($"{box.Address}#/trends?h=1");
            ILocator other = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = language == "en" ? "English" : "Français", Exact = true });
            if (!(await page.InnerTextAsync("body")).Contains(word, StringComparison.Ordinal) && await other.CountAsync() > 0)
            {
                await other.ClickAsync();
            }

            await Until.TrueAsync(async () => (await page.InnerTextAsync("body")).Contains(word, StringComparison.Ordinal), 20, () => $"no {word}");
            await Until.TrueAsync(async () => await page.Locator("canvas").CountAsync() > 0, 20, () => "no lanes");
            await browser.ShootAsync(page, $"trends-{language}");
        }

        Assert.Empty(browser.Complaints);
    }

    private static async Task WithinAsync(long since, double seconds, Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            double passed = TimeProvider.System.GetElapsedTime(since).TotalSeconds;
            Assert.True(passed < seconds, string.Create(CultureInfo.InvariantCulture, $"not within {seconds} s"));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Lanes whose count of drawn samples grows between two looks.</summary>
    private static async Task<int> MovingAsync(IPage page)
    {
        Dictionary<string, double> before = await DrawnAsync(page);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        Dictionary<string, double> after = await DrawnAsync(page);
        return after.Count(lane => lane.Value > before.GetValueOrDefault(lane.Key));
    }

    private static async Task<Dictionary<string, double>> DrawnAsync(IPage page)
    {
        const string Counts = "JSON.stringify(Object.fromEntries([...document.querySelectorAll('[data-lane]')].map(lane => [lane.dataset.lane, Number(lane.dataset.moving)])))";
        return JsonSerializer.Deserialize<Dictionary<string, double>>(await page.EvaluateAsync<string>(Counts)) ?? [];
    }

    private static Task<int> NumericsAsync(IPage page, string state) => page.Locator($"[data-signal][data-state={state}]").CountAsync();

    private static Task<string?> StateAsync(IPage page, string signal) => page.Locator($"[data-signal='{signal}']").First.GetAttributeAsync("data-state");

    private static Task<string> TextAsync(IPage page, string signal) => page.Locator($"[data-signal='{signal}']").First.InnerTextAsync();

    [GeneratedRegex(@"monitor: process (\d+); to bring it back after a kill: \./bedside sim (.+)")]
    private static partial Regex MonitorLine { get; }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
