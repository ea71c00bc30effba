using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer;

/// <summary>The rules that need no server.</summary>
public class RulesTests
{
    private static readonly UtcInstant Now = new(1_795_285_519_789_086_700);

    [Theory]
    [InlineData(0, 1, "Live")]
    [InlineData(2_000, 1, "Live")]
    [InlineData(2_001, 1, "Late")]
    [InlineData(10_000, 1, "Late")]
    [InlineData(10_001, 1, "Lost")]
    [InlineData(10_000, 5, "Live")]
    [InlineData(10_001, 5, "Late")]
    [InlineData(20_001, 5, "Lost")]
    [InlineData(-2_001, 1, "Late")]
    [InlineData(-10_001, 1, "Lost")]
    public void A_value_is_live_late_or_lost_by_its_distance_in_time(int ageMs, int expectedS, string state) =>
        Assert.Equal(state, FreshnessRules.Of(Now.Add(-ageMs * 1_000_000L), Now, TimeSpan.FromSeconds(expectedS)).ToString());

    [Theory]
    [InlineData(2_200, 1_280, "Live")]
    [InlineData(2_201, 1_280, "Late")]
    [InlineData(2_201, 1_500, "Late")]
    [InlineData(3_002, 1_501, "Live")]
    [InlineData(3_003, 1_501, "Late")]
    public void A_value_that_is_due_every_second_or_so_is_late_as_soon_as_a_wave(int ageMs, int expectedMs, string state) =>
        Assert.Equal(state, FreshnessRules.Of(Now.Add(-ageMs * 1_000_000L), Now, TimeSpan.FromMilliseconds(expectedMs)).ToString());

