using System.Collections.Frozen;
using System.Globalization;

namespace Bedside.Ingest.Hl7;

/// <summary>OBX-6 to UCUM: UCUM where it is told, else the number of MDC, else its name, else a plain word (sheet 5.4).</summary>
internal static class Units
{
    private const string Table = """
        262656|DIMLESS|1
        262688|PERCENT|%
        263441|CENTI_M|cm
        263762|MILLI_L|mL
        263875|KILO_G|kg
        264306|MILLI_G_PER_ML|mg/mL
        264320|SEC|s
        264338|MILLI_SEC|ms
        264352|MIN|min
        264608|PER_SEC|/s
        264640|HZ|Hz
        264864|BEAT_PER_MIN|/min
        264928|RESP_PER_MIN|/min
        265216|L_PER_MIN|L/min
        265266|MILLI_L_PER_HR|mL/h
        265619|MICRO_G_PER_KG_PER_MIN|ug/kg/min
        265987|KILO_PASCAL|kPa
        266016|MMHG|mm[Hg]
        266048|CM_H2O|cm[H2O]
        266098|MILLI_BAR|mbar
        266418|MILLI_VOLT|mV
        268192|DEGC|Cel
        """;

    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["mmHg"] = "mm[Hg]",
        ["cmH2O"] = "cm[H2O]",
        ["/min"] = "/min",
        ["bpm"] = "/min",
        ["rpm"] = "/min",
        ["{beat}/min"] = "/min",
        ["{beats}/min"] = "/min",
        ["{breath}/min"] = "/min",
        ["{breaths}/min"] = "/min",
        ["%"] = "%",
        ["°C"] = "Cel",
        ["°F"] = "[degF]",
        ["kPa"] = "kPa",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly (uint Number, string Name, string Ucum)[] Rows =
    [
        .. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split('|'))
            .Select(row => (uint.Parse(row[0], NumberStyles.None, CultureInfo.InvariantCulture), $"MDC_DIM_{row[1]}", row[2])),
    ];

    private static readonly FrozenDictionary<uint, (uint Number, string Name, string Ucum)> ByNumber = Rows.ToFrozenDictionary(row => row.Number);
    private static readonly FrozenSet<string> Names = Rows.Select(row => row.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The unit; empty = not told, or in doubt. <paramref name="conflict"/>: its number and its name are of two units.</summary>
    public static string Resolve(Hl7Value told, out bool conflict)
    {
        conflict = false;
        if (!told.HasValue)
        {
            return string.Empty;
        }

        for (int part = 1; part <= 4; part += 3)
        {
            if (told.Component(part + 2).Text == "UCUM" && told.Component(part).HasValue)
            {
                string ucum = told.Component(part).Text;
                return Words.GetValueOrDefault(ucum, ucum);
            }
        }

        string code = told.Component(1).Text;
        string name = told.Component(2).Text;
        string system = told.Component(3).Text;
        if (system == "MDIL")
        {
            return Philips(code);
        }

        bool numbered = uint.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        if (!numbered)
        {
            return Words.GetValueOrDefault(code) ?? (code.Length > 0 ? code : Words.GetValueOrDefault(name, name));
        }

        bool known = ByNumber.TryGetValue(number, out (uint Number, string Name, string Ucum) row);
        bool named = Names.Contains(name);
        conflict = (known && name.StartsWith("MDC_", StringComparison.Ordinal) && row.Name != name) || (!known && named);
        return conflict ? string.Empty : known ? row.Ucum : $"mdc:{number}";
    }

    /// <summary>Partition and term in hexadecimal, of the older Philips dialect.</summary>
    private static string Philips(string code) => code switch
    {
        "0004-0aa0" or "0004-0ae0" or "0004-09e0" => "/min",
        "0004-0220" => "%",
        "0004-0f20" => "mm[Hg]",
        "0004-17a0" => "Cel",
        _ => code,
    };
}
