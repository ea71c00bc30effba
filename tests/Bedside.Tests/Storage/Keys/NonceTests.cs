using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;
using static Bedside.Tests.Storage.OnFaultyDisk;

namespace Bedside.Tests.Storage.Keys;

/// <summary>
/// Lives of a store, from a seed: rolls, sealing, spare journals used again, stays begun and erased, failing disks, power cuts,
/// restarts. Whatever happens, no two plaintexts are encrypted under one key and nonce.
/// </summary>
public sealed class NonceTests
{
    private const int Seeds = 60;

    [Fact]
    public async Task NoNonceServesTwice()
    {
        int seen = 0;
        int again = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var days = new Days(seed);
            await days.LiveAsync();
            seen += days.Nonces.Count;
            again += days.Spares;
        }

        // The property is about something.
        Assert.True(seen > 20 * Seeds, $"{seen} nonces only");
        Assert.True(again > 10, $"{again} spare journals used again only");
    }

    [Fact]
    public void NoWrappedKeyHasTheNonceOfAnother()
    {
        var disk = new FaultyDisk(new Random(1));
        using var keys = StayKeys.Load(disk, TestKeys.Options() with { Randomness = RandomNumberGenerator.Fill }, _ => { });
        for (int i = 1; i <= 300; i++)
        {
            keys.Begin(new StayId((UInt128)i), Bed.Start.Add(i));
        }

        Assert.Equal(300, keys.Stays.Select(stay => Convert.ToHexString(stay.Wrapped.Span[..FileCipher.NonceBytes])).Distinct().Count());
    }

    private sealed class Days
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly FaultyDisk _disk;
        private readonly StepClock _clock = new();
        private readonly Bed _bed;
        private readonly StoreOptions _options;
        private ulong _stay = 100;

        public Days(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _disk = new FaultyDisk(_random);
            _bed = new Bed(seed);
            _options = TestKeys.Options(seed) with { Witness = See, SyncEvery = TimeSpan.FromMilliseconds(1) };
        }

        public Dictionary<(FileIdentity File, UInt128 Salt, ulong Place), byte[]> Nonces { get; } = [];

        public int Spares { get; private set; }

        public async Task LiveAsync()
        {
            for (int life = 0; life < 4; life++)
            {
                int now = _disk.Operations;
                _disk.CutAt = _random.Next(2) == 0 ? now + _random.Next(50, 400) : int.MaxValue;
                for (int faults = _random.Next(4); faults > 0; faults--)
                {
                    _ = _disk.FailAt.Add(now + _random.Next(400));
                }

                try
                {
                    await OneLifeAsync();
                }
                catch (IOException)
                {
                    // The store could not be opened, or the power went.
                }

                _disk.Restart((Loss)_random.Next(5));
            }
        }

        private async Task OneLifeAsync()
        {
            using var engine = new StoreEngine(_disk, _options, _clock, isReadOnly: false, SyncAtOnce);
            _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
            _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
            Attempt(engine.TidyUp);
            for (int step = 0; step < 80 && !_disk.IsCut; step++)
            {
                await StepAsync(engine);
            }

            await engine.Journal.CloseAsync();
            await engine.Journal.CloseAsync();
        }

        private async Task StepAsync(StoreEngine engine)
        {
            _clock.Advance(_random.Next(3));
            switch (_random.Next(12))
            {
                case 0:
                    Spares += _disk.FaultsPaused || _disk.IsCut || !Has(FileNames.SpareJournal) ? 0 : 1;
                    Attempt(engine.Prepare);
                    break;
                case 1:
                    Attempt(() => engine.SealNext(CancellationToken.None));
                    break;
                case 2:
                    await engine.Journal.RollAsync();
                    break;
                case 3 when _random.Next(4) == 0:
                    await AttemptAsync(() => engine.BeginStayAsync(new StayId(_stay++))); // the boundary holds, and the keys are written before anything under them is
                    break;
                case 4 when _random.Next(4) == 0 && !engine.Journal.HasUnsynced && engine.Keys.Stays is { Count: > 1 } stays:
                    Attempt(() => engine.Erase(stays[_random.Next(stays.Count - 1)].Id));
                    break;
                case 5 or 6:
                    if (engine.Journal.BeginSync(Bed.Start))
                    {
                        await engine.Journal.SettleAsync();
                    }

                    break;
                default:
                    engine.StageDescriptions();
                    foreach (Block block in _bed.Next())
                    {
                        Assert.True(engine.Journal.Stage(block));
                    }

                    await engine.Journal.WriteAsync();
                    break;
            }
        }

        private bool Has(string name)
        {
            _disk.FaultsPaused = true;
            bool has = _disk.Names().Contains(name);
            _disk.FaultsPaused = false;
            return has;
        }

        private void See(FileIdentity file, UInt128 salt, ulong place, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain)
        {
            byte[] what = SHA256.HashData([.. associated, 0, .. plain]);
            if (!Nonces.TryAdd((file, salt, place), what))
            {
                Assert.True(Nonces[(file, salt, place)].AsSpan().SequenceEqual(what), $"seed {_seed}: {file} encrypts two things at {place}");
            }
        }
    }
}
