using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Bedside.Viewer.Fhir;

/// <summary>Names and values of a search in the order in which they came: of the address, and of the form of a POST.</summary>
internal sealed class SearchPairs
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly List<(string Name, string Value)> _pairs;

    public SearchPairs(IEnumerable<(string Name, string Value)> pairs) => _pairs = [.. pairs];

    public IReadOnlyList<(string Name, string Value)> All => _pairs;

    /// <summary>Asked to refuse what is not known, instead of leaving it out.</summary>
    public bool IsStrict { get; init; }

    public string? First(string name) => _pairs.Find(pair => pair.Name == name).Value;

    /// <summary>Reads them; null = the body is no form.</summary>
    public static async Task<SearchPairs?> ReadAsync(HttpRequest request)
    {
        bool strict = request.Headers["Prefer"].Any(prefer => prefer?.Contains("handling=strict", StringComparison.OrdinalIgnoreCase) == true);
        var pairs = new List<(string, string)>();
        Add(pairs, request.Query);
        if (HttpMethods.IsPost(request.Method))
        {
            if (request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true && request.ContentLength is not (null or 0))
            {
                return null;
            }

            if (request.HasFormContentType)
            {
                Add(pairs, await request.ReadFormAsync(request.HttpContext.RequestAborted));
            }
        }

        return new SearchPairs(pairs) { IsStrict = strict };
    }

    /// <summary>Reads what <see cref="ToText"/> gave.</summary>
    public static SearchPairs Parse(string text)
    {
        var pairs = new List<(string, string)>();
        Add(pairs, QueryHelpers.ParseQuery(text));
        return new SearchPairs(pairs);
    }

    /// <summary>As a query string without the question mark.</summary>
    public static string ToText(IEnumerable<(string Name, string Value)> pairs)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in pairs)
        {
            text.Append(text.Length > 0 ? "&" : string.Empty).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }

    private static void Add(List<(string Name, string Value)> pairs, IEnumerable<KeyValuePair<string, StringValues>> found)
    {
        foreach ((string name, StringValues values) in found)
        {
            pairs.AddRange(values.Where(value => value is { Length: > 0 }).Select(value => (name, value!)));
        }
    }
}
