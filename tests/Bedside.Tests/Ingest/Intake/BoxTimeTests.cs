using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Intake;

/// <summary>The box's own clock, and what two devices at one bed agree on.</summary>
public class BoxTimeTests
{
    private const long Second = 1_000_000_000;
    private const long Tick = 125_000;

    private static readonly Metric Wave = new() { SignalId = "abp", Kind = SignalKind.Waveform, Unit = "mm[Hg]" };
    private static readonly DriverTraits Traits = new() { Clock = DeviceClock.EighthMillisecond32, Manufacturer = "test", Devices = "test", Quality = "bronze" };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TwoDevicesAgreeWithinTwentyMillisecondsThroughFiftyMillisecondsOfJitter(int seed)
    {
        var random = new Random(seed);
        var time = new Ticking();
        DeviceIntake[] intakes = [Of(time, out BedSink first), Of(time, out BedSink second)];
        double[] drift = [(random.NextDouble() - 0.5) * 200e-6, (random.NextDouble() - 0.5) * 200e-6];
        long[] origin = [random.NextInt64(uint.MaxValue) * Tick, random.NextInt64(uint.MaxValue) * Tick];
        const long block = 256_000_000;
        var queue = new PriorityQueue<(int Device, int Number), long>();
        for (int i = 0; i < 2_400; i++)
        {
            for (int device = 0; device < 2; device++)
            {
                // Both take the same samples at the same true time; the line holds each message for up to 50 ms.
                queue.Enqueue((device, i), ((i + 1) * block) + random.NextInt64(50_000_000));
            }
        }

        while (queue.TryDequeue(out (int Device, int Number) next, out long arrival))
        {
            time.Monotonic = arrival;
            ulong counter = (ulong)((origin[next.Device] + (long)(next.Number * block * (1 + drift[next.Device]))) / Tick) % (1UL << 32);
            intakes[next.Device].OnEvent(
                new DeviceEvent.Samples(Wave, SamplePeriod.FromHertz(125), Enumerable.Repeat(next.Number, 32).ToArray()) { Scale = null, At = new DeviceTicks(counter) },
                new MonotonicInstant(arrival));
        }

        Dictionary<int, UtcInstant> one = TimesOf(first);
        Dictionary<int, UtcInstant> other = TimesOf(second);
        int[] both = [.. one.Keys.Intersect(other.Keys).Where(number => number > 240)];
        Assert.True(both.Length > 2_000);
        Assert.All(both, number => Assert.InRange(one[number].Since(other[number]), -20_000_000, 20_000_000));
    }

    [Fact]
    public void TheBoxsOwnUncertaintyIsInEveryBlock()
    {
        var time = new Ticking();
        var sink = new BedSink();
        var intake = new DeviceIntake("test", Traits, sink, new BoxClock(time, () => 7_000));
        intake.OnPort(DeviceState.Connecting, "here", new MonotonicInstant(0));
        intake.OnEvent(new DeviceEvent.Samples(Wave, SamplePeriod.FromHertz(125), new int[32]) { Scale = null, At = new DeviceTicks(0) }, new MonotonicInstant(0));
        intake.OnEvent(new DeviceEvent.Numeric(Wave with { SignalId = "hr", Kind = SignalKind.Numeric }, new Fixed(80, 0)) { At = new DeviceTicks(0) }, new MonotonicInstant(0));

        Assert.True(sink.Blocks.Count >= 4);
        Assert.All(sink.Blocks, block => Assert.True(block.UncertaintyMicroseconds >= 7_000, $"{block.GetType().Name} says {block.UncertaintyMicroseconds}"));
    }

    [Fact]
    public void AClockThatNobodyKeepsBecomesUncertain()
    {
        var error = new ClockError();
        Assert.Equal(new ClockState(Synchronised: false, (uint)ClockError.NeverKeptUs), error.At(new MonotonicInstant(0), synchronised: false, 16_000_000));
        Assert.Equal(new ClockState(Synchronised: true, 2_500), error.At(new MonotonicInstant(Second), synchronised: true, 2_500));
        Assert.Equal(new ClockState(Synchronised: true, (uint)ClockError.LeastUs), error.At(new MonotonicInstant(2 * Second), synchronised: true, 0));

        // A day without its daemon: 100 ppm are 8.64 s.
        Assert.Equal(new ClockState(Synchronised: false, (uint)ClockError.LeastUs + 8_640_000), error.At(new MonotonicInstant((2 + 86_400) * Second), synchronised: false, 16_000_000));
    }

    [Fact]
    public void TheKernelAnswers()
    {
        ClockState state = new KernelClock(TimeProvider.System).State;
        Assert.InRange(state.UncertaintyMicroseconds, (uint)ClockError.LeastUs, uint.MaxValue - 1);
    }

    [Fact]
    public void DriftUncertaintyAndTheDevicesOwnDateAreSignals()
    {
        var time = new Ticking();
        DeviceIntake intake = Of(time, out BedSink sink);
        for (int i = 0; i < 400; i++)
        {
            time.Monotonic = i * Second;
            ulong counter = (ulong)(i * Second * (1 + 50e-6)) / Tick;
            DateTime wall = new UtcInstant(time.Monotonic).ToDateTime().UtcDateTime.AddHours(1);
            intake.OnEvent(new DeviceEvent.WallClock(wall, new DeviceTicks(counter)), new MonotonicInstant(time.Monotonic));
        }

        NumericBlock Newest(string id) => sink.Blocks.OfType<NumericBlock>().Last(block => block.Signal == sink.Signals.Single(signal => signal.Id == id).Number);
        Assert.InRange(Newest("bedside/clock-drift").Readings[0].Value!.Value.ToDouble(), 45, 55);
        Assert.InRange(Newest("bedside/clock-uncertainty").Readings[0].Value!.Value.ToDouble(), 0.1, 30);
        Assert.InRange(Newest("bedside/wall-clock-offset").Readings[0].Value!.Value.ToDouble(), 3_599, 3_601);
        Assert.Equal(6, sink.Blocks.OfType<NumericBlock>().Count(block => block.Signal == Newest("bedside/clock-drift").Signal));
    }

    private static DeviceIntake Of(Ticking time, out BedSink sink)
    {
        sink = new BedSink();
        return new DeviceIntake("test", Traits, sink, new BoxClock(time));
    }

    private static Dictionary<int, UtcInstant> TimesOf(BedSink sink) =>
        sink.Blocks.OfType<SampleBlock>().Where(block => block.Samples.Length == 32).ToDictionary(block => block.Samples.Span[0], block => block.Start);

    private sealed class Ticking : TimeProvider
    {
        public long Monotonic { get; set; }

        public override long TimestampFrequency => Second;

        public override long GetTimestamp() => Monotonic;

        public override DateTimeOffset GetUtcNow() => new UtcInstant(Monotonic).ToDateTime();
    }
}
