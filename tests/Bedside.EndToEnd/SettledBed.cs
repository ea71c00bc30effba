using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>One bed for all facts on settings: a monitor on a port that the site names and does not pin, a box whose trials are short, and a browser.</summary>
public sealed class SettledBed : IAsyncLifetime, IDisposable
{
    /// <summary>Long enough for a monitor to be found again on a busy machine.</summary>
    public const int TrialSeconds = 25;

    private readonly Folder _folder = new();
    private Running? _monitor;
    private Box? _box;
    private Browser? _browser;

    internal Box Box => _box!;

    internal Browser Browser => _browser!;

    internal string Monitor => _folder["monitor"];

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder["bed.json"], $$"""{"settingsTrialSeconds": {{TrialSeconds}}, "dayStart": "07:00"}""");
        _monitor = await Installed.MonitorAsync(Monitor, "47");
        _box = await Box.StartAsync(_folder["data"], "--config", _folder["bed.json"], "--serial", Monitor);
        _browser = await Browser.StartAsync();
        await Box.LiveAsync(waves: 4, numerics: 8, seconds: 60);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_box is not null)
        {
            await _box.DisposeAsync();
        }

        if (_monitor is not null)
        {
            await _monitor.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    internal async Task<IPage> OpenAsync(string hash)
    {
        IPage page = await Browser.OpenAsync($"{Box.Address}{hash}");
        await page.EvaluateAsync("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }");
        return page;
    }
}
