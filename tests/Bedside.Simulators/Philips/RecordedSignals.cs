using Bedside.Simulators.Physiology;
using Bedside.Simulators.Wfdb;

namespace Bedside.Simulators.Philips;

/// <summary>
/// The monitor on a recording. The record begins with the first block that a client asks for, so that none of it is lost
/// before. Numbers there are none: the objects stand without values.
/// </summary>
internal sealed class RecordedSignals : ISignalSource
{
    private static readonly Dictionary<string, (ushort PhysioId, string Text, ushort Colour)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["I"] = (0x0101, "I", Colour.Green),
        ["II"] = (0x0102, "II", Colour.Green),
        ["MLII"] = (0x0102, "II", Colour.Green),
        ["III"] = (0x013D, "III", Colour.Green),
        ["AVR"] = (0x013E, "aVR", Colour.Green),
        ["AVL"] = (0x013F, "aVL", Colour.Green),
        ["AVF"] = (0x0140, "aVF", Colour.Green),
        ["V"] = (0x0143, "V", Colour.Green),
        ["V1"] = (0x0103, "V1", Colour.Green),
        ["V2"] = (0x0104, "V2", Colour.Green),
        ["V3"] = (0x0105, "V3", Colour.Green),
        ["V4"] = (0x0106, "V4", Colour.Green),
        ["V5"] = (0x0107, "V5", Colour.Green),
        ["V6"] = (0x0108, "V6", Colour.Green),
        ["MCL"] = (0x014B, "MCL", Colour.Green),
        ["MCL1"] = (0x014B, "MCL", Colour.Green),
        ["ABP"] = (0x4A14, "ABP", Colour.Red),
        ["ART"] = (0x4A10, "ART", Colour.Red),
        ["AO"] = (0x4A0C, "Ao", Colour.Red),
        ["UAP"] = (0x4A28, "UAP", Colour.Red),
        ["PAP"] = (0x4A1C, "PAP", Colour.Yellow),
        ["CVP"] = (0x4A44, "CVP", Colour.Blue),
        ["RAP"] = (0x4A34, "RAP", Colour.Blue),
        ["LAP"] = (0x4A30, "LAP", Colour.Magenta),
        ["ICP"] = (0x5808, "ICP", Colour.Magenta),
        ["PLETH"] = (0x4BB4, "Pleth", Colour.Cyan),
        ["RESP"] = (0x5000, "Resp", Colour.Yellow),
        ["CO2"] = (0x50AC, "CO₂", Colour.Yellow),
        ["AWP"] = (0x50F0, "AWP", Colour.White),
        ["AWF"] = (0x50D4, "AWF", Colour.White),
        ["EEG"] = (0x592C, "EEG", Colour.White),
    };

    private readonly Dictionary<uint, RecordedWave> _waves;
    private readonly bool _once;
    private long? _began;

    private RecordedSignals(Dictionary<uint, RecordedWave> waves, bool once)
    {
        _waves = waves;
        _once = once;
        Waves = [.. waves.Values.Select(w => w.Wave)];
        Numerics = [.. BedsideObjects.Numerics.Select(n => n with { NeverMeasured = true })];
    }

    public IReadOnlyList<WaveObject> Waves { get; }

    public IReadOnlyList<NumericObject> Numerics { get; }

    /// <summary>Reads records and says on <paramref name="log"/> what becomes of each signal.</summary>
    /// <exception cref="IOException">A record cannot be read, or holds nothing that can be played.</exception>
    public static RecordedSignals Open(IReadOnlyList<string> paths, bool once, TextWriter log) => Of([.. paths.Select(WfdbRecord.Open)], once, log);

    public static RecordedSignals Of(IReadOnlyList<WfdbRecord> records, bool once, TextWriter log)
    {
        var waves = new Dictionary<uint, RecordedWave>();
        foreach (WfdbRecord record in records)
        {
            for (int at = 0; at < record.Header.Signals.Count; at++)
            {
                Add(waves, record, at, log);
            }
        }

        return waves.Count > 0 ? new RecordedSignals(waves, once) : throw new WfdbException("no signal of the record can be played");
    }

    public bool Fill(WaveObject wave, int part, long firstTick, Span<ushort> samples)
    {
        _began ??= firstTick;
        return _waves[wave.Label].Fill(firstTick - _began.Value, _once, samples);
    }

    public double Read(PatientValue value, long tick) => double.NaN;

    public bool IsOver(long tick) => _once && _began is { } began && tick - began >= _waves.Values.Max(w => w.Ticks);

    private static void Add(Dictionary<uint, RecordedWave> waves, WfdbRecord record, int at, TextWriter log)
    {
        WfdbSignal signal = record.Header.Signals[at];
        string name = Name(signal.Description);
        if (!Known.TryGetValue(name, out (ushort PhysioId, string Text, ushort Colour) known) || record.Samples[at].Length == 0)
        {
            log.WriteLine($"{record.Header.Name} '{signal.Description}': no wave of the monitor, not played");
            return;
        }

        uint label = 0x00020000u | known.PhysioId;
        bool ecg = label is >= 0x00020100 and <= 0x000201FF;
        ushort handle = ecg ? BedsideObjects.EcgHandle : (ushort)(0x0900 + waves.Count);
        ushort context = ecg || known.PhysioId is 0x4BB4 or 0x5000 ? BedsideObjects.Server : BedsideObjects.Monitor;
        var wave = new WaveObject(context, handle, label, known.Text, known.Colour, UnitOf(signal.Units), known.PhysioId);
        var recorded = RecordedWave.Of(wave, signal, record.Rate(at), record.Samples[at]);
        if (!waves.TryAdd(label, recorded))
        {
            log.WriteLine($"{record.Header.Name} '{signal.Description}': a second {known.Text}, not played");
            return;
        }

        log.WriteLine($"{record.Header.Name} '{signal.Description}' is {known.Text}: {string.Join("; ", recorded.Remarks)}");
    }

    /// <summary>The lead's name alone: "ECG_II", "ECG lead II" and "II" are the same.</summary>
    private static string Name(string description)
    {
        string[] words = description.Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries);
        string last = words.Length == 0 ? string.Empty : words[^1];
        return last.Equals("ECG", StringComparison.OrdinalIgnoreCase) ? "II" : last;
    }

    private static ushort UnitOf(string units) => units.ToLowerInvariant() switch
    {
        "mv" => Unit.Millivolt,
        "uv" => Unit.Microvolt,
        "mmhg" => Unit.MillimetreOfMercury,
        "kpa" => Unit.Kilopascal,
        "cmh2o" => Unit.CentimetreOfWater,
        "mbar" => Unit.Millibar,
        "ohm" => Unit.Ohm,
        "l/min" => Unit.LitrePerMinute,
        "%" => Unit.Percent,
        _ => Unit.None,
    };
}
