using System.Collections.Frozen;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Units that are written as UCUM codes: those of the nomenclature and of the devices, each of which a UCUM validator accepted (a test asks it again), with the MDC code of partition 4 where one is
/// confirmed. A unit that is not here is told as text only.
/// </summary>
public static class UnitCodes
{
    private static readonly FrozenDictionary<string, (uint Code, string Name)> Confirmed = new Dictionary<string, (uint, string)>(StringComparer.Ordinal)
    {
        ["1"] = (262656, "MDC_DIM_DIMLESS"),
        ["%"] = (262688, "MDC_DIM_PERCENT"),
        ["[ppm]"] = (262752, "MDC_DIM_PARTS_PER_MILLION"),
        ["[pH]"] = (263136, "MDC_DIM_PH"),
        ["cm"] = (263441, "MDC_DIM_CENTI_M"),
        ["mm"] = (263442, "MDC_DIM_MILLI_M"),
        ["[in_i]"] = (263520, "MDC_DIM_INCH"),
        ["mL/m2"] = (263570, "MDC_DIM_MILLI_L_PER_M_SQ"),
        ["m2"] = (263616, "MDC_DIM_SQ_X_M"),
        ["L"] = (263744, "MDC_DIM_X_L"),
        ["mL"] = (263762, "MDC_DIM_MILLI_L"),
        ["mL/{breath}"] = (263794, "MDC_DIM_MILLI_L_PER_BREATH"),
        ["g"] = (263872, "MDC_DIM_X_G"),
        ["kg"] = (263875, "MDC_DIM_KILO_G"),
        ["mg"] = (263890, "MDC_DIM_MILLI_G"),
        ["ug"] = (263891, "MDC_DIM_MICRO_G"),
        ["[lb_av]"] = (263904, "MDC_DIM_LB"),
        ["g/L"] = (264192, "MDC_DIM_X_G_PER_L"),
        ["g/dL"] = (264256, "MDC_DIM_X_G_PER_DL"),
        ["mg/dL"] = (264274, "MDC_DIM_MILLI_G_PER_DL"),
        ["s"] = (264320, "MDC_DIM_X_SEC"),
        ["ms"] = (264338, "MDC_DIM_MILLI_SEC"),
        ["min"] = (264352, "MDC_DIM_MIN"),
        ["h"] = (264384, "MDC_DIM_HR"),
        ["d"] = (264416, "MDC_DIM_DAY"),
        ["mo"] = (264480, "MDC_DIM_MON"),
        ["a"] = (264512, "MDC_DIM_YR"),
        ["Hz"] = (264640, "MDC_DIM_HZ"),
        ["/min"] = (264672, "MDC_DIM_PER_MIN"),
        ["L/min/m2"] = (264992, "MDC_DIM_X_L_PER_MIN_PER_M_SQ"),
        ["mL/min/m2"] = (265010, "MDC_DIM_MILLI_L_PER_MIN_PER_M_SQ"),
        ["L/s"] = (265184, "MDC_DIM_X_L_PER_SEC"),
        ["L/min"] = (265216, "MDC_DIM_X_L_PER_MIN"),
        ["mL/min"] = (265234, "MDC_DIM_MILLI_L_PER_MIN"),
        ["mL/h"] = (265266, "MDC_DIM_MILLI_L_PER_HR"),
        ["mL/kg"] = (265330, "MDC_DIM_MILLI_L_PER_KG"),
        ["Pa"] = (265984, "MDC_DIM_X_PASCAL"),
        ["hPa"] = (265986, "MDC_DIM_HECTO_PASCAL"),
        ["kPa"] = (265987, "MDC_DIM_KILO_PASCAL"),
        ["mm[Hg]"] = (266016, "MDC_DIM_MMHG"),
        ["cm[H2O]"] = (266048, "MDC_DIM_CM_H2O"),
        ["mbar"] = (266098, "MDC_DIM_MILLI_BAR"),
        ["dyn.s/cm5"] = (266272, "MDC_DIM_X_DYNE_PER_SEC_PER_CM_5"),
        ["dyn.s.m2/cm5"] = (268160, "MDC_DIM_X_DYNE_SEC_PER_M_SQ_PER_CM_5"),
        ["mA"] = (266322, "MDC_DIM_MILLI_AMPS"),
        ["mA.h"] = (268242, "MDC_DIM_MILLI_AMP_HR"),
        ["mV"] = (266418, "MDC_DIM_MILLI_VOLT"),
        ["uV"] = (266419, "MDC_DIM_MICRO_VOLT"),
        ["Ohm"] = (266432, "MDC_DIM_X_OHM"),
        ["kOhm"] = (266435, "MDC_DIM_KILO_OHM"),
        ["[degF]"] = (266560, "MDC_DIM_FAHR"),
        ["Cel"] = (268192, "MDC_DIM_DEGC"),
        ["K"] = (266528, "MDC_DIM_KELVIN"),
        ["mmol/L"] = (266866, "MDC_DIM_MILLI_MOLE_PER_L"),
        ["meq/L"] = (266994, "MDC_DIM_MILLI_EQUIV_PER_L"),
        ["mL/cm[H2O]"] = (268050, "MDC_DIM_MILLI_L_PER_CM_H2O"),
        ["cm[H2O].s/L"] = (268064, "MDC_DIM_CM_H2O_PER_L_PER_SEC"),
        ["mL/dL"] = (268562, "MDC_DIM_MILLI_L_PER_DL"),
        ["dB"] = (268576, "MDC_DIM_DECIBEL"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Known = Nomenclature.Shipped.Entries.Select(entry => entry.Unit)
        .Concat(Confirmed.Keys)
        .Concat(["{count}", "kcal/d", "mL/mbar", "mbar.s/L", "L/min/kg", "mbar/L", "L/mbar", "L/bar", "mL/s", "mL/hPa"])
        .Where(unit => unit.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every UCUM code that can be written, in the order of their characters.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Order(StringComparer.Ordinal)];

    public static bool IsUcum(string unit) => Known.Contains(unit);

    /// <summary>DeviceMetric.unit; null = no code is confirmed. Beats and breaths have units of their own there.</summary>
    public static FhirCoding? MdcOf(string unit, string colourGroup) => (unit, colourGroup) switch
    {
        ("/min", "ecg" or "art" or "spo2" or "nibp") => FhirCoding.OfMdc(264864, "MDC_DIM_BEAT_PER_MIN"),
        ("/min", "resp" or "co2") => FhirCoding.OfMdc(264928, "MDC_DIM_RESP_PER_MIN"),
        _ => Confirmed.TryGetValue(unit, out (uint Code, string Name) found) ? FhirCoding.OfMdc(found.Code, found.Name) : null,
    };
}
