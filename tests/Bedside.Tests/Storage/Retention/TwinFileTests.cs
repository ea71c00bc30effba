using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Retention;

namespace Bedside.Tests.Storage.Retention;

/// <summary>The two small files of retention outlive a wrong byte anywhere and any truncation that leaves one copy.</summary>
public sealed class TwinFileTests
{
    [Fact]
    public void AWrongByteAnywhereIsNamedAndCostsNothing()
    {
        var disk = new FaultyDisk(new Random(1));
        var list = new HoldList([new Hold("one", Bed.Start, To: null, "because", Bed.Start)], Bed.Start);
        list.Write(disk);
        byte[] content = disk.Content(FileNames.Holds);
        for (int at = 0; at < content.Length; at++)
        {
            content[at] ^= 0xFF;
            var read = HoldList.Read(disk, out Damage? damage);
            Assert.Equal(list.Holds, read?.Holds);
            Assert.True(damage is not null || content[at] == 0xFF, $"a wrong byte at {at} is not named");
            content[at] ^= 0xFF;
        }

        Assert.Equal(list.ClockConfirmed, HoldList.Read(disk, out Damage? none)?.ClockConfirmed);
        Assert.Null(none);
    }

    [Fact]
    public void EveryTruncationIsUnderstoodOrKnownToBeDamaged()
    {
        var disk = new FaultyDisk(new Random(1));
        RetentionLedger ledger = RetentionLedger.Empty.With(new GoneRange(Bed.Start, Bed.Start.Add(5), GapCause.Retention, 1, 2, 3), (_, _) => false) with { Deleting = [4], Clock = Bed.Start };
        ledger.Write(disk);
        byte[] content = disk.Content(FileNames.Retention);
        for (int length = 0; length < content.Length; length++)
        {
            disk.Replace(FileNames.Retention, content[..length]);
            var read = RetentionLedger.Read(disk, out Damage? damage);
            Assert.True(read.Gone.Count == 1 || damage is not null, $"cut at {length}");
            Assert.True(read.Gone.Count == 1 || length < content.Length / 2, $"cut at {length}");
        }
    }

    [Fact]
    public void RangesOfOneCauseBecomeOne_UnlessSomethingKeptLiesBetween()
    {
        const long hour = 3_600_000_000_000;
        static GoneRange Of(long from, GapCause cause = GapCause.Retention) => new(Bed.Start.Add(from * hour), Bed.Start.Add((from + 1) * hour), cause, 1, 10, 5);
        RetentionLedger ledger = RetentionLedger.Empty.With(Of(0), (_, _) => false).With(Of(2), (_, _) => false).With(Of(1), (_, _) => false);
        Assert.Equal(new GoneRange(Bed.Start, Bed.Start.Add(3 * hour), GapCause.Retention, 3, 30, 15), Assert.Single(ledger.Gone));
        Assert.Equal(2, ledger.With(Of(4), (_, _) => true).Gone.Count);
        Assert.Equal(2, ledger.With(Of(3, GapCause.Storage), (_, _) => false).Gone.Count);
        Assert.Equal(2, ledger.With(Of(9), (_, _) => false).Gone.Count);
        for (int i = 0; i < 1_500; i++)
        {
            ledger = ledger.With(Of(10 + (i * 5)), (_, _) => true);
        }

        Assert.Equal(1_000, ledger.Gone.Count);
        Assert.Equal(1_503, ledger.Gone.Sum(range => range.Files));
    }
}
