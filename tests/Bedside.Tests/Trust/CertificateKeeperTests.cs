using Bedside.Host.Trust;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Bedside.Viewer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Trust;

/// <summary>A certificate is renewed by itself, and one that is not harms nothing.</summary>
public class CertificateKeeperTests
{
    private const string Bed = "bed12.icu.home.arpa";

    [Fact]
    public async Task A_box_renews_when_a_third_is_left_and_not_before_and_goes_on_under_the_new_one()
    {
        UnitBench head = new UnitBench().Found();
        var bed = new KeptBox(head, head.Member(Bed));
        await bed.LookAsync();
        BoxCertificate first = bed.Keeper.Current!;

        head.Clock.Advance(TimeSpan.FromDays(58));
        await bed.LookAsync();
        Assert.Same(first, bed.Keeper.Current);

        head.Clock.Advance(TimeSpan.FromDays(3));
        await bed.LookAsync();
        BoxCertificate second = bed.Keeper.Current!;
        Assert.NotEqual(first.Leaf.Thumbprint, second.Leaf.Thumbprint);
        Assert.Equal(first.Unit.Box, second.Unit.Box);
        Assert.NotEqual(first.Leaf.PublicKey.ExportSubjectPublicKeyInfo(), second.Leaf.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(90, Math.Round((second.Until - head.Clock.GetUtcNow()).TotalDays));
        Assert.Equal(1, bed.Asked);
        Assert.Equal(LightState.Ok, bed.Light());
    }

    [Fact]
    public async Task The_head_renews_its_own()
    {
        UnitBench head = new UnitBench().Found();
        var kept = new KeptBox(head, head);
        await kept.LookAsync();
        BoxCertificate first = kept.Keeper.Current!;
        head.Clock.Advance(TimeSpan.FromDays(61));
        await kept.LookAsync();
        Assert.NotEqual(first.Leaf.Thumbprint, kept.Keeper.Current!.Leaf.Thumbprint);
        Assert.Equal(0, kept.Asked);
    }

    [Fact]
    public async Task A_head_that_is_off_is_asked_every_hour_and_what_there_is_goes_on_past_its_end()
    {
        UnitBench head = new UnitBench().Found();
        var bed = new KeptBox(head, head.Member(Bed)) { IsHeadOff = true };
        head.Clock.Advance(TimeSpan.FromDays(61));
        for (int hour = 0; hour < 24; hour++)
        {
            await bed.LookAsync();
            head.Clock.Advance(CertificateKeeper.Every);
        }

        Assert.Equal(24, bed.Asked);
        Assert.Equal(LightState.Attention, bed.Light());
        Assert.Contains("27 more days", bed.Said(), StringComparison.Ordinal);
        head.Clock.Advance(TimeSpan.FromDays(29));
        await bed.LookAsync();
        Assert.Contains("ended 1 day ago", bed.Said(), StringComparison.Ordinal);
        head.Clock.Advance(TimeSpan.FromDays(110));
        await bed.LookAsync();
        Assert.Contains("ended 111 days ago", bed.Said(), StringComparison.Ordinal);
        Assert.Contains("recording and the screen at the bed go on", bed.Said(), StringComparison.Ordinal);
        Assert.NotNull(bed.Keeper.Current);
    }

    [Fact]
    public async Task A_head_that_comes_back_in_time_mends_it()
    {
        UnitBench head = new UnitBench().Found();
        var bed = new KeptBox(head, head.Member(Bed)) { IsHeadOff = true };
        head.Clock.Advance(TimeSpan.FromDays(80));
        await bed.LookAsync();
        Assert.Equal(LightState.Attention, bed.Light());
        bed.IsHeadOff = false;
        await bed.LookAsync();
        Assert.Equal(LightState.Ok, bed.Light());
    }

    [Fact]
    public async Task A_box_key_that_is_another_and_a_file_that_is_destroyed_are_said_and_end_nothing()
    {
        UnitBench head = new UnitBench().Found();
        var other = new KeptBox(head, head.Member(Bed)) { HasOtherKey = true };
        await other.LookAsync();
        Assert.Null(other.Keeper.Current);
        Assert.Equal(LightState.Attention, other.Light());
        other.HasOtherKey = false;
        await other.LookAsync();
        Assert.Equal(LightState.Ok, other.Light());

        var disk = new FaultyDisk(new Random(7));
        UnitBench destroyed = new UnitBench(disk, head.Clock).Found();
        using (Bedside.Storage.Disk.IDiskFile file = disk.Open(UnitFiles.Unit, Bedside.Storage.Disk.DiskAccess.Write))
        {
            file.Write(0, new byte[file.Length]);
        }

        var box = new KeptBox(head, destroyed);
        await box.LookAsync();
        Assert.Equal(LightState.Attention, box.Light());
        Assert.Contains("join again", box.Keeper.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_box_in_no_unit_says_nothing_of_certificates()
    {
        var alone = new KeptBox(new UnitBench(), new UnitBench());
        await alone.LookAsync();
        Assert.Null(alone.Keeper.Report);
        Assert.Null(alone.Keeper.Fault);
    }

    /// <summary>A box with its keeper; its head is asked directly.</summary>
    private sealed class KeptBox
    {
        public KeptBox(UnitBench head, UnitBench box) => Keeper = new CertificateKeeper(
            box.Files,
            () => HasOtherKey ? TestKeys.OtherBox : TestKeys.Box,
            (mine, key, _) =>
            {
                Asked++;
                return IsHeadOff ? throw new UnitFaultException("the unit head does not answer") : Task.FromResult(head.Desk.IssueFor(UnitDesk.Request(key), mine.Unit.Host, mine.Unit.Box));
            },
            box.Trail,
            box.Clock,
            NullLogger<CertificateKeeper>.Instance);

        public CertificateKeeper Keeper { get; }

        public bool IsHeadOff { get; set; }

        public bool HasOtherKey { get; set; }

        public int Asked { get; private set; }

        public Task LookAsync() => Keeper.LookAsync(CancellationToken.None);

        public string Said() => Keeper.Report!.ToLight().Sentence.En;

        public LightState Light() => Keeper.Report!.ToLight().State;
    }
}
