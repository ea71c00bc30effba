using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Linked results, sequence numbers and the monitor's clock.</summary>
public sealed class ResultTests
{
    private const ushort Invoke = 3;

    public static TheoryData<int[]> Orders => [.. Permutations([0, 1, 2, 3])];

    public static TheoryData<int> Fragments => [0, 1, 2, 3];

    [Fact]
    public void The_linked_example_gives_each_value_once_and_misses_nothing()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Vectors.LinkedFirst);
        box.Hear(Vectors.LinkedLast);
        box.Hear(Vectors.LinkedEnd);
        box.Pass(6);

        Assert.Equal(["abp-sys", "abp-dia", "abp-mean", "hr"], box.Of<DeviceEvent.Numeric>().Select(one => one.Metric.SignalId));
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Fragments_may_come_in_any_order(int[] order)
    {
        var box = new Listener(listenOnly: true);
        byte[][] parts = Linked(sequence: 0, time: 8192);
        foreach (int part in order)
        {
            box.Hear(parts[part]);
        }

        box.Hear(Plain(sequence: 1, time: 16384));
        Assert.Equal(5, box.Of<DeviceEvent.Numeric>().Count());
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Theory]
    [MemberData(nameof(Fragments))]
    public void A_lost_fragment_is_said_once_and_the_others_are_used(int lost)
    {
        var box = new Listener(listenOnly: true);
        byte[][] parts = Linked(sequence: 0, time: 8192);
        foreach (byte[] part in parts.Where((_, at) => at != lost))
        {
            box.Hear(part);
        }

        box.Pass(4);
        box.Hear(Plain(sequence: 1, time: 16384));
        DeviceEvent.Missing missing = Assert.Single(box.Of<DeviceEvent.Missing>());
        Assert.Equal((GapCause.LostMessage, 1L, new DeviceTicks(8192)), (missing.Cause, missing.Count, missing.At));
        Assert.Equal(4, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void Duplicates_change_nothing()
    {
        var box = new Listener(listenOnly: true);
        foreach (byte[] part in Linked(sequence: 0, time: 8192).SelectMany(part => new[] { part, part }))
        {
            box.Hear(part);
        }

        box.Hear(Plain(sequence: 1, time: 16384));
        box.Hear(Plain(sequence: 1, time: 16384));
        Assert.Equal(5, box.Of<DeviceEvent.Numeric>().Count());
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void A_gap_in_the_sequence_is_counted()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(sequence: 7, time: 8192));
        box.Hear(Plain(sequence: 11, time: 8192 * 5));

        DeviceEvent.Missing missing = Assert.Single(box.Of<DeviceEvent.Missing>());
        Assert.Equal((3L, new DeviceTicks(8192 * 5)), (missing.Count, missing.At));
    }

    [Fact]
    public void The_sequence_wraps_from_65535_to_0()
    {
        var box = new Listener(listenOnly: true);
        for (int i = 0; i < 6; i++)
        {
            box.Hear(Plain(unchecked((ushort)(0xFFFD + i)), (uint)(8192 * (i + 1))));
        }

        Assert.Empty(box.Of<DeviceEvent.Missing>());
        Assert.Equal(6, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void A_renewed_poll_begins_at_0_without_a_gap()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(sequence: 20, time: 8192));
        box.Hear(Vectors.ExtendedPoll, ChunkDirection.ToDevice);
        box.Hear(Plain(sequence: 0, time: 16384));
        box.Hear(Plain(sequence: 1, time: 24576));

        Assert.Empty(box.Of<DeviceEvent.Missing>());
        Assert.Equal(3, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void When_the_first_result_of_a_renewed_poll_is_lost_one_is_missing()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(sequence: 20, time: 8192));
        box.Hear(Vectors.ExtendedPoll, ChunkDirection.ToDevice);
        box.Hear(Plain(sequence: 1, time: 24576));

        Assert.Equal(1, Assert.Single(box.Of<DeviceEvent.Missing>()).Count);
    }

    [Fact]
    public void A_datagram_that_comes_late_is_still_used()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(sequence: 5, time: 8192));
        box.Hear(Plain(sequence: 7, time: 8192 * 3));
        box.Hear(Plain(sequence: 6, time: (8192 * 3) - 2048));
        box.Hear(Plain(sequence: 8, time: 8192 * 4));

        Assert.Equal(4, box.Of<DeviceEvent.Numeric>().Count());
        Assert.Equal(1, box.Of<DeviceEvent.Missing>().Sum(missing => missing.Count));
    }

    [Fact]
    public void The_first_result_may_come_after_the_second()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(sequence: 1, time: 8192));
        box.Hear(Plain(sequence: 0, time: 9216));
        for (ushort i = 2; i < 9; i++)
        {
            box.Hear(Plain(i, i * 8192u));
        }

        Assert.Equal(9, box.Of<DeviceEvent.Numeric>().Count());
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void The_last_results_of_a_renewed_poll_may_come_among_the_first_new_ones()
    {
        var box = new Listener(listenOnly: true);
        ushort[] sequences = [68, 69, 0, 70, 71, 1, 72, 2, 3];
        for (int i = 0; i < sequences.Length; i++)
        {
            box.Hear(Plain(sequences[i], (uint)(8192 + (i * 2048))));
            if (i == 0)
            {
                box.Hear(Vectors.ExtendedPoll, ChunkDirection.ToDevice);
            }
        }

        Assert.Equal(sequences.Length, box.Of<DeviceEvent.Numeric>().Count());
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void Relative_time_wraps_without_a_restart()
    {
        var box = new Listener(listenOnly: true);
        for (int i = 0; i < 4; i++)
        {
            box.Hear(Plain((ushort)i, unchecked(0xFFFFC000u + (uint)(8192 * i))));
            box.Pass(1);
        }

        Assert.Empty(box.Of<DeviceEvent.ClockRestarted>());
        Assert.Equal([0xFFFFC000ul, 0xFFFFE000ul, 0ul, 0x2000ul], box.Of<DeviceEvent.Numeric>().Select(one => one.At!.Value.Counter));
    }

    [Theory]
    [InlineData(0x0D5A5800u)]
    [InlineData(0x90000000u)]
    public void A_monitor_that_was_restarted_is_noticed(uint before)
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(0, before));
        box.Pass(1);
        box.Hear(Plain(1, before + 8192));
        box.Pass(90);
        box.Hear(Plain(0, 100_000));
        box.Pass(1);
        box.Hear(Plain(1, 108_192));
        box.Pass(1);
        box.Hear(Plain(2, 116_384));

        Assert.Single(box.Of<DeviceEvent.ClockRestarted>());
        int restarted = box.Events.FindIndex(said => said is DeviceEvent.ClockRestarted);
        Assert.All(
            box.Events.Skip(restarted).OfType<DeviceEvent.Numeric>(),
            numeric => Assert.True(numeric.At!.Value.Counter < 200_000));
        Assert.All(
            box.Events.Take(restarted).OfType<DeviceEvent.Numeric>(),
            numeric => Assert.True(numeric.At!.Value.Counter >= before));
    }

    [Fact]
    public void An_introduction_alone_proves_a_restart()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(0, 0x0D5A5800));
        box.Pass(60);
        box.Hear(Wire.MdsCreate(1, 50_000));
        box.Hear(Plain(0, 58_192));

        Assert.Single(box.Of<DeviceEvent.ClockRestarted>());
        Assert.Equal(2, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void One_result_with_a_strange_time_is_not_a_restart()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(0, 0x0D5A5800));
        box.Pass(1);
        box.Hear(Plain(1, 0x01000000));
        box.Pass(1);
        box.Hear(Plain(2, 0x0D5A5800 + 16384));

        Assert.Empty(box.Of<DeviceEvent.ClockRestarted>());
        Assert.Equal(2, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void A_monitor_up_for_days_without_us_is_the_same_monitor()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Plain(0, 1_000_000));
        box.Hear(new Chunk(new MonotonicInstant(4L * 24 * 3600 * 1_000_000_000), Plain(0, unchecked(1_000_000u + (uint)(4L * 24 * 3600 * 8000)))));

        Assert.Empty(box.Of<DeviceEvent.ClockRestarted>());
        Assert.Equal(2, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void A_clock_set_by_staff_is_said_and_a_running_one_once_a_minute()
    {
        var box = new Listener(listenOnly: true);
        for (int i = 0; i < 20; i++)
        {
            int second = i < 10 ? i * 4 : (i * 4) + 7;
            string wall = $"20240315 10{30 + (second / 60):00}{second % 60:00}00";
            box.Hear(Wire.Single(2, (uint)(i * 32000), Wire.System, Wire.Context(0, Wire.Object(0, Wire.Attribute(0x0987, Wire.Hex(wall)), Wire.Attribute(0x098F, Wire.U32((uint)(i * 32000)))))));
            box.Pass(4);
        }

        Assert.Equal([0ul, 320_000ul], box.Of<DeviceEvent.WallClock>().Select(one => one.At!.Value.Counter));
        Assert.Empty(box.Of<DeviceEvent.ClockRestarted>());
    }

    private static byte[] Plain(ushort sequence, uint time) =>
        Wire.Reply(Invoke, sequence, time, Wire.Numeric, [Wire.Context(1, Wire.Object(1, Wire.NumericValue(0x4182, 70)))]);

    /// <summary>Three fragments and the closing result, each fragment with another signal.</summary>
    private static byte[][] Linked(ushort sequence, uint time)
    {
        ushort[] physio = [0x4182, 0x4BB8, 0x500A];
        return
        [
            .. physio.Select((id, at) => Wire.Reply(
                Invoke, sequence, time, Wire.Numeric, [Wire.Context(1, Wire.Object((ushort)(at + 1), Wire.NumericValue(id, 70)))], at switch { 0 => 1, 2 => 3, _ => 2 }, (byte)(at + 1))),
            Wire.Reply(Invoke, sequence, time, Wire.Numeric, [Wire.Context(1, Wire.Object(9, Wire.NumericValue(0x4822, 70)))]),
        ];
    }

    private static IEnumerable<int[]> Permutations(int[] items) =>
        items.Length == 1 ? [items] : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
