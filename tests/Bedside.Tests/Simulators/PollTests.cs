using System.Text;
using Bedside.Simulators;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators;

/// <summary>Polls, results, lists and errors, as the protocol sheet's sections 5 to 7, 9 to 12 and 18 have them.</summary>
public sealed class PollTests
{
    private const ushort Numerics = 6;
    private const ushort Waves = 9;
    private const ushort Alarms = 0x36;
    private const ushort MonitorSystem = 0x21;
    private const uint Minute = 480_000;

    private static Conversation Talk(params string[] options) => new Conversation(["--accept-delay", "0", .. options]).Associated();

    [Fact]
    public void A_single_poll_is_answered_on_the_cycle_with_at_least_fifteen_numerics()
    {
        Conversation talk = Talk();
        talk.Poll(2, Numerics, 0x0803, null);
        talk.Run(1.1);
        Reply reply = Assert.Single(talk.Hear());
        Assert.Equal(0u, (reply.Time - 0x0D59F800 - 768) % 8192);
        Assert.True(reply.Objects.Count(o => o.Attributes.Count > 0) >= 15);
        Assert.Contains(reply.Objects, o => o.Attributes.Count == 0);
        Assert.Equal([0, 1], reply.Objects.Select(o => (int)o.Context).Distinct());
    }

    [Fact]
    public void The_heart_rate_on_the_wire_is_the_patients()
    {
        Conversation talk = Talk("--seed", "7");
        talk.Poll(2, Numerics, 0x0803, null);
        talk.Run(1.1);
        Reply reply = Assert.Single(talk.Hear());
        byte[] value = reply.Objects.Single(o => o.Handle == 0x82B3).Attributes[0x0950];
        long sent = talk.Clock.PatientTime((long)(reply.Seconds * 1e9));
        Assert.Equal("41820400" + "0AA0", Convert.ToHexString(value[..6]));
        Assert.Equal(Math.Round(talk.Patient.Value(PatientValue.HeartRate, sent)), value[9], 1.0);
    }

    [Fact]
    public void More_than_one_single_poll_a_second_is_dropped_but_the_value_group_has_its_own()
    {
        Conversation talk = Talk();
        talk.Poll(1, Numerics, 0x0811, null);
        talk.Poll(2, Numerics, 0x0811, null);
        talk.Poll(3, Numerics, 0x0803, null);
        talk.Poll(4, MonitorSystem, 0x080A, null);
        talk.Run(1.1);
        Assert.Equal([1, 3, 4], talk.Hear().Select(r => (int)r.Invoke).Distinct());
    }

