using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Trust;
using Bedside.Model.Audit;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Trust;

/// <summary>What a unit does with certificates stands in the journal of access, and a certificate that is due is renewed whether it can stand there or not.</summary>
public class UnitTrailTests
{
    private const string Bed = "bed12.icu.home.arpa";

    [Fact]
    public void Founding_makes_root_issuer_and_the_certificate_of_the_head_and_none_without_an_entry()
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership unit = head.Files.ReadUnit()!;
        Assert.Equal(
            [
                $"CertificateMake Allowed kind=root hash={HashOf(unit.Root)}", $"CertificateMake Allowed kind=issuer hash={HashOf(unit.Issuer)}", $"CertificateMake Allowed kind=box hash={HashOf(unit.Certificate)}",
            ],
            Said(head));

        var full = new UnitBench { Journal = { IsFull = true } };
        Assert.ThrowsAny<IOException>(() => full.Found());
        Assert.Null(full.RootKey);
        Assert.Null(full.Files.ReadAuthority());
    }

    [Fact]
    public void A_box_that_joins_stands_in_the_journal_of_the_head_with_its_name_before_it_has_its_certificate()
    {
        UnitBench head = new UnitBench().Found();
        UnitMembership bed = head.Member(Bed).Files.ReadUnit()!;
        Assert.Equal($"CertificateMake Allowed bed={Bed} kind=box hash={HashOf(bed.Certificate)}", Said(head)[^1]);

        head.Journal.IsFull = true;
        Assert.ThrowsAny<IOException>(() => head.Member("bed13.icu.home.arpa"));
        Assert.Equal(2, head.Files.ReadAuthority()!.Issued.Count);

        // Nothing is used up: the same name gets one as soon as the journal takes an entry.
        head.Journal.IsFull = false;
        _ = head.Member("bed13.icu.home.arpa");
        Assert.Equal(3, head.Files.ReadAuthority()!.Issued.Count);
    }

    [Fact]
    public void What_was_refused_after_its_entry_is_told_as_failed()
    {
        UnitBench head = new UnitBench().Found();
        _ = head.Member(Bed);
        Assert.Throws<UnitFaultException>(() => head.Member(Bed));
        Assert.StartsWith($"CertificateMake Failed bed={Bed} kind=box hash=", Said(head)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_is_told_by_the_box_and_by_the_head_and_never_fails_for_the_journal()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench bed = head.Member(Bed);
        (head.Journal.IsFull, bed.Journal.IsFull) = (true, true);
        CertificateKeeper keeper = Keeper(bed, head);
        head.Clock.Advance(TimeSpan.FromDays(61));
        await keeper.LookAsync(CancellationToken.None);
        Assert.Null(keeper.Fault);
        string hash = UnitTrail.HashOf(keeper.Current!.Leaf.PublicKey);
        Assert.Equal(hash, HashOf(bed.Files.ReadUnit()!.Certificate));
        Assert.Equal($"CertificateRenew Done kind=box hash={hash}", Said(bed)[^1]);
        Assert.Equal($"CertificateRenew Done bed={Bed} kind=box hash={hash}", Said(head)[^1]);
        Assert.All(bed.Journal.Entries, entry => Assert.Equal((AuditWho.Box, AuditRole.Box), (entry.Who, entry.Role)));

        int before = head.Journal.Entries.Count;
        CertificateKeeper own = Keeper(head, head);
        await own.LookAsync(CancellationToken.None);
        Assert.Null(own.Fault);
        Assert.Equal($"CertificateRenew Done kind=box hash={UnitTrail.HashOf(own.Current!.Leaf.PublicKey)}", Assert.Single(Said(head).Skip(before)));
    }

    [Fact]
    public void An_issuer_is_made_anew_and_a_box_removed_with_an_entry_or_not_at_all()
    {
        UnitBench head = new UnitBench().Found();
        _ = head.Member(Bed);
        head.Journal.IsFull = true;
        string issuer = head.Files.ReadAuthority()!.Issuer;
        Assert.ThrowsAny<IOException>(() => head.Desk.Reissue(head.RootKey!));
        Assert.ThrowsAny<IOException>(() => head.Files.Remove(Bed, head.Trail));
        Assert.Equal((issuer, 2), (head.Files.ReadAuthority()!.Issuer, head.Files.ReadAuthority()!.Issued.Count));

        head.Journal.IsFull = false;
        head.Desk.Reissue(head.RootKey!);
        UnitMembership unit = head.Files.ReadUnit()!;
        Assert.Equal([$"CertificateMake Allowed kind=issuer hash={HashOf(unit.Issuer)}", $"CertificateRenew Done kind=box hash={HashOf(unit.Certificate)}"], Said(head).TakeLast(2));
        head.Files.Remove(Bed, head.Trail);
        Assert.Equal($"CertificateRevoke Allowed bed={Bed} kind=box number=1", Said(head)[^1]);
    }

    [Fact]
    public void A_removal_that_the_disk_does_not_take_is_told_as_failed()
    {
        int failed = 0;
        for (int operation = 0; operation < 20; operation++)
        {
            var disk = new FaultyDisk(new Random(3));
            UnitBench head = new UnitBench(disk).Found();
            _ = head.Member(Bed);
            disk.FailAt.Add(disk.Operations + operation);
            Exception? error = Record.Exception(() => head.Files.Remove(Bed, head.Trail));
            bool isKept = head.Journal.Entries.Any(entry => entry.Act == AuditAct.CertificateRevoke);
            Assert.Equal(error is not null && isKept, head.Journal.Entries[^1] is { Act: AuditAct.CertificateRevoke, Result: AuditResult.Failed });
            failed += error is not null && isKept ? 1 : 0;
        }

        Assert.True(failed > 1, $"only {failed} failed while it was written");
    }

    private static CertificateKeeper Keeper(UnitBench box, UnitBench head) => new(
        box.Files,
        () => TestKeys.Box,
        (mine, key, _) => Task.FromResult(head.Desk.IssueFor(UnitDesk.Request(key), mine.Unit.Host, mine.Unit.Box)),
        box.Trail,
        box.Clock,
        NullLogger<CertificateKeeper>.Instance);

    private static string HashOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))[..32];
    }

    private static string[] Said(UnitBench box) =>
    [
        .. box.Journal.Entries.Select(entry => string.Join(
            ' ',
            entry.What.Select(fact => $"{fact.Kind.ToString().ToLowerInvariant()}={fact.Text}").Prepend(entry.Bed.Length == 0 ? $"{entry.Act} {entry.Result}" : $"{entry.Act} {entry.Result} bed={entry.Bed}"))),
    ];
}
