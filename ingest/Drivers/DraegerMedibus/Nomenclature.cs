using System.Collections.Frozen;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>Which meaning a device's codes have; told by its id number (sheet 5, 13).</summary>
internal enum CodeFamily
{
    Classic,
    MedibusX,
}

/// <summary>What a code of measured data, limits or settings stands for.</summary>
/// <param name="Code">The code under which the signal is filed; for the second code of an Evita pair, the first.</param>
/// <param name="Shift">Powers of ten from the wire to <paramref name="Unit"/>; 0 except for one code of the Evita 4.</param>
internal sealed record CodeRow(byte Code, string Symbol, string Meaning, string Unit, string Id, string Channel, int Shift)
{
    /// <summary>Digits with a meaning of their own (HHMM, DDMM) are not a number.</summary>
    public bool IsDigits => Meaning.EndsWith("HHMM", StringComparison.Ordinal) || Meaning.EndsWith("DDMM", StringComparison.Ordinal);
}

/// <summary>What an alarm code stands for.</summary>
internal sealed record AlarmRow(string Phrase, string Meaning, bool Technical, string Source);

/// <summary>What a text code is to the ward.</summary>
internal enum TextRole
{
    State,
    Mode,
    Addition,
    Patient,
    Simulation,
    Test,
}

/// <summary>What a text code stands for.</summary>
internal sealed record TextRow(TextRole Role, string Meaning);

/// <summary>What a realtime trace stands for (sheet 8).</summary>
internal sealed record TraceRow(string Name, string Unit, string Id, string Channel);

/// <summary>The code tables of one family of devices, and the names that signals get from them.</summary>
internal sealed class MedibusNomenclature
{
    private const string Traces = """
        00|airway pressure|mbar|paw
        01|flow|L/min|airway-flow
        02|SpO2 pleth|%|pleth
        03|volume since start of inspiration|mL|airway-volume
        05|O2|%|o2-wave
        06|CO2|mm[Hg]|co2
        07|CO2|kPa|co2
        08|CO2|%|
        0A|agent 1|%|agent-wave/agent-1
        0B|halothane|%|agent-wave/halothane
        0C|enflurane|%|agent-wave/enflurane
        0D|isoflurane|%|agent-wave/isoflurane
        0E|desflurane|%|agent-wave/desflurane
        0F|sevoflurane|%|agent-wave/sevoflurane
        1C|tracheal pressure|mbar|
        1E|inspiratory device flow|L/min|
        20|inspiratory flow|L/min|
        21|expiratory flow|L/min|
        24|expiratory volume|mL|
        2A|agent 1|kPa|
        2B|halothane|kPa|
        2C|enflurane|kPa|
        2D|isoflurane|kPa|
        2E|desflurane|kPa|
        2F|sevoflurane|kPa|
        """;

    private static readonly FrozenDictionary<byte, TraceRow> TraceRows = ReadTraces();

    private readonly FrozenDictionary<byte, CodeRow>[] _measured;
    private readonly FrozenDictionary<byte, CodeRow> _settings;
    private readonly FrozenDictionary<byte, AlarmRow>[] _alarms;
    private readonly FrozenDictionary<byte, TextRow> _texts;

    private MedibusNomenclature(string[] measured, string[] settings, string[][] alarms, string[] texts)
    {
        _measured = [.. measured.Select(table => Read([table], CodeRowOf))];
        _settings = Read(settings, CodeRowOf);
        _alarms = [.. alarms.Select(tables => Read(tables, AlarmRowOf))];
        _texts = Read(texts, TextRowOf);
    }

    public static MedibusNomenclature MedibusX { get; } = new(
        [MeasuredTables.MedibusXCodepage1, MeasuredTables.MedibusXCodepage2],
        [SettingTables.MedibusX],
        [[AlarmCodepage1.MedibusX], [AlarmCodepage2.MedibusX]],
        [TextTables.MedibusX]);

    public static MedibusNomenclature Classic { get; } = new(
        [ClassicTables.Codepage1, string.Empty],
        [SettingTables.MedibusX, SettingTables.Classic],
        [[AlarmCodepage1.MedibusX, AlarmCodepage1.Classic], [AlarmCodepage2.MedibusX, AlarmCodepage2.Classic]],
        [TextTables.MedibusX, TextTables.Classic]);

    public static MedibusNomenclature Of(CodeFamily family) => family == CodeFamily.Classic ? Classic : MedibusX;

