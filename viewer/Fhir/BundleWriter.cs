using System.Text.Json;
using Bedside.Extract.Fhir;

namespace Bedside.Viewer.Fhir;

/// <summary>Writes a searchset as it comes: entries first, then how many there are, where that is known, and the links.</summary>
internal sealed class BundleWriter(FhirBody body, FhirLinks links)
{
    private readonly Utf8JsonWriter _json = body.Json;
    private bool _open;

    public void Begin()
    {
        _json.WriteStartObject();
        _json.WriteString("resourceType"u8, "Bundle"u8);
        _json.WriteString("type"u8, "searchset"u8);
    }

    /// <summary>An entry; <paramref name="write"/> writes the resource.</summary>
    public async ValueTask AddAsync(string type, string id, string mode, Action<Utf8JsonWriter> write)
    {
        BeginEntry(links.Of(type, id));
        write(_json);
        EndEntry(mode);
        await body.DrainAsync();
    }

    /// <summary>The same for Observations, which are many: nothing is made for each but its text.</summary>
    public ValueTask AddAsync(string id, FhirItem item, string patient, ObservationWriter writer)
    {
        BeginEntry(links.Of("Observation", id));
        writer.Write(_json, item, patient);
        EndEntry("match");
        return body.DrainAsync();
    }

    /// <summary>A word about the answer.</summary>
    public void AddOutcome(string code, string sentence)
    {
        BeginEntry($"urn:uuid:{Guid.NewGuid()}");
        FhirProblem.Write(_json, "information", code, sentence);
        EndEntry("outcome");
    }

    public void End(long? total, string self, string? next)
    {
        if (_open)
        {
            _json.WriteEndArray();
        }

        if (total is { } known)
        {
            _json.WriteNumber("total"u8, known);
        }

        _json.WriteStartArray("link"u8);
        WriteLink("self", self);
        if (next is not null)
        {
            WriteLink("next", next);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void BeginEntry(string url)
    {
        if (!_open)
        {
            _json.WriteStartArray("entry"u8);
            _open = true;
        }

        _json.WriteStartObject();
        _json.WriteString("fullUrl"u8, url);
        _json.WritePropertyName("resource"u8);
    }

    private void EndEntry(string mode)
    {
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, mode);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteLink(string relation, string url)
    {
        _json.WriteStartObject();
        _json.WriteString("relation"u8, relation);
        _json.WriteString("url"u8, url);
        _json.WriteEndObject();
    }
}
