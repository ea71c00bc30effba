using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Replacing;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Storage.Replacing;

/// <summary>New blocks for the signals of a <see cref="Bed"/>, and what a store has.</summary>
internal static class ReplaceBed
{
    public static readonly UtcInstant Ever = new(long.MinValue);
    public static readonly UtcInstant Never = new(long.MaxValue);

    private const long SampleNanoseconds = 2_000_000;
    private const int SamplesOfBlock = 100;

    public static StoreOptions Options(StoreOptions options, int seed) => options with { Randomness = TestKeys.Randomness(seed) };

    /// <summary>Waves and readings that begin and end somewhere in spans of a record that lasts so long, and a signal that was not there before.</summary>
    public static ReplaceOrder Order(int seed, long lengthNanoseconds, int id = 1, bool isWhole = false)
    {
        var random = new Random(seed);
        long[] edges = [.. Enumerable.Range(0, 4).Select(_ => random.NextInt64(lengthNanoseconds)).Order()];
        (UtcInstant From, UtcInstant To)[] spans = isWhole
            ? [(Bed.Start.Add(-1_000_000_000), Bed.Start.Add(lengthNanoseconds))]
            : [(Bed.Start.Add(edges[0]), Bed.Start.Add(edges[1])), (Bed.Start.Add(edges[2]), Bed.Start.Add(edges[3] + 1))];
        var blocks = new ReplacingBlocks();
        UtcInstant at = spans[0].From.Add(random.NextInt64(2_000_000_000));
        long index = 0;
        for (; at < spans[^1].To; at = at.Add(SamplesOfBlock * SampleNanoseconds))
        {
            int[] samples = [.. Enumerable.Range(0, SamplesOfBlock).Select(_ => random.Next(-30_000, 30_000))];
            Assert.True(blocks.TryAdd(new SampleBlock
            {
                Signal = Bed.Wave,
                Start = at,
                UncertaintyMicroseconds = 2_000,
                ClockEpoch = 0x8001_0001,
                Period = SamplePeriod.FromHertz(500),
                Samples = samples,
                Scale = new Scale(0.005, 0),
                FirstIndex = index,
                Validity = random.Next(5) == 0 ? [new ValidityRun(3, 40, Validity.Invalid)] : [],
            }));
            index += SamplesOfBlock;
            var reading = new NumericReading(at, new Fixed(random.Next(30, 250), 0), Validity.Valid, DeviceNanoseconds: null);
            Assert.True(blocks.TryAdd(new NumericBlock { Signal = Bed.Rate, Start = at, ClockEpoch = 0x8001_0001, Readings = [reading] }));
            Assert.True(blocks.TryAdd(new ClockBlock { Signal = SignalNumber.None, Start = at, Device = "d", ClockEpoch = 0x8001_0001, AnchorNanoseconds = 0, DriftPpm = 0, Reason = "drift" }));
            Assert.True(blocks.TryAdd(new AlertBlock { Signal = SignalNumber.None, Start = at, Device = "d", Alert = new Alert { Key = "not kept", Phase = AlertPhase.Start, Priority = AlertPriority.Low, Text = "not kept" } }));
        }

        return new ReplaceOrder(id, "d", "/dev/line", spans, blocks, "replaced: a test.");
    }

    public static List<Block> Everything(StoreEngine engine) =>
    [
        .. BlockReading.Read(engine.Disk, engine.Holdings, [new LaneKey(Lane.Data, Bed.Wave.Value)], (Ever, Never), damage => Assert.Fail(damage.What)),
        .. BlockReading.Read(engine.Disk, engine.Holdings, [new LaneKey(Lane.Data, Bed.Rate.Value)], (Ever, Never), damage => Assert.Fail(damage.What)),
        .. BlockReading.Read(engine.Disk, engine.Holdings, lanes: null, (Ever, Never), damage => Assert.Fail(damage.What)),
    ];

    /// <summary>Every byte that a reader gets; without the mark that something was undone.</summary>
    public static string[] Bytes(StoreEngine engine) =>
        [.. Everything(engine).Where(block => block is not AnnotationBlock { Kind: "decoded-again" } mark || !mark.Key.EndsWith("/undone", StringComparison.Ordinal)).Select(block => Convert.ToHexString(BlockCodec.Encode(block)))];

    /// <summary>The same however blocks are joined: sealing does that, and moves times by less than what they are certain to.</summary>
    public static string[] Lines(IDisk disk, StoreOptions options, TimeProvider clock, bool isReadOnly = false)
    {
        using var engine = new StoreEngine(disk, options, clock, isReadOnly);

        // The mark that something was undone goes through a journal, whose last window a cut may tear, as any.
        Assert.True(engine.Health.Damaged == 0 || engine.Health.LastError?.StartsWith("journal-", StringComparison.Ordinal) == true, engine.Health.LastError);
        List<Block> all = Everything(engine);
        return
        [
            .. Values(all, Bed.Wave).Select(value => value.Value),
            .. Values(all, Bed.Rate).Select(value => $"{value.Time} {value.Value}"),
            .. all.Where(block => block is not SampleBlock and not NumericBlock and not AnnotationBlock { Key: "replaced/1/undone" } and not GapBlock { Cause: GapCause.Storage }).Select(block => Convert.ToHexString(BlockCodec.Encode(block))),
        ];
    }

    public static List<(UtcInstant Time, string Value)> Values(IEnumerable<Block> blocks, SignalNumber signal) =>
    [
        .. blocks.Where(block => block.Signal == signal).SelectMany(block => block switch
        {
            SampleBlock samples => Enumerable.Range(0, samples.Samples.Length).Select(i => (samples.TimeOf(i), $"{samples.ClockEpoch} {samples.Samples.Span[i]} {samples.Scale} {samples.Validity.FirstOrDefault(run => i >= run.Start && i < run.Start + run.Length).Validity}")),
            NumericBlock numeric => numeric.Readings.Select(reading => (reading.Time, $"{numeric.ClockEpoch} {reading.Value} {reading.Validity}")),
            _ => [],
        }),
    ];

    public static IEnumerable<Block> New(ReplaceOrder order) =>
        order.Blocks.Lanes(Ever, Never).ToArray().SelectMany(key => order.Blocks.Take(key, Ever, Never, [(Ever, Never)]));
}
