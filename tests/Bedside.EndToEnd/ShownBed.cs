namespace Bedside.EndToEnd;

/// <summary>A simulated monitor, the real box that reads it, and a browser. They are let go of in the order in which they lean on each other.</summary>
internal sealed class ShownBed : IAsyncDisposable
{
    private readonly Folder _folder;
    private readonly Running _monitor;

    private ShownBed(Folder folder, Running monitor, Box box, Browser browser) => (_folder, _monitor, Box, Browser) = (folder, monitor, box, browser);

    public Box Box { get; }

    public Browser Browser { get; }

    /// <summary>Returns once the box has live waves and numerics of the monitor.</summary>
    public static async Task<ShownBed> StartAsync(string seed)
    {
        var folder = new Folder();
        Running monitor = await Installed.MonitorAsync(folder["monitor"], seed);
        Box box = await Box.StartAsync(folder["data"], "--serial", $"{folder["monitor"]}=philips-intellivue");
        var bed = new ShownBed(folder, monitor, box, await Browser.StartAsync());
        await box.LiveAsync(waves: 4, numerics: 8);
        return bed;
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Box.DisposeAsync();
        await _monitor.DisposeAsync();
        _folder.Dispose();
    }
}
