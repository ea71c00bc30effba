namespace Bedside.Simulators.Physiology;

/// <summary>The numbers a monitor shows: measured on the curves, beat by beat and breath by breath.</summary>
internal sealed class Vitals(Noise noise, Heart heart, Ventilation ventilation, Electrocardiogram ecg, Circulation circulation)
{
    private const int Kept = 64;
    private const double CuffSpacing = 900;
    private const double MeasureStep = 0.008;

    private readonly (long Index, Pulse Pulse)?[] _arterial = new (long, Pulse)?[Kept];
    private readonly (long Index, Pulse Pulse)?[] _pulmonary = new (long, Pulse)?[Kept];
    private readonly (long Index, BreathMeasure Measure)?[] _breaths = new (long, BreathMeasure)?[Kept];

    private readonly record struct Pulse(double Systolic, double Diastolic, double Mean, double Venous);

    private readonly record struct BreathMeasure(double PeakPressure, double MeanPressure, double Plateau, double InspiredVolume, double ExpiredVolume, double InspiratoryFlow, double ExpiratoryFlow);

    public double Impedance(double seconds) =>
        0.02 + (0.0016 * ventilation.Volume(seconds)) + (0.035 * (circulation.Pulmonary(seconds) - 18) / 10) + (0.006 * noise.Smooth(500, seconds, 0.05));

    public double LastCuff(double seconds) => (Math.Floor((seconds - 37) / CuffSpacing) * CuffSpacing) + 37;

    public double Value(PatientValue value, double seconds) => value switch
    {
        PatientValue.HeartRate => 60 / MeanInterval(seconds, 12),
        PatientValue.BeatToBeatRate => 60 / heart.At(seconds).Interval,
        PatientValue.PrematureBeats => CountPremature(seconds),
        PatientValue.PulseRate => 60 / MeanInterval(seconds - 0.45, 12),
        PatientValue.Spo2 => Math.Min(100, 96.8 + (1.1 * noise.Drift(510, seconds)) - (11 * Desaturation(seconds))),
        PatientValue.PerfusionIndex => 2.4 + (0.9 * noise.Drift(430, seconds)),
        PatientValue.CuffSystolic => MeanPulse(LastCuff(seconds)).Systolic - 3 + noise.Normal(520, (long)LastCuff(seconds)),
        PatientValue.CuffDiastolic => MeanPulse(LastCuff(seconds)).Diastolic + 2 + noise.Normal(521, (long)LastCuff(seconds)),
        PatientValue.CuffMean => MeanPulse(LastCuff(seconds)).Mean + noise.Normal(522, (long)LastCuff(seconds)),
        PatientValue.CoreTemperature => 37.1 + (0.35 * noise.Drift(530, seconds / 12)),
        PatientValue.BloodTemperature => 37.0 + (0.35 * noise.Drift(530, seconds / 12)),
        PatientValue.CardiacOutput => 60 / MeanInterval(seconds, 30) * 0.066 * MeanStroke(seconds, 30),
        >= PatientValue.AbpSystolic and <= PatientValue.CvpMean or PatientValue.PulsePressureVariation => Pressure(value, seconds),
        >= PatientValue.StI and <= PatientValue.StV => SegmentLevel((PatientWave)(value - PatientValue.StI), seconds),
        _ => Breathing(value, seconds),
    };

    private double Pressure(PatientValue value, double seconds)
    {
        if (value is PatientValue.PulsePressureVariation)
        {
            return Variation(seconds);
        }

        Pulse arterial = value <= PatientValue.AbpMean || value is PatientValue.CvpMean ? MeanPulse(seconds) : default;
        Pulse pulmonary = value is >= PatientValue.PapSystolic and <= PatientValue.PapMean ? MeanPulse(seconds, pulmonary: true) : default;
        return value switch
        {
            PatientValue.AbpSystolic => arterial.Systolic,
            PatientValue.AbpDiastolic => arterial.Diastolic,
            PatientValue.AbpMean => arterial.Mean,
            PatientValue.PapSystolic => pulmonary.Systolic,
            PatientValue.PapDiastolic => pulmonary.Diastolic,
            PatientValue.PapMean => pulmonary.Mean,
            _ => arterial.Venous,
        };
    }

