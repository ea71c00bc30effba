using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Viewer;

/// <summary>
/// What one client may take of the box: bytes, time, connections, and requests at once. A client that is slow, or asks too much, is turned away; nobody waits for it. The limits of Kestrel and of the limiter of
/// ASP.NET Core, with figures of our own.
/// </summary>
internal static class TrafficLimits
{
    public const int MostBodyBytes = 64 * 1024;
    private const int MostHeaderBytes = 16 * 1024;
    private const int MostHeaders = 64;

    /// <summary>Of a client that sends on and on without reading.</summary>
    private const int MostBufferBytes = 64 * 1024;
    private const int MostRequestLineBytes = 4 * 1024;
    private const int MostConnections = 256;
    private const int MostSockets = 128;
    private const double LeastBytesPerSecond = 512;

    /// <summary>Costly questions of one source that are answered at a time; more wait, and more than that are turned away.</summary>
    private const int CostlyAtOnce = 8;
    private const int CostlyWaiting = 64;

    /// <summary>Requests that another machine may make at once, and a second for as long as it likes.</summary>
    private const int Burst = 400;
    private const int EverySecond = 100;

    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

    private static readonly string[] Costly = ["/fhir", "/openapi/", "/api/v1/completeness", "/api/v1/diagnostic", "/api/v1/sheet", "/api/v1/signals/", "/peer/v1/completeness", "/peer/v1/signals/"];

    public static IServiceCollection AddTrafficLimits(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(Limit);
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = LongestAnswer, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(PartitionedRateLimiter.Create<HttpContext, string>(OfSource), PartitionedRateLimiter.Create<HttpContext, string>(OfCost));
            limiter.OnRejected = static async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "1";
                ProblemHttpResult problem = Problems.TooOften("This machine asks for more than the box gives to one at a time; ask again in a second.");
                await problem.ExecuteAsync(rejected.HttpContext);
            };
        });
        return services;
    }

    /// <summary>Behind the doorkeeper, before everything that costs. A socket has limits of its own, and lasts.</summary>
    public static void UseTrafficLimits(this IApplicationBuilder app)
    {
        app.UseRequestTimeouts();
        app.UseRateLimiter();
    }

    public static void LetSocketsLast(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        }

        return next(context);
    });

    /// <summary>The loopback is the screen at the bed and the programs of this machine; another source has its share.</summary>
    private static RateLimitPartition<string> OfSource(HttpContext context) => context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)
        ? RateLimitPartition.GetTokenBucketLimiter(SourceOf(address), static _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = EverySecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        })
        : RateLimitPartition.GetNoLimiter("here");

    private static RateLimitPartition<string> OfCost(HttpContext context)
    {
        string path = context.Request.Path.Value ?? string.Empty;
        return Array.Exists(Costly, costly => path.StartsWith(costly, StringComparison.OrdinalIgnoreCase))
            ? RateLimitPartition.GetConcurrencyLimiter(
                context.Connection.RemoteIpAddress is { } address ? SourceOf(address) : "none",
                static _ => new ConcurrencyLimiterOptions { PermitLimit = CostlyAtOnce, QueueLimit = CostlyWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })
            : RateLimitPartition.GetNoLimiter("cheap");
    }

    /// <summary>An IPv4 address, or the /64 network of an IPv6 one, which one machine has whole.</summary>
    private static string SourceOf(IPAddress address)
    {
        const int NetworkBytes = 8;
        IPAddress source = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = source.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, Math.Min(bytes.Length, NetworkBytes));
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
        kestrel.Limits.MaxRequestLineSize = MostRequestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = MostBufferBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MostSockets;
        kestrel.Limits.RequestHeadersTimeout = HeaderPatience;
        kestrel.Limits.KeepAliveTimeout = IdlePatience;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, BodyGrace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, BodyGrace);
    }
}
