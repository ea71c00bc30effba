using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>A row of <c>dictionary.csv</c>: a signal as it is given, once for each rate and scale that the package has of it.</summary>
internal sealed record DictionaryRow(NomenclatureEntry Entry, SignalKind Kind, string Unit, string DeviceClass)
{
    public double? HertzTaken { get; init; }

    public double? HertzAsked { get; init; }

    public double? HertzGiven { get; init; }

    /// <summary><c>none</c>, <c>low-pass</c> or <c>last-valid</c>.</summary>
    public string Reduction { get; init; } = "none";

    public Scale? Scale { get; init; }

    public double? DisplayMin { get; init; }

    public double? DisplayMax { get; init; }

    public bool IsIdentifying { get; init; }

    private static string[] Columns =>
    [
        "signal", "kind", "name_en", "name_fr", "unit_ucum", "code_11073", "code_name", "loinc", "device_class", "rate_taken_hz", "rate_asked_hz", "rate_given_hz", "reduction", "gain", "offset",
        "display_min", "display_max", "plausible_min", "plausible_max", "identifying", "meaning_of_gaps",
    ];

    /// <summary>A numeric, setting or state.</summary>
    public static DictionaryRow Of(PackagedSignal signal)
    {
        double? taken = signal.Source.Metric.ExpectedEvery is { Ticks: > 0 } every ? 1 / every.TotalSeconds : null;
        bool isThinned = signal.Kind != SignalKind.Text && signal.Hertz is not null;
        return Plain(signal) with
        {
            HertzTaken = taken,
            HertzGiven = isThinned && !(taken < signal.Hertz) ? signal.Hertz : taken,
            Reduction = isThinned ? "last-valid" : "none",
        };
    }

    /// <summary>One for each scale of a wave.</summary>
    public static IEnumerable<DictionaryRow> Of(WaveLane lane) => lane.Scales.Select(wave => Plain(lane.Signal) with
    {
        HertzTaken = lane.HertzTaken,
        HertzGiven = lane.Period.Hertz,
        Reduction = lane.Period.Hertz < lane.HertzTaken ? "low-pass" : "none",
        Scale = wave.Scale,
        IsIdentifying = lane.Signal.IsIdentifying(lane.Period.Hertz),
    });

    /// <summary>Each row once, in the order of what it says.</summary>
    public static void Write(PackageFolder folder, IReadOnlySet<DictionaryRow> rows)
    {
        using CsvTable table = folder.Table("dictionary.csv", Columns);
        foreach (ExportCell[] cells in rows.Select(row => row.Cells()).OrderBy(cells => string.Join('\t', cells), StringComparer.Ordinal))
        {
            table.Row(cells);
        }
    }

    private static DictionaryRow Plain(PackagedSignal signal)
    {
        Metric metric = signal.Source.Metric;
        bool isOfUnit = signal.Entry.Unit == signal.Unit;
        return new DictionaryRow(signal.Entry, signal.Kind, signal.Unit, signal.Device.Class)
        {
            HertzAsked = signal.Hertz,
            DisplayMin = metric.DisplayMin ?? (isOfUnit ? signal.Entry.TypicalMin : null),
            DisplayMax = metric.DisplayMax ?? (isOfUnit ? signal.Entry.TypicalMax : null),
        };
    }

    private ExportCell[] Cells() =>
    [
        Entry.Id, Spelling.Of(Kind), Entry.English, Entry.French, Unit, ExportCell.Code(Entry.Code), Entry.CodeName, Entry.Loinc, DeviceClass, HertzTaken, HertzAsked, HertzGiven, Reduction,
        Scale?.Gain, Scale?.Offset, DisplayMin, DisplayMax, Plausible(Entry.PlausibleMin), Plausible(Entry.PlausibleMax), IsIdentifying,
        Kind switch
        {
            SignalKind.Waveform => "a row that is not there or a null: no sample was taken, or none that may be used; why is in gaps.csv and in the column of marks; nothing is filled in",
            SignalKind.Text => "a state holds until the next of its signal, and not over a gap of gaps.csv",
            _ => "no reading: the device gave none; why is in gaps.csv; an empty value: the device said that it had none",
        },
    ];

    private ExportCell Plausible(double? limit) => Entry.Unit == Unit ? limit : default(ExportCell);
}
