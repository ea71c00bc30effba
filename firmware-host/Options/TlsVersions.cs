using System.Security.Authentication;

namespace Bedside.Host.Options;

/// <summary>Which versions of TLS a connection of HL7 takes: 1.3 alone (RFC 8446; trust.md, section 2.2), unless the site says that it has old senders.</summary>
internal static class TlsVersions
{
    /// <summary>Those that a connection may speak.</summary>
    /// <param name="tls12">The site said so.</param>
    public static SslProtocols Of(bool tls12) => tls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13;
}
