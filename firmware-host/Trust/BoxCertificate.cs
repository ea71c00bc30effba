using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Storage.Keys;

namespace Bedside.Host.Trust;

/// <summary>The certificate of this box with its key, ready to be served and to be shown to others. Never disposed of: a connection may still be using it.</summary>
internal sealed class BoxCertificate
{
    private readonly DateTimeOffset _from;

    private BoxCertificate(UnitMembership unit, X509Certificate2 leaf)
    {
        Unit = unit;
        Leaf = leaf;
        Issuer = X509Certificate2.CreateFromPem(unit.Issuer);
        Root = X509Certificate2.CreateFromPem(unit.Root);
        Served = SslStreamCertificateContext.Create(leaf, [Issuer], offline: true, SslCertificateTrust.CreateForX509Collection([Root, Issuer], sendTrustInHandshake: true));
        _from = new DateTimeOffset(leaf.NotBefore.ToUniversalTime());
        Until = new DateTimeOffset(leaf.NotAfter.ToUniversalTime());
    }

    public UnitMembership Unit { get; }

    public X509Certificate2 Leaf { get; }

    public X509Certificate2 Issuer { get; }

    public X509Certificate2 Root { get; }

    /// <summary>Leaf and issuer, as a handshake sends them.</summary>
    public SslStreamCertificateContext Served { get; }

    public DateTimeOffset Until { get; }

    /// <summary>When a third of its life is left.</summary>
    public DateTimeOffset RenewFrom => Until - ((Until - _from) / 3);

    /// <summary>Null when its key cannot be opened with this box key.</summary>
    public static BoxCertificate? Open(UnitMembership unit, BoxKey box)
    {
        using var bare = X509Certificate2.CreateFromPem(unit.Certificate);
        using ECDsa? key = SealedKey.Open(box, unit.Key, UnitFiles.Unit, bare);
        return key is null ? null : new BoxCertificate(unit, UnitCertificates.Joined(bare, key));
    }

    /// <summary>How it is shown to browsers and boxes: TLS 1.3 and nothing older. A certificate of a client is asked for, and must be of this unit when there is one.</summary>
    /// <param name="admit">Whether a box of this name is still of the unit.</param>
    public SslServerAuthenticationOptions Server(TimeProvider time, Func<string, bool> admit) => new()
    {
        ServerCertificateContext = Served,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        ClientCertificateRequired = true,
        CertificateChainPolicy = UnitChain.Policy(Root, [Issuer], UnitCertificates.ClientUse, time.GetUtcNow()),
        AllowRenegotiation = false,

        // A box that was removed meanwhile is asked anew.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is null || (errors == SslPolicyErrors.None && certificate is X509Certificate2 known && UnitCertificates.BoxOf(known) is { } name && admit(name)),
    };

    /// <summary>How this box shows itself to another of the unit, and what it asks of it.</summary>
    /// <param name="admit">Whether a box of this name is still of the unit; null = every one is.</param>
    public SslClientAuthenticationOptions Client(string host, TimeProvider time, Func<string, bool>? admit = null) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        CertificateChainPolicy = UnitChain.Policy(Root, [Issuer], UnitCertificates.ServerUse, time.GetUtcNow()),
        ClientCertificateContext = Served,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == SslPolicyErrors.None && certificate is X509Certificate2 known && (admit is null || (UnitCertificates.BoxOf(known) is { } name && admit(name))),
    };
}
