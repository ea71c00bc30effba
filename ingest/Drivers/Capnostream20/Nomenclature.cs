using Bedside.Model;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>A unit in which the device can tell CO2.</summary>
/// <param name="Ucum">As it is stored.</param>
/// <param name="Decimals">Of the numbers and limits: a kPa and a % are told in tenths.</param>
internal sealed record UnitRow(string Ucum, int Decimals)
{
    /// <summary>A % needs the air pressure to become a partial pressure: it is kept under a name of its own.</summary>
    public bool IsPressure => Ucum != "%";

    /// <summary>Of the wave's counts.</summary>
    public Scale Scale => new(1 / (256 * Math.Pow(10, Decimals)), 0);
}

/// <summary>A number by its place in the message.</summary>
/// <param name="Id">Of the nomenclature; empty = kept under its own name.</param>
/// <param name="Unit">UCUM; null = the unit in which CO2 is told.</param>
/// <param name="IsLimit">What a person set: it is told when it changes.</param>
internal sealed record PlaceRow(int Place, string Name, string Id, string? Unit, bool IsLimit = false);

/// <summary>A bit of one of the status bytes that says that something stands.</summary>
/// <param name="Source">The signal it is about, if one.</param>
internal sealed record BitRow(byte Bit, string Text, AlertPriority Priority, bool Technical, string Source = "");

/// <summary>Places, bits and units of the Capnostream 20 (sheet E).</summary>
internal static class CapnostreamNomenclature
{
    public const int SaturationAt = 7;
    public const int SlowAt = 9;
    public const int UnknownAt = 10;
    public const int UnknownLength = 3;
    public const int Co2AlarmsAt = 13;
    public const int Spo2AlarmsAt = 14;
    public const int UnitAt = 25;
    public const int ExtendedAt = 26;

    public const byte EndOfBreath = 0x08;

    /// <summary>Invalid, initialising, self-maintenance, purging, no filter line, malfunction.</summary>
    public const byte UnusableWave = 0x01 | 0x02 | 0x10 | 0x20 | 0x40 | 0x80;

    public const byte Occlusion = 0x04;
    public const byte Neonatal = 0x01;

    /// <summary>Silenced for a while, or all of them.</summary>
    public const byte Silenced = 0x02 | 0x04;

    public const byte Masimo = 0x80;

    private const string PerMinute = "/min";

    public static IReadOnlyList<PlaceRow> Places { get; } =
    [
        new(4, "EtCO2", "etco2", Unit: null),
        new(5, "FiCO2", "inco2", Unit: null),
        new(6, "RR", "resp-rate-co2", PerMinute),
        new(SaturationAt, "SpO2", "spo2", "%"),
        new(8, "PR", "pr-spo2", PerMinute),
        new(15, "no-breath-time", "", "s", IsLimit: true),
        new(16, "EtCO2-high", "", Unit: null, IsLimit: true),
        new(17, "EtCO2-low", "", Unit: null, IsLimit: true),
        new(18, "RR-high", "", PerMinute, IsLimit: true),
        new(19, "RR-low", "", PerMinute, IsLimit: true),
        new(20, "FiCO2-high", "", Unit: null, IsLimit: true),
        new(21, "SpO2-high", "", "%", IsLimit: true),
        new(22, "SpO2-low", "", "%", IsLimit: true),
        new(23, "PR-high", "", PerMinute, IsLimit: true),
        new(24, "PR-low", "", PerMinute, IsLimit: true),
    ];

    /// <summary>Of the wave's status: end of breath and invalid are no alarms. The priorities are ours, here and below.</summary>
    public static IReadOnlyList<BitRow> FastBits { get; } =
    [
        new(0x02, "CO2 initialising", AlertPriority.None, Technical: true, "co2"),
        new(Occlusion, "Filter line occluded", AlertPriority.Low, Technical: true, "co2"),
        new(0x10, "CO2 self-maintenance", AlertPriority.None, Technical: true, "co2"),
        new(0x20, "Filter line purging", AlertPriority.None, Technical: true, "co2"),
        new(0x40, "No filter line", AlertPriority.Low, Technical: true, "co2"),
        new(0x80, "CO2 malfunction", AlertPriority.Low, Technical: true, "co2"),
    ];

    public static IReadOnlyList<BitRow> Co2Alarms { get; } =
    [
        new(0x01, "No breath", AlertPriority.High, Technical: false, "resp-rate-co2"),
        new(0x02, "EtCO2 high", AlertPriority.Medium, Technical: false, "etco2"),
        new(0x04, "EtCO2 low", AlertPriority.Medium, Technical: false, "etco2"),
        new(0x08, "RR high", AlertPriority.Medium, Technical: false, "resp-rate-co2"),
        new(0x10, "RR low", AlertPriority.Medium, Technical: false, "resp-rate-co2"),
        new(0x20, "FiCO2 high", AlertPriority.Medium, Technical: false, "inco2"),
    ];

    public static IReadOnlyList<BitRow> Spo2Alarms { get; } =
    [
        new(0x01, "No pulse", AlertPriority.High, Technical: false, "pr-spo2"),
        new(0x02, "SpO2 high", AlertPriority.Medium, Technical: false, "spo2"),
        new(0x04, "SpO2 low", AlertPriority.Medium, Technical: false, "spo2"),
        new(0x08, "PR high", AlertPriority.Medium, Technical: false, "pr-spo2"),
        new(0x10, "PR low", AlertPriority.Medium, Technical: false, "pr-spo2"),
        new(0x20, "SpO2 sensor off", AlertPriority.Low, Technical: true, "spo2"),
        new(0x40, "SpO2 sensor disconnected", AlertPriority.Low, Technical: true, "spo2"),
    ];

    public static IReadOnlyList<BitRow> ExtendedBits { get; } =
    [
        new(0x01, "Check calibration", AlertPriority.Low, Technical: true),
        new(0x02, "Check flow", AlertPriority.Low, Technical: true),
        new(0x04, "Pump off", AlertPriority.Low, Technical: true),
        new(0x80, "Battery low", AlertPriority.Low, Technical: true),
    ];

    /// <summary>Null for a code that no source has.</summary>
    public static UnitRow? UnitOf(byte code) => code switch
    {
        1 => new UnitRow("mm[Hg]", 0),
        2 => new UnitRow("kPa", 1),
        3 => new UnitRow("%", 1),
        _ => null,
    };
}