    [Fact]
    public void An_extended_poll_counts_from_zero_once_a_cycle_and_ends_with_its_period()
    {
        Conversation talk = Talk();
        talk.Poll(5, Numerics, 0x0803, 5 * 8000);
        talk.Run(8);
        IReadOnlyList<Reply> heard = talk.Hear();
        Assert.Equal([0, 1, 2, 3, 4], heard.Select(r => (int)r.Sequence));
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.Equal(8192u, pair.Second.Time - pair.First.Time));
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.Equal(1.024, pair.Second.Seconds - pair.First.Seconds, 0.01));
    }

    [Fact]
    public void A_renewed_poll_takes_the_place_of_the_old_one()
    {
        Conversation talk = Talk();
        talk.Poll(5, Numerics, 0x0803, Minute);
        talk.Run(3);
        talk.Poll(6, Numerics, 0x0803, Minute);
        talk.Run(3);
        IReadOnlyList<Reply> heard = talk.Hear();
        Assert.Equal([0, 1, 2, 0, 1, 2], heard.Select(r => (int)r.Sequence));
        Assert.Equal([5, 5, 5, 6, 6, 6], heard.Select(r => (int)r.Invoke));
    }

    [Fact]
    public void A_result_beyond_the_MTU_is_linked_and_always_ended_by_a_result()
    {
        Conversation talk = Talk("--mtu", "700");
        talk.Poll(5, Numerics, 0, Minute);
        talk.Run(6);
        IReadOnlyList<Reply> heard = talk.Hear();
        Assert.All(heard, r => Assert.True(r.Bytes.Length <= 700));
        var empty = new List<bool>();
        foreach (IGrouping<ushort, Reply> result in heard.GroupBy(r => r.Sequence))
        {
            Reply[] parts = [.. result];
            Assert.Equal(1, parts[0].LinkState);
            Assert.Equal(3, parts[^2].LinkState);
            Assert.All(parts[1..^2], p => Assert.Equal(2, p.LinkState));
            Assert.False(parts[^1].IsLinked);
            Assert.Equal(Enumerable.Range(1, parts.Length - 1), parts[..^1].Select(p => (int)p.Bytes[9]));
            Assert.Equal(20, parts.Sum(p => p.Objects.Count));
            Assert.Single(parts.Select(p => p.Time).Distinct());
            empty.Add(parts[^1].Objects.Count == 0);
        }

        Assert.Contains(true, empty);
        Assert.Contains(false, empty);
    }

    [Fact]
    public void Lost_fragments_are_lost()
    {
        Conversation talk = Talk("--mtu", "700", "--fault", "lost-fragment");
        talk.Poll(5, Numerics, 0, Minute);
        talk.Run(6);
        Assert.Contains(talk.Hear().GroupBy(r => r.Sequence), g => g.Sum(p => p.Objects.Count) < 20);
    }

    [Fact]
    public void Waves_come_as_a_context_and_then_as_four_blocks_a_cycle()
    {
        Conversation talk = Talk();
        talk.SetWaves(0x00024A14, 0x00020102, 0x00024BB4);
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(7);
        Reply[] heard = [.. talk.Hear().Where(r => r.Operation == 2 && r.Command == 7)];
        Assert.Equal(0, heard[0].Sequence);
        Assert.All(heard[0].Objects, o => Assert.False(o.Attributes.ContainsKey(0x096E)));
        Assert.Equal(3, heard[0].Objects.Count);
        Assert.Equal(2816u, heard[0].Time - heard[1].Time);

        Reply[] blocks = heard[1..];
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(2048u, pair.Second.Time - pair.First.Time));
        Assert.Equal(Enumerable.Range(1, blocks.Length), blocks.Select(b => (int)b.Sequence));
        double lag = blocks[3].Seconds - ((blocks[3].Time - 0x0D59F800) / 8000.0);
        Assert.InRange(lag, 1.6, 1.7);
        Assert.InRange(blocks[6].Seconds - ((blocks[6].Time - 0x0D59F800) / 8000.0), 0.85, 0.95);

        // One wave's context a cycle, in front of its samples.
        Assert.Equal(1, blocks[3].Objects.Count(o => o.Attributes.ContainsKey(0x096F)));
        Assert.All(blocks[4..7], b => Assert.DoesNotContain(b.Objects, o => o.Attributes.ContainsKey(0x096F)));
    }

    [Fact]
    public void The_samples_on_the_wire_are_the_patients_wave()
    {
        Conversation talk = Talk("--seed", "3");
        talk.SetWaves(0x00024A14);
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(4);
        Reply block = talk.Hear().First(r => r.Command == 7 && r.Sequence == 2);
        byte[] value = Assert.Single(block.Objects).Attributes[0x096E];
        Assert.Equal(64 + 6, value.Length);
        long first = talk.Clock.PatientTime((block.Time - 0x0D59F800L) * 125_000);
        for (int at = 0; at < 32; at++)
        {
            int raw = (value[6 + (2 * at)] << 8) | value[7 + (2 * at)];
            double pressure = -40 + ((raw - 160) * 560.0 / 8960);
            Assert.Equal(talk.Patient.Wave(PatientWave.ArterialPressure, first + (at * 8_000_000L)), pressure, 0.032);
        }
    }

    [Fact]
    public void A_renewed_wave_poll_loses_no_block()
    {
        Conversation talk = Talk();
        talk.SetWaves(0x00024A14);
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(5);
        talk.Poll(7, Waves, 0, Minute);
        talk.Run(5);
        uint[] times = [.. talk.Hear().Where(r => r.Command == 7 && r.Objects.Any(o => o.Attributes.ContainsKey(0x096E))).Select(r => r.Time).Order()];
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(2048u, pair.Second - pair.First));
    }

    [Fact]
    public void The_effective_list_leaves_out_what_is_unknown_or_too_much()
    {
        Conversation talk = Talk();
        talk.SetWaves(0x00020102, 0x0002FFFF, 0x00020101, 0x00020143, 0x0002013D, 0x00024A14);
        talk.Run(0.2);
        Reply reply = Assert.Single(talk.Hear());
        Assert.Equal(5, reply.Command);
        Assert.Equal("F23A" + "0014" + "0004" + "0010" + "00020102" + "00020101" + "00020143" + "00024A14", Convert.ToHexString(reply.Bytes[24..]));
    }

    [Fact]
    public void An_empty_list_gives_empty_results_and_the_compound_ECG_has_three_leads_of_one_handle()
    {
        Conversation talk = Talk();
        talk.SetWaves();
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(3);
        Assert.All(talk.Hear().Where(r => r.Command == 7), r => Assert.Empty(r.Objects));

        talk.SetWaves(0x00020100, 0x00020102);
        talk.Run(2.2);
        Reply block = talk.Hear().Last(r => r.Command == 7);
        Assert.Equal([686, 686], block.Objects.Select(o => (int)o.Handle));
        byte[] compound = block.Objects[0].Attributes[0x0967];
        Assert.Equal(4 + (3 * (6 + 128)), compound.Length);
        Assert.Equal(6 + 256, block.Objects[1].Attributes[0x096E].Length);
    }

    [Fact]
    public void The_compound_ECG_carries_the_same_heart_as_the_single_lead()
    {
        Conversation talk = Talk();
        talk.SetWaves(0x00020100, 0x00020102);
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(4);
        Reply block = talk.Hear().Last(r => r.Command == 7);
        byte[] compound = block.Objects[0].Attributes[0x0967][4..];
        byte[] single = block.Objects[1].Attributes[0x096E];
        Assert.Equal(single[..2], compound[..2]);
        for (int at = 0; at < 64; at++)
        {
            Assert.Equal(single[(6 + (4 * at))..(8 + (4 * at))], compound[(6 + (2 * at))..(8 + (2 * at))]);
        }
    }

    [Fact]
    public void Unknown_actions_classes_and_attributes_are_errors_and_an_unconfirmed_set_is_not_answered()
    {
        Conversation talk = Talk();
        talk.Say("E100000200010018000900070012002100000000000000000C17000400010001");
        talk.Poll(3, 2, 0, null);
        talk.Say(IntelliVueVectors.GetWaveList.Replace("F23A", "F23B", StringComparison.Ordinal).Replace("00040003", "000A0003", StringComparison.Ordinal));
        talk.Say(IntelliVueVectors.SetWaveList.Replace("00050005", "00050004", StringComparison.Ordinal));
        talk.Run(1.2);
        IReadOnlyList<Reply> heard = talk.Hear();
        Assert.Equal(3, heard.Count);
        Assert.Equal(IntelliVueVectors.NoSuchAction, Convert.ToHexString(heard[0].Bytes));
        Assert.Equal("E1000002" + "0003" + "0008" + "0003" + "0000" + "0002" + "0002", Convert.ToHexString(heard[1].Bytes));
        Assert.Equal(IntelliVueVectors.NoSuchAttribute.Replace("F23B", "F23B", StringComparison.Ordinal), Convert.ToHexString(heard[2].Bytes));
    }

    [Fact]
    public void Without_the_granted_bit_there_are_no_waves()
    {
        Conversation talk = Talk("--grant", "80000000");
        talk.Poll(6, Waves, 0, Minute);
        talk.Run(0.2);
        Assert.Equal(3, Assert.Single(talk.Hear()).Operation);
    }

    [Fact]
    public void The_cuff_pressure_carries_its_time_every_cycle_and_the_demo_bit_is_always_set()
    {
        Conversation talk = Talk();
        talk.Poll(6, Numerics, 0, Minute);
        talk.Run(3.1);
        var cuffs = talk.Hear().SelectMany(r => r.Objects).Where(o => o.Handle == 33810).ToList();
        Assert.Equal(3, cuffs.Count);
        Assert.Single(cuffs.Select(c => Convert.ToHexString(c.Attributes[0x0990])).Distinct());
        Assert.StartsWith("20260315", Convert.ToHexString(cuffs[0].Attributes[0x0990]), StringComparison.Ordinal);
        Assert.Equal(0x04, cuffs[0].Attributes[0x094B][6] & 0x04);
    }

    [Fact]
    public void Many_alarms_are_listed_by_kind_and_the_counter_moves_when_they_change()
    {
        Conversation talk = Talk("--alarms", "many");
        talk.Poll(7, Alarms, 0x0801, 4 * Minute);
        talk.Run(9);
        talk.Poll(8, MonitorSystem, 0x080A, null);
        talk.Run(9);
        talk.Poll(8, MonitorSystem, 0x080A, null);
        talk.Run(5);
        Reply[] heard = [.. talk.Hear().Where(r => r.IsExtended)];
        Assert.All(heard, r => Assert.Equal(33793, Assert.Single(r.Objects).Handle));
        int[] patient = [.. heard.Select(r => (int)r.Objects[0].Attributes[0x0902][1])];
        int[] technical = [.. heard.Select(r => (int)r.Objects[0].Attributes[0x0904][1])];
        Assert.Contains(4, patient);
        Assert.Contains(3, patient);
        Assert.All(technical, n => Assert.Equal(4, n));
        Assert.True(heard.Select(r => r.Objects[0].Attributes[0x0916][3]).Distinct().Count() >= 2);
    }

    [Fact]
    public void A_long_alarm_list_takes_several_messages()
    {
        Conversation talk = Talk("--alarms", "long");
        talk.Poll(7, Alarms, 0x0801, Minute);
        talk.Run(1.2);
        IReadOnlyList<Reply> heard = talk.Hear();
        Assert.True(heard.Count >= 3);
        Assert.All(heard, r => Assert.True(r.Bytes.Length <= 1364));
        Assert.Equal([33793, 33793], heard.SelectMany(r => r.Objects).Select(o => (int)o.Handle));
    }

    [Fact]
    public void Labels_are_in_the_chosen_language_and_pressures_in_kilopascal()
    {
        Conversation talk = Talk("--language", "fr", "--kpa");
        talk.Poll(6, Numerics, 0, 4000);
        talk.Run(1.2);
        var objects = talk.Hear().SelectMany(r => r.Objects).ToList();
        byte[] label = objects.Single(o => o.Handle == 0x82B3).Attributes[0x0927];
        Assert.Equal("FC    \0", Encoding.BigEndianUnicode.GetString(label[2..]));
        byte[] pressure = objects.Single(o => o.Handle == 35098).Attributes[0x094B];
        Assert.Equal("0F03FF", Convert.ToHexString(pressure[8..11]));
    }

    [Fact]
    public void Nobody_is_admitted_unless_said_and_patients_change_and_leave()
    {
        Conversation talk = Talk("--admit", "Test,Anna,SIM-1,1960-07-04,f", "--fault", "patient-change@5", "--fault", "discharge@8");
        var seen = new List<string>();
        for (int turn = 0; turn < 4; turn++)
        {
            talk.Poll(9, 0x2A, 0x0807, null);
            talk.Run(2.1);
            IReadOnlyDictionary<ushort, byte[]> patient = Assert.Single(talk.Hear().SelectMany(r => r.Objects)).Attributes;
            seen.Add($"{patient[0x0957][1]} {Encoding.BigEndianUnicode.GetString(patient[0x095C][2..]).TrimEnd('\0')}");
        }

        Assert.Equal("2 Test", seen[0]);
        Assert.Contains("2 Exemple", seen);
        Assert.Equal("8 Exemple", seen[^1]);

        Conversation empty = Talk();
        empty.Poll(9, 0x2A, 0x0807, null);
        empty.Run(1.1);
        IReadOnlyDictionary<ushort, byte[]> nobody = Assert.Single(Assert.Single(empty.Hear()).Objects).Attributes;
        Assert.Equal("0000", Convert.ToHexString(nobody[0x0957]));
        Assert.Equal("00020000", Convert.ToHexString(nobody[0x095D]));
    }
}
