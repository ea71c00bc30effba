using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The box is killed without warning while a gateway sends; the gateway sends again what was not acknowledged.</summary>
public class Hl7KillTests
{
    private const int Seed = 20261122;
    private const int Kills = 8;
    private const int SamplesOfWave = 125;

    [Fact]
    public async Task Killed_while_a_gateway_sends_it_has_everything_once()
    {
        using var folder = new Folder();
        var random = new Random(Seed);
        string port = "0";
        Running? gateway = null;
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                await using Box box = await Box.StartAsync(folder["data"], "--hl7", port);
                if (gateway is null)
                {
                    port = (await box.Process.LineAsync("hl7 ")).Split(':')[^1];
                    gateway = Installed.Simulator("hl7-gateway", "--tcp", $"127.0.0.1:{port}", "--seed", "3", "--every", "0.1", "--waves", "--window", "32", "--again", "1", "--count", "400");
                    await gateway.LineAsync("ready ");
                }

                long before = await StoredAsync(box, "hr");
                int more = random.Next(1, 40);
                await Until.TrueAsync(async () => await StoredAsync(box, "hr") >= before + more || gateway.Errors.Contains("accepted", StringComparison.Ordinal), 60, () => $"no {more} values more: {box.Process.Errors}");
                await box.Process.KillAsync();
            }

            await using Box last = await Box.StartAsync(folder["data"], "--hl7", port);
            await Until.TrueAsync(() => gateway!.Errors.Contains("accepted", StringComparison.Ordinal), 120, () => $"the gateway waits still: {gateway!.Errors}\n{last.Process.Errors}");
            string[] said = gateway!.Errors[gateway.Errors.IndexOf("accepted", StringComparison.Ordinal)..].Split(' ', '\n');
            (long values, long waves) = (Number(said[1]), Number(said[3]));
            Assert.Equal(400, values);
            Assert.Equal(values, await StoredAsync(last, "hr"));
            Assert.Equal(values, await StoredAsync(last, "spo2"));
            Assert.Equal(waves * SamplesOfWave, await StoredAsync(last, "ecg-ii"));
        }
        finally
        {
            await (gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Readings or samples that the box has of a signal.</summary>
    private static async Task<long> StoredAsync(Box box, string id)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string range = string.Create(CultureInfo.InvariantCulture, $"from={now.AddHours(-12):yyyy-MM-ddTHH:mm:ssZ}&to={now.AddHours(12):yyyy-MM-ddTHH:mm:ssZ}");
        if (!(await box.SignalsAsync()).Any(signal => signal.Id == id))
        {
            return 0;
        }

        JsonElement envelope = await box.GetAsync($"/api/v1/signals/{id}/envelope?{range}&points=1");
        return envelope.EnumerateArray().Sum(point => point.GetProperty("count").GetInt64());
    }
}
