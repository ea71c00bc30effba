namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// The groups of the four classes and their values, from DRI (sheet 6.4 to 6.7). Groups:
/// class|name|offset in the subrecord|first level|values|channel. Values, in the order of the wire, two bytes each:
/// values|name|power of ten|unit|id or @rule or nothing|label|episode. A value with an episode is repeated until the next
/// measurement. The group ecg-extra has no header of its own.
/// </summary>
internal static class BasicTables
{
    public const string Groups = """
        0|ecg|4|2|ecg|
        0|p1|20|2|p|p1
        0|p2|34|2|p|p2
        0|p3|48|2|p|p3
        0|p4|62|2|p|p4
        0|nibp|76|2|nibp|
        0|t1|90|2|t|t1
        0|t2|98|2|t|t2
        0|t3|106|2|t|t3
        0|t4|114|2|t|t4
        0|spo2|122|2|spo2|
        0|co2|136|2|co2|
        0|o2|150|2|o2|
        0|n2o|160|2|n2o|
        0|aa|170|2|aa|
        0|flow|182|2|flow|
        0|co|204|2|co|
        0|nmt|218|2|nmt|
        0|ecg-extra|230|2|ecg-extra|
        0|svo2|236|2|svo2|
        0|p5|244|2|p|p5
        0|p6|258|2|p|p6
        1|arrh|4|3|arrh|arrhythmia
        1|ecg12|52|5|ecg12|ecg12
        1|p7|82|9|p|p7
        1|p8|96|9|p|p8
        1|spo2-2|110|9|spo2|spo2-2
        1|t5|124|9|t|t5
        1|t6|132|9|t|t6
        2|nmt2|4|3|nmt2|nmt2
        2|eeg|28|5|eeg|
        2|bis|100|7|bis|
        2|entropy|116|8|entropy|
        2|eeg2|202|5|eeg2|
        2|spi|234|9|spi|
        3|gasex|4|3|gasex|
        3|flow2|18|3|flow2|
        3|bal|64|3|bal|
        3|tono|74|3|tono|
        3|aa2|96|3|aa2|
        3|delp|120|10|delp|
        3|cpp|130|10|cpp|
        3|cpp2|138|10|cpp|cpp2
        3|picco|146|11|picco|picco
        """;

    public const string Values = """
        ecg|hr|0|/min|@hr|HR|
        ecg|st1|-2|mm|@st1|ST1|
        ecg|st2|-2|mm|@st2|ST2|
        ecg|st3|-2|mm|@st3|ST3|
        ecg|imp-rr|0|/min|resp-rate-impedance|RR impedance|
        p|sys|-2|mm[Hg]|@p-sys|sys|
        p|dia|-2|mm[Hg]|@p-dia|dia|
        p|mean|-2|mm[Hg]|@p-mean|mean|
        p|hr|0|/min|@p-hr|pulse|
        nibp|sys|-2|mm[Hg]|nibp-sys|NIBP sys|cuff
        nibp|dia|-2|mm[Hg]|nibp-dia|NIBP dia|cuff
        nibp|mean|-2|mm[Hg]|nibp-mean|NIBP mean|cuff
        nibp|hr|0|/min|pr-nibp|NIBP pulse|cuff
        t|temp|-2|Cel|@temp|temperature|
        spo2|spo2|-2|%|@spo2|SpO2|
        spo2|pr|0|/min|pr-spo2|pulse|
        spo2|ir-amp|-2|%||IR amplitude|
        spo2|svo2|-2|%|@old-svo2|SvO2|
        co2|et|-2|%||EtCO2|
        co2|fi|-2|%|@co2-fi|Fi|
        co2|rr|0|/min|@co2-rr|RR|
        co2|amb-press|-1|mm[Hg]||ambient pressure|
        o2|et|-2|%|eto2|EtO2|
        o2|fi|-2|%|fio2-gas|FiO2|
        n2o|et|-2|%|n2o-et|EtN2O|
        n2o|fi|-2|%|n2o-insp|FiN2O|
        aa|et|-2|%|@agent-et|EtAA|
        aa|fi|-2|%|@agent-insp|FiAA|
        aa|mac-sum|-2|1|mac|MAC|
        flow|rr|0|/min|vent-rate|RR|
        flow|ppeak|-2|cm[H2O]|pip|Ppeak|
        flow|peep|-2|cm[H2O]|peep|PEEP|
        flow|pplat|-2|cm[H2O]|pplat|Pplat|
        flow|tv-insp|-1|mL|vt-insp|TVinsp|
        flow|tv-exp|-1|mL|vt-exp|TVexp|
        flow|compliance|-2|mL/cm[H2O]|compliance|Compl|
        flow|mv-exp|-2|L/min|mv-exp|MVexp|
        co|co|-3|L/min|@co|CO|output
        co|blood-temp|-2|Cel|temp-blood|Tblood|
        co|ref|-2|%||REF|output
        co|pcwp|-2|mm[Hg]|pawp|PCWP|wedge
        nmt|t1|-1|%||T1|
        nmt|tratio|-1|%|tof-ratio|TOF ratio|
        nmt|ptc|0||@ptc|PTC|
        svo2|svo2|-2|%|svo2|SvO2|
        ecg-extra|hr-ecg|0|/min|hr/ecg|HR ECG|
        ecg-extra|hr-max|0|/min||HR max|
        ecg-extra|hr-min|0|/min||HR min|
        """;
}

