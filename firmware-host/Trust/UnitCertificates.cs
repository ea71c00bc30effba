using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bedside.Host.Trust;

/// <summary>
/// The three kinds of certificates of a unit (RFC 5280): its root, whose key is kept offline; the issuer of the unit head; and one for each box. All are ECDSA P-256 with SHA-256. Root and issuer are
/// constrained to DNS names of the unit's zone and to no address at all.
/// </summary>
internal static class UnitCertificates
{
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Scheme of the name of a box, whatever host name it goes by.</summary>
    public const string BoxUri = "bedside:box:";

    /// <summary>Days that the certificate of a box is good for.</summary>
    public const int LeafDays = 90;

    private const string NameConstraints = "2.5.29.30";
    private const int RootYears = 20;
    private const int IssuerYears = 5;
    private const int SerialBytes = 16;
    private const int LongestCommonName = 64;
    private const int DnsTag = 2;
    private const int AddressTag = 7;

    /// <summary>Clocks of boxes differ: what is issued now is good from a day ago.</summary>
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromDays(1);

    /// <summary>Without its key.</summary>
    public static X509Certificate2 Root(ECDsa key, string name, string zone, DateTimeOffset now)
    {
        CertificateRequest request = Authority($"Bedside {name} root", new PublicKey(key), zone, pathLength: 1);
        using X509Certificate2 whole = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - ClockAllowance, now.AddYears(RootYears), Serial());
        return X509CertificateLoader.LoadCertificate(whole.RawData);
    }

    /// <summary>Without its key. Throws <see cref="CryptographicException"/> when <paramref name="rootKey"/> is not the root's.</summary>
    public static X509Certificate2 Issuer(X509Certificate2 root, ECDsa rootKey, PublicKey key, string name, string zone, DateTimeOffset now)
    {
        CertificateRequest request = Authority($"Bedside {name} issuer", key, zone, pathLength: 0);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using X509Certificate2 signing = Joined(root, rootKey);
        return request.Create(signing, now - ClockAllowance, Earlier(now.AddYears(IssuerYears), root), Serial());
    }

    /// <summary>Of a box, without its key: server and client. <paramref name="issuer"/> has its key.</summary>
    public static X509Certificate2 Leaf(X509Certificate2 issuer, PublicKey key, string host, string box, DateTimeOffset now)
    {
        var request = new CertificateRequest(Name(host.Length <= LongestCommonName ? host : box), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse), new Oid(ClientUse)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddUri(new Uri(BoxUri + box));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(issuer, now - ClockAllowance, Earlier(now.AddDays(LeafDays), issuer), Serial());
    }

    /// <summary>The certificate with its key.</summary>
    public static X509Certificate2 Joined(X509Certificate2 certificate, ECDsa key) => certificate.CopyWithPrivateKey(key);

    /// <summary>Name of the box that a certificate is of; null = it is of none.</summary>
    public static string? BoxOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(Uris).FirstOrDefault(uri => uri.StartsWith(BoxUri, StringComparison.Ordinal))?[BoxUri.Length..];

    /// <summary>Host names that a certificate is of.</summary>
    public static IReadOnlyList<string> HostsOf(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];

    private static CertificateRequest Authority(string subject, PublicKey key, string zone, int pathLength)
    {
        var request = new CertificateRequest(Name(subject), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        request.CertificateExtensions.Add(OnlyZone(zone));
        return request;
    }

    /// <summary>RFC 5280, 4.2.1.10: names of the zone are permitted, addresses of both kinds are excluded whole.</summary>
    private static X509Extension OnlyZone(string zone)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
            using (writer.PushSequence())
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, zone, new Asn1Tag(TagClass.ContextSpecific, DnsTag));
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true)))
            {
                foreach (IPAddress family in (IPAddress[])[IPAddress.Any, IPAddress.IPv6Any])
                {
                    using (writer.PushSequence())
                    {
                        // Address and mask, both zero: every address.
                        writer.WriteOctetString(new byte[2 * family.GetAddressBytes().Length], new Asn1Tag(TagClass.ContextSpecific, AddressTag));
                    }
                }
            }
        }

        return new X509Extension(NameConstraints, writer.Encode(), critical: true);
    }

    private static IEnumerable<string> Uris(X509SubjectAlternativeNameExtension names)
    {
        const int UriTag = 6;
        var uris = new List<string>();
        try
        {
            AsnReader all = new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence();
            while (all.HasData)
            {
                Asn1Tag tag = all.PeekTag();
                if (tag.HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, UriTag)))
                {
                    uris.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else
                {
                    _ = all.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // Names that cannot be read are none.
        }

        return uris;
    }

    private static X500DistinguishedName Name(string common)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(common);
        return name.Build();
    }

    /// <summary>Nothing outlives who signed it.</summary>
    private static DateTimeOffset Earlier(DateTimeOffset end, X509Certificate2 signer)
    {
        var signerEnd = new DateTimeOffset(signer.NotAfter.ToUniversalTime());
        return end < signerEnd ? end : signerEnd;
    }

    private static byte[] Serial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
