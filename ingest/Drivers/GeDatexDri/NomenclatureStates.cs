namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// What the status (S) and label (L) of a group say beside its values, from DRI (sheet 6.4 to 6.7):
/// values|S or L|first bit:bits|first level|word, or words from 0 on parted by /|what it does to the values.
/// Which states touch the validity is our reading: while something calibrates, is measured, or the monitor itself says noise.
/// </summary>
internal static class StateTables
{
    public const string Rows = """
        ecg|S|2:1|2|asystole|
        ecg|S|3:4|2|/heart rate from ECG/heart rate from pressure 1/heart rate from pressure 2/heart rate from pressure 3/heart rate from pressure 4/heart rate from pleth/heart rate from pressure 5/heart rate from pressure 6/heart rate from ECG (Mortara)/heart rate from pressure 7/heart rate from pressure 8/heart rate from second pleth|
        ecg|S|7:1|2|noise|questionable
        ecg|S|8:1|2|artifact|questionable
        ecg|S|9:1|2|learning|questionable
        ecg|S|10:1|2|pacer on|
        ecg|S|11:1|2|channel 1 off|
        ecg|S|12:1|2|channel 2 off|
        ecg|S|13:1|2|channel 3 off|
        ecg|L|8:4|2|/ECG1 I/ECG1 II/ECG1 III/ECG1 aVR/ECG1 aVL/ECG1 aVF/ECG1 V|
        ecg|L|4:4|2|/ECG2 I/ECG2 II/ECG2 III/ECG2 aVR/ECG2 aVL/ECG2 aVF/ECG2 V|
        ecg|L|0:4|2|/ECG3 I/ECG3 II/ECG3 III/ECG3 aVR/ECG3 aVL/ECG3 aVF/ECG3 V|
        arrh|S|7:1|3|noise|questionable
        arrh|S|8:1|3|artifact|questionable
        arrh|S|9:1|3|learning|questionable
        arrh|S|14:1|3|source ARRWS|
        arrh|S|15:5|3|asystole only/severe arrhythmias/extended arrhythmias/advanced arrhythmias/arrhythmia analysis off|
        ecg12|S|7:1|5|noise|questionable
        ecg12|S|8:1|5|artifact|questionable
        ecg12|S|9:1|5|learning|questionable
        ecg12|S|20:1|10|V1 derived|
        ecg12|S|21:1|10|V2 derived|
        ecg12|S|22:1|10|V3 derived|
        ecg12|S|23:1|10|V4 derived|
        ecg12|S|24:1|10|V5 derived|
        ecg12|S|25:1|10|V6 derived|
        p|L|0:16|2|/ART/CVP/PA/RAP/RVP/LAP/ICP/ABP/P1/P2/P3/P4/P5/P6/SP/FEM/UAC/UVC/ICP2/P7/P8/FEMV|
        p|S|2:1|3|zeroing|calibration
        p|S|3:1|8|zeroed|
        nibp|L|3:1|2|auto|
        nibp|L|4:1|2|stat|
        nibp|L|5:1|2|measuring|ongoing
        nibp|L|6:1|2|stasis on|
        nibp|L|7:1|2|calibrating|calibration
        nibp|L|8:1|2|older than 60 s|
        t|L|0:16|2|/ESO/NASO/TYMP/RECT/BLAD/AXIL/SKIN/AIRW/ROOM/MYO/T1/T2/T3/T4/CORE/SURF/T5/T6|
        spo2|L|0:2|2|SO2/SaO2/SvO2|
        co2|S|2:1|2|apnoea|
        co2|S|3:1|2|calibrating|calibration
        co2|S|4:1|2|zeroing|calibration
        co2|S|5:1|2|occlusion|questionable
        co2|S|6:1|2|air leak|questionable
        co2|S|7:1|2|apnoea by respiration|
        co2|S|8:1|8|apnoea deactivated|
        co2|S|9:1|8|wet|
        co2|L|0:3|2|/rate from CO2/rate from impedance|
        co2|L|3:3|2|/Fi is FiCO2/Fi is FiO2|
        o2|S|2:1|2|calibrating|calibration
        o2|S|3:1|2|off|
        n2o|S|2:1|2|calibrating|calibration
        n2o|S|3:1|2|off|
        aa|S|2:1|2|calibrating|calibration
        aa|S|3:1|2|off|
        aa|L|0:16|2|agent unknown/no agent/halothane/enflurane/isoflurane/desflurane/sevoflurane|
        flow|S|2:1|2|disconnection|
        flow|S|3:1|2|calibrating|calibration
        flow|S|4:1|2|zeroing|calibration
        flow|S|5:1|2|obstruction|
        flow|S|6:1|2|leak|questionable
        flow|S|7:1|2|off|
        flow|S|8:2|8|ATPD/NTPD/BTPS/STPD|
        co|L|0:1|2|CO older than 60 s|
        co|L|1:1|2|PCWP older than 60 s|
        co|L|2:3|2|/bolus/continuous|
        nmt|S|2:2|2|TOF/DBS/ST/PTC|
        nmt|S|4:2|2|/100 us/200 us/300 us|
        nmt|S|6:1|2|supramax found|
        nmt|S|7:1|2|calibrated|
        svo2|S|2:1|8|calibrated more than 24 h ago|
        svo2|S|3:1|8|faulty cable|
        svo2|S|4:1|8|no cable|
        svo2|S|5:1|8|not calibrated|
        svo2|S|6:1|8|re-calibrated|
        svo2|S|7:1|8|out of range|
        svo2|S|8:1|8|check catheter|
        svo2|S|9:1|8|intensity shift|
        svo2|L|0:2|2|SO2/SaO2/SvO2|
        eeg|S|2:1|5|on|
        eeg|S|3:3|5|montage 0/montage 1/montage 2/montage 3/montage 4/montage 5/montage 6/montage 7|
        eeg|S|7:1|5|headbox off|
        eeg|S|8:1|5|SSEP cable off|
        eeg|S|9:1|5|leads off EEG1|
        eeg|S|10:1|5|leads off EEG2|
        eeg|S|11:1|5|leads off EEG3|
        eeg|S|12:1|5|leads off EEG4|
        eeg|S|13:1|5|artifact EEG1|
        eeg|S|14:1|5|artifact EEG2|
        eeg|S|15:1|5|artifact EEG3|
        eeg|S|16:1|5|artifact EEG4|
        eeg|S|17:1|5|noise EEG1|
        eeg|S|18:1|5|noise EEG2|
        eeg|S|19:1|5|noise EEG3|
        eeg|S|20:1|5|noise EEG4|
        eeg|S|21:1|5|AEP/SSEP|
        eeg|S|22:1|5|referential/bipolar|
        entropy|S|2:1|8|cable off|
        entropy|S|3:1|8|no sensor|
        entropy|S|4:1|8|sensor off|
        entropy|S|11:1|8|starting|
        entropy|S|12:1|8|not an entropy sensor|
        entropy|S|13:1|8|BIS active|
        entropy|S|23:1|8|replace sensor|
        entropy|S|24:1|8|isoelectric EEG|
        entropy|S|25:1|8|sensor check off|
        spi|S|2:1|9|incompatible probe|
        spi|S|3:1|9|no pleth|
        spi|S|4:1|9|arrhythmia|
        spi|S|5:1|9|NIBP inflated|
        spi|S|6:1|9|noise|questionable
        spi|S|7:1|9|learning|questionable
        spi|S|8:1|9|unknown probe|
        spi|S|10:1|9|frozen|
        spi|S|11:1|9|entropy high|
        gasex|S|2:1|3|FiO2 above 85 %|
        gasex|S|3:1|3|N2O too high|
        bal|S|2:1|3|off|
        tono|S|2:1|3|leak|
        tono|S|3:1|3|volume dropped|
        tono|S|4:1|3|technical failure|
        tono|S|5:1|3|cannot fill|
        tono|S|6:1|3|PrCO2 over limit|
        """;

    /// <summary>Bits of the arrhythmia word, from 0 on.</summary>
    public static readonly string[] Arrhythmias =
    [
        "asystole", "V-fib", "rapid VT", "VT", "extreme brady", "extreme tachy", "PVC run > 3", "long R-R", "triplet", "couplet", "R-on-T",
        "idioventricular", "bigeminy", "trigeminy", "frequent PVCs", "multifocal", "SVT", "frequent SVCs", "missing beat", "unclassified",
        "noisy ECG", "problem QRS", "low amplitude", "salvo", "pacer non-function", "pacer non-capture", "new QRS", "brady", "tachy",
        "ventricular brady", "arrhythmia off", "no telemetry",
    ];

    /// <summary>Electrodes of the EEG, by code.</summary>
    public static readonly string[] Electrodes =
    [
        "none", "Fp1", "Fpz", "Fp2", "F7", "F5", "Fz", "F4", "F8", "A1", "T3", "C3", "Cz", "C4", "T4", "A2", "T5", "P3", "Pz", "P4", "T6", "O1", "O2",
        "C3a", "Cza", "C4a", "C5S", "ERB1", "ERB2", "T12S", "L3S", "POPLIT",
    ];
}
