using System.Net;
using System.Net.Security;
using System.Net.WebSockets;

namespace Bedside.Viewer.Ward;

/// <summary>Questions to one other box over HTTP: GET only, bounded in time and size, no cookies, no redirects, no proxy.</summary>
internal sealed class PeerRequests : IDisposable
{
    private const int MostBytes = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;
    private readonly Func<Uri?> _root;

    /// <summary>Asks nothing yet.</summary>
    /// <param name="root">What paths are relative to, ending in a slash; null = not known yet.</param>
    /// <param name="tls">For addresses of <c>https</c>: what this box shows a host, and asks of it; null = nothing can be.</param>
    public PeerRequests(Func<Uri?> root, Func<string, SslClientAuthenticationOptions?>? tls = null)
    {
        _root = root;
        _handler = PeerDialling.Handler(Patience, tls ?? (static _ => null));
        _http = new HttpClient(_handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The whole of a short answer; null when there was no good one.</summary>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using HttpResponseMessage? answer = await AskAsync(path, accept: null, patience.Token);
            if (answer is not { StatusCode: HttpStatusCode.OK } || answer.Content.Headers.ContentLength > MostBytes)
            {
                return null;
            }

            await using Stream body = await answer.Content.ReadAsStreamAsync(patience.Token);
            await using var whole = new MemoryStream();
            byte[] part = new byte[16 * 1024];
            for (int count; (count = await body.ReadAsync(part, patience.Token)) > 0;)
            {
                await whole.WriteAsync(part.AsMemory(0, count), patience.Token);
                if (whole.Length > MostBytes)
                {
                    return null;
                }
            }

            return whole.ToArray();
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>The answer, its body unread; null while it is not known where the box is. Throws <see cref="HttpRequestException"/> when it is not reached.</summary>
    public async Task<HttpResponseMessage?> AskAsync(string path, string? accept, CancellationToken cancel)
    {
        if (_root() is not { } root)
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, path));
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    /// <summary>Opens a socket to the box, the way in which its requests go. Throws <see cref="WebSocketException"/> when it is not reached or does not want to.</summary>
    public Task OpenAsync(ClientWebSocket socket, Uri live, CancellationToken cancel) => live.Scheme == Uri.UriSchemeHttps
        ? socket.ConnectAsync(new UriBuilder(live) { Scheme = Uri.UriSchemeWss }.Uri, new HttpMessageInvoker(_handler, disposeHandler: false), cancel)
        : socket.ConnectAsync(new UriBuilder(live) { Scheme = Uri.UriSchemeWs }.Uri, cancel);

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }
}