    private double Breathing(PatientValue value, double seconds)
    {
        Breath last = ventilation.Breath(ventilation.At(seconds).Index - 1);
        BreathMeasure measure = Measure(last);
        double rate = BreathRate(seconds, triggeredOnly: false);
        return value switch
        {
            PatientValue.RespirationRate => rate,
            PatientValue.SpontaneousRate => BreathRate(seconds, triggeredOnly: true),
            PatientValue.EndTidalCo2 => last.EndTidalCo2,
            PatientValue.InspiredCo2 => 0.2,
            PatientValue.InspiredTidalVolume => measure.InspiredVolume,
            PatientValue.ExpiredTidalVolume => measure.ExpiredVolume,
            PatientValue.MinuteVolume => rate * MeanVolume(seconds) / 1000,
            PatientValue.SpontaneousMinuteVolume => BreathRate(seconds, triggeredOnly: true) * MeanVolume(seconds) / 1000,
            PatientValue.PeakPressure => measure.PeakPressure,
            PatientValue.PlateauPressure => measure.Plateau,
            PatientValue.MeanAirwayPressure => measure.MeanPressure,
            PatientValue.Peep => ventilation.Settings.Peep,
            PatientValue.IntrinsicPeep => ventilation.Settings.Peep + (last.StartVolume / last.Lung.Compliance),
            PatientValue.DynamicCompliance => measure.ExpiredVolume / (measure.PeakPressure - ventilation.Settings.Peep),
            PatientValue.StaticCompliance => measure.ExpiredVolume / (measure.Plateau - ventilation.Settings.Peep),
            PatientValue.Resistance => last.Lung.InspiratoryResistance,
            PatientValue.PeakInspiratoryFlow => measure.InspiratoryFlow,
            PatientValue.PeakExpiratoryFlow => measure.ExpiratoryFlow,
            PatientValue.InspiredOxygen => ventilation.Settings.OxygenPercent + (0.2 * noise.Drift(540, seconds)),
            PatientValue.InspirationToExpiration => (last.End - last.Expiration) / (last.Expiration - last.Start),
            PatientValue.InspiratoryTime => last.Expiration - last.Start,
            PatientValue.Leakage => 100 * (1 - (measure.ExpiredVolume / measure.InspiredVolume)),
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such number"),
        };
    }

    private double MeanInterval(double seconds, int beats)
    {
        Beat last = heart.At(seconds);
        return (last.Time - heart.Beat(last.Index - beats).Time) / beats;
    }

    private double MeanStroke(double seconds, int beats)
    {
        long last = heart.At(seconds).Index;
        double sum = 0;
        for (long index = last; index > last - beats; index--)
        {
            sum += heart.Beat(index).Stroke;
        }

        return sum / beats;
    }

    private int CountPremature(double seconds)
    {
        int count = 0;
        for (Beat beat = heart.At(seconds); beat.Time > seconds - 60; beat = heart.Beat(beat.Index - 1))
        {
            count += beat.Premature ? 1 : 0;
        }

        return count;
    }

    /// <summary>Over the last eight breaths; those the patient began are counted over the same time.</summary>
    private double BreathRate(double seconds, bool triggeredOnly)
    {
        const int Breaths = 8;
        long current = ventilation.At(seconds).Index;
        double time = ventilation.Breath(current).Start - ventilation.Breath(current - Breaths).Start;
        int count = Breaths;
        for (long index = current - Breaths; triggeredOnly && index < current; index++)
        {
            count -= ventilation.Breath(index).Triggered ? 0 : 1;
        }

        return 60 * count / time;
    }

    private double MeanVolume(double seconds)
    {
        const int Breaths = 8;
        long current = ventilation.At(seconds).Index;
        double sum = 0;
        for (long index = current - Breaths; index < current; index++)
        {
            sum += Measure(ventilation.Breath(index)).ExpiredVolume;
        }

        return sum / Breaths;
    }

    /// <summary>Mean of the last four beats whose pulse is over.</summary>
    private Pulse MeanPulse(double seconds, bool pulmonary = false)
    {
        const int Beats = 4;
        long last = LastPulse(seconds);
        Pulse sum = default;
        for (long index = last; index > last - Beats; index--)
        {
            Pulse pulse = Measure(index, pulmonary);
            sum = new Pulse(sum.Systolic + pulse.Systolic, sum.Diastolic + pulse.Diastolic, sum.Mean + pulse.Mean, sum.Venous + pulse.Venous);
        }

        return new Pulse(sum.Systolic / Beats, sum.Diastolic / Beats, sum.Mean / Beats, sum.Venous / Beats);
    }

