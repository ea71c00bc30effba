using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Retention;
using static Bedside.Tests.Storage.OnFaultyDisk;

namespace Bedside.Tests.Storage.Retention;

/// <summary>A disk that fills up, by the store itself and by others (fault matrix row 10): capture goes on, nothing that was synced goes but by the rules.</summary>
public sealed class FullDiskTests
{
    private const int JournalBytes = 128 << 10;
    private const int Mebibyte = 1 << 20;
    private const int SamplesOfBlock = 1000;

    private static readonly SignalNumber Wave = new(1);

    [Fact]
    public Task OnADiskInMemory()
    {
        var disk = new FaultyDisk(new Random(1)) { Capacity = 6 * Mebibyte };
        return FillAsync(disk, disk, bytes => disk.Replace("other", new byte[bytes]));
    }

    [TmpfsFact]
    public async Task OnARealFileSystemOf64MiB()
    {
        using var tmpfs = new Tmpfs(64);
        string folder = Path.Combine(tmpfs.Path, "store");
        Directory.CreateDirectory(folder);
        string other = Path.Combine(tmpfs.Path, "other");
        await File.WriteAllBytesAsync(Path.Combine(tmpfs.Path, "system"), new byte[56 * Mebibyte]);
        var disk = new PosixDisk(folder);
        await FillAsync(disk, disk, bytes => File.WriteAllBytes(other, new byte[bytes]));
    }

    private static async Task FillAsync(IDisk disk, IDiskRoom room, Action<long> takeByOthers)
    {
        var clock = new WallClock();
        var options = new StoreOptions
        {
            JournalBytes = JournalBytes,
            SegmentBytes = JournalBytes,
            SyncEvery = TimeSpan.FromMilliseconds(1),
            Retention = new RetentionOptions { Floor = TimeSpan.Zero, ReserveBytes = RetentionOptions.ReserveOfBox },
        };
        using var engine = new StoreEngine(disk, options, clock, isReadOnly: false);
        Assert.Equal(Wave, engine.Signals.Register("d", Bed.WaveMetric, Bed.Start).Signal.Number);
        var keeper = new Keeper(engine, room, options, clock, () => null);
        var feed = new Feed(engine, clock);

        // Twice what fits: the oldest waves go, nothing fails, and each hole is told.
        while (feed.Bytes < 10 * Mebibyte)
        {
            await feed.AppendAsync(20);
            while (keeper.Step(CancellationToken.None))
            {
                Assert.True(keeper.Health.Dropped > 0);
            }
        }

        Assert.Equal(0, engine.Health.Errors);
        Assert.True(keeper.Health.Dropped > 5);
        Assert.True(keeper.Health.ReserveBytes > 0);
        Assert.NotEqual(DiskLevel.Full, keeper.Health.Level);
        feed.Check(disk);

        // Others take what is left, and nothing may go: the reserve keeps capture going, and health says so.
        new HoldList([new Hold("all", From: null, To: null, "an inquiry", Bed.Start)], ClockConfirmed: null).Write(disk);
        long free = room.Measure().Free;
        takeByOthers(free);
        for (int i = 0; i < 6; i++)
        {
            await feed.AppendAsync(5);
            Attempt(() => keeper.Step(CancellationToken.None));
        }

        Assert.DoesNotContain(FileNames.Reserve, disk.Names());
        Assert.NotEqual(DiskLevel.Fine, keeper.Health.Level);
        feed.Check(disk);

        // The hold goes, and so does what is old: capture goes on.
        HoldList.Empty.Write(disk);
        for (int i = 0; i < 40; i++)
        {
            await feed.AppendAsync(20);
            Attempt(() => keeper.Step(CancellationToken.None));
        }

        Assert.True(keeper.Health.UsedBytes <= keeper.Health.BudgetBytes + (3 * JournalBytes));
        await feed.AppendAsync(1);
        Assert.False(engine.Journal.IsFailing);
        feed.Check(disk);

        // Room again: the reserve is back, and all is well.
        takeByOthers(0);
        for (int i = 0; i < 10; i++)
        {
            await feed.AppendAsync(1);
            _ = keeper.Step(CancellationToken.None);
        }

        Assert.Contains(FileNames.Reserve, disk.Names());
        Assert.NotEqual(DiskLevel.Full, keeper.Health.Level);
        Assert.True(engine.Health.Writing);
        feed.Check(disk);
        Assert.Empty(Verification.Run(disk, CancellationToken.None).Damaged);
    }

    /// <summary>Noise, which takes its full size on the disk.</summary>
    private sealed class Feed(StoreEngine engine, WallClock clock)
    {
        private readonly Random _random = new(9);
        private readonly List<(UtcInstant Start, UtcInstant End, long Index)> _durable = [];
        private readonly Queue<(ulong Number, SampleBlock Block)> _staged = [];
        private long _count;

        public long Bytes { get; private set; }

        public async Task AppendAsync(int blocks)
        {
            for (int i = 0; i < blocks; i++)
            {
                engine.StageDescriptions();
                Assert.True(engine.Journal.Stage(Next()));
                _staged.Enqueue((engine.Journal.LastStaged, _last!));
            }

            clock.Advance(TimeSpan.FromSeconds(2 * blocks));
            await engine.Journal.WriteAsync();
            if (engine.Journal.BeginSync(engine.Now))
            {
                await engine.Journal.SettleAsync();
            }

            while (_staged.TryPeek(out (ulong Number, SampleBlock Block) first) && first.Number <= engine.Journal.LastDurable)
            {
                _ = _staged.Dequeue();
                _durable.Add((first.Block.Start, first.Block.End, first.Block.FirstIndex));
            }

            Attempt(() =>
            {
                while (engine.SealNext(CancellationToken.None))
                {
                    engine.Prepare();
                }
            });
        }

        /// <summary>All that was acknowledged is there, or lies in a gap of retention.</summary>
        public void Check(IDisk disk)
        {
            var there = new HashSet<long>();
            var gaps = new List<GapBlock>();
            LaneKey[] lanes = [new LaneKey(Lane.Data, Wave.Value), new LaneKey(Lane.Marks, Wave.Value)];
            foreach (Block block in BlockReading.Read(disk, engine.Holdings, lanes, (new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)), damage => Assert.Fail(damage.What)))
            {
                if (block is SampleBlock samples)
                {
                    for (int at = 0; at < samples.Samples.Length; at += SamplesOfBlock)
                    {
                        Assert.True(there.Add(samples.FirstIndex + at), "something is there twice");
                    }
                }
                else if (block is GapBlock gap)
                {
                    gaps.Add(gap);
                }
            }

            Assert.All(_durable.Where(one => !there.Contains(one.Index)), one => Assert.Contains(gaps, gap => gap.Cause == GapCause.Retention && gap.Start <= one.Start && gap.Until >= one.End));
            Assert.Contains(_durable[^1].Index, there);
        }

        private SampleBlock? _last;

        private SampleBlock Next()
        {
            int[] samples = new int[SamplesOfBlock];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = _random.Next(short.MinValue, short.MaxValue);
            }

            long index = _count++ * SamplesOfBlock;
            Bytes += SamplesOfBlock * sizeof(short);
            _last = new SampleBlock
            {
                Signal = Wave,
                Start = Bed.Start.Add(SamplePeriod.FromHertz(500).NanosecondsOf(index)),
                ClockEpoch = 1,
                Period = SamplePeriod.FromHertz(500),
                Samples = samples,
                Scale = new Scale(1, 0),
                FirstIndex = index,
            };
            return _last;
        }
    }
}
