using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Files;
using Bedside.Storage.Repair;
using Bedside.Tests.Storage.Retention;

namespace Bedside.Tests.Storage.Repair;

/// <summary>What verify names, and what repair makes of it.</summary>
public sealed class RepairTests
{
    private static readonly string First = FileNames.Segment(1);

    [Fact]
    public async Task AWrongByteAnywhereInASegmentIsNamedWithItsTime_CostsOneBlockAtMost_AndIsAGapOnceRepaired()
    {
        using KeptBed original = await SmallAsync(turns: 6, segments: 1);
        byte[] whole = [.. original.Disk.Content(First)];
        await Parallel.ForEachAsync(Enumerable.Range(0, whole.Length), async (at, _) =>
        {
            using KeptBed bed = original.Copy(new Random(at), new());
            bed.Disk.Content(First)[at] ^= (byte)(3 << (at % 7));
            VerifyReport report = Verification.Run(bed.Disk, CancellationToken.None);
            Assert.NotEmpty(report.Damaged);
            Assert.All(report.Damaged, damage => Assert.Equal(First, damage.File));
            bed.Reopen();
            List<string> before = Lines(bed);
            List<string> lost = [.. Lines(original).Except(before)];
            Assert.True(lost.DistinctBy(line => line[0]).Count() <= 1, $"a wrong byte at {at} costs two signals");
            if (lost.Count > 0)
            {
                Assert.Contains(report.Damaged, damage => damage.From is not null && damage.Signal.Value == SignalOf(lost[0]));
            }

            FileRepair repaired = Assert.Single(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
            Assert.Equal(RepairAction.Rewritten, repaired.Action);
            Assert.Empty(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
            Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None).Damaged);
            bed.Reopen();
            Assert.Equal(before.Order(StringComparer.Ordinal), Lines(bed).Order(StringComparer.Ordinal));
            Assert.Equal(lost.Count, bed.CheckAgainstAppended(GapCause.Storage).SelectMany(Contents.Of).Count());
        });
    }

