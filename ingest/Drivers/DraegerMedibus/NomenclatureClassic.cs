namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Measured data and limits of the classic devices (Evita, Savina, Capnosat; sheet 9), one code a line:
/// code | symbol | what it is | unit on the wire in UCUM | id | code it shares its signal with | decimal places to shift.
/// An Evita 4 moves a quantity between two codes by its size: the two are one signal, or each would look lost while the
/// other lives. Only the tidal volume changes its unit on the way, litres to millilitres: its decimal point moves.
/// </summary>
internal static class ClassicTables
{
    internal const string Codepage1 = """
        06|C|compliance below 100|L/bar|compliance|07
        07|C|compliance|L/bar|compliance
        08|R|resistance|mbar.s/L|resistance
        09|V'CO2|CO2 production|mL/min|vco2
        0B|R|resistance below 100|mbar.s/L|resistance|08
        69|Tplat|plateau time|s|
        6F|Ti|inspiratory time|s|ti
        71|Pmin|minimum airway pressure|mbar|pmin
        72|P0.1|occlusion pressure P0.1|mbar|p01
        73|Pmean|mean airway pressure|mbar|pmean
        74|Pplat|plateau pressure|mbar|pplat
        76|Peak flow|peak flow|mL/s|peak-flow-insp
        78|PEEP|PEEP|mbar|peep
        79|PEEPi|intrinsic PEEP|mbar|peep-intrinsic
        7A|MVspn|spontaneous minute volume below 1 L|L/min|mv-spont|B7
        7D|Ppeak|peak pressure|mbar|pip
        81|Vtrap|trapped volume|mL|
        82|VT|tidal volume from 1 L|mL|vt|88|3
        88|VT|tidal volume|mL|vt
        89|Vds|dead space|mL|deadspace
        8A|Vds/VT|relative dead space|%|vd-vt
        8B|Vsupp|inspiratory volume of spontaneous support|mL|
        8D|NIF|negative inspiratory force|mbar|nif
        B5|fspn|spontaneous rate|/min|vent-rate-spont
        B7|MVspn|spontaneous minute volume|L/min|mv-spont
        B8|MV|minute volume below 1 L|L/min|mv|B9
        B9|MV|minute volume|L/min|mv
        C1|T Airw|airway temperature|Cel|temp-airway
        C6|Battery|battery capacity|%|
        C7|O2bias|O2 accuracy|%|
        C9|RSBI|rapid shallow breathing index|/min/L|rsbi
        D5|fCO2|respiratory rate by CO2|/min|resp-rate-co2
        D6|f|respiratory rate|/min|vent-rate
        DA|inCO2|inspired CO2|%|
        DB|etCO2|end-tidal CO2|%|
        E1|PLS|pulse rate|/min|pr-spo2
        E3|etCO2|end-tidal CO2|kPa|etco2
        E5|inCO2|inspired CO2|mm[Hg]|inco2
        E6|etCO2|end-tidal CO2|mm[Hg]|etco2
        E7|I:E I|I part of I:E|1|
        E8|I:E E|E part of I:E|1|
        EB|SpO2|oxygen saturation|%|spo2
        F0|FiO2|inspired O2|%|fio2-vent
        FF|inCO2|inspired CO2|kPa|inco2
        """;
}
