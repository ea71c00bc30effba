namespace Bedside.Ingest.Drivers.Ivy450c;

/// <summary>A value of a line: its id of the nomenclature and its unit, empty where the device does not say and no source confirms one.</summary>
internal sealed record ValueRow(string Id, string Unit);

/// <summary>What a line of text is about.</summary>
/// <param name="Values">In the order of the wire: pressures are systolic, diastolic, mean.</param>
/// <param name="Channel">Where one id comes from several lines.</param>
/// <param name="IsAperiodic">True for the cuff, whose last result is repeated in every block.</param>
internal sealed record LineRow(string Name, IReadOnlyList<ValueRow> Values, string Channel, bool IsAperiodic);

/// <summary>A wave of the block: which bytes, how many samples a second, what it is.</summary>
/// <param name="At">The first byte, counted from the first of the waves.</param>
/// <param name="Count">Samples, which is also how many there are a second.</param>
/// <param name="Id">Of the nomenclature; for the ECG the lead follows from the label of the heart rate.</param>
/// <param name="IsPressure">True = the samples are whole mmHg (in the recording they span what the text says); false = counts without a known scale.</param>
internal sealed record WaveRow(string Name, int At, int Count, string Id, string Unit, string Channel, bool IsPressure);

/// <summary>The names of the Ansar-B output (sheet H) and what they are in the nomenclature.</summary>
internal static class IvyNomenclature
{
    public const string EcgName = "ECG";
    public const string HeartRate = "HR";
    public const string Saturation = "SPO2";

    private const string MillimetresOfMercury = "mm[Hg]";

    private static readonly LineRow[] LineRows =
    [
        new(HeartRate, [new("hr", "/min")], "", IsAperiodic: false),
        new("RR", [new("resp-rate", "/min")], "", IsAperiodic: false),
        new("ETCO2", [new("etco2", "")], "", IsAperiodic: false),
        new(Saturation, [new("spo2", "%")], "", IsAperiodic: false),
        new(
            "NIBP",
            [new("nibp-sys", MillimetresOfMercury), new("nibp-dia", MillimetresOfMercury), new("nibp-mean", MillimetresOfMercury), new("pr-nibp", "/min")],
            "",
            IsAperiodic: true),
        new("P1", Pressure, "P1", IsAperiodic: false),
        new("P2", Pressure, "P2", IsAperiodic: false),
        new("T1", [new("temp", "")], "T1", IsAperiodic: false),
        new("T2", [new("temp", "")], "T2", IsAperiodic: false),
    ];

    public static IReadOnlyList<WaveRow> Waves { get; } =
    [
        new(EcgName, 0, 200, "ecg-unspecified", "", "", IsPressure: false),
        new("RESP", 200, 50, "resp-generic", "", "", IsPressure: false),
        new("PLETH", 250, 50, "pleth", "1", "", IsPressure: false),
        new("P1", 300, 50, "ibp-generic", MillimetresOfMercury, "P1", IsPressure: true),
        new("P2", 350, 50, "ibp-generic", MillimetresOfMercury, "P2", IsPressure: true),
    ];

    private static ValueRow[] Pressure =>
        [new("ibp-sys", MillimetresOfMercury), new("ibp-dia", MillimetresOfMercury), new("ibp-mean", MillimetresOfMercury)];

    /// <summary>Null for a name that no source has.</summary>
    public static LineRow? Of(string name) => Array.Find(LineRows, row => row.Name == name);

    /// <summary>The wave's id from the label of the heart rate: <c>ECG-II-DIAG</c> is lead II.</summary>
    public static string EcgId(string label)
    {
        string[] parts = label.Split('-');
        string lead = parts.Length > 1 && parts[0] == EcgName ? parts[1] : string.Empty;
        return lead switch
        {
            "I" or "II" or "III" or "AVR" or "AVL" or "AVF" or "V" or "V1" or "V2" or "V3" or "V4" or "V5" or "V6" => $"ecg-{lead.ToLowerInvariant()}",
            _ => "ecg-unspecified",
        };
    }
}
