using System.Globalization;
using System.Text.Json;

namespace Bedside.Host.Measuring.Hl7;

/// <summary>What one way of sending got out of the box.</summary>
internal sealed record Hl7Figure
{
    public required bool Tls { get; init; }

    public required int Connections { get; init; }

    /// <summary>Messages under way on each connection; 1 = each waits for the answer before.</summary>
    public required int Window { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Answered CA.</summary>
    public required long Messages { get; init; }

    /// <summary>Answered anything else.</summary>
    public required long Refused { get; init; }

    /// <summary>User and system time of the box's process.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>From the write of a message to its answer, milliseconds.</summary>
    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>HL7 with frames, without TLS's own.</summary>
    public required long Bytes { get; init; }

    public required double RssMiB { get; init; }

    public double PerSecond => Messages / Seconds;

    public double PerCpuSecond => Messages / CpuSeconds;

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("tls", Tls);
        json.WriteNumber("connections", Connections);
        json.WriteNumber("window", Window);
        json.WriteNumber("seconds", Math.Round(Seconds, 2));
        json.WriteNumber("messages", Messages);
        json.WriteNumber("refused", Refused);
        json.WriteNumber("messages_per_s", Math.Round(PerSecond));
        json.WriteNumber("messages_per_cpu_s", Math.Round(PerCpuSecond));
        json.WriteNumber("answer_p50_ms", Math.Round(P50, 2));
        json.WriteNumber("answer_p99_ms", Math.Round(P99, 2));
        json.WriteNumber("mb_per_s", Math.Round(Bytes / Seconds / 1e6, 2));
        json.WriteNumber("rss_mib", Math.Round(RssMiB, 1));
        json.WriteEndObject();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Tls ? "TLS  " : "plain")} {Connections} × {Window,3} under way: {PerSecond,7:F0} messages/s, {PerCpuSecond,7:F0} per CPU second, answers p50 {P50:F1} ms p99 {P99:F1} ms, {Bytes / Seconds / 1e6:F1} MB/s, RSS {RssMiB:F0} MiB{(Refused > 0 ? $", {Refused} REFUSED" : string.Empty)}");
}
