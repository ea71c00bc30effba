using System.Text.Json;
using Bedside.Extract.Fhir;

namespace Bedside.Viewer.Fhir;

/// <summary>Writes the CapabilityStatement: exactly what is served. A test asks every line of it.</summary>
internal static class CapabilityWriter
{
    private static readonly (string Type, (string Name, string Type)[] Parameters)[] Served =
    [
        ("Patient", [("_id", "token"), ("identifier", "token")]),
        ("Device", [("_id", "token"), ("type", "token")]),
        ("DeviceMetric", [("_id", "token"), ("type", "token"), ("source", "reference"), ("parent", "reference")]),
        ("Observation",
        [
            ("_id", "token"), ("_lastUpdated", "date"), ("patient", "reference"), ("subject", "reference"), ("code", "token"), ("combo-code", "token"), ("category", "token"),
            ("date", "date"), ("device", "reference"),
        ]),
    ];

    public static void Write(Utf8JsonWriter json, FhirBox box, FhirLinks links)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CapabilityStatement"u8);
        json.WriteString("status"u8, "active"u8);
        json.WriteString("date"u8, new FhirTime(TimeZoneInfo.Utc).ToText(box.Run.StartedAt.UnixNanoseconds));
        json.WriteString("kind"u8, "instance"u8);
        json.WriteStartObject("software"u8);
        json.WriteString("name"u8, "Bedside"u8);
        json.WriteString("version"u8, box.Options.Build);
        json.WriteEndObject();
        json.WriteStartObject("implementation"u8);
        json.WriteString("description"u8, "One bed, read-only, pseudonymous"u8);
        json.WriteString("url"u8, links.Base);
        json.WriteEndObject();
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        json.WriteStartArray("format"u8);
        json.WriteStringValue("application/fhir+json"u8);
        json.WriteStringValue("json"u8);
        json.WriteEndArray();
        json.WriteStartArray("rest"u8);
        json.WriteStartObject();
        json.WriteString("mode"u8, "server"u8);
        json.WriteString("documentation"u8, "Read-only. No profile is claimed. Observations are made of what the box keeps when they are asked for, five seconds after their last value."u8);
        json.WriteStartObject("security"u8);
        json.WriteBoolean("cors"u8, value: false);
        json.WriteString("description"u8, "Answers this machine only."u8);
        json.WriteEndObject();
        json.WriteStartArray("resource"u8);
        foreach ((string type, (string Name, string Type)[] parameters) in Served)
        {
            WriteResource(json, type, parameters);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, string type, IEnumerable<(string Name, string Type)> parameters)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteStartArray("interaction"u8);
        foreach (string interaction in new[] { "read", "search-type" })
        {
            json.WriteStartObject();
            json.WriteString("code"u8, interaction);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (type == "Observation")
        {
            json.WriteStartArray("searchInclude"u8);
            json.WriteStringValue("Observation:device"u8);
            json.WriteEndArray();
        }

        json.WriteStartArray("searchParam"u8);
        foreach ((string name, string kind) in parameters)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("type"u8, kind);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (type == "Observation")
        {
            json.WriteStartArray("operation"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, "lastn"u8);
            json.WriteString("definition"u8, "http://hl7.org/fhir/OperationDefinition/Observation-lastn"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
