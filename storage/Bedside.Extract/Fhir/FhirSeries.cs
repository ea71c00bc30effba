using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>One signal of a series, and how it is coded as a component of a compound (empty where it is not one).</summary>
public sealed record SeriesPart(Signal Signal, IReadOnlyList<FhirCoding> Codes);

/// <summary>
/// What gives one line of Observations: a signal, or the signals of a blood pressure that belong together. It has one DeviceMetric.
/// </summary>
public sealed class FhirSeries
{
    internal FhirSeries(SeriesKind kind, IReadOnlyList<SeriesPart> parts, IReadOnlyList<FhirCoding> codes, string text, string colourGroup)
    {
        Kind = kind;
        Parts = parts;
        Codes = codes;
        Text = text;
        ColourGroup = colourGroup;
        Number = parts.Min(part => part.Signal.Number.Value);
        Family = DeviceFamily.OfGroup(colourGroup);
    }

    /// <summary>Number of its first signal: it orders Observations of one instant.</summary>
    public uint Number { get; }

    public SeriesKind Kind { get; }

    /// <summary>One, or in a compound systolic, diastolic and mean as far as they are there.</summary>
    public IReadOnlyList<SeriesPart> Parts { get; }

    /// <summary>LOINC first, MDC second, then the product's own; the first says which series <c>$lastn</c> counts together.</summary>
    public IReadOnlyList<FhirCoding> Codes { get; }

    /// <summary>English name of the nomenclature.</summary>
    public string Text { get; }

    public string ColourGroup { get; }

    public string Device => Parts[0].Signal.Device;

    public string Unit => Parts[0].Signal.Metric.Unit;

    /// <summary>Whose numbers its states are: the word before the colon of the device's own code.</summary>
    internal string StateScheme =>
        Parts[0].Signal.Metric.DeviceCode.Split(':')[0] is { Length: > 0 and <= 32 } scheme && scheme.All(char.IsAsciiLetterOrDigit) ? scheme.ToLowerInvariant() : "unknown";

    public bool IsSetting => Parts[0].Signal.Metric.Kind == SignalKind.Setting;

    /// <summary>Its values are what a vital-signs profile asks for.</summary>
    public bool IsVitalSign { get; internal init; }

    internal DeviceFamily Family { get; }

    public override string ToString() => $"{Kind} {Parts[0].Signal.Id}";
}
