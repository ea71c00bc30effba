using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The raw bytes of a port, kept by a box that is killed and stopped, and decoded again on the command line.</summary>
public class EvidenceTests
{
    private const int HeadBytes = 8192;
    private const int EnoughBlocks = 200;
    private const int EnoughSamples = 1_000;

    [Fact]
    public async Task What_a_port_heard_is_kept_through_a_kill_and_decoded_again_beside_the_original()
    {
        using var folder = new Folder();
        string line = folder["monitor"];
        string data = folder["data"];
        await using Running monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", line, "--seed", "5", "--accept-delay", "0.05");
        await monitor.LineAsync("ready ");
        await using (Box box = await Box.StartAsync(data, "--serial", $"{line}=philips-intellivue"))
        {
            await box.LiveAsync(2, 2);
            await Until.TrueAsync(() => BytesOfRing(data) > HeadBytes, 40, () => $"no evidence was written: {box.Process.Errors}");
            await using Running refused = Installed.Bedside("import", "capture", "--evidence", "monitor", "--data", data);
            Assert.Equal(1, await refused.EndAsync());
            Assert.Contains("stop it first", refused.Errors, StringComparison.Ordinal);
            await box.Process.KillAsync();
        }

        await using (Running verify = Installed.Bedside("verify", "--data", data))
        {
            Assert.Equal(0, await verify.EndAsync());
        }

        await using (Box box = await Box.StartAsync(data, "--serial", $"{line}=philips-intellivue"))
        {
            await using (LiveSocket live = await LiveSocket.OpenAsync(box.Address))
            {
                await Until.TrueAsync(() => live.Spans.Count() >= EnoughBlocks, 60, () => $"{live.Spans.Count()} blocks: {box.Process.Errors}");
            }

            await box.Process.TerminateAsync();
        }

        (string from, int holes) = await SecondIntervalAsync(data);
        Assert.Equal(1, holes);
        await using Running import = Installed.Bedside("import", "capture", "--evidence", "monitor", "--from", from, "--data", data);
        Assert.True(await import.EndAsync() == 0, import.Errors);
        string[] original = await ValuesAsync(data, "ecg-ii", from);
        string[] again = await ValuesAsync(data, "ecg-ii@philips-intellivue~evidence", from);
        Assert.True(again.Length > EnoughSamples, $"only {again.Length} samples: {string.Join(' ', import.Output)}");

        // Who only listens also understands what the monitor still sent of the association before, which the box did not take.
        int both = Math.Min(original.Length, again.Length);
        Assert.InRange(both, EnoughSamples, int.MaxValue);
        Assert.Equal(original.TakeLast(both), again.TakeLast(both));
        await using Running whole = Installed.Bedside("verify", "--data", data);
        Assert.Equal(0, await whole.EndAsync());
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_kept_and_a_wrong_one_is_refused()
    {
        using var folder = new Folder();
        await using (Box box = await Box.StartAsync(folder["data"], "--serial", folder["nothing"], "--evidence-budget", "0"))
        {
            await box.Process.TerminateAsync();
        }

        Assert.Equal(0, BytesOfRing(folder["data"]));
        await using Running wrong = Installed.Bedside("run", "--data", folder["data"], "--evidence-budget", "much");
        Assert.Equal(1, await wrong.EndAsync());
        Assert.Contains("--evidence-budget", wrong.Errors, StringComparison.Ordinal);
    }

    private static long BytesOfRing(string data) => Directory.EnumerateFiles(data, "evidence-*.bde").Sum(path => new FileInfo(path).Length);

    /// <summary>When the second run of the box began to hear, and how many holes there are.</summary>
    private static async Task<(string From, int Holes)> SecondIntervalAsync(string data)
    {
        await using Running list = Installed.Bedside("evidence", "list", "--data", data, "--json");
        Assert.Equal(0, await list.EndAsync());
        using var survey = JsonDocument.Parse(string.Join('\n', list.Output));
        JsonElement port = Assert.Single(survey.RootElement.GetProperty("ports").EnumerateArray());
        Assert.Equal("philips-intellivue", port.GetProperty("driver").GetString());
        Assert.Equal(2, port.GetProperty("intervals").GetArrayLength());
        return (port.GetProperty("intervals")[1].GetProperty("from").GetString()!, port.GetProperty("holes").GetArrayLength());
    }

    private static async Task<string[]> ValuesAsync(string data, string signal, string from)
    {
        await using Running query = Installed.Bedside("query", "--data", data, "--signal", signal, "--from", from);
        Assert.True(await query.EndAsync() == 0, query.Errors);
        return [.. query.Output.Skip(2).Select(line => line.Split('\t')[1])];
    }
}
