using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>A box on a month of made-up data, four numerics and four waves with spikes of one sample, and a browser; made once for all facts of a class.</summary>
public sealed class SpikeMonthBed : IAsyncLifetime, IDisposable
{
    /// <summary>Of each of the eight signals.</summary>
    private const int SpikesOfSignal = 125;

    private readonly Folder _folder = new();
    private Box? _box;
    private Browser? _browser;

    /// <summary>True: everything is looked at; else what fits into a minute.</summary>
    public static bool IsWhole => Environment.GetEnvironmentVariable("BEDSIDE_SPIKES") == "all";

    public static int Seed => int.TryParse(Environment.GetEnvironmentVariable("BEDSIDE_SPIKE_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 1;

    /// <summary>What was stored, in the JSON of the program that stored it.</summary>
    public string Month { get; private set; } = string.Empty;

    public double From { get; private set; }

    public double To { get; private set; }

    /// <summary>There once <see cref="InitializeAsync"/> ran, which is before any fact.</summary>
    internal Box Box => _box!;

    /// <summary>There once <see cref="InitializeAsync"/> ran.</summary>
    internal Browser Browser => _browser!;

    public async Task InitializeAsync()
    {
        await using var maker = Running.Start(
            "dotnet",
            [Installed.Bench, "spikes", _folder["data"], Seed.ToString(CultureInfo.InvariantCulture), SpikesOfSignal.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(await maker.EndAsync() == 0, maker.Errors);
        Month = maker.Output.Single();
        JsonElement month = JsonSerializer.Deserialize<JsonElement>(Month);
        (From, To) = (month.GetProperty("from").GetDouble(), month.GetProperty("to").GetDouble());
        _box = await Box.StartAsync(_folder["data"]);
        _browser = await Browser.StartAsync();
    }

    public void Dispose() => _folder.Dispose();

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
    }
}
