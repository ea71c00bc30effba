using Bedside.Model;
using Bedside.Storage.Segments;

namespace Bedside.Tests.Storage;

public sealed class MergeTests
{
    [Fact]
    public void JoiningKeepsEverySampleAndEveryTrueTimeInsideWhatTheBlockStates()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            List<Block> blocks = Make(random);
            var samples = new List<(long Index, int Raw, UtcInstant Time, uint Uncertainty, Validity Validity)>();
            foreach (SampleBlock block in blocks.Cast<SampleBlock>())
            {
                samples.AddRange(Each(block));
            }

            int at = 0;
            for (int used = 0; used < blocks.Count;)
            {
                (Block merged, int count) = BlockMerge.First(blocks[used..]);
                SampleBlock joined = Assert.IsType<SampleBlock>(merged);
                long span = joined.Samples.Length > BlockMerge.FewSamples ? BlockMerge.SampleSpanNanoseconds : BlockMerge.SlowSpanNanoseconds;
                Assert.True(count == 1 || joined.Period.NanosecondsOf(joined.Samples.Length) <= span);
                foreach ((long index, int raw, UtcInstant time, uint uncertainty, Validity validity) in Each(joined))
                {
                    (long Index, int Raw, UtcInstant Time, uint Uncertainty, Validity Validity) before = samples[at++];
                    Assert.Equal((before.Index, before.Raw, before.Validity), (index, raw, validity));
                    long moved = Math.Abs(time.Since(before.Time));
                    Assert.True(uncertainty == uint.MaxValue || moved + (before.Uncertainty * 1000L) <= uncertainty * 1000L, $"seed {seed}: moved by {moved} ns");
                    Assert.True(before.Uncertainty == uncertainty || uncertainty - before.Uncertainty <= 1000);
                }

                used += count;
            }

            Assert.Equal(samples.Count, at);
        }
    }

    [Fact]
    public void WhatDoesNotFollowIsNotJoined()
    {
        SampleBlock first = SampleBlocks.Of(1, 2, 3) with { Validity = [] };
        SampleBlock next = first with { Start = first.End, FirstIndex = first.FirstIndex + 3, DeviceNanoseconds = first.DeviceNanoseconds + 6_000_000 };
        Assert.Equal(2, BlockMerge.First([first, next]).Used);
        SampleBlock[] strangers =
        [
            next with { ClockEpoch = 4 },
            next with { FirstIndex = next.FirstIndex + 1 },
            next with { Scale = null },
            next with { Period = SamplePeriod.FromHertz(250) },
            next with { Start = next.Start.Add(1_000_001) },
            next with { DeviceNanoseconds = null },
            next with { DeviceNanoseconds = next.DeviceNanoseconds + 1_000_001 },
            next with { UncertaintyMicroseconds = uint.MaxValue },
            next with { UncertaintyMicroseconds = first.UncertaintyMicroseconds + 1_001 },
        ];
        Assert.All(strangers, stranger => Assert.Equal(1, BlockMerge.First([first, stranger]).Used));
    }

    [Fact]
    public void ReadingsAreJoinedForTenMinutesAndStayAsTheyWere()
    {
        var bed = new Bed(1);
        List<Block> blocks = [.. Enumerable.Range(0, 4_000).SelectMany(_ => bed.Next()).OfType<NumericBlock>()];
        (Block merged, int used) = BlockMerge.First(blocks);
        Assert.InRange(used, 580, 600);
        Assert.Equal(Contents.Of(blocks.Take(used)), Contents.Of(merged));
    }

    private static List<Block> Make(Random random)
    {
        var blocks = new List<Block>();
        UtcInstant start = Bed.Start;
        long index = 0;
        uint uncertainty = 2_000;
        for (int i = 0; i < 80; i++)
        {
            int count = random.Next(1, 300);
            if (random.Next(15) == 0)
            {
                start = start.Add(random.Next(-5_000_000, 5_000_000));
                uncertainty = random.Next(6) == 0 ? uint.MaxValue : (uint)random.Next(0, 3_000);
            }

            var block = new SampleBlock
            {
                Signal = Bed.Wave,
                Start = start.Add(random.Next(-500_000, 500_000)),
                UncertaintyMicroseconds = uncertainty,
                ClockEpoch = 1,
                Period = new SamplePeriod(1, 333),
                Samples = BlockCodecTests.Make("noise", random, count),
                Scale = new Scale(1, 0),
                FirstIndex = index,
                Validity = random.Next(3) == 0 ? [new ValidityRun(0, count, Validity.DemoData)] : [],
            };
            blocks.Add(block);
            index += random.Next(20) == 0 ? count + 5 : count;
            start = start.Add(block.Period.NanosecondsOf(count));
        }

        return blocks;
    }

    private static IEnumerable<(long Index, int Raw, UtcInstant Time, uint Uncertainty, Validity Validity)> Each(SampleBlock block) =>
        Enumerable.Range(0, block.Samples.Length).Select(i => (
            block.FirstIndex + i,
            block.Samples.Span[i],
            block.TimeOf(i),
            block.UncertaintyMicroseconds,
            block.Validity.FirstOrDefault(run => i >= run.Start && i < run.Start + run.Length).Validity));
}
