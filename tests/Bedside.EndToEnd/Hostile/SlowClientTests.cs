using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace Bedside.EndToEnd.Hostile;

/// <summary>Hundreds of clients that are slow on purpose, beside a monitor that goes on sending.</summary>
[Collection(Alone.Name)]
public class SlowClientTests(ITestOutputHelper output)
{
    private const int Clients = 500;
    private const double MostDelaySeconds = 1;
    private const double MostGrowthMiB = 128;

    /// <summary>Longer than every patience of the box with a slow client but that of the longest answer.</summary>
    private static readonly TimeSpan Attack = TimeSpan.FromSeconds(13);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Five_hundred_slow_clients_do_not_delay_capture_by_a_second_and_are_hung_up_on()
    {
        using var folder = new Folder();
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "7");
        await using Box box = await Box.StartAsync(folder["data"], "--serial", $"{folder["monitor"]}=philips-intellivue");
        await box.LiveAsync(waves: 4, numerics: 8);
        double calm = await WorstLagAsync(box, Calm);

        double before = HttpFuzzTests.ResidentMiB(box.Process.Pid);
        double attacked;
        int connected;
        int hungUp;
        double memory;
        await using (var slow = new SlowClients(box.Address, Clients))
        {
            await Until.TrueAsync(() => slow.Connected >= Clients / 2, 20, () => $"{slow.Connected} of {Clients} clients are connected");
            attacked = await WorstLagAsync(box, Attack);
            (connected, hungUp) = (slow.Connected, slow.HungUp);
            memory = HttpFuzzTests.ResidentMiB(box.Process.Pid);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"slow clients: {Clients}, {connected} connections made, {hungUp} ended by the box; stored at worst {calm:0.00} s behind the clock before, {attacked:0.00} s meanwhile; memory {before:0} MiB before, {memory:0} MiB meanwhile"));
        Assert.True(attacked - calm < MostDelaySeconds, $"capture is {attacked - calm:0.00} s later: {attacked:0.00} s behind instead of {calm:0.00} s");
        Assert.True(memory - before < MostGrowthMiB, $"{memory - before:0} MiB more than before");
        Assert.True(hungUp > 0, "nobody was hung up on");

        // Whoever comes afterwards is answered.
        using var after = new HttpClient { BaseAddress = box.Address };
        await Until.TrueAsync(async () => await AnswersAsync(after), 15, () => "the box answers nobody any more");
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync("/api/v1/session");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>How far what is on the disk was behind the clock of this machine, at worst, seconds. It asks over a connection that it has already.</summary>
    private static async Task<double> WorstLagAsync(Box box, TimeSpan duration)
    {
        double worst = 0;
        long began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < duration)
        {
            DateTimeOffset asked = TimeProvider.System.GetUtcNow();
            JsonElement health = await box.GetAsync("/api/v1/health");
            DateTimeOffset stored = health.GetProperty("store").GetProperty("durableUpTo").GetDateTimeOffset();
            worst = Math.Max(worst, (asked - stored).TotalSeconds);
            await Task.Delay(Between, TimeProvider.System);
        }

        return worst;
    }
}
