using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd.Staleness;

/// <summary>A simulated monitor and ventilator, a box, the line to it, and one page for every screen; all of them can be cut off and brought back.</summary>
internal sealed class CutBed : IAsyncDisposable
{
    public const string MonitorDevice = "philips-intellivue";
    public const string VentilatorDevice = "draeger-medibus";
    private const int HealthySeconds = 90;

    private static readonly (string Name, string Hash)[] Screens =
    [
        ("live", "#/live"), ("trends", "#/trends?h=1&s=hr,spo2,abp-mean,resp-rate,temp-core,imco2,peep,pip"), ("waves", "#/waves?signal=hr"), ("events", "#/events"),
        ("patient", "#/patient"), ("health", "#/health"), ("setup", "#/setup"), ("help", "#/help"),
    ];

    private readonly Folder _folder = new();
    private readonly string _seed;
    private readonly Dictionary<string, int> _healthy = new(StringComparer.Ordinal);
    private Line? _line;
    private Running? _box;
    private Uri? _address;

    private CutBed(string seed) => _seed = seed;

    public Dictionary<string, IPage> Pages { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Running> Devices { get; } = new(StringComparer.Ordinal);

    public Line Line => _line ?? throw new InvalidOperationException("the bed has not started");

    public Running Box => _box ?? throw new InvalidOperationException("the bed has not started");

    public static async Task<CutBed> StartAsync(Browser browser, string seed, params string[] screens)
    {
        var bed = new CutBed(seed);
        try
        {
            await bed.OpenAsync(browser, screens);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Path of the port of a device.</summary>
    public string PortOf(string device) => _folder[device];

    public async Task StartDeviceAsync(string device)
    {
        string kind = device == MonitorDevice ? MonitorDevice : "draeger-v500";
        string[] more = device == MonitorDevice ? ["--accept-delay", "0.05"] : [];
        Running simulator = Installed.Simulator([kind, "--pty", "--link", PortOf(device), "--seed", _seed, .. more]);
        Devices[device] = simulator;
        await simulator.LineAsync("ready ");
    }

    public async Task StartBoxAsync()
    {
        Uri address = _address ?? throw new InvalidOperationException("the bed has not started");
        _box = Installed.Bedside(["run", "--data", _folder["data"], "--port", address.Port.ToString(CultureInfo.InvariantCulture), .. Ports()]);
        await _box.LineAsync("ready ");
    }

    /// <summary>The box that runs now; another one is started each time.</summary>
    public Task KillBoxAsync() => Box.KillAsync();

    /// <summary>Waits until every page shows its own screen, and as much live as it ever did.</summary>
    public async Task HealthyAsync()
    {
        foreach ((string screen, IPage page) in Pages)
        {
            // A screen that nobody touches goes back to the live one after ten minutes: somebody touches each before every cut, so that none goes in the middle of one.
            await page.EvaluateAsync("hash => { window.dispatchEvent(new Event('wheel')); if (location.hash !== hash) location.hash = hash; }", Screens.Single(one => one.Name == screen).Hash);
            int most = _healthy.GetValueOrDefault(screen);
            int live = 0;
            string[] missing = [];
            string link = string.Empty;
            await Until.TrueAsync(
                async () =>
                {
                    (string Key, string State)[] states = await StatesAsync(page);
                    live = states.Count(one => one.State == "live");
                    link = await page.EvaluateAsync<string>("() => document.querySelector('.link')?.outerHTML ?? 'no link'");
                    missing = [.. states.Where(one => one.State != "live").Select(one => $"{one.Key} {one.State}")];
                    return live >= 3 && missing.Length == 0 && live >= most;
                },
                HealthySeconds,
                () => $"{screen} shows {live} of {most} live; not: {string.Join(", ", missing)}; {link}; the box said: {Tail(Box.Errors)}; the devices: {string.Join("; ", Devices.Values.Select(device => Tail(device.Errors)))}");
            _healthy[screen] = Math.Max(most, live);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_line is not null)
        {
            await _line.DisposeAsync();
        }

        if (_box is not null)
        {
            await _box.DisposeAsync();
        }

        foreach (Running device in Devices.Values)
        {
            await device.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string Tail(string said) => said.Length <= 1500 ? said : said[^1500..];

    private async Task OpenAsync(Browser browser, string[] screens)
    {
        await StartDeviceAsync(MonitorDevice);
        await StartDeviceAsync(VentilatorDevice);
        await using (Box first = await EndToEnd.Box.StartAsync(_folder["data"], Ports()))
        {
            // Once the devices are known, the port stays the same in every later run.
            _address = first.Address;
            await first.LiveAsync(waves: 12, numerics: 40, seconds: 60);
        }

        await StartBoxAsync();
        _line = new Line(_address);
        string watch = await File.ReadAllTextAsync(Path.Combine(Installed.Root, "tests/Bedside.EndToEnd/Staleness/watch.js"));
        foreach ((string name, string hash) in Screens.Where(one => screens.Length == 0 || screens.Contains(one.Name, StringComparer.Ordinal)))
        {
            Pages[name] = await browser.OpenAsync(new Uri(_line.Address, hash).ToString(), watch);
        }

        await HealthyAsync();
    }

    private static async Task<(string Key, string State)[]> StatesAsync(IPage page)
    {
        using var states = JsonDocument.Parse(await page.EvaluateAsync<string>("watch.states()"));
        return [.. states.RootElement.EnumerateArray().Select(one => (one[0].GetString()!, one[1].GetString() ?? "lost"))];
    }

    private string[] Ports() => ["--serial", $"{PortOf(MonitorDevice)}={MonitorDevice}", "--serial", $"{PortOf(VentilatorDevice)}={VentilatorDevice}"];
}
