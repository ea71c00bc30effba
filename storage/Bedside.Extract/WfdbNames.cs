using System.Collections.Frozen;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>What the free-text descriptions and units of WFDB records mean in the words of the nomenclature, and back.</summary>
internal static class WfdbNames
{
    /// <summary>Descriptions as PhysioNet's records have them, in capitals and without a leading "ECG".</summary>
    private static readonly FrozenDictionary<string, string> Ids = new Dictionary<string, string>
    {
        ["I"] = "ecg-i",
        ["II"] = "ecg-ii",
        ["MLII"] = "ecg-ii",
        ["III"] = "ecg-iii",
        ["AVR"] = "ecg-avr",
        ["AVL"] = "ecg-avl",
        ["AVF"] = "ecg-avf",
        ["V"] = "ecg-v",
        ["V1"] = "ecg-v1",
        ["V2"] = "ecg-v2",
        ["V3"] = "ecg-v3",
        ["V4"] = "ecg-v4",
        ["V5"] = "ecg-v5",
        ["V6"] = "ecg-v6",
        ["MCL"] = "ecg-mcl",
        ["MCL1"] = "ecg-mcl",
        [""] = "ecg-unspecified",
        ["ABP"] = "abp",
        ["ART"] = "art",
        ["AO"] = "ao",
        ["UAP"] = "uap",
        ["PAP"] = "pap",
        ["CVP"] = "cvp",
        ["RAP"] = "rap",
        ["LAP"] = "lap",
        ["UVP"] = "uvp",
        ["ICP"] = "icp",
        ["P1"] = "ibp-generic",
        ["PLETH"] = "pleth",
        ["PPG"] = "pleth",
        ["RESP"] = "resp-generic",
        ["CO2"] = "co2",
        ["AWP"] = "paw",
        ["PAW"] = "paw",
        ["AWF"] = "airway-flow",
        ["AWV"] = "airway-volume",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Ucum = new Dictionary<string, string>
    {
        ["mmHg"] = "mm[Hg]",
        ["cmH2O"] = "cm[H2O]",
        ["NU"] = "1",
        ["uV"] = "uV",
        ["µV"] = "uV",
        ["degC"] = "Cel",
        ["ohm"] = "Ohm",
        ["l/min"] = "L/min",
        ["ml"] = "mL",
        ["bpm"] = "/min",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Wfdb = new Dictionary<string, string>
    {
        ["mm[Hg]"] = "mmHg",
        ["cm[H2O]"] = "cmH2O",
        ["1"] = "NU",
        [""] = "NU",
        ["Cel"] = "degC",
    }.ToFrozenDictionary();

    /// <summary>The metric that a signal line describes; <c>raw/wfdb/signal/NAME</c> where the nomenclature has none.</summary>
    public static Metric MetricOf(WfdbSignal line, int index)
    {
        string description = line.Description.Length > 0 ? line.Description : $"signal {index.ToString(CultureInfo.InvariantCulture)}";
        NomenclatureEntry? entry = EntryOf(line, description);
        return new Metric
        {
            SignalId = entry?.Id ?? $"raw/wfdb/signal/{Plain(description)}",
            Kind = SignalKind.Waveform,
            Code = entry?.Code ?? 0,
            CodeName = entry?.CodeName ?? string.Empty,
            Unit = UnitOf(line, entry),
            Label = description,
            DeviceCode = $"wfdb:{description}",
        };
    }

    /// <summary>A unit as WFDB programs write it: without blanks and brackets.</summary>
    public static string UnitFor(string ucum) => Wfdb.GetValueOrDefault(ucum) ?? ucum.Replace(' ', '_');

    /// <summary>Letters, digits and underscores only: what a record or file name of WFDB may hold.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static NomenclatureEntry? EntryOf(WfdbSignal line, string description)
    {
        // Our own exports describe a signal by its id.
        NomenclatureEntry? own = Nomenclature.Shipped.ById(description.Split('@')[0]);
        if (own?.Kind == "waveform")
        {
            return own;
        }

        string name = description.ToUpperInvariant().Replace('_', ' ').Trim();
        name = name.StartsWith("ECG", StringComparison.Ordinal) ? name[3..].Trim() : name;
        name = name.StartsWith("LEAD ", StringComparison.Ordinal) ? name[5..].Trim() : name;
        return Ids.GetValueOrDefault(name) switch
        {
            null => null,
            "resp-generic" when string.Equals(line.Unit, "Ohm", StringComparison.OrdinalIgnoreCase) => Nomenclature.Shipped.ById("resp-impedance"),
            string id => Nomenclature.Shipped.ById(id),
        };
    }

    private static string UnitOf(WfdbSignal line, NomenclatureEntry? entry)
    {
        if (line.Gain == 0)
        {
            return string.Empty;
        }

        if (line.Unit is string unit)
        {
            return Ucum.GetValueOrDefault(unit) ?? unit;
        }

        // header(5) takes millivolts where no unit is written. That is believed of an electrocardiogram and of nothing else.
        return entry?.Unit == "mV" ? "mV" : string.Empty;
    }
}
