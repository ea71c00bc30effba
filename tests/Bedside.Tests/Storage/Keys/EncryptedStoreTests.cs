using System.Text;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Reading;

namespace Bedside.Tests.Storage.Keys;

/// <summary>A whole store under keys.</summary>
public sealed class EncryptedStoreTests
{
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    [Fact]
    public async Task AnEncryptedSegmentReadsAsAnyOther_AndShowsNothing()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(TestKeys.Options());
        Assert.Equal(Lines(blocks), Read(disk, TestKeys.Options(), out StoreEngine engine));
        Assert.Equal(0, engine.Health.Damaged);
        VerifyReport report = Verification.Run(disk, CancellationToken.None, TestKeys.Box);
        Assert.Empty(report.Damaged);
        Assert.Empty(report.Locked);
        Assert.Equal(blocks.OfType<SampleBlock>().Sum(block => (long)block.Samples.Length) + blocks.OfType<NumericBlock>().Count(), report.Samples);
        AssertShowsNothing(disk, blocks);
    }

    [Fact]
    public async Task AnEncryptedJournalAndTailReadAsAnyOther_AndShowNothing()
    {
        FaultyDisk disk = new(new Random(1));
        FaultyDisk tail = new(new Random(2));
        List<Block> blocks;
        using (StoreEngine engine = Open(disk, tail, 1))
        {
            blocks = await StageAsync(engine, 20);
            Assert.True(engine.Journal.BeginSync(Bed.Start));
            await engine.Journal.SettleAsync();
            blocks.AddRange(await StageAsync(engine, 5, 20));
            Assert.Equal(Lines(blocks), Read(engine));
        }

        // The process was killed: five turns are in the tail only.
        Assert.Contains(FileNames.Tail(0), tail.Names());
        AssertShowsNothing(disk, blocks);
        AssertShowsNothing(tail, blocks);
        using StoreEngine again = Open(disk, tail, 2);
        Assert.Equal(Lines(blocks), Read(again));
        Assert.Equal(0, again.Health.Damaged);
        Assert.Empty(Verification.Run(disk, CancellationToken.None, TestKeys.Box).Damaged);
        _ = Assert.Single(Verification.Run(disk, CancellationToken.None).Locked);
    }

    [Fact]
    public async Task WhatATailHoldsOfTheStayBeforeIsWrittenUnderThatStaysKey()
    {
        FaultyDisk disk = new(new Random(1));
        FaultyDisk tail = new(new Random(2));
        StayId first;
        List<Block> blocks;
        using (StoreEngine engine = Open(disk, tail, 1))
        {
            first = engine.Keys.Current;
            blocks = await StageAsync(engine, 5);
        }

        // Killed in the moment in which another stay had begun.
        using (var keys = StayKeys.Load(disk, TestKeys.Options(3), _ => { }))
        {
            keys.Begin(new StayId(0x22), Bed.Start);
            keys.Save();
        }

        using StoreEngine again = Open(disk, tail, 4);
        List<Block> ofSecond = await StageAsync(again, 3, 20);
        await again.Journal.RollAsync();
        while (again.SealNext(CancellationToken.None))
        {
        }

        Assert.Equal(Lines([.. blocks, .. ofSecond]), Read(again));
        Dictionary<StayId, int> files = again.Disk.Names()
            .Where(name => FileNames.SequenceOfSegment(name) is not null)
            .GroupBy(name => again.Disk.StayOf(name)!.Value) // every segment here is encrypted
            .ToDictionary(files => files.Key, files => files.Count());
        Assert.Equal([(first, 1), (new StayId(0x22), 1)], files.Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => pair.Key.Value));
        again.Erase(first);
        Assert.Equal(Lines(ofSecond), Read(again));
    }

    [Fact]
    public async Task AFlippedBitOfAnEncryptedJournalCostsNothingAndIsNamed()
    {
        FaultyDisk disk = new(new Random(1));
        List<Block> blocks;
        using (StoreEngine engine = Open(disk, tail: null, 1))
        {
            blocks = await StageAsync(engine, 8);
            await engine.Journal.CloseAsync();
        }

        List<string> expected = Lines(blocks);
        byte[] content = disk.Content(FileNames.Journal(1));
        int end = content.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        var random = new Random(6);
        for (int at = 0; at < end; at += content.AsSpan(at, Math.Min(16, end - at)).ContainsAnyExcept((byte)0) ? 3 : 15)
        {
            byte mask = (byte)(1 << random.Next(8));
            content[at] ^= mask;
            Assert.Equal(expected, Read(disk, TestKeys.Options(), out _));
            VerifyReport report = Verification.Run(disk, CancellationToken.None, TestKeys.Box);
            Assert.True(report.Damaged.Count + report.Unfinished.Count > 0, $"a flip at {at} is not named");
            content[at] ^= mask;
        }
    }

    [Fact]
    public async Task WithoutTheRightBoxKeyTheStoreOpens_SaysSo_AndLeavesTheFilesAsTheyAre()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(TestKeys.Options());
        byte[] segment = [.. disk.Content(FileNames.Segment(1))];
        foreach (BoxKey? key in new[] { null, TestKeys.OtherBox })
        {
            using (var engine = new StoreEngine(disk, TestKeys.Options(2) with { BoxKey = key }, new StepClock(), isReadOnly: false))
            {
                Assert.Equal(1, engine.Health.Locked);
                Assert.Equal(0, engine.Health.Damaged);
                Assert.Contains("key", engine.Health.LockedReason, StringComparison.Ordinal);
                Assert.Equal(0, engine.Holdings.Segments);
            }

            VerifyReport report = Verification.Run(disk, CancellationToken.None, key);
            Assert.Empty(report.Damaged);
            _ = Assert.Single(report.Locked);
        }

        Assert.Equal(segment, disk.Content(FileNames.Segment(1)));
        Assert.Equal(Lines(blocks), Read(disk, TestKeys.Options(), out _));
    }

    [Fact]
    public async Task ALostFileOfKeysLocksWhatWasThere_AndItsReturnUnlocksIt()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(TestKeys.Options());
        byte[] keys = [.. disk.Content(FileNames.Keys)];
        disk.Delete(FileNames.Keys);
        using (var engine = new StoreEngine(disk, TestKeys.Options(3), new StepClock(), isReadOnly: false))
        {
            Assert.Equal(1, engine.Health.Locked);
            Assert.NotEqual(StayId.None, engine.Keys.Current);

            // What is registered now does not take the numbers of what cannot be read.
            (Signal signal, _) = engine.Signals.Register("other", Bed.RateMetric, Bed.Start);
            Assert.True(signal.Number.Value > Bed.Rate.Value);
        }

        disk.Replace(FileNames.Keys, keys);
        Assert.Equal(Lines(blocks), Read(disk, TestKeys.Options(), out _));
    }

    [Fact]
    public async Task DamageIsFoundWithoutTheKey()
    {
        (FaultyDisk disk, _) = await WriteAsync(TestKeys.Options());
        disk.Content(FileNames.Segment(1))[900] ^= 4;
        disk.Content(FileNames.Segment(1))[950] ^= 4;
        VerifyReport report = Verification.Run(disk, CancellationToken.None);
        Assert.Equal(FileNames.Segment(1), Assert.Single(report.Damaged).File);
    }

    [Fact]
    public async Task ADamagedByteOfAnEncryptedSegmentCostsNothingAndIsNamed()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(TestKeys.Options());
        List<string> expected = Lines(blocks);
        byte[] content = disk.Content(FileNames.Segment(1));
        var random = new Random(6);
        for (int at = 0; at < content.Length; at += at < 200 || at > content.Length - 200 ? 1 : 7)
        {
            byte error = (byte)random.Next(1, 256);
            content[at] ^= error;
            Assert.Equal(expected, Read(disk, TestKeys.Options(), out StoreEngine engine));
            Assert.Equal(0, engine.Health.Locked);
            VerifyReport report = Verification.Run(disk, CancellationToken.None, TestKeys.Box);
            Assert.True(report.Damaged.Count > 0, $"a byte at {at} is not named");
            Assert.All(report.Damaged, damage => Assert.Equal(FileNames.Segment(1), damage.File));
            content[at] ^= error;
        }
    }

    [Fact]
    public async Task EverySegmentHasASaltOfItsOwn()
    {
        (FaultyDisk disk, _) = await WriteAsync(TestKeys.Options());
        byte[] first = [.. disk.Content(FileNames.Segment(1))];
        (disk, _) = await WriteAsync(TestKeys.Options(seed: 2));
        Assert.NotEqual(first[40..56], disk.Content(FileNames.Segment(1))[40..56]);
    }

    private static void AssertShowsNothing(FaultyDisk disk, List<Block> blocks)
    {
        byte[][] needles =
        [
            .. new[] { "ecg-ii", "\"hr\"", "/min", "alert" }.Select(Encoding.UTF8.GetBytes),
            .. blocks.Select(block => BlockCodec.Encode(block)[8..24]),
        ];
        foreach (string name in disk.Names())
        {
            Assert.All(needles, needle => Assert.Equal(-1, disk.Content(name).AsSpan().IndexOf(needle)));
        }
    }

    private static async Task<(FaultyDisk Disk, List<Block> Blocks)> WriteAsync(StoreOptions options)
    {
        var disk = new FaultyDisk(new Random(1));
        var blocks = new List<Block>();
        using var engine = new StoreEngine(disk, options, new StepClock(), isReadOnly: false);
        blocks.AddRange(await StageAsync(engine, 20));
        await engine.Journal.RollAsync();
        Assert.True(engine.SealNext(CancellationToken.None));
        disk.Delete(FileNames.SpareJournal);
        return (disk, blocks);
    }

    private static StoreEngine Open(FaultyDisk disk, FaultyDisk? tail, int seed) => new(disk, TestKeys.Options(seed), new StepClock(), isReadOnly: false, tail: tail);

    /// <summary>The blocks of so many turns of one bed, after those that are passed over.</summary>
    private static async Task<List<Block>> StageAsync(StoreEngine engine, int turns, int after = 0)
    {
        _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
        _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
        var bed = new Bed(5);
        var blocks = new List<Block>();
        for (int i = 0; i < after + turns; i++)
        {
            engine.StageDescriptions();
            foreach (Block block in bed.Next().Where(_ => i >= after))
            {
                blocks.Add(block);
                Assert.True(engine.Journal.Stage(block));
            }

            await engine.Journal.WriteAsync();
        }

        return blocks;
    }

    private static List<string> Read(FaultyDisk disk, StoreOptions options, out StoreEngine engine)
    {
        using var opened = new StoreEngine(disk, options, new StepClock(), isReadOnly: true);
        engine = opened;
        return Read(opened);
    }

    private static List<string> Read(StoreEngine engine)
    {
        LaneKey[] lanes = [new LaneKey(Lane.Data, 1), new LaneKey(Lane.Data, 2)];
        return Lines(
        [
            .. BlockReading.Read(engine.Disk, engine.Holdings, lanes, (Ever, Never), _ => { }),
            .. BlockReading.Read(engine.Disk, engine.Holdings, lanes: null, (Ever, Never), _ => { }),
        ]);
    }

    private static List<string> Lines(List<Block> blocks) => Contents.Of(blocks.OrderBy(block => block.Signal == SignalNumber.None ? uint.MaxValue : block.Signal.Value).ThenBy(block => block.Start));
}
