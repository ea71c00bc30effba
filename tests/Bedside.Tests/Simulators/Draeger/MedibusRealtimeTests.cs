using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;
using Xunit;

namespace Bedside.Tests.Simulators.Draeger;

public sealed class MedibusRealtimeTests
{
    private sealed record Record(byte Sync, List<(int Command, int Argument)> Pairs, List<int> Bins);

    [Fact]
    public void Curves_come_out_at_their_rate_as_the_patient_breathes()
    {
        Ventilator evita = Streaming(new Ventilator(Medibus.Evita), "000101010301", mask: 7);
        double from = evita.Seconds;

        evita.Run(10, stepMicroseconds: 500);

        Record[] records = Records(evita.Realtime);
        Assert.InRange(records.Length, 620, 630);
        Assert.All(records, record => Assert.Equal((0xD7, 3), ((int)record.Sync, record.Bins.Count)));
        Assert.Equal(0, evita.LostRecords);
        (double offset, double error) = Fit(records, evita, from);
        Assert.InRange(offset, 0, 0.017);
        Assert.InRange(error, 0, 0.08);
        int breaths = records.Count(record => record.Pairs.Contains((6, 0)));
        double rate = evita.Patient.Value(PatientValue.RespirationRate, evita.Clock.PatientTime(evita.Clock.Now));
        Assert.InRange(breaths, (rate / 6) - 1.5, (rate / 6) + 1.5);
        Assert.DoesNotContain(records, record => record.Pairs.Contains((6, 1)));
    }

    [Fact]
    public void A_V500_marks_both_phases_and_sends_five_curves()
    {
        Ventilator v500 = Streaming(new Ventilator(Medibus.V500, "--baud", "38400"), "00010101030106011C01", mask: 15);
        v500.Say(0xD0, 0xC2, 0xC1, 0xC0, 0xC0);

        v500.Run(10, stepMicroseconds: 500);

        Record[] records = [.. Records(v500.Realtime).Skip(2).SkipLast(1)];
        Assert.InRange(records.Length, 1240, 1250);
        Assert.Equal(0, v500.LostRecords);
        Assert.All(records, record => Assert.Equal(5, record.Bins.Count));
        Assert.Equal(1, Records(v500.Realtime).Count(record => record.Pairs.Contains((4, 1))));
        int inspirations = records.Count(record => record.Pairs.Contains((6, 0)));
        int expirations = records.Count(record => record.Pairs.Contains((6, 1)));
        Assert.InRange(inspirations, 1, 4);
        Assert.InRange(expirations, inspirations - 1, inspirations + 1);
    }

    [Fact]
    public void Slow_data_go_on_between_and_inside_the_records()
    {
        Ventilator evita = Streaming(new Ventilator(Medibus.Evita), "000101010301", mask: 7);
        evita.Frames.Clear();
        evita.Bytes.Clear();
        int polls = 0;
        while (evita.Seconds < 30)
        {
            foreach (byte code in new byte[] { 0x24, 0x27, 0x29, 0x2A })
            {
                Assert.NotNull(evita.Ask(code, within: 2));
                polls++;
                evita.Run(0.001 * (polls % 17));
            }
        }

        Assert.True(polls > 40, $"{polls} polls");
        Assert.All(evita.Frames, frame => Assert.True(frame.Sound));
        Assert.Equal(0, evita.LostRecords);
        Assert.All(Records(evita.Realtime).Skip(1), record => Assert.Equal(3, record.Bins.Count));
        Assert.True(Inside(evita) > 500, "records stand inside responses");
        Assert.True(InsideChecksum(evita) > 0, "and between the digits of a checksum");
    }

    [Fact]
    public void The_line_never_carries_more_than_its_speed()
    {
        Ventilator evita = Streaming(new Ventilator(Medibus.Evita, "--baud", "9600"), "0001010103010601", mask: 15);
        evita.Bytes.Clear();
        double from = evita.Seconds;
        for (int i = 0; i < 5; i++)
        {
            evita.Command(0x24);
            evita.Run(2);
        }

        double rate = evita.Bytes.Count / (evita.Seconds - from);
        Assert.InRange(rate, 500, 873);
    }

    [Fact]
    public void Too_many_curves_for_the_line_lose_whole_records_and_no_byte_of_the_others()
    {
        Ventilator v500 = Streaming(new Ventilator(Medibus.V500, "--baud", "9600"), "0001010103010601", mask: 15);

        v500.Run(10);

        Assert.True(v500.LostRecords > 10, $"{v500.LostRecords} lost");
        Assert.All(Records(v500.Realtime).SkipLast(1), record => Assert.Equal(4, record.Bins.Count));
    }

    [Fact]
    public void A_missing_curve_shortens_the_record()
    {
        Ventilator evita = Streaming(new Ventilator(Medibus.Evita), "00010601", mask: 3);
        evita.Run(1);
        Assert.True(evita.Faults.TryStart("co2-off"));
        evita.Realtime.Clear();
        evita.Run(1);

        Assert.All(Records(evita.Realtime).Skip(1), record => Assert.Equal((0xD1, 1), ((int)record.Sync, record.Bins.Count)));
        Assert.DoesNotContain("E6", MedibusConversationTests.Values(evita.Ask(0x24), 4).Keys);
    }

