using System.Collections.Frozen;

namespace Bedside.Model.Context;

/// <summary>What signals of one probe, cuff, line or sensor share: a mark on one of them is about all of them.</summary>
public static class Measured
{
    private static readonly string[] PressureGroups = ["art", "cvp", "pap", "icp"];
    /// <summary>Of a probe of their own, or of none in particular.</summary>
    private static readonly FrozenSet<string> OtherOximeters = FrozenSet.Create(StringComparer.Ordinal, "pulse", "spo2-diff", "spo2-left", "spo2-right", "spo2-preductal", "spo2-postductal", "pleth-2");

    /// <summary>Of the groups of gases, what does not come of the gas sampler.</summary>
    private static readonly FrozenSet<string> NotSampled = FrozenSet.Create(StringComparer.Ordinal, "tcpco2", "tcpo2", "vco2", "deadspace", "vd-vt", "set-fio2", "fio2-vent", "pf-ratio");

    private static readonly string[] Parts = ["-sys", "-dia", "-mean", "-generic"];

    /// <summary><c>pressure spo2 nibp temperature gas ecg neuro ventilation other</c>: what kinds of the catalogue name.</summary>
    public static string FamilyOf(Signal signal)
    {
        string group = Nomenclature.Shipped.Of(signal)?.ColourGroup ?? string.Empty;
        return group switch
        {
            "spo2" or "nibp" or "ecg" or "neuro" => group,
            "temp" => "temperature",
            "co2" or "gas-o2" or "gas-n2o" => "gas",
            _ when PressureGroups.Contains(group) => "pressure",
            _ when group.StartsWith("agent", StringComparison.Ordinal) => "gas",
            _ when group.StartsWith("vent", StringComparison.Ordinal) => "ventilation",
            _ => "other",
        };
    }

    /// <summary>
    /// Equal for signals of one device that come of one sensor: the pressures of one line with their wave, what one oximeter, cuff or gas sampler gives, and all of the ECG. Anything else
    /// stands alone.
    /// </summary>
    public static string SensorOf(Signal signal)
    {
        string id = signal.Metric.SignalId;
        string sensor = FamilyOf(signal) switch
        {
            "pressure" => LineOf(id) + (id.StartsWith("ibp", StringComparison.Ordinal) ? $" {signal.Metric.Channel}" : string.Empty),
            "spo2" => OtherOximeters.Contains(id) ? id : "spo2",
            "nibp" => "nibp",
            "ecg" => "ecg",
            "gas" => NotSampled.Contains(id) ? id : "gas",
            _ => signal.Id,
        };
        return $"{signal.Device} {sensor}";
    }

    /// <summary>All signals that a mark on <paramref name="marked"/> is about, itself among them, in the order given.</summary>
    public static IEnumerable<Signal> Together(Signal marked, IEnumerable<Signal> all)
    {
        string sensor = SensorOf(marked);
        return all.Where(one => one.Number == marked.Number || SensorOf(one) == sensor);
    }

    private static string LineOf(string id)
    {
        string? part = Array.Find(Parts, one => id.EndsWith(one, StringComparison.Ordinal));
        return part is null ? id : id[..^part.Length];
    }
}
