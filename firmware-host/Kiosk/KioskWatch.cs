using System.Globalization;
using Bedside.Host.Commands;

namespace Bedside.Host.Kiosk;

/// <summary>
/// Keeps one screen alive: starts the browser, asks the box twice a second what it hears of the page, and starts anew what is silent, stands still or has ended.
/// While the box was never reached a page of the program's own says that there is no link.
/// </summary>
internal sealed class KioskWatch(KioskSettings settings, Uri noLink, TimeProvider time, TextWriter words) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly BoxScreens _box = new(settings.Box);
    private readonly RestartPacer _pacer = new();
    private readonly Backlight? _backlight = settings is { Backlight: { } program, Night: { } night } ? new Backlight(program, night, time) : null;
    private readonly long _origin = time.GetTimestamp();
    private KioskBrowser? _browser;
    private Task _forgetting = Task.CompletedTask;
    private TimeZoneInfo? _zone;
    private int _starts;
    private int _restarts;
    private string _reason = "none";

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Until it is cancelled. Throws <see cref="CommandFailedException"/> when the browser cannot be started at all.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await words.WriteLineAsync($"watching {settings.Box}");
        await WaitForBoxAsync(cancel);
        while (true)
        {
            string reason = await WatchOneAsync(cancel);
            await EndAsync();
            _restarts++;
            _reason = reason;
            TimeSpan wait = _pacer.Next(Now);
            await words.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"restart {_restarts} {reason} after {wait.TotalSeconds:0} s"));
            await Task.Delay(wait, time, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _forgetting;
        _box.Dispose();
    }

    private async Task EndAsync()
    {
        if (_browser is { } browser)
        {
            _browser = null;
            await browser.EndAsync();

            // The next browser does not wait for that.
            _forgetting = Task.WhenAll(_forgetting, browser.ForgetAsync());
        }
    }

    /// <summary>A box that starts with the screen gets a moment; after that the screen says that there is no link.</summary>
    private async Task WaitForBoxAsync(CancellationToken cancel)
    {
        const int moments = 10;
        for (int i = 0; await _box.LookAsync(string.Empty, cancel) is null; i++)
        {
            if (i >= moments && _browser is not { HasEnded: false })
            {
                await EndAsync();
                await Task.Delay(_pacer.Next(Now), time, cancel);
                Start(noLink);
                await words.WriteLineAsync("no-link");
            }

            await Task.Delay(Every, time, cancel);
        }

        await EndAsync();
    }

    /// <summary>One start of the browser, until there is a reason for another.</summary>
    private async Task<string> WatchOneAsync(CancellationToken cancel)
    {
        string screen = string.Create(CultureInfo.InvariantCulture, $"kiosk-{Environment.ProcessId}-{++_starts}");
        Start(PageOf(screen));
        var judge = new ScreenJudge(Now);
        bool away = false;
        while (true)
        {
            await Task.Delay(Every, time, cancel);
            if (_browser is not { HasEnded: false })
            {
                return "ended";
            }

            ScreenSight? sight = await _box.LookAsync(screen, cancel);
            if (away != sight is null)
            {
                away = !away;
                await words.WriteLineAsync(away ? "box away" : "box back");
            }

            ScreenVerdict verdict = judge.Judge(sight, Now);
            if (verdict != ScreenVerdict.Well)
            {
                return verdict == ScreenVerdict.Silent ? "silent" : "frozen";
            }

            await FollowNightAsync(cancel);
        }
    }

    private async Task FollowNightAsync(CancellationToken cancel)
    {
        if (_backlight is null)
        {
            return;
        }

        _zone ??= await _box.ZoneAsync(cancel) is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? found) ? found : null;
        if (_zone is not null && await _backlight.FollowAsync(_zone, cancel) is { } failure)
        {
            await words.WriteLineAsync($"backlight {failure}");
        }
    }

    private void Start(Uri page)
    {
        _browser = KioskBrowser.Start(settings, page, time);
        words.WriteLine(string.Create(CultureInfo.InvariantCulture, $"browser {_browser.ProcessId} {_browser.Folder}"));
    }

    private Uri PageOf(string screen)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"?kiosk={screen}&restarts={_restarts}&reason={_reason}");
        query += settings.ReloadAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"&reload={at:HH:mm}") : string.Empty;
        query += settings.Night is { } night ? $"&night={night}" : string.Empty;
        return new Uri(settings.Box, "/" + query);
    }
}
