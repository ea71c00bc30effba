using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>A simulated monitor and a box that can be killed and comes back on the same port.</summary>
public sealed class KioskBed : IAsyncLifetime, IDisposable
{
    private readonly Folder _folder = new();
    private Running? _monitor;
    private Running? _box;
    private HttpClient? _http;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public async Task InitializeAsync()
    {
        _monitor = await Installed.MonitorAsync(_folder["monitor"], "77");
        await BeginBoxAsync("0");
        await Until.TrueAsync(async () => (await AskAsync("/api/v1/screens"))?.GetProperty("wavesLive").GetBoolean() == true, 40, () => $"no live waves: {_box!.Errors}");
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        await (_box?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_monitor?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public void Dispose() => _folder.Dispose();

    public Task KillBoxAsync() => _box!.KillAsync();

    public async Task BeginBoxAsync(string? port = null)
    {
        await (_box?.DisposeAsync() ?? ValueTask.CompletedTask);
        _box = Installed.Bedside("run", "--data", _folder["data"], "--port", port ?? Address.Port.ToString(CultureInfo.InvariantCulture), "--serial", $"{_folder["monitor"]}=philips-intellivue");
        Address = new Uri(await _box.LineAsync("ready "));
        _http ??= new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Null = the box does not answer.</summary>
    public async Task<JsonElement?> AskAsync(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(await _http!.GetStringAsync(new Uri(path, UriKind.Relative)));
            return document.RootElement.Clone();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
