using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Bedside.Host.Trust;

/// <summary>Whether a certificate is of this unit: its root is pinned, and no other authority of the machine counts.</summary>
internal static class UnitChain
{
    /// <summary>How a chain is judged at a time. Nothing is fetched from anywhere; what is withdrawn stands in the unit's own list.</summary>
    /// <param name="use">The extended key usage that it must have; null = any.</param>
    public static X509ChainPolicy Policy(X509Certificate2 root, IEnumerable<X509Certificate2> between, string? use, DateTimeOffset at)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = at.LocalDateTime,
        };
        policy.CustomTrustStore.Add(root);
        policy.ExtraStore.AddRange((X509Certificate2[])[.. between]);
        if (use is not null)
        {
            _ = policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(use));
        }

        return policy;
    }

    /// <summary>What is wrong with it, in the words of the library; null = nothing.</summary>
    public static string? Fault(X509Certificate2 certificate, X509ChainPolicy policy)
    {
        using var chain = new X509Chain { ChainPolicy = policy };
        return chain.Build(certificate) ? null : string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct(StringComparer.Ordinal));
    }

    /// <summary>For a client that dials a box of the unit by its name.</summary>
    public static SslClientAuthenticationOptions Client(string host, X509Certificate2 root, IReadOnlyList<X509Certificate2> between, DateTimeOffset at) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        CertificateChainPolicy = Policy(root, between, UnitCertificates.ServerUse, at),
    };
}
