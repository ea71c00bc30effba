using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Segments;

namespace Bedside.Tests.Storage;

/// <summary>The cells that a segment keeps for overviews, against brute force over hours with gaps.</summary>
public sealed class OverviewTests
{
    private const long Second = 1_000_000_000;
    private const int Hertz = 25;
    private const int Seconds = 4000;

    [Fact]
    public async Task AnOverviewEqualsBruteForce_WhereverItsColumnsCut_AlsoWhenItIsDamaged()
    {
        for (int seed = 0; seed < 1; seed++)
        {
            var random = new Random(seed);
            var disk = new FaultyDisk(random);
            var truth = new List<(long Time, uint Signal, double Value)>();
            using StoreEngine engine = await FillAsync(disk, random, truth);
            Assert.True(engine.Holdings.NewestSegmentsFirst().Sum(segment => segment.Lanes.Count(lane => lane.HasCells)) > 4);
            Compare(engine, random, truth, rounds: 16);
            foreach (SegmentFile segment in engine.Holdings.NewestSegmentsFirst())
            {
                foreach (SegmentLane lane in segment.Lanes.Where(lane => lane.HasCells))
                {
                    // Head and coarse cells of one lane, the fine ones of the other.
                    disk.Content(segment.Identity.Name)[lane.CellsAt + (lane.Key.Signal == Bed.Wave.Value ? 5 : LaneCells.HeadBytes + (lane.Blocks * 2))] ^= 0x10;
                }
            }

            Compare(engine, random, truth, rounds: 8);
        }
    }

    [Fact]
    public async Task ColumnsOnTheGridReadNoBlocks()
    {
        var disk = new FaultyDisk(new Random(9));
        var truth = new List<(long Time, uint Signal, double Value)>();
        using StoreEngine engine = await FillAsync(disk, new Random(9), truth);
        IReadOnlyList<SegmentFile> segments = engine.Holdings.NewestSegmentsFirst();
        var whole = new HashSet<SegmentFile>(segments.Where(segment => segment.Lane(new LaneKey(Lane.Data, Bed.Wave.Value)) is { HasCells: true }));
        Assert.NotEmpty(whole);
        var counting = new CountingDisk(disk);
        var envelopes = new Envelopes(counting, engine.Holdings, damage => Assert.Fail(damage.ToString()));
        long start = Bed.Start.UnixNanoseconds / (64 * Second) * 64 * Second;
        _ = envelopes.Raw(Bed.Wave, new ColumnGrid(new UtcInstant(start), (Int128)512 * 64 * Second, 512));
        int first = counting.Reads;
        Assert.InRange(first, 1, (2 * whole.Count) + ((segments.Count - whole.Count) * 400));
        _ = envelopes.Raw(Bed.Wave, new ColumnGrid(new UtcInstant(start), (Int128)512 * 64 * Second, 512));
        Assert.True(counting.Reads - first <= first - (2 * whole.Count), "what was read once is read again");
    }

    private static void Compare(StoreEngine engine, Random random, List<(long Time, uint Signal, double Value)> truth, int rounds)
    {
        var envelopes = new Envelopes(engine.Disk, engine.Holdings, _ => { });
        for (int round = 0; round < rounds; round++)
        {
            SignalNumber signal = random.Next(2) == 0 ? Bed.Wave : Bed.Rate;
            long from = Bed.Start.UnixNanoseconds + random.NextInt64(-100 * Second, Seconds * Second);
            long length = random.NextInt64(1, round % 2 == 0 ? 4L * Seconds * Second : 300 * Second);
            (from, length) = round % 5 == 0 ? (from / (64 * Second) * 64 * Second, ((length / (64 * Second)) + 1) * 64 * Second) : (from, length);
            int columns = round % 5 == 0 ? (int)Math.Min(length / (64 * Second), 500) : random.Next(1, 400);
            var grid = ColumnGrid.Between(new UtcInstant(from), new UtcInstant(from + length), columns);
            IReadOnlyList<EnvelopePoint> found = envelopes.Physical(signal, grid);
            List<EnvelopePoint> expected = BruteForce(truth, signal, grid);
            Assert.Equal(expected.Count, found.Count);
            for (int i = 0; i < found.Count; i++)
            {
                Assert.Equal(expected[i] with { Mean = 0 }, found[i] with { Mean = 0 });
                Assert.Equal(expected[i].Mean, found[i].Mean, 1e-9 * Math.Max(1, Math.Abs(expected[i].Mean)));
            }
        }
    }

