using System.Text;
using System.Text.Json;
using Bedside.Host.Measuring;
using Bedside.Host.Measuring.Peers;
using Bedside.Model;

namespace Bedside.Tests.Measuring;

/// <summary>Real servers hold the bed of the bench and answer as our store does; whoever does not is found out, and nobody stays behind.</summary>
public sealed class PeerTests
{
    private const string VictoriaMetrics = "victoria-metrics";
    private const string InfluxDb = "influxd";

    [PeerFact(VictoriaMetrics)]
    public Task VictoriaMetrics_answers_what_our_store_answers() => AnswersAsOurs(VictoriaMetrics);

    [PeerFact(InfluxDb)]
    public Task InfluxDB_answers_what_our_store_answers() => AnswersAsOurs(InfluxDb);

    [PeerFact(VictoriaMetrics)]
    public async Task A_wrong_answer_is_an_error_and_not_a_time()
    {
        await using SmallBed bed = await SmallBed.FillAsync();
        var liar = new Altered(Of(VictoriaMetrics), points => points.Count > 0 ? points[..^1] : points);
        PeerComparison compared = await CompareAsync(bed, liar);
        PeerFigures figures = Assert.Single(compared.Measured);
        Assert.Equal(4, figures.Queries.Count);
        Assert.All(figures.Queries, query => Assert.True(query is { Taken: null, Ratio: null, Error: not null }));
        Assert.Contains("4999 points instead of 5000", figures.Trouble, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bed.Folder));
    }

    [PeerFact(VictoriaMetrics)]
    public async Task A_bench_that_is_stopped_leaves_no_server_and_no_file()
    {
        await using SmallBed bed = await SmallBed.FillAsync();
        using var stop = new CancellationTokenSource();
        string folder = bed.Folder;
        bool ran = false;
        var bench = new PeerBench(bed.Bed, [Of(VictoriaMetrics)], TimeProvider.System, _ =>
        {
            ran = Processes(folder).Count == 1;
            stop.Cancel();
        });
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.RunAsync(bed.Store, SmallBed.Turns, bed.Yardstick, folder, stop.Token));
        Assert.True(ran);
        Assert.Empty(Processes(folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_missing_peer_is_named_with_its_remedy_and_a_broken_one_with_what_it_said()
    {
        await using SmallBed bed = await SmallBed.FillAsync();
        IPeer[] peers = [new Altered(Of(InfluxDb), program: "no-such-server"), new Altered(Of(VictoriaMetrics), program: "false")];
        PeerComparison compared = await CompareAsync(bed, peers);
        PeerLeftOut missing = Assert.Single(compared.LeftOut);
        Assert.Equal("InfluxDB", missing.Name);
        Assert.EndsWith("apt-get install influxdb", missing.Remedy, StringComparison.Ordinal);
        PeerFigures broken = Assert.Single(compared.Measured);
        Assert.Contains("ended at once", broken.Error, StringComparison.Ordinal);
        Assert.Equal(broken.Error, broken.Trouble);
        Assert.Empty(broken.Queries);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bed.Folder));
        JsonElement json = JsonOf(compared);
        Assert.Equal("InfluxDB", json.GetProperty("peers_left_out")[0].GetProperty("name").GetString());
        Assert.Equal(broken.Error, json.GetProperty("peers")[0].GetProperty("error").GetString());
        Assert.False(json.GetProperty("peers")[0].TryGetProperty("ingest_ratio", out _));
    }

    [Fact]
    public void A_server_that_would_lose_the_bed_is_not_asked_to_hold_it()
    {
        UtcInstant end = StoreBenchBed.Start.Add(3_600_000_000_000);
        Assert.Contains("clock", Of(VictoriaMetrics).Refusal("1.79.5", end, end.ToDateTime().AddDays(-2.1)), StringComparison.Ordinal);
        Assert.Null(Of(VictoriaMetrics).Refusal("1.79.5", end, end.ToDateTime().AddDays(-1.9)));
        Assert.Contains("1.x", Of(InfluxDb).Refusal("2.7.1", end, end.ToDateTime()), StringComparison.Ordinal);
        Assert.Null(Of(InfluxDb).Refusal("1.6.7~rc0", end, end.ToDateTime()));
    }

    [Fact]
    public async Task As_many_points_are_expected_of_a_peer_as_our_store_gives()
    {
        await using SmallBed bed = await SmallBed.FillAsync();
        var random = new Random(7);
        IReadOnlyList<PeerQuestion> questions = PeerQuestion.Of(bed.Bed, new PeerLines(bed.Bed));
        Assert.Equal(4, questions.Count);
        foreach (PeerQuestion question in questions)
        {
            for (int run = 0; run < 50; run++)
            {
                long stored = random.Next(1, SmallBed.Turns + 1) * StoreBenchBed.SecondsOfBlock * 1_000_000_000L;
                (UtcInstant from, UtcInstant to) = question.Place(random, stored);
                Assert.True(from >= StoreBenchBed.Start && to <= StoreBenchBed.Start.Add(stored));
                Assert.Equal(PeerCheck.Ours(bed.Store, question, from, to).Count, question.Expected(from, to));
            }
        }
    }

    [Fact]
    public void Every_difference_between_two_answers_is_seen()
    {
        PeerPoint[] ours = [.. Enumerable.Range(0, 3).Select(i => new PeerPoint(new UtcInstant(i * 1_000_000_000L), 10 + i, 30 + i, 20.5 + i))];
        PeerPoint[] raw = [.. ours.Select(point => new PeerPoint(point.Time, -2 * point.Max, -2 * point.Min, -2 * point.Mean))];
        Assert.Null(PeerCheck.Difference(ours, ours, scale: null));
        Assert.Null(PeerCheck.Difference(raw, ours, new Scale(-0.5, 0)));
        PeerPoint last = ours[2];
        PeerPoint[] others =
        [
            last with { Min = last.Min - 1e-6 }, last with { Max = last.Max + 1e-6 }, last with { Mean = last.Mean + 1e-6 }, last with { Mean = double.NaN }, last with { Time = last.Time.Add(1_000_000) }, last with { Time = last.Time.Add(-1_000_000) },
        ];
        Assert.All(others, other => Assert.Contains("point 2", PeerCheck.Difference([ours[0], ours[1], other], ours, scale: null), StringComparison.Ordinal));
        Assert.Contains("2 points instead of 3", PeerCheck.Difference(ours[..2], ours, scale: null), StringComparison.Ordinal);
        Assert.Contains("0 points instead of 3", PeerCheck.Difference([], ours, scale: null), StringComparison.Ordinal);
    }

    private static async Task AnswersAsOurs(string program)
    {
        await using SmallBed bed = await SmallBed.FillAsync();
        PeerComparison compared = await CompareAsync(bed, Of(program));
        PeerFigures figures = Assert.Single(compared.Measured);
        Assert.Null(figures.Trouble);
        Assert.Empty(compared.LeftOut);
        Assert.Equal(bed.Bed.SamplesUntil(SmallBed.Turns), figures.Samples);
        Assert.Matches("^[0-9]+\\.[0-9]", figures.Version);
        Assert.True(figures is { MegasamplesPerCpuSecond: > 0, BytesPerSample: > 0.1, AfterMiB: > 1 });
        Assert.Equal(4, figures.Queries.Count);
        Assert.All(figures.Queries, query => Assert.Equal(query.Taken!.MedianMilliseconds, query.Ratio)); // ours took 1 ms
        Assert.Equal([false, false, true, true], figures.Queries.Select(query => query.EqualRatio == query.Ratio / 2));
        Assert.Empty(Processes(bed.Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(bed.Folder));
        JsonElement json = JsonOf(compared).GetProperty("peers")[0];
        string[] names = ["ingest_msamples_per_cpu_s", "bytes_per_sample", "rss_mb", "ingest_ratio", "size_ratio", "rss_ratio"];
        Assert.All(names, name => Assert.True(json.GetProperty(name).GetDouble() > 0));
        Assert.Equal(4, json.GetProperty("queries").GetArrayLength());
    }

    /// <summary>Without waiting for the last word on sizes.</summary>
    private static Task<PeerComparison> CompareAsync(SmallBed bed, params IPeer[] peers) =>
        new PeerBench(bed.Bed, peers, TimeProvider.System, static _ => { }) { Rest = TimeSpan.FromSeconds(0.5) }.RunAsync(bed.Store, SmallBed.Turns, bed.Yardstick, bed.Folder, CancellationToken.None);

    private static IPeer Of(string program) => PeerBench.Known.First(peer => peer.Program == program);

    private static JsonElement JsonOf(PeerComparison compared)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            compared.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }

    /// <summary>The processes that were started with something of a folder.</summary>
    private static List<string> Processes(string folder) => [.. Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _) && IsOf(path, folder))];

    private static bool IsOf(string process, string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // ended meanwhile
        }
    }

    /// <summary>A peer under another name, or with its answers changed on the way.</summary>
    private sealed class Altered(IPeer peer, Func<List<PeerPoint>, List<PeerPoint>>? change = null, string? program = null) : IPeer
    {
        public string Name => peer.Name;

        public string Program => program ?? peer.Program;

        public string Package => peer.Package;

        public string VersionArgument => peer.VersionArgument;

        public string Health => peer.Health;

        public string Write => peer.Write;

        public string? Flush => peer.Flush;

        public string? Refusal(string version, UtcInstant last, DateTimeOffset now) => null;

        public IReadOnlyList<string> Arguments(string folder) => peer.Arguments(folder);

        public Task PrepareAsync(PeerServer server, CancellationToken cancel) => peer.PrepareAsync(server, cancel);

        string IPeer.Path(PeerQuestion question, UtcInstant from, UtcInstant to) => peer.Path(question, from, to);

        public List<PeerPoint> Read(PeerQuestion question, ReadOnlyMemory<byte> answer, UtcInstant from, UtcInstant to)
        {
            List<PeerPoint> points = peer.Read(question, answer, from, to);
            return change?.Invoke(points) ?? points;
        }
    }
}
