using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>
/// Signals with gaps, made from seeds, go through the page's own painters on real canvases in the browser: trends, the hour over the waves, exact waves, the live
/// sweep and its frozen picture, the printed strip. <c>BEDSIDE_GAP_SEEDS=0-2000</c> takes other seeds.
/// </summary>
public class GapPixelTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_pixel_of_a_trace_is_in_a_gap()
    {
        int[] seeds = [.. (Environment.GetEnvironmentVariable("BEDSIDE_GAP_SEEDS") ?? "0-60").Split('-').Select(one => int.Parse(one, CultureInfo.InvariantCulture))];
        await using var drawn = Running.Start(
            "node",
            ["dev/gaps.mjs", (seeds[1] - seeds[0]).ToString(CultureInfo.InvariantCulture), seeds[0].ToString(CultureInfo.InvariantCulture)],
            Path.Combine(Installed.Root, "viewer/web"));
        int exit = await drawn.EndAsync(3600);
        JsonElement[] seen = [.. drawn.Output.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        foreach (JsonElement one in seen)
        {
            output.WriteLine(one.ToString());
        }

        Assert.True(exit == 0, $"{string.Join('\n', drawn.Output)}\n{drawn.Errors}");
        Assert.Equal(["trend", "exact", "sweep", "print"], seen.Select(one => one.GetProperty("what").GetString()));
        Assert.All(seen, one => Assert.True(one.GetProperty("inked").GetInt32() == 0 && one.GetProperty("columns").GetInt32() > 10_000, one.ToString()));
    }
}
