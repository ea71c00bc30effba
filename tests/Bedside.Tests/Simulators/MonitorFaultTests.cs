using Bedside.Simulators;
using Bedside.Simulators.Philips;

namespace Bedside.Tests.Simulators;

/// <summary>Each fault does what its line in the help says, and only while it lasts.</summary>
public sealed class MonitorFaultTests
{
    private const ushort Numerics = 6;
    private const ushort Waves = 9;
    private const uint Minute = 480_000;
    private const uint Arterial = 0x00024A14;

    private static Conversation Talk(params string[] options) => new Conversation(["--accept-delay", "0", .. options]).Associated();

    private static Reply[] WavesOf(Conversation talk, double seconds, params uint[] labels)
    {
        talk.SetWaves(labels);
        talk.Poll(6, Waves, 0, Minute);
        for (double passed = 0; passed < seconds; passed += 5)
        {
            talk.Run(5);
            talk.Poll(1, 0x21, 0x080A, null);
        }

        return [.. talk.Hear().Where(r => r.Type == 0xE1 && r.Command == 7 && r.Operation != 3 && r.IsExtended)];
    }

    [Fact]
    public void Every_listed_fault_can_be_scheduled_and_no_other()
    {
        var talk = new Conversation();
        Assert.All(MonitorFaults.Kinds, k => Assert.True(talk.Faults.TryAdd(k.Name + "@3+2", 0)));
        Assert.False(talk.Faults.TryAdd("nonsense", 0));
        Assert.False(talk.Faults.TryAdd("garbage@x", 0));
        Assert.False(talk.Faults.TryAdd("garbage@1+-2", 0));
        Assert.Equal(MonitorFaults.Kinds.Count, MonitorFaults.Kinds.Select(k => k.Name).Distinct().Count());
    }

    [Fact]
    public void With_every_fault_at_once_the_simulator_goes_on()
    {
        string[] all = [.. MonitorFaults.Kinds.Where(k => k.Name is not "refuse" and not "counter-wrap").SelectMany(k => (string[])["--fault", k.Name + "@4"])];
        foreach (Transport transport in (Transport[])[Transport.Udp, Transport.Pty])
        {
            Conversation talk = new Conversation(transport, ["--accept-delay", "0", .. all]).Associated();
            talk.Poll(1, Numerics, 0, Minute);
            talk.Poll(2, Waves, 0, Minute);
            talk.Run(40);
            Assert.NotEmpty(talk.HearBytes());
        }
    }

    [Fact]
    public void Dropped_doubled_and_swapped_messages_show_in_the_sequence()
    {
        Conversation dropping = Talk("--fault", "drop-packet");
        dropping.Poll(5, Numerics, 0x0803, Minute);
        dropping.Run(9.5);
        dropping.Poll(1, 0x21, 0x080A, null);
        dropping.Run(9.5);
        int[] left = [.. dropping.Hear().Where(r => r.IsExtended).Select(r => (int)r.Sequence)];
        Assert.True(left.Length < left[^1] + 1);

        int[] doubled = [.. WavesOf(Talk("--fault", "duplicate-packet"), 15, Arterial).Select(r => (int)r.Sequence)];
        Assert.True(doubled.Length > doubled.Distinct().Count());

        int[] swapped = [.. WavesOf(Talk("--fault", "reorder-packet"), 15, Arterial).Select(r => (int)r.Sequence)];
        Assert.NotEqual(swapped.Order(), swapped);
    }

    [Fact]
    public void Silence_is_silent_and_over_when_it_should_be()
    {
        Conversation talk = Talk("--fault", "silence@4+3");
        talk.Poll(5, Numerics, 0x0803, Minute);
        talk.Run(9);
        double[] times = [.. talk.Hear().Select(r => r.Seconds)];
        Assert.DoesNotContain(times, t => t is > 4 and < 7);
        Assert.Contains(times, t => t > 7);
    }

