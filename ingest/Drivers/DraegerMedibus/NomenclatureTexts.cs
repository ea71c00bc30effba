namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Text messages (sheet 10.6), one code a line: code | role | meaning. A <c>mode</c> with its <c>addition</c>s is the
/// ventilation mode, <c>patient</c> goes to the identity vault alone, <c>simulation</c> and <c>test</c> mark all that
/// is measured while they are shown, a <c>state</c> is a signal of its own.
/// </summary>
internal static class TextTables
{
    internal const string MedibusX = """
        01|mode|Mode VC CMV volume controlled
        02|mode|Mode VC AC volume controlled
        06|mode|Mode VC SIMV volume controlled
        0A|mode|Mode SPN CPAP spontaneous ventilation
        0C|mode|Mode VC MMV volume controlled
        0D|mode|Mode PC MMV press controlled
        0E|mode|Mode PC BIPAP press controlled
        11|state|Automatic apnea ventilation active
        12|test|Device in PRODUCT TEST mode
        13|state|Air mode is active
        14|state|Skin mode is active
        15|state|Oxygen control is active
        16|state|Humidity control is active
        18|mode|Mode PC SIMV press controlled
        1A|mode|Mode PC APRV press controlled
        1B|mode|Mode PC HFO press controlled
        1C|state|Suction maneuver active
        1D|state|Low flow maneuver active
        1E|state|Ventilator is in standby mode
        20|state|Device is in adult mode
        21|state|Device is in neonatal mode
        22|state|Selected CO2 unit is mmHg
        23|state|Selected CO2 unit is kPa
        24|state|Selected CO2 unit is percent
        25|state|Halothane selected or det.
        26|state|Enflurane selected or det.
        27|state|Isoflurane selected or det.
        28|state|Desflurane selected or det.
        29|state|Sevoflurane selected or det.
        2A|state|No anesthesia agent selected nor det.
        2B|mode|Ventilation mode Man/Spont
        2C|state|Selected language
        35|mode|Mode SPN PPS spontaneous
        36|mode|Ventilation mode fresh gas external
        37|state|Selected carrier gas is air
        38|state|Selected carrier gas is N2O
        3A|state|Device is in pediatric mode
        3B|state|Manual mode is active
        3C|state|Open care therapy is active
        3D|state|Photo therapy is active
        3E|mode|Mode PC PSV press controlled
        42|patient|female
        43|patient|male
        45|state|End expiratory control of anesthesia gas active
        47|mode|Mode PC AC press controlled
        48|state|Device configured for intubated patient ventilation
        49|state|Device configured for mask ventilation
        4A|state|Second agent halothane selected or det.
        4B|state|Second agent enflurane selected or det.
        4C|state|Second agent isoflurane selected or det.
        4D|state|Second agent desflurane selected or det.
        4E|state|Second agent sevoflurane selected or det.
        4F|state|No Second anesthesia agent selected nor det.
        50|state|Mattress temp control is active
        51|state|Kangaroo mode is active
        53|state|Device is performing leakage test
        54|state|Device is in standby mode
        55|state|Low press oxygenation active
        56|state|Selected agent unit is kPa
        57|state|Selected agent unit is percent
        58|state|HLM mode active
        5C|addition|Pressure support added to current ventilation mode
        5D|state|Audio pause active
        5E|addition|AutoFlow added to current ventilation mode
        5F|state|Fresh gas control of anaesthesia gas active
        60|patient|first-name
        61|patient|last-name
        62|simulation|Patient monitoring is in simulation mode
        63|state|Ventilator was switched off by emergency switch
        64|state|Trigger level normal
        65|state|Trigger level sensitive
        67|state|Apnea detection disabled
        68|state|Tube type endotracheal
        69|addition|Volume guarantee added to current ventilation mode
        6A|mode|Mode PC CMV press controlled
        6B|mode|Mode O2 therapy
        6C|state|Abdominal external trigger
        6D|addition|Automatic tube compensation ATC added to current ventilation mode
        6E|state|exp automatic tube compensation ATC enabled
        6F|state|insp automatic tube compensation ATC enabled
        70|state|Tube type tracheostoma
        71|state|Apnea ventilation enabled
        72|state|Apnea ventilation auto return enabled
        73|state|Screen is locked
        74|addition|Volume support added to current ventilation mode
        75|addition|AutoRelease added to current ventilation mode
        76|state|Active humid unheated
        77|state|Active humid heated
        78|state|HME Filter
        79|state|SC therapy phase adapting
        7A|state|SC therapy phase observing
        7B|state|SC therapy phase maintaining
        7C|state|SC diagnosis normal ventilation
        7D|state|SC diagnosis hyperventilation
        7E|state|SC diagnosis hypoventilation
        7F|state|SC diagnosis insufficient ventilation
        80|state|SC diagnosis tachypnea
        81|state|SC diagnosis severe tachypnea
        82|state|SC diagnosis unexplained hyperventilation
        83|state|SC diagnosis central hypoventilation
        84|state|SC patient with COPD
        85|state|SC patient with neurologic disorder
        86|state|SC night rest requested
        87|addition|Sigh added to current ventilation mode
        88|state|Cuvette type disposable
        89|state|Cuvette type reusable
        8A|state|Hose type disposable
        8B|state|Hose type reusable
        8C|state|Hose size adult
        8D|state|Hose size pediatric
        8E|addition|Variable PS added to current ventilation mode
        8F|state|SC zone of resp. comfort customised
        90|state|Overall device check result fully functional
        91|state|Overall device check result conditionally functional
        92|state|Overall device check result non functional
        9F|state|Tracheal press calculation enabled
        A0|state|Date and time of last self test execution
        A1|state|Date and time of last leakage test execution
        A2|state|Warm up mode is active
        A3|state|Weaning mode is active
        A4|state|Tolerate cooling procedure is active
        A5|state|Closed care therapy is active
        A6|state|Multi step recruitment is active
        A7|state|One step recruitment is active
        A8|state|CPR ventilation is paused
        A9|state|Check the calibration status
        """;

    /// <summary>What classic devices send beyond, or otherwise than, the table above.</summary>
    internal const string Classic = """
        04|mode|CPPV
        05|mode|CPPV/ASSIST
        07|mode|SIMV/ASB
        08|mode|SB
        09|mode|ASB
        0B|mode|CPAP/ASB
        0D|mode|MMV/ASB
        0F|state|Synchron master
        10|state|Synchron slave
        19|mode|BIPAP-SIMV/ASB
        2D|mode|BIPAP/ASB
        2E|mode|SIMV/AutoFlow
        2F|mode|SIMV/ASB/AutoFlow
        30|mode|IPPV/AutoFlow
        31|mode|IPPV/ASSIST/AutoFlow
        32|mode|MMV/AutoFlow
        33|mode|MMV/ASB/AutoFlow
        34|mode|PCV
        47|mode|BIPAP/ASSIST
        59|mode|Volume mode
        5A|mode|Pressure mode
        5B|mode|Pressure-support mode
        """;
}
