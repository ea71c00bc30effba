using System.Net.Mime;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Bedside.Viewer;

/// <summary>
/// The built front end as files. What has a hash in its name never changes; everything else is asked for again. Paths of
/// the application that are no files answer its page; without a built front end, a plain page says what to do.
/// </summary>
internal sealed partial class FrontEnd : IDisposable
{
    private const string Index = "index.html";
    private const string Immutable = "public, max-age=31536000, immutable";
    private const string Revalidate = "no-cache";

    private const string NotBuilt =
        """
        <!doctype html>
        <html lang="fr">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Bedside</title>
        <h1>L’écran n’est pas construit</h1>
        <p>Le boîtier enregistre ; seules les pages manquent. Dans le dossier du programme : <code>cd viewer/web &amp;&amp; npm ci &amp;&amp; npm run build</code>, puis reconstruire et relancer <code>bedside</code>.</p>
        <h1 lang="en">The screen is not built</h1>
        <p lang="en">The box is recording; only the pages are missing. In the program’s folder: <code>cd viewer/web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then build and start <code>bedside</code> again.</p>
        <p><a href="/api/v1/health">/api/v1/health</a></p>
        </html>
        """;

    private readonly PhysicalFileProvider? _files;
    private readonly FileExtensionContentTypeProvider _types = new();

    public FrontEnd(IOptions<ViewerOptions> options)
    {
        string root = Path.GetFullPath(options.Value.WebRoot);
        _files = Directory.Exists(root) ? new PhysicalFileProvider(root) : null;
        _types.Mappings[".webmanifest"] = "application/manifest+json";
    }

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], (string? path, HttpContext context, FrontEnd frontEnd) => frontEnd.Answer(path ?? string.Empty, context.Response))
            .WithOrder(int.MaxValue)
            .ExcludeFromDescription();

    public void Dispose() => _files?.Dispose();

    private IResult Answer(string path, HttpResponse response)
    {
        if (path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("openapi/", StringComparison.Ordinal))
        {
            return Problems.NotFound("There is no such address; /openapi/v1.json lists those there are.");
        }

        if (File(path.Length == 0 ? Index : path) is FileInfo file)
        {
            return Send(response, file, HashedName.IsMatch(path));
        }

        if (Path.HasExtension(path))
        {
            return Problems.NotFound("There is no such file in the built front end.");
        }

        return File(Index) is FileInfo index
            ? Send(response, index, isImmutable: false)
            : TypedResults.Content(NotBuilt, MediaTypeNames.Text.Html, System.Text.Encoding.UTF8, StatusCodes.Status503ServiceUnavailable);
    }

    private FileInfo? File(string path)
    {
        IFileInfo? file = _files?.GetFileInfo(path);
        return file is { Exists: true, IsDirectory: false, PhysicalPath: string physical } ? new FileInfo(physical) : null;
    }

    private PhysicalFileHttpResult Send(HttpResponse response, FileInfo file, bool isImmutable)
    {
        response.Headers.CacheControl = isImmutable ? Immutable : Revalidate;
        string type = _types.TryGetContentType(file.Name, out string? known) ? known : MediaTypeNames.Application.Octet;
        string text = type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
        var tag = new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\"");
        return TypedResults.PhysicalFile(file.FullName, text, lastModified: new DateTimeOffset(file.LastWriteTimeUtc), entityTag: tag);
    }

    /// <summary>What the bundler names by its content: <c>assets/index-Bx3k9_aZ.js</c>.</summary>
    [GeneratedRegex(@"^assets/(.*/)?[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.map)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HashedName { get; }
}
