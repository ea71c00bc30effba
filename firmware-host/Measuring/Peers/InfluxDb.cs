using System.Globalization;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Host.Measuring.Peers;

/// <summary>InfluxDB 1.x with TSM and TSI. It writes its cache out and compacts it seconds after the last write instead of minutes and hours, or nobody would wait for its size.</summary>
internal sealed class InfluxDb : IPeer
{
    private const string Database = "bed";

    public string Name => "InfluxDB";

    public string Program => "influxd";

    public string Package => "influxdb";

    public string VersionArgument => "version";

    public string Health => "/ping";

    public string Write => $"/write?db={Database}&precision=ns";

    public string? Flush => null;

    public string? Refusal(string version, UtcInstant last, DateTimeOffset now) =>
        version.StartsWith("1.", StringComparison.Ordinal) ? null : $"this is version {version}, and only 1.x is spoken to; take the Debian package";

    public IReadOnlyList<string> Arguments(string folder)
    {
        string configuration = Path.Combine(folder, "influxdb.conf");
        File.WriteAllText(configuration, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:0"
            [meta]
              dir = "{folder}/meta"
              logging-enabled = false
            [data]
              dir = "{folder}/data"
              wal-dir = "{folder}/wal"
              index-version = "tsi1"
              query-log-enabled = false
              cache-snapshot-write-cold-duration = "2s"
              compact-full-write-cold-duration = "2s"
            [monitor]
              store-enabled = false
            [http]
              bind-address = "127.0.0.1:0"
              log-enabled = false
            [logging]
              level = "warn"

            """);
        return ["run", "-config", configuration];
    }

    public Task PrepareAsync(PeerServer server, CancellationToken cancel) => server.PostAsync($"/query?q={Uri.EscapeDataString($"CREATE DATABASE {Database}")}", default, cancel);

    string IPeer.Path(PeerQuestion question, UtcInstant from, UtcInstant to)
    {
        (string what, string columns) = (Quoted(question.Field), string.Empty);
        if (question.IsColumns)
        {
            long column = PeerQuestion.ColumnOf(from, to);
            what = $"min({what}),max({what}),mean({what})";
            columns = string.Create(CultureInfo.InvariantCulture, $" GROUP BY time({column}ns,{from.UnixNanoseconds % column}ns) fill(none)");
        }

        string query = string.Create(CultureInfo.InvariantCulture, $"SELECT {what} FROM {Quoted(question.Measurement)} WHERE time >= {from.UnixNanoseconds} AND time < {to.UnixNanoseconds}{columns}");
        return $"/query?db={Database}&epoch=ns&q={Uri.EscapeDataString(query)}";
    }

    public List<PeerPoint> Read(PeerQuestion question, ReadOnlyMemory<byte> answer, UtcInstant from, UtcInstant to)
    {
        using var json = JsonDocument.Parse(answer);
        JsonElement result = json.RootElement.GetProperty("results")[0];
        if (result.TryGetProperty("error", out JsonElement error))
        {
            throw new InvalidDataException(error.GetString());
        }

        return result.TryGetProperty("series", out JsonElement series)
            ? [.. series[0].GetProperty("values").EnumerateArray().Select(row => PointOf(row, question.IsColumns))]
            : [];
    }

    private static PeerPoint PointOf(JsonElement row, bool isColumn)
    {
        var time = new UtcInstant(row[0].GetInt64());
        return isColumn ? new PeerPoint(time, row[1].GetDouble(), row[2].GetDouble(), row[3].GetDouble()) : PeerPoint.Of(time, row[1].GetDouble());
    }

    /// <summary>Names with quotes or backslashes never came into a line.</summary>
    private static string Quoted(string name) => $"\"{name}\"";
}
