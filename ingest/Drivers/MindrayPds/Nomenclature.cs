using System.Collections.Frozen;
using System.Globalization;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>A unit that a person chose on the monitor and the wire does not tell.</summary>
internal enum ChosenUnit
{
    /// <summary>The unit is the row's own.</summary>
    None,
    Pressure,
    Temperature,
}

/// <summary>
/// The units that are set on the monitor. It does not send them, so they are known only where the site says so; else these values are stored without a unit.
/// </summary>
/// <param name="Pressure">UCUM: <c>mm[Hg]</c> or <c>kPa</c>; empty = not told.</param>
/// <param name="Temperature">UCUM: <c>Cel</c> or <c>[degF]</c>; empty = not told.</param>
public sealed record MonitorUnits(string Pressure = "", string Temperature = "");

/// <summary>What a number stands for: an id of the nomenclature, the channel where one id comes from several numbers, and the unit.</summary>
internal sealed record NumberRow(string Id, string Channel, string Unit, ChosenUnit Chosen);

/// <summary>The monitor's numbers of parameters and waves (sheet A.3, A.4).</summary>
internal static class MindrayNomenclature
{
    /// <summary>number|id/channel|unit; P and T are units chosen on the monitor. Invasive pressures are systolic, mean, diastolic; the cuff is systolic, diastolic, mean.</summary>
    private const string ParameterTable = """
        101|hr|/min
        102|pvc-rate|/min
        105|st-i|
        106|st-ii|
        107|st-iii|
        108|st-avr|
        109|st-avl|
        110|st-avf|
        111|st-v1|
        112|st-v2|
        113|st-v3|
        114|st-v4|
        115|st-v5|
        116|st-v6|
        151|resp-rate|/min
        160|spo2|%
        161|pr-spo2|/min
        162|perfusion-index|%
        170|nibp-sys|P
        171|nibp-dia|P
        172|nibp-mean|P
        173|pr-nibp|/min
        200|temp/T1|T
        201|temp/T2|T
        202|temp-diff|T
        210|co|L/min
        212|ci|L/min/m2
        213|temp-blood|T
        220|etco2|
        250|etco2/gas|
        251|inco2/gas|
        253|eto2|
        254|fio2-gas|
        256|n2o-et|
        257|n2o-insp|
        268|iso-et|
        269|iso-insp|
        280|resp-rate-airway|/min
        281|mac|1
        500|art-sys|P
        501|art-mean|P
        502|art-dia|P
        503|pap-sys|P
        504|pap-mean|P
        505|pap-dia|P
        566|cvp-mean|P
        587|ppv|%
        600|pulse|/min
        """;

    private const string WaveTable = """
        1101|ecg-unspecified/1|
        1102|ecg-unspecified/2|
        1103|ecg-unspecified/3|
        1104|ecg-unspecified/4|
        1105|ecg-unspecified/5|
        1106|ecg-unspecified/6|
        1107|ecg-unspecified/7|
        1108|ecg-unspecified/8|
        1109|ecg-unspecified/9|
        1110|ecg-unspecified/10|
        1111|ecg-unspecified/11|
        1112|ecg-unspecified/12|
        1113|ecg-i|
        1114|ecg-ii|
        1115|ecg-iii|
        1116|ecg-avr|
        1117|ecg-avl|
        1118|ecg-avf|
        1119|ecg-v1|
        1120|ecg-v2|
        1121|ecg-v3|
        1122|ecg-v4|
        1123|ecg-v5|
        1124|ecg-v6|
        1151|resp-generic|
        1152|pleth|1
        1161|ibp-generic/IBP1|
        1162|ibp-generic/IBP2|
        1163|ibp-generic/IBP3|
        1164|ibp-generic/IBP4|
        1171|art|
        1172|pap|
        1173|cvp|
        1174|rap|
        1175|lap|
        1176|icp|
        1200|co2|
        1210||
        1211||
        1212||
        1213||
        1214||
        1215||
        1216||
        1217||
        1218||
        1230|paw|
        1231|airway-flow|
        1232|airway-volume|
        1240|eeg-1|
        1250|paw/RM|
        1251|airway-flow/RM|
        1270|pleth-2|1
        """;

    private static readonly FrozenDictionary<int, NumberRow> Parameters = Read(ParameterTable);
    private static readonly FrozenDictionary<int, NumberRow> Waves = Read(WaveTable);

    /// <summary>All numbers of parameters that are known, ascending: they are asked for one by one.</summary>
    public static IReadOnlyList<int> ParameterNumbers { get; } = [.. Parameters.Keys.Order()];

    /// <summary>Likewise of waves.</summary>
    public static IReadOnlyList<int> WaveNumbers { get; } = [.. Waves.Keys.Order()];

    public static NumberRow? Parameter(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int known) ? Parameters.GetValueOrDefault(known) : null;

    public static NumberRow? Wave(int number) => Waves.GetValueOrDefault(number);

    private static FrozenDictionary<int, NumberRow> Read(string table)
    {
        var rows = new Dictionary<int, NumberRow>();
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] field = line.Split('|');
            string[] id = field[1].Split('/');
            ChosenUnit chosen = field[2] switch { "P" => ChosenUnit.Pressure, "T" => ChosenUnit.Temperature, _ => ChosenUnit.None };
            rows.Add(
                int.Parse(field[0], NumberStyles.None, CultureInfo.InvariantCulture),
                new NumberRow(id[0], id.Length > 1 ? id[1] : string.Empty, chosen == ChosenUnit.None ? field[2] : string.Empty, chosen));
        }

        return rows.ToFrozenDictionary();
    }
}
