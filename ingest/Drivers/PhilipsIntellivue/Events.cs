using System.Collections.Frozen;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>Event codes of alarms, partition 3 (DEI sheet, section 11). From 0xF000 on they are the vendor's own.</summary>
internal static class Events
{
    private const uint Partition = 3;
    private const ushort FirstPrivate = 0xF000;

    private static readonly FrozenDictionary<ushort, string> Known = new Dictionary<ushort, string>
    {
        [0x0C00] = "APNEA",
        [0x0C04] = "ECG_ASYSTOLE",
        [0x0C0E] = "ECG_BRADY_EXTREME",
        [0x0C32] = "ECG_TACHY_EXTREME",
        [0xF004] = "ECG_V_FIB_TACHY",
        [0x0C98] = "ECG_V_TACHY",
        [0x0C9A] = "ECG_V_TACHY_NON_SUST",
        [0x0C94] = "ECG_V_RHY",
        [0x0C8C] = "ECG_V_P_C_RUN",
        [0x0C8A] = "ECG_V_P_C_PAIR",
        [0x0CB4] = "ECG_V_P_C_RATE",
        [0x0C86] = "ECG_V_P_C_RonT",
        [0x0C88] = "ECG_V_P_C_MULTIFORM",
        [0x0C0A] = "ECG_BIGEM",
        [0x0CA4] = "ECG_V_TRIGEM",
        [0x0C06] = "ECG_BEAT_MISSED",
        [0x0C24] = "ECG_PAUSE",
        [0x0C78] = "ECG_SV_TACHY",
        [0xF1C8] = "ECG_ATR_FIB",
        [0x0C56] = "ECG_CARD_BEAT_RATE_IRREG",
        [0x0C6E] = "ECG_PACER_NOT_PACING",
        [0x0C1E] = "ECG_PACING_NON_CAPT",
        [0xF146] = "BRADY",
        [0xF148] = "TACHY",
        [0x0CAE] = "DESAT",
        [0x0028] = "HI",
        [0x003E] = "LO",
        [0x0016] = "DISCONN",
        [0x0112] = "LEADS_OFF",
        [0x010C] = "LEAD_DISCONN",
        [0x0134] = "SENSOR_DISCONN",
        [0x0136] = "SENSOR_MALF",
        [0x0150] = "XDUCR_DISCONN",
        [0x0160] = "MSMT_DISCONN",
        [0x0164] = "MSMT_FAIL",
        [0x0166] = "MSMT_INOP",
        [0x004A] = "NOISY",
        [0x00FA] = "TUBE_OCCL",
        [0x0146] = "TUBE_DISCONN",
        [0x00C2] = "BATT_LO",
        [0x1800] = "STAT_AL_OFF",
        [0x1854] = "STAT_STANDBY",
        [0x1A02] = "ADVIS_CHK",
    }.ToFrozenDictionary();

    /// <summary>IEEE 11073-10101 code, or 0 where the code is private.</summary>
    public static uint CodeOf(ushort wire) => wire < FirstPrivate ? (Partition << 16) | wire : 0;

    /// <summary>The programming guide's symbol, or the number.</summary>
    public static string SymbolOf(ushort wire) => Known.TryGetValue(wire, out string? name) ? $"NOM_EVT_{name}" : $"0x{wire:X4}";

    /// <summary>What to show where the monitor sent no text.</summary>
    public static string WordsOf(ushort wire) => Known.TryGetValue(wire, out string? name) ? name.Replace('_', ' ') : $"alarm 0x{wire:X4}";
}
