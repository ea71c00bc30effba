using System.Text.Json;
using Bedside.Host.Measuring.Peers;

namespace Bedside.Host.Measuring;

/// <summary>How long one kind of question took.</summary>
internal sealed record QueryFigures(string Name, double MedianMilliseconds, double P99Milliseconds, int Runs, (double Median, double P99)? Target)
{
    /// <summary>Processor time of an answer in the process that gave it, on average; other load on the machine hardly changes it.</summary>
    public double CpuMilliseconds { get; init; }

    /// <summary>The very first of its kind, with nothing in memory and nothing compiled for it.</summary>
    public double FirstMilliseconds { get; init; }
}

/// <summary>The store after so much time of the bed.</summary>
internal sealed record GrowthFigures
{
    public required double Hours { get; init; }

    public required long Samples { get; init; }

    public required long BytesOnDisk { get; init; }

    public required int Segments { get; init; }

    /// <summary>From the folder to a store that answers, in process.</summary>
    public required double OpenMilliseconds { get; init; }

    /// <summary>From the start of <c>bedside run</c> to its first answer.</summary>
    public double StartMilliseconds { get; init; }

    /// <summary>Of the process of <c>bedside run</c>: seconds after its start, after all questions, and at most.</summary>
    public double SteadyMiB { get; init; }

    public double AfterMiB { get; init; }

    public double PeakMiB { get; init; }

    public required IReadOnlyList<QueryFigures> InProcess { get; init; }

    public IReadOnlyList<QueryFigures> OverHttp { get; init; } = [];
}

/// <summary>What the store took and gave.</summary>
internal sealed record StoreFigures
{
    public const string Method =
        "Days after the first are day 1 moved in time. HTTP: bedside run as a process of its own on loopback, one client, all sealed and encrypted; 30 answers of every kind before those that count, the first of them is first_ms. A question for more than is stored is asked for all there is.";

    /// <summary>What the samples are.</summary>
    public required string Source { get; init; }

    /// <summary>Signals beside the bed, only there to be asked for.</summary>
    public required IReadOnlyList<string> ExtraSignals { get; init; }

    /// <summary>Samples that went the whole path.</summary>
    public required long Ingested { get; init; }

    /// <summary>Processor time of making the samples, appending, journal, syncs, overview and sealing.</summary>
    public required double IngestMegasamplesPerCpuSecond { get; init; }

    /// <summary>Handed to the block layer while ingesting, sealing included (<c>/proc/self/io write_bytes</c>).</summary>
    public required long IngestBytesWritten { get; init; }

    /// <summary>The same for a bed in its own time, a sync a second, without sealing, as MB (10^6) a day.</summary>
    public required double LiveMegabytesPerDay { get; init; }

    /// <summary>Of the first day, or of what there is of it.</summary>
    public required StoreAnatomy Anatomy { get; init; }

    public required double AnatomyHours { get; init; }

    public required IReadOnlyList<GrowthFigures> Growth { get; init; }

    /// <summary>Null when nobody asked for them.</summary>
    public PeerComparison? Peers { get; init; }

    /// <summary>Without what is beside the bed.</summary>
    public IReadOnlyList<SignalBytes> Bed => [.. Anatomy.Signals.Where(signal => !ExtraSignals.Contains(signal.Id))];

    public long BedSamples => Bed.Sum(signal => signal.Samples);

    public long BedBytes => Bed.Sum(signal => signal.All) + Anatomy.Other;

    public double KeptMegabytesPerDay => BedBytes / AnatomyHours * 24 / 1e6;

    /// <summary>Median at a stop over that at the first.</summary>
    public double Ratio(GrowthFigures row, int question) => row.OverHttp[question].MedianMilliseconds / Growth[0].OverHttp[question].MedianMilliseconds;

