using System.Globalization;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Host.Measuring.Peers;

/// <summary>
/// Single node. Columns are asked for in one question that gives all three; <c>nocache=1</c> keeps it from moving columns to
/// where it has answers of before.
/// </summary>
internal sealed class VictoriaMetrics : IPeer
{
    /// <summary>Later samples it drops without a word.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(2);

    public string Name => "VictoriaMetrics";

    public string Program => "victoria-metrics";

    public string Package => "victoria-metrics";

    public string VersionArgument => "-version";

    public string Health => "/health";

    public string Write => "/write?precision=ns";

    public string? Flush => "/internal/force_flush";

    public string? Refusal(string version, UtcInstant last, DateTimeOffset now) =>
        last.ToDateTime() > now + Ahead ? $"it drops samples of more than two days ahead, and the bed's end at {last}; set the clock of the machine to a later day" : null;

    public IReadOnlyList<string> Arguments(string folder) =>
    [
        $"-storageDataPath={Path.Combine(folder, "data")}", "-httpListenAddr=127.0.0.1:0", "-retentionPeriod=100y", "-search.latencyOffset=0s", "-loggerLevel=WARN",
    ];

    public Task PrepareAsync(PeerServer server, CancellationToken cancel) => Task.CompletedTask;

    string IPeer.Path(PeerQuestion question, UtcInstant from, UtcInstant to)
    {
        string series = $"{{__name__=\"{question.Measurement}_{question.Field}\"}}";
        if (!question.IsColumns)
        {
            return $"/api/v1/export?match[]={Uri.EscapeDataString(series)}&start={Seconds(from)}&end={Seconds(to.Add(-PeerQuestion.Millisecond))}";
        }

        // A window reaches from its time back and does not hold its beginning: one that ends 1 ms early holds [from, from + column).
        long column = PeerQuestion.ColumnOf(from, to);
        string query = string.Create(CultureInfo.InvariantCulture, $"aggr_over_time((\"min_over_time\",\"max_over_time\",\"avg_over_time\"),{series}[{column / PeerQuestion.Millisecond}ms])");
        string step = (column / 1e9).ToString("0.000", CultureInfo.InvariantCulture);
        return $"/api/v1/query_range?nocache=1&query={Uri.EscapeDataString(query)}&start={Seconds(from.Add(column - PeerQuestion.Millisecond))}&end={Seconds(to.Add(-PeerQuestion.Millisecond))}&step={step}";
    }

    public List<PeerPoint> Read(PeerQuestion question, ReadOnlyMemory<byte> answer, UtcInstant from, UtcInstant to) =>
        question.IsColumns ? ReadColumns(answer, PeerQuestion.ColumnOf(from, to)) : ReadSamples(answer.Span);

    /// <summary>An object for each of its own blocks, one after the other.</summary>
    private static List<PeerPoint> ReadSamples(ReadOnlySpan<byte> answer)
    {
        var points = new List<PeerPoint>();
        var json = new Utf8JsonReader(answer, new JsonReaderOptions { AllowMultipleValues = true });
        while (json.Read())
        {
            using var block = JsonDocument.ParseValue(ref json);
            points.AddRange(block.RootElement.GetProperty("timestamps").EnumerateArray().Zip(
                block.RootElement.GetProperty("values").EnumerateArray(),
                (time, value) => PeerPoint.Of(new UtcInstant(time.GetInt64() * PeerQuestion.Millisecond), value.GetDouble())));
        }

        points.Sort((left, right) => left.Time.CompareTo(right.Time));
        return points;
    }

    private static List<PeerPoint> ReadColumns(ReadOnlyMemory<byte> answer, long column)
    {
        using var json = JsonDocument.Parse(answer);
        Dictionary<string, List<(UtcInstant Time, double Value)>> all = json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            one => one.GetProperty("metric").GetProperty("rollup").GetString()!,
            one => one.GetProperty("values").EnumerateArray().Select(point => (TimeOf(point[0], column), double.Parse(point[1].GetString()!, CultureInfo.InvariantCulture))).ToList(),
            StringComparer.Ordinal);
        if (all.Count == 0)
        {
            return [];
        }

        (List<(UtcInstant Time, double Value)> min, List<(UtcInstant Time, double Value)> max, List<(UtcInstant Time, double Value)> mean) = (all["min_over_time"], all["max_over_time"], all["avg_over_time"]);
        return min.Count == max.Count && min.Count == mean.Count
            ? [.. min.Select((point, i) => new PeerPoint(point.Time, point.Value, max[i].Value, mean[i].Value))]
            : throw new InvalidDataException("its least, greatest and mean are not of the same columns");
    }

    /// <summary>From the end of a window to the beginning of the column.</summary>
    private static UtcInstant TimeOf(JsonElement seconds, long column) => new(((long)Math.Round(seconds.GetDouble() * 1e3) * PeerQuestion.Millisecond) + PeerQuestion.Millisecond - column);

    private static string Seconds(UtcInstant time) => (time.UnixNanoseconds / 1e9m).ToString("0.000", CultureInfo.InvariantCulture);
}