    /// <summary>The last beat whose pulse the next one has ended.</summary>
    private long LastPulse(double seconds) => heart.At(seconds - 0.2).Index - 1;

    private Pulse Measure(long index, bool pulmonary)
    {
        ref (long Index, Pulse Pulse)? slot = ref (pulmonary ? _pulmonary : _arterial)[index & (Kept - 1)];
        if (slot is { } known && known.Index == index)
        {
            return known.Pulse;
        }

        double from = Circulation.ArterialOnset(heart.Beat(index)) - (pulmonary ? 0.07 : 0);
        double to = Circulation.ArterialOnset(heart.Beat(index + 1)) - (pulmonary ? 0.07 : 0);
        int steps = Math.Max(1, (int)((to - from) / MeasureStep));
        double highest = double.MinValue;
        double lowest = double.MaxValue;
        double sum = 0;
        double venous = 0;
        for (int step = 0; step < steps; step++)
        {
            double at = from + ((to - from) * step / steps);
            double pressure = pulmonary ? circulation.Pulmonary(at) : circulation.Arterial(at);
            highest = Math.Max(highest, pressure);
            lowest = Math.Min(lowest, pressure);
            sum += pressure;
            venous += pulmonary ? 0 : circulation.Venous(at);
        }

        var pulse = new Pulse(highest, lowest, sum / steps, venous / steps);
        slot = (index, pulse);
        return pulse;
    }

    private double Variation(double seconds)
    {
        double from = ventilation.Breath(ventilation.At(seconds).Index - 3).Start;
        double most = 0;
        double least = double.MaxValue;
        for (long index = LastPulse(seconds); heart.Beat(index).Time > from; index--)
        {
            if (heart.Beat(index).Premature || heart.Beat(index - 1).Premature)
            {
                continue;
            }

            Pulse pulse = Measure(index, pulmonary: false);
            most = Math.Max(most, pulse.Systolic - pulse.Diastolic);
            least = Math.Min(least, pulse.Systolic - pulse.Diastolic);
        }

        return 200 * (most - least) / (most + least);
    }

    private double SegmentLevel(PatientWave lead, double seconds)
    {
        Beat beat = heart.At(seconds - 0.3);
        beat = beat.Premature ? heart.Beat(beat.Index - 1) : beat;
        return 10 * (Average(lead, beat.Time + 0.105) - Average(lead, beat.Time - 0.075));
    }

    private double Average(PatientWave lead, double seconds)
    {
        double sum = 0;
        for (int step = -3; step <= 3; step++)
        {
            sum += ecg.Lead(lead, seconds + (step * 0.003));
        }

        return sum / 7;
    }

    private BreathMeasure Measure(Breath breath)
    {
        ref (long Index, BreathMeasure Measure)? slot = ref _breaths[breath.Index & (Kept - 1)];
        if (slot is { } known && known.Index == breath.Index)
        {
            return known.Measure;
        }

        double peak = double.MinValue;
        double sum = 0;
        double inspiratory = 0;
        double expiratory = 0;
        int steps = (int)(breath.Duration / MeasureStep);
        for (int step = 0; step < steps; step++)
        {
            double at = breath.Start + (breath.Duration * step / steps);
            double pressure = ventilation.Pressure(at);
            double flow = ventilation.Flow(at);
            peak = Math.Max(peak, pressure);
            sum += pressure;
            inspiratory = Math.Max(inspiratory, flow);
            expiratory = Math.Max(expiratory, -flow);
        }

        double full = ventilation.Volume(breath.Expiration - 1e-6);
        double left = ventilation.Volume(breath.End - 1e-6);
        double plateau = ventilation.Settings.Peep + (full / breath.Lung.Compliance);
        double lost = 0.98 + (0.008 * noise.Drift(545, breath.Start));
        var measure = new BreathMeasure(peak, sum / steps, plateau, full - breath.StartVolume, (full - left) * lost, inspiratory, expiratory);
        slot = (breath.Index, measure);
        return measure;
    }

    /// <summary>0 usually; once in each twenty minutes a minute's dip to 1 and back, so that an alarm has a reason.</summary>
    private double Desaturation(double seconds)
    {
        const double Spacing = 1200;
        double window = Math.Floor(seconds / Spacing);
        double since = seconds - (window * Spacing) - 100 - (1000 * noise.Unit(550, (long)window));
        return since is < 0 or > 90 ? 0 : Math.Pow(Math.Sin(Math.PI * since / 90), 2);
    }
}
