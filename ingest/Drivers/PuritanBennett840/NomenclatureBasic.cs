namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// Fields of MISCA (sheet 4), one a line: number | width in the recordings | what kind of field | what it is | unit in UCUM
/// | id of nomenclature.csv[/channel], or for an alarm of what it is about. What stands twice in a reply has
/// its id once; the second is kept under its number.
/// </summary>
internal static class BasicFields
{
    internal const string Fields = """
        5|6|time|ventilator time||
        6|18|identity|ventilator||
        7|6|reserved|not used||
        8|12|date|ventilator date||
        9|6|mode|mode||set-vent-mode
        10|6|setting|rate set|/min|set-rate
        11|6|setting|tidal volume set|L|set-vt
        12|6|setting|peak flow set|L/min|set-insp-flow
        13|6|setting|O2 set|%|set-fio2
        14|6|setting|pressure sensitivity set|cm[H2O]|set-trigger-pressure
        15|6|setting|PEEP or low PEEP set|cm[H2O]|set-peep
        16|6|setting|plateau time set|s|
        17|6|reserved|not used||
        18|6|reserved|not used||
        19|6|reserved|not used||
        20|6|reserved|not used||
        21|6|setting|apnoea interval set|s|set-apnea-time
        22|6|setting|apnoea tidal volume set|L|
        23|6|setting|apnoea rate set|/min|
        24|6|setting|apnoea peak flow set|L/min|
        25|6|setting|apnoea O2 set|%|
        26|6|setting|pressure support set|cm[H2O]|set-ps
        27|6|text|flow pattern||
        28|6|reserved|not used||
        29|6|reserved|not used||
        30|6|text|100 % O2||
        31|6|reserved|not used||
        32|6|reserved|not used||
        33|6|reserved|not used||
        34|6|measured|total rate|/min|vent-rate-total
        35|6|measured|exhaled tidal volume|L|vt-exp
        36|6|measured|exhaled minute volume|L/min|mv-exp
        37|6|measured|spontaneous minute volume|L/min|mv-spont
        38|6|measured|maximum circuit pressure|cm[H2O]|ppeak
        39|6|measured|mean airway pressure|cm[H2O]|pmean
        40|6|measured|end inspiratory pressure|cm[H2O]|
        41|6|measured|expiratory part of I:E|1|
        42|6|limit|high circuit pressure limit|cm[H2O]|
        43|6|reserved|not used||
        44|6|reserved|not used||
        45|6|limit|low exhaled tidal volume limit|L|
        46|6|limit|low exhaled minute volume limit|L/min|
        47|6|limit|high rate limit|/min|
        48|6|alarm|high circuit pressure||ppeak
        49|6|reserved|not used||
        50|6|reserved|not used||
        51|6|alarm|low exhaled tidal volume||vt-exp
        52|6|alarm|low exhaled minute volume||mv-exp
        53|6|alarm|high rate||vent-rate-total
        54|6|fault|no O2 supply||
        55|6|fault|no air supply||
        56|6|reserved|not used||
        57|6|alarm|apnoea||
        58|6|reserved|not used||
        59|6|reserved|not used||
        60|6|text|ventilator time again||
        61|6|reserved|not used||
        62|12|text|ventilator date again||
        63|6|manoeuvre|static compliance|mL/cm[H2O]|compliance-static
        64|6|manoeuvre|static resistance|cm[H2O].s/L|resistance/static
        65|6|manoeuvre|dynamic compliance|mL/cm[H2O]|compliance-dyn
        66|6|manoeuvre|dynamic resistance|cm[H2O].s/L|resistance-dyn
        67|6|manoeuvre|negative inspiratory force|cm[H2O]|nif
        68|6|manoeuvre|vital capacity|L|
        69|6|measured|peak spontaneous flow|L/min|peak-flow-insp/spontaneous
        70|6|setting|base flow set|L/min|
        71|6|setting|flow sensitivity set|L/min|set-trigger-flow
        72|6|reserved|not used||
        73|6|reserved|not used||
        74|6|reserved|not used||
        75|6|reserved|not used||
        76|6|reserved|not used||
        77|6|reserved|not used||
        78|6|reserved|not used||
        79|6|reserved|not used||
        80|6|reserved|not used||
        81|6|reserved|not used||
        82|6|reserved|not used||
        83|6|reserved|not used||
        84|6|measured|end inspiratory pressure, finer|cm[H2O]|
        85|6|setting|inspiratory pressure or high PEEP set|cm[H2O]|
        86|6|setting|inspiratory time or high PEEP time set|s|
        87|6|setting|apnoea interval set again|s|
        88|6|setting|apnoea inspiratory pressure set|cm[H2O]|
        89|6|setting|apnoea rate set again|/min|
        90|6|setting|apnoea inspiratory time set|s|
        91|6|setting|apnoea O2 set again|%|
        92|6|limit|apnoea high circuit pressure limit|cm[H2O]|
        93|6|silence|alarm silence||
        94|6|text|apnoea alarm again||
        95|6|alarm|severe occlusion or disconnect||
        96|6|setting|I:E inspiratory part, or H of H:L, set|1|
        97|6|setting|I:E expiratory part, or L of H:L, set|1|
        98|6|setting|apnoea I:E, inspiratory part set|1|
        99|6|setting|apnoea I:E, expiratory part set|1|
        100|9|text|constant on rate change||
        101|6|text|I:E||
        """;
}
