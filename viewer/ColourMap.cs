using System.Collections.Frozen;

namespace Bedside.Viewer;

/// <summary>
/// Default colour of each convention group of the nomenclature, all at 7:1 or better on black. Pure red, yellow and cyan
/// areas are the monitor's alarms' own; a trace is only ever a line, and its label always stands beside it.
/// </summary>
internal static class ColourMap
{
    private const string Neutral = "#d0d0d0";

    private static readonly FrozenDictionary<string, string> ByGroup = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ecg"] = "#00e676",
        ["art"] = "#ff6b6b",
        ["cvp"] = "#7fb2ff",
        ["pap"] = "#ffd740",
        ["spo2"] = "#40e0ff",
        ["resp"] = "#ffffff",
        ["co2"] = "#ffcc80",
        ["vent-pressure"] = "#ffb4a2",
        ["vent-flow"] = "#cdbcff",
        ["vent-volume"] = "#cdbcff",
        ["icp"] = "#ff9cf0",
        ["nibp"] = "#ffffff",
        ["temp"] = "#b9f6ca",
        ["gas-o2"] = "#e8ffe8",
        ["gas-n2o"] = "#9cc4ff",
        ["hemo"] = "#ff9e80",
        ["neuro"] = "#d8b4ff",
        ["agent-des"] = "#8fb8ff",
        ["agent-sev"] = "#ffe082",
        ["agent-iso"] = "#d0a9ff",
        ["agent-hal"] = "#ff8a80",
        ["agent-enf"] = "#ffab66",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary><c>#rrggbb</c> of a group; the neutral grey where the nomenclature sets none.</summary>
    public static string Of(string group) => ByGroup.GetValueOrDefault(group, Neutral);
}
