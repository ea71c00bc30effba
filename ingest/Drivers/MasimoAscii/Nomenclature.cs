using Bedside.Model;

namespace Bedside.Ingest.Drivers.MasimoAscii;

/// <summary>What a key stands for (sheet C).</summary>
/// <param name="Key">On the wire.</param>
/// <param name="Id">Of the nomenclature; empty = kept under its own name.</param>
/// <param name="Unit">UCUM; empty where the line does not say and no source confirms one.</param>
/// <param name="Forms">Of the values of the models that are known, with 0 for every digit and dash.</param>
/// <param name="IsBits">A hexadecimal field of flags.</param>
internal sealed record KeyRow(string Key, string Id, string Unit, string[] Forms, bool IsBits = false)
{
    /// <summary>A key that no source has: kept under its own name, as a number if it is one, else as a text.</summary>
    public static KeyRow Unknown(string key) => new(key, string.Empty, string.Empty, []);
}

/// <summary>A bit of ALARM or EXC.</summary>
/// <param name="Source">The signal it is about, if one.</param>
internal sealed record BitRow(uint Bit, string Text, AlertPriority Priority, bool Technical, string Source = "");

/// <summary>Keys and bits of ASCII 1.</summary>
internal static class MasimoNomenclature
{
    public const string Serial = "SN";
    public const string Alarms = "ALARM";
    public const string Exceptions = "EXC";
    public const string Saturation = "SPO2";
    public const string Pulse = "BPM";

    /// <summary>The alarm sounds or would; which one, the other bits say, or none does.</summary>
    public const uint AlarmActive = 0x10;

    public const uint AlarmSilenced = 0x20;

    /// <summary>No sensor, defective sensor, pulse search, sensor off, unrecognised or incompatible sensor: what is printed is not to be believed.</summary>
    public const uint Unusable = 0x01 | 0x02 | 0x08 | 0x20 | 0x80 | 0x100;

    /// <summary>Low perfusion, interference, ambient light, low signal quality.</summary>
    public const uint Doubtful = 0x04 | 0x10 | 0x40 | 0x400;

    public const uint DoubtfulCarboxyhaemoglobin = 0x200000;
    public const uint DoubtfulMethaemoglobin = 0x400000;

    private static readonly KeyRow[] Keys =
    [
        new(Serial, "", "", ["0000000000"]),
        new(Saturation, "spo2", "%", ["000%"]),
        new(Pulse, "pr-spo2", "/min", ["000"]),
        new("PI", "perfusion-index", "%", ["00.00%", "00.00"]),
        new("SPCO", "spco", "%", ["00.0%", "00%"]),
        new("SPMET", "spmet", "%", ["00.0%"]),
        new("SPHB", "sphb", "", ["00.0"]),
        new("SPOC", "", "", ["00"]),
        new("RESVD", "", "", ["000"]),
        new("DESAT", "", "", ["00"]),
        new("PIDELTA", "", "", ["+00", "000"]),
        new("PVI", "pleth-variability", "%", ["000"]),
        new(Alarms, "", "", ["00", "0000", "000000"], IsBits: true),
        new(Exceptions, "", "", ["000", "000000", "0000000"], IsBits: true),
        new("EXC1", "", "", ["00000000"], IsBits: true),
    ];

    /// <summary>The order of the priorities is ours: the line has none. Limits of the patient are medium, the battery is low.</summary>
    public static IReadOnlyList<BitRow> AlarmBits { get; } =
    [
        new(0x0001, "SpO2 high", AlertPriority.Medium, Technical: false, "spo2"),
        new(0x0002, "SpO2 low", AlertPriority.Medium, Technical: false, "spo2"),
        new(0x0004, "Pulse rate high", AlertPriority.Medium, Technical: false, "pr-spo2"),
        new(0x0008, "Pulse rate low", AlertPriority.Medium, Technical: false, "pr-spo2"),
        new(0x0040, "Low battery", AlertPriority.Low, Technical: true),
        new(0x0100, "SpCO high", AlertPriority.Medium, Technical: false, "spco"),
        new(0x0200, "SpCO low", AlertPriority.Medium, Technical: false, "spco"),
        new(0x0400, "SpMet high", AlertPriority.Medium, Technical: false, "spmet"),
        new(0x0800, "SpMet low", AlertPriority.Medium, Technical: false, "spmet"),
        new(0x1000, "Desaturation index", AlertPriority.Medium, Technical: false, "spo2"),
        new(0x2000, "PI delta", AlertPriority.Medium, Technical: false, "perfusion-index"),
    ];

    /// <summary>800H is not here: that SET is active is how it should be.</summary>
    public static IReadOnlyList<BitRow> ExceptionBits { get; } =
    [
        new(0x000001, "No sensor", AlertPriority.Low, Technical: true),
        new(0x000002, "Defective sensor", AlertPriority.Low, Technical: true),
        new(0x000004, "Low perfusion", AlertPriority.None, Technical: true),
        new(0x000008, "Pulse search", AlertPriority.None, Technical: true),
        new(0x000010, "Interference", AlertPriority.None, Technical: true),
        new(0x000020, "Sensor off", AlertPriority.Low, Technical: true),
        new(0x000040, "Ambient light", AlertPriority.None, Technical: true),
        new(0x000080, "Unrecognised sensor", AlertPriority.Low, Technical: true),
        new(0x000100, "Incompatible sensor", AlertPriority.Low, Technical: true),
        new(0x000400, "Low signal IQ", AlertPriority.None, Technical: true),
        new(0x001000, "No cable", AlertPriority.Low, Technical: true),
        new(0x002000, "Cable life expired", AlertPriority.Low, Technical: true),
        new(0x004000, "Incompatible cable", AlertPriority.Low, Technical: true),
        new(0x008000, "Unrecognised cable", AlertPriority.Low, Technical: true),
        new(0x010000, "Defective cable", AlertPriority.Low, Technical: true),
        new(0x020000, "Calibrating", AlertPriority.None, Technical: true),
        new(0x040000, "Sensor life expired", AlertPriority.Low, Technical: true),
        new(0x080000, "Emitter temperature", AlertPriority.Low, Technical: true),
        new(0x100000, "Sensor current", AlertPriority.Low, Technical: true),
        new(DoubtfulCarboxyhaemoglobin, "SpCO low confidence", AlertPriority.None, Technical: true, "spco"),
        new(DoubtfulMethaemoglobin, "SpMet low confidence", AlertPriority.None, Technical: true, "spmet"),
    ];

    /// <summary>Null for a key that no source has.</summary>
    public static KeyRow? Of(string key) => Array.Find(Keys, row => row.Key == key);
}