    [Fact]
    public void An_aperiodic_value_is_as_fresh_as_its_device()
    {
        Assert.Equal(Freshness.Live, FreshnessRules.OfAperiodic(DeviceState.Receiving, newest: null, Now));
        Assert.Equal(Freshness.Late, FreshnessRules.OfAperiodic(DeviceState.Silent, Now.Add(TimeSpan.FromSeconds(-9)), Now));
        Assert.Equal(Freshness.Lost, FreshnessRules.OfAperiodic(DeviceState.Silent, Now.Add(TimeSpan.FromSeconds(-11)), Now));
        Assert.Equal(Freshness.Lost, FreshnessRules.OfAperiodic(DeviceState.Unplugged, newest: null, Now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(951_827_696_999_999_999)]
    [InlineData(1_795_285_519_789_086_700)]
    [InlineData(4_102_444_799_999_999_999)]
    public void A_time_is_written_as_the_model_writes_it(long nanoseconds)
    {
        var instant = new UtcInstant(nanoseconds);
        Span<byte> text = stackalloc byte[InstantText.Length];

        Assert.True(InstantText.TryWrite(instant, text));

        Assert.Equal(instant.ToString(), System.Text.Encoding.ASCII.GetString(text));
    }

    [Theory]
    [InlineData("12:00")]
    [InlineData("2026-11-21")]
    [InlineData("now")]
    [InlineData("")]
    [InlineData("1795285519")]
    public void Half_a_time_is_no_time(string text) => Assert.False(InstantText.TryRead(text, out _));

    [Fact]
    public void The_samples_of_a_range_are_those_that_begin_in_it()
    {
        var random = new Random(11);
        for (int round = 0; round < 2000; round++)
        {
            var block = new SampleBlock
            {
                Signal = new SignalNumber(1),
                Start = Now.Add(random.Next(-1000, 1000)),
                Period = new SamplePeriod(random.Next(1, 130), random.Next(1, 1000)),
                Samples = new int[random.Next(1, 40)],
                Scale = null,
            };
            var range = new TimeRange(Now.Add(random.NextInt64(-3_000_000_000, 3_000_000_000)), Now.Add(random.NextInt64(3_000_000_000, 9_000_000_000)));
            var part = SampleRange.Of(block, range);
            int[] expected = [.. Enumerable.Range(0, block.Samples.Length).Where(i => block.TimeOf(i) >= range.From && block.TimeOf(i) < range.To)];

            Assert.Equal(expected.Length, part.Count);
            Assert.True(part.Count == 0 || part.First == expected[0]);
        }
    }

    [Fact]
    public void Every_colour_group_of_the_nomenclature_has_a_colour_that_can_be_read_on_black()
    {
        foreach (NomenclatureEntry entry in Nomenclature.Shipped.Entries)
        {
            string colour = ColourMap.Of(entry.ColourGroup);
            Assert.Matches("^#[0-9a-f]{6}$", colour);
            Assert.True(ContrastOnBlack(colour) >= 7, $"{entry.ColourGroup}: {colour}");
        }
    }

    [Fact]
    public void The_colours_are_those_of_the_default_map()
    {
        Assert.Equal("#00e676", ColourMap.Of("ecg"));
        Assert.Equal("#ff6b6b", ColourMap.Of("art"));
        Assert.Equal("#7fb2ff", ColourMap.Of("cvp"));
        Assert.Equal("#ffd740", ColourMap.Of("pap"));
        Assert.Equal("#40e0ff", ColourMap.Of("spo2"));
        Assert.Equal("#ffb4a2", ColourMap.Of("vent-pressure"));
        Assert.Equal("#cdbcff", ColourMap.Of("vent-flow"));
    }

    [Fact]
    public void An_alert_is_one_interval_from_its_start_to_its_end()
    {
        AlertAnswer alert = Assert.Single(Intervals(
            Blocks.Alert(Now, "a", AlertPhase.Start, "low", AlertPriority.Medium),
            Blocks.Alert(Now.Add(1), "a", AlertPhase.Update, "lower", AlertPriority.High),
            Blocks.Alert(Now.Add(2), "a", AlertPhase.End, string.Empty, AlertPriority.None)));

        Assert.Equal((Now, Now.Add(2), "end", "lower", AlertPriority.High), (alert.Since, alert.Until, alert.Ended, alert.Text, alert.Priority));
    }

    [Fact]
    public void An_alert_that_begins_anew_is_two_intervals()
    {
        AlertAnswer[] alerts = Intervals(Blocks.Alert(Now, "a", AlertPhase.Start), Blocks.Alert(Now.Add(5), "a", AlertPhase.Start));

        Assert.Equal(("restart", Now.Add(5)), (alerts[0].Ended, alerts[0].Until!.Value));
        Assert.Null(alerts[1].Until);
    }

    [Fact]
    public void An_alert_of_a_device_that_fell_silent_is_not_on_for_ever()
    {
        AlertAnswer alert = Assert.Single(Intervals(Blocks.Alert(Now, "a", AlertPhase.Start), Blocks.Device(Now.Add(9), DeviceState.Unplugged)));

        Assert.Equal(("lost", Now.Add(9)), (alert.Ended, alert.Until!.Value));
    }

    [Fact]
    public void An_alert_whose_start_was_not_heard_begins_where_it_was_first_heard_of()
    {
        AlertAnswer alert = Assert.Single(Intervals(Blocks.Alert(Now, "a", AlertPhase.Update)));

        Assert.Equal((Now, null), (alert.Since, alert.Until));
    }

    private static AlertAnswer[] Intervals(params Block[] blocks)
    {
        var intervals = new AlertIntervals();
        foreach (Block block in blocks)
        {
            intervals.Observe(block);
        }

        return [.. intervals.All];
    }

    /// <summary>WCAG 2.2, contrast ratio against #000.</summary>
    private static double ContrastOnBlack(string colour)
    {
        double[] channels = [.. Enumerable.Range(0, 3).Select(i => Convert.ToInt32(colour.Substring(1 + (2 * i), 2), 16) / 255.0)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        return ((0.2126 * channels[0]) + (0.7152 * channels[1]) + (0.0722 * channels[2]) + 0.05) / 0.05;
    }
}
