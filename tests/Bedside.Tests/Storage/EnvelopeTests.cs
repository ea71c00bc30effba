using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;

namespace Bedside.Tests.Storage;

public sealed class EnvelopeTests
{
    [Fact]
    public async Task TheEnvelopeEqualsBruteForce_AcrossSegmentsJournalsGapsScalesAndInvalidSamples()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            using StoreEngine engine = await FillAsync(Make(random), random);
            LaneKey[] lanes = [new LaneKey(Lane.Data, Bed.Wave.Value), new LaneKey(Lane.Data, Bed.Rate.Value)];
            List<Block> blocks = [.. BlockReading.Read(engine.Disk, engine.Holdings, lanes, (new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)), _ => { })];
            var envelopes = new Envelopes(engine.Disk, engine.Holdings, _ => { });
            for (int round = 0; round < 25; round++)
            {
                SignalNumber signal = random.Next(2) == 0 ? Bed.Wave : Bed.Rate;
                UtcInstant from = Bed.Start.Add(random.NextInt64(-2_000_000_000, 50_000_000_000));
                UtcInstant to = from.Add(random.NextInt64(1, round % 3 == 0 ? 100_000_000_000 : 3_000_000_000));
                int points = random.Next(1, 200);
                var grid = ColumnGrid.Between(from, to, points);
                AssertSame(BruteForce(blocks, signal, grid), envelopes.Physical(signal, grid), $"seed {seed}, round {round}");
                AssertSame(BruteForce(blocks, signal, grid), envelopes.Raw(signal, grid), grid);
            }
        }
    }

    [Fact]
    public void ColumnsMeetWithoutGapOrOverlap()
    {
        var random = new Random(3);
        for (int round = 0; round < 2_000; round++)
        {
            var grid = ColumnGrid.Between(new UtcInstant(random.NextInt64(-1_000_000, 1_000_000)), new UtcInstant(random.NextInt64(1_000_001, 3_000_000)), random.Next(1, 500));
            var time = new UtcInstant(random.NextInt64(grid.From.UnixNanoseconds, grid.To.UnixNanoseconds));
            int column = grid.ColumnOf(time);
            Assert.InRange(column, 0, grid.Columns - 1);
            Assert.True(grid.StartOf(column) <= time && time < grid.StartOf(column + 1));
        }
    }

    [Fact]
    public void ReadingsAddUpInTheFinestDecimalOfTheirBlock_OrNotAtAll()
    {
        NumericReading[] readings = [new NumericReading(default, new Fixed(12_345, -2), Validity.Valid, DeviceNanoseconds: null), new NumericReading(default, new Fixed(90, 0), Validity.Valid, DeviceNanoseconds: null)];
        Assert.Equal(new BlockSummary(9_000, 12_345, 21_345, 2, RawUnit.OfDecimal(-2), 12_345, 9_000), BlockSummary.OfReadings(readings));
        Assert.Null(BlockSummary.OfReadings([readings[0], new NumericReading(default, new Fixed(1, 100), Validity.Valid, DeviceNanoseconds: null)]));
    }

    private static async Task<StoreEngine> FillAsync(List<Block> blocks, Random random)
    {
        var disk = new FaultyDisk(random);
        var options = new StoreOptions { JournalBytes = 64 << 10, SegmentBytes = 1 << 20 };
        var engine = new StoreEngine(disk, options, new StepClock(), isReadOnly: false);
        for (int i = 0; i < blocks.Count; i++)
        {
            Assert.True(engine.Journal.Stage(blocks[i]));
            await engine.Journal.WriteAsync();
            if (i == blocks.Count / 2)
            {
                // What a restart finds has no summaries yet.
                await engine.Journal.CloseAsync();
                engine.Dispose();
                engine = new StoreEngine(disk, options, new StepClock(), isReadOnly: false);
            }

            while (random.Next(3) == 0 && engine.SealNext(CancellationToken.None))
            {
            }
        }

        return engine;
    }

    private static List<Block> Make(Random random)
    {
        var bed = new Bed(random.Next());
        var blocks = new List<Block>();
        for (int i = 0; i < 200; i++)
        {
            IReadOnlyList<Block> next = bed.Next();
            if (i is > 60 and < 75)
            {
                continue;
            }

            foreach (Block block in next)
            {
                blocks.Add(block switch
                {
                    SampleBlock samples when i > 150 => samples with { Scale = i > 180 ? null : new Scale(-0.01, 3) },
                    SampleBlock samples when i == 20 => samples with { Validity = [new ValidityRun(0, 128, Validity.NotAvailable)] },
                    NumericBlock { Readings: [{ Value: { } value } reading] } numeric when i % 3 == 0 => numeric with { Readings = [reading with { Value = new Fixed(value.Mantissa * 10, -1) }] },
                    _ => block,
                });
            }
        }

        return blocks;
    }

    private static List<EnvelopePoint> BruteForce(List<Block> blocks, SignalNumber signal, ColumnGrid grid)
    {
        UtcInstant[] starts = [.. Enumerable.Range(0, grid.Columns).Select(grid.StartOf)];
        return
        [
            .. blocks.Where(block => block.Signal == signal).SelectMany(Values)
                .Where(one => one.Time >= grid.From && one.Time < grid.To)
                .OrderBy(one => one.Time)
                .GroupBy(one => Array.FindLastIndex(starts, start => start <= one.Time), one => one.Value)
                .Select(column => new EnvelopePoint(starts[column.Key], column.Min(), column.Max(), column.Average(), column.Count())
                {
                    Until = column.Key + 1 < starts.Length ? starts[column.Key + 1] : grid.To,
                    First = column.First(),
                    Last = column.Last(),
                }),
        ];
    }

    private static IEnumerable<(UtcInstant Time, double Value)> Values(Block block) => block switch
    {
        SampleBlock samples => Enumerable.Range(0, samples.Samples.Length)
            .Where(i => samples.Validity.All(run => i < run.Start || i >= run.Start + run.Length || run.Validity.IsUsable()))
            .Select(i => (samples.TimeOf(i), samples.Scale?.Physical(samples.Samples.Span[i]) ?? samples.Samples.Span[i])),
        NumericBlock numeric => numeric.Readings.Where(reading => reading.Value is not null && reading.Validity.IsUsable()).Select(reading => (reading.Time, reading.Value!.Value.ToDouble())), // filtered
        _ => [],
    };

    private static void AssertSame(List<EnvelopePoint> expected, IReadOnlyList<EnvelopePoint> found, string at)
    {
        Assert.True(expected.Count == found.Count, at);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i] with { Mean = 0 } == found[i] with { Mean = 0 }, $"{at}: {expected[i]} is not {found[i]}");
            Assert.Equal(expected[i].Mean, found[i].Mean, 1e-9 * Math.Max(1, Math.Abs(expected[i].Mean)));
        }
    }

    private static void AssertSame(List<EnvelopePoint> expected, EnvelopeColumns found, ColumnGrid grid)
    {
        Assert.Equal(grid.Columns, found.Count);
        Assert.Equal(expected.Sum(point => point.Count), found.Sum(column => column.Count));
        double step = Math.Abs(found.Scale.Gain) * 1.0001;
        foreach (EnvelopePoint point in expected)
        {
            EnvelopeColumn column = found[grid.ColumnOf(point.Time)];
            double a = (column.Min * found.Scale.Gain) + found.Scale.Offset;
            double b = (column.Max * found.Scale.Gain) + found.Scale.Offset;
            Assert.InRange(Math.Min(a, b), point.Min - step, point.Min + 1e-9);
            Assert.InRange(Math.Max(a, b), point.Max - 1e-9, point.Max + step);
            Assert.Equal(point.Mean, (column.Mean * found.Scale.Gain) + found.Scale.Offset, 1e-9 * Math.Max(1, Math.Abs(point.Mean)));
        }
    }
}
