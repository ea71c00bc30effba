using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Bedside.Viewer.Ward;

/// <summary>How another box is dialled: plain to the end of a tunnel on this machine, or over TLS as one box of a unit to another.</summary>
internal static class PeerDialling
{
    private const int MostHeaderKilobytes = 16;

    /// <summary>Dials nothing yet.</summary>
    /// <param name="tls">What this box shows a host, and asks of it, now; null = it has no certificate, and nothing is dialled over TLS.</param>
    public static SocketsHttpHandler Handler(TimeSpan patience, Func<string, SslClientAuthenticationOptions?> tls) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = patience,
        MaxResponseHeadersLength = MostHeaderKilobytes,
        MaxConnectionsPerServer = 16,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),

        // A certificate is renewed and a clock goes on: both are looked at for each connection, and none is kept for longer.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, cancel) => ConnectAsync(context, tls, cancel),
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, Func<string, SslClientAuthenticationOptions?> tls, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (context.InitialRequestMessage.RequestUri?.Scheme is not ("https" or "wss"))
            {
                return plain;
            }

            var secure = new SslStream(plain);
            await secure.AuthenticateAsClientAsync(tls(context.DnsEndPoint.Host) ?? throw new IOException("this box has no certificate of a unit to show"), cancel);
            return secure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
