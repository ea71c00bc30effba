using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Bedside.Extract.Hl7;
using Bedside.Host.Commands;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Options;

/// <summary>What a site says about HL7 that goes out: to one destination, and only what a named person approved.</summary>
internal sealed class Hl7OutOptions
{
    private const int LongestName = 80;
    private static readonly TimeSpan LeastEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostEvery = TimeSpan.FromMinutes(10);

    /// <summary>HOST:PORT; empty = nothing is sent.</summary>
    public string To { get; set; } = string.Empty;

    /// <summary>PV1-3 of this bed (<c>5</c> or <c>ICU^^5</c>).</summary>
    public string Bed { get; set; } = string.Empty;

    /// <summary>Who approved that data go there.</summary>
    public string ApprovedBy { get; set; } = string.Empty;

    /// <summary>Name of the box in MSH-3, or its EUI-64; empty = the name of the machine.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>One message for so long: <c>10s</c>, <c>1min</c>.</summary>
    public string Every { get; set; } = "10s";

    /// <summary>Waves too.</summary>
    public bool Waves { get; set; }

    /// <summary>PEM file of who signs the destination's certificate; empty = no TLS, then within this machine only.</summary>
    public string Authority { get; set; } = string.Empty;

    /// <summary>PEM file of the box's own certificate, and of its key; empty = it shows none.</summary>
    public string Certificate { get; set; } = string.Empty;

    public string Key { get; set; } = string.Empty;

    /// <summary>Take TLS 1.2 too, from a destination that knows nothing newer; else 1.3 alone.</summary>
    public bool Tls12 { get; set; }

    [JsonIgnore]
    public bool IsOn => To.Length > 0;

    /// <summary><see cref="To"/>, once it was checked.</summary>
    [JsonIgnore]
    public DnsEndPoint Destination => ParsePlace(To)!;

    /// <summary><see cref="Every"/>, once it was checked.</summary>
    [JsonIgnore]
    public TimeSpan Interval => ParseEvery(Every)!.Value;

    [JsonIgnore]
    public Pcd01Settings Message => new(Name.Length > 0 ? Name : Environment.MachineName, Bed);

    /// <summary>Null where none is asked for. Throws <see cref="CommandFailedException"/> for files that cannot be used.</summary>
    public SslClientAuthenticationOptions? Tls()
    {
        if (Authority.Length == 0)
        {
            return null;
        }

        try
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(Authority);
            var tls = new SslClientAuthenticationOptions { EnabledSslProtocols = TlsVersions.Of(Tls12), TargetHost = Destination.Host, CertificateChainPolicy = policy };
            if (Certificate.Length > 0)
            {
                tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(Certificate, Key.Length > 0 ? Key : null)];
            }

            return policy.CustomTrustStore.Count > 0 ? tls : throw new CommandFailedException($"{Authority} holds no certificate.");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"the certificates for outgoing HL7 cannot be used: {failure.Message}");
        }
    }

    public void Check(string source)
    {
        if (!IsOn)
        {
            if (Bed.Length > 0 || ApprovedBy.Length > 0 || Waves || Tls12 || Authority.Length > 0 || Certificate.Length > 0)
            {
                throw new CommandFailedException($"{source}: nothing is sent, because no destination is told; say it with --hl7-out HOST:PORT.");
            }

            return;
        }

        if (ParsePlace(To) is not { } place)
        {
            throw new CommandFailedException($"{source}: {To} is no destination; write it as HOST:PORT, such as hl7.hospital.example:2575.");
        }

        if (ApprovedBy.Length is 0 or > LongestName || ApprovedBy.Any(char.IsControl) || string.IsNullOrWhiteSpace(ApprovedBy))
        {
            throw new CommandFailedException($"{source}: nothing leaves this box without a named person's approval; say who approved that data are sent to {To} with --hl7-out-approved-by NAME.");
        }

        if (BedPlace.Parse(Bed) is null || Bed.Any(char.IsControl))
        {
            throw new CommandFailedException($"{source}: the destination must know which bed it is; say it with --hl7-out-bed, as 5 or ICU^^5.");
        }

        if (ParseEvery(Every) is not { } every || every < LeastEvery || every > MostEvery)
        {
            throw new CommandFailedException($"{source}: {Every} is no time from 1s to 10min; write it as 10s.");
        }

        if (Authority.Length == 0 && !IsLoopback(place))
        {
            throw new CommandFailedException($"{source}: data go to {To} over TLS only; give the file of who signs its certificate with --hl7-out-ca FILE.");
        }

        if ((Certificate.Length > 0 || Key.Length > 0) && Authority.Length == 0)
        {
            throw new CommandFailedException($"{source}: a certificate of the box is of use with --hl7-out-ca only.");
        }

        if (Tls12 && Authority.Length == 0)
        {
            throw new CommandFailedException($"{source}: hl7Out.tls12 is of use with --hl7-out-ca only; without it there is no TLS.");
        }

        if (Name.Any(char.IsControl) || Name.Length > LongestName)
        {
            throw new CommandFailedException($"{source}: the name of the box in HL7 has at most {LongestName} letters.");
        }
    }

    /// <summary>Null when it is no HOST:PORT; the address of IPv6 stands in brackets.</summary>
    public static DnsEndPoint? ParsePlace(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? string.Empty : text[..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        bool hasPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= IPEndPoint.MaxPort;
        bool isHost = Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 || (isBracketed && Uri.CheckHostName(host) == UriHostNameType.IPv6);
        return hasPort && isHost ? new DnsEndPoint(host, port) : null;
    }

    private static bool IsLoopback(DnsEndPoint place) => place.Host == "localhost" || (IPAddress.TryParse(place.Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static TimeSpan? ParseEvery(string text)
    {
        (string unit, TimeSpan one) = text.EndsWith("min", StringComparison.Ordinal) ? ("min", TimeSpan.FromMinutes(1)) : ("s", TimeSpan.FromSeconds(1));
        return text.EndsWith(unit, StringComparison.Ordinal) && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? one * count : null;
    }
}
