using System.Collections.Frozen;
using Bedside.Extract.Fhir;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Extract.Package;

/// <summary>A device as a package tells it: its class and a number within the stay. Names, models and serial numbers stay in the box.</summary>
/// <param name="Class"><c>monitor ventilator pump device</c>.</param>
internal sealed record PackagedDevice(string Class, int Number)
{
    private static readonly FrozenSet<string> OfMonitors = FrozenSet.Create(StringComparer.Ordinal, "ecg", "spo2", "nibp", "pressure", "temperature", "icp", "gas", "neurology", "haemodynamics");

    /// <summary><c>monitor1</c>: letters and digits, as record names of WFDB want it.</summary>
    public string Name => Class + Spelling.Of(Number);

    /// <summary>By what the device measures, never by what it calls itself.</summary>
    public static string ClassOf(IEnumerable<Signal> signals)
    {
        string[] families = [.. signals.Select(signal => DeviceFamily.OfGroup(Nomenclature.Shipped.Of(signal)?.ColourGroup ?? string.Empty).Name).Distinct(StringComparer.Ordinal)];
        return families switch
        {
            _ when DeviceFamily.TypeOf(families).Code == DeviceFamily.Monitor => "monitor",
            _ when families.Contains("pump") => "pump",
            _ when families.Contains("airway") => "ventilator",
            _ when families.Any(OfMonitors.Contains) => "monitor",
            _ => "device",
        };
    }
}

/// <summary>A signal of one stay as it leaves: everything that is said of it is from the nomenclature or is a number.</summary>
/// <param name="Name">Its id in the nomenclature; with <c>.2</c>, <c>.3</c>, … where the stay has another source of it.</param>
/// <param name="Hertz">The rate that was asked for; null = as taken.</param>
internal sealed record PackagedSignal(Signal Source, NomenclatureEntry Entry, string Name, PackagedDevice Device, double? Hertz)
{
    /// <summary>Identifying from this rate on: <c>trust.md</c>, sections 1.1 and 5.2.</summary>
    private const double IdentifyingHertz = 50;

    public SignalKind Kind => Source.Metric.Kind;

    /// <summary>UCUM; empty where the device said none, or words of its own.</summary>
    public string Unit => UnitCodes.IsUcum(Source.Metric.Unit) ? Source.Metric.Unit : string.Empty;

    /// <summary>The signals of a stay that were asked for, in the order of the stay. What has no row in the nomenclature never leaves: its name is the device's own text.</summary>
    public static IReadOnlyList<PackagedSignal> Of(PackageStay stay, IReadOnlyList<AskedSignal> asked)
    {
        var signals = new List<PackagedSignal>();
        var devices = new Dictionary<string, PackagedDevice>(StringComparer.Ordinal);
        var sources = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Signal signal in stay.Signals)
        {
            AskedSignal? wish = asked.FirstOrDefault(one => one.Signal == signal.Metric.SignalId);
            if (wish is null || Nomenclature.Shipped.Of(signal) is not { } entry)
            {
                continue;
            }

            if (!devices.TryGetValue(signal.Device, out PackagedDevice? device))
            {
                string word = PackagedDevice.ClassOf(stay.Signals.Where(one => one.Device == signal.Device));
                device = new PackagedDevice(word, devices.Values.Count(one => one.Class == word) + 1);
                devices.Add(signal.Device, device);
            }

            int source = sources[entry.Id] = sources.GetValueOrDefault(entry.Id) + 1;
            signals.Add(new PackagedSignal(signal, entry, source == 1 ? entry.Id : $"{entry.Id}.{Spelling.Of(source)}", device, wish.Hertz));
        }

        return signals;
    }

    /// <summary>True for a wave by which a person can be told from others: ECG, pleth, EEG at 50 samples a second or more.</summary>
    public bool IsIdentifying(double hertz) =>
        Kind == SignalKind.Waveform && hertz >= IdentifyingHertz
        && (Entry.ColourGroup == "ecg" || Entry.ColourGroup == "neuro" || Entry.Id.StartsWith("pleth", StringComparison.Ordinal));
}
