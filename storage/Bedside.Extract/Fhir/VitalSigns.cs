using System.Collections.Frozen;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>The R4 vital-signs profiles: which LOINC code they impose beside a signal's own, and in which unit (FHIR sheet, section 4).</summary>
internal static class VitalSigns
{
    public const string HeartRate = "8867-4";
    public const string RespiratoryRate = "9279-1";
    public const string Temperature = "8310-5";
    public const string Pressure = "85354-9";
    public const string ArterialSaturation = "2708-6";
    public const string PulseSaturation = "59408-5";

    private const string PerMinute = "/min";

    /// <summary>Of several heart rates of a bed the first of these that is there is the vital sign.</summary>
    private static readonly string[] HeartRates = ["hr", "pr-spo2", "pulse"];

    private static readonly string[] RespiratoryRates =
        ["resp-rate", "resp-rate-impedance", "resp-rate-co2", "resp-rate-airway", "resp-rate-acoustic", "resp-rate-pleth"];

    private static readonly FrozenSet<string> BodyTemperatures =
        FrozenSet.Create("temp", "temp-body", "temp-core", "temp-esoph", "temp-rect", "temp-bladder", "temp-nasoph", "temp-tymp", "temp-axil", "temp-oral", "temp-blood");

    private static readonly FrozenDictionary<string, string[]> UnitsOf = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [HeartRate] = [PerMinute],
        [RespiratoryRate] = [PerMinute],
        [Temperature] = ["Cel", "[degF]"],
        [PulseSaturation] = ["%"],
        ["29463-7"] = ["kg", "g", "[lb_av]"],
        ["8302-2"] = ["cm", "[in_i]"],
        ["39156-5"] = ["kg/m2"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The LOINC codes of a numeric, the profile's first; <paramref name="present"/> are the ids of all numerics of the bed.</summary>
    public static IReadOnlyList<string> LoincOf(NomenclatureEntry entry, IReadOnlySet<string> present)
    {
        string own = entry.Loinc;
        string? imposed = Imposed(entry, present);
        if (own == HeartRate && imposed is null)
        {
            return []; // another signal of this bed is its heart rate
        }

        if (own == PulseSaturation)
        {
            return [ArterialSaturation, PulseSaturation];
        }

        return imposed is null || imposed == own ? (own.Length > 0 ? [own] : []) : (own.Length > 0 ? [imposed, own] : [imposed]);
    }

    /// <summary>True when values with these codes and this unit are what a vital-signs profile asks for.</summary>
    public static bool Fit(IReadOnlyList<string> loinc, string unit) =>
        loinc.Any(code => UnitsOf.TryGetValue(code, out string[]? units) && units.Contains(unit, StringComparer.Ordinal));

    private static string? Imposed(NomenclatureEntry entry, IReadOnlySet<string> present)
    {
        if (HeartRates.FirstOrDefault(present.Contains) == entry.Id)
        {
            return HeartRate;
        }

        if (RespiratoryRates.FirstOrDefault(present.Contains) == entry.Id)
        {
            return RespiratoryRate;
        }

        return BodyTemperatures.Contains(entry.Id) ? Temperature : null;
    }
}
