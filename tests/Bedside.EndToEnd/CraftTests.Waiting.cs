using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>Screens before their answers come, and when none comes: what a slow or stopped box leaves of them.</summary>
public sealed partial class CraftTests
{
    [Fact]
    public async Task Axe_finds_nothing_on_any_screen_that_waits_for_its_answers_or_was_refused_them()
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        int pages = 0;
        foreach (bool refused in new[] { false, true })
        {
            IPage page = await bed.LiveAsync();
            await page.SetViewportSizeAsync(800, 480);
            await page.EvaluateAsync(bed.Scripts);
            IReadOnlyList<string> screens = await CraftBed.ScreensAsync(page);
            await page.RouteAsync("**/api/**", route => refused ? route.AbortAsync() : Task.CompletedTask);
            foreach (string screen in screens)
            {
                await CraftBed.GoAsync(page, screen);
                JsonElement axe = await CraftWalk.AxeAsync(page);
                faults.UnionWith(axe.GetProperty("violations").EnumerateArray().Select(one => $"{(refused ? "refused" : "waiting")} {screen}: {one}"));
                pages++;
            }

            await page.CloseAsync();
        }

        output.WriteLine($"A1: {faults.Count} faults on {pages} pages without answers");
        Assert.True(pages >= 20, $"only {pages} pages were seen");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
    }
}
