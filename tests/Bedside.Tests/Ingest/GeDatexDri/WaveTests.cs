using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Model;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>Waves on their timeline: steady, with gaps, losses, control codes and labels.</summary>
public sealed class WaveTests
{
    private const ulong Millisecond = 1_000_000;
    private const int Gap = 1;

    [Fact]
    public void Packets_follow_each_other_without_a_hole()
    {
        Ear ear = Steady(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (ulong)i * 1000 * Millisecond), TimesOf(ear, "art"));
        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.Empty(ear.Of<DeviceEvent.Missing>());
    }

    /// <summary>At 167 ms a wave of 25 a second has four samples in most packets and five in some: it stays on its own grid.</summary>
    [Fact]
    public void A_slow_wave_keeps_its_grid_beside_a_fast_one()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        int sent = 0;
        for (int i = 0; i < 60; i++)
        {
            int slow = ((i + 1) * 25 / 6) - (i * 25 / 6);
            sent += slow;
            byte[] record = Wire.Record(1, i, 8, (1, Wire.Wave(i == 0 ? Gap : 0, 2, Ramp(50))), (9, Wire.Wave(i == 0 ? Gap : 0, 0, Ramp(slow))));
            session.OnChunk(Wire.From(1000 + (i * 1000 / 6), record), ear);
        }

        DeviceEvent.Samples[] carbon = [.. ear.Of<DeviceEvent.Samples>().Where(one => one.Metric.SignalId.EndsWith("/CO2", StringComparison.Ordinal))];
        Assert.Equal(250, sent);
        ulong due = 0;
        foreach (DeviceEvent.Samples packet in carbon)
        {
            Assert.Equal(due, packet.At!.Value.Counter);
            due += (ulong)packet.Raw.Length * 40 * Millisecond;
        }

        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void More_than_eight_waves_in_several_records_share_their_time()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        for (int i = 0; i < 5; i++)
        {
            (int, byte[])[] eight = [.. Enumerable.Range(1, 8).Select(wave => (wave, Wire.Wave(i == 0 ? Gap : 0, wave == 4 ? 1 : 2, Ramp(wave <= 3 ? 60 : 20))))];
            session.OnChunk(Wire.From(1000 + (200 * i), Wire.Record(1, 2 * i, 11, eight)), ear);
            session.OnChunk(Wire.From(1020 + (200 * i), Wire.Record(1, (2 * i) + 1, 11, (38, Wire.Wave(i == 0 ? Gap : 0, 0, Ramp(20))))), ear);
        }

        Assert.Equal(TimesOf(ear, "art"), TimesOf(ear, "pleth-2"));
        Assert.Equal([0ul, 200 * Millisecond, 400 * Millisecond, 600 * Millisecond, 800 * Millisecond], TimesOf(ear, "pleth-2"));
        Assert.Equal(9, ear.Of<DeviceEvent.Samples>().Select(one => one.Metric).Distinct().Count());
    }

    [Fact]
    public void A_lost_packet_is_a_hole_of_its_length()
    {
        Ear ear = Steady(10, lost: 4);
        Assert.Equal([0, 1, 2, 3, 5, 6, 7, 8, 9], TimesOf(ear, "art").Select(time => (int)(time / 1000 / Millisecond)));
        DeviceEvent.Missing[] missing = [.. ear.Of<DeviceEvent.Missing>()];
        Assert.Contains(missing, one => one.Metric is null && one.Cause == GapCause.LostMessage && one.Count == 1);
        Assert.Contains(missing, one => one.Metric?.SignalId == "art" && one.Cause == GapCause.LostMessage && one.Count == 100);
        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void A_lost_record_of_values_leaves_the_waves_alone()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        int number = 0;
        for (int i = 0; i < 6; i++)
        {
            number += i == 3 ? 2 : 1;
            session.OnChunk(Wire.From(1000 * i, Wire.Record(1, number, 8, (4, Wire.Wave(i == 0 ? Gap : 0, 1, Ramp(100))))), ear);
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], TimesOf(ear, "art").Select(time => (int)(time / 1000 / Millisecond)));
        Assert.Equal(1, Assert.Single(ear.Of<DeviceEvent.Missing>()).Count);
    }

    [Fact]
    public void A_gap_that_the_monitor_marks_begins_a_new_timeline()
    {
        Ear ear = Steady(6, gapAt: 3);
        Assert.Equal([0, 1, 2, 0, 1, 2], TimesOf(ear, "art").Select(time => (int)(time / 1000 / Millisecond)));
        Assert.Equal("the monitor lost samples", Assert.Single(ear.Of<DeviceEvent.ClockRestarted>()).Reason);
    }

    [Fact]
    public void A_wave_that_is_left_out_for_a_while_goes_on_where_time_is_by_then()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        for (int i = 0; i < 6; i++)
        {
            (int, byte[]) ecg = (1, Wire.Wave(i == 0 ? Gap : 0, 2, Ramp(300)));
            (int, byte[]) art = (4, Wire.Wave(i == 0 ? Gap : 0, 1, Ramp(100)));
            session.OnChunk(Wire.From(1000 * i, i is 2 or 3 ? Wire.Record(1, i, 8, ecg) : Wire.Record(1, i, 8, ecg, art)), ear);
        }

        Assert.Equal([0, 1, 4, 5], TimesOf(ear, "art").Select(time => (int)(time / 1000 / Millisecond)));
    }

    [Fact]
    public void Control_codes_are_no_samples_and_say_why()
    {
        int[] samples = [10, -32767, -32767, -32766, -32764, -32763, -32762, -32000, -31999];
        Ear ear = Wire.Heard(Wire.Record(1, 1, 8, (4, Wire.Wave(0x2C92, 1, samples))));
        DeviceEvent.Samples art = Assert.Single(ear.Of<DeviceEvent.Samples>());
        Assert.Equal(samples, art.Raw.ToArray());
        Assert.Equal(
            [
                new ValidityRun(1, 3, Validity.NotAvailable), new ValidityRun(4, 2, Validity.Invalid | Validity.Saturated),
                new ValidityRun(6, 2, Validity.Invalid),
            ],
            art.Runs.ToArray());
        Assert.Equal(Validity.Valid, art.Validity);
    }

    [Fact]
    public void An_unused_channel_is_passed_over_and_a_lead_that_is_off_is_not()
    {
        Ear ear = Wire.Heard(Wire.Record(1, 1, 8, (1, Wire.Wave(0x2C98, 2, Same(-32767, 60))), (7, Wire.Wave(0x2C90, 0, Same(-32766, 20)))));
        DeviceEvent.Samples ecg = Assert.Single(ear.Of<DeviceEvent.Samples>());
        Assert.Equal(("ecg-ii", Validity.Invalid), (ecg.Metric.SignalId, ecg.Validity));
        Assert.Equal([new ValidityRun(0, 60, Validity.NotAvailable)], ecg.Runs.ToArray());
    }

    [Fact]
    public void Pacer_marks_and_reserved_bits_are_told_apart()
    {
        static DeviceEvent.Samples Of(int status) => Assert.Single(Wire.Heard(Wire.Record(1, 1, 8, (1, Wire.Wave(status, 2, Ramp(60))))).Of<DeviceEvent.Samples>());
        Assert.Equal(Validity.PacerMark, Of(0x2C90 | 4).Validity);
        Assert.Equal(Validity.Valid, Of(0xFFF2).Validity);
    }

    [Fact]
    public void Every_wave_of_the_sheet_has_its_rate_and_scale()
    {
        (int Id, string Signal, int Rate, double? Gain, string Unit)[] sheet =
        [
            (1, "ecg-unspecified", 300, 0.001, "mV"), (2, "ecg-unspecified", 300, 0.001, "mV"), (3, "ecg-unspecified", 300, 0.001, "mV"),
            (4, "ibp-generic", 100, 0.01, "mm[Hg]"), (7, "ibp-generic", 100, 0.01, "mm[Hg]"), (8, "pleth", 100, 0.01, "%"),
            (9, "raw/datex/wave.9/CO2", 25, 0.01, "%"), (10, "o2-wave", 25, 0.01, "%"), (11, "n2o-wave", 25, 0.01, "%"), (12, "agent-wave", 25, 0.01, "%"),
            (13, "paw", 25, 0.1, "cm[H2O]"), (14, "airway-flow", 25, 0.1, "L/min"), (15, "resp-impedance", 25, 0.01, "Ohm"),
            (16, "ibp-generic", 100, 0.01, "mm[Hg]"), (17, "ibp-generic", 100, 0.01, "mm[Hg]"), (18, "eeg-1", 100, 0.1, "uV"),
            (19, "eeg-2", 100, 0.1, "uV"), (20, "raw/datex/wave.20/EEG3", 100, 0.1, "uV"), (21, "raw/datex/wave.21/EEG4", 100, 0.1, "uV"),
            (23, "airway-volume", 25, 1, "mL"), (24, "raw/datex/wave.24/TONO-PRESS", 25, 0.1, "mbar"), (29, "raw/datex/wave.29/SPI-LOOP-STATUS", 25, null, "1"),
            (32, "raw/datex/wave.32/ENT-100", 100, 0.1, "uV"), (35, "raw/datex/wave.35/EEG-BIS", 300, 1, "uV"),
            (36, "ibp-generic", 100, 0.01, "mm[Hg]"), (37, "ibp-generic", 100, 0.01, "mm[Hg]"), (38, "pleth-2", 100, 0.01, "%"), (39, "resp-impedance", 100, 0.01, "Ohm"),
        ];
        foreach ((int id, string signal, int rate, double? gain, string unit) in sheet)
        {
            DeviceEvent.Samples wave = Assert.Single(Wire.Heard(Wire.Record(1, 1, 11, (id, Wire.Wave(1, 0, Ramp(rate))))).Of<DeviceEvent.Samples>());
            Assert.Equal((signal, unit, rate, gain), (wave.Metric.SignalId, wave.Metric.Unit, wave.Period.Hertz, wave.Scale?.Gain));
        }

        Assert.Equal(30, WaveTable.All.Count());
    }

    [Fact]
    public void The_displayed_values_name_leads_and_sites_and_the_packets_own_label_does_until_then()
    {
        byte[] waves = Wire.Record(1, 2, 8, (1, Wire.Wave(0, 2, Ramp(60))), (2, Wire.Wave(0, 7, Ramp(60))), (4, Wire.Wave(0, 8, Ramp(20))));
        Assert.Equal(["ecg-ii", "ecg-v", "abp"], Wire.Heard(waves).Of<DeviceEvent.Samples>().Select(one => one.Metric.SignalId));
        byte[] values = Wire.Record(0, 1, 8, (1, Wire.Class(0, [.. Wire.Group(4, 3, 0x0135), .. Wire.Group(20, 3, 2)])));
        Assert.Equal(["ecg-i", "ecg-iii", "cvp"], Wire.Heard(values, waves).Of<DeviceEvent.Samples>().Select(one => one.Metric.SignalId));
    }

    [Fact]
    public void A_wave_that_is_in_no_table_keeps_its_number_and_has_no_scale()
    {
        Ear ear = Wire.Heard(Wire.Record(1, 1, 11, (4, Wire.Wave(1, 1, Ramp(20))), (40, Wire.Wave(1, 0, Ramp(40)))));
        DeviceEvent.Samples unknown = ear.Of<DeviceEvent.Samples>().Single(one => one.Metric.DeviceCode == "datex:wave.40");
        Assert.Equal(("raw/datex/wave.40/unknown", 200d, null), (unknown.Metric.SignalId, unknown.Period.Hertz, unknown.Scale));
        Ear alone = Wire.Heard(Wire.Record(1, 1, 11, (40, Wire.Wave(1, 0, Ramp(40)))));
        Assert.Empty(alone.Of<DeviceEvent.Samples>());
        Assert.Equal((GapCause.Uncalibrated, 40L), (Assert.Single(alone.Of<DeviceEvent.Missing>()).Cause, alone.Of<DeviceEvent.Missing>().Single().Count));
    }

    [Fact]
    public void The_twelve_lead_coding_is_counted_and_not_guessed()
    {
        byte[] block = [0xE0, 0x01, 0, 0, 0, 0, .. new byte[14 + 56]];
        Ear ear = Wire.Heard(Wire.Record(1, 1, 11, (22, block)));
        Assert.Empty(ear.Of<DeviceEvent.Samples>());
        DeviceEvent.Missing missing = Assert.Single(ear.Of<DeviceEvent.Missing>());
        Assert.Equal(("raw/datex/wave.22/ECG12", GapCause.Uncalibrated), (missing.Metric?.SignalId, missing.Cause));
    }

    [Fact]
    public void A_packet_that_says_more_than_it_has_gives_what_it_has()
    {
        byte[] data = Wire.Wave(0, 1, Ramp(20));
        data[0] = 99;
        Ear ear = Wire.Heard(Wire.Record(1, 1, 8, (4, data)));
        Assert.Equal(20, Assert.Single(ear.Of<DeviceEvent.Samples>()).Raw.Length);
        Assert.Single(ear.Of<DeviceEvent.Fault>());
    }

    /// <summary>A record of one pressure each second, with the number of a record that was lost or a gap that the monitor marks.</summary>
    private static Ear Steady(int count, int lost = -1, int gapAt = -1)
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        for (int i = 0; i < count; i++)
        {
            if (i != lost)
            {
                session.OnChunk(Wire.From(1000 * (i + 1), Wire.Record(1, i, 8, (4, Wire.Wave(i == 0 || i == gapAt ? Gap : 0, 1, Ramp(100))))), ear);
            }
        }

        return ear;
    }

    private static int[] Ramp(int count) => [.. Enumerable.Range(0, count)];

    private static int[] Same(int value, int count) => [.. Enumerable.Repeat(value, count)];

    private static ulong[] TimesOf(Ear ear, string signal) =>
        [.. ear.Of<DeviceEvent.Samples>().Where(one => one.Metric.SignalId == signal).Select(one => one.At!.Value.Counter)];
}
