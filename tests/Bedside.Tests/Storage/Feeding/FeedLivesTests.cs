using Bedside.Extract.Hl7;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Feeding;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Tests.Storage.Keys;
using static Bedside.Tests.Storage.OnFaultyDisk;

namespace Bedside.Tests.Storage.Feeding;

/// <summary>
/// Lives and deaths of a feed on a disk that fails, from a seed: a destination that knows a part by its key ends with everything that is in the store once, in the order of appending in each signal, and a part that comes
/// again is the same to the byte. BEDSIDE_FEED_SEEDS=from-to searches farther.
/// </summary>
public sealed class FeedLivesTests
{
    private const int Seeds = 150;

    [Fact]
    public Task Whatever_happens_to_box_and_disk_the_destination_ends_with_everything_once_in_order() =>
        CrashSeeds.ForEachAsync("BEDSIDE_FEED_SEEDS", Seeds, seed => new Lives(seed).RunAsync());

    private sealed class Lives
    {
        private static readonly UtcInstant Ever = new(long.MinValue);
        private static readonly UtcInstant Never = new(long.MaxValue);

        private readonly int _seed;
        private readonly Random _random;
        private readonly FaultyDisk _disk;
        private readonly StepClock _clock = new();
        private readonly FeedBed _bed;
        private readonly StoreOptions _options;
        private readonly FeedOptions _feedOptions;
        private readonly Pcd01Writer _writer = new(new Pcd01Settings("box", "5"));
        private readonly Dictionary<string, int> _appended = [];
        private readonly Dictionary<string, byte[]> _known = [];
        private readonly List<string> _received = [];
        private readonly HashSet<string> _before = [];
        private bool _hasBegun;
        private bool _isExcused;

        public Lives(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _disk = new FaultyDisk(_random);
            _bed = new FeedBed(seed);
            int size = 4096 * _random.Next(5, 11);
            _options = new StoreOptions { JournalBytes = size, SegmentBytes = _random.Next(2) == 0 ? size : 1 << 20, SyncEvery = TimeSpan.FromMilliseconds(1), UnsyncedBytes = 1 << 20, TailBytes = 4096 * _random.Next(1, 12), BoxKey = seed % 2 == 0 ? null : TestKeys.Box, Randomness = TestKeys.Randomness(seed) };
            _feedOptions = new FeedOptions { Destination = "d:1", ApprovedBy = "A Person", Waves = _random.Next(3) > 0, Every = TimeSpan.FromSeconds(_random.Next(1, 8)), MostValues = _random.Next(3, 60), MostSamples = _random.Next(20, 400) };
        }

        public async Task RunAsync()
        {
            for (int life = _random.Next(2, 7); life > 0; life--)
            {
                int now = _disk.Operations;
                _disk.CutAt = _random.Next(3) > 0 ? now + _random.Next(20, 500) : int.MaxValue;
                for (int faults = _random.Next(4) == 0 ? _random.Next(1, 4) : 0; faults > 0 && _hasBegun; faults--)
                {
                    _ = _disk.FailAt.Add(now + _random.Next(0, 300));
                }

                await LiveAsync(isLast: false);
                _disk.Restart(_random.Next(2) == 0 ? Loss.Nothing : (Loss)_random.Next(5));
            }

            await LiveAsync(isLast: true);
            Check();
        }

        private async Task LiveAsync(bool isLast)
        {
            StoreFeed? feed = null;
            StoreEngine? engine = null;
            try
            {
                engine = new StoreEngine(_disk, _options, _clock, isReadOnly: false, SyncAtOnce);
                FeedBed.Register(engine);

                // A file that cannot be read when a store is opened is passed by until the next start.
                _isExcused |= engine.Health.Damaged > 0;
                Attempt(engine.TidyUp);
                for (int step = isLast ? 3 : _random.Next(10, 120); step > 0 && !_disk.IsCut; step--)
                {
                    _clock.Advance(_random.Next(3));
                    await StepAsync(engine);
                    feed ??= Begin(engine);
                    await FeedAsync(engine, feed, mayDie: !isLast);
                }

                if (isLast)
                {
                    await engine.Journal.CloseAsync();
                    while (feed!.Next(_bed.Now.Add(10_000_000_000_000)) is { } part)
                    {
                        Receive(engine, part);
                        feed.Settle(FeedOutcome.Accepted);
                    }
                }
            }
            catch (IOException) when (!isLast)
            {
                // The program ends, and begins anew.
            }
            finally
            {
                feed?.Dispose();
                engine?.Dispose();
            }
        }

