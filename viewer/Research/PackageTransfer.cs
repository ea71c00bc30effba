using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Bedside.Viewer.Research;

/// <summary>
/// Sends an encrypted package or the part of it that is asked for. While it runs, the objections are asked again every ten seconds, and the transfer is broken off where the package was shut. Only the
/// last byte makes the link used.
/// </summary>
internal sealed class PackageTransfer(Stream file, ByteRange? range, ShelvedPackage package, string entity, TimeProvider time, Func<CancellationToken, Task<bool>> isOpen, Action whole, CancellationToken replaced) : IResult
{
    private const int PieceBytes = 64 * 1024;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (file)
        {
            ByteRange part = range ?? new ByteRange(0, file.Length - 1);
            Head(httpContext.Response, part);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, replaced);
            try
            {
                file.Position = part.From;
                if (!await SendAsync(httpContext.Response, part.Length, stop.Token))
                {
                    httpContext.Abort();
                    return;
                }

                await httpContext.Response.CompleteAsync();
                if (part.To == file.Length - 1)
                {
                    whole();
                }
            }
            catch (OperationCanceledException)
            {
                httpContext.Abort();
            }
        }
    }

    private void Head(HttpResponse response, ByteRange part)
    {
        response.StatusCode = range is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        response.ContentType = "application/octet-stream";
        response.ContentLength = part.Length;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = entity;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = package.FileName }.ToString();
        if (range is not null)
        {
            response.Headers.ContentRange = $"bytes {part.From}-{part.To}/{file.Length}";
        }
    }

    /// <summary>False = the package was shut, or the file is shorter than it was.</summary>
    private async Task<bool> SendAsync(HttpResponse response, long left, CancellationToken cancel)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            long asked = time.GetTimestamp();
            while (left > 0)
            {
                if (time.GetElapsedTime(asked) >= AskAgain)
                {
                    if (!await isOpen(cancel))
                    {
                        return false;
                    }

                    asked = time.GetTimestamp();
                }

                int read = await file.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, PieceBytes)), cancel);
                if (read == 0)
                {
                    return false;
                }

                await response.Body.WriteAsync(piece.AsMemory(0, read), cancel);
                left -= read;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
