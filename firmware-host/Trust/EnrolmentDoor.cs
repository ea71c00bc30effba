using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bedside.Host.Trust;

/// <summary>
/// The door by which one box joins: TLS with the head's own certificate, two addresses, no screen and no data. It is open while <c>bedside unit invite</c> runs, until its code was used, or its time is over.
/// </summary>
internal static class EnrolmentDoor
{
    private const int MostBodyBytes = 16 * 1024;
    private const int MostHeaderBytes = 8 * 1024;
    private const int MostConnections = 16;
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(5);

    /// <summary>Not started.</summary>
    public static WebApplication Build(IPEndPoint at, BoxCertificate head, EnrolmentDesk desk)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = HeaderPatience;
            kestrel.Limits.KeepAliveTimeout = HeaderPatience;
            kestrel.Listen(at, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Serve(head)) }));
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, UnitMessages.Default));
        WebApplication app = builder.Build();
        app.MapGet("/unit/v1/authority", () => TypedResults.Ok(new AuthorityMessage(head.Unit.Root)));
        app.MapPost("/unit/v1/enrol", (EnrolmentMessage message) => Answer(desk, message, head.Unit));
        return app;
    }

    private static System.Net.Security.SslServerAuthenticationOptions Serve(BoxCertificate head) => new()
    {
        ServerCertificateContext = head.Served,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
    };

    private static IResult Answer(EnrolmentDesk desk, EnrolmentMessage message, UnitMembership unit)
    {
        try
        {
            (EnrolmentOutcome outcome, IssuedLeaf? leaf, string? fault) = desk.Try(message.Secret, message.Request);
            return leaf is not null
                ? TypedResults.Ok(new GrantMessage(unit.Name, unit.Zone, unit.Head, leaf.Box, leaf.Host, leaf.Certificate, leaf.Issuer))
                : TypedResults.Json(new RefusalMessage(fault ?? Sentence(outcome)), UnitMessages.Default.RefusalMessage, statusCode: StatusCodes.Status403Forbidden);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return TypedResults.Json(
                new RefusalMessage("the head's disk does not take it; try again with the same code."), UnitMessages.Default.RefusalMessage, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static string Sentence(EnrolmentOutcome outcome) => outcome switch
    {
        EnrolmentOutcome.Used => "this code was used already; each code serves once. Ask the head for a new one.",
        EnrolmentOutcome.Late => $"this code is older than {EnrolmentDesk.Lifetime.TotalMinutes:0} minutes. Ask the head for a new one.",
        EnrolmentOutcome.Closed => "too many codes were wrong, and none is taken any more. Ask the head for a new one.",
        _ => "this code is not the one that the head made.",
    };
}