    /// <summary>Measured data and limits; a code without a row keeps its number as its name.</summary>
    public CodeRow Measured(int codepage, byte code) => _measured[codepage - 1].GetValueOrDefault(code) ?? Unknown(code);

    public CodeRow Setting(byte code) => _settings.GetValueOrDefault(code) ?? Unknown(code);

    /// <summary>Codepage 3 has no table; nor has a code that is missing from the others: it is shown in the device's words.</summary>
    public AlarmRow Alarm(int codepage, byte code) =>
        (codepage <= _alarms.Length ? _alarms[codepage - 1].GetValueOrDefault(code) : null)
        ?? new AlarmRow(string.Empty, string.Empty, Technical: false, string.Empty);

    public TextRow Text(byte code) => _texts.GetValueOrDefault(code) ?? new TextRow(TextRole.State, "message");

    public static TraceRow Trace(byte code) =>
        TraceRows.GetValueOrDefault(code) ?? new TraceRow("trace", string.Empty, string.Empty, string.Empty);

    /// <summary>
    /// The metric of a code: its id of the nomenclature, or <c>raw/medibus/LIST:0xCODE/NAME</c>; a limit is always the
    /// latter, for the nomenclature has no ids for limits.
    /// </summary>
    /// <param name="list">Where the code belongs: <c>CP1</c>, <c>CP2</c>, <c>SET</c>.</param>
    /// <param name="limit">Empty, <c>low</c> or <c>high</c>.</param>
    public static Metric MetricOf(CodeRow row, string list, SignalKind kind, string limit = "")
    {
        bool named = row.Id.Length > 0 && limit.Length == 0;
        string suffix = limit.Length == 0 ? string.Empty : $"-limit-{limit}";
        Metric metric = Named(
            named ? row.Id : RawId(list, row.Code, row.Symbol + suffix),
            kind,
            limit.Length == 0 ? row.Symbol : $"{row.Symbol} {limit} limit");
        return metric with { Unit = row.Unit, Channel = named ? row.Channel : string.Empty, DeviceCode = DeviceCode(list, row.Code) };
    }

    /// <summary>A metric with what the nomenclature knows of <paramref name="id"/>; unit and device code are still to be set.</summary>
    public static Metric Named(string id, SignalKind kind, string label)
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        return new Metric
        {
            SignalId = id,
            Kind = kind,
            Code = entry?.Code ?? 0,
            CodeName = string.IsNullOrEmpty(entry?.CodeName) ? label : entry.CodeName,
            Unit = string.Empty,
            Label = label,
        };
    }

    public static string DeviceCode(string list, byte code) => $"medibus:{list}:0x{code:X2}";

    /// <summary>Letters, digits and dots of the name stay; runs of anything else become one hyphen.</summary>
    public static string RawId(string list, byte code, string name)
    {
        IEnumerable<char> kept = name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return $"raw/medibus/{list}:0x{code:X2}/{joined}";
    }

    private static CodeRow Unknown(byte code) =>
        new(code, "unknown", "not in the tables", string.Empty, string.Empty, string.Empty, Shift: 0);

    private static FrozenDictionary<byte, TraceRow> ReadTraces() => Read([Traces], field =>
    {
        string[] id = field[3].Split('/');
        return new TraceRow(field[1], field[2], id[0], id.Length > 1 ? id[1] : string.Empty);
    });

    private static CodeRow CodeRowOf(string[] field)
    {
        string[] id = field[4].Split('/');
        byte code = Hexadecimal(field.Length > 5 ? field[5] : field[0]);
        int shift = field.Length > 6 ? int.Parse(field[6], CultureInfo.InvariantCulture) : 0;
        return new CodeRow(code, field[1], field[2], field[3], id[0], id.Length > 1 ? id[1] : string.Empty, shift);
    }

    private static AlarmRow AlarmRowOf(string[] field) => new(field[1], field[2], Technical: field[3] == "device", field[4]);

    private static TextRow TextRowOf(string[] field) => new(Enum.Parse<TextRole>(field[1], ignoreCase: true), field[2]);

    /// <summary>Reads lines of fields parted by bars; a later table replaces rows of an earlier one.</summary>
    private static FrozenDictionary<byte, TRow> Read<TRow>(string[] tables, Func<string[], TRow> rowOf)
    {
        var rows = new Dictionary<byte, TRow>();
        foreach (string line in tables.SelectMany(table => table.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            string[] field = line.Split('|');
            rows[Hexadecimal(field[0])] = rowOf(field);
        }

        return rows.ToFrozenDictionary();
    }

    private static byte Hexadecimal(string digits) => byte.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
