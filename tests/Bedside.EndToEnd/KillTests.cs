using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The box is killed without warning, again and again, while a monitor goes on talking.</summary>
[Collection(Alone.Name)]
public class KillTests
{
    private const int Seed = 20261121;

    /// <summary>Beds that are killed at the same time, each with its share of the kills.</summary>
    private const int Beds = 2;

    /// <summary>50 in the gate, for its time; BEDSIDE_KILLS says another number.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("BEDSIDE_KILLS") ?? "50", CultureInfo.InvariantCulture);

    /// <summary>The hours around this test.</summary>
    private static string Today
    {
        get
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return string.Create(CultureInfo.InvariantCulture, $"from={now.AddHours(-12):yyyy-MM-ddTHH:mm:ssZ}&to={now.AddHours(12):yyyy-MM-ddTHH:mm:ssZ}");
        }
    }

    [Fact]
    public Task Killed_again_and_again_it_loses_at_most_a_fifth_of_a_second_and_stores_nothing_twice() =>
        Task.WhenAll(Enumerable.Range(0, Beds).Select(bed => KillOneBedAsync(Seed + bed, (Kills + bed) / Beds)));

    private static async Task KillOneBedAsync(int seed, int kills)
    {
        using var folder = new Folder();
        var random = new Random(seed);
        string line = folder["monitor"];
        await using Running monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", line, "--seed", "5", "--accept-delay", "0.05");
        await monitor.LineAsync("ready ");
        var mustBeThere = new List<Span>();
        for (int kill = 0; kill < kills; kill++)
        {
            mustBeThere.AddRange(await RunAndKillAsync(folder["data"], line, random));
        }

        await using Running verify = Installed.Bedside("verify", "--data", folder["data"]);
        Assert.Equal(0, await verify.EndAsync());

        await using Box box = await Box.StartAsync(folder["data"], "--serial", $"{line}=philips-intellivue");
        ILookup<(uint Signal, uint Epoch), Span> stored = (await StoredAsync(box)).ToLookup(span => (span.Signal, span.Epoch));
        foreach (IGrouping<(uint Signal, uint Epoch), Span> spans in stored)
        {
            Span[] ordered = [.. spans.OrderBy(span => span.First)];
            for (int i = 1; i < ordered.Length; i++)
            {
                Assert.True(ordered[i].First >= ordered[i - 1].First + ordered[i - 1].Count, $"stored twice: {ordered[i - 1]} and {ordered[i]}");
            }
        }

        Assert.True(mustBeThere.Count > 20 * kills, $"only {mustBeThere.Count} blocks were seen");
        Assert.All(mustBeThere, span => Assert.True(Covered(stored[(span.Signal, span.Epoch)], span), $"lost: {span}"));
        await AssertGapsAsync(box, kills, mustBeThere.Select(span => span.Signal).Distinct().Count());
    }

    private static async Task<IReadOnlyList<Span>> RunAndKillAsync(string data, string line, Random random)
    {
        await using Box box = await Box.StartAsync(data, "--serial", $"{line}=philips-intellivue");
        await using LiveSocket live = await LiveSocket.OpenAsync(box.Address);
        int enough = random.Next(12, 60);
        await Until.TrueAsync(() => live.Spans.Count() >= enough, 40, () => $"{live.Spans.Count()} of {enough} blocks: {box.Process.Errors}");
        long wait = random.Next(0, 400);
        long start = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(() => TimeProvider.System.GetElapsedTime(start).TotalMilliseconds >= wait, 5, () => "time stands still");
        long killed = TimeProvider.System.GetTimestamp();
        await box.Process.KillAsync();
        return [.. live.Spans.Where(span => TimeProvider.System.GetElapsedTime(span.Received, killed) >= TimeSpan.FromMilliseconds(200))];
    }

    private static bool Covered(IEnumerable<Span> stored, Span wanted)
    {
        long next = wanted.First;
        foreach (Span span in stored.OrderBy(span => span.First))
        {
            if (span.First <= next && next < span.First + span.Count)
            {
                next = span.First + span.Count;
            }
        }

        return next >= wanted.First + wanted.Count;
    }

    private static async Task<IReadOnlyList<Span>> StoredAsync(Box box)
    {
        using var http = new HttpClient { BaseAddress = box.Address };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.bedside.block");
        var all = new List<Span>();
        foreach ((string id, string kind, _, _) in await box.SignalsAsync())
        {
            if (kind == "waveform")
            {
                string path = $"/api/v1/signals/{Uri.EscapeDataString(id)}/samples?{Today}";
                byte[] blocks = await http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
                all.AddRange(LiveSocket.SpansOf(blocks, 0));
            }
        }

        return all;
    }

    /// <summary>Each restart is a gap of each wave, with its cause.</summary>
    private static async Task AssertGapsAsync(Box box, int kills, int waves)
    {
        JsonElement gaps = await box.GetAsync($"/api/v1/gaps?{Today}");
        int restarts = gaps.EnumerateArray().Count(gap => gap.GetProperty("cause").GetString() == "restart");
        Assert.True(restarts >= (kills - 1) * waves, $"{restarts} restart gaps for {kills} kills and {waves} waves");
        Assert.DoesNotContain(gaps.EnumerateArray(), gap => gap.GetProperty("cause").GetString() == "unexplained");
    }
}