/// <summary>The values of the three extension classes.</summary>
internal static class ExtensionTables
{
    public const string Values = """
        arrh|hr|0|/min|@hr|HR|
        arrh|rr-time|0|ms|rr-interval|RR time|
        arrh|pvc|0|/min|pvc-rate|PVC|
        ecg12|st-i|-2|mm|st-i|ST I|
        ecg12|st-ii|-2|mm|st-ii|ST II|
        ecg12|st-iii|-2|mm|st-iii|ST III|
        ecg12|st-avl|-2|mm|st-avl|ST aVL|
        ecg12|st-avr|-2|mm|st-avr|ST aVR|
        ecg12|st-avf|-2|mm|st-avf|ST aVF|
        ecg12|st-v1|-2|mm|st-v1|ST V1|
        ecg12|st-v2|-2|mm|st-v2|ST V2|
        ecg12|st-v3|-2|mm|st-v3|ST V3|
        ecg12|st-v4|-2|mm|st-v4|ST V4|
        ecg12|st-v5|-2|mm|st-v5|ST V5|
        ecg12|st-v6|-2|mm|st-v6|ST V6|
        nmt2|count|0|1||count|
        nmt2|t1|0|1||T1 absolute|
        nmt2|t2|0|1||T2 absolute|
        nmt2|t3|0|1||T3 absolute|
        nmt2|t4|0|1||T4 absolute|
        eeg|femg|-1|uV||FEMG|
        eeg|eeg1-ampl|-1|uV||EEG1 amplitude|
        eeg|eeg1-sef|-1|Hz|sef/eeg1|EEG1 SEF|
        eeg|eeg1-mf|-1|Hz||EEG1 MF|
        eeg|eeg1-delta|0|%||EEG1 delta|
        eeg|eeg1-theta|0|%||EEG1 theta|
        eeg|eeg1-alpha|0|%||EEG1 alpha|
        eeg|eeg1-beta|0|%||EEG1 beta|
        eeg|eeg1-bsr|0|%|bsr/eeg1|EEG1 BSR|
        eeg|eeg2-ampl|-1|uV||EEG2 amplitude|
        eeg|eeg2-sef|-1|Hz|sef/eeg2|EEG2 SEF|
        eeg|eeg2-mf|-1|Hz||EEG2 MF|
        eeg|eeg2-delta|0|%||EEG2 delta|
        eeg|eeg2-theta|0|%||EEG2 theta|
        eeg|eeg2-alpha|0|%||EEG2 alpha|
        eeg|eeg2-beta|0|%||EEG2 beta|
        eeg|eeg2-bsr|0|%|bsr/eeg2|EEG2 BSR|
        eeg|eeg3-ampl|-1|uV||EEG3 amplitude|
        eeg|eeg3-sef|-1|Hz|sef/eeg3|EEG3 SEF|
        eeg|eeg3-mf|-1|Hz||EEG3 MF|
        eeg|eeg3-delta|0|%||EEG3 delta|
        eeg|eeg3-theta|0|%||EEG3 theta|
        eeg|eeg3-alpha|0|%||EEG3 alpha|
        eeg|eeg3-beta|0|%||EEG3 beta|
        eeg|eeg3-bsr|0|%|bsr/eeg3|EEG3 BSR|
        eeg|eeg4-ampl|-1|uV||EEG4 amplitude|
        eeg|eeg4-sef|-1|Hz|sef/eeg4|EEG4 SEF|
        eeg|eeg4-mf|-1|Hz||EEG4 MF|
        eeg|eeg4-delta|0|%||EEG4 delta|
        eeg|eeg4-theta|0|%||EEG4 theta|
        eeg|eeg4-alpha|0|%||EEG4 alpha|
        eeg|eeg4-beta|0|%||EEG4 beta|
        eeg|eeg4-bsr|0|%|bsr/eeg4|EEG4 BSR|
        bis|bis|0|1|bis|BIS|
        bis|sqi|0|%|bis-sqi|BIS SQI|
        bis|emg|0|dB||BIS EMG|
        bis|sr|0|%|bsr/bis|BIS SR|
        entropy|se|0|1||SE|
        entropy|re|0|1||RE|
        entropy|bsr|0|%|bsr/entropy|entropy BSR|
        spi|spi|0|1||SPI|
        gasex|vo2|-1|mL/min|vo2|VO2|
        gasex|vco2|-1|mL/min|vco2|VCO2|
        gasex|ee|0|kcal/d||EE|
        gasex|rq|-3|1|rq|RQ|
        flow2|ipeep|-2|cm[H2O]|peep-intrinsic|PEEPi|
        flow2|pmean|-2|cm[H2O]|pmean|Pmean|
        flow2|raw|-2|cm[H2O].s/L|resistance|Raw|
        flow2|mv-insp|-2|L/min|mv-insp|MVinsp|
        flow2|epeep|-2|cm[H2O]|peep-extrinsic|PEEPe|
        flow2|mv-spont|-2|L/min|mv-spont|MVspont|
        flow2|ie-ratio|-2|1|ie-ratio|I:E|
        flow2|insp-time|-2|s|ti|Tinsp|
        flow2|exp-time|-2|s|te|Texp|
        flow2|static-compliance|-2|mL/cm[H2O]|compliance-static|static compliance|
        flow2|static-pplat|-2|cm[H2O]||static Pplat|
        flow2|static-peepe|-2|cm[H2O]||static PEEPe|
        flow2|static-peepi|-2|cm[H2O]||static PEEPi|
        bal|et|-2|%||balance gas et|
        bal|fi|-2|%||balance gas fi|
        tono|prco2|-2|kPa||PrCO2|
        tono|pr-et|-2|kPa||Pr-Et|
        tono|pr-pa|-2|kPa||Pr-Pa|
        tono|pa-delay|0|min||Pa delay|
        tono|phi|-2|1||pHi|
        tono|phi-delay|0|min||pHi delay|
        tono|amb-press|-1|mm[Hg]||ambient pressure|
        tono|cpma|-1|mbar||CPMA|
        aa2|mac-age-sum|-2|1||MAC for age|
        delp|spv|-2|mm[Hg]||SPV|
        delp|ppv|-2|%|ppv|PPV|
        cpp|value|-2|mm[Hg]|cpp|CPP|
        picco|cci|-3|L/min/m2|cci|CCI|
        picco|cco|-3|L/min|cco|CCO|
        picco|cfi|-2|/min||CFI|
        picco|ci|-3|L/min/m2|ci|CI|
        picco|co|-3|L/min|co|CO|
        picco|cpi|0|mW/m2||CPI|
        picco|cpo|0|mW||CPO|
        picco|dpmax|0|mm[Hg]/s|dpdt-max|dPmax|
        picco|elwi|-1|mL/kg|elwi|ELWI|
        picco|evlw|0|mL||EVLW|
        picco|gedi|0|mL/m2|gedi|GEDI|
        picco|gedv|0|mL||GEDV|
        picco|gef|-1|%||GEF|
        picco|itbi|0|mL/m2||ITBI|
        picco|itbv|0|mL||ITBV|
        picco|ppv|-1|%|ppv|PPV|
        picco|pvpi|-2|1||PVPI|
        picco|sv|-1|mL|sv|SV|
        picco|svi|-1|mL/m2|svi|SVI|
        picco|svr|0|dyn.s/cm5|svr|SVR|
        picco|svri|0|dyn.s.m2/cm5|svri|SVRI|
        picco|svv|-1|%|svv|SVV|
        picco|tblood|-2|Cel|temp-blood|Tblood|
        picco|tinj|-2|Cel|temp-injectate|Tinj|
        """;
}
