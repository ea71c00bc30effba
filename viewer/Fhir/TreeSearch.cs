using System.Globalization;
using System.Text.Json;
using Bedside.Extract.Fhir;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Fhir;

/// <summary>One resource of a short list: what is searched in it, and how it is written.</summary>
/// <param name="Links">Parameter and the id that it refers to.</param>
internal sealed record TreeEntry(string Id, IReadOnlyList<FhirCoding> Types, IReadOnlyList<FhirCoding> Identifiers, IReadOnlyList<(string Name, string Id)> Links, Action<Utf8JsonWriter> Write);

/// <summary>Patient, Device and DeviceMetric: lists that are short, in the order of their ids.</summary>
internal sealed class TreeSearch(FhirBox box, FhirRecord record, FhirLinks links)
{
    /// <summary>The resources of a type; null = no such type.</summary>
    public IReadOnlyList<TreeEntry>? List(string type)
    {
        var devices = new DeviceWriter(record);
        return type switch
        {
            "Patient" => [.. record.Patients.Spans.DistinctBy(span => span.Id).Select(span =>
                new TreeEntry(span.Id, [], [new FhirCoding(FhirCoding.Pseudonym, span.Pseudonym)], [], json => DeviceWriter.Write(json, span)))],
            "Device" => [.. record.Devices.Devices.Select(device =>
                new TreeEntry(device.Id, device.Code == 0 ? [] : [FhirCoding.OfMdc(device.Code, string.Empty)], [], [], json => DeviceWriter.Write(json, device)))],
            "DeviceMetric" => [.. record.Devices.Metrics.Select(metric => new TreeEntry(
                metric.Key,
                metric.Value.Codes,
                [],
                [("source", record.Devices.WholeOf(metric.Value)), ("parent", record.Devices.ChannelOf(metric.Value))],
                json => devices.Write(json, metric.Value, box.Now)))],
            _ => null,
        };
    }

    /// <summary>Null = answered; else what is wrong, and nothing was sent.</summary>
    public async Task<FhirProblem?> AnswerAsync(HttpContext context, string type, IReadOnlyList<TreeEntry> all, SearchPairs asked)
    {
        long now = box.Now.UnixNanoseconds;
        SearchPairs pairs = asked;
        PageCursor? cursor = null;
        if (asked.First("_cursor") is { } token)
        {
            cursor = PageCursor.Open(token, box.CursorKey, now);
            if (cursor is null || cursor.Type != type)
            {
                return FhirProblem.Gone("This link to a further page is not known any more; ask the search again.");
            }

            pairs = SearchPairs.Parse(cursor.Search);
        }

        IEnumerable<TreeEntry> found = all;
        var applied = new List<(string Name, string Value)>();
        (int count, bool counts) = (ObservationQuery.DefaultCount, false);
        foreach ((string name, string value) in pairs.All.Where(pair => !pair.Name.StartsWith("_format", StringComparison.Ordinal) && pair.Name != "_cursor"))
        {
            Func<TreeEntry, bool>? filter = FilterOf(type, name, value, out FhirProblem? problem);
            if (problem is not null)
            {
                return problem;
            }

            if (name == "_count" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int read))
            {
                (count, counts) = (Math.Min(read, ObservationQuery.MostCount), counts || read == 0);
            }
            else if (name == "_summary" && value == "count")
            {
                counts = true;
            }
            else if (filter is not null)
            {
                found = found.Where(filter);
            }
            else if (asked.IsStrict || name == "_count")
            {
                return FhirProblem.NotSupported($"{name} is not supported for {type}; /fhir/metadata lists what is.");
            }
            else
            {
                continue;
            }

            applied.Add((name, value));
        }

        await WriteAsync(context, type, [.. found.OrderBy(entry => entry.Id, StringComparer.Ordinal)], (applied, counts ? 0 : count, cursor, now), asked.First("_cursor"));
        return null;
    }

    private async Task WriteAsync(
        HttpContext context,
        string type,
        IReadOnlyList<TreeEntry> found,
        (IReadOnlyList<(string Name, string Value)> Applied, int Count, PageCursor? Cursor, long Now) page,
        string? token)
    {
        TreeEntry[] rest = [.. found.Where(entry => page.Cursor is null || string.CompareOrdinal(entry.Id, page.Cursor.AfterId) > 0)];
        await using var body = FhirBody.Begin(context);
        var bundle = new BundleWriter(body, links);
        bundle.Begin();
        foreach (TreeEntry entry in rest.Take(page.Count))
        {
            await bundle.AddAsync(type, entry.Id, "match", entry.Write);
        }

        string query = SearchPairs.ToText(page.Applied);
        string self = token is null ? links.Search(type, query) : links.Search(type, $"_cursor={token}");
        bool more = page.Count > 0 && rest.Length > page.Count;
        string? next = more ? links.Search(type, $"_cursor={new PageCursor(type, query, page.Now, Position: null, rest[page.Count - 1].Id).Seal(box.CursorKey)}") : null;
        bundle.End(found.Count, self, next);
    }

    /// <summary>Null = the parameter is not one of this type's.</summary>
    private Func<TreeEntry, bool>? FilterOf(string type, string name, string value, out FhirProblem? problem)
    {
        problem = null;
        switch (name)
        {
            case "_id":
                HashSet<string> ids = [.. SearchToken.Split(value, ',').Select(SearchToken.Plain)];
                return entry => ids.Contains(entry.Id);
            case "identifier" when type == "Patient":
                return ByToken(name, value, entry => entry.Identifiers, out problem);
            case "type" when type != "Patient":
                return ByToken(name, value, entry => entry.Types, out problem);
            case "source" or "parent" when type == "DeviceMetric":
                IReadOnlySet<string>? targets = links.Ids(value, "Device", isPlainAllowed: true);
                problem = targets is null ? FhirProblem.Invalid($"{name} cannot be understood.") : null;
                return entry => entry.Links.Any(link => link.Name == name && targets!.Contains(link.Id));
            default:
                if (name.Contains(':', StringComparison.Ordinal))
                {
                    problem = FhirProblem.NotSupported("Modifiers are not supported.");
                }

                return null;
        }
    }

    private static Func<TreeEntry, bool>? ByToken(string name, string value, Func<TreeEntry, IReadOnlyList<FhirCoding>> codings, out FhirProblem? problem)
    {
        IReadOnlyList<SearchToken>? tokens = SearchToken.Read(value);
        problem = tokens is null ? FhirProblem.Invalid($"{name} cannot be understood.") : null;
        return entry => codings(entry).Any(coding => tokens!.Any(token => token.Fits(coding)));
    }
}