    private static List<EnvelopePoint> BruteForce(List<(long Time, uint Signal, double Value)> truth, SignalNumber signal, ColumnGrid grid) =>
    [
        .. truth.Where(one => one.Signal == signal.Value && grid.Holds(new UtcInstant(one.Time)))
            .GroupBy(one => grid.ColumnOf(new UtcInstant(one.Time)))
            .OrderBy(column => column.Key)
            .Select(column => new EnvelopePoint(grid.StartOf(column.Key), column.Min(one => one.Value), column.Max(one => one.Value), column.Average(one => one.Value), column.Count())),
    ];

    /// <summary>Seconds of a wave and a numeric, with gaps, invalid stretches and, in a few, another scale.</summary>
    private static async Task<StoreEngine> FillAsync(FaultyDisk disk, Random random, List<(long Time, uint Signal, double Value)> truth)
    {
        var options = new StoreOptions { JournalBytes = 4 << 20, SegmentBytes = 4 << 20 };
        var engine = new StoreEngine(disk, options, new StepClock(), isReadOnly: false);
        for (int second = 0; second < Seconds; second++)
        {
            if (second % 1000 > 940 || random.Next(100) == 0)
            {
                continue;
            }

            foreach (Block block in Make(second, random))
            {
                Assert.True(engine.Journal.Stage(block));
            }

            await engine.Journal.WriteAsync();
            _ = engine.Journal.BeginSync(Bed.Start);
            await engine.Journal.SettleAsync();
        }

        await engine.Journal.RollAsync();
        while (engine.SealNext(CancellationToken.None))
        {
        }

        // Joining moves samples inside their uncertainty, so the truth is what is read.
        LaneKey[] lanes = [new LaneKey(Lane.Data, Bed.Wave.Value), new LaneKey(Lane.Data, Bed.Rate.Value)];
        truth.AddRange(BlockReading.Read(disk, engine.Holdings, lanes, (new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)), _ => { }).SelectMany(Usable));
        return engine;
    }

    private static IEnumerable<Block> Make(int second, Random random)
    {
        UtcInstant at = Bed.Start.Add((second * Second) + random.Next(-400_000, 400_000));
        yield return new SampleBlock
        {
            Signal = Bed.Wave,
            Start = at,
            Period = SamplePeriod.FromHertz(Hertz),
            UncertaintyMicroseconds = 1000,
            FirstIndex = (long)second * Hertz,
            Samples = Enumerable.Range(0, Hertz).Select(_ => random.Next(-2000, 2000)).ToArray(),
            Scale = second > Seconds * 9 / 10 && second % 1000 < 800 ? null : new Scale(-0.01, 3),
            Validity = second % 97 == 5 ? [new ValidityRun(3, 12, Validity.Invalid)] : [],
        };
        yield return new NumericBlock
        {
            Signal = Bed.Rate,
            Start = at,
            Readings = [new NumericReading(at, second % 50 == 7 ? null : new Fixed(random.Next(300, 420), -1), second % 50 == 7 ? Validity.NotAvailable : Validity.Valid, DeviceNanoseconds: null)],
        };
    }

    private static IEnumerable<(long Time, uint Signal, double Value)> Usable(Block block) => block switch
    {
        SampleBlock samples => Enumerable.Range(0, samples.Samples.Length)
            .Where(i => samples.Validity.All(run => i < run.Start || i >= run.Start + run.Length || run.Validity.IsUsable()))
            .Select(i => (samples.TimeOf(i).UnixNanoseconds, samples.Signal.Value, samples.Scale?.Physical(samples.Samples.Span[i]) ?? samples.Samples.Span[i])),
        NumericBlock numeric => numeric.Readings.Where(reading => reading.Value is not null).Select(reading => (reading.Time.UnixNanoseconds, block.Signal.Value, reading.Value!.Value.ToDouble())), // filtered
        _ => [],
    };

    private sealed class CountingDisk(IDisk disk) : IDisk
    {
        public int Reads { get; private set; }

        public IReadOnlyList<string> Names() => disk.Names();

        public IDiskFile Open(string name, DiskAccess access) => new CountingFile(this, disk.Open(name, access));

        public void Rename(string from, string to) => disk.Rename(from, to);

        public void Delete(string name) => disk.Delete(name);

        public void Sync() => disk.Sync();

        private sealed class CountingFile(CountingDisk owner, IDiskFile file) : IDiskFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> bytes)
            {
                owner.Reads++;
                return file.Read(offset, bytes);
            }

            public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

            public void Sync() => file.Sync();

            public void Dispose() => file.Dispose();
        }
    }
}