        private StoreFeed Begin(StoreEngine engine)
        {
            // What is durable when it begins is not told; what becomes durable later is.
            if (!_hasBegun)
            {
                _before.Clear();
                _before.UnionWith(Stored(engine, onlyDurable: true));
            }

            var feed = new StoreFeed(engine, _feedOptions);
            Assert.True(!_hasBegun || feed.Beginning == FeedBeginning.Continued, $"seed {_seed}: it forgot how far it came");
            _hasBegun = true;
            return feed;
        }

        private async Task StepAsync(StoreEngine engine)
        {
            switch (_random.Next(9))
            {
                case 0:
                    Attempt(engine.Prepare);
                    break;
                case 1 or 2:
                    Attempt(() => engine.SealNext(CancellationToken.None));
                    break;
                case 3 when _random.Next(3) == 0:
                    await engine.Journal.RollAsync();
                    break;
                case 4 or 5:
                    _ = engine.Journal.BeginSync(Bed.Start);
                    await engine.Journal.SettleAsync();
                    break;
                default:
                    engine.StageDescriptions();
                    foreach (Block block in _bed.Next())
                    {
                        Assert.True(engine.Journal.Stage(block));
                        foreach (string item in FeedBed.Items(block))
                        {
                            _appended[item] = _appended.Count;
                        }
                    }

                    await engine.Journal.WriteAsync();
                    break;
            }
        }

        private async Task FeedAsync(StoreEngine engine, StoreFeed feed, bool mayDie)
        {
            UtcInstant now = _bed.Now;
            if (_random.Next(3) > 0)
            {
                return;
            }

            while (feed.Next(now) is { } part)
            {
                Receive(engine, part);
                if (mayDie && _random.Next(10) == 0)
                {
                    throw new IOException("the program dies with the answer on its way");
                }

                if (_random.Next(4) == 0)
                {
                    // No answer: time passes, and the same part is due.
                    await StepAsync(engine);
                    Assert.Same(part, feed.Next(now));
                    continue;
                }

                feed.Settle(FeedOutcome.Accepted);
                if (_random.Next(6) == 0)
                {
                    feed.Save();
                }
            }
        }

        private void Receive(StoreEngine engine, FeedPart part)
        {
            byte[] message = _writer.Write(part, engine.Signals.Signals) ?? [];
            if (_known.TryGetValue(part.Key, out byte[]? before))
            {
                Assert.True(_isExcused || before.AsSpan().SequenceEqual(message), $"seed {_seed}: the same part has other bytes");
                return;
            }

            _known.Add(part.Key, message);
            Assert.True(part.Values <= _feedOptions.MostValues && part.Samples <= _feedOptions.MostSamples, $"seed {_seed}: a part is longer than it may be");
            _received.AddRange(part.Blocks.SelectMany(FeedBed.Items));
        }

        private void Check()
        {
            using StoreEngine engine = new(_disk, _options, _clock, isReadOnly: true);
            string at = $"seed {_seed}";
            if (_isExcused)
            {
                return;
            }

            Assert.True(_received.Count == _received.Distinct().Count(), $"{at}: told twice: {_received.GroupBy(item => item).FirstOrDefault(same => same.Skip(1).Any())?.Key}");
            string? missing = Stored(engine, onlyDurable: false).Except(_received).Except(_before).FirstOrDefault();
            Assert.True(missing is null, $"{at}: never told: {missing}");
            Assert.True(_received.TrueForAll(_appended.ContainsKey), $"{at}: invented");
            Assert.DoesNotContain(_received, _before.Contains);
            foreach (IGrouping<char, string> signal in _received.GroupBy(item => item[0]))
            {
                int[] order = [.. signal.Select(item => _appended[item])];
                Assert.True(order.SequenceEqual(order.Order()), $"{at}: signal {signal.Key} is not in the order of appending");
            }
        }

        private static List<Block> BlocksOf(StoreEngine engine, LaneSource source)
        {
            using var cursor = new LaneCursor(engine.Disk, source, Ever, Never, _ => { });
            return [.. cursor.Open().ToArray().Select(cursor.Load).OfType<Block>()];
        }

        private HashSet<string> Stored(StoreEngine engine, bool onlyDurable)
        {
            LaneKey[] lanes = [.. Enumerable.Range(_feedOptions.Waves ? 1 : 2, _feedOptions.Waves ? 4 : 3).Select(signal => new LaneKey(Lane.Data, (uint)signal))];
            if (onlyDurable)
            {
                using ReadView view = engine.Holdings.ViewOfAppended(0, ulong.MaxValue);
                return [.. view.Sources.Where(source => lanes.Contains(source.Key)).SelectMany(source => BlocksOf(engine, source)).SelectMany(FeedBed.Items)];
            }

            return [.. BlockReading.Read(engine.Disk, engine.Holdings, lanes, (Ever, Never), _ => { }).SelectMany(FeedBed.Items)];
        }
    }
}
