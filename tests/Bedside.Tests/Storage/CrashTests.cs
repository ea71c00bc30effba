using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Tests.Storage.Keys;
using static Bedside.Tests.Storage.OnFaultyDisk;

namespace Bedside.Tests.Storage;

/// <summary>
/// Lives and deaths of a store on a disk that fails, from a seed: what a sync acknowledged is there afterwards, and after a
/// kill what was handed to the tail; nothing is there that was not appended, and nothing is there twice.
/// BEDSIDE_CRASH_SEEDS=from-to searches farther.
/// </summary>
public sealed class CrashTests
{
    private const int Seeds = 2000;

    [Fact]
    public Task WhateverHappensToTheDisk_AcknowledgedBlocksAreThereOnce_AndNothingElseIs() =>
        CrashSeeds.ForEachAsync("BEDSIDE_CRASH_SEEDS", Seeds, seed => new Lives(seed).RunAsync());

    private sealed class Lives
    {
        private static readonly UtcInstant Ever = new(long.MinValue);
        private static readonly UtcInstant Never = new(long.MaxValue);

        private readonly int _seed;
        private readonly Random _random;
        private readonly FaultyDisk _disk;

        /// <summary>Where the tail goes: memory that a power cut empties, or a disk of which it leaves anything; null = the store's own folder.</summary>
        private readonly FaultyDisk? _tail;
        private readonly bool _isTailMemory;
        private readonly StepClock _clock = new();
        private readonly Bed _bed;
        private readonly StoreOptions _options;
        private readonly HashSet<string> _appended = [];
        private readonly HashSet<string> _acknowledged = [];
        private readonly Dictionary<ulong, Block> _staged = [];

        /// <summary>What a kill may not cost.</summary>
        private readonly HashSet<string> _handed = [];
        private readonly HashSet<string> _inHand = [];
        private ulong _unprotected;

        public Lives(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _disk = new FaultyDisk(_random);
            _tail = _random.Next(3) > 0 ? new FaultyDisk(_random) { Neighbour = _disk } : null;
            _isTailMemory = _random.Next(2) == 0;
            _bed = new Bed(seed);
            int size = 4096 * _random.Next(5, 11);
            _options = new StoreOptions { JournalBytes = size, SegmentBytes = _random.Next(2) == 0 ? size : 1 << 20, SyncEvery = TimeSpan.FromMilliseconds(1), UnsyncedBytes = 1 << 20, TailBytes = 4096 * _random.Next(1, 12), BoxKey = seed % 2 == 0 ? null : TestKeys.Box, Randomness = TestKeys.Randomness(seed) };
        }

        public async Task RunAsync()
        {
            for (int life = _random.Next(2, 6); life > 0; life--)
            {
                PlanFaults();
                await LiveAsync();
                var loss = (Loss)_random.Next(5);
                _disk.Restart(loss);
                _tail?.Restart(loss != Loss.Nothing && _isTailMemory ? Loss.Everything : loss);
                if (loss != Loss.Nothing)
                {
                    _handed.Clear();
                }

                Check();
            }
        }

        private void PlanFaults()
        {
            int now = _disk.Operations;
            if (_random.Next(4) != 0)
            {
                _disk.CutAt = now + _random.Next(1, 250);
            }

            for (int faults = _random.Next(3) == 0 ? _random.Next(1, 5) : 0; faults > 0; faults--)
            {
                _ = _disk.FailAt.Add(now + _random.Next(0, 250));
            }

            if (_random.Next(8) == 0)
            {
                int from = now + _random.Next(0, 150);
                _disk.FailWhile = from..(from + _random.Next(1, 40));
            }

            if (_random.Next(8) == 0)
            {
                _disk.Capacity = _disk.Bytes + _random.Next(0, 200_000);
            }

            if (_tail is not null && _random.Next(4) == 0)
            {
                _ = _tail.FailAt.Add(_tail.Operations + _random.Next(0, 100));
            }

            // A life that may not even read what the last one left promises nothing of it.
            if (_disk.FailAt.Count > 0 || _disk.FailWhile is not null || _tail is { FailAt.Count: > 0 })
            {
                _handed.Clear();
            }
        }

        private async Task LiveAsync()
        {
            StoreEngine engine;
            try
            {
                engine = Open();
            }
            catch (IOException)
            {
                return;
            }

            _staged.Clear();
            _inHand.Clear();
            _unprotected = 0;
            _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
            _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
            Attempt(engine.TidyUp);
            for (int step = _random.Next(10, 120); step > 0 && !_disk.IsCut; step--)
            {
                await StepAsync(engine);
                Acknowledge(engine);
                Promise(engine);
            }

            if (!_disk.IsCut && _random.Next(2) == 0)
            {
                await engine.Journal.CloseAsync();
                Acknowledge(engine);
            }

            engine.Dispose();
        }

