using System.Globalization;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>What kind of thing a parameter is.</summary>
internal enum ParameterKind
{
    Setting,
    Measured,

    /// <summary>The state of an alarm; what its values mean is not known.</summary>
    Alarm,
    Mode,

    /// <summary>A part of the ventilator's date and time.</summary>
    Clock,

    /// <summary>Said once: language, number.</summary>
    Fact,
    Version,

    /// <summary>A moment of four curves; never asked for.</summary>
    Curves,
}

/// <summary>A parameter by its id on the wire.</summary>
/// <param name="Unit">UCUM; empty where the ventilator does not say and only one can guess.</param>
/// <param name="SignalId">Of the nomenclature; empty = kept under its own name.</param>
internal sealed record ParameterRow(byte Id, ParameterKind Kind, string Name, string Unit, string SignalId);

/// <summary>The parameters of the polling protocol (sheet 2). Units are not on the wire; rates and percents are what they are, the others are left open.</summary>
internal static class ParameterTable
{
    public const byte Mode = 40;
    public const byte SimvRate = 42;
    public const byte Peep = 48;
    public const byte Oxygen = 50;
    public const byte SimvRatio = 65;
    public const byte Seconds = 80;
    public const byte Years = 85;
    public const byte VentilatorNumber = 86;
    public const byte ControlPressure = 87;
    public const byte Ratio = 105;
    public const byte SoftwareVersion = 125;

    private const int SimvMode = 2;
    private const int DuoPap = 23;
    private const int Aprv = 24;
    private const byte CurvesWithCo2 = 34;
    private const byte CurvesWithOptional = 120;

    private static readonly ParameterRow?[] Rows = Read("""
        31|setting|IntelliVent modes||
        34|curves|Ppat flow volume pCO2||
        35|measured|PetCO2||etco2
        36|measured|SpO2|%|spo2
        37|measured|pulse|/min|pulse
        38|measured|HLI||
        39|measured|variability||
        40|mode|mode||set-vent-mode
        41|setting|CMV rate|/min|set-rate
        42|setting|SIMV rate|/min|
        43|setting|tidal volume||set-vt
        44|setting|insp. time||set-ti
        45|setting|pause||
        46|setting|flow pattern||
        47|setting|pressure trigger||set-trigger-pressure
        48|setting|PEEP/CPAP||set-peep
        49|setting|pressure support||set-ps
        50|setting|oxygen|%|set-fio2
        51|setting|MMV/ASV minute volume||
        52|setting|high rate limit|/min|
        53|setting|high pressure limit||
        54|setting|low exp. minute volume limit||
        55|setting|high exp. minute volume limit||
        56|setting|low oxygen limit|%|
        57|setting|high oxygen limit|%|
        60|measured|insp. volume||vt-insp
        61|measured|exp. volume||vt-exp
        62|measured|exp. minute volume||mv-exp
        63|measured|f total|/min|vent-rate-total
        64|measured|f spont|/min|vent-rate-spont
        65|measured|I:E (SIMV)||ie-ratio
        66|measured|P max||ppeak
        67|measured|P mean||pmean
        68|measured|PEEP/CPAP||peep
        69|measured|P plateau||pplat
        70|measured|exp. time patient||te
        71|measured|oxygen|%|fio2-vent
        72|measured|R insp||resistance-insp
        73|measured|R exp||resistance-exp
        74|measured|compliance||compliance
        75|measured|insp. flow||insp-flow
        76|measured|VT||
        77|measured|VT||
        78|measured|VT||
        79|measured|VT||
        80|clock|seconds||
        81|clock|minutes||
        82|clock|hours||
        83|clock|day||
        84|clock|month||
        85|clock|year||
        86|fact|ventilator number||
        87|setting|P control||set-pc
        88|alarm|special alarm||
        89|alarm|alarm silence||
        90|alarm|general alarm||
        91|alarm|high pressure||
        92|alarm|disconnection patient||
        93|alarm|fail to cycle||
        94|alarm|apnoea||
        95|alarm|disconnection ventilator||
        96|alarm|loss of PEEP||
        97|alarm|low minute volume||
        98|alarm|high minute volume||
        99|alarm|high rate||
        100|alarm|O2 concentration||
        101|alarm|operator||
        102|alarm|gas supply||
        103|measured|AutoPEEP||peep-intrinsic
        104|setting|trigger||
        105|setting|I:E||set-ie
        106|setting|peak flow||
        107|setting|Paw or Paux||
        108|setting|ETS||set-cycle-off
        109|setting|ramp||set-rise-time
        110|setting|body weight||set-patient-weight
        111|setting|% min vol|%|set-pct-minvol
        112|measured|P min||pmin
        113|measured|insp. time||ti
        114|measured|leak volume||
        115|measured|P0.1||p01
        116|measured|exp. flow||exp-flow
        117|measured|RCexp||time-constant-exp
        118|measured|RCinsp||
        119|measured|WOB||wob
        120|curves|Ppat Popt flow volume||
        121|measured|PTP||
        122|measured|P insp||
        123|fact|language||
        124|version|language-file version||
        125|version|software version||
        """);

    private static readonly (int Code, string Name)[] Modes =
    [
        (1, "(S)CMV"), (2, "SIMV"), (4, "Spont"), (16, "ambient"), (17, "PSIMV"), (19, "PCMV"), (20, "APVsimv"), (21, "APVcmv"), (22, "ASV"), (23, "DuoPAP"), (24, "APRV"), (25, "NIV"), (26, "AVtS"),
    ];

    /// <summary>Every parameter that the box may ask for.</summary>
    public static IReadOnlyList<ParameterRow> Asked { get; } = [.. Rows.OfType<ParameterRow>().Where(row => row.Kind != ParameterKind.Curves)];

    public static bool IsCurve(byte id) => id is CurvesWithCo2 or CurvesWithOptional;

    /// <summary>Null for an id that no source has.</summary>
    public static ParameterRow? Of(byte id) => id < Rows.Length ? Rows[id] : null;

    /// <summary>The names of a curve parameter's four words.</summary>
    public static string[] CurvesOf(byte id) => (Of(id)?.Name ?? string.Empty).Split(' ');

    /// <summary>Empty for a code that no source has.</summary>
    public static string ModeOf(int code) => Array.Find(Modes, mode => mode.Code == code).Name ?? string.Empty;

    /// <summary>Under which id of the nomenclature a parameter is kept in a mode; some mean another thing in some.</summary>
    public static string SignalOf(ParameterRow row, int? mode) => (row.Id, mode) switch
    {
        (Peep, Aprv) => "set-plow",
        (ControlPressure, Aprv or DuoPap) => "set-phigh",
        _ => row.SignalId,
    };

    /// <summary>False where a parameter means nothing in a mode: then its number is of another time.</summary>
    public static bool IsMeant(byte id, int? mode) => (id, mode) switch
    {
        (_, null) => true,
        (SimvRate, SimvMode or 17 or 20) => true,
        (SimvRate, _) => false,
        (SimvRatio, _) => mode == SimvMode,
        (Ratio, _) => mode != SimvMode,
        _ => true,
    };

    private static ParameterRow?[] Read(string table)
    {
        var rows = new ParameterRow?[128];
        foreach (string line in table.Split('\n'))
        {
            string[] field = line.Split('|');
            byte id = byte.Parse(field[0], CultureInfo.InvariantCulture);
            rows[id] = new ParameterRow(id, Enum.Parse<ParameterKind>(field[1], ignoreCase: true), field[2], field[3], field[4]);
        }

        return rows;
    }
}
