using Bedside.Model;
using Bedside.Viewer.Ward;

namespace Bedside.Tests.Viewer.Ward;

/// <summary>Waves for a strip: fewer samples, no spike less, nothing made up, no gap bridged.</summary>
public class WaveThinnerTests
{
    [Fact]
    public void Every_spike_of_one_sample_is_kept_and_every_sample_is_one_that_was_measured()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            int hertz = new[] { 250, 256, 500, 1000 }[random.Next(4)];
            int[] samples = [.. Enumerable.Range(0, 4000).Select(_ => random.Next(-50, 50))];
            int spike = random.Next(64, 3900);
            samples[spike] = 10_000;

            List<SampleBlock> thin = Thinned(random, samples, hertz);

            Assert.Contains(10_000, thin.SelectMany(block => block.Samples.ToArray()));
            Assert.True(thin.Sum(block => block.Samples.Length) <= samples.Length / (hertz / 125) + 2, $"seed {seed}: not fewer");
            SampleBlock holder = thin.Single(block => block.Samples.ToArray().Contains(10_000));
            int index = Array.IndexOf(holder.Samples.ToArray(), 10_000);
            double true_ = spike * 1e9 / hertz;
            Assert.InRange(holder.TimeOf(index).UnixNanoseconds - Start.UnixNanoseconds, true_ - (2e9 / 125), true_ + (2e9 / 125));
            Assert.All(thin.SelectMany(block => block.Samples.ToArray()), value => Assert.Contains(value, samples));
            for (int i = 1; i < thin.Count; i++)
            {
                Assert.Equal(thin[i - 1].FirstIndex + thin[i - 1].Samples.Length, thin[i].FirstIndex);
                Assert.InRange(Math.Abs(thin[i].Start.Since(thin[i - 1].End)), 0, 3);
            }
        }
    }

    [Fact]
    public void What_is_missing_stays_missing()
    {
        var thinner = new WaveThinner();
        SampleBlock before = thinner.Take(Block(0, new int[500], 500))!;
        SampleBlock after = thinner.Take(Block(1000, new int[500], 500))!;
        Assert.True(after.FirstIndex > before.FirstIndex + before.Samples.Length);
        Assert.True(after.Start.Since(before.End) >= 900_000_000);
    }

    [Fact]
    public void A_sample_that_must_not_be_drawn_takes_its_group_with_it()
    {
        SampleBlock thin = new WaveThinner().Take(Block(0, new int[500], 500) with { Validity = [new ValidityRun(100, 1, Validity.Invalid)] })!;
        ValidityRun run = Assert.Single(thin.Validity);
        Assert.Equal((24, 2, Validity.Invalid), (run.Start, run.Length, run.Validity));
    }

    [Fact]
    public void A_slow_wave_passes_as_it_is()
    {
        SampleBlock block = Block(3, new int[125], 125);
        Assert.Same(block, new WaveThinner().Take(block));
    }

    [Fact]
    public void A_wave_that_claims_millions_of_samples_a_second_is_left_out() =>
        Assert.Null(new WaveThinner().Take(Block(0, new int[10], 4_000_000)));

    private static UtcInstant Start { get; } = new(1_790_000_000_000_000_000);

    private static List<SampleBlock> Thinned(Random random, int[] samples, int hertz)
    {
        var thinner = new WaveThinner();
        var thin = new List<SampleBlock>();
        for (int at = 0; at < samples.Length;)
        {
            int count = Math.Min(samples.Length - at, random.Next(1, 300));
            if (thinner.Take(Block(at, samples[at..(at + count)], hertz)) is { } block)
            {
                thin.Add(block);
            }

            at += count;
        }

        return thin;
    }

    private static SampleBlock Block(long first, int[] samples, int hertz) => new()
    {
        Signal = new SignalNumber(1),
        Start = Start.Add(SamplePeriod.FromHertz(hertz).NanosecondsOf(first)),
        ClockEpoch = 1,
        Period = SamplePeriod.FromHertz(hertz),
        Samples = samples,
        Scale = Blocks.Scale,
        FirstIndex = first,
    };
}
