using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Bedside.Viewer.Fhir;

/// <summary>Whether a client takes what is served: JSON of R4.</summary>
internal static class FhirAccept
{
    private const string Version = "4.0";

    private static readonly string[] Ranges = ["*/*", "application/*"];
    private static readonly string[] Names = ["json", "application/json", "application/fhir+json", "text/json"];

    /// <summary><c>_format</c> goes before the Accept header; neither means any.</summary>
    public static bool Takes(HttpRequest request)
    {
        if (request.Query["_format"] is [{ Length: > 0 } format])
        {
            // A raw plus has become a blank.
            return Names.Contains(format.Split(';')[0].Replace(' ', '+'), StringComparer.OrdinalIgnoreCase);
        }

        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        return accepted.Count == 0 || accepted.Any(Takes);
    }

    private static bool Takes(MediaTypeHeaderValue type)
    {
        if (type.Quality == 0)
        {
            return false;
        }

        NameValueHeaderValue? version = type.Parameters.FirstOrDefault(one => one.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase));
        bool named = Ranges.Contains(type.MediaType.Value, StringComparer.Ordinal) || Names.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase);
        return named && (version is null || HeaderUtilities.RemoveQuotes(version.Value).Value == Version);
    }
}
