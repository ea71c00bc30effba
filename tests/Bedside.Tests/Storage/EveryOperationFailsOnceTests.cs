using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Retention;
using static Bedside.Tests.Storage.OnFaultyDisk;

namespace Bedside.Tests.Storage;

/// <summary>
/// A scripted day of a store (open, describe, append, sync, roll, prepare, seal, drop waves, drop segments, read, close,
/// twice over) in which the n-th operation of the disk, or of the tail's, fails once, for every n there is.
/// </summary>
public sealed class EveryOperationFailsOnceTests
{
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    [Fact]
    public async Task TheDayEndsWell_WhateverFailsOnce()
    {
        Day calm = await new Day(failAt: -1, inTail: false).LiveAsync();
        Assert.Superset(
            new HashSet<string>(["Names", "Open", "Read", "TryWrite", "SyncFile", "Sync", "Rename", "Delete", "Measure"]),
            new HashSet<string>(calm.Disk.Asked.Keys));
        Assert.True(calm.Dropped > 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, calm.Disk.Operations), async (n, _) => await new Day(n, inTail: false).LiveAsync());
        await Parallel.ForEachAsync(Enumerable.Range(0, calm.Tail.Operations), async (n, _) => await new Day(n, inTail: true).LiveAsync());
    }

    private sealed class Day
    {
        private const int Turns = 24;
        private const int JournalBytes = 20 << 10;
        private const long ToleranceNanoseconds = 1_000_000;

        private readonly string _what;
        private readonly StepClock _clock = new();
        private readonly Bed _bed = new(11);
        private readonly StoreOptions _options = new()
        {
            JournalBytes = JournalBytes,
            SegmentBytes = JournalBytes,
            SyncEvery = TimeSpan.FromMilliseconds(1),
            TailBytes = 16 << 10,
            Retention = new RetentionOptions { BudgetBytes = (3 * JournalBytes) + 1_000, Floor = TimeSpan.Zero, ReserveBytes = 8192 },
        };

        private readonly HashSet<string> _appended = [];
        private readonly List<Block> _acknowledged = [];
        private readonly Queue<(ulong Number, Block Block)> _staged = [];

        public Day(int failAt, bool inTail)
        {
            _what = $"operation {failAt} of the {(inTail ? "tail" : "disk")}";
            _ = (inTail ? Tail : Disk).FailAt.Add(failAt);
        }

        public FaultyDisk Disk { get; } = new(new Random(1));

        public FaultyDisk Tail { get; } = new(new Random(2));

        public long Dropped { get; private set; }

        public async Task<Day> LiveAsync()
        {
            for (int life = 0; life < 2; life++)
            {
                using StoreEngine engine = Open();
                var keeper = new Keeper(engine, Disk, _options, _clock, () => null);
                _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
                _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
                Attempt(engine.TidyUp);
                for (int turn = 0; turn < Turns; turn++)
                {
                    await LiveTurnAsync(engine, turn);
                    Attempt(() => keeper.Step(CancellationToken.None));
                }

                _ = Read(engine, _ => { });
                for (int attempt = 0; attempt < 3; attempt++)
                {
                    _clock.Advance(2);
                    await engine.Journal.CloseAsync();
                }

                Acknowledge(engine);
                Assert.False(engine.Journal.HasUnsynced, $"{_what}: the last blocks did not come to the disk");
                Dropped += keeper.Health.Dropped;
            }

            Disk.FailAt.Clear();
            Tail.FailAt.Clear();
            Check();
            return this;
        }

        private async Task LiveTurnAsync(StoreEngine engine, int turn)
        {
            _clock.Advance(2);
            engine.StageDescriptions();
            foreach (Block block in _bed.Next())
            {
                Assert.True(engine.Journal.Stage(block));
                _staged.Enqueue((engine.Journal.LastStaged, block));
                _appended.UnionWith(Contents.Of(block));
            }

            await engine.Journal.WriteAsync();
            if (turn % 4 == 3 && engine.Journal.BeginSync(engine.Now))
            {
                await engine.Journal.SettleAsync();
            }

            if (turn % 10 == 9)
            {
                await engine.Journal.RollAsync();
            }

            Acknowledge(engine);
            Attempt(engine.Prepare);
            Attempt(() => engine.SealNext(CancellationToken.None));
        }

        private void Acknowledge(StoreEngine engine)
        {
            while (_staged.TryPeek(out (ulong Number, Block Block) first) && first.Number <= engine.Journal.LastDurable)
            {
                _acknowledged.Add(_staged.Dequeue().Block);
            }
        }

        private void Check()
        {
            using var engine = new StoreEngine(Disk, _options, _clock, isReadOnly: true, sync: null, Tail);
            List<Block> all = Read(engine, damage => Assert.Fail($"{_what}: {damage.What}"));
            List<string> found = Contents.Of(all.Where(block => block is not GapBlock));
            var lines = new HashSet<string>(found);
            Assert.True(lines.Count == found.Count, $"{_what}: something is there twice");
            Assert.True(lines.IsSubsetOf(_appended), $"{_what}: something was invented");
            GapBlock[] gaps = [.. all.OfType<GapBlock>(), .. RetentionLedger.ReadOrEmpty(Disk).Gone.Select(range => range.ToGap())];
            Block? lost = _acknowledged.FirstOrDefault(block => !Contents.Of(block).All(lines.Contains) && !Array.Exists(gaps, gap => Explains(gap, block)));
            Assert.True(lost is null, $"{_what}: acknowledged, not there and not explained: {lost}");
            Assert.True(Verification.Run(Disk, CancellationToken.None).Damaged.Count == 0, $"{_what}: something is damaged");
        }

        private static bool Explains(GapBlock gap, Block block) =>
            gap.Cause == GapCause.Retention
            && (gap.Signal == SignalNumber.None || gap.Signal == block.Signal)
            && gap.Start <= block.Start.Add(ToleranceNanoseconds)
            && gap.Until >= block.End.Add(-ToleranceNanoseconds);

        private List<Block> Read(StoreEngine engine, Action<Damage> onDamage) =>
        [
            .. BlockReading.Read(Disk, engine.Holdings, [new LaneKey(Lane.Data, Bed.Wave.Value), new LaneKey(Lane.Data, Bed.Rate.Value)], (Ever, Never), onDamage),
            .. BlockReading.Read(Disk, engine.Holdings, lanes: null, (Ever, Never), onDamage),
        ];

        /// <summary>A box starts again until it does.</summary>
        private StoreEngine Open()
        {
            try
            {
                return OpenOnce();
            }
            catch (IOException)
            {
                return OpenOnce();
            }
        }

        private StoreEngine OpenOnce() => new(Disk, _options, _clock, isReadOnly: false, SyncAtOnce, Tail);
    }
}
