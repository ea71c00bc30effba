using Bedside.Model;

namespace Bedside.Simulators.Physiology;

/// <summary>
/// A sedated, ventilated patient: one heart, one ventilator, and every curve and number following from those two.
/// The same seed gives the same patient at the same time, whoever asks and in whatever order, so that two
/// simulators agree without speaking to each other. Times are nanoseconds since <see cref="DefaultEpoch"/>, or since the
/// epoch that the simulators were told. Not for several threads at once.
/// </summary>
public sealed class Patient
{
    private readonly Ventilation _ventilation;
    private readonly Heart _heart;
    private readonly Electrocardiogram _ecg;
    private readonly Circulation _circulation;
    private readonly Vitals _vitals;

    public Patient(long seed)
    {
        Seed = seed;
        var noise = new Noise(seed);
        _ventilation = new Ventilation(noise);
        _heart = new Heart(noise, _ventilation);
        _ecg = new Electrocardiogram(noise, _heart, _ventilation);
        _circulation = new Circulation(noise, _heart, _ventilation);
        _vitals = new Vitals(noise, _heart, _ventilation, _ecg, _circulation);
    }

    /// <summary>2024-01-01T00:00:00Z, where the patient's time begins unless an epoch is given.</summary>
    public static UtcInstant DefaultEpoch { get; } = new(1_704_067_200_000_000_000);

    public long Seed { get; }

    /// <summary>What the ventilator is set to.</summary>
    public VentilatorSettings Ventilator => _ventilation.Settings;

    /// <summary>A curve at an instant, in the unit that stands with <paramref name="wave"/>.</summary>
    public double Wave(PatientWave wave, long nanoseconds)
    {
        double seconds = nanoseconds / 1e9;
        return wave switch
        {
            <= PatientWave.EcgV => _ecg.Lead(wave, seconds),
            PatientWave.ArterialPressure => _circulation.Arterial(seconds),
            PatientWave.CentralVenousPressure => _circulation.Venous(seconds),
            PatientWave.PulmonaryPressure => _circulation.Pulmonary(seconds),
            PatientWave.Pleth => _circulation.Pleth(seconds),
            PatientWave.ImpedanceRespiration => _vitals.Impedance(seconds),
            PatientWave.AirwayPressure => _ventilation.Pressure(seconds),
            PatientWave.AirwayFlow => _ventilation.Flow(seconds),
            PatientWave.AirwayVolume => _ventilation.Volume(seconds),
            PatientWave.AirwayCo2 => _ventilation.Co2(seconds),
            _ => throw new ArgumentOutOfRangeException(nameof(wave), wave, "no such curve"),
        };
    }

    /// <summary>
    /// A number as a monitor would show it at an instant: measured on the beats and breaths that ended before.
    /// Not rounded; the unit stands with <paramref name="value"/>.
    /// </summary>
    public double Value(PatientValue value, long nanoseconds) => _vitals.Value(value, nanoseconds / 1e9);

    /// <summary>When the last cuff measurement ended, nanoseconds: one every fifteen minutes.</summary>
    public long LastCuffMeasurement(long nanoseconds) => (long)(_vitals.LastCuff(nanoseconds / 1e9) * 1e9);

    /// <summary>R peaks in [<paramref name="from"/>, <paramref name="to"/>), nanoseconds.</summary>
    public IEnumerable<long> Beats(long from, long to)
    {
        for (long index = _heart.At(from / 1e9).Index; ; index++)
        {
            long time = (long)(_heart.Beat(index).Time * 1e9);
            if (time >= to)
            {
                yield break;
            }

            if (time >= from)
            {
                yield return time;
            }
        }
    }

    /// <summary>The breath in progress: when its inspiration began, when its expiration began, when it ends; nanoseconds.</summary>
    public (long Start, long Expiration, long End) BreathAt(long nanoseconds)
    {
        Breath breath = _ventilation.At(nanoseconds / 1e9);
        return ((long)(breath.Start * 1e9), (long)(breath.Expiration * 1e9), (long)(breath.End * 1e9));
    }
}
