using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;

namespace Bedside.Tests.Storage;

/// <summary>What damage on a disk costs, byte by byte on small files.</summary>
public sealed class DamageTests
{
    private const int JournalBytes = 32 << 10;

    private static readonly StoreOptions Options = new() { JournalBytes = JournalBytes, SegmentBytes = JournalBytes };
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    [Fact]
    public async Task EveryTruncationOfAJournalLosesOnlyWhatWasCutOff()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(seal: false);
        string name = FileNames.Journal(1);
        byte[] whole = [.. disk.Content(name)];
        int end = whole.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        int before = 0;
        for (int length = 0; length <= end; length++)
        {
            disk.Replace(name, whole[..length]);
            List<string> found = Read(disk, out _);
            Assert.Equal(Lines([.. blocks.Take(found.Count)]), found);
            Assert.True(found.Count >= before, $"cut at {length}");
            before = found.Count;
        }

        Assert.Equal(Lines(blocks).Count, before);
    }

    [Fact]
    public async Task AFlippedBitInAJournalIsNamedAndCostsNothing()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(seal: false);
        string name = FileNames.Journal(1);
        AssertFlips(disk, name, blocks, disk.Content(name).AsSpan().LastIndexOfAnyExcept((byte)0) + 1, 0, 0);
    }

    [Fact]
    public async Task AFlippedBitInASegmentIsNamedAndCostsAtMostItsBlock()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(seal: true);
        string name = FileNames.Segment(1);

        // All the wave is one joined block here.
        AssertFlips(disk, name, blocks, disk.Content(name).Length, blocks.Count, int.MaxValue);
    }

    [Fact]
    public async Task ASegmentWithoutAReadableBlockIsSetAsideAndTheStoreOpens()
    {
        (FaultyDisk disk, _) = await WriteAsync(seal: true);
        Array.Fill(disk.Content(FileNames.Segment(1)), (byte)0xA5);
        using (var engine = new StoreEngine(disk, Options, new StepClock(), isReadOnly: false))
        {
            Assert.Equal(0, engine.Holdings.Segments);
            Assert.True(engine.Health.Damaged > 0);
        }

        Assert.Contains(FileNames.Bad(FileNames.Segment(1)), disk.Names());
    }

    [Fact]
    public async Task WhatWasDamagedInAJournalIsAGapOnceItIsSealed()
    {
        (FaultyDisk disk, List<Block> blocks) = await WriteAsync(seal: false);
        disk.Content(FileNames.Journal(1)).AsSpan(12396, 20).Clear();
        using var engine = new StoreEngine(disk, Options, new StepClock(), isReadOnly: false);
        Assert.True(engine.SealNext(CancellationToken.None));
        GapBlock gap = Assert.Single(BlockReading.Read(disk, engine.Holdings, lanes: null, (Ever, Never), _ => { }).OfType<GapBlock>());
        Assert.Equal(GapCause.Storage, gap.Cause);
        Assert.InRange(gap.Start.UnixNanoseconds, blocks.Min(block => block.Start).UnixNanoseconds, blocks.Max(block => block.End).UnixNanoseconds);
        Assert.Equal(GapCause.Storage, Assert.Single(Verification.Run(disk, CancellationToken.None).Gaps).Cause);
    }

    private static void AssertFlips(FaultyDisk disk, string name, List<Block> blocks, int end, int mostBlocks, int mostSamples)
    {
        Assert.Empty(Verification.Run(disk, CancellationToken.None).Damaged);
        List<string> expected = Lines(blocks);
        Assert.Equal(expected, Read(disk, out _));
        byte[] content = disk.Content(name);
        var random = new Random(1);
        for (int at = 0; at < end; at = NextToFlip(content, at))
        {
            byte mask = (byte)(1 << random.Next(8));
            content[at] ^= mask;
            VerifyReport report = Verification.Run(disk, CancellationToken.None);
            Assert.True(report.Damaged.Count + report.Unfinished.Count > 0, $"a flip at {at} is not named");
            List<string> found = Read(disk, out _);
            Assert.True(found.Count >= expected.Count - mostBlocks, $"a flip at {at} costs {expected.Count - found.Count} blocks");
            Assert.False(expected.Except(found).DistinctBy(line => line[0]).Skip(1).Any(), $"a flip at {at} costs more than one signal");
            Assert.Empty(found.Except(expected));
            Assert.InRange(report.Samples, blocks.OfType<SampleBlock>().Sum(block => (long)block.Samples.Length) - mostSamples, long.MaxValue);
            content[at] ^= mask;
        }
    }

    /// <summary>Of the zeros that fill a page only some.</summary>
    private static int NextToFlip(byte[] content, int at) => content.AsSpan(at, Math.Min(16, content.Length - at)).ContainsAnyExcept((byte)0) ? at + 1 : at + 15;

    private static async Task<(FaultyDisk Disk, List<Block> Blocks)> WriteAsync(bool seal)
    {
        var disk = new FaultyDisk(new Random(1));
        var blocks = new List<Block>();
        using var engine = new StoreEngine(disk, Options, new StepClock(), isReadOnly: false);
        _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
        _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
        var bed = new Bed(5);
        for (int i = 0; i < 8; i++)
        {
            engine.StageDescriptions();
            foreach (Block block in bed.Next())
            {
                blocks.Add(block);
                Assert.True(engine.Journal.Stage(block));
            }

            await engine.Journal.WriteAsync();
            if (i == 4)
            {
                Assert.True(engine.Journal.BeginSync(Bed.Start));
                await engine.Journal.SettleAsync();
            }
        }

        if (seal)
        {
            await engine.Journal.RollAsync();
            Assert.True(engine.SealNext(CancellationToken.None));
            disk.Delete(FileNames.SpareJournal);
        }
        else
        {
            await engine.Journal.CloseAsync();
        }

        return (disk, blocks);
    }

    private static List<string> Read(FaultyDisk disk, out StoreHealth health)
    {
        using var engine = new StoreEngine(disk, Options, new StepClock(), isReadOnly: true);
        LaneKey[] lanes = [new LaneKey(Lane.Data, 1), new LaneKey(Lane.Data, 2)];
        IEnumerable<Block> blocks = BlockReading.Read(disk, engine.Holdings, lanes, (Ever, Never), _ => { })
            .Concat(BlockReading.Read(disk, engine.Holdings, lanes: null, (Ever, Never), _ => { }));
        List<string> lines = Lines([.. blocks]);
        health = new StoreHealth { Damaged = engine.Health.Damaged };
        return lines;
    }

    /// <summary>Wave, then numeric, then marks, each in the order of time.</summary>
    private static List<string> Lines(List<Block> blocks) => Contents.Of(blocks.OrderBy(block => block.Signal == SignalNumber.None ? uint.MaxValue : block.Signal.Value).ThenBy(block => block.Start));
}
