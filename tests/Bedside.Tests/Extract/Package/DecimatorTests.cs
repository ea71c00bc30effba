using System.Numerics;
using Bedside.Extract;
using Bedside.Extract.Package;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Tests.Extract.Arrow;

namespace Bedside.Tests.Extract.Package;

/// <summary>Fewer samples and readings than were taken.</summary>
public sealed class DecimatorTests
{
    private static readonly UtcInstant Zero = Shelf.Time("2026-03-01T12:00:00Z");
    private static readonly SamplePeriod Fast = SamplePeriod.FromHertz(500);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(200)]
    public void The_window_is_symmetric_and_its_sum_is_the_fourth_power_of_the_factor(int factor)
    {
        long[] window = Decimator.Window(factor);

        Assert.Equal((4 * factor) - 3, window.Length);
        Assert.Equal(window, window.Reverse());
        Assert.Equal(BigInteger.Pow(factor, 4), window.Aggregate(BigInteger.Zero, (sum, one) => sum + one));
    }

    [Theory]
    [InlineData(500, null, 1)]
    [InlineData(500, 500.0, 1)]
    [InlineData(500, 1000.0, 1)]
    [InlineData(500, 125.0, 4)]
    [InlineData(500, 120.0, 4)]
    [InlineData(500, 126.0, 3)]
    [InlineData(500, 0.5, 200)]
    public void A_rate_that_does_not_divide_becomes_the_next_higher_one(int taken, double? asked, int factor)
    {
        Assert.Equal(factor, Decimator.FactorFor(SamplePeriod.FromHertz(taken), asked));
        Assert.Equal(4, Decimator.FactorFor(new SamplePeriod(2, 125), 15.625));
    }

    [Fact]
    public void What_is_given_is_the_weighed_sum_rounded_at_the_time_of_the_middle()
    {
        var random = new Random(7);
        for (int turn = 0; turn < 60; turn++)
        {
            int factor = random.Next(2, 12);
            int[] samples = [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => random.Next(3) == 0 ? random.Next() - (int.MaxValue / 2) : random.Next(-3000, 3000))];
            UtcInstant start = Zero.Add(Fast.NanosecondsOf(random.Next(1000)));
            IReadOnlyList<SampleBlock> whole = Run(factor, start, [samples]);
            IReadOnlyList<SampleBlock> cut = Run(factor, start, [.. samples.Chunk(random.Next(1, 60))]);

            (UtcInstant Time, int? Sample)[] given = [.. whole.SelectMany(Given)];
            Assert.Equal(given, cut.SelectMany(Given));
            long[] window = Decimator.Window(factor);
            var total = BigInteger.Pow(factor, 4);
            (UtcInstant, int?)[] expected =
            [
                .. Enumerable.Range(0, samples.Length).Where(i => Fast.SamplesIn(start.Add(Fast.NanosecondsOf(i)).Since(Zero)) % factor == 0)
                    .Select(i => (start.Add(Fast.NanosecondsOf(i)), Weighed(samples, i, window, total))),
            ];
            Assert.Equal(expected, given);
        }
    }

    [Fact]
    public void A_constant_stays_and_what_the_new_rate_cannot_carry_goes()
    {
        const int Factor = 4;
        int[] flat = [.. Enumerable.Repeat(-1234, 500)];
        int[] fast = [.. Enumerable.Range(0, 2000).Select(i => (int)(10_000 * Math.Sin(Math.Tau * i * 120 / 500)))];
        int[] slow = [.. Enumerable.Range(0, 2000).Select(i => (int)(10_000 * Math.Sin(Math.Tau * i * 5 / 500)))];

        Assert.All(Usable(Run(Factor, Zero, [flat])), sample => Assert.Equal(-1234, sample));
        Assert.All(Usable(Run(Factor, Zero, [fast])), sample => Assert.InRange(sample, -200, 200));
        Assert.InRange(Usable(Run(Factor, Zero, [slow])).Max(), 9800, 10_000);
    }

    [Fact]
    public void A_window_that_touches_a_hole_or_an_unusable_sample_gives_none()
    {
        const int Reach = 6;
        using var folder = new Folder();
        var shelf = new Shelf();
        Signal signal = shelf.Signal("ecg-ii", SignalKind.Waveform, "mV", "monitor");
        shelf.Add(Shelf.Samples(signal, Zero, Fast, new Scale(0.01, 0), [.. Enumerable.Range(0, 400)], 0, new ValidityRun(200, 1, Validity.Invalid), new ValidityRun(300, 2, Validity.DemoData)));
        shelf.Add(Shelf.Samples(signal, Zero.Add(Fast.NanosecondsOf(500)), Fast, new Scale(0.01, 0), [.. Enumerable.Range(500, 400)], 500));
        PackageStay stay = PackageBed.StayOf(shelf, Zero, Zero.Add(10 * PackageBed.Second));
        PackageBed.Write(PackageBed.Plan(TimeForm.Relative, [new AskedSignal("ecg-ii", "why", 125)], stay), folder.Path);

        (string name, ArrowText table) = Assert.Single(PackageBed.Waves(folder.Path));
        Assert.Equal($"{PackageBed.Stay}_monitor1_125hz", name);
        (int Place, long? Raw)[] rows = [.. table.Cells(0).Zip(table.Cells("ecg-ii.raw")).Select(row => ((int)((((long)row.First!) - (600 * PackageBed.Second)) / Fast.Nanoseconds), (long?)row.Second))]; // times are there
        Assert.Equal([.. Enumerable.Range(0, 100).Select(i => 4 * i), .. Enumerable.Range(125, 100).Select(i => 4 * i)], rows.Select(row => row.Place));
        Assert.All(rows, row =>
        {
            bool touches = new[] { (-Reach, 0), (200 - Reach, 201 + Reach), (400 - Reach, 500 + Reach), (900 - Reach, 1000) }.Any(range => row.Place >= range.Item1 && row.Place < range.Item2)
                || row.Place < Reach;
            Assert.Equal(touches ? null : row.Place, row.Raw);
        });
        Assert.Contains(table.Cells("ecg-ii.validity"), cell => (Validity)(ushort)(long)(cell ?? 0L) == Validity.DemoData);
        Assert.Equal("500", ArrowText.Note(table.Schema.Fields[2], "rate_taken_hz"));
    }

    [Fact]
    public void Of_each_interval_the_last_reading_that_may_be_relied_on_is_given_as_it_was()
    {
        var random = new Random(11);
        for (int turn = 0; turn < 40; turn++)
        {
            double hertz = new[] { 0.1, 1.0 / 60, 0.5, 0.3 }[turn % 4];
            NumericReading[] readings =
            [
                .. Enumerable.Range(0, 300).Select(i => new NumericReading(
                    Zero.Add((i * PackageBed.Second) + random.Next(1000)), random.Next(5) == 0 ? null : new Fixed(random.Next(900), -1), random.Next(5) == 0 ? Validity.Invalid : Validity.Questionable, i)),
            ];
            var thinning = new Thinning(hertz, Zero);
            NumericReading?[] taken = [.. readings.Select(thinning.Take)];
            NumericReading[] given = [.. taken.Append(thinning.End()).OfType<NumericReading>()];

            NumericReading[] expected =
            [
                .. readings.GroupBy(reading => (long)Math.Floor(reading.Time.Since(Zero) / 1e9 * hertz))
                    .Select(group => group.Where(reading => reading.Value is not null && reading.Validity == Validity.Questionable).Cast<NumericReading?>().LastOrDefault())
                    .OfType<NumericReading>(),
            ];
            Assert.Equal(expected, given);
            Assert.True(given.Length < readings.Length);
        }
    }

    private static List<SampleBlock> Run(int factor, UtcInstant start, int[][] parts)
    {
        var signal = new Signal(new SignalNumber(1), "ecg-ii", "bench", new Metric { SignalId = "ecg-ii", Kind = SignalKind.Waveform, Unit = "mV" });
        var given = new List<SampleBlock>();
        Decimator? decimator = null;
        int at = 0;
        foreach (int[] part in parts)
        {
            SampleBlock block = Shelf.Samples(signal, start.Add(Fast.NanosecondsOf(at)), Fast, new Scale(1, 0), part, at);
            decimator ??= new Decimator(factor, block, Zero);
            given.AddRange(decimator.Take(block));
            at += part.Length;
        }

        given.AddRange(decimator!.End()); // there is one part at least
        return given;
    }

    private static IEnumerable<(UtcInstant Time, int? Sample)> Given(SampleBlock block) =>
        block.Runs().SelectMany(run => Enumerable.Range(run.Start, run.Length).Select(i => (block.TimeOf(i), run.Validity.IsUsable() ? block.Samples.Span[i] : (int?)null)));

    private static int[] Usable(IEnumerable<SampleBlock> blocks) => [.. blocks.SelectMany(Given).Select(sample => sample.Sample).OfType<int>()];

    private static int? Weighed(int[] samples, int centre, long[] window, BigInteger total)
    {
        int reach = window.Length / 2;
        if (centre < reach || centre + reach >= samples.Length)
        {
            return null;
        }

        BigInteger sum = BigInteger.Zero;
        for (int i = 0; i < window.Length; i++)
        {
            sum += (BigInteger)window[i] * samples[centre - reach + i];
        }

        BigInteger half = total / 2;
        return (int)((sum + (sum.Sign < 0 ? -half : half)) / total);
    }
}
