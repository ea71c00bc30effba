using System.Text.Json;

namespace Bedside.Host.Measuring.Peers;

/// <summary>How a peer answered one kind of question, or what was wrong with its answer.</summary>
internal sealed record PeerQueryFigures(string Name, QueryFigures? Taken, string? Error)
{
    /// <summary>Our store's median over HTTP, asked as a screen asks: many long columns meet where its overview has cells.</summary>
    public required double OursMedianMilliseconds { get; init; }

    /// <summary>The same in equal columns, which is what the peers answer; null where the question has no columns.</summary>
    public double? OursEqualMedianMilliseconds { get; init; }

    public double? Ratio => Taken?.MedianMilliseconds / OursMedianMilliseconds;

    public double? EqualRatio => Taken?.MedianMilliseconds / OursEqualMedianMilliseconds;
}

/// <summary>What our store took for the same samples.</summary>
internal sealed record PeerYardstick(double MegasamplesPerCpuSecond, GrowthFigures Row)
{
    public double BytesPerSample => (double)Row.BytesOnDisk / Row.Samples;
}

/// <summary>What a peer took and gave. With <see cref="Error"/> it holds what was measured until then.</summary>
internal sealed record PeerFigures(string Name, string Version, PeerYardstick Ours)
{
    public const string Method =
        "Peers hold the same samples as our store at the same hours: lines of one time with all signals of that time for fields, 10,000 lines a request, integers as such. Ingest is the server's processor time until it has come to rest (flushed, compacted), ours includes making the samples; size is what its folder occupies. Then it is started anew and asked over HTTP on loopback by the same client as our store, at whole milliseconds; answers were compared with ours value by value once and counted each time. Ratios are peer / ours of the same run.";

    public string? Error { get; init; }

    public double Hours { get; init; }

    public long Samples { get; init; }

    public double? MegasamplesPerCpuSecond { get; init; }

    public double? BytesPerSample { get; init; }

    /// <summary>After all questions.</summary>
    public double? AfterMiB { get; init; }

    public double? PeakMiB { get; init; }

    public IReadOnlyList<PeerQueryFigures> Queries { get; init; } = [];

    public double? IngestRatio => MegasamplesPerCpuSecond / Ours.MegasamplesPerCpuSecond;

    public double? SizeRatio => BytesPerSample / Ours.BytesPerSample;

    public double? MemoryRatio => AfterMiB / Ours.Row.AfterMiB;

    /// <summary>The first thing that went wrong; null = nothing.</summary>
    public string? Trouble => Error ?? Queries.FirstOrDefault(query => query.Error is not null)?.Error;

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("version", Version);
        if (Error is not null)
        {
            json.WriteString("error", Error);
        }

        json.WriteNumber("hours", Math.Round(Hours, 2));
        json.WriteNumber("samples", Samples);
        Write(json, "ingest_msamples_per_cpu_s", MegasamplesPerCpuSecond, 3);
        Write(json, "bytes_per_sample", BytesPerSample, 4);
        Write(json, "rss_mb", AfterMiB, 1);
        Write(json, "rss_peak_mb", PeakMiB, 1);
        json.WriteStartArray("queries");
        foreach (PeerQueryFigures query in Queries)
        {
            json.WriteStartObject();
            json.WriteString("name", query.Name);
            if (query.Error is not null)
            {
                json.WriteString("error", query.Error);
            }

            Write(json, "p50_ms", query.Taken?.MedianMilliseconds, 3);
            Write(json, "p99_ms", query.Taken?.P99Milliseconds, 3);
            Write(json, "cpu_ms", query.Taken?.CpuMilliseconds, 3);
            Write(json, "runs", query.Taken?.Runs, 0);
            Write(json, "ratio_to_ours", query.Ratio, 2);
            Write(json, "ratio_to_ours_equal_columns", query.EqualRatio, 2);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "ingest_ratio", IngestRatio, 3);
        Write(json, "size_ratio", SizeRatio, 3);
        Write(json, "rss_ratio", MemoryRatio, 2);
        json.WriteEndObject();
    }

    /// <summary>What was not measured is not there.</summary>
    private static void Write(Utf8JsonWriter json, string name, double? value, int digits)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, digits));
        }
    }
}

/// <summary>A peer that was left out, and what brings it.</summary>
internal sealed record PeerLeftOut(string Name, string Remedy);

/// <summary>All peers of one run.</summary>
internal sealed record PeerComparison(PeerYardstick Ours, IReadOnlyList<PeerFigures> Measured, IReadOnlyList<PeerLeftOut> LeftOut)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("peers_method", PeerFigures.Method);
        json.WriteStartArray("peers");
        foreach (PeerFigures peer in Measured)
        {
            peer.WriteTo(json);
        }

        json.WriteEndArray();
        json.WriteStartArray("peers_left_out");
        foreach (PeerLeftOut peer in LeftOut)
        {
            json.WriteStartObject();
            json.WriteString("name", peer.Name);
            json.WriteString("remedy", peer.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