    [Fact]
    public async Task AWrongByteAnywhereInAnEncryptedSegmentIsNamed_CostsNothing_AndIsGoneOnceRepaired()
    {
        using KeptBed original = await SmallAsync(turns: 4, segments: 1, isEncrypted: true);
        int length = original.Disk.Content(First).Length;
        List<string> all = Lines(original);
        Assert.NotEmpty(all);
        await Parallel.ForEachAsync(Enumerable.Range(0, length), async (at, _) =>
        {
            using KeptBed bed = original.Copy(new Random(at), new());
            bed.Disk.Content(First)[at] ^= (byte)(3 << (at % 7));
            VerifyReport report = Verification.Run(bed.Disk, CancellationToken.None, bed.Options.BoxKey);
            Assert.Contains(report.Damaged, damage => damage.File == First);
            bed.Reopen();
            Assert.Equal(all, Lines(bed));
            FileRepair repaired = Assert.Single(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
            Assert.Equal((RepairAction.Rewritten, 0), (repaired.Action, repaired.Lost.Count));
            Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None, bed.Options.BoxKey).Damaged);
            bed.Reopen();
            Assert.Equal(all, Lines(bed));
        });
    }

    [Fact]
    public async Task WithoutItsKeyAnEncryptedSegmentIsLeftAlone()
    {
        using KeptBed bed = await SmallAsync(turns: 40, segments: 2, isEncrypted: true);
        bed.Disk.Content(First)[900] ^= 0xFF;
        byte[] before = [.. bed.Disk.Content(First)];
        IReadOnlyList<FileRepair> done = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, new StoreOptions(), onFile: null, CancellationToken.None);
        Assert.NotEmpty(done);
        Assert.All(done, one => Assert.Equal(RepairAction.LeftAlone, one.Action));
        Assert.Equal(before, bed.Disk.Content(First));
    }

    [Fact]
    public async Task ADamagedIndexIsMadeAgainAndNothingIsLost()
    {
        using KeptBed bed = await SmallAsync(turns: 40, segments: 2);
        byte[] content = bed.Disk.Content(First);
        Array.Clear(content, content.Length - 700, 700);
        FileRepair repaired = Assert.Single(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
        Assert.Empty(repaired.Lost);
        bed.Reopen();
        Assert.Empty(bed.CheckAgainstAppended());
        Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None).Damaged);
        Assert.DoesNotContain(bed.Everything(), block => block is GapBlock);
    }

    [Fact]
    public async Task AFileWithoutAReadableBlockIsSetAside_AndTheHoleIsToldFromItsNeighbours()
    {
        using KeptBed bed = await SmallAsync(turns: 40, segments: 3);
        Array.Fill(bed.Disk.Content(FileNames.Segment(2)), (byte)0xA5);
        IReadOnlyList<FileRepair> done = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, new StoreOptions(), onFile: null, CancellationToken.None);
        Assert.Equal(RepairAction.SetAside, Assert.Single(done).Action);
        Assert.Contains(FileNames.Bad(FileNames.Segment(2)), bed.Disk.Names());
        Assert.Empty(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
        GapBlock gap = Assert.Single(Verification.Run(bed.Disk, CancellationToken.None).Gaps);
        Assert.Equal(GapCause.Storage, gap.Cause);
        Assert.InRange(gap.Start.UnixNanoseconds, KeptBed.TimeOf(1).UnixNanoseconds - 1_000_000_000, KeptBed.TimeOf(1).UnixNanoseconds + 1_000_000);
        Assert.InRange(gap.Until.UnixNanoseconds, KeptBed.TimeOf(2).UnixNanoseconds - 1_000_000, KeptBed.TimeOf(2).UnixNanoseconds + 1_000_000);
    }

    [Fact]
    public async Task ADryRunSaysTheSameAndChangesNothing()
    {
        using KeptBed bed = await SmallAsync(turns: 40, segments: 3);
        Array.Fill(bed.Disk.Content(FileNames.Segment(2)), (byte)0xA5);
        bed.Disk.Content(First)[900] ^= 0xFF;
        byte[] before = [.. bed.Disk.Content(First)];
        IReadOnlyList<FileRepair> would = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: true, bed.Clock, new StoreOptions(), onFile: null, CancellationToken.None);
        Assert.Equal(before, bed.Disk.Content(First));
        IReadOnlyList<FileRepair> did = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, new StoreOptions(), onFile: null, CancellationToken.None);
        Assert.Equal(did.Select(one => (one.File, one.Action, one.Blocks, one.Lost.Count)), would.Select(one => (one.File, one.Action, one.Blocks, one.Lost.Count)));
        Assert.Equal(2, did.Count);
    }

    [Fact]
    public async Task WhatTheDiskCannotReadNowIsLeftAlone()
    {
        using KeptBed bed = await SmallAsync(turns: 40, segments: 2);
        bed.Disk.Content(First)[900] ^= 0xFF;
        int begin = bed.Disk.Operations;
        bed.Disk.FailWhile = (begin + 3)..int.MaxValue;
        IReadOnlyList<FileRepair> done = [];
        try
        {
            done = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, new StoreOptions(), onFile: null, CancellationToken.None);
        }
        catch (IOException)
        {
            // The folder itself could not be read.
        }

        Assert.All(done, one => Assert.Equal(RepairAction.LeftAlone, one.Action));
        bed.Disk.FailWhile = null;
        Assert.DoesNotContain(bed.Disk.Names(), name => name.EndsWith(".bad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADamagedJournalIsSealedWithItsGap()
    {
        using var bed = new KeptBed(4);
        await bed.FillAsync(1);
        await bed.FillAsync(1, seal: false);
        bed.Engine.Dispose();
        string journal = bed.Disk.Names().Where(name => FileNames.SequenceOfJournal(name) is not null).Order(StringComparer.Ordinal).First();
        bed.Disk.Content(journal)[FileHead.JournalBytes + 1500] ^= 0xFF;
        FileRepair repaired = Assert.Single(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
        Assert.Equal((journal, RepairAction.Sealed), (repaired.File, repaired.Action));
        Assert.Empty(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
        Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None).Damaged);
        bed.Reopen();
        _ = bed.CheckAgainstAppended(GapCause.Storage);
    }

    private static async Task<KeptBed> SmallAsync(int turns, int segments, bool isEncrypted = false)
    {
        var bed = new KeptBed(3, options: null, isEncrypted);
        await bed.FillAsync(segments, turns);
        return bed;
    }

    /// <summary>Lines of signals begin with their number; those of the bed do not.</summary>
    private static uint SignalOf(string line) => char.IsAsciiDigit(line[0]) ? (uint)(line[0] - '0') : 0;

    private static List<string> Lines(KeptBed bed) => Contents.Of(bed.Everything(_ => { }).Where(block => block is not GapBlock));
}
