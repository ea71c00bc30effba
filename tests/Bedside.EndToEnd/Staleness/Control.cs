using Microsoft.Playwright;

namespace Bedside.EndToEnd.Staleness;

/// <summary>
/// A page of the same browser that has nothing of the product, works about as much as a page of it, and says for how long it was kept from that: what the machine itself
/// does to whoever runs on it. A cut that was not shown in time is repeated when this page stood still meanwhile, and only then.
/// </summary>
internal sealed class Control
{
    /// <summary>A page that is kept waiting for less has nothing to complain of.</summary>
    public const double StandsStillMs = 100;

    private const string Beat = """
        () => {
          window.worst = 0;
          let due = performance.now() + 50;
          const beat = () => {
            const now = performance.now();
            window.worst = Math.max(window.worst, now - due);
            while (performance.now() - now < 4);
            window.worst = Math.max(window.worst, performance.now() - now - 4);
            due = performance.now() + 50;
            setTimeout(beat, 50);
          };
          setTimeout(beat, 50);
        }
        """;

    private readonly IPage _page;

    private Control(IPage page) => _page = page;

    public static async Task<Control> StartAsync(Browser browser)
    {
        IPage page = await browser.OpenAsync("about:blank");
        await page.EvaluateAsync(Beat);
        return new Control(page);
    }

    /// <summary>The longest time for which it was kept waiting since it was asked last, milliseconds.</summary>
    public Task<double> WorstAsync() => _page.EvaluateAsync<double>("() => { const worst = window.worst; window.worst = 0; return worst; }");
}
