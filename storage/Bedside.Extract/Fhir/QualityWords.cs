using System.Text.Json;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>How far a value may be trusted, in FHIR's words (FHIR sheet, section 2.4): labels, reason for absence, interpretation, status.</summary>
internal static class QualityWords
{
    private const Validity Interpreted = Validity.Questionable | Validity.CalibrationOngoing | Validity.ValidatedData | Validity.EarlyIndication
        | Validity.MeasurementOngoing | Validity.InAlarm | Validity.AlarmInhibited;

    private const Validity Uncertain = Validity.Questionable | Validity.CalibrationOngoing | Validity.Implausible;
    private const Validity MadeUp = Validity.TestData | Validity.DemoData;
    private const Validity Labelled = Validity.Invalid | Uncertain | Validity.ValidatedData | MadeUp;

    /// <summary><c>final</c> once a person confirmed it.</summary>
    public static string StatusOf(Validity validity) => validity.HasFlag(Validity.ValidatedData) ? "final" : "preliminary";

    /// <summary>Why there is no value; null = there is one, and it may be told.</summary>
    public static string? AbsenceOf(Validity validity, bool hasValue)
    {
        if (validity.HasFlag(Validity.Invalid))
        {
            return "error";
        }

        if (validity.HasFlag(Validity.NotAvailable) || (!hasValue && validity.HasFlag(Validity.MeasurementOngoing)))
        {
            return "temp-unknown";
        }

        return hasValue ? null : "unknown";
    }

    /// <summary>Labels of <c>meta.security</c>; nothing where all is well.</summary>
    public static void WriteSecurity(Utf8JsonWriter json, Validity validity)
    {
        if ((validity & Labelled) == 0)
        {
            return;
        }

        json.WriteStartArray("security"u8);
        string? trust = validity.HasFlag(Validity.Invalid) ? "UNRELIABLE" : (validity & Uncertain) != 0 ? "UNCERTREL" : validity.HasFlag(Validity.ValidatedData) ? "HRELIABLE" : null;
        if (trust is not null)
        {
            WriteCoding(json, FhirCoding.ObservationValue, trust);
        }

        if ((validity & MadeUp) != 0)
        {
            WriteCoding(json, FhirCoding.ActReason, "HTEST");
        }

        json.WriteEndArray();
    }

    public static void WriteAbsence(Utf8JsonWriter json, string reason)
    {
        json.WriteStartObject("dataAbsentReason"u8);
        json.WriteStartArray("coding"u8);
        WriteCoding(json, FhirCoding.Absent, reason);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteInterpretation(Utf8JsonWriter json, Validity validity)
    {
        if ((validity & Interpreted) == 0)
        {
            return;
        }

        json.WriteStartArray("interpretation"u8);
        WriteOne(json, validity, Validity.Questionable, "questionable");
        WriteOne(json, validity, Validity.CalibrationOngoing, "calibration-ongoing");
        WriteOne(json, validity, Validity.ValidatedData, "validated-data");
        WriteOne(json, validity, Validity.EarlyIndication, "early-indication");
        WriteOne(json, validity, Validity.MeasurementOngoing, "msmt-ongoing");
        WriteOne(json, validity, Validity.InAlarm, "in-alarm");
        WriteOne(json, validity, Validity.AlarmInhibited, "alarm-inhibited");
        json.WriteEndArray();
    }

    public static void WriteCoding(Utf8JsonWriter json, string system, string code, string display = "")
    {
        json.WriteStartObject();
        json.WriteString("system"u8, system);
        json.WriteString("code"u8, code);
        if (display.Length > 0)
        {
            json.WriteString("display"u8, display);
        }

        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, Validity validity, Validity bit, string code)
    {
        if (!validity.HasFlag(bit))
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        WriteCoding(json, FhirCoding.MeasurementStatus, code);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
