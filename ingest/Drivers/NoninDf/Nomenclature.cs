namespace Bedside.Ingest.Drivers.NoninDf;

/// <summary>A value of the packet: the place of its frame from 1, what it is called, and its id of the nomenclature, empty = kept under its own name.</summary>
internal sealed record PlaceRow(int Place, string Name, string Id, bool IsRate);

/// <summary>What stands where in a packet. Plain values are averages of four beats, E of eight, D what the display shows.</summary>
internal static class NoninNomenclature
{
    public const int Revision = 4;
    public const int SecondStatus = 8;
    public const int TimerHigh = 6;
    public const int TimerLow = 7;

    /// <summary>Bit of the second status: a value of high quality is marked.</summary>
    public const byte SmartPoint = 0x20;

    public const byte LowBattery = 0x01;

    public static IReadOnlyList<PlaceRow> Values { get; } =
    [
        new(1, "HR", "pr-spo2", IsRate: true),
        new(3, "SpO2", "spo2", IsRate: false),
        new(9, "SpO2-D", "", IsRate: false),
        new(10, "SpO2-Fast", "", IsRate: false),
        new(11, "SpO2-B-B", "", IsRate: false),
        new(14, "E-HR", "", IsRate: true),
        new(16, "E-SpO2", "", IsRate: false),
        new(17, "E-SpO2-D", "", IsRate: false),
        new(20, "HR-D", "", IsRate: true),
        new(22, "E-HR-D", "", IsRate: true),
    ];

    /// <summary>Places of which no source says what they hold.</summary>
    public static IReadOnlyList<int> Reserved { get; } = [5, 12, 13, 18, 19, 24, 25];
}
