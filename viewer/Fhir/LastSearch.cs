using System.Globalization;
using System.Text.Json;
using Bedside.Extract.Fhir;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Fhir;

/// <summary>
/// <c>$lastn</c>: the newest Observations of each code, newest first. Series with the same first coding are one group, of whatever device; those of the instant of the last one that counts are all given. One without a
/// value counts: it says that nothing newer is there. Waves only where <c>code</c> asks for them.
/// </summary>
internal sealed class LastSearch(FhirBox box, FhirRecord record, FhirLinks links)
{
    private const string Name = "Observation/$lastn";
    private const int MostEach = 1000;

    /// <summary>Null = answered; else what is wrong, and nothing was sent.</summary>
    public async Task<FhirProblem?> AnswerAsync(HttpContext context, SearchPairs asked)
    {
        if (asked.First("patient") is null && asked.First("subject") is null)
        {
            return FhirProblem.Invalid("$lastn needs a patient: patient=ID.");
        }

        if (asked.First("category") is null && asked.First("code") is null)
        {
            return FhirProblem.Invalid("$lastn needs a category or a code: category=vital-signs, or code=system|code.");
        }

        string most = asked.First("max") ?? "1";
        if (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out int each) || each is < 1 or > MostEach)
        {
            return FhirProblem.Invalid($"max must be a number from 1 to {MostEach}.");
        }

        long now = box.Now.UnixNanoseconds;
        var rest = new SearchPairs(asked.All.Where(pair => pair.Name != "max")) { IsStrict = asked.IsStrict };
        if (!ObservationQuery.TryRead(record, links, rest, (now, IsPaged: false), out ObservationQuery query, out FhirProblem problem))
        {
            return problem;
        }

        bool waves = asked.First("code") is not null;
        IEnumerable<(string System, string Code)> codes = query.Series
            .Where(series => series.Codes.Count > 0 && (waves || series.Kind != SeriesKind.Waveform))
            .Select(series => (series.Codes[0].System, series.Codes[0].Code))
            .Distinct();
        await using var body = FhirBody.Begin(context);
        var bundle = new BundleWriter(body, links);
        var writer = new ObservationWriter(record);
        bundle.Begin();
        int total = 0;
        foreach ((string system, string code) in codes)
        {
            FhirSeries[] group = [.. query.Series.Where(series => series.Codes.Count > 0 && series.Codes[0].System == system && series.Codes[0].Code == code)];
            foreach (FhirItem item in Newest(query, group, now, each))
            {
                context.RequestAborted.ThrowIfCancellationRequested();
                if (record.Patients.At(item.Start) is { } patient)
                {
                    total++;
                    await bundle.AddAsync(record.IdOf(item), item, patient.Id, writer);
                }
            }
        }

        IEnumerable<(string, string)> applied = query.Applied.Append(("max", most));
        bundle.End(total, links.Search(Name, SearchPairs.ToText(applied)), next: null);
        return null;
    }

    private IEnumerable<FhirItem> Newest(ObservationQuery query, IReadOnlyList<FhirSeries> group, long now, int each)
    {
        long to = Math.Min(query.To, now - record.Rules.Settle.Nanoseconds() + 1);
        int given = 0;
        long least = 0;
        foreach (FhirItem item in record.Read(group, query.Patients, query.From, to, descending: true))
        {
            if (item.Updated > now || !query.Fits(item, id: null))
            {
                continue;
            }

            if (given >= each && item.Start != least)
            {
                yield break;
            }

            given++;
            least = item.Start;
            yield return item;
        }
    }
}

/// <summary>The Parameters of an operation that comes by POST.</summary>
internal static class OperationParameters
{
    private const int MostDepth = 16;

    /// <summary>Names and values; a reference is its <c>reference</c>. Null = the body is no Parameters resource.</summary>
    public static async Task<SearchPairs?> ReadAsync(HttpRequest request)
    {
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = MostDepth }, request.HttpContext.RequestAborted);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("resourceType", out JsonElement type) || type.ValueKind != JsonValueKind.String || type.GetString() != "Parameters")
            {
                return null;
            }

            var pairs = new List<(string, string)>();
            if (root.TryGetProperty("parameter", out JsonElement parameters) && parameters.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement parameter in parameters.EnumerateArray())
                {
                    if (Read(parameter) is not { } pair)
                    {
                        return null;
                    }

                    pairs.Add(pair);
                }
            }

            return new SearchPairs(pairs);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string Name, string Value)? Read(JsonElement parameter)
    {
        if (parameter.ValueKind != JsonValueKind.Object || !parameter.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        foreach (JsonProperty property in parameter.EnumerateObject().Where(property => property.Name.StartsWith("value", StringComparison.Ordinal)))
        {
            string? value = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString(),
                JsonValueKind.Number => property.Value.GetRawText(),
                JsonValueKind.Object when property.Value.TryGetProperty("reference", out JsonElement reference) && reference.ValueKind == JsonValueKind.String => reference.GetString(),
                _ => null,
            };
            return value is { Length: > 0 } ? (name.GetString()!, value) : null;
        }

        return null;
    }
}
