using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bedside.Host.Trust;

/// <summary>
/// The door of the screen for other machines: TLS 1.3 with the certificate that <see cref="CertificateKeeper"/> has at that moment, beside plain HTTP on the loopback, of which it takes nothing: its connections are
/// counted by themselves, and one source has a share of them only.
/// </summary>
internal static class TlsListener
{
    private const int MostOfOneSource = 64;
    private const int MostOfAll = 192;
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the door to Kestrel.</summary>
    /// <param name="admit">Whether a box of this name is still of the unit.</param>
    public static void Listen(KestrelServerOptions kestrel, IPEndPoint at, CertificateKeeper keeper, Func<string, bool> admit, TimeProvider time)
    {
        var shares = new ConnectionShares(MostOfOneSource, MostOfAll);
        kestrel.Listen(at, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => shares.TakeAsync(connection, next));
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakePatience,
                OnConnection = _ => keeper.Current is { } current
                    ? ValueTask.FromResult(current.Server(time, admit))
                    : throw new AuthenticationException("this box has no certificate now"),
            });
        });
    }
}

/// <summary>Connections at a time, of all and of one source; what is more is hung up on at once.</summary>
internal sealed class ConnectionShares(int mostOfOneSource, int mostOfAll)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _sources = [];
    private int _all;

    public async Task TakeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress source = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryEnter(source))
        {
            connection.Abort(new ConnectionAbortedException("too many connections"));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(source);
        }
    }

    internal bool TryEnter(IPAddress source)
    {
        lock (_gate)
        {
            int here = _sources.GetValueOrDefault(source);
            if (here >= mostOfOneSource || _all >= mostOfAll)
            {
                return false;
            }

            _sources[source] = here + 1;
            _all++;
            return true;
        }
    }

    internal void Leave(IPAddress source)
    {
        lock (_gate)
        {
            _all--;
            if (_sources[source] == 1)
            {
                _ = _sources.Remove(source);
            }
            else
            {
                _sources[source]--;
            }
        }
    }
}
