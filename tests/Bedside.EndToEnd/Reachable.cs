using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>What every page of the screen must keep to, asked of the page itself.</summary>
internal static class Reachable
{
    private static readonly (int Width, int Height)[] Sizes = [(1280, 800), (800, 480), (1920, 1080)];

    /// <summary>Brings the page to each size, at each to English and then to French, day and night in turn.</summary>
    public static async IAsyncEnumerable<(string Language, int Width)> EverywhereAsync(IPage page)
    {
        foreach ((int width, int height) in Sizes)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (string language in new[] { "en", "fr" })
            {
                await page.Keyboard.PressAsync("l");
                await page.Keyboard.PressAsync("n");
                await Until.TrueAsync(async () => await page.GetAttributeAsync("html", "lang") == language, 5, () => $"the page does not speak {language}");
                yield return (language, width);
            }
        }
    }

    /// <summary>Nothing that axe finds, nothing to touch that is smaller than 48 px, nothing of the header cut off.</summary>
    public static async Task AssertAsync(IPage page, string what)
    {
        string axe = await File.ReadAllTextAsync(Path.Combine(Installed.Root, "viewer/web/node_modules/axe-core/axe.min.js"));
        await page.EvaluateAsync($"() => {{ {axe} }}");
        string violations = await page.EvaluateAsync<string>(Violations);
        Assert.True(violations.Length == 0, $"{what}: {violations}");
        string small = await page.EvaluateAsync<string>(Small);
        Assert.True(small.Length == 0, $"{what}: {small}");
        string cut = await page.EvaluateAsync<string>(Cut);
        Assert.True(cut.Length == 0, $"{what}: {cut}");
    }

    private const string Violations =
        """
        async () => {
          const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
          return violations.map(one => `${location.hash} ${one.id}: ${one.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ')}`).join('\n');
        }
        """;

    private const string Small =
        """
        () => [...document.querySelectorAll('main a, main button, main input, [role=slider], a.bed')]
          .map(one => [one, one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.height < 47.5 || box.width < 47.5))
          .map(([one, box]) => `${location.hash} ${one.textContent}: ${Math.round(box.width)}x${Math.round(box.height)}`).join('\n')
        """;

    private const string Cut =
        """
        () => {
          const header = document.querySelector('.header');
          const fits = header.scrollWidth <= header.clientWidth + 1 && document.querySelector('.clock').getBoundingClientRect().right <= innerWidth + 1
            && document.querySelector('.badge').getBoundingClientRect().height <= header.clientHeight && document.querySelector('.bed').scrollHeight <= header.clientHeight + 1;
          const wide = document.scrollingElement.scrollWidth > innerWidth + 1 ? 'the page is wider than the screen' : '';
          return fits ? wide : `the header is cut off at ${innerWidth}, ${document.documentElement.dataset.size}`;
        }
        """;
}
