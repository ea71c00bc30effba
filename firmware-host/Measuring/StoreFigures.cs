using System.Text.Json;

namespace Bedside.Host.Measuring;

/// <summary>How long one kind of question took.</summary>
internal sealed record QueryFigures(string Name, double MedianMilliseconds, double P99Milliseconds, int Runs);

/// <summary>The store after so much time of the bed.</summary>
internal sealed record GrowthFigures
{
    public required double Hours { get; init; }

    public required long Samples { get; init; }

    public required long BytesOnDisk { get; init; }

    public required int Segments { get; init; }

    /// <summary>From the folder to a store that answers.</summary>
    public required double OpenMilliseconds { get; init; }

    /// <summary>Of this process, after the queries.</summary>
    public required double RssMiB { get; init; }

    public required IReadOnlyList<QueryFigures> Queries { get; init; }
}

/// <summary>What the store took and gave.</summary>
internal sealed record StoreFigures
{
    public required long Samples { get; init; }

    /// <summary>Processor time of coding, writing, syncing and sealing, and of making the samples.</summary>
    public required double IngestMegasamplesPerCpuSecond { get; init; }

    /// <summary>Handed to the block layer while ingesting (<c>/proc/self/io write_bytes</c>).</summary>
    public required long BytesWritten { get; init; }

    /// <summary>The same for a bed in its own time, a sync a second, as MB (10^6) a day.</summary>
    public required double LiveMegabytesPerDay { get; init; }

    public required IReadOnlyList<GrowthFigures> Growth { get; init; }

    public void WriteTo(Utf8JsonWriter json)
    {
        GrowthFigures last = Growth[^1];
        json.WriteStartObject();
        json.WriteNumber("samples", Samples);
        json.WriteNumber("ingest_msamples_per_cpu_s", Math.Round(IngestMegasamplesPerCpuSecond, 2));
        json.WriteNumber("bytes_on_disk", last.BytesOnDisk);
        json.WriteNumber("bytes_written", BytesWritten);
        json.WriteNumber("live_mb_per_day", Math.Round(LiveMegabytesPerDay));
        json.WriteNumber("open_ms", Math.Round(last.OpenMilliseconds, 2));
        json.WriteNumber("rss_mb", Math.Round(last.RssMiB, 1));
        WriteQueries(json, last);
        json.WriteStartArray("growth");
        foreach (GrowthFigures row in Growth)
        {
            json.WriteStartObject();
            json.WriteNumber("hours", Math.Round(row.Hours, 2));
            json.WriteNumber("samples", row.Samples);
            json.WriteNumber("bytes_on_disk", row.BytesOnDisk);
            json.WriteNumber("segments", row.Segments);
            json.WriteNumber("open_ms", Math.Round(row.OpenMilliseconds, 2));
            json.WriteNumber("rss_mb", Math.Round(row.RssMiB, 1));
            WriteQueries(json, row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteQueries(Utf8JsonWriter json, GrowthFigures row)
    {
        json.WriteStartArray("queries");
        foreach (QueryFigures query in row.Queries)
        {
            json.WriteStartObject();
            json.WriteString("name", query.Name);
            json.WriteNumber("p50_ms", Math.Round(query.MedianMilliseconds, 3));
            json.WriteNumber("p99_ms", Math.Round(query.P99Milliseconds, 3));
            json.WriteNumber("runs", query.Runs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
