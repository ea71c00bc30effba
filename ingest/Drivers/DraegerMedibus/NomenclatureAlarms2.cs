namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Alarms of codepage 2 (sheet 10.5), one code a line: code | phrase | what it is | patient or device | id of what it is about.
/// The phrase only serves where a device sends none: devices translate theirs. Who an alarm is about is our reading of
/// its meaning, for it is not on the wire.
/// </summary>
internal static class AlarmCodepage2
{
    internal const string MedibusX = """
        01|NBP NO RSLT|NIBP did not measure|device|
        03|OVERPRESS|NIBP max inflation press exceeded|device|
        07|NBP TIMEOUT|NIBP meas. max time exceeded|device|
        0B|NBP TUBE|NIBP tube blocked|device|
        0C|HUM INOP|Humidifier inop|device|
        0D|HUMIDITY LOW|Humidity low|patient|
        10|N2O PRESS HI|N2O supply press > limit|device|
        11|VA ERR|Volatile agent dosage error|device|
        12|VA MIX ERR|Volatile agent dosage error and mixer error|device|
        14|CPAP DEACT|CPAP press not established due to leak setting disabled|device|
        15|CTEMP LOW|Central skin temp < limit|patient|
        16|CTEMP HIGH|Central skin temp > limit|patient|
        17|CTEMP ERR|Central skin temp failure|device|
        18|PTEMP LOW|Peripheral skin temp < limit|patient|
        19|PTEMP HIGH|Peripheral skin temp > limit|patient|
        1A|PTEMP ERR|Peripheral skin temp failure|device|
        1B|AMB TEMP ERR|Ambient temp meas. failure|device|
        31|O2CYLINDLOW|O2 cylinder press low|device|
        32|low O2 CYL|O2 cylinder empty or cylinder press|device|
        33|O2CYLDISCON|O2 cylinder not connected|device|
        34|N2O CYL|N2O cylinder empty or cylinder press low|device|
        35|NO N2O|N2O delivery failure|device|
        36|NO OXYGEN|O2 delivery failure|device|
        37|NO AIR|AIR delivery failure|device|
        38|FG LIMITED|Set freshgas flow not attained|device|
        39|FG EXTERN|Internal/external switch valve inop|device|
        3A|N2O HIGH|Insp N2O > limit|patient|n2o-insp
        3B|AMB PRESS ?|Ambient press meas. disturbed or inop|device|
        40|VOLAT ERR|Agent dosage inop|device|
        41|VOLAT SUPPLY|Agent reservoir low|device|
        42|CO2LINE|CO2 sample gas line disconnected|device|
        43|CHECK FLOW|Check setting flow|device|
        44|CHECK FIO2|Check setting FiO2|device|
        45|FGFLOW HIGH|Highflow switch to fresh gas control mode|device|
        50|MOD INOP|Oxygen module inop O2|device|
        59|INTBATTERY|No internal battery det.|device|
        5A|BATTERY ON|Power supply by battery|device|
        5B|NO NEBULIS|No nebuliser|device|
        5C|BATT. < 2MIN|Battery less than 2 min left|device|
        5D|BATT. < 5MIN|Battery less than 5 min left|device|
        66|APN ALRM OFF|Apnea alarm disabled|device|
        67|MV LOW OFF|Minute volume low alarm disabled|device|
        68|VT HIGH OFF|Tidal volume high alarm disabled|device|
        6A|TUBE OBSTRUC|Tube obstructed|patient|
        6C|MICROFILTER|Check microfilter|device|
        6D|DC EXTERN|Power supply by external DC|device|
        6E|AMB PRESS HI|Ambient press high|device|
        6F|AMB PRESS LO|Ambient press low|device|
        74|RA LO|RA press < limit|patient|rap-mean
        75|RA HI|RA press > limit|patient|rap-mean
        78|RA ERR|problem: right atrial press meas.|device|
        7C|MAT TEMP HI|Mattress temp high|patient|
        7F|CHK PATIENT|Check patient|patient|
        8D|VENT ASSEMBL|Breathing system disconnected|device|
        90|NEO FLOW?|Check neonatal flow sensor|device|
        91|LOSS OF DATA|Loss of data|device|
        93|APNEA VENT|Apnea ventilation|patient|
        94|CHECK VENT|Check ventilator|device|
        95|VENT STANDBY|Ventilator standby|device|
        96|PEEP ERR|problem: PEEP control|device|
        98|NEBULIZER ON|Nebulizer is activated|device|
        99|INSPHOLD END|Inspiration hold aborted|device|
        9C|LEAKAGE|Leakage det.|device|
        9D|BACKUP VENT|Backup ventilation|device|
        9E|EXPHOLD END|Expiration hold aborted|device|
        9F|NEBULIZ. OFF|Nebulization terminated|device|
        A0|VENTUNLOCKD|Ventilator not in locked Position|device|
        A1|PWR SPLY ERR|problem: power supply|device|
        A2|EXPHAL HIGH|exp halothan > limit|patient|hal-et
        A3|EXPENF HIGH|exp enflurane > limit|patient|enf-et
        A4|EXPISO HIGH|exp isoflurane > limit|patient|iso-et
        A5|EXPDES HIGH|exp desflurane > limit|patient|des-et
        A6|EXPSEV HIGH|exp sevolurane > limit|patient|sev-et
        A7|TIDAL VOL|Set tidal volume not attained|device|
        A8|INSP VOL ERR|insp flow meas. inop|device|
        A9|SET.CANCELED|Setting could not be performed|device|
        AB|CONFIRM SET|Confirm settings|device|
        AC|FG TOO HIGH|Freshgas flow too high|device|
        AD|FG ACTIVE|Freshgas flow active|device|
        AE|AIR TRAPPING|Air trapping|patient|
        AF|O2 CYL OPEN|Oxygen cylinder open|device|
        B0|N2O CYL OPEN|N2O cylinder open|device|
        B1|AIR CYL OPEN|Air cylinder open|device|
        B2|N2OCYLSENS|N2O cylinder sensor not connected|device|
        B3|AIRCYLSENS|Air cylinder sensor not connected|device|
        B4|O2 CYLSENS|O2 cylinder sensor not connected|device|
        B5|AIR CYL|Air cylinder empty or cylinder press low|device|
        B6|INRES HIGH|insp resistance of test|device|
        B7|EXPRESHIGH|exp resistance of test|device|
        B8|NO CONFIRM.|Setting alarm limit or ventilation mode was changed but not confirmed|device|
        B9|PBAG INOP|Automatic uptake control not operable|device|
        BA|PMIN REACHED|Delivered volume greater set tidal volume due to minimum required|device|
        BB|N2O LOW|Insp N2O < limit|patient|n2o-insp
        BC|WRONG AGENT|Detected agent differs from selected type|patient|
        BD|INSP AGTHI|Insp vol agent > limit|patient|
        BE|DIVA WARMUP|DIVA module I or II is warming up|device|
        BF|ECG RELEARN|Relearning ECG pattern|device|
        C0|ECG RLRNERR|Unable to relearn ECG pattern|device|
        C1|ECG INOP|ECG inop|device|
        C2|RL|RL electrode failure|device|
        C3|V+|V+ electrode failure|device|
        C4|BLOOD TEMP|Cardiac output blood temp > limit|patient|
        C5|BLOOD TEMP|Cardiac output blood temp < limit|patient|
        C6|ALL ALRM SUS|All alarms disabled|device|
        C7|FG AIR SENS|Air freshgas flow meas. inop|device|
        C8|FG O2 SENS|O2 freshgas flow meas. inop|device|
        C9|FG N2O SENS|N2O freshgas flow meas. inop|device|
        CA|NO AIR|No air supply|device|
        CB|NO N2O|No N2O supply|device|
        CC|PEEP LOW|PEEP < limit|patient|peep
        CD|PINSP|Set inspiratory press not attained|device|
        CE|HOSE KINKED|Hose kinked|device|
        CF|VT HIGH HOSE|Set tidal volume too high for connected hose|device|
        D0|PRESS RELIEF|Pressure relief valve opened|device|
        D1|HOSE ERROR|Hose system defect|device|
        D2|MAC LOW|Check MAC value|patient|mac
        D3|WATERTROLD|Water trap expired|device|
        D4|ABSORB OLD|CO2 absorber depleted|device|
        D5|ABSPRESENT|CO2 absorber present|device|
        D6|HOSES MIXED?|Hoses interchanged|device|
        D7|WRONG HOSES?|Hoses incompatible|device|
        D8|ID-FUNC-INOP|Accessory ID detection functions inop|device|
        D9|HOSE OLD|Breathing circuit expired|device|
        DA|EXP TIME ERR|Set expiration time not attainable|device|
        DB|NMT TOFHIGH|NMT TOF > limit|patient|tof-ratio
        DC|NMT TOFLOW|NMT TOF < limit|patient|tof-ratio
        DD|NMT INOP|NMT initializing, NMT single out of range|device|
        DE|NMT SENS|NMT check sensors and/or electrodes|device|
        DF|NMT TEMP|NMT temp out of range|device|
        E0|BISHIGH|Bispectral index high|patient|bis
        E1|BISLOW|Bispectral index low|patient|bis
        E2|BIS INOP|Bispectral calculation not possible|device|
        E3|BIS SENS|Check BIS sensor|device|
        E4|BIS|BISX out of range|device|
        E5|SC ABORTED|SC patient session aborted|device|
        E6|SC INOP|SC inop patient session terminated|device|
        E7|CENTRAL HYPO|SC Central Hypoventilation|patient|
        E8|PERS TACHYP|SC Persistent Tachypnea|patient|
        E9|UNEXPL HYPER|SC Unexplained Hyperventilation|patient|
        EA|PEEP REDUCIB|SC Reduce PEEP if possible|device|
        EB|CONS SEPARAT|SC SBT successful|device|
        EC|EJECTOR INOP|Ejector inop|device|
        ED|CONSTANT CO2|Constant CO2 offset|device|
        EF|AF VT LOW|Autoflow VT too low|patient|
        F1|PILOTLINE SW|Pilot lines switched|device|
        F2|HOSE MISSING|Breathing hoses missing|device|
        F3|FIO2 REDUCIB|SC Reduce FiO2 if possible|device|
        F4|MAP LOW|Mean Airway Pressure < limit|patient|pmean
        F7|PAW HIGH HF|Airway press high HFO|patient|paw
        F8|TIDAL VOL LO|Tidal volume low Limit|patient|vt
        F9|PLOW HIGH|Plow > limit|patient|
        FA|PLOW LOW|Plow < limit|patient|
        FB|VT LIMITED|Delivered volume limited by VTmax|device|
        FC|AIR ENTRAIN|Air entrainment|device|
        FD|VENT PAUSE|Ventilation pause exceeded|device|
        FE|INT BATT ON|Power supply by internal battery|device|
        FF|FLOW LOW|In O2 therapy the set flow cannot be reached due to high resistance|device|
        """;

    /// <summary>Where the Evita family and Savina differ (sheet 10.5, below the table).</summary>
    internal const string Classic = """
        69||Remote pad|device|
        6B|EXTERN FLOW|External flow|device|
        95|STDBY|Ventilator standby|device|
        96||PEEP valve|device|
        9A|PPS-TI > 1,5S|PPS inspiration longer than 1.5 s|device|
        9B|ASB > TINSP|ASB longer than Tinsp|device|
        9D|BACKUP VENT|Backup ventilation|device|
        """;
}