    [Fact]
    public void New_scales_stop_the_data_until_the_host_has_asked_again()
    {
        Ventilator v500 = Streaming(new Ventilator(Medibus.V500), "0001", mask: 1);
        string before = v500.Ask(0x53) ?? string.Empty;
        v500.Frames.Clear();
        Assert.True(v500.Faults.TryStart("rescale"));
        v500.Run(0.5);
        Assert.Contains(v500.Frames, frame => frame is { Kind: 'E', Code: 0x56 });
        v500.Realtime.Clear();
        v500.Say(0xD0, 0xC1, 0xC1, 0xC0, 0xC0);
        v500.Run(0.5);
        Assert.Empty(v500.Realtime);
        Assert.NotEqual(before, v500.Ask(0x53));
        Assert.Equal(string.Empty, v500.Ask(0x54, "0001"));
        v500.Say(0xD0, 0xC1, 0xC1, 0xC0, 0xC0);
        v500.Run(0.5);
        Assert.NotEmpty(v500.Realtime);
    }

    [Fact]
    public void A_clock_that_is_fast_sends_more_samples()
    {
        Ventilator plain = Streaming(new Ventilator(Medibus.Evita), "0001", mask: 1);
        Ventilator fast = Streaming(new Ventilator(Medibus.Evita, "--drift", "10000"), "0001", mask: 1);
        plain.Run(20);
        fast.Run(20);

        Assert.InRange(Records(fast.Realtime).Length - Records(plain.Realtime).Length, 10, 15);
    }

    private static Ventilator Streaming(Ventilator ventilator, string selection, int mask)
    {
        _ = ventilator.Connect();
        Assert.NotNull(ventilator.Ask(0x53));
        Assert.Equal(string.Empty, ventilator.Ask(0x54, selection));
        ventilator.Realtime.Clear();
        ventilator.Say(0xD0, 0xC1, (byte)(0xC0 | mask), 0xC0, 0xC0);
        return ventilator;
    }

    /// <summary>Reads the realtime bytes by the sheet's rules; the first record after a cut may be torn.</summary>
    private static Record[] Records(List<byte> bytes)
    {
        var records = new List<Record>();
        int low = -1;
        int command = -1;
        foreach (byte one in bytes)
        {
            if (one >= 0xD0)
            {
                records.Add(new Record(one, [], []));
                (low, command) = (-1, -1);
            }
            else if (records.Count == 0)
            {
                continue;
            }
            else if (one >= 0xC0)
            {
                if (command >= 0)
                {
                    records[^1].Pairs.Add((command, one & 0x0F));
                }

                command = command >= 0 ? -1 : one & 0x0F;
            }
            else
            {
                if (low >= 0)
                {
                    records[^1].Bins.Add(low | ((one & 0x3F) << 6));
                }

                low = low >= 0 ? -1 : one & 0x3F;
            }
        }

        return [.. records];
    }

    /// <summary>The delay between patient and record that explains the airway pressure best, and the mean error that is left, mbar.</summary>
    private static (double Offset, double Error) Fit(Record[] records, Ventilator evita, double from)
    {
        (double Offset, double Error) best = (0, double.MaxValue);
        for (double offset = -0.05; offset <= 0.05; offset += 0.001)
        {
            double error = 0;
            for (int i = 0; i < records.Length; i++)
            {
                double measured = -10 + (records[i].Bins[0] * 110.0 / 0x370);
                double true_ = evita.Patient.Wave(PatientWave.AirwayPressure, evita.Clock.PatientTime((long)((from + offset + (i * 0.016)) * 1e9)));
                error += Math.Abs(measured - true_) / records.Length;
            }

            best = error < best.Error ? (offset, error) : best;
        }

        return best;
    }

    /// <summary>Realtime bytes between the first and the last byte of a response.</summary>
    private static int Inside(Ventilator ventilator)
    {
        int count = 0;
        bool open = false;
        foreach ((byte one, _) in ventilator.Bytes)
        {
            open = one < 0x80 ? one == 0x01 || (open && one != 0x0D) : open;
            count += one >= 0x80 && open ? 1 : 0;
        }

        return count;
    }

    private static int InsideChecksum(Ventilator ventilator)
    {
        byte[] bytes = [.. ventilator.Bytes.Select(one => one.Value)];
        int count = 0;
        for (int i = 2; i < bytes.Length; i++)
        {
            // A realtime byte, then one slow byte and CR: it stood between the two digits.
            byte[] slow = [.. bytes.AsSpan(i, Math.Min(64, bytes.Length - i)).ToArray().Where(one => one < 0x80).Take(2)];
            count += bytes[i] >= 0x80 && bytes[i - 1] < 0x80 && slow.Length == 2 && slow[1] == 0x0D && slow[0] != 0x0D ? 1 : 0;
        }

        return count;
    }
}
