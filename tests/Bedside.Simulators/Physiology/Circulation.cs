namespace Bedside.Simulators.Physiology;

/// <summary>
/// Pressures and the pleth of the beat train. Each beat ejects for a while into an elastic vessel that empties
/// between beats (a three-element windkessel in closed form), with the valve's closure and its echo on top; the curves
/// are the sum of the last beats, so that a pause lowers the diastole and an early beat hardly makes a pulse.
/// </summary>
internal sealed class Circulation
{
    /// <summary>Older beats than this have run off.</summary>
    private const int Remembered = 9;

    private readonly Noise _noise;
    private readonly Heart _heart;
    private readonly Ventilation _ventilation;
    private readonly double _arterialGain;

    public Circulation(Noise noise, Heart heart, Ventilation ventilation)
    {
        _noise = noise;
        _heart = heart;
        _ventilation = ventilation;
        _arterialGain = 1.07 + (0.20 * noise.Unit(400, 0));
    }

    /// <summary>
    /// A vessel: delay of the pulse after the R peak and length of the ejection in s, time constant of the run-off in s, pressure
    /// of the run-off and of the ejection itself in mmHg, then incisura and echo as parts of both.
    /// </summary>
    private readonly record struct Vessel(double Delay, double Ejection, double RunOff, double Elastic, double Direct, double Notch, double Echo)
    {
        public double At(double since)
        {
            if (since <= 0)
            {
                return 0;
            }

            double fade = Math.Exp(-since / RunOff);
            double elastic = since < Ejection ? Stored(since) : Stored(Ejection) * Math.Exp((Ejection - since) / RunOff);
            double direct = since < Ejection ? Math.Pow(Math.Sin(Math.PI * Math.Pow(since / Ejection, 0.55)), 2.2) : 0;
            double incisura = Notch * Gauss((since - Ejection - 0.012) / 0.017);
            double echo = Echo * Gauss((since - Ejection - 0.085) / (since < Ejection + 0.085 ? 0.034 : 0.06));
            return (Elastic * (elastic + (fade * (echo - incisura)))) + (Direct * direct);
        }

        /// <summary>The vessel's filling by a half sine of flow, normalised by its time constant.</summary>
        private double Stored(double since)
        {
            double w = Math.PI / Ejection;
            double leak = 1 / RunOff;
            return w * ((leak * Math.Sin(w * since)) - (w * Math.Cos(w * since)) + (w * Math.Exp(-leak * since))) / (2 * ((w * w) + (leak * leak)));
        }

        private static double Gauss(double x) => Math.Abs(x) > 5 ? 0 : Math.Exp(-0.5 * x * x);
    }

    private static readonly Vessel RadialArtery = new(0.165, 0.29, 1.3, 40, 39, 0.15, 0.16);
    private static readonly Vessel PulmonaryArtery = new(0.095, 0.30, 0.75, 13, 9.5, 0.15, 0.10);
    private static readonly Vessel Finger = new(0.255, 0.36, 0.24, 0.5, 0.56, 0.10, 0.30);

    /// <summary>When the pulse of a beat reaches the radial artery, seconds.</summary>
    public static double ArterialOnset(Beat beat) => beat.Time + RadialArtery.Delay;

    /// <summary>When it reaches the finger.</summary>
    public static double PlethOnset(Beat beat) => beat.Time + Finger.Delay;

    /// <summary>mmHg.</summary>
    public double Arterial(double seconds)
    {
        double tone = 1 + (0.05 * _noise.Drift(410, seconds)) + (0.012 * Math.Sin(2 * Math.PI * seconds / 10.3));
        return 4 + (_arterialGain * tone * Pulses(RadialArtery, seconds)) + (0.10 * Transmitted(seconds)) + (0.12 * _noise.Smooth(412, seconds, 0.021));
    }

    /// <summary>mmHg.</summary>
    public double Pulmonary(double seconds) =>
        4 + (1 + (0.05 * _noise.Drift(415, seconds))) * Pulses(PulmonaryArtery, seconds) + (0.22 * Transmitted(seconds)) + (0.15 * _noise.Smooth(417, seconds, 0.03));

    /// <summary>mmHg: a, c and v waves, x and y descents, carried by the airway pressure.</summary>
    public double Venous(double seconds)
    {
        Beat current = _heart.At(seconds);
        double pressure = 6 + _noise.Drift(420, seconds) + (0.20 * Transmitted(seconds)) + (0.08 * _noise.Smooth(421, seconds, 0.04));
        for (long index = current.Index - 1; index <= current.Index + 1; index++)
        {
            Beat beat = _heart.Beat(index);
            double since = seconds - beat.Time;
            double atrial = beat.Premature ? 0 : 2.6 * Gauss((since + 0.045) / 0.040);
            double cannon = beat.Premature ? 5.5 * Gauss((since - 0.12) / 0.055) : 0;
            pressure += atrial + cannon + (1.3 * Gauss((since - 0.075) / 0.028)) - (1.6 * Gauss((since - 0.21) / 0.055))
                + (2.0 * Gauss((since - 0.38) / 0.060)) - (1.1 * Gauss((since - 0.52) / 0.055));
        }

        return pressure;
    }

    /// <summary>0 to about 1.</summary>
    public double Pleth(double seconds)
    {
        double perfusion = 0.9 + (0.12 * _noise.Drift(430, seconds));
        double breath = 0.025 * Math.Sin((2 * Math.PI * _ventilation.Phase(seconds)) + 2.4);
        return 0.16 + (perfusion * Pulses(Finger, seconds)) + breath + (0.004 * _noise.Smooth(432, seconds, 0.05));
    }

    private double Pulses(Vessel vessel, double seconds)
    {
        long current = _heart.At(seconds).Index;
        double sum = 0;
        for (long index = current; index > current - Remembered; index--)
        {
            Beat beat = _heart.Beat(index);
            sum += beat.Stroke * vessel.At(seconds - beat.Time - vessel.Delay);
        }

        return sum;
    }

    /// <summary>The airway's pressure over PEEP as the vessels in the chest feel it, mbar, smoothed by the lung's filling.</summary>
    private double Transmitted(double seconds)
    {
        Breath breath = _ventilation.At(seconds);
        return _ventilation.Volume(seconds) / breath.Lung.Compliance;
    }

    private static double Gauss(double x) => Math.Abs(x) > 5 ? 0 : Math.Exp(-0.5 * x * x);
}
