using System.Buffers.Binary;
using System.Text;
using Bedside.Simulators.GeDatex;
using Bedside.Simulators.Wfdb;
using Vectors = Bedside.Tests.Ingest.GeDatexDri.Vectors;
using Wire = Bedside.Tests.Ingest.GeDatexDri.Wire;

namespace Bedside.Tests.Simulators.GeDatex;

/// <summary>The simulated monitor against the sheet's rules for one (section 14), bytes read without the driver.</summary>
public sealed class S5ProtocolTests
{
    [Fact]
    public void It_is_silent_until_it_is_asked()
    {
        var bench = new MonitorBench();
        bench.Run(20);
        Assert.Empty(bench.Bytes);
    }

    [Fact]
    public void Displayed_values_come_in_four_classes_every_so_often_until_they_are_ended()
    {
        var bench = new MonitorBench("--level", "8");
        bench.Say(Vectors.DisplayedEveryTenSeconds);
        bench.Run(32);
        Heard[] values = [.. bench.Values];
        Assert.Equal(4, values.Length);
        Assert.All(values, record => Assert.Equal((1152, 8, 0x1234), (record.Record.Length, record.Record[3], BinaryPrimitives.ReadUInt16LittleEndian(record.Record.AsSpan(4)))));
        Assert.All(values, record => Assert.Equal([(1, 0x081), (1, 0x181), (1, 0x281), (1, 0x381)], record.Subrecords.Select((one, i) => (one.Type, (int)record.Word(i, 276)))));
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.Equal(10, pair.Second.At - pair.First.At, 0.1));
        bench.Say(Vectors.StopDisplayed);
        bench.Run(20);
        Assert.Equal(4, bench.Values.Count());
    }

    [Fact]
    public void Classes_are_those_asked_for()
    {
        var bench = new MonitorBench();
        bench.Say(Request(1, 5, 0x05));
        bench.Run(2);
        Assert.Equal([2], bench.Values.Single().Subrecords.Select((_, i) => bench.Values.Single().Word(i, 276) >> 8));
        var old = new MonitorBench("--level", "2");
        old.Say(Request(1, 5, 0x0E));
        old.Run(2);
        Assert.Single(old.Values.Single().Subrecords);
    }

    [Fact]
    public void A_single_answer_comes_once_in_five_seconds_and_short_periods_are_ignored()
    {
        var bench = new MonitorBench();
        bench.Say(Vectors.DisplayedOnceBasic);
        bench.Run(2);
        bench.Say(Vectors.DisplayedOnceBasic);
        bench.Run(4);
        Assert.Single(bench.Values);
        bench.Say(Vectors.DisplayedOnceBasic);
        bench.Run(2);
        Assert.Equal(2, bench.Values.Count());
        bench.Say(Request(1, 4, 0));
        bench.Run(10);
        Assert.Equal(2, bench.Values.Count());
    }

    [Fact]
    public void Trends_need_displayed_values_and_a_case()
    {
        var bench = new MonitorBench("--fault", "no-case@200+200");
        bench.Say(Vectors.TrendsOfSixtySeconds);
        bench.Run(70);
        Assert.Empty(bench.Values);
        bench.Say(Vectors.DisplayedEveryTenSeconds);
        bench.Run(120);
        Assert.Contains(bench.Values, record => record.Subrecords[0].Type == 3);
        bench.Run(20);
        int known = bench.Values.Count(record => record.Subrecords[0].Type == 3);
        bench.Run(120);
        Assert.Equal(known, bench.Values.Count(record => record.Subrecords[0].Type == 3));
    }

    [Fact]
    public void Requests_with_a_wrong_checksum_a_wrong_length_or_wrong_packing_are_not_heard()
    {
        var bench = new MonitorBench();
        byte[] checksum = Vectors.FirstLead;
        checksum[^2]++;
        byte[] length = Vectors.FirstLead[1..^2];
        length[0]++;
        byte[] padded = [.. Vectors.DisplayedEveryTenSeconds[1..^2], 0, 0, 0];
        padded[0] += 3;
        bench.Say([.. checksum, .. Wire.Framed(length), .. Wire.Framed(padded)]);
        bench.Run(10);
        Assert.Empty(bench.Bytes);
    }

    [Fact]
    public void Waves_begin_within_a_second_with_a_gap_and_come_in_whole_samples()
    {
        var bench = new MonitorBench();
        bench.Say(Vectors.FourWaves);
        bench.Run(10.5);
        Heard[] waves = [.. bench.Waves];
        Assert.InRange(waves[0].At, 0, 1.1);
        Assert.Equal([1, 4, 8, 9], waves[0].Subrecords.Select(one => one.Type));
        Assert.All(waves.Take(1), record => Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(1, record.Word(i, 2) & 1)));
        Assert.All(waves.Skip(1), record => Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(0, record.Word(i, 2) & 1)));
        Assert.All(waves, record => Assert.NotEqual(0, record.Word(0, 2) & 0x2C90));
        int[] counts = [.. Enumerable.Range(0, 4).Select(i => waves.Sum(record => record.Word(i, 0)))];
        Assert.Equal([3000, 1000, 1000, 250], counts);
        bench.Say(Vectors.NoWaves);
        int known = bench.Waves.Count();
        bench.Run(3);
        Assert.InRange(bench.Waves.Count(), known, known + 1);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(167)]
    [InlineData(1000)]
    public void Every_period_of_packets_gives_the_exact_number_of_samples(int period)
    {
        var bench = new MonitorBench("--packet", period.ToString());
        bench.Say(Vectors.FourWaves);
        bench.Run(20.6);
        int packets = bench.Waves.Count();
        Assert.Equal(packets * (long)period * 300 / 1000, bench.Waves.Sum(record => (long)record.Word(0, 0)));
        Assert.Equal(packets * (long)period * 25 / 1000, bench.Waves.Sum(record => (long)record.Word(3, 0)));
    }

    [Fact]
    public void What_exceeds_six_hundred_samples_or_is_not_known_is_left_out_in_silence()
    {
        var bench = new MonitorBench("--level", "8");
        bench.Say(Waves(1, 2, 4, 99, 36));
        bench.Run(3);
        Assert.All(bench.Waves, record => Assert.Equal([1, 2], record.Subrecords.Select(one => one.Type)));
        bench.Say(Waves(4, 5, 6, 7, 9, 10, 11, 12));
        bench.Run(3);
        Assert.Equal([4, 5, 6, 7, 9, 10, 11, 12], bench.Waves.Last().Subrecords.Select(one => one.Type));
    }

    [Fact]
    public void Numbers_count_all_records_and_times_are_those_of_the_wall_clock()
    {
        var bench = new MonitorBench("--clock-offset", "7200");
        bench.Say([.. Vectors.DisplayedEveryTenSeconds, .. Vectors.FourWaves, .. Vectors.AlarmsOnChange]);
        bench.Run(150);
        byte[] numbers = [.. bench.Records.Select(record => record.Record[2])];
        Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.Equal((byte)(pair.First + 1), pair.Second));
        Assert.Contains((byte)255, numbers);
        uint started = (uint)(bench.Clock.StartedAt.UnixNanoseconds / 1_000_000_000);
        Assert.InRange(bench.Records[0].Seconds, started + 7200, started + 7202);
    }

    [Fact]
    public void Alarms_come_at_once_and_then_when_they_change()
    {
        var bench = new MonitorBench("--fault", "apnoea@10+10", "--french");
        bench.Say(Vectors.AlarmsOnChange);
        bench.Run(9);
        Heard first = Assert.Single(bench.Alarms);
        Assert.Equal((550, 1), (first.Record.Length, first.Word(0, 2)));
        bench.Run(5);
        byte[] line = bench.Alarms.Last().Subrecords[0].Data[10..108];
        Assert.Equal(("APNÉE CO2", 3), (Encoding.Latin1.GetString(line, 0, 9), BinaryPrimitives.ReadInt16LittleEndian(line.AsSpan(82))));
        bench.Run(10);
        Assert.Equal(3, bench.Alarms.Count());
        var old = new MonitorBench("--level", "9");
        old.Say(Vectors.AlarmsOnChange);
        old.Run(5);
        Assert.Empty(old.Bytes);
    }

    [Fact]
    public void A_switched_off_monitor_forgets_what_it_was_asked()
    {
        var bench = new MonitorBench("--fault", "restart@10+3");
        bench.Say([.. Vectors.DisplayedEveryTenSeconds, .. Vectors.FourWaves]);
        bench.Run(14);
        bench.Take();
        bench.Run(20);
        Assert.Empty(bench.Bytes);
    }

    [Fact]
    public void The_line_carries_no_more_than_its_speed()
    {
        var bench = new MonitorBench("--level", "8");
        bench.Say([.. Request(1, 5, 0x0E), .. Waves(1, 4, 8, 9, 15)]);
        bench.Run(20);
        Assert.InRange(bench.Bytes.Count / 20.0, 1000, 19_200 / 11.0);
        Assert.All(bench.Records, record => Assert.True(record.Sound));
    }

    [Fact]
    public void Flags_and_escapes_in_values_are_stuffed()
    {
        foreach (byte value in (byte[])[0x7D, 0x7E])
        {
            byte[] record = new byte[50];
            record.AsSpan().Fill(value);
            byte[] wire = DriFrame.Encode(record);
            Assert.Equal(2, wire.Count(one => one == 0x7E));
            Assert.Equal(record, Assert.Single(new DriFrame.Receiver().Take(wire)));
        }

        for (int spoil = 0; spoil < 256; spoil++)
        {
            byte[] wire = DriFrame.Encode([1, 2, 3], spoil);
            Assert.Equal(2, wire.Count(one => one == 0x7E));
            Assert.Equal(spoil == 0 ? 1 : 0, new DriFrame.Receiver().Take(wire).Count());
        }
    }

    [Fact]
    public void A_record_is_played_from_its_first_sample_at_the_interfaces_rate()
    {
        var header = WfdbHeader.Parse("x 2 100 1000\nx.dat 16 100/mmHg 16 0 0 0 0 ABP\nx.dat 16 1000/mV 16 0 0 0 0 II\n");
        int[] pressure = [.. Enumerable.Range(0, 1000).Select(i => 8000 + i)];
        int[] lead = [.. Enumerable.Range(0, 1000).Select(i => 3 * i)];
        var waves = RecordedWaves.Of([new WfdbRecord(header, [pressure, lead])], once: true, TextWriter.Null);
        DriMoment moment = null!;
        Assert.Equal(pressure, Enumerable.Range(0, 1000).Select(i => (int)waves.Sample(4, i, moment)));
        Assert.Equal(Enumerable.Range(0, 2998), Enumerable.Range(0, 2998).Select(i => (int)waves.Sample(1, i, moment)));
        Assert.Equal((8, 2, 0), (waves.Label(4, moment), waves.Label(1, moment), waves.Label(8, moment)));
        Assert.True(waves.IsOver(4, 1000));
        Assert.False(waves.IsOver(4, 999));
    }

    private static byte[] Request(byte kind, short interval, byte classes)
    {
        byte[] record = Vectors.DisplayedEveryTenSeconds[1..^2];
        record[40] = kind;
        BitConverter.TryWriteBytes(record.AsSpan(41), interval);
        record[43] = classes;
        return Wire.Framed(record);
    }

    private static byte[] Waves(params byte[] ids)
    {
        byte[] record = Vectors.FirstLead[1..^2];
        record.AsSpan(44, 8).Clear();
        ids.CopyTo(record, 44);
        if (ids.Length < 8)
        {
            record[44 + ids.Length] = 0xFF;
        }

        return Wire.Framed(record);
    }
}
