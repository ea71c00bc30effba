using System.Collections.Frozen;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Units of the monitor, partition DIM, in UCUM (DEI sheet, section 13.3). Beats, pulses and breaths per minute are all
/// <c>/min</c>: the signal says of what. The unit is always the one on the wire; monitors are set to mmHg or kPa, °C or °F.
/// </summary>
internal static class Units
{
    public const string Dimensionless = "1";

    private static readonly FrozenDictionary<ushort, string> Known = new Dictionary<ushort, string>
    {
        [0x0000] = "",
        [0x0200] = "1",
        [0x0220] = "%",
        [0x0260] = "[ppm]",
        [0x03E0] = "[pH]",
        [0x0511] = "cm",
        [0x0512] = "mm",
        [0x0560] = "[in_i]",
        [0x0592] = "mL/m2",
        [0x05C0] = "m2",
        [0x0640] = "L",
        [0x0652] = "mL",
        [0x0672] = "mL/{breath}",
        [0x06C0] = "g",
        [0x06C3] = "kg",
        [0x06D2] = "mg",
        [0x06D3] = "ug",
        [0x06E0] = "[lb_av]",
        [0x0800] = "g/L",
        [0x0840] = "g/dL",
        [0x0852] = "mg/dL",
        [0x0880] = "s",
        [0x0892] = "ms",
        [0x08A0] = "min",
        [0x08C0] = "h",
        [0x08E0] = "d",
        [0x0920] = "mo",
        [0x0940] = "a",
        [0x09C0] = "Hz",
        [0x09E0] = "/min",
        [0x0AA0] = "/min",
        [0x0AC0] = "/min",
        [0x0AE0] = "/min",
        [0x0B20] = "L/min/m2",
        [0x0B32] = "mL/min/m2",
        [0x0BE0] = "L/s",
        [0x0C00] = "L/min",
        [0x0C12] = "mL/min",
        [0x0C32] = "mL/h",
        [0x0C72] = "mL/kg",
        [0x0F00] = "Pa",
        [0x0F02] = "hPa",
        [0x0F03] = "kPa",
        [0x0F20] = "mm[Hg]",
        [0x0F40] = "cm[H2O]",
        [0x0F72] = "mbar",
        [0x1020] = "dyn.s/cm5",
        [0x1780] = "dyn.s.m2/cm5",
        [0x1052] = "mA",
        [0x17D2] = "mA.h",
        [0x10B2] = "mV",
        [0x10B3] = "uV",
        [0x10C0] = "Ohm",
        [0x10C3] = "kOhm",
        [0x1140] = "[degF]",
        [0x17A0] = "Cel",
        [0x1120] = "K",
        [0x1272] = "mmol/L",
        [0x12F2] = "meq/L",
        [0x1712] = "mL/cm[H2O]",
        [0x1720] = "cm[H2O].s/L",
        [0x1912] = "mL/dL",
        [0x1920] = "dB",
        [0xF001] = "{count}",
        [0xF004] = "uV",
        [0xF009] = "mm[Hg]/s",
        [0xF0A3] = "kcal/d",
        [0xF152] = "mL/mbar",
        [0xF192] = "mbar.s/L",
        [0xF260] = "L/min/kg",
    }.ToFrozenDictionary();

    public static IEnumerable<ushort> Listed => Known.Keys;

    /// <summary>UCUM; a unit that is not listed keeps its code as an annotation, so that it is never taken for another.</summary>
    public static string Ucum(ushort code) => Known.TryGetValue(code, out string? unit) ? unit : $"{{philips:0x{code:X4}}}";
}
