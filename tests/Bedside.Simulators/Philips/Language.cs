namespace Bedside.Simulators.Philips;

/// <summary>The monitor's language: labels and alarm texts as the screen shows them, never to be taken for codes.</summary>
internal sealed record Language(string Name, ushort Code, IReadOnlyDictionary<string, string> Words)
{
    public static readonly Language English = new("en", 1, new Dictionary<string, string>());

    private static readonly Language German = new("de", 2, new Dictionary<string, string>
    {
        ["HR"] = "HF",
        ["Pulse"] = "Puls",
        ["NBP"] = "NBD",
        ["RR"] = "AF",
        ["awRR"] = "awAF",
        ["CVP"] = "ZVD",
        ["Resp"] = "Atmung",
        ["C.O."] = "HZV",
        ["CCO"] = "KHZV",
        ["Tcore"] = "Tkern",
        ["Tblood"] = "Tblut",
        ["PVC"] = "VES",
        ["Perf"] = "Perf.",
        ["NOISY ECG"] = "EKG GESTÖRT",
    });

    private static readonly Language French = new("fr", 3, new Dictionary<string, string>
    {
        ["HR"] = "FC",
        ["ABP"] = "PA",
        ["NBP"] = "PB",
        ["Pulse"] = "Pouls",
        ["RR"] = "FR",
        ["awRR"] = "FRva",
        ["CVP"] = "PVC",
        ["Pleth"] = "Pléth",
        ["PVC"] = "ESV",
        ["PAP"] = "PAP",
        ["C.O."] = "D.C.",
        ["CCO"] = "DCC",
        ["Tcore"] = "Tcent",
        ["Tblood"] = "Tsang",
        ["NOISY ECG"] = "ECG PARASITÉ",
    });

    public static IReadOnlyList<Language> All { get; } = [English, German, French];

    public string Of(string english) => Words.GetValueOrDefault(english, english);
}
