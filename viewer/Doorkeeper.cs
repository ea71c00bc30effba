using System.Net;
using Bedside.Model.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Bedside.Viewer;

/// <summary>
/// Stands before everything else. Puts the security headers on every answer, and turns away what comes from another
/// machine without TLS or before there are accounts, asks for a host of another name (DNS rebinding), or would change something from a foreign page.
/// </summary>
internal sealed class Doorkeeper(RequestDelegate next, IOptions<ViewerOptions> options, IAccountBook accounts)
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Of the pages of research: forms to this box, and no script at all.</summary>
    private const string FormPagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private readonly HashSet<string> _hosts = new(options.Value.Hosts, StringComparer.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        // When the answer starts, because the handler of exceptions clears what was set before.
        context.Response.OnStarting(SetHeadersAsync, context);
        ProblemHttpResult? refusal = Refusal(context);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private ProblemHttpResult? Refusal(HttpContext context)
    {
        bool mayComeFromElsewhere = context.Request.IsHttps && accounts.HasAccounts;
        if (context.Connection.RemoteIpAddress is IPAddress address && !IPAddress.IsLoopback(address) && !mayComeFromElsewhere)
        {
            return Problems.Forbidden("This box answers only its own display until accounts are set up, and others over TLS alone.");
        }

        string host = context.Request.Host.Host;
        if (!_hosts.Contains(host) && !(context.Request.IsHttps && options.Value.OwnNames().Contains(host, StringComparer.OrdinalIgnoreCase)))
        {
            return Problems.BadRequest("This box does not go by that name: use http://localhost or http://127.0.0.1 and the port, or the name of its certificate over https.");
        }

        if (!IsUtf8(context.Request))
        {
            return Problems.UnknownEncoding();
        }

        bool changes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        return changes && !SameOrigin.Allows(context.Request) ? Problems.Forbidden("Only pages of this box may change anything on it.") : null;
    }

    /// <summary>What reads bodies fails on a name of an encoding that it does not know, and on one in quotation marks: there is one encoding, and it needs no name.</summary>
    private static bool IsUtf8(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.Charset.HasValue)
        {
            return true;
        }

        bool isUtf8 = type.Charset.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        type.Charset = default;
        request.ContentType = type.ToString();
        return isUtf8;
    }

    private static Task SetHeadersAsync(object state)
    {
        var context = (HttpContext)state;
        IHeaderDictionary headers = context.Response.Headers;
        bool isFormPage = context.Request.Path.StartsWithSegments(Research.ResearchFrame.Root, StringComparison.Ordinal) || context.Request.Path == "/recherche";
        headers.ContentSecurityPolicy = isFormPage ? FormPagePolicy : ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";

        // A form of a page without a referrer says that it comes from nowhere (Fetch, section 3.2), and is refused as a foreign one.
        headers["Referrer-Policy"] = isFormPage ? "same-origin" : "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()";
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
