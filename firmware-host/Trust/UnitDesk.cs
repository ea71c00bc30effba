using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Keys;

namespace Bedside.Host.Trust;

/// <summary>A certificate that was issued, with what comes with it; PEM.</summary>
internal sealed record IssuedLeaf(string Box, string Host, string Certificate, string Issuer);

/// <summary>
/// What a box does with its unit: founds it, issues where it is the head, and keeps its own certificate. Everything is on the disk before it returns. Throws <see cref="UnitFaultException"/> with a sentence for what
/// cannot be, and the disk's errors. What is made stands in the journal of access before it is made, and is not made without; what is renewed is told there. One at a time.
/// </summary>
internal sealed class UnitDesk(UnitFiles files, BoxKey box, TimeProvider time, UnitTrail trail)
{
    private const int BoxNameBytes = 16;
    private const int LongestRequest = 8 * 1024;

    /// <summary>Founds a unit with this box as its head. <paramref name="keepRoot"/> takes the root's key out of the box before anything else is written: it stays nowhere here.</summary>
    public UnitMembership Found(string name, string zone, string host, int port, Action<ECDsa, X509Certificate2> keepRoot)
    {
        if (files.ReadUnit() is { } former)
        {
            throw new UnitFaultException($"this box is in the unit {former.Name} already; bedside unit status tells of it.");
        }

        if ((UnitNames.FaultOfName(name) ?? UnitNames.FaultOfZone(zone) ?? UnitNames.FaultOfHost(host, zone)) is { } fault)
        {
            throw new UnitFaultException(fault);
        }

        DateTimeOffset now = time.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = UnitCertificates.Root(rootKey, name, zone, now);
        _ = trail.Keep(AuditAct.CertificateMake, "root", string.Empty, new PublicKey(rootKey), () =>
        {
            keepRoot(rootKey, root);
            return true;
        });
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 issuer = UnitCertificates.Issuer(root, rootKey, new PublicKey(issuerKey), name, zone, now);
        WriteIssuer(new AuthorityBook { Issuer = issuer.ExportCertificatePem(), Key = SealedKey.Seal(box, issuerKey, UnitFiles.Authority) }, issuerKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IssuedLeaf leaf = trail.Keep(
            AuditAct.CertificateMake, "box", string.Empty, new PublicKey(key), () => Issue(new PublicKey(key), host, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BoxNameBytes))));
        var unit = new UnitMembership
        {
            Name = name,
            Zone = zone,
            Box = leaf.Box,
            Host = host,
            Head = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{port}"),
            Root = root.ExportCertificatePem(),
            Issuer = leaf.Issuer,
            Certificate = leaf.Certificate,
            Key = SealedKey.Seal(box, key, UnitFiles.Unit),
        };
        files.Write(unit);
        return unit;
    }

    /// <summary>The issuer anew, signed with the root's key from outside: when the former ends, was lost, or may be in other hands.</summary>
    public void Reissue(ECDsa rootKey)
    {
        UnitMembership unit = Membership();
        using var root = X509Certificate2.CreateFromPem(unit.Root);
        if (!new PublicKey(rootKey).ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(root.PublicKey.ExportSubjectPublicKeyInfo()))
        {
            throw new UnitFaultException($"that is not the root key of the unit {unit.Name}.");
        }

        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 issuer = UnitCertificates.Issuer(root, rootKey, new PublicKey(issuerKey), unit.Name, unit.Zone, time.GetUtcNow());
        AuthorityBook? former = IsReadable() ? files.ReadAuthority() : null;
        var next = new AuthorityBook
        {
            Issuer = issuer.ExportCertificatePem(),
            Key = SealedKey.Seal(box, issuerKey, UnitFiles.Authority),
            Issued = former?.Issued ?? [],
            Removed = former?.Removed ?? [],
        };
        WriteIssuer(next, issuerKey);
        RenewOwn();

        bool IsReadable()
        {
            try
            {
                return files.ReadAuthority() is not null;
            }
            catch (UnitFaultException)
            {
                return false;
            }
        }
    }

    /// <summary>For a box that joins, or renews: of its request the key alone is believed. <paramref name="known"/> = name of a box that has one already, null = a new box.</summary>
    public IssuedLeaf IssueFor(string request, string host, string? known)
    {
        UnitMembership unit = Membership();
        if (UnitNames.FaultOfHost(host, unit.Zone) is { } fault)
        {
            throw new UnitFaultException(fault);
        }

        PublicKey key = KeyOf(request);
        if (known is null)
        {
            return trail.Keep(AuditAct.CertificateMake, "box", host, key, () => Issue(key, host, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BoxNameBytes))));
        }

        IssuedLeaf leaf = Issue(key, host, known);
        trail.Renewed(host, key);
        return leaf;
    }

    /// <summary>On the head: which boxes were taken out, signed.</summary>
    public SignedRemovals Removals()
    {
        AuthorityBook book = Authority();
        using var root = X509Certificate2.CreateFromPem(Membership().Root);
        using var issuer = X509Certificate2.CreateFromPem(book.Issuer);
        using ECDsa key = IssuerKey(book, issuer);
        return SignedRemovals.Sign(new RemovedBoxes(EnrolmentCode.HashOf(root), book.Removed.Count, book.Removed), key, book.Issuer);
    }

    /// <summary>The head's own certificate anew, under a new key.</summary>
    public void RenewOwn()
    {
        UnitMembership unit = Membership();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Take(unit, Issue(new PublicKey(key), unit.Host, unit.Box), key);
    }

    /// <summary>Another certificate of this box, from the head.</summary>
    public void Take(UnitMembership unit, IssuedLeaf leaf, ECDsa key)
    {
        UnitMembership next = unit with { Certificate = leaf.Certificate, Issuer = leaf.Issuer, Key = SealedKey.Seal(box, key, UnitFiles.Unit) };
        Check(next);
        files.Write(next);
        trail.Renewed(string.Empty, new PublicKey(key));
    }

    /// <summary>What a code brought: this box is in a unit from now on.</summary>
    public void Join(UnitMembership unit, ECDsa key)
    {
        if (files.ReadUnit() is { } former)
        {
            throw new UnitFaultException($"this box is in the unit {former.Name} already; take the file unit out of its data folder to let it join another.");
        }

        UnitMembership sealedUnit = unit with { Key = SealedKey.Seal(box, key, UnitFiles.Unit) };
        Check(sealedUnit);
        files.Write(sealedUnit);
    }

    /// <summary>A request for a certificate (PKCS#10, PEM), signed with the key that it is for.</summary>
    public static string Request(ECDsa key) => new CertificateRequest("CN=bedside", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>Throws when it does not hold together: nothing that cannot be served is written.</summary>
    private void Check(UnitMembership unit)
    {
        using var certificate = X509Certificate2.CreateFromPem(unit.Certificate);
        using var root = X509Certificate2.CreateFromPem(unit.Root);
        using var issuer = X509Certificate2.CreateFromPem(unit.Issuer);
        using ECDsa? key = SealedKey.Open(box, unit.Key, UnitFiles.Unit, certificate);
        string? fault = key is null ? "its key is another"
            : UnitCertificates.BoxOf(certificate) != unit.Box || !UnitCertificates.HostsOf(certificate).Contains(unit.Host, StringComparer.Ordinal) ? "it is of another box"
            : UnitChain.Fault(certificate, UnitChain.Policy(root, [issuer], UnitCertificates.ServerUse, time.GetUtcNow()));
        if (fault is not null)
        {
            throw new UnitFaultException($"the unit head gave a certificate that cannot be used ({fault}): check the time of both boxes, and try again.");
        }
    }

    private UnitMembership Membership() => files.ReadUnit() ?? throw new UnitFaultException("this box is in no unit; bedside unit create founds one, bedside unit join enters one.");

    private AuthorityBook Authority() => files.ReadAuthority() ?? throw new UnitFaultException("this box is not the unit head and issues nothing; say it on the head.");

    private ECDsa IssuerKey(AuthorityBook book, X509Certificate2 issuer) => SealedKey.Open(box, book.Key, UnitFiles.Authority, issuer)
        ?? throw new UnitFaultException("the issuing key cannot be opened with this box key: bring the box key back, or make the issuer anew with bedside unit reissue --root-key FILE.");

    private void WriteIssuer(AuthorityBook book, ECDsa key) => _ = trail.Keep(AuditAct.CertificateMake, "issuer", string.Empty, new PublicKey(key), () =>
    {
        files.Write(book);
        return true;
    });

    /// <summary>Written down first: what is in somebody's hands is in the book.</summary>
    private IssuedLeaf Issue(PublicKey key, string host, string name)
    {
        AuthorityBook book = Authority();
        using var bare = X509Certificate2.CreateFromPem(book.Issuer);
        using ECDsa issuerKey = IssuerKey(book, bare);
        DateTimeOffset now = time.GetUtcNow();
        if (now.UtcDateTime >= bare.NotAfter.ToUniversalTime())
        {
            throw new UnitFaultException($"the unit's issuer ended on {bare.NotAfter.ToUniversalTime():yyyy-MM-dd}: make it anew with bedside unit reissue --root-key FILE.");
        }

        IssuedCertificate[] others = [.. book.Issued.Where(issued => issued.Box != name)];
        if (Array.Exists(others, issued => issued.Host == host && issued.NotAfterNs > UtcInstant.FromDateTime(now).UnixNanoseconds))
        {
            throw new UnitFaultException($"{host} is the name of another box of the unit; withdraw that one first with bedside unit remove {host}, or choose another name.");
        }

        if (others.Length >= UnitFiles.MostBoxes)
        {
            throw new UnitFaultException($"a unit has {UnitFiles.MostBoxes} boxes at most.");
        }

        using X509Certificate2 issuer = UnitCertificates.Joined(bare, issuerKey);
        using X509Certificate2 leaf = UnitCertificates.Leaf(issuer, key, host, name, now);
        long end = UtcInstant.FromDateTime(new DateTimeOffset(leaf.NotAfter.ToUniversalTime())).UnixNanoseconds;
        files.Write(book with { Issued = [.. others, new IssuedCertificate(name, host, leaf.SerialNumber, end)] });
        return new IssuedLeaf(name, host, leaf.ExportCertificatePem(), book.Issuer);
    }

    /// <summary>Its signature is checked; names and extensions in it are passed over.</summary>
    private static PublicKey KeyOf(string request)
    {
        try
        {
            if (request.Length <= LongestRequest)
            {
                PublicKey key = CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256).PublicKey;
                using ECDsa? curve = key.GetECDsaPublicKey();
                if (curve?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
                {
                    return key;
                }
            }
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException or FormatException)
        {
            throw new UnitFaultException("that is no request for a certificate that was signed with its own key.");
        }

        throw new UnitFaultException("a request for a certificate is of one key on the curve P-256.");
    }
}
