using System.Text.Json;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>
/// Writes Patient, Device and DeviceMetric (R4) of a pseudonymous answer: no name, date of birth, serial number, maker, host or place is written, because the writer is not given any.
/// </summary>
public sealed class DeviceWriter(FhirRecord record)
{
    private const long OnNanoseconds = 30_000_000_000;

    /// <summary>A patient under a pseudonym; <c>temp</c> = nobody said who it is.</summary>
    public static void Write(Utf8JsonWriter json, PatientSpan patient)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Patient"u8);
        json.WriteString("id"u8, patient.Id);
        json.WriteStartObject("meta"u8);
        json.WriteStartArray("security"u8);
        QualityWords.WriteCoding(json, FhirCoding.ObservationValue, "PSEUDED");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("identifier"u8);
        json.WriteStartObject();
        if (patient.Temporary)
        {
            json.WriteString("use"u8, "temp"u8);
        }

        json.WriteString("system"u8, FhirCoding.Pseudonym);
        json.WriteString("value"u8, patient.Pseudonym);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, FhirDevice device)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Device"u8);
        json.WriteString("id"u8, device.Id);
        json.WritePropertyName("type"u8);
        WriteConcept(json, device.Code == 0 ? [] : [FhirCoding.OfMdc(device.Code, string.Empty)], device.Text);
        if (device.Parent.Length > 0)
        {
            WriteReference(json, "parent"u8, $"Device/{device.Parent}");
        }

        json.WriteEndObject();
    }

    /// <summary>What one series measures. It is on while its device gave something in the last half minute.</summary>
    public void Write(Utf8JsonWriter json, FhirSeries series, UtcInstant now)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "DeviceMetric"u8);
        json.WriteString("id"u8, record.Devices.MetricOf(series));
        json.WritePropertyName("type"u8);
        WriteConcept(json, [.. series.Codes.OrderBy(code => code.System != FhirCoding.Mdc)], series.Text);
        if (UnitCodes.MdcOf(series.Unit, series.ColourGroup) is { } unit)
        {
            json.WritePropertyName("unit"u8);
            WriteConcept(json, [unit], string.Empty);
        }

        WriteReference(json, "source"u8, $"Device/{record.Devices.WholeOf(series)}");
        WriteReference(json, "parent"u8, $"Device/{record.Devices.ChannelOf(series)}");
        bool on = record.LastOf(series.Device) is { } last && now.Since(last) < OnNanoseconds;
        json.WriteString("operationalStatus"u8, on ? "on" : "off");
        if (DeviceFamily.ColourOf(series.ColourGroup) is { } colour)
        {
            json.WriteString("color"u8, colour);
        }

        json.WriteString("category"u8, series.IsSetting ? "setting" : "measurement");
        json.WriteEndObject();
    }

    internal static void WriteConcept(Utf8JsonWriter json, IReadOnlyList<FhirCoding> codes, string text)
    {
        json.WriteStartObject();
        if (codes.Count > 0)
        {
            json.WriteStartArray("coding"u8);
            foreach (FhirCoding code in codes)
            {
                QualityWords.WriteCoding(json, code.System, code.Code, code.Display);
            }

            json.WriteEndArray();
        }

        if (text.Length > 0)
        {
            json.WriteString("text"u8, text);
        }

        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, ReadOnlySpan<byte> name, string reference)
    {
        json.WriteStartObject(name);
        json.WriteString("reference"u8, reference);
        json.WriteEndObject();
    }
}