    [Fact]
    public void The_counter_wraps_within_seconds()
    {
        Conversation talk = Talk("--fault", "counter-wrap");
        talk.Poll(5, Numerics, 0x0803, Minute);
        talk.Run(9.5);
        uint[] times = [.. talk.Hear().Select(r => r.Time)];
        Assert.True(times[0] > 0xFFFF0000);
        Assert.True(times[^1] < 0x10000);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(8192u, unchecked(pair.Second - pair.First)));
    }

    [Fact]
    public void The_wall_clock_jumps_while_the_relative_clock_goes_on()
    {
        Conversation talk = Talk("--fault", "clock-jump@5", "--wall-offset-days", "-4000");
        talk.Poll(1, 0x21, 0x080A, null);
        talk.Run(3);
        talk.Poll(2, 0x21, 0x080A, null);
        talk.Run(1.1);
        var replies = talk.Hear().Select(r => (r.Time, Wall: Convert.ToHexString(Assert.Single(r.Objects).Attributes[0x0987]))).ToArray();
        Assert.StartsWith("20150402", replies[0].Wall, StringComparison.Ordinal);
        Assert.Equal("10", replies[0].Wall[8..10]);
        Assert.Equal("11", replies[1].Wall[8..10]);
        Assert.InRange((replies[1].Time - replies[0].Time) / 8000.0, 2, 5);
    }

    [Fact]
    public void Cycles_jitter_but_their_times_do_not()
    {
        Conversation talk = Talk("--fault", "cycle-jitter");
        talk.Poll(5, Numerics, 0x0803, Minute);
        talk.Run(9.5);
        Reply[] heard = [.. talk.Hear()];
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.Equal(8192u, pair.Second.Time - pair.First.Time));
        double[] gaps = [.. heard.Zip(heard.Skip(1), (a, b) => b.Seconds - a.Seconds)];
        Assert.All(gaps, g => Assert.InRange(g, 0.93, 1.12));
        Assert.Contains(gaps, g => Math.Abs(g - 1.024) > 0.015);
    }

    [Fact]
    public void An_unplugged_module_takes_its_objects_away_and_raises_a_technical_alarm()
    {
        Conversation talk = Talk("--fault", "module-unplug@2+60");
        talk.Run(2.1);
        talk.Poll(1, Numerics, 0x0803, null);
        talk.Poll(2, 0x36, 0x0801, null);
        talk.Run(1.1);
        Reply[] heard = [.. talk.Hear()];
        Assert.DoesNotContain(heard[0].Objects, o => o.Handle == 35098);
        Assert.Contains(heard[0].Objects, o => o.Handle == 0x82B3);
        Assert.Equal(1, heard[1].Objects[0].Attributes[0x0904][1]);
    }

    [Fact]
    public void A_split_slice_is_two_results_of_one_time()
    {
        Reply[] heard = WavesOf(Talk("--fault", "split-slice"), 5, Arterial, 0x00020102);
        Reply[] split = [.. heard.GroupBy(r => r.Time).Where(g => g.Count() == 2).SelectMany(g => g)];
        Assert.NotEmpty(split);
        Assert.All(split.Chunk(2), pair =>
        {
            Assert.Equal(pair[0].Sequence + 1, pair[1].Sequence);
            Assert.NotEqual(pair[0].Objects.Single().Handle, pair[1].Objects.Single().Handle);
        });
    }

    [Fact]
    public void A_late_scale_leaves_samples_without_a_context_for_a_while()
    {
        Reply[] heard = WavesOf(Talk("--fault", "scale-late@0+10"), 15, Arterial);
        int first = Array.FindIndex(heard, r => r.Objects.Any(o => o.Attributes.ContainsKey(0x096F)));
        Assert.True(first > 8);
        Assert.True(heard[1].Objects[0].Attributes.ContainsKey(0x096E));
    }

    [Theory]
    [InlineData("scale-change@7+30")]
    [InlineData("wrong-scale-late@7+30")]
    public void A_changed_scale_changes_the_numbers_and_is_announced(string fault)
    {
        Reply[] heard = WavesOf(Talk("--fault", fault), 10, Arterial, 0x00024A1C, 0x00024A44, 0x00025000);
        ushort Highest(Reply r) => r.Objects.Where(o => o.Handle == 0x091C).SelectMany(o => o.Attributes[0x096E][6..].Chunk(2)).Select(b => (ushort)((b[0] << 8) | b[1])).Max();
        int changed = Array.FindIndex(heard, 4, r => r.Objects.Count == 4 && Highest(r) < 1500);
        int announced = Array.FindIndex(heard, r => r.Objects.Any(o => o.Handle == 0x091C && o.Attributes.TryGetValue(0x096F, out byte[]? scale) && scale[11] == 0xD0));
        Assert.True(changed > 0 && announced >= 0);
        Assert.Equal(fault.StartsWith("scale", StringComparison.Ordinal), announced == changed);
        Assert.Equal(0x80, heard[announced].Objects.Single(o => o.Handle == 0x091C).Attributes[0x096D][4]);
    }

    [Fact]
    public void Marks_and_bad_states_are_where_they_should_be()
    {
        Reply[] paced = WavesOf(Talk("--fault", "pacer"), 5, 0x00020102);
        int marks = paced[1..].SelectMany(r => r.Objects[0].Attributes[0x096E][6..].Chunk(2)).Count(b => b[0] == 0x80 && b[1] == 0x04);
        Assert.InRange(marks, 2, 8);

        Conversation talk = Talk("--fault", "invalid@0+60", "--fault", "leads-off@0+60");
        talk.Poll(1, Numerics, 0x0803, null);
        talk.Run(1.1);
        var objects = Assert.Single(talk.Hear()).Objects.ToDictionary(o => o.Handle, o => o.Attributes);
        Assert.Equal("8400", Convert.ToHexString(objects[0x82B3][0x0950][2..4]));
        Assert.Equal("8400", Convert.ToHexString(objects[35098][0x094B][6..8]));
        Assert.Equal(0x44, objects[0x83D5][0x0950][2]);
        Assert.Equal("2400" + "0AE0" + "007FFFFF", Convert.ToHexString(objects[33481][0x0950][2..10]));
    }

    [Fact]
    public void Bad_frames_are_bad_and_the_others_good()
    {
        foreach (string fault in (string[])["corrupt-fcs", "frame-abort", "truncated-frame", "garbage"])
        {
            Conversation talk = new Conversation(Transport.Pty, "--accept-delay", "0", "--fault", fault).Associated();
            talk.SetWaves(Arterial);
            talk.Poll(6, Waves, 0, Minute);
            talk.Run(9);
            byte[] bytes = talk.HearBytes();
            int begun = bytes.Count(b => b == SerialFrame.Begin);
            var reader = new FrameReader();
            int good = bytes.Select(reader.Push).OfType<byte[]>().Count();
            Assert.InRange(good, 25, 40);
            Assert.True(fault is "garbage" ? bytes.Length > 0 : begun > good, fault);
        }
    }

    [Fact]
    public void More_than_the_line_carries_is_late_and_then_lost_and_said()
    {
        Conversation talk = new Conversation(Transport.Pty, "--accept-delay", "0", "--baud", "19200").Associated();
        talk.SetWaves(0x00020100, 0x00020102, 0x00020143, 0x00020101, Arterial, 0x00024A1C, 0x00024A44, 0x00024BB4);
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(9);
        Assert.InRange(talk.HearBytes().Length, 1_000, 1_920 * 9);
        Assert.Contains("cannot carry", talk.Log.ToString(), StringComparison.Ordinal);
    }
}
