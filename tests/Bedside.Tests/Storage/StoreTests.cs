using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Xunit;

namespace Bedside.Tests.Storage;

public sealed class StoreTests
{
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);
    private static readonly StoreOptions Small = new() { JournalBytes = 32 << 10, SegmentBytes = 32 << 10 };

    [Fact]
    public async Task WhatWasAppendedIsReadBack_FromHeadJournalAndSegments_EachOnce()
    {
        using var folder = new TemporaryFolder();
        var appended = new List<Block>();
        var bed = new Bed(1);
        for (int run = 0; run < 3; run++)
        {
            await using Store store = Store.Open(folder.Path, Small, TimeProvider.System);
            Assert.Equal(Bed.Wave, store.Register("d", Bed.WaveMetric).Number);
            Assert.Equal(Bed.Rate, store.Register("d", Bed.RateMetric).Number);
            AssertHolds(store, appended);
            for (int i = 0; i < 300; i++)
            {
                foreach (Block block in bed.Next())
                {
                    await store.AppendAsync(block, CancellationToken.None);
                    appended.Add(block);
                }
            }

            UtcInstant durable = await store.SyncAsync(CancellationToken.None);
            Assert.True(store.DurableUpTo >= durable);
            AssertHolds(store, appended);
        }

        VerifyReport report = Verification.Run(folder.Path, CancellationToken.None);
        Assert.Empty(report.Damaged);
        Assert.Equal(appended.OfType<SampleBlock>().Sum(block => block.Samples.Length) + appended.OfType<NumericBlock>().Count(), report.Samples);
        await using Store beside = Store.OpenReadOnly(folder.Path, TimeProvider.System);
        AssertHolds(beside, appended);
    }

    [Fact]
    public async Task ASecondWriterIsRefusedWithTheProcessThatHoldsTheStore()
    {
        using var folder = new TemporaryFolder();
        await using Store store = Store.Open(folder.Path, Small, TimeProvider.System);
        StoreLockedException error = Assert.Throws<StoreLockedException>(() => Store.Open(folder.Path, Small, TimeProvider.System));
        Assert.Contains(Environment.ProcessId.ToString(), error.Message, StringComparison.Ordinal);
    }

    private static void AssertHolds(Store store, List<Block> expected)
    {
        Assert.Equal(Contents.Of(expected.Where(block => block.Signal == Bed.Wave)), Contents.Of(store.Read(Bed.Wave, Ever, Never)));
        Assert.Equal(Contents.Of(expected.Where(block => block.Signal == Bed.Rate)), Contents.Of(store.Read(Bed.Rate, Ever, Never)));
        Assert.Equal(Contents.Of(expected.OfType<AlertBlock>()), Contents.Of(store.ReadBed(Ever, Never)));
    }
}
