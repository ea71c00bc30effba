using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Fhir;

/// <summary>Absolute addresses of this server, as the client called it, and references in a search.</summary>
internal sealed class FhirLinks(HttpRequest request)
{
    /// <summary>Without a slash at its end.</summary>
    public string Base { get; } = $"{request.Scheme}://{request.Host.Value}/fhir";

    public string Of(string type, string id) => $"{Base}/{type}/{id}";

    public string Search(string type, string query) => query.Length == 0 ? $"{Base}/{type}" : $"{Base}/{type}?{query}";

    /// <summary>Ids out of <c>id</c>, <c>Type/id</c> or an absolute address of this server, several with commas; a reference elsewhere or to another type fits nothing. Null = it is none.</summary>
    public IReadOnlySet<string>? Ids(string value, string type, bool isPlainAllowed)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (string one in SearchToken.Split(value, ',').Select(SearchToken.Plain))
        {
            string local = one.StartsWith(Base + "/", StringComparison.Ordinal) ? one[(Base.Length + 1)..] : one;
            if (local.Length == 0)
            {
                return null;
            }

            string[] parts = local.Split('/');
            if (parts.Length == 1 && isPlainAllowed)
            {
                ids.Add(local);
            }
            else if (parts.Length == 2 && parts[0] == type)
            {
                ids.Add(parts[1]);
            }
        }

        return ids;
    }
}
