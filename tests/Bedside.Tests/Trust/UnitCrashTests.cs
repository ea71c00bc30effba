using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Trust;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Trust;

/// <summary>The power goes, or the disk fails, at every operation of a story of a unit head.</summary>
public class UnitCrashTests
{
    private static readonly Loss[] Losses = [Loss.Nothing, Loss.Everything, Loss.RandomSectors, Loss.RandomPages, Loss.Garbage];

    [Fact]
    public void A_power_cut_at_any_operation_leaves_a_unit_that_works_or_none_and_what_was_given_out_is_in_the_book()
    {
        int operations = Play(new FaultyDisk(new Random(0)), out _);
        Assert.True(operations > 20);
        for (int cut = 0; cut < operations; cut++)
        {
            foreach (Loss loss in Losses)
            {
                var disk = new FaultyDisk(new Random((cut * 10) + (int)loss)) { CutAt = cut };
                Play(disk, out Promised promised);
                disk.Restart(loss);
                Check(disk, promised, $"cut {cut}, {loss}");
            }
        }
    }

    [Fact]
    public void A_disk_that_fails_at_any_operation_leaves_the_same()
    {
        int operations = Play(new FaultyDisk(new Random(0)), out _);
        for (int failing = 0; failing < operations; failing++)
        {
            var disk = new FaultyDisk(new Random(failing));
            disk.FailAt.Add(failing);
            Play(disk, out Promised promised);
            disk.Restart(Loss.Everything);
            Check(disk, promised, $"failing {failing}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    public void A_full_disk_leaves_the_former(int more)
    {
        var disk = new FaultyDisk(new Random(3));
        UnitBench bench = new UnitBench(disk).Found();
        string before = bench.Files.ReadUnit()!.Certificate;
        disk.Capacity = disk.Bytes + more;
        Assert.ThrowsAny<IOException>(bench.Desk.RenewOwn);
        Assert.Equal(before, bench.Files.ReadUnit()!.Certificate);
        Assert.NotNull(BoxCertificate.Open(bench.Files.ReadUnit()!, TestKeys.Box));
    }

    [Fact]
    public void Half_of_a_file_may_be_destroyed_and_what_is_left_serves()
    {
        var disk = new FaultyDisk(new Random(5));
        UnitBench bench = new UnitBench(disk).Found();
        foreach (string name in new[] { UnitFiles.Unit, UnitFiles.Authority })
        {
            using Bedside.Storage.Disk.IDiskFile file = disk.Open(name, Bedside.Storage.Disk.DiskAccess.Write);
            file.Write(100, new byte[200]);
        }

        bench.Desk.RenewOwn();
        Assert.NotNull(BoxCertificate.Open(bench.Files.ReadUnit()!, TestKeys.Box));
    }

    [Fact]
    public void A_file_of_which_nothing_is_left_is_named_with_the_remedy()
    {
        var disk = new FaultyDisk(new Random(5));
        UnitBench bench = new UnitBench(disk).Found();
        using (Bedside.Storage.Disk.IDiskFile file = disk.Open(UnitFiles.Unit, Bedside.Storage.Disk.DiskAccess.Write))
        {
            file.Write(0, new byte[file.Length]);
        }

        Assert.Contains("join again", Assert.Throws<UnitFaultException>(bench.Files.ReadUnit).Message, StringComparison.Ordinal);
    }

    private static void Check(FaultyDisk disk, Promised promised, string when)
    {
        var bench = new UnitBench(disk);
        UnitMembership? unit = bench.Files.ReadUnit();
        if (promised.Founded)
        {
            Assert.True(unit is not null, when);
        }

        if (unit is not null)
        {
            Assert.True(BoxCertificate.Open(unit, TestKeys.Box) is not null, $"{when}: the key is not the certificate's");
            AuthorityBook book = bench.Files.ReadAuthority()!;
            Assert.All(promised.Given, serial => Assert.True(book.Issued.Any(issued => issued.Serial == serial), $"{when}: {serial} was given out and is not in the book"));
            bench.Desk.RenewOwn();
        }
        else
        {
            _ = bench.Found();
        }
    }

    /// <summary>A unit is founded, two boxes join, the head renews its own, until the power goes.</summary>
    private static int Play(FaultyDisk disk, out Promised promised)
    {
        promised = new Promised();
        var bench = new UnitBench(disk);
        try
        {
            _ = bench.Found();
            promised.Founded = true;
        }
        catch (Exception failed) when (failed is IOException or UnitFaultException)
        {
            return disk.Operations;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (string host in new[] { "bed1.icu.home.arpa", "bed2.icu.home.arpa" })
        {
            try
            {
                using var leaf = X509Certificate2.CreateFromPem(bench.Desk.IssueFor(UnitDesk.Request(key), host, known: null).Certificate);
                promised.Given.Add(leaf.SerialNumber);
            }
            catch (IOException)
            {
                // It was not given out.
            }
        }

        OnFaultyDisk.Attempt(bench.Desk.RenewOwn);
        return disk.Operations;
    }

    private sealed class Promised
    {
        public bool Founded { get; set; }

        public List<string> Given { get; } = [];
    }
}
