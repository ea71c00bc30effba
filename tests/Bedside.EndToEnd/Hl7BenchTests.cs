using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary><c>bedside bench hl7</c>.</summary>
[Collection(Alone.Name)]
public class Hl7BenchTests
{
    [Fact]
    public async Task The_bench_of_hl7_prints_what_was_accepted_in_every_way_of_sending()
    {
        await using Running bench = Installed.Bedside("bench", "hl7", "--seconds", "1", "--json");
        Assert.True(await bench.EndAsync() == 0, bench.Errors);
        using var figures = JsonDocument.Parse(string.Join('\n', bench.Output));
        Assert.Equal([(false, 64), (false, 1), (true, 64), (true, 1)], figures.RootElement.EnumerateArray().Select(one => (one.GetProperty("tls").GetBoolean(), one.GetProperty("window").GetInt32())));
        Assert.All(figures.RootElement.EnumerateArray(), one => Assert.True(one.GetProperty("messages").GetInt64() > 10 && one.GetProperty("refused").GetInt64() == 0 && one.GetProperty("messages_per_cpu_s").GetDouble() > 10, one.ToString()));
    }
}
