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
    private const int Seconds = 5000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task AnOverviewEqualsBruteForce_WhereverItsColumnsCut_AlsoWhenItIsDamaged(int seed)
    {
        var random = new Random(seed);
        var disk = new FaultyDisk(random);
        var truth = new List<One>();
        using StoreEngine engine = await FillAsync(disk, random, truth);
        Assert.True(engine.Holdings.NewestSegmentsFirst().Sum(segment => segment.Lanes.Count(lane => lane.HasCells)) > 4);
        Compare(engine, random, truth, rounds: 24);
        foreach (SegmentFile segment in engine.Holdings.NewestSegmentsFirst())
        {
            foreach (SegmentLane lane in segment.Lanes.Where(lane => lane.HasCells))
            {
                // The middle cells of one lane, a chunk of fine ones of the other.
                disk.Content(segment.Identity.Name)[lane.CellsAt + (lane.Key.Signal == Bed.Wave.Value ? 5 : lane.MiddleBytes + 7)] ^= 0x10;
            }
        }

        Compare(engine, random, truth, rounds: 12);
    }

    [Fact]
    public async Task ColumnsOnTheGridReadNoBlocks_AndWideOnesReadNothing()
    {
        var disk = new FaultyDisk(new Random(9));
        using StoreEngine engine = await FillAsync(disk, new Random(9), []);
        IReadOnlyList<SegmentFile> segments = [.. engine.Holdings.NewestSegmentsFirst().Where(segment => segment.Lane(Data(Bed.Rate)) is { HasCells: true })];
        Assert.True(segments.Count > 2);
        var counting = new CountingDisk(disk);
        var envelopes = new Envelopes(counting, engine.Holdings, damage => Assert.Fail(damage.ToString()));
        (UtcInstant from, UtcInstant to) = (Bed.Start, Bed.Start.Add(Seconds * Second));

        _ = envelopes.Physical(Bed.Rate, ColumnGrid.OnCells(from, to, 3, LaneCells.ReadingNanoseconds));
        Assert.Equal(0, counting.Reads);

        var middle = ColumnGrid.OnCells(from, to, 30, LaneCells.ReadingNanoseconds);
        _ = envelopes.Physical(Bed.Rate, middle);
        Assert.InRange(counting.Reads, 1, segments.Count);
        int first = counting.Reads;
        _ = envelopes.Physical(Bed.Rate, middle);
        Assert.Equal(first, counting.Reads);

        // One read for the middle cells, which is kept, and one for each chunk.
        _ = envelopes.Physical(Bed.Rate, ColumnGrid.OnCells(from, to, 200, LaneCells.ReadingNanoseconds));
        Assert.InRange(counting.Reads - first, 1, segments.Sum(segment => CellsOf(segment.Lane(Data(Bed.Rate))!.Wide).Count));
    }

    [Fact]
    public void AGridHoldsTheRange_OnWholeCells_InNoMoreColumnsThanAsked()
    {
        var random = new Random(5);
        for (int round = 0; round < 5_000; round++)
        {
            long from = random.NextInt64(-1_000_000, 2_000_000_000) * Second / random.Next(1, 9);
            long to = from + 1 + random.NextInt64(1L << random.Next(20, 56));
            int most = random.Next(1, 2000);
            long finest = round % 2 == 0 ? LaneCells.SampleNanoseconds : LaneCells.ReadingNanoseconds;
            var grid = ColumnGrid.OnCells(new UtcInstant(from), new UtcInstant(to), most, finest);
            Assert.InRange(grid.Columns, 1, most);
            Assert.True(grid.From.UnixNanoseconds <= from && grid.To.UnixNanoseconds >= to);
            Assert.Equal(0, grid.Span % grid.Columns);
            Assert.True((long)(grid.Span / grid.Columns) % finest == 0 && grid.From.UnixNanoseconds % finest == 0);
            Assert.True(most < 10 || to - from < most * finest || grid.Columns > most / 2 - 2, $"{grid.Columns} of {most} columns");
        }
    }

    [Fact]
    public void NearlyEqualColumnsHoldTheRangeExactly_AndMeetAtCellsWithinAQuarterOfAColumn()
    {
        var random = new Random(6);
        int moved = 0;
        for (int round = 0; round < 2_000; round++)
        {
            long from = random.NextInt64(-1_000_000, 2_000_000_000) * Second / random.Next(1, 9);
            int columns = random.Next(1, 300);
            long to = from + columns + random.NextInt64(1L << random.Next(20, 56));
            long finest = round % 2 == 0 ? LaneCells.SampleNanoseconds : LaneCells.ReadingNanoseconds;
            var equal = ColumnGrid.Between(new UtcInstant(from), new UtcInstant(to), columns);
            var near = ColumnGrid.NearlyEqual(new UtcInstant(from), new UtcInstant(to), columns, finest);
            Assert.Equal((from, to, columns), (near.StartOf(0).UnixNanoseconds, near.To.UnixNanoseconds, near.Columns));
            for (int i = 1; i < columns; i++)
            {
                UtcInstant edge = near.StartOf(i);
                Assert.True(edge > near.StartOf(i - 1) && edge < near.StartOf(i + 1), $"column {i} of {near}");
                Assert.True(Int128.Abs(edge.UnixNanoseconds - (Int128)equal.StartOf(i).UnixNanoseconds) * 4 <= (equal.Span / columns) + 4, $"column {i} of {near}");
                Assert.Equal((i, i - 1), (near.ColumnOf(edge), near.ColumnOf(edge.Add(-1))));
                moved += edge == equal.StartOf(i) ? 0 : 1;
                Assert.True((to - from) / columns < 2 * finest || edge.UnixNanoseconds % finest == 0);
            }
        }

        Assert.True(moved > 10_000, $"{moved} edges were moved");
    }

    [Fact]
    public void CellsComeBackAsTheyWere()
    {
        var random = new Random(8);
        for (int round = 0; round < 500; round++)
        {
            var cells = new List<Cell>();
            long index = random.NextInt64(-1000, 1000);
            for (int i = random.Next(1, 400); i > 0; i--)
            {
                index += random.Next(5) == 0 ? random.Next(1, 100) : 1;
                long min = random.Next(3) == 0 ? 7 : random.NextInt64(-1L << random.Next(1, 40), 1L << random.Next(1, 40));
                long max = min + (random.Next(3) == 0 ? 0 : random.NextInt64(1L << random.Next(1, 30)));
                long first = random.NextInt64(min, max + 1);
                long last = random.Next(3) == 0 ? first : random.NextInt64(min, max + 1);
                uint count = (uint)(random.Next(2) == 0 ? 2000 : random.Next(1, 3000));
                cells.Add(new Cell(index, count, min, max, min == max ? min * count : (min * count) + random.NextInt64((max - min) * count), first, last));
            }

            var overview = LaneCells.Encode(RawUnit.Counts, round % 2 == 0 ? LaneCells.FineSamples : LaneCells.FineReadings, [.. cells]);
            List<Cell> wide = CellsOf(overview.Wide);
            int[] chunks = new int[wide.Count];
            var middle = new List<Cell>();
            Assert.True(LaneCells.TryDecodeMiddle(overview.Middle, chunks, middle));
            var fine = new List<Cell>();
            var found = new List<Cell>();
            int at = 0;
            foreach (int length in chunks)
            {
                Assert.True(LaneCells.TryDecodeChunk(overview.Chunks.AsSpan(at, length), fine));
                found.AddRange(fine);
                at += length;
            }

            Assert.Equal(overview.Chunks.Length, at);
            Assert.Equal(cells, found);
            Assert.Equal(cells.Sum(cell => cell.Count), middle.Sum(cell => cell.Count));
            Assert.Equal((cells.Sum(cell => cell.Sum), cells.Min(cell => cell.Min), cells.Max(cell => cell.Max)), (wide.Sum(cell => cell.Sum), wide.Min(cell => cell.Min), wide.Max(cell => cell.Max)));
            Assert.Equal((cells[0].First, cells[^1].Last), (wide[0].First, wide[^1].Last));
        }
    }

    [Fact]
    public async Task WhereTwoRecordingsOverlapInTimeTheFirstAndTheLastAreStillThose()
    {
        var disk = new FaultyDisk(new Random(2));
        using StoreEngine engine = new(disk, new StoreOptions { JournalBytes = 1 << 20, SegmentBytes = 1 << 20 }, new StepClock(), isReadOnly: false);

        // Three passes over the same minutes, the samples of each between those of the others.
        foreach (long shift in new[] { 30_000_000, 0, 60_000_000 })
        {
            for (int second = 0; second < 600; second++)
            {
                var block = (SampleBlock)Make(second, new Random(second)).First();
                Assert.True(engine.Journal.Stage(block with { Start = Bed.Start.Add((second * Second) + (shift / 4)), Scale = null, Validity = [] }));
            }

            await engine.Journal.WriteAsync();
            await engine.Journal.RollAsync();
            Assert.True(engine.SealNext(CancellationToken.None));
        }

        List<One> truth = Truth(disk, engine);
        Compare(engine, new Random(4), truth, rounds: 40);
    }

    private static LaneKey Data(SignalNumber signal) => new(Lane.Data, signal.Value);

    private static List<Cell> CellsOf(ReadOnlyMemory<byte> piece)
    {
        var cells = new List<Cell>();
        Assert.True(LaneCells.TryDecode(piece.Span, cells));
        return cells;
    }

    private static void Compare(StoreEngine engine, Random random, List<One> truth, int rounds)
    {
        var envelopes = new Envelopes(engine.Disk, engine.Holdings, _ => { });
        for (int round = 0; round < rounds; round++)
        {
            SignalNumber signal = random.Next(2) == 0 ? Bed.Wave : Bed.Rate;
            long from = Bed.Start.UnixNanoseconds + random.NextInt64(-100 * Second, Seconds * Second);
            long length = random.NextInt64(1, round % 2 == 0 ? 4L * Seconds * Second : 300 * Second);
            (UtcInstant begin, UtcInstant end) = (new UtcInstant(from), new UtcInstant(from + length));
            long finest = signal == Bed.Wave ? LaneCells.SampleNanoseconds : LaneCells.ReadingNanoseconds;
            ColumnGrid grid = (round % 3) switch
            {
                0 => ColumnGrid.OnCells(begin, end, random.Next(1, 1000), finest),
                1 => ColumnGrid.NearlyEqual(begin, end, random.Next(1, 400), finest),
                _ => ColumnGrid.Between(begin, end, random.Next(1, 400)),
            };
            IReadOnlyList<EnvelopePoint> found = envelopes.Physical(signal, grid);
            List<EnvelopePoint> expected = BruteForce(truth, signal, grid);
            Assert.Equal(expected.Count, found.Count);
            for (int i = 0; i < found.Count; i++)
            {
                Assert.Equal(expected[i] with { Mean = 0 }, found[i] with { Mean = 0 });
                Assert.Equal(expected[i].Mean, found[i].Mean, 1e-9 * Math.Max(1, Math.Abs(expected[i].Mean)));
            }

            Assert.InRange(envelopes.MostIn(signal, begin, end), truth.Count(one => one.Signal == signal.Value && one.Time >= from && one.Time < from + length), long.MaxValue);
        }
    }

    private static List<EnvelopePoint> BruteForce(List<One> truth, SignalNumber signal, ColumnGrid grid) =>
    [
        .. truth.Where(one => one.Signal == signal.Value && grid.Holds(new UtcInstant(one.Time)))
            .GroupBy(one => grid.ColumnOf(new UtcInstant(one.Time)))
            .OrderBy(column => column.Key)
            .Select(column => new EnvelopePoint(grid.StartOf(column.Key), column.Min(one => one.Value), column.Max(one => one.Value), column.Average(one => one.Value), column.Count())
            {
                Until = grid.StartOf(column.Key + 1),
                First = column.MinBy(one => one.Time).Value,
                Last = column.MaxBy(one => one.Time).Value,
            }),
    ];

    /// <summary>Seconds of a wave and a numeric, with gaps, invalid stretches and, in a few, another scale; the last ones not sealed.</summary>
    private static async Task<StoreEngine> FillAsync(FaultyDisk disk, Random random, List<One> truth)
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
            if (second is 2500 or 4900)
            {
                await engine.Journal.RollAsync();
            }
        }

        while (engine.SealNext(CancellationToken.None))
        {
        }

        truth.AddRange(Truth(disk, engine));
        return engine;
    }

    /// <summary>Joining moves samples inside their uncertainty, so the truth is what is read.</summary>
    private static List<One> Truth(FaultyDisk disk, StoreEngine engine) =>
        [.. BlockReading.Read(disk, engine.Holdings, [Data(Bed.Wave), Data(Bed.Rate)], (new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)), _ => { }).SelectMany(Usable)];

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

    private static IEnumerable<One> Usable(Block block) => block switch
    {
        SampleBlock samples => Enumerable.Range(0, samples.Samples.Length)
            .Where(i => samples.Validity.All(run => i < run.Start || i >= run.Start + run.Length || run.Validity.IsUsable()))
            .Select(i => new One(samples.TimeOf(i).UnixNanoseconds, samples.Signal.Value, samples.Scale?.Physical(samples.Samples.Span[i]) ?? samples.Samples.Span[i])),
        NumericBlock numeric => numeric.Readings.Where(reading => reading.Value is not null).Select(reading => new One(reading.Time.UnixNanoseconds, block.Signal.Value, reading.Value!.Value.ToDouble())), // filtered
        _ => [],
    };

    private readonly record struct One(long Time, uint Signal, double Value);

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
