using System.Collections.Frozen;

namespace Bedside.Extract.Fhir;

/// <summary>
/// A signal family: the synthetic VMD and channel that stand for it, because most devices do not tell theirs. Codes are those of section 8 of the nomenclature sheet and no others; 0 = no code is
/// verified, and the type is a text.
/// </summary>
internal sealed record DeviceFamily(string Name, string Text, uint Vmd, uint Channel)
{
    /// <summary>Multi-parameter monitor (MDS).</summary>
    public const uint Monitor = 69965;

    private static readonly DeviceFamily Other = new("other", "Other measurements", 0, 0);

    private static readonly FrozenDictionary<string, DeviceFamily> ByGroup = new (string Groups, DeviceFamily Family)[]
    {
        ("ecg", new DeviceFamily("ecg", "Electrocardiograph", 69798, 69799)),
        ("spo2", new DeviceFamily("spo2", "Pulse oximeter", 69642, 69643)),
        ("nibp", new DeviceFamily("nibp", "Non-invasive blood pressure", 70686, 70687)),
        ("art cvp pap", new DeviceFamily("pressure", "Invasive blood pressure", 69854, 69855)),
        ("icp", new DeviceFamily("icp", "Intracranial pressure", 0, 0)),
        ("temp", new DeviceFamily("temperature", "Temperature", 69902, 69903)),
        ("resp", new DeviceFamily("respiration", "ECG-respiration", 70666, 0)),
        ("co2 gas-o2 gas-n2o agent agent-des agent-sev agent-iso agent-hal agent-enf", new DeviceFamily("gas", "Gas analyser", 69650, 69651)),
        ("vent-pressure vent-flow vent-volume vent-other", new DeviceFamily("airway", "Airway and ventilation", 69682, 0)),
        ("pump", new DeviceFamily("pump", "Infusion", 69986, 70067)),
        ("hemo", new DeviceFamily("haemodynamics", "Haemodynamics", 0, 0)),
        ("neuro", new DeviceFamily("neurology", "Neurological monitoring", 0, 0)),
        ("renal", new DeviceFamily("renal", "Renal replacement", 0, 0)),
        ("lab", new DeviceFamily("laboratory", "Point-of-care laboratory", 0, 0)),
    }.SelectMany(row => row.Groups.Split(' ').Select(group => (group, row.Family))).ToFrozenDictionary(row => row.group, row => row.Family, StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfMonitors = FrozenSet.Create("ecg", "spo2", "nibp", "pressure", "temperature");

    public static DeviceFamily OfGroup(string colourGroup) => ByGroup.GetValueOrDefault(colourGroup, Other);

    /// <summary>Type of a whole device by what it measures: two families of a monitor make it one.</summary>
    public static (uint Code, string Text) TypeOf(IReadOnlyCollection<string> families)
    {
        if (families.Where(OfMonitors.Contains).Skip(1).Any())
        {
            return (Monitor, "Multi-parameter patient monitor");
        }

        return families.Contains("pump") ? (69985u, "Infusion pump") : (0u, families.Contains("airway") ? "Ventilator" : "Medical device");
    }

    /// <summary>DeviceMetric.color, which knows eight: the group's convention (nomenclature sheet, section 6) or the nearest; null = it has none.</summary>
    public static string? ColourOf(string colourGroup) => colourGroup switch
    {
        "ecg" or "temp" => "green",
        "spo2" or "vent-flow" => "cyan",
        "art" or "agent-hal" or "hemo" => "red",
        "cvp" or "gas-n2o" or "agent-des" => "blue",
        "pap" or "resp" or "co2" or "vent-pressure" or "agent-sev" or "agent-enf" => "yellow",
        "icp" or "agent-iso" or "neuro" => "magenta",
        "nibp" or "gas-o2" or "vent-volume" => "white",
        _ => null,
    };
}
