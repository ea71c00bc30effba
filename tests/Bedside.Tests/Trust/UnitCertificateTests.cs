using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Trust;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Trust;

/// <summary>What the authority of a unit issues, judged by the library and by openssl.</summary>
public class UnitCertificateTests
{
    [Fact]
    public async Task A_box_has_a_certificate_of_90_days_for_its_name_that_openssl_takes_for_server_and_client()
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership bed = head.Member("bed12.icu.home.arpa").Files.ReadUnit()!;
        using var root = X509Certificate2.CreateFromPem(bed.Root);
        using var leaf = X509Certificate2.CreateFromPem(bed.Certificate);

        foreach (string purpose in new[] { "sslserver", "sslclient" })
        {
            Assert.Null(await OpenSsl.FaultAsync(root, bed.Issuer, bed.Certificate, bed.Host, head.Clock.GetUtcNow(), purpose));
        }

        Assert.Equal(90, Math.Round((leaf.NotAfter.ToUniversalTime() - head.Clock.GetUtcNow().UtcDateTime).TotalDays));
        Assert.Equal([bed.Host], UnitCertificates.HostsOf(leaf));
        Assert.Equal(bed.Box, UnitCertificates.BoxOf(leaf));
        Assert.Equal("1.2.840.10045.2.1", leaf.PublicKey.Oid.Value);
        (_, string text) = await OpenSsl.RunAsync(bed.Certificate, "x509", "-noout", "-text");
        Assert.Contains($"DNS:{bed.Host}, URI:bedside:box:{bed.Box}", text, StringComparison.Ordinal);
        Assert.Contains("NIST CURVE: P-256", text, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", text, StringComparison.Ordinal);
        Assert.Contains("hostname mismatch", await OpenSsl.FaultAsync(root, bed.Issuer, bed.Certificate, "bed13.icu.home.arpa", head.Clock.GetUtcNow()), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("bed12.other.home.arpa")]
    [InlineData("icu.home.arpa.evil.example")]
    [InlineData("evil.example")]
    public async Task Even_a_stolen_issuer_makes_nothing_for_names_outside_of_the_zone(string host)
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership unit = head.Files.ReadUnit()!;
        using X509Certificate2 issuer = StolenIssuer(head);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 forged = UnitCertificates.Leaf(issuer, new PublicKey(key), host, unit.Box, head.Clock.GetUtcNow());
        using var root = X509Certificate2.CreateFromPem(unit.Root);

        Assert.Contains("permitted subtree violation", await OpenSsl.FaultAsync(root, unit.Issuer, forged.ExportCertificatePem(), host, head.Clock.GetUtcNow()), StringComparison.Ordinal);
        Assert.NotNull(UnitChain.Fault(forged, UnitChain.Policy(root, [issuer], UnitCertificates.ServerUse, head.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task Nor_for_an_address()
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership unit = head.Files.ReadUnit()!;
        using X509Certificate2 issuer = StolenIssuer(head);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=box", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Parse("192.0.2.7"));
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = head.Clock.GetUtcNow();
        using X509Certificate2 forged = request.Create(issuer, now.AddHours(-1), now.AddDays(1), [1, 2, 3]);
        using var root = X509Certificate2.CreateFromPem(unit.Root);
        Assert.Contains("excluded subtree violation", await OpenSsl.FaultAsync(root, unit.Issuer, forged.ExportCertificatePem(), "box", now), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("bed12")]
    [InlineData("bed12.other.home.arpa")]
    [InlineData("Bed12.icu.home.arpa")]
    [InlineData("*.icu.home.arpa")]
    [InlineData("bed12.icu.home.arpa\n.icu.home.arpa")]
    [InlineData("")]
    public void The_head_issues_for_real_names_of_its_zone_alone(string host)
    {
        UnitBench head = new UnitBench().Found();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<UnitFaultException>(() => head.Desk.IssueFor(UnitDesk.Request(key), host, known: null));
    }

    [Fact]
    public void A_request_is_believed_for_its_key_alone_and_only_when_that_key_signed_it()
    {
        UnitBench head = new UnitBench().Found();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var greedy = new CertificateRequest("CN=root of everything", key, HashAlgorithmName.SHA256);
        greedy.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var leaf = X509Certificate2.CreateFromPem(head.Desk.IssueFor(greedy.CreateSigningRequestPem(), "bed12.icu.home.arpa", known: null).Certificate);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.DoesNotContain("everything", leaf.Subject, StringComparison.Ordinal);

        byte[] bytes = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        bytes[^1] ^= 1;
        Assert.Throws<UnitFaultException>(() => head.Desk.IssueFor(PemEncoding.WriteString("CERTIFICATE REQUEST", bytes), "bed13.icu.home.arpa", known: null));
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<UnitFaultException>(() => head.Desk.IssueFor(UnitDesk.Request(wide), "bed13.icu.home.arpa", known: null));
        Assert.Throws<UnitFaultException>(() => head.Desk.IssueFor("no request at all", "bed13.icu.home.arpa", known: null));
    }

    [Fact]
    public void A_name_belongs_to_one_box_until_that_is_removed_and_a_removed_box_gets_nothing_more()
    {
        UnitBench head = new UnitBench().Found();
        _ = head.Member("bed12.icu.home.arpa");
        Assert.Contains("another box", Assert.Throws<UnitFaultException>(() => head.Member("bed12.icu.home.arpa")).Message, StringComparison.Ordinal);
        Assert.Contains("head itself", Assert.Throws<UnitFaultException>(() => head.Files.Remove(UnitBench.Head, head.Trail)).Message, StringComparison.Ordinal);
        head.Files.Remove("bed12.icu.home.arpa", head.Trail);
        _ = head.Member("bed12.icu.home.arpa");
        Assert.Equal(2, head.Files.ReadAuthority()!.Issued.Count);
    }

    [Fact]
    public async Task The_root_key_of_paper_makes_the_issuer_anew_and_boxes_of_both_issuers_know_each_other()
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership old = head.Member("bed12.icu.home.arpa").Files.ReadUnit()!;
        head.Desk.Reissue(head.RootKey!);
        UnitMembership now = head.Files.ReadUnit()!;
        Assert.NotEqual(old.Issuer, now.Issuer);
        using var root = X509Certificate2.CreateFromPem(now.Root);
        Assert.Null(await OpenSsl.FaultAsync(root, now.Issuer, now.Certificate, now.Host, head.Clock.GetUtcNow()));
        Assert.Null(await OpenSsl.FaultAsync(root, old.Issuer, old.Certificate, old.Host, head.Clock.GetUtcNow()));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<UnitFaultException>(() => head.Desk.Reissue(other));
    }

    [Fact]
    public void Nothing_of_a_key_stands_in_the_files_in_the_clear_and_another_box_key_opens_nothing()
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership unit = head.Files.ReadUnit()!;
        using var leaf = X509Certificate2.CreateFromPem(unit.Certificate);
        using ECDsa key = SealedKey.Open(TestKeys.Box, unit.Key, UnitFiles.Unit, leaf)!;
        byte[] secret = key.ExportParameters(includePrivateParameters: true).D!;
        Assert.False(Convert.FromBase64String(unit.Key).AsSpan().IndexOf(secret) >= 0);
        Assert.Null(SealedKey.Open(TestKeys.OtherBox, unit.Key, UnitFiles.Unit, leaf));
        Assert.Null(SealedKey.Open(TestKeys.Box, unit.Key, UnitFiles.Authority, leaf));
        Assert.Null(BoxCertificate.Open(unit, TestKeys.OtherBox));
        byte[] rootSecret = head.RootKey!.ExportParameters(includePrivateParameters: true).D!;
        Assert.DoesNotContain((string[])[unit.Key, head.Files.ReadAuthority()!.Key], text => Convert.FromBase64String(text).AsSpan().IndexOf(rootSecret) >= 0);
    }

    /// <summary>The issuer with its key, as a thief of the head would have it.</summary>
    private static X509Certificate2 StolenIssuer(UnitBench head)
    {
        AuthorityBook book = head.Files.ReadAuthority()!;
        using var bare = X509Certificate2.CreateFromPem(book.Issuer);
        using ECDsa key = SealedKey.Open(TestKeys.Box, book.Key, UnitFiles.Authority, bare)!;
        return UnitCertificates.Joined(bare, key);
    }
}
