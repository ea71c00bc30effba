namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Measured data and limits of MEDIBUS.X (sheet 10.1 and 10.2), one code a line:
/// code | the device's symbol | what it is | unit on the wire in UCUM | id of nomenclature.csv[/channel], if it has one.
/// A code gets an id only where its unit is of the id's dimension: a percentage of carbon dioxide is not a pressure. An
/// empty unit marks digits that are not a number (hours and minutes, day and month): they are told as text.
/// </summary>
internal static class MeasuredTables
{
    internal const string MedibusXCodepage1 = """
        00|Air cons|cumul. air used|L|
        01|N2O cons|cumul. N2O used|L|
        03|MVe|exp MV|L/min|mv-exp
        04|O2 cons|cumul. O2 used|L|
        05|Paw|airway press|mbar|
        06|MVi|insp MV|L/min|mv-insp
        07|Cdyn|dynamic compl.|L/bar|compliance-dyn
        08|R|resistance|mbar.s/L|resistance
        09|V'CO2|CO2 production|mL/min|vco2
        0A|MVespon|spont exp MV|L/min|mv-spont/expired
        0B|Rpat|patient airway resistance|mbar.s/L|
        0D|MVemand|mand exp MV|L/min|
        0E|CO2 slope|CO2 phase-III slope|mm[Hg]/L|
        0F|O2-CGS|O2 central gas supply press|mbar|
        10|CO2 slope|CO2 phase-III slope|kPa/L|
        11|CO2 slope|CO2 phase-III slope|%/L|
        12|Flow device|average device flow|L/min|
        16|VTmand|mand VT|mL|
        19|STI|ST I|mm|
        1A|STII|ST II|mm|
        1B|Hal cons|cumul. halothane used|mL|
        1C|Enf cons|cumul. enflurane used|mL|
        1D|Iso cons|cumul. isoflurane used|mL|
        1E|Des cons|cumul. desflurane used|mL|
        1F|Sev cons|cumul. sevoflurane used|mL|
        21|CI|cardiac index|L/min/m2|ci
        22|SV|stroke volume|mL|sv
        23|SVI|stroke index|mL/m2|svi
        24|LVSWI|left ventr. stroke work index|g.m/m2|lvswi
        25|RVSWI|right ventr. stroke work index|g.m/m2|rvswi
        26|SVR|systemic vascular resistance|dyn.s/cm5|svr
        27|Gas cons|cumul. gas used|L|
        28|Tcase|therapy case duration|min|
        2A|r2|correlation factor|1|
        2B|LV D|left ventr. press - diastolic|mm[Hg]|lvp-dia
        2C|LV S|left ventr. press - systolic|mm[Hg]|lvp-sys
        2D|LV M|left ventr. press - mean|mm[Hg]|
        2E|RV D|right ventr. press - diastolic|mm[Hg]|rvp-dia
        2F|RV S|right ventr. press - systolic|mm[Hg]|rvp-sys
        30|RV M|right ventr. press - mean|mm[Hg]|
        31|GP1 D|general diastolic press (channel 1)|mm[Hg]|ibp-dia/gp1
        32|GP1 S|general systolic press (channel 1)|mm[Hg]|ibp-sys/gp1
        33|GP1 M|general mean press (channel 1)|mm[Hg]|ibp-mean/gp1
        34|GP2 D|general diastolic press (channel 2)|mm[Hg]|ibp-dia/gp2
        35|GP2 S|general systolic press (channel 2)|mm[Hg]|ibp-sys/gp2
        36|GP2 M|general mean press (channel 2)|mm[Hg]|ibp-mean/gp2
        37|ICP|intracranial press|mm[Hg]|icp-mean
        38|CPP|cerebral perfusion press|mm[Hg]|cpp
        39|LA|left atrial press|mm[Hg]|lap-mean
        3C|Cdyn mean|mean dynamic compl.|L/bar|
        50|inHal|insp halothane conc|kPa|
        51|etHal|et halothane conc|kPa|
        52|inEnf|insp enflurane conc|kPa|
        53|etEnf|et enflurane conc|kPa|
        54|inIso|insp isoflurane conc|kPa|
        55|etIso|et isoflurane conc|kPa|
        56|inDes|insp desflurane conc|kPa|
        57|etDes|et desflurane conc|kPa|
        58|inSev|insp sevoflurane conc|kPa|
        59|etSev|et sevoflurane conc|kPa|
        5A|inAgent1|insp conc of agent 1|kPa|
        5B|etAgent1|et conc of agent 1|kPa|
        5C|inAgent2|insp conc of agent 2|kPa|
        5D|etAgent2|et conc of agent 2|kPa|
        5E|STIII|ST III|mm|
        5F|STaVL|ST aVL|mm|
        60|STaVF|ST aVF|mm|
        61|STaVR|ST aVR|mm|
        62|STV|ST V|mm|
        63|STV+|ST V+|mm|
        64|V'O2|O2 uptake|10.mL/min|vo2
        65|T Peri|peripheral skin temp|Cel|temp-skin/peripheral
        66|T Centr|central skin temp|Cel|temp-skin/central
        68|VTispon|spont insp VT|mL|
        69|Tplat|plateau time|s|
        6A|T Matt|mattress temp|Cel|
        6B|Pamb|ambient press|mbar|
        6C|Humidity|relative humidity|%|
        6D|T Air|air temp|Cel|
        6E|Heater rad|radiant warmer power|%|
        6F|Tispon|spont insp time|s|
        71|Pmin|minimum press|mbar|pmin
        72|P0.1|occlusion press in P0.1 maneuver|mbar|p01
        73|Pmean|mean airway press|mbar|pmean
        74|Pplat|plateau press|mbar|pplat
        76|Flowipeak|insp peak flow|mL/s|peak-flow-insp
        78|PEEP|positive end-exp press|mbar|peep
        79|PEEPi|intrinsic PEEP|mbar|peep-intrinsic
        7B|RRmand|mand RR|/min|vent-rate-mand
        7C|MVmand|mand MV|L/min|
        7D|PIP|peak insp press|mbar|pip
        7E|VTmand|mand VT|L|
        7F|VTspon|spont VT|L|vt-spont
        81|Vtrap|volume trapped in the lung by intrinsic PEEP|mL|
        83|VTemand|mand exp VT|mL|
        84|VTespon|spont exp VT|mL|
        85|VTimand|mand insp VT|mL|
        86|VThf|VT during HFO|mL|
        88|VT|VT|mL|vt
        89|Vds|serial dead space volume|mL|deadspace
        8A|Vds/VTe|ratio of serial dead space volume to exp VT|%|vd-vt
        8B|VTi|insp VT (deprecated)|mL|
        8C|NIBP D|NIBP - diastolic|mm[Hg]|nibp-dia
        8D|NIF|negative insp force|mbar|nif
        91|NIBP M|NIBP - mean|mm[Hg]|nibp-mean
        92|Tnibp|time since last NIBP measurement|min|
        96|NIBP S|NIBP - systolic|mm[Hg]|nibp-sys
        9B|C.O|cardiac output|L/min|co
        9C|Hal tot|total halothane uptake|mL|
        9D|Des tot|total desflurane uptake|mL|
        9E|Iso tot|total isoflurane uptake|mL|
        9F|Sev tot|total sevoflurane uptake|mL|
        A0|Enf tot|total enflurane uptake|mL|
        A1|PA D|pulm. arterial press - diastolic|mm[Hg]|pap-dia
        A2|Dur PT|duration of phototherapy, HHMM||
        A3|Irradiance PT|irradiance during phototherapy|uW/cm2/nm|
        A5|CVP|central venous press|mm[Hg]|cvp-mean
        A6|PA M|pulm. arterial press - mean|mm[Hg]|pap-mean
        A7|RA|right atrial press|mm[Hg]|rap-mean
        AB|PA S|pulm. arterial press - systolic|mm[Hg]|pap-sys
        AC|inxMAC|MAC multiple derived from insp conc|1|
        AD|xMAC|MAC multiple derived from exp conc|1|mac
        AE|inDes|insp desflurane conc|%|des-insp
        AF|etDes|et desflurane conc|%|des-et
        B0|inSev|insp sevoflurane conc|%|sev-insp
        B1|etSev|et sevoflurane conc|%|sev-et
        B2|Leakage|leakage of the breathing system|mL/min|
        B3|% leak|leakage MV in % of insp MV|%|leak-percent
        B4|RRp|RR based on press measurement|/min|
        B5|RRspon|spont RR|/min|vent-rate-spont
        B6|% MVspon|spont breathing portion of MV|%|
        B7|MVspon|spont MV|L/min|mv-spont
        B9|MV|MV|L/min|mv
        BD|Tapnea|apnea duration|s|apnea-duration
        BE|T2|temp 2|Cel|temp/t2
        C0|O2|oxygen conc|%|
        C1|T Airw|airway temp|Cel|temp-airway
        C2|ΔT Skin|skin temp difference|Cel|temp-diff
        C3|T1|temp 1|Cel|temp/t1
        C4|DO2|insp/exp oxygen conc difference|%|
        C5|PWP|pulm. wedge press|mm[Hg]|pawp
        C6|Battery|battery capacity|%|
        C7|O2bias|insp. O2 accuracy|%|
        C8|ART D|arterial diastolic press|mm[Hg]|art-dia
        C9|RSBI|rapid shallow breathing index|/min/L|rsbi
        CD|ART M|arterial mean press|mm[Hg]|art-mean
        CE|PI|perfusion index|%|perfusion-index
        D0|RRtrig|RR of triggered, mand breaths|/min|
        D2|ART S|arterial systolic press|mm[Hg]|art-sys
        D5|RRc|RR based on CO2 measurement|/min|resp-rate-co2
        D6|RR|RR|/min|vent-rate
        D7|RRf|RR based on volume/flow measurement|/min|
        D9|RR|RR (deprecated)|/min|
        DA|inCO2|insp CO2 conc|%|
        DB|etCO2|et CO2 conc|%|
        DC|HR|heart rate|/min|hr
        DD|FG V'N2O|N2O fresh gas|mL/min|
        DE|FG V'Air|air fresh gas|mL/min|
        DF|PLS derived|derived pulse rate|/min|
        E1|PLS|pulse rate|/min|pr-spo2
        E2|FG V'O2|oxygen fresh gas|mL/min|
        E3|etCO2|et CO2 conc|kPa|etco2
        E4|Light|light level|lx|
        E5|inCO2|insp CO2 conc|mm[Hg]|inco2
        E6|etCO2|et CO2 conc|mm[Hg]|etco2
        E7|I:E I|measured I:E, I part|1|
        E8|I:E E|measured I:E, E part|1|
        E9|inAgent1|insp conc of agent 1|%|agent-insp/agent-1
        EA|etAgent1|et conc of agent 1|%|agent-et/agent-1
        EB|SpO2|oxygen saturation from pulse oximetry|%|spo2
        EC|Noise|noise level|dB|
        ED|inAgent2|insp conc of agent 2|%|agent-insp/agent-2
        EE|etAgent2|et conc of agent 2|%|agent-et/agent-2
        EF|etO2|et oxygen conc|%|eto2
        F0|FiO2|insp oxygen fraction|%|fio2-vent
        F1|Heater conv|convective heater power|%|
        F2|BW|body weight|g|weight
        F3|Weight date|date of the latest weight, DDMM||
        F4|inHal|insp halothane conc|%|hal-insp
        F5|etHal|et halothane conc|%|hal-et
        F6|inEnf|insp enflurane conc|%|enf-insp
        F7|etEnf|et enflurane conc|%|enf-et
        F8|inIso|insp isoflurane conc|%|iso-insp
        F9|etIso|et isoflurane conc|%|iso-et
        FA|Weight age|age of the weight sample|h|
        FB|inN2O|insp N2O conc|%|n2o-insp
        FC|etN2O|et N2O conc|%|n2o-et
        FF|inCO2|insp CO2 conc|kPa|inco2
        """;

