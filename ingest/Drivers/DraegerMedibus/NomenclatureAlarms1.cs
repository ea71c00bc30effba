namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Alarms of codepage 1 (sheet 10.4), one code a line: code | phrase | what it is | patient or device | id of what it is about.
/// The phrase only serves where a device sends none: devices translate theirs. Who an alarm is about is our reading of
/// its meaning, for it is not on the wire.
/// </summary>
internal static class AlarmCodepage1
{
    internal const string MedibusX = """
        00|APNEA|Apnea by different or undefined sources|patient|
        01|NO SPO2 PULS|No SpO2 pulse|patient|spo2
        02|SPO2 PULS LO|SpO2 pulse < limit|patient|pr-spo2
        03|SYS GP1 HIGH|GP systolic ch1 > limit|patient|
        04|SYS GP1 LOW|GP systolic ch1 < limit|patient|
        05|HRT RATE LOW|Heart rate pulse < limit|patient|hr
        06|SYS PA HI|PA press systolic > limit|patient|pap-sys
        07|SPO2 LOW|SpO2 < limit|patient|spo2
        08|% O2 LOW|insp O2 < limit|patient|fio2-vent
        09|HAL HIGH|insp halothane > limit|patient|hal-insp
        0A|DIAS PA HI|PA press diastolic > limit|patient|pap-dia
        0B|ENF HIGH|insp enflurane > limit|patient|enf-insp
        0C|ISO HIGH|insp isoflurane > limit|patient|iso-insp
        0D|APNEA CO2|Apnea det. by CO2 monitoring|patient|
        0E|APNEA VOL|Apnea det. by volume monitoring|patient|
        0F|APNEA PRES|Apnea det. by press monitoring|patient|
        10|PAW HIGH|Airway press > limit|patient|paw
        11|FRESH GAS|Check freshgas setting|device|
        12|AIR SUPPLY ?|Check air supply|device|
        13|O2 SUPPLY ?|Check O2 supply|device|
        14|MEAN PA HI|PA press mean > limit|patient|pap-mean
        15|SYS PA LOW|PA press systolic < limit|patient|pap-sys
        16|DIAS PA LO|PA press diastolic < limit|patient|pap-dia
        17|MEAN PA LO|PA press mean < limit|patient|pap-mean
        18|PRESS EXP HI|exp press > limit|patient|
        19|MIN VOL LOW|Minute volume < limit|patient|mv
        1A|NBP SYS LOW|NIBP systolic < limit|patient|nibp-sys
        1B|NBP DIA LOW|NIBP diastolic < limit|patient|nibp-dia
        1C|SYS ART LOW|ART systolic < limit|patient|art-sys
        1D|DIAS GP1 HI|GP diastolic ch1 > limit|patient|
        1E|SPO2 PULS HI|SpO2 pulse > limit|patient|pr-spo2
        1F|SEV HIGH|insp sevoflurane > limit|patient|sev-insp
        20|DIAS GP1|GP diastolic ch1 < limit|patient|
        21|HRT RATE HI|Heart rate > limit|patient|hr
        22|SPO2 HIGH|SpO2 > limit|patient|spo2
        23|NBP SYS HI|NIBP systolic > limit|patient|nibp-sys
        24|DES HIGH|insp desflurane > limit|patient|des-insp
        25|SYS ART HI|ART systolic > limit|patient|art-sys
        26|MEAN GP1 HI|GP mean ch1 > limit|patient|
        27|ET CO2 LOW|et CO2 < limit|patient|etco2
        28|ET CO2 HIGH|et CO2 > limit|patient|etco2
        29|HAL LOW|insp halothane < limit|patient|hal-insp
        2A|ENF LOW|insp enflurane < limit|patient|enf-insp
        2B|ISO LOW|insp isoflurane < limit|patient|iso-insp
        2C|DES LOW|insp desflurane < limit|patient|des-insp
        2D|NBP DIA HI|NIBP diastolic > limit|patient|nibp-dia
        2E|TEMP1 LOW|Temp 1 < limit|patient|
        2F|TEMP2 LOW|Temp 2 < limit|patient|
        30|AIR TEMP HI|Air temp high|patient|
        31|MEAN GP1 LOW|GP mean ch1 < limit|patient|
        32|SEV LOW|insp sevoflurane < limit|patient|sev-insp
        33|VOL INCONST|Volume not constant|device|
        35|SPO2SEN DISC|SpO2 sensor disconnected or fault|device|
        36|CO2 FIL. ERR|CO2 Filter check failed|device|
        37|% O2 HIGH|insp O2 > limit|patient|fio2-vent
        38|SYS GP2 HIGH|GP systolic ch2 > limit|patient|
        39|SYS GP2 LOW|GP systolic ch2 < limit|patient|
        3A|PS LIMITED|Pressure support terminated by time|device|
        3B|CAL O2|Oxygen analyzer not calibrated|device|
        3C|INSP CO2 HI|insp CO2 > limit|patient|inco2
        3D|CO2 LINE BLK|CO2 patient sensor line blocked|device|
        3E|CO2 ZERO CAL|CO2 zerocalibration requested|device|
        3F|NBP MEAN LO|NIBP mean < limit|patient|nibp-mean
        40|DIAS GP2 HI|GP diastolic ch2 > limit|patient|
        41|NBP MEAN HI|NIBP mean > limit|patient|nibp-mean
        42|FLOW SENSOR?|Check flow sensor|device|
        43|O2 SENS ERR|O2 sensor inop|device|
        44|DIAS GP2 LOW|GP diastolic ch2 < limit|patient|
        45|MEAN GP2 HI|GP mean ch2 > limit|patient|
        46|TEMP1 ERR|Temp 1 failure|device|
        47|TEMP2 ERR|Temp 2 failure|device|
        48|AIR TEMP ERR|Air temp meas. failure|device|
        49|BP CUFF ERR|Check NIBP cuff size|device|
        4A|BP CUFF DISC|Unable to take NiBP meas.|device|
        4B|BATTERY LOW|Battery capacity low|device|
        4C|MEAN GP2 LOW|GP mean ch2 < limit|patient|
        4D|SYS LV HIGH|LV press systolic > limit|patient|lvp-sys
        4E|SYS LV LOW|LV press systolic < limit|patient|lvp-sys
        4F|ECG ELEC. LL|LL electrode failure|device|
        50|ECG ELEC. LA|LA electrode failure|device|
        51|ECG ELEC. RA|RA electrode failure|device|
        52|DIAS LV HIGH|LV press diastolic > limit|patient|lvp-dia
        53|NO S-T|ECG ST analysis impossible|device|
        54|CVP LO|CVP < limit|patient|cvp-mean
        55|CVP HI|CVP > limit|patient|cvp-mean
        56|DIAS LV LOW|LV press diastolic < limit|patient|lvp-dia
        57|CO2 ALRM OFF|CO2 alarm disabled|device|
        5A|HEMO ALRM OF|Cardiovascular alarms disabled|device|
        5B|SPO2 ALRM OF|Pulse oximeter alarm disabled|device|
        5C|MEAN LV HIGH|LV press mean > limit|patient|
        5E|VOL ALRM OFF|Volume alarm disabled|device|
        60|NBP STANDBY|NIBP hose unplugged|device|
        61|MEAN LV LOW|LV press mean < limit|patient|
        62|LA HIGH|LA press > limit|patient|lap-mean
        63|LA LOW|LA press < limit|patient|lap-mean
        64|CLEAN CO2|Clean CO2 sensor window occluded|device|
        65|SPEAKER FAIL|Speaker failure|device|
        66|MIXED AGENT|Mixed agent det.|patient|
        67|GAS MON ERR|Multigas monitor device failure|device|
        68|SPO2 ERR|SpO2 device failure|device|
        69|N2O ERR|N2O meas. inop|device|
        6A|CO2 ERR|CO2 device failure|device|
        6B|AIR TEMP LOW|Air temp low|patient|
        6C|NBP ERR|NiBP device failure|device|
        6E|AGT ERR|Agent meas. inop|device|
        6F|SYS RV HIGH|RV press systolic > limit|patient|rvp-sys
        70|OXYGEN LOW|Oxygen conc low|patient|
        71|SYS RV LOW|RV press systolic < limit|patient|rvp-sys
        72|DIAS RV HIGH|RV press diastolic > limit|patient|rvp-dia
        73|DIAS RV LOW|RV press diastolic < limit|patient|rvp-dia
        74|MEAN RV HIGH|RV press mean > limit|patient|
        75|MEAN RV LOW|RV press mean < limit|patient|
        76|ICP HIGH|ICP > limit|patient|icp-mean
        77|ICP LOW|ICP < limit|patient|icp-mean
        78|RS232COM ERR|Communication error RS232 port|device|
        79|CPP HIGH|CPP > limit|patient|cpp
        7A|CPP LOW|CPP < limit|patient|cpp
        7B|HEMO POD ERR|Hemomed Pod 1 failure|device|
        7C|INT COM ERR|Internal system communication error|device|
        7D|NO ART PULS|ART press no pulse det.|patient|
        7F|ICP ERR|problem: intracranial press meas.|device|
        80|LA ERR|problem: left atrial press meas.|device|
        81|RV ERR|problem: right ventricular press meas.|device|
        82|LV ERR|problem: left ventricular press meas.|device|
        83|GP1 ERR|problem: general blood press meas. channel 1|device|
        84|GP2 ERR|problem: general blood press meas. channel 2|device|
        85|NO RV PULS|No pulse det. for right ventricular press meas.|patient|
        86|MEAN ART LO|ART mean < limit|patient|art-mean
        87|MEAN ART HI|ART mean > limit|patient|art-mean
        88|DIAS ART LO|ART diastolic < limit|patient|art-dia
        89|NO LV PULS|No pulse det. for left ventricular press meas.|patient|
        8A|DIAS ART HI|ART diastolic > limit|patient|art-dia
        8B|NO GP1 PULS|No pulse det. for general blood press meas. channel 1|patient|
        8C|NO GP2 PULS|No pulse det. for general blood press meas. channel 2|patient|
        90|RESP RATE HI|Respiratory rate > limit|patient|vent-rate
        92|ECG ELECTROD|ECG leads failure|device|
        94|S-T HIGH|ST segment high alarm|patient|
        95|RESCUE VENT|Rescue ventilation active|device|
        96|ASYSTOLE|Asystole|patient|
        98|APNEA RESP|Apnea det. by resp. monitoring|patient|
        99|S-T LOW|ST segment low alarm|patient|
        9A|PAW LOW|Disconnection ventilator airway press < limit|patient|paw
        9B|MIN VOL HIGH|Minute volume > limit|patient|mv
        9E|WATER LOW|Water level low|device|
        9F|VENT ERR|problem: respirator|device|
        A0|COM VENT ERR|Ventilator Communication lost|device|
        A1|% O2 ERR|insp O2 meas. inop|device|
        A2|VOL CAL ?|Flow calibration necessary|device|
        A3|PAW NEGATIVE|Airway press negative|patient|paw
        A4|VOL ERR|Volume meas. inop|device|
        A6|CHECK WATER|Check water supply|device|
        A7|AUTO ADAPT|AutoAdapt active|patient|
        A8|OXYGEN HIGH|Oxygen conc high|patient|
        A9|LEAK VALVE|Leakage valve blocked|device|
        AB|AIR HTR INOP|Convective heater failure|device|
        AC|MV ALARM OFF|Minute volume alarm disabled|device|
        AD|PRESS ERR|Pressure meas. inop|device|
        AE|CONT. NEBUL.|Continuous nebulization active|device|
        AF|WATER TRAP|Check watertrap|device|
        B0|EXP-VALVE ?|Check expiratory valve|device|
        B1|CHECK HOOD|Hood open check hood|device|
        B2|CHECK WEAN|Weaning temp not reached|device|
        B3|GAS MON CAL|Gas calibration in progress|device|
        B4|MAT HTR INOP|Heated mattress faulty|device|
        B5|SENS MOD ERR|Sensor module failure|device|
        B6|WARM-UP DONE|Warmup procedure completed|device|
        B7|VENT TEMP HI|Temp of ventilator blower too high|device|
        B8|AW-TEMP INOP|Airway temp meas. inop|device|
        B9|AW-TEMP SENS|Check airway temp sensor|device|
        BA|AW-TEMP HIGH|Airway temp > limit|patient|temp-airway
        BB|SCAVNOTADAPT|Session cannot be continued|device|
        BC|SYSTEM OPEN|Breathing System not locked|device|
        BD|LO O2 SUPPLY|Check O2 supply low|device|
        BE|O2 ERR|O2 meas. inop|device|
        BF|WEANING FAIL|Weaning procedure failed|device|
        C0|O2 LOW|insp O2 < limit|patient|fio2-vent
        C1|VOL ERR|Flow meas. inop|device|
        C2|MIXER INOP|Gas mixing and/or delivery failure|device|
        C4|PRESSURE LIM|Pressure limited resp. volume|device|
        C5|WEANING DONE|Weaning procedure completed|device|
        C7|CYCLE FAILED|Fail to cycle|patient|
        C8|MIXER INOP|Gas mixer inop|device|
        C9|INT.TMP.HIGH|Internal device temp too high|device|
        CA|FAN ERR|problem: fan|device|
        CB|TEMP1 HIGH|Temp 1 > limit|patient|
        CC|TEMP2 HIGH|Temp 2 > limit|patient|
        CD|O2 UNAVAIL|O2 meas. temporarily unavailable|device|
        CE|N2O UNAVAIL|N2O meas. temporarily unavailable|device|
        CF|AGT UNAVAIL|Agent meas. temporarily unavailable|device|
        D0|ECG ELEC. V|V electrode failure|device|
        D1|GASMON|Patient gas meas. overflow|device|
        D2|VENTR. FIBR.|VFIB VTACH arrhythmia det.|patient|
        D5|GASMON.INACC|Multiple gas meas. values inaccurate|device|
        D6|ART ERR|problem: arterial press meas.|device|
        D7|CVP ERR|problem: central venous press meas.|device|
        D8|AGENT INACC|Agent meas. values inaccurate|device|
        D9|CO2 SENSOR ?|CO2 sensor disconnected or fault|device|
        DA|PEEP HIGH|PEEP > limit|patient|peep
        DD|CO ERR|Cardiac output device failure|device|
        DE|INJ. PROBE|Cardiac output check injectate probe|device|
        DF|CATHETER|Cardiac output transducer fail|device|
        E2|PA ERR|problem: pulmonary arterial press meas.|device|
        E3|NO PA PULS|PA press no pulse det.|patient|
        E4|N2O INACC|N2O meas. values inaccurate|device|
        E5|O2 INACC|O2 meas. values inaccurate|device|
        E6|AIR PRESS HI|Air supply press > limit|device|
        E7|HI O2 SUPPLY|High O2 supply press|device|
        E8|TIDAL VOL HI|Tidal volume > limit|patient|vt
        E9|O2 ALARM OFF|O2 alarm disabled|device|
        EB|CO2 INACC|CO2 meas. values inaccurate|device|
        EC|GAS FAILURE|Gas supply failure|device|
        ED|N2O SUPPLY|Check N2O supply|device|
        EE|2nd AGENT|Two agents det.|patient|
        EF|POWER FAIL|Power fail|device|
        F0|DTEMP HIGH|Skin temp difference high|patient|
        F1|P MAX|Check setting of Pmax|device|
        F2|SYSTEM FAULT|Internal system fault|device|
        F3|NO FRESHGAS|No fresh gas|device|
        F4|SAFETY O2 ON|O2 safety flow activated|device|
        F5|INSP MAC HI|insp MAC > limit|patient|mac
        F6|DTEMP LOW|Skin temp difference low|patient|
        F7|FICO2 ALARM OFF|insp CO2 alarm disabled|device|
        F8|CONT PRES|Continuous high press|patient|
        FA|THRESHOLD LO|Pressure threshold low|device|
        FB|APL VALVE|Check APL valve|device|
        FC|CO2 NOT CAL|CO2 not calibrated|device|
        FD|BATTERY ERR|Battery inop|device|
        FE|COOLING ?|Check cooling|device|
        FF|DISCONNECT|Disconnection ventilator|patient|
        """;

    /// <summary>Where the Evita family and Savina differ (sheet 10.5, below the table).</summary>
    internal const string Classic = """
        3A|ASB > 4 SEC|ASB terminated by time|device|
        40||Tachypnoea alarm disabled|device|
        98|APNEA|Apnea det. by resp. monitoring|patient|
        9F|VENT ERR|Problem: ventilator|device|
        AC|MV ALRM OFF|Minute volume alarm disabled|device|
        BB||Sigh active|device|
        BC|SYSTEM OPEN|Breathing system open|device|
        C3|TIME LIMITED|Inspiration limited by time|device|
        C4|PRESSURE LTD|Pressure limited|device|
        C6|SYNCHRO INOP|Synchronisation inop|device|
        CA|FAN ERR|Problem: fan|device|
        DA|PEEP HIGH|PEEP > limit|patient|peep
        EA|N-VOL ERR|Neonatal volume meas. inop|device|
        """;
}
