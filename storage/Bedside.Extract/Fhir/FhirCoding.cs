using System.Globalization;

namespace Bedside.Extract.Fhir;

/// <summary>One coding: system, code and, where it is known for sure, its display.</summary>
public sealed record FhirCoding(string System, string Code, string Display = "")
{
    public const string Loinc = "http://loinc.org";
    public const string Mdc = "urn:iso:std:iso:11073:10101";
    public const string Ucum = "http://unitsofmeasure.org";
    public const string Category = "http://terminology.hl7.org/CodeSystem/observation-category";
    public const string Absent = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    public const string MeasurementStatus = "http://terminology.hl7.org/CodeSystem/measurement-status";
    public const string ObservationValue = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    public const string ActReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    /// <summary>Ids of the product's own nomenclature.</summary>
    public const string Own = "urn:x-bedside:signal";

    /// <summary>Kinds of marks, of the product's own catalogue; attributes and values are of systems below it.</summary>
    public const string Context = "urn:x-bedside:context";

    /// <summary>Numbers that a device gives its states; the name of its protocol follows.</summary>
    public const string State = "urn:x-bedside:device-state:";

    /// <summary>Keyed hashes that stand for a patient.</summary>
    public const string Pseudonym = "urn:x-bedside:pseudonym";

    public static FhirCoding OfLoinc(string code) => new(Loinc, code, LoincNames.Of(code));

    /// <summary>By 32-bit code: never the 16-bit term.</summary>
    public static FhirCoding OfMdc(uint code, string name) =>
        new(Mdc, code.ToString(CultureInfo.InvariantCulture), name.StartsWith("MDC_", StringComparison.Ordinal) ? name : string.Empty);
}

/// <summary>Names of the LOINC codes that the vital-signs profiles impose.</summary>
internal static class LoincNames
{
    public static string Of(string code) => code switch
    {
        "8867-4" => "Heart rate",
        "9279-1" => "Respiratory rate",
        "8310-5" => "Body temperature",
        "85354-9" => "Blood pressure panel with all children optional",
        "8480-6" => "Systolic blood pressure",
        "8462-4" => "Diastolic blood pressure",
        "8478-0" => "Mean blood pressure",
        "2708-6" => "Oxygen saturation in Arterial blood",
        "59408-5" => "Oxygen saturation in Arterial blood by Pulse oximetry",
        "29463-7" => "Body weight",
        "8302-2" => "Body height",
        "39156-5" => "Body mass index (BMI) [Ratio]",
        _ => string.Empty,
    };
}