        private async Task StepAsync(StoreEngine engine)
        {
            _clock.Advance(_random.Next(3));
            switch (_random.Next(12))
            {
                case 0:
                    Attempt(engine.Prepare);
                    break;
                case 1:
                    Attempt(() => engine.SealNext(CancellationToken.None));
                    break;
                case 2:
                    await engine.Journal.RollAsync();
                    break;
                case 3 or 4:
                    if (engine.Journal.BeginSync(Bed.Start) && _random.Next(2) == 0)
                    {
                        await engine.Journal.SettleAsync();
                    }

                    break;
                case 5:
                    await engine.Journal.SettleAsync();
                    break;
                case 6 when !_disk.IsCut:
                    _disk.FaultsPaused = true;
                    _tail?.FaultsPaused = true;
                    Check(engine);
                    Check();
                    _tail?.FaultsPaused = false;
                    _disk.FaultsPaused = false;
                    break;
                default:
                    Stage(engine);
                    await engine.Journal.WriteAsync();
                    break;
            }
        }

        private void Stage(StoreEngine engine)
        {
            engine.StageDescriptions();
            for (int turns = _random.Next(1, 6); turns > 0; turns--)
            {
                foreach (Block block in _bed.Next())
                {
                    Assert.True(engine.Journal.Stage(block));
                    _staged[engine.Journal.LastStaged] = block;
                    _appended.UnionWith(Contents.Of(block));
                    _inHand.UnionWith(Contents.Of(block));
                }
            }
        }

        private void Acknowledge(StoreEngine engine)
        {
            foreach (ulong number in _staged.Keys.Where(number => number <= engine.Journal.LastDurable).ToArray())
            {
                _acknowledged.UnionWith(Contents.Of(_staged[number]));
                _ = _staged.Remove(number);
            }
        }

        /// <summary>After a whole step a kill costs nothing of it, unless the tail failed and no sync made good for that yet.</summary>
        private void Promise(StoreEngine engine)
        {
            _unprotected = engine.TailHolds ? _unprotected : engine.Journal.LastStaged;
            if (!_disk.IsCut && engine.Journal.LastDurable >= _unprotected)
            {
                _handed.UnionWith(_inHand);
                _inHand.Clear();
            }
            else if (!_disk.IsCut)
            {
                _handed.ExceptWith(_staged.Values.SelectMany(Contents.Of));
            }
        }

        private void Check()
        {
            using StoreEngine engine = new(_disk, _options, _clock, isReadOnly: true, sync: null, _tail);
            Check(engine);
        }

        private void Check(StoreEngine engine)
        {
            string at = $"seed {_seed}, operation {_disk.Operations}";
            List<string> found = Contents.Of(Everything(engine).Where(block => block is not GapBlock));
            Assert.True(found.Count == new HashSet<string>(found).Count, $"{at}: something is there twice: {found.GroupBy(one => one).FirstOrDefault(same => same.Skip(1).Any())?.Key}");
            Assert.True(found.TrueForAll(_appended.Contains), $"{at}: something was invented");

            // A file that could not be read when this engine was opened is read again by the next one.
            string? lost = engine.Health.Damaged > 0 && _disk.FaultsPaused ? null : _acknowledged.Except(found).FirstOrDefault();
            Assert.True(lost is null, $"{at}: acknowledged and lost: {lost?[..40]}; {engine.Health.LastError}");
            string? dropped = engine.Health.Damaged > 0 && _disk.FaultsPaused ? null : _handed.Except(found).FirstOrDefault();
            Assert.True(dropped is null, $"{at}: handed to the tail and lost: {dropped?[..40]}; {engine.Health.LastError}");
            Assert.True(_acknowledged.Count == 0 || engine.Health.Damaged > 0 || engine.Signals.Signals.Length == 2, $"{at}: the signals are lost");
        }

        private List<Block> Everything(StoreEngine engine)
        {
            IReadOnlyList<LaneKey> lanes = [new LaneKey(Lane.Data, Bed.Wave.Value), new LaneKey(Lane.Data, Bed.Rate.Value)];
            return
            [
                .. BlockReading.Read(engine.Disk, engine.Holdings, lanes, (Ever, Never), _ => { }),
                .. BlockReading.Read(engine.Disk, engine.Holdings, lanes: null, (Ever, Never), _ => { }),
            ];
        }

        private StoreEngine Open() => new(_disk, _options, _clock, isReadOnly: false, file =>
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
        },
        _tail);
    }
}