    internal const string MedibusXCodepage2 = """
        00|VTspon|spont VT|mL|vt-spont
        03|DPhf|press amplitude during HFO|mbar|
        04|I (I:Espon)|insp part of I:E ratio during spont breathing|1|
        05|E (I:Espon)|exp part of I:E ratio during spont breathing|1|
        06|E|elastance|mbar/L|
        07|TC|time constant|s|
        09|TCe|exp time constant|s|time-constant-exp
        0A|Cstat|static compl.|mL/mbar|compliance-static
        0B|C20/Cdyn|ratio of compl. during the last 20 % of inspiration over dynamic compl.|1|
        0C|DCO2|CO2 elimination coefficient during HFO|10.mL2/s|
        0D|RSBI|rapid shallow breathing index|/min/mL|rsbi
        0E|TOF Ratio|train-of-four ratio|%|tof-ratio
        0F|PTC|post-tetanic count|1|
        10|T NMT|NMT temp|Cel|
        11|Single|single twitch mode|%|
        12|TOF Cnt|train-of-four count|1|tof-count
        13|BIS|bispectral index|1|bis
        14|EMG|electromyogram power|dB|
        15|SQI|signal quality index|%|bis-sqi
        16|BSR|burst suppression ratio (BIS)|%|bsr
        17|SEF95|spectral edge frequency 95|Hz|sef
        18|BCT|burst count (BIS)|1|
        19|EEG Pwr|total power (BIS)|dB|
        1A|SC-DPsupp goal|goal for Dpress support in SC|mbar|
        1B|SC-DPsupp rated|rated Dpress support by internal controller in SC|mbar|
        1C|SC-duration|duration of session (hours) in SC|h|
        1D|SC-duration|duration of session (minutes) in SC|min|
        1E|SC-RRspon|spont RR in SC|/min|
        1F|SC-VT|VT in SC|mL|
        21|VTe|exp VT|mL|vt-exp
        22|VTi|insp VT|mL|vt-insp
        23|EIP|end-insp press|mbar|pinsp-end
        24|Tlow|effective exp time during APRV/AutoRelease|s|
        25|VTCO2|CO2 production volume per breath|mL|
        28|SC-etCO2|et CO2 conc in SC|mm[Hg]|
        29|STI|ST I|10*-1.mm|
        2A|STII|ST II|10*-1.mm|
        2B|STIII|ST III|10*-1.mm|
        2C|STaVL|ST aVL|10*-1.mm|
        2D|STaVF|ST aVF|10*-1.mm|
        2E|STaVR|ST aVR|10*-1.mm|
        2F|STV|ST V|10*-1.mm|
        30|STV+|ST V+|10*-1.mm|
        31|Phigh|upper press level during APRV|mbar|
        32|Plow|lower press level during APRV|mbar|
        33|VTspon mean|spont mean VT|mL|
        34|VTispon mean|insp spont mean VT|mL|
        35|VTespon mean|exp spont mean VT|mL|
        36|VT/IBW|VT per kg ideal body weight|mL/kg|vt-per-ibw
        37|MVleak|leakage MV|L/min|mv-leak
        38|Ti|insp time|s|ti
        39|Leakage Man/Spont|leakage of breathing system, bag and hoses in Man/Spont|mL/min|
        3A|Cbs+hose|compl. of the breathing system including patient circuit|mL/hPa|
        3B|Chose|compl. of the breathing hoses|mL/hPa|
        3C|Tadapt|adaption time|min|
        3D|SVC-VT high|applied upper limit for the VT target range in SVC|mL/kg|
        3E|SVC-VT|VT calculated by SVC|mL/kg|
        3F|SVC-VT low|applied lower limit for the VT target range in SVC|mL/kg|
        40|SVC-etCO2 high|applied upper limit for the etCO2 target range in SVC|mm[Hg]|
        41|SVC-etCO2|et carbon dioxide conc calculated by SVC|mm[Hg]|
        42|SVC-etCO2 low|applied lower limit for the etCO2 target range in SVC|mm[Hg]|
        43|SVC-RRTotal|total RR in SVC|/min|
        44|SVC-RRspon|spont RR set by SVC|/min|
        45|SVC-DPsupp|relative press support above PEEP set by SVC|mbar|
        46|SVC-PInsp|insp press set by SVC|mbar|
        47|SVC-RR|RR set by SVC|/min|
        48|SVC-RRmin|minimum RR set by SVC|/min|
        49|SVC-TI|insp time set by SVC|s|
        4A|SVC-Trigger|flow trigger set by SVC|L/min|
        4B|Ventilation goal|currently active ventilation goal of SVC|1|
        4C|SVC state|current state of SVC|1|
        4D|SVC VT class|VT classification by SVC|1|
        4E|SVC etCO2 class|etCO2 classification by SVC|1|
        4F|SVC phase|therapy phase of SVC|1|
        50|SVC mode|ventilation mode used by SVC|1|
        51|SVC spont. breathing|spont breathing detection of SVC|1|
        52|Rhose|resistance of the breathing hoses|mbar.s/L|
        53|DVT|difference between inspired and expired VT (VTi - VTe)|mL|
        """;
}
