namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// Channels with numbers (sheet 7), one a line: channel | what it is | id of nomenclature.csv[/channel]. Unit and scale are not here: the ventilator
/// tells them, and they change with the version of the protocol. A percentage of carbon dioxide is no pressure and has no id.
/// </summary>
internal static class ChannelTables
{
    internal const string Curves = """
        100|flow|airway-flow
        101|inspiratory airway pressure|
        102|expiratory airway pressure|
        103|CO2|
        113|airway pressure|paw
        114|volume|airway-volume
        115|pressure at the Y piece|paw/y-piece
        116|flow at the Y piece|airway-flow/y-piece
        117|volume at the Y piece|airway-volume/y-piece
        118|Edi|edi
        119|CO2|co2
        """;

    internal const string Breath = """
        200|respiratory rate|vent-rate
        201|expired tidal volume|vt-exp
        202|inspired tidal volume|vt-insp
        203|inspired minute volume|mv-insp
        204|expired minute volume|mv-exp
        205|peak pressure|ppeak
        206|mean pressure|pmean
        207|pause pressure|pplat
        208|end expiratory pressure|peep
        209|O2|fio2-vent
        210|barometer|
        211|air supply pressure|
        212|O2 supply pressure|
        224|CO2 tidal production|
        225|end tidal CO2|
        226|CO2 minute production|vco2
        231|expiratory resistance|resistance-exp
        232|static compliance|compliance-static
        233|end expiratory flow|
        236|inspiratory resistance|resistance-insp
        238|I:E|
        239|inspiratory time|ti
        240|dynamic compliance|compliance-dyn
        241|dynamic characteristics|
        242|leak with NIV|leak-percent
        243|elastance|
        244|Ti/Ttot|ti-ttot
        245|total PEEP|peep-total
        246|shallow breathing index, obsolete|
        247|spontaneous rate|vent-rate-spont
        248|spontaneous expired minute volume|mv-spont
        249|spontaneous share of minute volume|
        250|time constant|
        251|work of breathing of the ventilator|
        252|work of breathing of the patient|wob
        253|CPAP|
        254|P0.1|p01
        255|Edi peak|edi-peak
        256|Edi minimum|edi-min
        257|Edi trigger share|
        258|Edi cycle-off share|
        259|shallow breathing index|rsbi
        260|end tidal CO2|etco2
        261|stress index|
        262|nebulisation time left|
        263|average Edi peak|edi-peak/average
        264|average Edi minimum|edi-min/average
        """;

    internal const string Settings = """
        300|CMV rate|set-rate
        301|inspiratory time share|
        302|pause time share|
        303|SIMV rate|set-rate/simv
        304|rise time share|
        305|minute volume|
        306|pressure control above PEEP|set-pc
        307|pressure support above PEEP|set-ps
        308|PEEP|set-peep
        312|CPAP|
        313|high expired minute volume limit, obsolete|
        314|low expired minute volume limit, obsolete|
        315|upper pressure limit|
        316|high end tidal CO2 limit|
        317|low end tidal CO2 limit|
        318|high O2 limit|
        319|low O2 limit|
        323|O2|set-fio2
        327|trigger below PEEP|set-trigger-pressure
        328|flow trigger|
        333|I:E|set-ie
        334|tidal volume|set-vt
        335|backup rate|
        336|backup inspiratory time|
        338|high pressure|set-phigh
        339|high pressure time|set-thigh
        340|PEEP time|set-tlow
        341|pressure support above high pressure|
        342|pressure support above PEEP, Bivent|
        343|inspiratory time|set-ti
        344|pause time|
        345|rise time|set-rise-time
        346|SIMV breath time|
        347|backup pressure|
        348|inspiratory flow|set-insp-flow
        350|cycle-off|set-cycle-off
        352|automode timeout|
        353|high rate limit|
        354|low rate limit|
        355|apnoea time|set-apnea-time
        356|low PEEP limit|
        357|high PEEP limit|
        358|low CPAP limit|
        359|high CPAP limit|
        361|Edi trigger|
        362|NAVA level|set-nava-level
        364|high expired minute volume limit|
        365|low expired minute volume limit|
        366|high end tidal CO2 limit, pressure|
        367|low end tidal CO2 limit, pressure|
        368|backup tidal volume|
        369|backup I:E|
        370|apnoea audio delay|
        373|nebulisation time|
        378|VC flow share|
        """;
}
