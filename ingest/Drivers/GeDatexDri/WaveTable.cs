using System.Collections.Frozen;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>What a wave is (sheet 7.2).</summary>
/// <param name="Number">Subrecord type.</param>
/// <param name="Name">The document's, for the signal's name where the nomenclature has no id.</param>
/// <param name="Rate">Samples a second.</param>
/// <param name="Gain">Of one count, in <paramref name="Unit"/>; null = a set of bits.</param>
/// <param name="Id">Of the nomenclature, empty where it has none; a word that begins with @ is a rule.</param>
/// <param name="Source">The group of displayed values that tells its label; empty = none does.</param>
internal sealed record WaveRow(byte Number, string Name, int Rate, double? Gain, string Unit, string Id, string Source)
{
    public Scale? Scale => Gain is double gain ? new Scale(gain, 0) : null;

    public SamplePeriod Period => SamplePeriod.FromHertz(Rate);
}

/// <summary>
/// The waves. Not among them: 22, the twelve-lead ECG, whose resolution and byte order the documents contradict each other on
/// (sheet 7.4), so that its samples have no known scale.
/// </summary>
internal static class WaveTable
{
    /// <summary>The twelve-lead ECG in its own coding.</summary>
    public const byte TwelveLeads = 22;

    private const string Rows = """
        1|ECG1|300|0.001|mV|@ecg|ecg1
        2|ECG2|300|0.001|mV|@ecg|ecg2
        3|ECG3|300|0.001|mV|@ecg|ecg3
        4|INVP1|100|0.01|mm[Hg]|@pressure|p1
        5|INVP2|100|0.01|mm[Hg]|@pressure|p2
        6|INVP3|100|0.01|mm[Hg]|@pressure|p3
        7|INVP4|100|0.01|mm[Hg]|@pressure|p4
        8|PLETH|100|0.01|%|pleth|
        9|CO2|25|0.01|%||
        10|O2|25|0.01|%|o2-wave|
        11|N2O|25|0.01|%|n2o-wave|
        12|AA|25|0.01|%|agent-wave|
        13|AWP|25|0.1|cm[H2O]|paw|
        14|FLOW|25|0.1|L/min|airway-flow|
        15|RESP|25|0.01|Ohm|resp-impedance|
        16|INVP5|100|0.01|mm[Hg]|@pressure|p5
        17|INVP6|100|0.01|mm[Hg]|@pressure|p6
        18|EEG1|100|0.1|uV|eeg-1|
        19|EEG2|100|0.1|uV|eeg-2|
        20|EEG3|100|0.1|uV||
        21|EEG4|100|0.1|uV||
        23|VOL|25|1|mL|airway-volume|
        24|TONO-PRESS|25|0.1|mbar||
        29|SPI-LOOP-STATUS|25||1||
        32|ENT-100|100|0.1|uV||
        35|EEG-BIS|300|1|uV||
        36|INVP7|100|0.01|mm[Hg]|@pressure|p7
        37|INVP8|100|0.01|mm[Hg]|@pressure|p8
        38|PLETH-2|100|0.01|%|pleth-2|
        39|RESP-100|100|0.01|Ohm|resp-impedance/resp-100|
        """;

    private static readonly FrozenDictionary<byte, WaveRow> ById = Rows.Split('\n').Select(Read).ToFrozenDictionary(row => row.Number);

    public static IEnumerable<WaveRow> All => ById.Values;

    public static WaveRow? Of(byte id) => ById.GetValueOrDefault(id);

    private static WaveRow Read(string line)
    {
        string[] field = line.Split('|');
        return new WaveRow(
            byte.Parse(field[0], CultureInfo.InvariantCulture),
            field[1],
            int.Parse(field[2], CultureInfo.InvariantCulture),
            field[3].Length == 0 ? null : double.Parse(field[3], CultureInfo.InvariantCulture),
            field[4],
            field.Length > 5 ? field[5] : string.Empty,
            field.Length > 6 ? field[6] : string.Empty);
    }
}
