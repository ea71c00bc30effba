using System.Collections.Frozen;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract.Hl7;

/// <summary>Units of OBX-6: the number and name of MDC and UCUM, in six components; UCUM alone where no number is confirmed (our sheet on HL7, section 5.4).</summary>
internal static class MdcUnits
{
    private const uint DimTerms = 262_144;

    /// <summary>Term of partition 4, name, UCUM.</summary>
    private static readonly FrozenDictionary<string, (uint Code, string Name)> ByUcum = new (uint Term, string Name, string Ucum)[]
    {
        (512, "DIMLESS", "1"), (544, "PERCENT", "%"), (1297, "CENTI_M", "cm"), (1618, "MILLI_L", "mL"), (1731, "KILO_G", "kg"), (2162, "MILLI_G_PER_ML", "mg/mL"),
        (2176, "SEC", "s"), (2194, "MILLI_SEC", "ms"), (2208, "MIN", "min"), (2464, "PER_SEC", "/s"), (2496, "HZ", "Hz"), (3072, "L_PER_MIN", "L/min"),
        (3122, "MILLI_L_PER_HR", "mL/h"), (3475, "MICRO_G_PER_KG_PER_MIN", "ug/kg/min"), (3843, "KILO_PASCAL", "kPa"), (3872, "MMHG", "mm[Hg]"),
        (3904, "CM_H2O", "cm[H2O]"), (3954, "MILLI_BAR", "mbar"), (4274, "MILLI_VOLT", "mV"), (6048, "DEGC", "Cel"),
    }.ToFrozenDictionary(row => row.Ucum, row => (DimTerms + row.Term, row.Name), StringComparer.Ordinal);

    private static readonly (uint Code, string Name) Beats = (264_864, "BEAT_PER_MIN");
    private static readonly (uint Code, string Name) Breaths = (264_928, "RESP_PER_MIN");
    private static readonly string[] OfHearts = ["_HEART_RATE", "_BEAT_RATE", "_PULS_RATE"];

    /// <summary>Empty where the device did not say a unit.</summary>
    public static string Of(Metric metric)
    {
        if (metric.Unit.Length == 0)
        {
            return string.Empty;
        }

        string ucum = Hl7Words.Escape(metric.Unit);
        string both = $"{ucum}^{ucum}^UCUM";
        (uint Code, string Name)? mdc = metric.Unit == "/min" ? OfRate(metric) : ByUcum.TryGetValue(metric.Unit, out (uint, string) known) ? known : null;
        return mdc is { } unit ? string.Create(CultureInfo.InvariantCulture, $"{unit.Code}^MDC_DIM_{unit.Name}^MDC^{both}") : both;
    }

    /// <summary>MDC tells beats from breaths, UCUM does not: only the name of the signal can.</summary>
    private static (uint, string)? OfRate(Metric metric)
    {
        string name = Nomenclature.Shipped.ByCode(metric.Code)?.CodeName ?? string.Empty;
        return OfHearts.Any(name.Contains) ? Beats : name.Contains("_RESP", StringComparison.Ordinal) ? Breaths : null;
    }
}
