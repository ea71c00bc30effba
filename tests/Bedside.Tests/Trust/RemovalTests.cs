using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Trust;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Trust;

/// <summary>A box that was taken out of the unit is not believed, wherever it goes.</summary>
public class RemovalTests
{
    private const string Bed = "bed12.icu.home.arpa";
    private const string Stolen = "bed13.icu.home.arpa";

    [Fact]
    public async Task A_box_that_was_removed_is_believed_by_no_box_after_its_next_look_at_the_head()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench bed = head.Member(Bed);
        string stolen = head.Member(Stolen).Files.ReadUnit()!.Box;
        RemovalWatch watch = Watch(bed, _ => head.Desk.Removals());
        await watch.LookAsync(CancellationToken.None);
        Assert.True(watch.Admits(stolen));

        head.Files.Remove(Stolen, head.Trail);
        await watch.LookAsync(CancellationToken.None);

        Assert.False(watch.Admits(stolen));
        Assert.True(watch.Admits(bed.Files.ReadUnit()!.Box));
        Assert.True(RemovalWatch.Every <= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task It_stays_removed_over_a_restart_and_while_the_head_is_off()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench bed = head.Member(Bed);
        string stolen = head.Member(Stolen).Files.ReadUnit()!.Box;
        head.Files.Remove(Stolen, head.Trail);
        await Watch(bed, _ => head.Desk.Removals()).LookAsync(CancellationToken.None);

        RemovalWatch after = Watch(bed, _ => throw new UnitFaultException("the unit head does not answer"));
        after.Read();
        await after.LookAsync(CancellationToken.None);
        Assert.False(after.Admits(stolen));
    }

    [Fact]
    public async Task An_older_list_and_one_of_another_signer_take_nothing_back()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench bed = head.Member(Bed);
        UnitBench thief = head.Member(Stolen);
        string stolen = thief.Files.ReadUnit()!.Box;
        SignedRemovals before = head.Desk.Removals();
        head.Files.Remove(Stolen, head.Trail);
        SignedRemovals now = head.Desk.Removals();
        using var root = X509Certificate2.CreateFromPem(head.Files.ReadUnit()!.Root);
        using ECDsa key = SealedKey.Open(TestKeys.Box, thief.Files.ReadUnit()!.Key, UnitFiles.Unit, thief.HeadCertificate().Leaf)!;
        var byLeaf = SignedRemovals.Sign(new RemovedBoxes(EnrolmentCode.HashOf(root), 99, []), key, thief.Files.ReadUnit()!.Certificate);
        SignedRemovals byStranger = new UnitBench().Found().Desk.Removals();
        SignedRemovals altered = now with { Text = now.Text.Replace(stolen, new string('0', 32), StringComparison.Ordinal) };
        var said = new Queue<SignedRemovals>([now, before, byLeaf, byStranger, altered, now with { Signature = "none" }, now with { Issuer = "none" }]);
        RemovalWatch watch = Watch(bed, _ => said.Dequeue());
        while (said.Count > 0)
        {
            await watch.LookAsync(CancellationToken.None);
            Assert.False(watch.Admits(stolen));
        }

        Assert.All((SignedRemovals[])[byLeaf, byStranger, altered], forged => Assert.Null(forged.Open(root)));
    }

    [Fact]
    public async Task The_list_goes_over_TLS_to_boxes_of_the_unit_and_a_removed_one_gets_nothing()
    {
        UnitBench head = new UnitBench().Found();
        BoxCertificate bed = head.Member(Bed).HeadCertificate();
        BoxCertificate thief = head.Member(Stolen).HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(head);
        head.Files.Remove(Stolen, head.Trail);
        Assert.Contains(thief.Unit.Box, (await HeadLine.RemovalsAsync(At(bed, box), head.Clock, CancellationToken.None)).Open(head.HeadCertificate().Root)!.Boxes);
        await Assert.ThrowsAsync<UnitFaultException>(() => HeadLine.RemovalsAsync(At(thief, box), head.Clock, CancellationToken.None));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Assert.ThrowsAsync<UnitFaultException>(() => HeadLine.RenewAsync(At(thief, box), key, head.Clock, CancellationToken.None));
    }

    [Fact]
    public void A_power_cut_while_the_list_is_written_leaves_the_former_or_the_new()
    {
        UnitBench head = new UnitBench().Found();
        string stolen = head.Member(Stolen).Files.ReadUnit()!.Box;
        SignedRemovals before = head.Desk.Removals();
        head.Files.Remove(Stolen, head.Trail);
        SignedRemovals now = head.Desk.Removals();
        using var root = X509Certificate2.CreateFromPem(head.Files.ReadUnit()!.Root);
        for (int cut = 0; cut < 24; cut++)
        {
            var disk = new FaultyDisk(new Random(cut));
            var files = new UnitFiles(disk);
            files.Write(before);
            disk.CutAt = disk.Operations + cut;
            OnFaultyDisk.Attempt(() => files.Write(now));
            bool isAcknowledged = !disk.IsCut;
            disk.Restart((Loss)(cut % 5));
            RemovedBoxes kept = files.ReadRemovals()!.Open(root)!;
            Assert.True(kept.Number == 1 || (kept.Number == 0 && !isAcknowledged));
        }

        Assert.Single(now.Open(root)!.Boxes, stolen);
    }

    private static BoxCertificate At(BoxCertificate box, SecureBox head) => BoxCertificate.Open(box.Unit with { Head = $"{UnitBench.Head}:{head.Port}", HeadAddress = "127.0.0.1" }, TestKeys.Box)!;

    private static RemovalWatch Watch(UnitBench box, Func<BoxCertificate, SignedRemovals> head) =>
        new(box.Files, box.HeadCertificate, (mine, _) => Task.FromResult(head(mine)), box.Clock, NullLogger<RemovalWatch>.Instance);
}
