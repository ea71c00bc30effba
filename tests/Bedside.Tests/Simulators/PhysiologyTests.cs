using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators;

/// <summary>The patient's curves and numbers must tell the same story, measured here by other means than those that made them.</summary>
public sealed class PhysiologyTests
{
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;

    /// <summary>Some day in the patient's third year, so that large times are tried too.</summary>
    private const long Begin = 800L * 86_400 * Second;

    public static TheoryData<long> Seeds => [1, 2, 7, 42, -5, 1_000_003];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_heart_rate_is_the_rate_of_the_R_peaks_on_the_ECG(long seed)
    {
        var patient = new Patient(seed);
        for (int minute = 1; minute <= 5; minute++)
        {
            long at = Begin + (minute * 60 * Second);
            List<long> peaks = RPeaks(patient, at - (25 * Second), at);
            double interval = (peaks[^1] - peaks[^13]) / 12e9;

            // The numeric counts a peak as soon as it is there; the detector needs some milliseconds more.
            Assert.Equal(60 / interval, patient.Value(PatientValue.HeartRate, peaks[^1] + (20 * Millisecond)), 1.0);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_beats_counted_in_a_minute_of_ECG_are_those_of_the_beat_train(long seed)
    {
        var patient = new Patient(seed);
        Assert.Equal(patient.Beats(Begin, Begin + (60 * Second)).Count(), RPeaks(patient, Begin, Begin + (60 * Second)).Count, 1.0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_respiration_rate_is_that_of_the_breaths_in_the_flow(long seed)
    {
        var patient = new Patient(seed);
        long at = Begin + (120 * Second);
        var starts = new List<long>();
        double before = -1;
        for (long time = at - (60 * Second); time < at; time += 5 * Millisecond)
        {
            double flow = patient.Wave(PatientWave.AirwayFlow, time);
            if (flow > 10 && before <= 10)
            {
                starts.Add(time);
            }

            before = flow;
        }

        double interval = (starts[^1] - starts[^9]) / 8e9;
        Assert.Equal(60 / interval, patient.Value(PatientValue.RespirationRate, starts[^1]), 0.2);
    }

    [Fact]
    public void The_leads_obey_Einthoven_and_Goldberger_at_every_instant()
    {
        var patient = new Patient(3);
        for (long time = Begin; time < Begin + (5 * Second); time += 2 * Millisecond)
        {
            double i = patient.Wave(PatientWave.EcgI, time);
            double ii = patient.Wave(PatientWave.EcgII, time);
            Assert.Equal(ii - i, patient.Wave(PatientWave.EcgIII, time), 9);
            Assert.Equal(-(i + ii) / 2, patient.Wave(PatientWave.EcgAvr, time), 9);
            Assert.Equal(i - (ii / 2), patient.Wave(PatientWave.EcgAvl, time), 9);
            Assert.Equal(ii - (i / 2), patient.Wave(PatientWave.EcgAvf, time), 9);
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_patient_in_whatever_order_one_looks()
    {
        var forward = new Patient(11);
        var backward = new Patient(11);
        long[] times = [.. Enumerable.Range(0, 400).Select(n => Begin + (n * 137L * Millisecond))];
        double[] there = [.. times.Select(t => Everything(forward, t))];
        double[] back = [.. times.Reverse().Select(t => Everything(backward, t)).Reverse()];
        Assert.Equal(there, back);
        Assert.NotEqual(there[0], Everything(new Patient(12), times[0]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Pressures_are_measured_on_the_wave_and_lie_where_a_patient_lives(long seed)
    {
        var patient = new Patient(seed);
        long at = Begin + (200 * Second);
        double[] wave = [.. Enumerable.Range(0, 800).Select(n => patient.Wave(PatientWave.ArterialPressure, at - (n * 5L * Millisecond)))];
        double systolic = patient.Value(PatientValue.AbpSystolic, at);
        double diastolic = patient.Value(PatientValue.AbpDiastolic, at);
        double mean = patient.Value(PatientValue.AbpMean, at);
        Assert.Equal(wave.Max(), systolic, 9.0);
        Assert.Equal(wave.Min(), diastolic, 9.0);
        Assert.Equal(wave.Average(), mean, 5.0);
        Assert.InRange(systolic, 85, 165);
        Assert.InRange(diastolic, 40, 95);
        Assert.InRange((mean - diastolic) / (systolic - diastolic), 0.3, 0.55);
    }

    [Fact]
    public void The_pulse_comes_after_the_R_peak_and_later_still_at_the_finger()
    {
        var patient = new Patient(5);
        foreach (long beat in patient.Beats(Begin, Begin + (20 * Second)))
        {
            long artery = Foot(patient, PatientWave.ArterialPressure, beat) - beat;
            long finger = Foot(patient, PatientWave.Pleth, beat) - beat;
            Assert.InRange(artery / Millisecond, 120, 240);
            Assert.InRange((finger - artery) / Millisecond, 50, 180);
        }
    }

    [Fact]
    public void Pulse_pressure_varies_with_the_breath()
    {
        var patient = new Patient(9);
        double variation = patient.Value(PatientValue.PulsePressureVariation, Begin + (100 * Second));
        Assert.InRange(variation, 3, 25);
    }

    [Fact]
    public void Volume_is_the_integral_of_flow_and_the_pressures_follow_the_settings()
    {
        var patient = new Patient(4);
        (long start, long expiration, long end) = patient.BreathAt(Begin);
        double volume = patient.Wave(PatientWave.AirwayVolume, start);
        for (long time = start; time < end - Millisecond; time += Millisecond)
        {
            Assert.Equal(patient.Wave(PatientWave.AirwayVolume, time), volume, 3.0);
            volume += patient.Wave(PatientWave.AirwayFlow, time + (Millisecond / 2)) / 60;
        }

        VentilatorSettings settings = patient.Ventilator;
        Assert.Equal(settings.Peep + settings.InspiratoryPressure, patient.Wave(PatientWave.AirwayPressure, expiration - Millisecond), 0.2);
        Assert.Equal(settings.Peep, patient.Wave(PatientWave.AirwayPressure, expiration + Second), 0.2);
        Assert.Equal(patient.Value(PatientValue.PeakPressure, end + Second), settings.Peep + settings.InspiratoryPressure, 0.2);
        Assert.InRange(patient.Value(PatientValue.ExpiredTidalVolume, end + Second), 250, 750);
    }

    [Fact]
    public void The_capnogram_ends_each_expiration_at_end_tidal_and_is_washed_out_by_each_inspiration()
    {
        var patient = new Patient(8);
        (long start, long expiration, long end) = patient.BreathAt(Begin);
        Assert.Equal(patient.Value(PatientValue.EndTidalCo2, end + Millisecond), patient.Wave(PatientWave.AirwayCo2, end - Millisecond), 1.0);
        Assert.True(patient.Wave(PatientWave.AirwayCo2, start + (700 * Millisecond)) < 1);
        Assert.True(patient.Wave(PatientWave.AirwayCo2, expiration + (200 * Millisecond)) < 3);
    }

    [Fact]
    public void A_premature_beat_is_early_and_the_pause_after_it_makes_up_for_it()
    {
        var patient = new Patient(1);
        long[] beats = [.. patient.Beats(Begin, Begin + (1800 * Second))];
        double[] intervals = [.. beats.Zip(beats.Skip(1), (a, b) => (b - a) / 1e9)];
        double usual = intervals.Average();
        int premature = 0;
        for (int at = 1; at < intervals.Length - 1; at++)
        {
            if (intervals[at] < 0.8 * usual)
            {
                premature++;
                Assert.InRange(intervals[at] + intervals[at + 1], 1.75 * usual, 2.25 * usual);
            }
        }

        Assert.InRange(premature, 3, 120);
    }

    private static double Everything(Patient patient, long time) =>
        Enum.GetValues<PatientWave>().Sum(w => patient.Wave(w, time)) + Enum.GetValues<PatientValue>().Sum(v => patient.Value(v, time));

    /// <summary>Maxima of lead II above 0.55 mV, at least 250 ms apart.</summary>
    private static List<long> RPeaks(Patient patient, long from, long to)
    {
        var peaks = new List<long>();
        double before = 0;
        double last = 0;
        for (long time = from; time < to; time += 2 * Millisecond)
        {
            double value = patient.Wave(PatientWave.EcgII, time);
            bool peak = last > 0.55 && last >= before && last > value;
            if (peak && (peaks.Count == 0 || time - peaks[^1] > 250 * Millisecond))
            {
                peaks.Add(time - (2 * Millisecond));
            }

            before = last;
            last = value;
        }

        return peaks;
    }

    /// <summary>Where a pulse begins to rise: the least value between 60 and 420 ms after the beat.</summary>
    private static long Foot(Patient patient, PatientWave wave, long beat)
    {
        long foot = beat;
        double least = double.MaxValue;
        for (long time = beat + (60 * Millisecond); time < beat + (420 * Millisecond); time += 2 * Millisecond)
        {
            double value = patient.Wave(wave, time);
            if (value < least)
            {
                least = value;
                foot = time;
            }
        }

        return foot;
    }
}
