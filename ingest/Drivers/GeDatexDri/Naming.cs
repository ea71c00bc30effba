using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>What a group says of itself, beside its values.</summary>
internal readonly record struct GroupState(uint Status, ushort Label, int Level)
{
    /// <summary>The module is there.</summary>
    public bool Exists => (Status & 1) != 0;

    /// <summary>It measures.</summary>
    public bool IsActive => (Status & 2) != 0;

    /// <summary>Of the heart rate (sheet 6.4): 1 and 9 are the ECG.</summary>
    public bool IsHeartRateFromEcg => ((Status >> 3) & 0xF) is 1 or 9;
}

/// <summary>Names of values whose meaning hangs on the status or the label of their group (sheet 6.4, 6.10).</summary>
internal static class Naming
{
    private const int FirstLevelWithFixedRate = 8;
    private const int FirstLevelWithoutOldSvo2 = 10;
    private const int ContinuousOutput = 2;

    /// <summary>The value's metric; null when the monitor's level has no such value.</summary>
    public static Metric? MetricOf(GroupRow group, ValueRow value, GroupState state)
    {
        string code = $"{group.Code}.{value.Name}";
        if (value.Id == "@old-svo2" && state.Level >= FirstLevelWithoutOldSvo2)
        {
            return null;
        }

        (string id, string channel, string label) = value.Id.StartsWith('@')
            ? Rule(value.Id, group, value, state)
            : Plain(group, value);
        return DatexNomenclature.Metric(id, SignalKind.Numeric, code, label, value.Unit, id.Length > 0 ? channel : string.Empty);
    }

    private static (string Id, string Channel, string Label) Plain(GroupRow group, ValueRow value)
    {
        string[] id = value.Id.Split('/');
        return (id[0], id.Length > 1 ? id[1] : group.Channel, value.Label);
    }

    private static (string Id, string Channel, string Label) Rule(string rule, GroupRow group, ValueRow value, GroupState state) => rule switch
    {
        "@hr" => (state.IsHeartRateFromEcg ? "hr" : "pulse", group.Channel, value.Label),
        "@st1" => Segment(state.Label, 1),
        "@st2" => Segment(state.Label, 2),
        "@st3" => Segment(state.Label, 3),
        "@p-sys" => Pressure(group, state.Label, "sys"),
        "@p-dia" => Pressure(group, state.Label, "dia"),
        "@p-mean" => Pressure(group, state.Label, "mean"),
        "@p-hr" => (Labels.IsArterial(state.Label) ? "pr-art" : string.Empty, group.Channel, $"{SiteOf(group, state.Label)} pulse"),
        "@temp" => (Labels.TemperatureId(state.Label), group.Channel, Labels.TemperatureName(state.Label) is { Length: > 0 } site ? site : "temperature"),
        "@spo2" => Saturation(group, state.Label & 3),
        "@old-svo2" => ("svo2", group.Name, value.Label),
        "@co2-fi" => ((state.Label >> 3) & 7) == 2 ? ("fio2-gas", group.Name, "FiO2") : (string.Empty, string.Empty, "FiCO2"),
        "@co2-rr" => RateOf(state),
        "@agent-et" => ($"{Labels.Agent(state.Label)}-et", group.Channel, value.Label),
        "@agent-insp" => ($"{Labels.Agent(state.Label)}-insp", group.Channel, value.Label),
        "@co" => (((state.Label >> 2) & 7) == ContinuousOutput ? "cco" : "co", group.Channel, value.Label),
        _ => (string.Empty, string.Empty, value.Label),
    };

    private static (string Id, string Channel, string Label) Segment(ushort label, int channel)
    {
        int lead = Labels.LeadOf(label, channel);
        string name = Labels.Lead(lead);
        return name.Length > 0 ? ($"st-{name}", $"ecg{channel}", $"ST {Labels.LeadName(lead)}") : (string.Empty, string.Empty, $"ST{channel}");
    }

    /// <summary>A site for which the nomenclature has no such id keeps its code: a right ventricle has no mean there.</summary>
    private static (string Id, string Channel, string Label) Pressure(GroupRow group, ushort label, string part)
    {
        string prefix = Labels.PressurePrefix(label);
        string id = $"{(prefix.Length > 0 ? prefix : "ibp")}-{part}";
        return (Nomenclature.Shipped.ById(id) is null ? string.Empty : id, group.Channel, $"{SiteOf(group, label)} {part}");
    }

    private static string SiteOf(GroupRow group, ushort label) =>
        Labels.PressureName(label) is { Length: > 0 } site ? site : group.Name.ToUpperInvariant();

    private static (string Id, string Channel, string Label) Saturation(GroupRow group, int label) =>
        label == 2 ? ("svo2", group.Name, "SvO2") : ("spo2", group.Channel, label == 1 ? "SaO2" : "SpO2");

    /// <summary>Of old monitors the label tells what the rate is of; from level 8 on it is always of CO2.</summary>
    private static (string Id, string Channel, string Label) RateOf(GroupState state) =>
        (state.Level >= FirstLevelWithFixedRate ? 1 : state.Label & 7) switch
        {
            1 => ("resp-rate-co2", string.Empty, "RR CO2"),
            2 => ("resp-rate-impedance", "co2", "RR impedance"),
            _ => ("resp-rate", "co2", "RR"),
        };
}
