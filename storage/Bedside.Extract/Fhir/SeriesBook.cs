using System.Collections.Frozen;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>
/// The series that the signals of a store give. What has no row in the nomenclature and no confirmed MDC code is left out: its name is the device's own text.
/// </summary>
public sealed class SeriesBook
{
    private static readonly string[] Suffixes = ["-sys", "-dia", "-mean"];

    /// <summary>Pressures whose three numbers are one Observation, with the codes of the whole; MDC 0 = none is verified.</summary>
    private static readonly FrozenDictionary<string, (string Loinc, uint Mdc, string Name, string Text)> Compounds = new Dictionary<string, (string, uint, string, string)>(StringComparer.Ordinal)
    {
        ["nibp"] = (VitalSigns.Pressure, 150020, "MDC_PRESS_BLD_NONINV", "Non-invasive blood pressure"),
        ["cuff"] = (VitalSigns.Pressure, 0, string.Empty, "Non-invasive blood pressure"),
        ["abp"] = (string.Empty, 150036, "MDC_PRESS_BLD_ART_ABP", "Arterial blood pressure (ABP)"),
        ["art"] = (string.Empty, 150032, "MDC_PRESS_BLD_ART", "Arterial blood pressure (ART)"),
        ["ibp"] = (string.Empty, 150016, "MDC_PRESS_BLD", "Invasive pressure (site not specified)"),
        ["ao"] = (string.Empty, 150028, "MDC_PRESS_BLD_AORT", "Aortic blood pressure"),
        ["uap"] = (string.Empty, 150056, "MDC_PRESS_BLD_ART_UMB", "Umbilical arterial pressure"),
        ["pap"] = (string.Empty, 150044, "MDC_PRESS_BLD_ART_PULM", "Pulmonary artery pressure"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] PressureLoinc = ["8480-6", "8462-4", "8478-0"];

    private readonly Dictionary<uint, FhirSeries> _byNumber;

    private SeriesBook(IReadOnlyList<FhirSeries> series, int unmapped)
    {
        All = series;
        Unmapped = unmapped;
        _byNumber = series.ToDictionary(one => one.Number);
    }

    /// <summary>By number.</summary>
    public IReadOnlyList<FhirSeries> All { get; }

    /// <summary>Signals that no public code is known of: not served.</summary>
    public int Unmapped { get; }

    public FhirSeries? Find(uint number) => _byNumber.GetValueOrDefault(number);

    public static SeriesBook Of(IReadOnlyList<Signal> signals)
    {
        Nomenclature nomenclature = Nomenclature.Shipped;
        var series = new List<FhirSeries>();
        Signal[] mapped = [.. signals.Where(signal => nomenclature.Of(signal) is not null || signal.Metric.Code != 0)];
        HashSet<string> present = [.. mapped.Where(signal => signal.Metric.Kind == SignalKind.Numeric).Select(signal => signal.Metric.SignalId)];
        var compounds = new Dictionary<(string Device, string Base, string Channel, string Unit), List<Signal>>();
        foreach (Signal signal in mapped)
        {
            if (CompoundOf(signal) is { } whole)
            {
                (string, string, string, string) key = (signal.Device, whole, signal.Metric.Channel, signal.Metric.Unit);
                if (!compounds.TryGetValue(key, out List<Signal>? parts))
                {
                    compounds.Add(key, parts = []);
                }

                parts.Add(signal);
            }
            else if (Single(signal, nomenclature.Of(signal), present) is { } single)
            {
                series.Add(single);
            }
        }

        series.AddRange(compounds.Select(compound => Compound(compound.Key.Base, compound.Value, nomenclature)));
        return new SeriesBook([.. series.OrderBy(one => one.Number)], signals.Count - mapped.Length);
    }

    private static string? CompoundOf(Signal signal)
    {
        string id = signal.Metric.SignalId;
        return signal.Metric.Kind == SignalKind.Numeric
            && Suffixes.FirstOrDefault(suffix => id.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix
            && Compounds.ContainsKey(id[..^suffix.Length]) ? id[..^suffix.Length] : null;
    }

    private static FhirSeries? Single(Signal signal, NomenclatureEntry? entry, HashSet<string> present)
    {
        Metric metric = signal.Metric;
        SeriesKind? kind = metric.Kind switch
        {
            SignalKind.Waveform => SeriesKind.Waveform,
            SignalKind.Numeric or SignalKind.Setting => SeriesKind.Numeric,

            // What a device tells in characters where it has numbers at other times: the code is that of the field, and says nothing of the state.
            SignalKind.Text when metric.Channel != "text" => SeriesKind.State,
            _ => null,
        };
        if (kind is not { } known)
        {
            return null;
        }

        IReadOnlyList<string> loinc = entry switch
        {
            null => [],
            _ when metric.Kind == SignalKind.Numeric => VitalSigns.LoincOf(entry, present),
            _ => entry.Loinc.Length > 0 ? [entry.Loinc] : [],
        };
        var codes = new List<FhirCoding>(loinc.Select(FhirCoding.OfLoinc));
        AddMdc(codes, metric, entry);
        AddOwn(codes, entry?.Id);
        string text = entry?.English ?? metric.CodeName;
        return new FhirSeries(known, [new SeriesPart(signal, [])], codes, text, entry?.ColourGroup ?? string.Empty)
        {
            IsVitalSign = metric.Kind == SignalKind.Numeric && VitalSigns.Fit(loinc, metric.Unit),
        };
    }

    private static FhirSeries Compound(string whole, List<Signal> signals, Nomenclature nomenclature)
    {
        (string loinc, uint mdc, string name, string text) = Compounds[whole];
        var parts = new List<SeriesPart>();
        for (int i = 0; i < Suffixes.Length; i++)
        {
            string id = whole + Suffixes[i];
            if (signals.FirstOrDefault(signal => signal.Metric.SignalId == id) is { } signal && nomenclature.ById(id) is { } entry)
            {
                var codes = new List<FhirCoding>();
                if (loinc.Length > 0)
                {
                    codes.Add(FhirCoding.OfLoinc(PressureLoinc[i]));
                }

                codes.Add(FhirCoding.OfLoinc(entry.Loinc));
                AddMdc(codes, signal.Metric, entry);
                AddOwn(codes, id);
                parts.Add(new SeriesPart(signal, codes));
            }
        }

        var root = new List<FhirCoding>();
        if (loinc.Length > 0)
        {
            root.Add(FhirCoding.OfLoinc(loinc));
        }

        if (mdc != 0)
        {
            root.Add(FhirCoding.OfMdc(mdc, name));
        }

        AddOwn(root, whole);
        bool isWhole = Suffixes.Take(2).All(suffix => parts.Exists(part => part.Signal.Metric.SignalId == whole + suffix));
        string group = loinc.Length > 0 ? "nibp" : whole == "pap" ? "pap" : "art";
        return new FhirSeries(SeriesKind.Compound, parts, root, text, group)
        {
            IsVitalSign = loinc.Length > 0 && isWhole && signals[0].Metric.Unit == "mm[Hg]",
        };
    }

    private static void AddMdc(List<FhirCoding> codes, Metric metric, NomenclatureEntry? entry)
    {
        if (entry is { Code: not 0 })
        {
            codes.Add(FhirCoding.OfMdc(entry.Code, entry.CodeName));
        }
        else if (metric.Code != 0)
        {
            codes.Add(FhirCoding.OfMdc(metric.Code, metric.CodeName));
        }
    }

    private static void AddOwn(List<FhirCoding> codes, string? id)
    {
        if (id is not null)
        {
            codes.Add(new FhirCoding(FhirCoding.Own, id));
        }
    }
}
