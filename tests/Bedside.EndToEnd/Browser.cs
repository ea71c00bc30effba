using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>Headless Chromium of the system, with a fresh profile; keeps what the console complained about.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>A machine that runs several tests at once on two slow cores takes its time for a touch; what has a limit of its own measures it.</summary>
    private const int PatienceMs = 90_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Errors of the pages' scripts.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Opens nothing yet; <paramref name="more"/> are further arguments of Chromium.</summary>
    public static async Task<Browser> StartAsync(params string[] more)
    {
        string path = Places.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("chromium is missing: apt-get install chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", .. more],
        });
        return new Browser(playwright, browser);
    }

    /// <summary>Process ids of what renders the pages.</summary>
    public async Task<int[]> RenderersAsync()
    {
        ICDPSession session = await _browser.NewBrowserCDPSessionAsync();
        System.Text.Json.JsonElement? answer = await session.SendAsync("SystemInfo.getProcessInfo");
        await session.DetachAsync();
        return answer is null ? [] : [.. answer.Value.GetProperty("processInfo").EnumerateArray().Where(one => one.GetProperty("type").GetString() == "renderer").Select(one => one.GetProperty("id").GetInt32())];
    }

    /// <summary>Opens an address; <paramref name="before"/> is a script that runs before those of the page.</summary>
    public async Task<IPage> OpenAsync(string address, string? before = null)
    {
        IPage page = await _browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 800 } });
        page.SetDefaultTimeout(PatienceMs);
        page.SetDefaultNavigationTimeout(PatienceMs);
        page.PageError += (_, error) => _complaints.Add(error);
        if (before is not null)
        {
            await page.AddInitScriptAsync(before);
        }

        await page.GotoAsync(address);
        return page;
    }

    /// <summary>Closes every page: one that is left open goes on drawing, and takes from the next test what that needs.</summary>
    public async Task ClosePagesAsync()
    {
        foreach (IBrowserContext context in _browser.Contexts.ToArray())
        {
            await context.CloseAsync();
        }
    }

    /// <summary>A picture for people to look at, in artifacts/screens.</summary>
    public async Task ShootAsync(IPage page, string name)
    {
        string folder = Path.Combine(Installed.Root, "artifacts", "screens");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
