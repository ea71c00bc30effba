namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Device settings (sheet 10.3), one code a line: code | symbol | what it is | unit on the wire in UCUM | id. An empty
/// unit is one the sheet does not state.
/// </summary>
internal static class SettingTables
{
    internal const string MedibusX = """
        01|FiO2|oxygen concentration|%|set-fio2
        02|Flow|inspiratory flow|L/min|set-insp-flow
        03|Tsigh|sigh interval|s|
        04|VTi|inspiratory tidal volume|L|set-vt
        05|Ti|inspiratory time|s|set-ti
        06|Te|expiratory time|s|
        07|I:E I|I part of I:E|1|
        08|I:E E|E part of I:E|1|
        09|RR|respiratory rate|/min|set-rate
        0A|RRmin|minimum respiratory rate|/min|
        0B|PEEP|PEEP|mbar|set-peep
        0C|dPEEP sigh|intermittent PEEP of a sigh|mbar|
        0D|Plow|lower pressure level|mbar|set-plow
        0E|Phigh|upper pressure level|mbar|set-phigh
        0F|Tlow|time at the lower level|s|set-tlow
        10|Thigh|time at the upper level|s|set-thigh
        11|Tapn|apnoea time|s|set-apnea-time
        12|dPsupp|pressure support|mbar|set-ps
        13|Pmax|pressure limit|mbar|set-pmax
        14|Sigh cycles|cycles per sigh|1|
        17|P0.1 interval|interval of P0.1 measurement|min|
        18|Tdelay MV high|delay of the MV high alarm|s|
        19|Tdelay MV low|delay of the MV low alarm|s|
        1A|T Air|air temperature|Cel|
        1B|T Skin|skin temperature|Cel|
        1C|Humidity|humidity|%|
        24|O2|oxygen concentration of the incubator|%|
        27|Plateau|plateau as part of Ti|%|
        29|Flow trigger|flow trigger|L/min|set-trigger-flow
        2A|fHFO|HFO frequency|Hz|
        2E|Slope|rise time|s|set-rise-time
        2F|FG flow|fresh-gas flow|mL/min|
        3C|Flow assist|flow assist, tenths|10*-1.mbar.s/L|
        3D|Volume assist|volume assist, tenths|10*-1.mbar/L|
        3E|Heater rad|radiant heater|%|
        3F|T Matt|mattress temperature|Cel|
        40|VTi|inspiratory tidal volume|mL|set-vt
        42|RRapn|rate of apnoea ventilation|/min|
        44|VTapn|tidal volume of apnoea ventilation|L|
        45|Pinsp|inspiratory pressure|mbar|set-pinsp
        46|ATC|tube compensation|%|
        47|Tube diameter|inner diameter of the tube|mm|
        49|I:E|I:E|%|
        4A|Age|age||
        4B|Weight|weight|kg|set-patient-weight
        4E|Tdisconnect|delay of the disconnection alarm|s|
        4F|Flow acc|flow acceleration|mbar/s|
        55|Agent|agent in the fresh gas|%|
        56|etAgent|end-tidal target of the agent|kPa|
        5B|Iso|isoflurane in the fresh gas|%|
        5C|etIso|end-tidal target of isoflurane|kPa|
        5D|Des|desflurane in the fresh gas|%|
        5E|etDes|end-tidal target of desflurane|kPa|
        5F|Sev|sevoflurane in the fresh gas|%|
        60|etSev|end-tidal target of sevoflurane|kPa|
        61|FG O2|oxygen in the fresh gas|%|
        62|FG min|minimum fresh-gas flow|L/min|
        63|Timax|longest inspiratory time|s|
        65|O2 flow|flow of O2 therapy|L/min|
        66|MAPhf|mean pressure of HFO|mbar|
        67|HFO I|I part of HFO|1|
        68|HFO E|E part of HFO|1|
        69|DPhf|amplitude of HFO|mbar|
        6A|VThf|tidal volume of HFO|mL|
        6B|HFO sigh rate|rate of HFO sighs||
        6C|HFO sigh Ti|inspiratory time of HFO sighs||
        6D|HFO sigh P|pressure of HFO sighs||
        6E|VTapn|tidal volume of apnoea ventilation|mL|
        6F|IBW|ideal body weight|kg|
        72|Insp term|inspiratory termination, part of peak flow|%|set-cycle-off
        73|Exp term|expiratory termination, part of peak flow|%|
        74|SC weight|weight for SmartCare|kg|
        75|SC rest start|begin of the night's rest for SmartCare|h|
        76|SC rest end|end of the night's rest for SmartCare|h|
        78|HFO sigh slope|slope of HFO sighs||
        79|SC FiO2 high|upper FiO2 for SmartCare||
        7A|SC PEEP max|upper PEEP for SmartCare|mbar|
        7B|Pvar|pressure variability|%|
        7D|Tlow max|longest time at the lower level|s|
        7E|SC RR low|lower rate for SmartCare||
        7F|SC RR high|upper rate for SmartCare||
        80|SC VT low|lower tidal volume for SmartCare|mL/kg|
        81|SC etCO2 high|upper end-tidal CO2 for SmartCare||
        82|SC height|height for SmartCare|cm|
        83|Height|height|cm|
        84|DPhf max|largest amplitude of HFO|mbar|
        85|VTmax|largest tidal volume|mL|
        86|Pman|pressure of a manual inspiration|mbar|
        87|Tman|time of a manual inspiration|s|
        88|SVC Pmax|largest pressure for SVC|mbar|
        8A|Airway|airway access: 0 tube, 1 laryngeal mask|1|
        8B|Lung|lung mechanics: 0 normal, 1 restrictive, 2 obstructive|1|
        8C|SVC goal|goal of SVC|1|
        """;

    /// <summary>
    /// What classic devices mean otherwise (sheet 10.3, below the table). 4C is of older anaesthesia machines. The units
    /// of 16, 17 and 2E are not stated for them.
    /// </summary>
    internal const string Classic = """
        02|Flow max|largest inspiratory flow|L/min|set-insp-flow
        0A|fIPPV|IPPV frequency|/min|
        0C|PEEP int|intermittent PEEP|mbar|
        15|Trigger|trigger pressure|mbar|set-trigger-pressure
        16|ftachy|tachypnoea frequency||
        17|Ttachy|tachypnoea duration||
        2E|ASB ramp|ASB ramp||set-rise-time
        4C|Flow|inspiratory flow|L/s|
        """;
}
