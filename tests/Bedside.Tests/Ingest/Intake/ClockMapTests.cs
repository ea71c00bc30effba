using Bedside.Ingest.Intake;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Intake;

public class ClockMapTests
{
    private const long Second = 1_000_000_000;
    private const long Tick = 125_000;
    private static readonly long Base = UtcInstant.FromDateTime(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero)).UnixNanoseconds;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_true_time_lies_within_the_stated_uncertainty_whatever_jitter_and_drift(int seed)
    {
        var random = new Random(seed);
        double drift = (random.NextDouble() - 0.5) * 400e-6;
        double jitterMs = 0.2 + (random.NextDouble() * 50);
        uint start = (uint)random.NextInt64(uint.MaxValue);
        var map = new ClockMap(DeviceClock.EighthMillisecond32);
        long previous = long.MinValue;
        for (int i = 0; i < 900; i++)
        {
            long truth = Base + (long)(i * 1.024 * Second);
            uint counter = unchecked(start + (uint)((truth - Base) * (1 + drift) / Tick));
            double late = -Math.Log(1 - random.NextDouble()) * jitterMs * 1e6;
            (long device, string? epoch) = map.Observe(new DeviceTicks(counter), new UtcInstant(truth + (long)late));
            Assert.Equal(i == 0 ? "first" : null, epoch);
            MappedTime mapped = map.Map(device);
            Assert.True(mapped.Time.UnixNanoseconds > previous, "time ran backwards");
            previous = mapped.Time.UnixNanoseconds;
            double errorUs = Math.Abs(mapped.Time.UnixNanoseconds - truth) / 1e3;
            if (i > 10)
            {
                Assert.True(errorUs <= mapped.UncertaintyMicroseconds, $"second {i}: off by {errorUs:F0} us, said {mapped.UncertaintyMicroseconds}");
            }

            if (i > 400)
            {
                Assert.True(errorUs < 1000 + (jitterMs * 300), $"second {i}: off by {errorUs:F0} us at {jitterMs:F1} ms of jitter");
            }
        }
    }

    [Fact]
    public void Drift_is_measured_to_a_few_parts_per_million()
    {
        foreach (double ppm in new[] { -200.0, -37.5, 0, 80, 200 })
        {
            var random = new Random(7);
            var map = new ClockMap(DeviceClock.EighthMillisecond32);
            for (int i = 0; i < 900; i++)
            {
                long truth = Base + (i * Second);
                uint counter = (uint)(i * Second * (1 + (ppm * 1e-6)) / Tick);
                map.Observe(new DeviceTicks(counter), new UtcInstant(truth + (long)(random.NextDouble() * 5e6)));
            }

            Assert.InRange(map.DriftPpm, ppm - 4, ppm + 4);
        }
    }

    [Fact]
    public void The_counter_wraps_without_a_new_epoch_and_without_a_step()
    {
        var map = new ClockMap(DeviceClock.EighthMillisecond32);
        const uint start = 0xFFFF_0000;
        long previous = 0;
        for (int i = 0; i < 60; i++)
        {
            uint counter = unchecked(start + (uint)(i * 8000));
            (long device, string? epoch) = map.Observe(new DeviceTicks(counter), new UtcInstant(Base + (i * Second)));
            Assert.Equal(i == 0 ? "first" : null, epoch);
            if (i > 0)
            {
                Assert.Equal(Second, device - previous);
            }

            previous = device;
        }

        Assert.Equal(1u, map.Epoch);
    }

    [Fact]
    public void A_silence_of_nine_days_across_a_wrap_is_no_jump()
    {
        var map = new ClockMap(DeviceClock.EighthMillisecond32);
        map.Observe(new DeviceTicks(1000), new UtcInstant(Base));
        const long later = 9 * 86_400L;
        (long device, string? epoch) = map.Observe(new DeviceTicks(unchecked((uint)(1000 + (later * 8000)))), new UtcInstant(Base + (later * Second)));
        Assert.Null(epoch);
        Assert.Equal((1000 * Tick) + (later * Second), device);
    }

    [Fact]
    public void A_reboot_opens_a_new_epoch_at_the_first_message()
    {
        var map = new ClockMap(DeviceClock.EighthMillisecond32);
        for (int i = 0; i < 30; i++)
        {
            map.Observe(new DeviceTicks((ulong)(4_000_000 + (i * 8000))), new UtcInstant(Base + (i * Second)));
        }

        (long device, string? epoch) = map.Observe(new DeviceTicks(80), new UtcInstant(Base + (70 * Second)));
        Assert.Equal("jump", epoch);
        Assert.Equal(2u, map.Epoch);
        Assert.Equal(Base + (70 * Second), map.Map(device).Time.UnixNanoseconds);
    }

    [Fact]
    public void Wave_blocks_that_are_a_second_and_a_half_old_do_not_move_the_clock()
    {
        var map = new ClockMap(DeviceClock.EighthMillisecond32);
        for (int i = 1; i < 200; i++)
        {
            long now = i * Second;
            map.Observe(new DeviceTicks((ulong)(now / Tick)), new UtcInstant(Base + now));
            foreach (long old in new[] { 1630, 1380, 1120, 870 })
            {
                long then = now - (old * 1_000_000);
                if (then > Second)
                {
                    (long device, string? epoch) = map.Observe(new DeviceTicks((ulong)(then / Tick)), new UtcInstant(Base + now + 40_000_000));
                    Assert.Null(epoch);
                    Assert.InRange(map.Map(device).Time.UnixNanoseconds - (Base + then), -2_000_000, 2_000_000);
                }
            }
        }
    }

    [Fact]
    public void A_message_that_was_held_up_for_ten_seconds_is_late_and_not_a_jump()
    {
        var map = new ClockMap(DeviceClock.EighthMillisecond32);
        for (int i = 0; i < 60; i++)
        {
            long held = i == 40 ? 5 * Second : 0;
            (long device, string? epoch) = map.Observe(new DeviceTicks((ulong)(i * 8000)), new UtcInstant(Base + (i * Second) + held));
            Assert.Equal(i == 0 ? "first" : null, epoch);
            Assert.InRange(map.Map(device).Time.UnixNanoseconds - (Base + (i * Second)), -1_000_000, 1_000_000);
        }
    }

    [Fact]
    public void A_driver_that_knows_of_a_restart_gets_a_new_epoch_even_where_the_counter_fits()
    {
        var map = new ClockMap(DeviceClock.SampleCounting);
        map.BeginAfter(41);
        Assert.Equal("first", map.Observe(new DeviceTicks(0), new UtcInstant(Base)).NewEpoch);
        Assert.Equal(42u, map.Epoch);
        map.Restart();
        Assert.Equal("restart", map.Observe(new DeviceTicks(Second), new UtcInstant(Base + Second)).NewEpoch);
        Assert.Equal(43u, map.Epoch);
    }
}
