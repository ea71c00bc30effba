using System.Net;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Ward;

/// <summary>One answer of another bed's box, passed on: GET only, bounded, never kept by the browser, because beds change boxes.</summary>
internal static class AnswerRelay
{
    private const int MostBytes = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Types = ["application/json", "application/problem+json", "application/vnd.bedside.block", "application/octet-stream"];

    public static async Task<IResult> RunAsync(HttpContext context, PeerRequests requests, string wanted)
    {
        if (wanted.Contains("..", StringComparison.Ordinal) || wanted.Contains('#', StringComparison.Ordinal) || wanted.Contains("//", StringComparison.Ordinal) || wanted.StartsWith('/'))
        {
            return Problems.BadRequest("That is no address of the other box.");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            using HttpResponseMessage? answer = await requests.AskAsync(wanted, context.Request.Headers.Accept, patience.Token);
            if (answer is null || answer.StatusCode is >= HttpStatusCode.Moved and < HttpStatusCode.BadRequest)
            {
                return Problems.NotNow("The box of that bed gives no answer that can be passed on.");
            }

            return await PassOnAsync(context, answer, patience.Token);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !context.RequestAborted.IsCancellationRequested))
        {
            if (!context.Response.HasStarted)
            {
                return Problems.NotNow("The box of that bed does not answer; its tile says since when.");
            }

            context.Abort();
            return Results.Empty;
        }
    }

    private static async Task<IResult> PassOnAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancel)
    {
        string? type = answer.Content.Headers.ContentType?.MediaType;
        if (answer.Content.Headers.ContentLength > MostBytes || !Types.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            return Problems.NotNow("The box of that bed gives no answer that can be passed on.");
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = type;
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancel);
        byte[] part = new byte[16 * 1024];
        long passed = 0;
        for (int count; (count = await body.ReadAsync(part, cancel)) > 0;)
        {
            passed += count;
            if (passed > MostBytes)
            {
                context.Abort();
                break;
            }

            await context.Response.Body.WriteAsync(part.AsMemory(0, count), cancel);
        }

        return Results.Empty;
    }
}
