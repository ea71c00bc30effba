using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Writes a mark as an Observation (R4): its kind and values as codes of the product's own catalogue, what it is about as <c>focus</c>. What a person wrote is never among them. Not for two threads.
/// </summary>
internal sealed class ContextWriter(FhirRecord record)
{
    private readonly FhirTime _time = new(record.Rules.Zone);

    /// <summary>One resource, as an object.</summary>
    /// <param name="patient">Whose it is; nothing of it reaches beyond that.</param>
    /// <param name="series">The series of the export that it is about.</param>
    /// <param name="shift">Added to every time that is written, nanoseconds.</param>
    public void Write(Utf8JsonWriter json, ContextItem item, PatientSpan patient, IEnumerable<FhirSeries> series, long shift)
    {
        AnnotationBlock mark = item.Mark;
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Observation"u8);
        json.WriteString("id"u8, $"ctx-{record.Secret.Name("context", mark.Key)}");
        if (record.Rules.IncludesDemo)
        {
            json.WriteStartObject("meta"u8);
            json.WriteStartArray("security"u8);
            QualityWords.WriteCoding(json, FhirCoding.ActReason, "HTEST");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteString("status"u8, mark.Version > 1 && mark.Source == ExportContext.Person ? "amended" : "final");
        json.WriteStartArray("category"u8);
        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        QualityWords.WriteCoding(json, FhirCoding.Category, "procedure");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WritePropertyName("code"u8);
        DeviceWriter.WriteConcept(json, [new FhirCoding(FhirCoding.Context, mark.Kind, item.Kind.English)], item.Kind.English);
        json.WriteStartObject("subject"u8);
        json.WriteString("reference"u8, $"Patient/{patient.Id}");
        json.WriteEndObject();
        if (!item.IsOfBed)
        {
            WriteFocus(json, series);
        }

        WriteEffective(json, item, patient, shift);
        if (mark.Attributes.IsEmpty)
        {
            json.WriteBoolean("valueBoolean"u8, value: true);
        }
        else
        {
            WriteAttributes(json, item);
        }

        json.WriteEndObject();
    }

    private void WriteFocus(Utf8JsonWriter json, IEnumerable<FhirSeries> series)
    {
        FhirSeries[] about = [.. series];
        if (about.Length == 0)
        {
            return;
        }

        json.WriteStartArray("focus"u8);
        foreach (FhirSeries one in about)
        {
            json.WriteStartObject();
            json.WriteString("reference"u8, $"DeviceMetric/{record.Devices.MetricOf(one)}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAttributes(Utf8JsonWriter json, ContextItem item)
    {
        json.WriteStartArray("component"u8);
        foreach ((string code, string value) in item.Mark.Attributes.Values)
        {
            ContextAttribute? attribute = item.Kind.Attribute(code);
            string words = attribute?.Values.FirstOrDefault(one => one.Code == value)?.English ?? string.Empty;
            json.WriteStartObject();
            json.WritePropertyName("code"u8);
            DeviceWriter.WriteConcept(json, [new FhirCoding($"{FhirCoding.Context}:{item.Kind.Code}", code, attribute?.English ?? string.Empty)], string.Empty);
            json.WritePropertyName("valueCodeableConcept"u8);
            DeviceWriter.WriteConcept(json, [new FhirCoding($"{FhirCoding.Context}:{item.Kind.Code}:{code}", value, words)], string.Empty);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteEffective(Utf8JsonWriter json, ContextItem item, PatientSpan patient, long shift)
    {
        long from = Math.Max(item.Mark.Start.UnixNanoseconds, patient.From);
        long? until = item.Held.HeldUntil is { } told ? Math.Min(told.UnixNanoseconds, patient.To) : patient.To < PatientTimeline.End ? patient.To : null;
        if (until == from)
        {
            json.WriteString("effectiveDateTime"u8, _time.ToText(from + shift));
            return;
        }

        json.WriteStartObject("effectivePeriod"u8);
        json.WriteString("start"u8, _time.ToText(from + shift));
        if (until is { } end)
        {
            json.WriteString("end"u8, _time.ToText(end + shift));
        }

        json.WriteEndObject();
    }
}
