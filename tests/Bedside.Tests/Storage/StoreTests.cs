using Bedside.Model;
using Bedside.Storage;

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
            await using var store = Store.Open(folder.Path, Small, TimeProvider.System);
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
        await using var beside = Store.OpenReadOnly(folder.Path, TimeProvider.System);
        AssertHolds(beside, appended);
    }

    [Fact]
    public async Task ASecondWriterIsRefusedWithTheProcessThatHoldsTheStore()
    {
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, Small, TimeProvider.System);
        StoreLockedException error = Assert.Throws<StoreLockedException>(() => Store.Open(folder.Path, Small, TimeProvider.System));
        Assert.Contains(Environment.ProcessId.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadersSeeEachBlockOnceWhileItIsWrittenAndSealed()
    {
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, Small, TimeProvider.System);
        _ = store.Register("d", Bed.WaveMetric);
        _ = store.Register("d", Bed.RateMetric);
        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadUntil(() => store, done.Token)))];
        var beside = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await using var other = Store.OpenReadOnly(folder.Path, TimeProvider.System);
                _ = AssertContiguous(other);
            }
        });
        var bed = new Bed(3);
        for (int i = 0; i < 1_500; i++)
        {
            foreach (Block block in bed.Next())
            {
                await store.AppendAsync(block, CancellationToken.None);
            }

            if (i % 100 == 0)
            {
                _ = await store.SyncAsync(CancellationToken.None);
            }
        }

        _ = await store.SyncAsync(CancellationToken.None);
        await done.CancelAsync();
        await Task.WhenAll([.. readers, beside]);
        Assert.Equal(1_500 * 128, store.Read(Bed.Wave, Ever, Never).OfType<SampleBlock>().Sum(block => block.Samples.Length));
        Assert.Equal(0, store.Health.Errors);
        Assert.Equal(0, store.Health.Damaged);
    }

    [Fact]
    public async Task AReaderInALoopNeverMissesWhatItHasSeen_WhileBlocksAreJoinedBelowIt()
    {
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, Small with { SyncEvery = TimeSpan.FromMilliseconds(4) }, TimeProvider.System);
        using var done = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            (long seen, int rounds) = (0, 0);
            for (; !done.IsCancellationRequested || rounds == 0; rounds++)
            {
                long count = AssertContiguous(store);
                Assert.True(count >= seen, $"{seen} samples were there, now {count}");
                seen = count;
                Assert.True(store.Last(Bed.Wave) is null or SampleBlock { FirstIndex: >= 0 });
            }

            return rounds;
        });
        var random = new Random(5);
        var bed = new Bed(5);
        for (int burst = 0; burst < 250; burst++)
        {
            for (int turns = random.Next(1, 9); turns > 0; turns--)
            {
                foreach (Block block in bed.Next())
                {
                    await store.AppendAsync(block, CancellationToken.None);
                }
            }

            if (random.Next(4) == 0)
            {
                _ = await store.SyncAsync(CancellationToken.None);
            }
        }

        _ = await store.SyncAsync(CancellationToken.None);
        await done.CancelAsync();
        Assert.True(await reader > 0);
        Assert.Equal(0, store.Health.Damaged);
    }

    [Fact]
    public async Task AFollowerGetsTheBlocksInOrderAndIsToldWhatItLost()
    {
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, Small, TimeProvider.System);
        using StoreFollower quick = store.Follow(1_000);
        using StoreFollower slow = store.Follow(10);
        var bed = new Bed(4);
        List<Block> blocks = [.. Enumerable.Range(0, 100).SelectMany(_ => bed.Next())];
        Assert.All(blocks, block => Assert.True(store.TryAppend(block)));
        Assert.Equal(blocks, ReadAll(quick));
        Assert.Equal(0, quick.Dropped);
        Assert.Equal(blocks[^10..], ReadAll(slow));
        Assert.Equal(blocks.Count - 10, slow.Dropped);
        slow.Dispose();
        Assert.False(await slow.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task TheLastBlockOfASignalIsFoundAfterRestartAndSealing()
    {
        using var folder = new TemporaryFolder();
        var bed = new Bed(6);
        List<Block> blocks = [.. Enumerable.Range(0, 700).SelectMany(_ => bed.Next())];
        await using (var store = Store.Open(folder.Path, Small, TimeProvider.System))
        {
            Assert.Null(store.Last(Bed.Wave));
            foreach (Block block in blocks)
            {
                await store.AppendAsync(block, CancellationToken.None);
            }

            _ = await store.SyncAsync(CancellationToken.None);
            AssertEndsAlike(blocks.OfType<SampleBlock>().Last(), store.Last(Bed.Wave));
        }

        await using var again = Store.OpenReadOnly(folder.Path, TimeProvider.System);
        AssertEndsAlike(blocks.OfType<SampleBlock>().Last(), again.Last(Bed.Wave));
        Assert.Equal(blocks.Last(block => block is NumericBlock).End, again.Last(Bed.Rate)?.End);
        _ = Assert.Throws<InvalidOperationException>(() => again.TryAppend(blocks[0]));
    }

    [Fact]
    public async Task AFullDiskIsSaidAndNothingIsThrown_AndWritingGoesOnWhenThereIsRoom()
    {
        var disk = new FaultyDisk(new Random(1));
        var options = new StoreOptions { JournalBytes = 32 << 10, SegmentBytes = 32 << 10, QueueCapacity = 16, UnsyncedBytes = 4_096, SyncEvery = TimeSpan.FromMilliseconds(20) };
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, disk, locked: null, options, TimeProvider.System);
        disk.Capacity = 0;
        var bed = new Bed(7);
        var taken = new List<Block>();
        bool refused = false;
        for (int i = 0; i < 20_000 && !refused; i++)
        {
            foreach (Block block in bed.Next().Where(block => block is SampleBlock))
            {
                refused = !store.TryAppend(block);
                if (!refused)
                {
                    taken.Add(block);
                }
            }
        }

        Assert.True(refused);
        disk.Capacity = long.MaxValue;
        _ = await store.SyncAsync(CancellationToken.None);
        Assert.Equal(Contents.Of(taken), Contents.Of(store.Read(Bed.Wave, Ever, Never)));
        Assert.True(store.Health.Writing);
    }

    [Fact]
    public async Task ABlockThatTheFormatCannotHoldIsCountedAndTheOthersAreKept()
    {
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, Small, TimeProvider.System);
        Assert.True(store.TryAppend(SampleBlocks.Of()));
        Assert.True(store.TryAppend(SampleBlocks.Of(1, 2, 3)));
        _ = await store.SyncAsync(CancellationToken.None);
        Assert.Equal(1, store.Health.Refused);
        _ = Assert.Single(store.Read(new SignalNumber(7), Ever, Never));
    }

    /// <summary>It may be joined with blocks before it.</summary>
    private static void AssertEndsAlike(SampleBlock expected, Block? found)
    {
        SampleBlock block = Assert.IsType<SampleBlock>(found);
        Assert.Equal(expected.FirstIndex + expected.Samples.Length, block.FirstIndex + block.Samples.Length);
    }

    private static List<Block> ReadAll(StoreFollower follower)
    {
        var blocks = new List<Block>();
        while (follower.TryRead(out Block? block))
        {
            blocks.Add(block);
        }

        return blocks;
    }

    private static void ReadUntil(Func<Store> store, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            _ = AssertContiguous(store());
        }
    }

    private static long AssertContiguous(Store store)
    {
        long next = 0;
        foreach (SampleBlock block in store.Read(Bed.Wave, Ever, Never).OfType<SampleBlock>())
        {
            Assert.Equal(next, block.FirstIndex);
            next += block.Samples.Length;
        }

        return next;
    }

    private static void AssertHolds(Store store, List<Block> expected)
    {
        Assert.Equal(Contents.Of(expected.Where(block => block.Signal == Bed.Wave)), Contents.Of(store.Read(Bed.Wave, Ever, Never)));
        Assert.Equal(Contents.Of(expected.Where(block => block.Signal == Bed.Rate)), Contents.Of(store.Read(Bed.Rate, Ever, Never)));
        Assert.Equal(Contents.Of(expected.OfType<AlertBlock>()), Contents.Of(store.ReadBed(Ever, Never)));
    }
}