    public void WriteTo(Utf8JsonWriter json)
    {
        GrowthFigures last = Growth[^1];
        json.WriteStartObject();
        json.WriteString("bed", Source);
        json.WriteString("method", Method);
        json.WriteNumber("samples", last.Samples);
        json.WriteNumber("ingest_samples", Ingested);
        json.WriteNumber("ingest_msamples_per_cpu_s", Math.Round(IngestMegasamplesPerCpuSecond, 2));
        json.WriteNumber("bytes_on_disk", last.BytesOnDisk);
        json.WriteNumber("bytes_written", IngestBytesWritten);
        json.WriteNumber("bytes_written_per_sample", Math.Round((double)IngestBytesWritten / Ingested, 3));
        json.WriteNumber("live_mb_per_day", Math.Round(LiveMegabytesPerDay));
        json.WriteNumber("kept_mb_per_day", Math.Round(KeptMegabytesPerDay, 2));
        json.WriteNumber("sealed_decode_msamples_per_cpu_s", Math.Round(Anatomy.DecodeMegasamplesPerSecond, 1));
        json.WriteNumber("sealed_encode_msamples_per_cpu_s", Math.Round(Anatomy.EncodeMegasamplesPerSecond, 1));
        WriteAnatomy(json);
        json.WriteNumber("open_ms", Math.Round(last.OpenMilliseconds, 2));
        json.WriteNumber("rss_mb", Math.Round(last.SteadyMiB, 1));
        json.WriteNumber("rss_peak_mb", Math.Round(last.PeakMiB, 1));
        WriteQueries(json, "queries", last.OverHttp, last);
        json.WriteStartArray("growth");
        foreach (GrowthFigures row in Growth)
        {
            json.WriteStartObject();
            json.WriteNumber("hours", Math.Round(row.Hours, 2));
            json.WriteNumber("samples", row.Samples);
            json.WriteNumber("bytes_on_disk", row.BytesOnDisk);
            json.WriteNumber("segments", row.Segments);
            json.WriteNumber("open_ms", Math.Round(row.OpenMilliseconds, 2));
            json.WriteNumber("start_ms", Math.Round(row.StartMilliseconds));
            json.WriteNumber("rss_mb", Math.Round(row.SteadyMiB, 1));
            json.WriteNumber("rss_after_mb", Math.Round(row.AfterMiB, 1));
            json.WriteNumber("rss_peak_mb", Math.Round(row.PeakMiB, 1));
            WriteQueries(json, "queries", row.OverHttp, row);
            WriteQueries(json, "queries_in_process", row.InProcess, row: null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Peers?.WriteTo(json);
        json.WriteEndObject();
    }

    private void WriteAnatomy(Utf8JsonWriter json)
    {
        json.WriteStartObject("bytes_per_sample");
        Write(json, "all", (double)BedBytes / BedSamples);
        Write(json, "blocks", (double)Bed.Sum(signal => signal.Blocks) / BedSamples);
        Write(json, "index", (double)Bed.Sum(signal => signal.Index) / BedSamples);
        Write(json, "overview", (double)Bed.Sum(signal => signal.Overview) / BedSamples);
        Write(json, "files", (double)Anatomy.Other / BedSamples);
        json.WriteEndObject();
        json.WriteStartArray("signals");
        foreach (SignalBytes signal in Anatomy.Signals)
        {
            json.WriteStartObject();
            json.WriteString("id", signal.Id);
            json.WriteNumber("samples", signal.Samples);
            Write(json, "bytes_per_sample", (double)signal.All / signal.Samples);
            Write(json, "blocks", (double)signal.Blocks / signal.Samples);
            Write(json, "index", (double)signal.Index / signal.Samples);
            Write(json, "overview", (double)signal.Overview / signal.Samples);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double value) => json.WriteNumber(name, Math.Round(value, 4));

    private void WriteQueries(Utf8JsonWriter json, string name, IReadOnlyList<QueryFigures> queries, GrowthFigures? row)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < queries.Count; i++)
        {
            QueryFigures query = queries[i];
            json.WriteStartObject();
            json.WriteString("name", query.Name);
            json.WriteNumber("p50_ms", Math.Round(query.MedianMilliseconds, 3));
            json.WriteNumber("p99_ms", Math.Round(query.P99Milliseconds, 3));
            json.WriteNumber("first_ms", Math.Round(query.FirstMilliseconds, 3));
            json.WriteNumber("cpu_ms", Math.Round(query.CpuMilliseconds, 3));
            json.WriteNumber("runs", query.Runs);
            if (row is not null)
            {
                json.WriteNumber("ratio_to_first", Math.Round(Ratio(row, i), 2));
            }

            if (query.Target is { } target)
            {
                json.WriteNumber("target_p50_ms", target.Median);
                json.WriteNumber("target_p99_ms", target.P99);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
