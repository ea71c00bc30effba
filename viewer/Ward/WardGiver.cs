using System.Net.WebSockets;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Ward;

/// <summary>Whether this bed is given to other boxes of its ward: only once a named person approved it, and only after that is on the disk.</summary>
internal sealed partial class WardGiver(IOptions<ViewerOptions> options, Store store, TimeProvider time, ILogger<WardGiver> log, IAuditTrail? trail = null) : BackgroundService
{
    private const string Kind = "ward-approved";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private volatile WardGivenAnswer? _given;

    /// <summary>Null = to nobody.</summary>
    public WardGivenAnswer? Given => _given ?? (Person.Length > 0 ? new WardGivenAnswer(Person, Since: null) : null);

    /// <summary>True once the approval is on the disk.</summary>
    public bool IsOpen => _given is not null;

    private string Person => options.Value.WardPage.ApprovedBy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool isKept = false;
        while (Person.Length > 0 && _given is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                UtcInstant now = time.Instant();
                if (!isKept)
                {
                    trail?.Append(new AuditEntry(AuditAct.WardApprove) { Who = Person, Role = AuditRole.Console });
                    isKept = true;
                }

                await store.AppendAsync(
                    new AnnotationBlock
                    {
                        Signal = SignalNumber.None,
                        Start = now,
                        Key = $"box/{Kind}/{now.UnixNanoseconds}",
                        Kind = Kind,
                        Text = $"data of this bed are shown on other boxes of the ward; approved by {Person}",
                        Source = "box",
                    },
                    stoppingToken);
                await store.SyncAsync(stoppingToken);
                _given = new WardGivenAnswer(Person, now);
                LogGiven(Person);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                LogBlocked(failed.Message);
                await Task.Delay(Again, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This bed is given to other boxes of the ward, approved by {Person}")]
    private partial void LogGiven(string person);

    [LoggerMessage(Level = LogLevel.Error, Message = "This bed is not given to the ward, because the disk does not take who approved it: {Reason}")]
    private partial void LogBlocked(string reason);
}

/// <summary>
/// The door for other boxes, <c>/peer/v1/…</c>: what they may read of <c>/api/v1/…</c>, and nothing else. A box is no browser: what carries Origin or Sec-Fetch-Site is turned away.
/// </summary>
internal sealed class WardDoor(RequestDelegate next, WardGiver giver)
{
    private static readonly string[] Whole = ["live", "session", "devices", "signals", "numerics", "alerts", "gaps", "events", "completeness"];
    private static readonly string[] Under = ["signals/", "tiles/"];

    public async Task InvokeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? string.Empty;
        if (!path.StartsWith(WardPaths.Peer, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        if (Refusal(context.Request, path[WardPaths.Peer.Length..], context.Connection.ClientCertificate is not null) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        context.Request.Path = WardPaths.Api + path[WardPaths.Peer.Length..];
        context.Items[typeof(WardDoor)] = true;
        await next(context);
    }

    /// <summary>For a box of the ward, and for a screen at which nobody signed in, what people wrote is taken out; else the socket is as it is.</summary>
    public static WebSocket Guard(HttpContext context, WebSocket socket) => context.Items.ContainsKey(typeof(WardDoor)) || AmbientWindow.Of(context) is not null ? new MarklessSocket(socket) : socket;

    /// <summary>Null = it may pass; <paramref name="isBox"/>: the handshake knew a box of the unit.</summary>
    private ProblemHttpResult? Refusal(HttpRequest request, string what, bool isBox)
    {
        if (request.IsHttps && !isBox)
        {
            return Problems.Forbidden("Boxes show the certificate of their unit here.");
        }

        if (!HttpMethods.IsGet(request.Method))
        {
            return Problems.Forbidden("Other boxes may read, and nothing else.");
        }

        if (request.Headers.ContainsKey("Origin") || request.Headers.ContainsKey("Sec-Fetch-Site"))
        {
            return Problems.Forbidden("This address is for other boxes of the ward; a browser asks its own box.");
        }

        if (!giver.IsOpen)
        {
            return Problems.Forbidden("Nothing leaves this box without a named person's approval: start it with --ward-approved-by NAME.");
        }

        bool isGiven = Whole.Contains(what, StringComparer.Ordinal) || Under.Any(under => what.StartsWith(under, StringComparison.Ordinal));
        return isGiven ? null : Problems.Forbidden("This is not given to other boxes: they read values, waves, alerts and gaps, and nothing of persons.");
    }
}
