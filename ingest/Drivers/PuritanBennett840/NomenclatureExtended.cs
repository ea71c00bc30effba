namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// Fields of MISCF (sheet 5), one a line: number | width in the recordings | what kind of field | what it is | unit in UCUM
/// | id of nomenclature.csv[/channel], or for an alarm of what it is about. An empty unit is one that
/// the sheet does not state. Monitored volumes are litres, their limits millilitres.
/// </summary>
internal static class ExtendedFields
{
    internal const string Fields = """
        5|6|time|ventilator time||
        6|18|identity|ventilator||
        7|12|date|ventilator date||
        8|9|text|ventilation type||
        9|6|mode|mode||set-vent-mode
        10|6|text|mandatory breath type||
        11|6|text|spontaneous breath type||
        12|6|text|trigger type||
        13|6|setting|rate set|/min|set-rate
        14|6|setting|tidal volume set or target|L|set-vt
        15|6|setting|peak flow set|L/min|set-insp-flow
        16|6|setting|O2 set|%|set-fio2
        17|6|setting|pressure sensitivity set|cm[H2O]|set-trigger-pressure
        18|6|setting|PEEP set|cm[H2O]|set-peep
        19|6|setting|plateau time set|s|
        20|6|setting|apnoea interval set|s|set-apnea-time
        21|6|setting|apnoea tidal volume set|L|
        22|6|setting|apnoea rate set|/min|
        23|6|setting|apnoea peak flow set|L/min|
        24|6|setting|apnoea O2 set|%|
        25|6|setting|apnoea inspiratory pressure set|cm[H2O]|
        26|6|setting|apnoea inspiratory time set|s|
        27|6|text|apnoea flow pattern||
        28|6|text|apnoea mandatory type||
        29|6|setting|apnoea I:E, inspiratory part set|1|
        30|6|setting|apnoea I:E, expiratory part set|1|
        31|6|setting|support pressure above PEEP set|cm[H2O]|set-ps
        32|6|text|flow pattern||
        33|6|text|100 % O2 suction||
        34|6|limit|high peak pressure limit|cm[H2O]|
        35|6|limit|low peak pressure limit|cm[H2O]|
        36|6|limit|high minute volume limit|L/min|
        37|6|limit|low minute volume limit|L/min|
        38|6|limit|high mandatory tidal volume limit|mL|
        39|6|limit|low mandatory tidal volume limit|mL|
        40|6|limit|high spontaneous tidal volume limit|mL|
        41|6|limit|low spontaneous tidal volume limit|mL|
        42|6|limit|high rate limit|/min|
        43|6|limit|high inspired tidal volume limit|mL|
        44|6|setting|base flow set|L/min|
        45|6|setting|flow sensitivity set|L/min|set-trigger-flow
        46|6|setting|inspiratory pressure set|cm[H2O]|set-pinsp
        47|6|setting|inspiratory time set|s|set-ti
        48|6|setting|I:E inspiratory part, or H of H:L, set|1|
        49|6|setting|I:E expiratory part, or L of H:L, set|1|
        50|9|text|constant on rate change||
        51|6|setting|tube inner diameter set|mm|
        52|6|text|tube type||
        53|18|text|humidification type||
        54|6|setting|humidifier volume set|L|
        55|9|text|O2 sensor||
        56|6|limit|disconnect sensitivity set|%|
        57|6|setting|rise time set|%|
        58|6|setting|PAV support set|%|
        59|6|cycle|expiratory sensitivity set|%|set-cycle-off
        60|6|setting|ideal body weight set|kg|
        61|6|setting|target support volume set|L|
        62|6|setting|high PEEP set|cm[H2O]|set-phigh
        63|6|setting|low PEEP set|cm[H2O]|set-plow
        64|6|setting|high PEEP time set|s|set-thigh
        65|6|setting|high spontaneous inspiratory time limit set|s|
        66|9|text|circuit type||
        67|6|setting|low PEEP time set|s|set-tlow
        68|6|setting|expiratory time set|s|
        69|6|measured|end inspiratory pressure|cm[H2O]|
        70|6|measured|total rate|/min|vent-rate-total
        71|6|measured|exhaled tidal volume|L|vt-exp
        72|6|measured|exhaled minute volume|L/min|mv-exp
        73|6|measured|peak airway pressure|cm[H2O]|ppeak
        74|6|measured|mean airway pressure|cm[H2O]|pmean
        75|6|measured|expiratory part of I:E|1|
        76|6|text|I:E||
        77|6|measured|delivered O2|%|fio2-vent
        78|6|measured|inspired tidal volume|L|vt-insp
        79|6|measured|intrinsic PEEP|cm[H2O]|peep-intrinsic
        80|6|measured|estimated total resistance|cm[H2O].s/L|resistance/total
        81|6|measured|estimated patient resistance|cm[H2O].s/L|resistance/patient
        82|6|measured|estimated patient elastance|cm[H2O]/L|
        83|6|measured|estimated patient compliance|mL/cm[H2O]|compliance/patient
        84|6|measured|normalised rapid shallow breathing index||
        85|6|measured|rapid shallow breathing index|/min/L|rsbi
        86|6|measured|spontaneous Ti/Ttot||
        87|6|measured|PEEP|cm[H2O]|peep
        88|6|measured|spontaneous inspiratory time|s|ti/spontaneous
        89|6|measured|exhaled spontaneous minute volume|L/min|mv-spont
        90|6|manoeuvre|intrinsic PEEP at a pause|cm[H2O]|peep-intrinsic/pause
        91|6|manoeuvre|total PEEP at a pause|cm[H2O]|peep-total
        92|6|manoeuvre|static compliance|mL/cm[H2O]|compliance-static
        93|6|manoeuvre|static resistance|cm[H2O].s/L|resistance/static
        94|6|manoeuvre|plateau pressure|cm[H2O]|pplat
        95|6|alert|high spontaneous inspiratory time||
        96|6|measured|dynamic compliance|mL/cm[H2O]|compliance-dyn
        97|6|measured|dynamic resistance|cm[H2O].s/L|resistance-dyn
        98|6|measured|peak spontaneous flow|L/min|peak-flow-insp/spontaneous
        99|6|measured|peak expiratory flow|L/min|peak-flow-exp
        100|6|measured|end expiratory flow|L/min|
        101|6|reserved|not used||
        102|6|manoeuvre|negative inspiratory force|cm[H2O]|nif
        103|6|manoeuvre|P0.1|cm[H2O]|p01
        104|6|manoeuvre|vital capacity|L|
        105|6|silence|alarm silence||
        106|6|alarm|apnoea ventilation||
        107|6|alarm|high exhaled minute volume||mv-exp
        108|6|alarm|high exhaled tidal volume||vt-exp
        109|6|alarm|high O2||fio2-vent
        110|6|alarm|high inspiratory pressure||ppeak
        111|6|alarm|high ventilator pressure||
        112|6|alarm|high rate||vent-rate-total
        113|6|fault|AC power loss||
        114|6|fault|inoperative battery||
        115|6|fault|low battery||
        116|6|fault|loss of power||
        117|6|alarm|low exhaled mandatory tidal volume||vt-exp
        118|6|alarm|low exhaled minute volume||mv-exp
        119|6|alarm|low exhaled spontaneous tidal volume||vt-spont
        120|6|alarm|low O2||fio2-vent
        121|6|fault|low air supply pressure||
        122|6|fault|low O2 supply pressure||
        123|6|fault|compressor inoperative||
        124|6|alarm|disconnect||
        125|6|alarm|severe occlusion||
        126|6|alarm|inspiration too long||
        127|6|fault|procedure error||
        128|6|alarm|compliance limited tidal volume||
        129|6|alarm|high inspired spontaneous tidal volume||vt-insp
        130|6|alarm|high inspired mandatory tidal volume||vt-insp
        131|6|alarm|high compensation limit||
        132|6|alarm|PAV startup too long||
        133|6|alarm|PAV R and C not assessed||
        134|6|alarm|volume not delivered (VC+)||
        135|6|alarm|volume not delivered (VS)||
        136|6|alarm|low inspiratory pressure||ppeak
        137|6|fault|technical alert A5||
        138|6|fault|technical alert A10||
        139|6|fault|technical alert A15||
        140|6|fault|technical alert A20||
        141|6|fault|technical alert A25||
        142|6|fault|technical alert A30||
        143|6|fault|technical alert A35||
        144|6|fault|technical alert A40||
        145|6|fault|technical alert A45||
        146|6|fault|technical alert A50||
        147|6|fault|technical alert A55||
        148|6|fault|technical alert A60||
        149|6|fault|technical alert A65||
        150|6|fault|technical alert A70||
        151|6|fault|technical alert A75||
        152|6|fault|technical alert A80||
        153|6|fault|technical alert A85||
        154|6|measured|spontaneous tidal volume|L|vt-spont
        155|6|measured|total work of breathing|J/L|
        156|6|text|leak compensation||
        157|6|measured|leak|%|leak-percent
        158|6|measured|leak at PEEP||
        159|6|measured|leak volume||
        160|6|reserved|not used||
        161|6|reserved|not used||
        162|6|reserved|not used||
        163|6|reserved|not used||
        164|6|reserved|not used||
        165|6|reserved|not used||
        166|6|reserved|not used||
        167|6|reserved|not used||
        168|6|reserved|not used||
        169|6|reserved|not used||
        170|6|reserved|not used||
        171|6|reserved|not used||
        172|6|reserved|not used||
        173|6|reserved|not used||
        """;
}
