using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;

namespace Bedside.Tests.Storage;

/// <summary>What a killed process leaves in memory: taken where it belongs, and nowhere else.</summary>
public sealed class TailTests
{
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);
    private static readonly StoreOptions Options = new() { JournalBytes = 64 << 10, SegmentBytes = 64 << 10 };

    [Fact]
    public async Task AKillBeforeAnySyncCostsNothing_AndNothingIsThereTwiceAfterTwoMore()
    {
        (FaultyDisk disk, FaultyDisk tail) = (Disk(), Disk());
        List<Block> blocks = await LiveAsync(disk, tail, new Bed(1), turns: 9, syncs: 0);
        Assert.Equal(Lines(blocks), Read(disk, tail));
        for (int life = 0; life < 2; life++)
        {
            using StoreEngine engine = Open(disk, tail);
            Assert.Equal(Lines(blocks), Lines(engine));
            Assert.Equal(life == 0, engine.Journal.WantsSync);
            if (engine.Journal.WantsSync)
            {
                await SyncAsync(engine);
            }

            Assert.False(engine.Journal.HasUnsynced);
            Assert.Equal(Lines(blocks), Lines(engine));
        }

        Assert.Equal(Lines(blocks), Read(disk, Disk()));
        Assert.Empty(Verification.Run(disk, CancellationToken.None).Damaged);
    }

    [Fact]
    public async Task WhatWasRestoredComesBeforeWhatIsNew_InOneFileWithoutAHole()
    {
        (FaultyDisk disk, FaultyDisk tail) = (Disk(), Disk());
        var bed = new Bed(2);
        List<Block> blocks = await LiveAsync(disk, tail, bed, turns: 9, syncs: 1);
        blocks.AddRange(await LiveAsync(disk, tail, bed, turns: 9, syncs: 2));
        blocks.AddRange(await LiveAsync(disk, tail, bed, turns: 5, syncs: 0));
        Assert.Equal(Lines(blocks), Read(disk, tail));
        using StoreEngine engine = Open(disk, tail);
        Assert.Equal(0, engine.Health.Damaged);
        await engine.Journal.CloseAsync();
        Assert.Empty(tail.Names());
        Assert.Empty(Verification.Run(disk, CancellationToken.None).Damaged);
    }

    [Fact]
    public async Task TheTailOfAnotherStoreOrOfAnEarlierProcessIsNotTaken()
    {
        (FaultyDisk disk, FaultyDisk tail) = (Disk(), Disk());
        (FaultyDisk other, FaultyDisk itsTail) = (Disk(), Disk());
        _ = await LiveAsync(other, itsTail, new Bed(3), turns: 9, syncs: 0);
        _ = await LiveAsync(disk, tail, new Bed(4), turns: 9, syncs: 0);
        Assert.Empty(Read(disk, itsTail));
        Assert.Empty(Read(other, tail));

        // A copy of what the tail was before the next process began.
        FaultyDisk earlier = Disk();
        foreach (string name in tail.Names())
        {
            earlier.Replace(name, [.. tail.Content(name)]);
        }

        using StoreEngine engine = Open(disk, Disk());
        Assert.True(engine.Journal.Stage(new Bed(5).Next()[0]));
        await engine.Journal.WriteAsync();
        Assert.Empty(Read(disk, earlier));
    }

    [Fact]
    public async Task ATailWithAHoleBehindTheLastDurableBlockIsNotTaken()
    {
        (FaultyDisk disk, FaultyDisk tail) = (Disk(), Disk());
        List<Block> blocks = await LiveAsync(disk, tail, new Bed(6), turns: 9, syncs: 0);
        tail.Content(FileNames.Tail(0))[FileHead.TailBytes + 40] ^= 1;
        Assert.Empty(Read(disk, tail));
        tail.Content(FileNames.Tail(0))[FileHead.TailBytes + 40] ^= 1;
        Array.Fill(tail.Content(FileNames.Tail(0)), (byte)0xA5, 2_000, 8);
        List<string> found = Read(disk, tail);
        Assert.NotEmpty(found);
        Assert.True(found.Count < Lines(blocks).Count);
    }

    [Fact]
    public async Task AnAreaThatIsFullAsksForASyncAndIsNeverLongerThanAllowed()
    {
        (FaultyDisk disk, FaultyDisk tail) = (Disk(), Disk());
        StoreOptions options = Options with { TailBytes = 8192 };
        using var engine = new StoreEngine(disk, options, new StepClock(), isReadOnly: false, Now, tail);
        var bed = new Bed(7);
        bool wanted = false;
        for (int i = 0; i < 200; i++)
        {
            Assert.All(bed.Next(), block => Assert.True(engine.Journal.Stage(block)));
            await engine.Journal.WriteAsync();
            Assert.All(tail.Names(), name => Assert.InRange(tail.Content(name).Length, 0, options.TailBytes));
            if (engine.Journal.WantsSync)
            {
                wanted = true;
                Assert.False(engine.TailHolds);
                await SyncAsync(engine);
                Assert.True(engine.TailHolds);
            }
        }

        Assert.True(wanted);
        Assert.Equal(0, engine.Health.Errors);
    }

    [Fact]
    public async Task ATailThatFailsIsSaidOnceAndStopsNothing()
    {
        (FaultyDisk disk, FaultyDisk tail) = (Disk(), Disk());
        tail.Capacity = 0;
        using StoreEngine engine = Open(disk, tail);
        var bed = new Bed(8);
        var blocks = new List<Block>();
        for (int i = 0; i < 20; i++)
        {
            IReadOnlyList<Block> turn = bed.Next();
            blocks.AddRange(turn);
            Assert.All(turn, block => Assert.True(engine.Journal.Stage(block)));
            await engine.Journal.WriteAsync();
            Assert.Equal(i >= 10, engine.TailHolds);
            if (i % 5 == 4)
            {
                await SyncAsync(engine);
            }

            if (i == 8)
            {
                tail.Capacity = long.MaxValue;
            }
        }

        Assert.Equal(1, engine.Health.Errors);
        Assert.Contains("a kill", engine.Health.LastError, StringComparison.Ordinal);
        Assert.Equal(Lines(blocks), Lines(engine));
    }

    [Fact]
    public async Task ABedLeavesNothingInMemoryWhenItIsClosedInOrder_AndAKilledOnesTailIsPrivate()
    {
        using var folder = new TemporaryFolder();
        using var memory = new TemporaryFolder();
        StoreOptions options = Options with { TailDirectory = memory.Path, SyncEvery = TimeSpan.FromHours(1) };
        string path = PrivateFolder.PathFor(memory.Path, folder.Path);
        List<Block> blocks = [.. new Bed(9).Next()];
        await using (var store = Store.Open(folder.Path, options, TimeProvider.System))
        {
            Assert.All(blocks, block => Assert.True(store.TryAppend(block)));
            Assert.True(SpinWait.SpinUntil(() => store.Read(Bed.Wave, Ever, Never).Any(), TimeSpan.FromSeconds(30)));
            Assert.True(PrivateFolder.IsOurs(path));
            Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(path, FileNames.Tail(0))), TimeSpan.FromSeconds(30)));
        }

        Assert.False(Directory.Exists(path));
        _ = Directory.CreateDirectory(path);
        Assert.False(PrivateFolder.TryMake(path));
    }

    private static FaultyDisk Disk() => new(new Random(1));

    private static StoreEngine Open(FaultyDisk disk, FaultyDisk tail) => new(disk, Options, new StepClock(), isReadOnly: false, Now, tail);

    private static Task Now(IDiskFile file)
    {
        try
        {
            file.Sync();
            return Task.CompletedTask;
        }
        catch (IOException error)
        {
            return Task.FromException(error);
        }
    }

    private static async Task SyncAsync(StoreEngine engine)
    {
        await engine.Journal.WriteAsync();
        Assert.True(engine.Journal.BeginSync(Bed.Start));
        await engine.Journal.SettleAsync();
    }

    /// <summary>A process that is killed: so many turns of a bed, with so many syncs spread over them but none at the end.</summary>
    private static async Task<List<Block>> LiveAsync(FaultyDisk disk, FaultyDisk tail, Bed bed, int turns, int syncs)
    {
        using StoreEngine engine = Open(disk, tail);
        _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
        _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
        var blocks = new List<Block>();
        await engine.Journal.WriteAsync();
        while (engine.Journal.HasUnsynced)
        {
            await SyncAsync(engine);
        }

        for (int turn = 0; turn < turns; turn++)
        {
            engine.StageDescriptions();
            foreach (Block block in bed.Next())
            {
                blocks.Add(block);
                Assert.True(engine.Journal.Stage(block));
            }

            await engine.Journal.WriteAsync();
            if (turn % 3 == 2 && turn / 3 < syncs)
            {
                await SyncAsync(engine);
            }
        }

        Assert.True(engine.TailHolds);
        return blocks;
    }

    private static List<string> Read(FaultyDisk disk, FaultyDisk tail)
    {
        using var engine = new StoreEngine(disk, Options, new StepClock(), isReadOnly: true, sync: null, tail);
        return Lines(engine);
    }

    private static List<string> Lines(StoreEngine engine)
    {
        LaneKey[] lanes = [new LaneKey(Lane.Data, 1), new LaneKey(Lane.Data, 2)];
        return Lines([
            .. BlockReading.Read(engine.Disk, engine.Holdings, lanes, (Ever, Never), _ => { }),
            .. BlockReading.Read(engine.Disk, engine.Holdings, lanes: null, (Ever, Never), _ => { }),
        ]);
    }

    private static List<string> Lines(IEnumerable<Block> blocks) => [.. Contents.Of(blocks).Order(StringComparer.Ordinal)];
}
