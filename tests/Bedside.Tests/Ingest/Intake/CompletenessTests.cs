using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Tests.Ingest.Intake;

/// <summary>Received + explained = expected, over any interval, whatever goes wrong.</summary>
public class CompletenessTests
{
    private const long Reach = 300 * FaultyBed.Second;

    private static readonly BedFault[] Kinds = [.. Enum.GetValues<BedFault>().Where(fault => fault != BedFault.None)];

    private static readonly Dictionary<BedFault, GapCause?> CauseOf = new()
    {
        [BedFault.Dropped] = GapCause.LostMessage,
        [BedFault.Checksum] = GapCause.Checksum,
        [BedFault.Duplicated] = null,
        [BedFault.Silence] = GapCause.DeviceSilent,
        [BedFault.Unplugged] = GapCause.Unplugged,
        [BedFault.BoxRestart] = GapCause.Restart,
        [BedFault.Overload] = GapCause.Overload,
        [BedFault.Reboot] = GapCause.Clock,
        [BedFault.ClockForward] = GapCause.Clock,
        [BedFault.SignalOff] = GapCause.SignalOff,
    };

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Batches))]
    public void AnHourReconcilesOverAnyIntervalWhateverGoesWrong(int batch)
    {
        for (int seed = batch * 25; seed < (batch + 1) * 25; seed++)
        {
            // One in a hundred at a monitor's pace, the others in longer messages, so that five hundred hours take seconds.
            long message = seed % 100 == 0 ? 256_000_000 : (2 + (seed % 3)) * FaultyBed.Second;
            BedFault[] faults = seed % 2 == 0 ? Kinds : [Kinds[seed / 2 % Kinds.Length]];
            FaultyBed bed = new FaultyBed(seed, faults, message).Run();
            AssertNothingIsLostOrDoubled(bed, seed);
            AssertReconciles(bed, seed);
        }
    }

    [Fact]
    public void EachKindOfFaultHasItsOwnCause()
    {
        foreach ((BedFault fault, GapCause? cause) in CauseOf)
        {
            FaultyBed bed = new FaultyBed(7_000 + (int)fault, [fault], FaultyBed.Second).Run();
            Assert.True(bed.Happened > 5, $"{fault} happened {bed.Happened} times");
            Signal wave = bed.Sink.Signals.First();
            GapCause[] causes = [.. bed.Sink.Blocks.OfType<GapBlock>().Where(gap => gap.Signal == wave.Number).Select(gap => gap.Cause).Distinct()];
            Assert.Equal(cause is { } one ? [one] : [], causes);
        }
    }

    [Fact]
    public void WhatIsExpectedIsWhatTheDeviceTookAndNotWhatCame()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            FaultyBed bed = new FaultyBed(seed, [BedFault.Dropped, BedFault.Checksum, BedFault.Duplicated, BedFault.Reordered, BedFault.Silence, BedFault.Overload, BedFault.SignalOff], FaultyBed.Second).Run();
            Signal wave = bed.Sink.Signals.First();
            Completeness all = Count(bed, wave, new TimeRange(new UtcInstant(0), new UtcInstant(long.MaxValue / 2)));
            SampleBlock[] blocks = [.. bed.Sink.Blocks.OfType<SampleBlock>()];
            int first = blocks[0].Samples.Span[0];
            int last = blocks.Max(block => block.Samples.Span[^1]);
            Assert.Equal(last - first + 1, all.Expected);
            Assert.Equal(bed.Delivered.Count, all.Received);
        }
    }

    [Fact]
    public void AHoleThatNoGapExplainsIsSaidToBeUnexplained()
    {
        FaultyBed bed = new FaultyBed(3, [BedFault.Dropped, BedFault.Unplugged, BedFault.Reboot], FaultyBed.Second).Run();
        Signal wave = bed.Sink.Signals.First();
        var all = new TimeRange(new UtcInstant(0), new UtcInstant(long.MaxValue / 2));
        Completeness explained = Count(bed, wave, all);
        bed.Sink.Blocks.RemoveAll(block => block is GapBlock);
        Completeness bare = Count(bed, wave, all);

        Assert.Equal(0, explained.Unexplained);
        Assert.Equal(explained.Expected, bare.Expected);
        Assert.Equal(bare.Expected - bare.Received, bare.Unexplained);
        Assert.True(bare.Unexplained > 0);
    }

    [Fact]
    public void WhatCameLateOrTwiceIsCounted()
    {
        FaultyBed bed = new FaultyBed(5, [BedFault.Duplicated], FaultyBed.Second).Run();
        Signal wave = bed.Sink.Signals.First();
        var all = new TimeRange(new UtcInstant(0), new UtcInstant(long.MaxValue / 2));
        Assert.InRange(Count(bed, wave, all).Duplicated, 125 * (bed.Happened - 8L), 125L * bed.Happened);

        bed = new FaultyBed(6, [BedFault.Reordered], FaultyBed.Second).Run();
        Completeness counted = Count(bed, wave, all);
        Assert.InRange(counted.Late, 125 * (bed.Happened - 8L), 125L * bed.Happened);
        Assert.Equal(0, counted.Duplicated);
        Assert.Equal(counted.Expected, counted.Received);
    }

    private static void AssertNothingIsLostOrDoubled(FaultyBed bed, int seed)
    {
        var stored = new HashSet<int>();
        foreach (SampleBlock block in bed.Sink.Blocks.OfType<SampleBlock>())
        {
            foreach (int number in block.Samples.Span)
            {
                Assert.True(stored.Add(number), $"seed {seed}: sample {number} is stored twice");
            }
        }

        Assert.True(stored.SetEquals(bed.Delivered), $"seed {seed}: {bed.Delivered.Except(stored).Count()} samples of {bed.Delivered.Count} that came are not stored");
    }

    private static void AssertReconciles(FaultyBed bed, int seed)
    {
        var random = new Random(seed);
        UtcInstant begin = bed.Sink.Blocks[0].Start;
        foreach (Signal signal in bed.Sink.Signals)
        {
            for (int i = 0; i < 5; i++)
            {
                UtcInstant from = i == 0 ? new UtcInstant(0) : begin.Add(random.NextInt64(FaultyBed.Hour));
                UtcInstant to = i == 0 ? new UtcInstant(long.MaxValue / 2) : from.Add(1 + random.NextInt64(FaultyBed.Hour / 3));
                UtcInstant middle = from.Add(to.Since(from) / 3);
                Completeness whole = Count(bed, signal, new TimeRange(from, to));
                Completeness left = Count(bed, signal, new TimeRange(from, middle));
                Completeness right = Count(bed, signal, new TimeRange(middle, to));
                Assert.True(whole.Unexplained == 0, $"seed {seed}, {signal.Id}: {whole.Unexplained} of {whole.Expected} unexplained from {from} to {to}");
                Assert.Equal(whole.Expected, whole.Received + whole.Missing.Values.Sum());
                Assert.Equal(whole.Received, left.Received + right.Received);
                Assert.True(whole.Expected == left.Expected + right.Expected, $"seed {seed}, {signal.Id}: {whole.Expected} is not {left.Expected} + {right.Expected}");
            }
        }
    }

    private static Completeness Count(FaultyBed bed, Signal signal, TimeRange range) =>
        Completeness.Of(bed.Sink.Read(signal.Number, range.From.Add(-Reach), range.To.Add(Reach)), range, signal.Metric.ExpectedEvery);
}
