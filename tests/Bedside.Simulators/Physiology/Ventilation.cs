namespace Bedside.Simulators.Physiology;

/// <summary>What the respiratory therapist set: pressure-controlled, assisted. Pressures in mbar, times in s.</summary>
public sealed record VentilatorSettings(double Rate, double InspiratoryPressure, double Peep, double InspiratoryTime, double RiseTime, double OxygenPercent);

/// <summary>
/// One breath: when inspiration begins and for how long, and what the lung makes of it. Seconds since the
/// epoch, mL; <paramref name="StartVolume"/> is what the breath before left in the lung.
/// </summary>
internal readonly record struct Breath(long Index, double Start, double Expiration, double End, bool Triggered, Lung Lung, double StartVolume, double EndTidalCo2)
{
    public double Duration => End - Start;
}

/// <summary>A lung for one breath: mL/mbar and mbar/(L/s).</summary>
internal readonly record struct Lung(double Compliance, double InspiratoryResistance, double ExpiratoryResistance)
{
    /// <summary>Time constants, s: mL/mbar x mbar/(L/s) are ms.</summary>
    public double Filling => Compliance * InspiratoryResistance / 1000;

    public double Emptying => Compliance * ExpiratoryResistance / 1000;
}

/// <summary>
/// The ventilator's breath train and a single-compartment lung. The breath's number is a smooth function of
/// time, so that any breath is found without those before it; a triggered breath comes a little early.
/// </summary>
internal sealed class Ventilation
{
    private const int Kept = 256;

    /// <summary>How fast the expiratory valve lets the airway fall to PEEP, s.</summary>
    private const double ValveTime = 0.045;

    private readonly Noise _noise;
    private readonly Breath?[] _breaths = new Breath?[Kept];
    private readonly Lung _lung;
    private readonly double _endTidal;
    private long _last;

    public Ventilation(Noise noise)
    {
        _noise = noise;
        Settings = new VentilatorSettings(14 + Math.Floor(4 * noise.Unit(100, 0)), 13 + Math.Floor(4 * noise.Unit(101, 0)), 5 + Math.Floor(4 * noise.Unit(102, 0)), 1.3, 0.1, 30 + (5 * Math.Floor(4 * noise.Unit(103, 0))));
        _lung = new Lung(36 + (10 * noise.Unit(104, 0)), 9 + (3 * noise.Unit(105, 0)), 12 + (3 * noise.Unit(106, 0)));
        _endTidal = 36 + (5 * noise.Unit(107, 0));
    }

    public VentilatorSettings Settings { get; }

    /// <summary>Turns of the breath cycle since the epoch; a whole number is (nearly) the start of an inspiration.</summary>
    public double Phase(double seconds) =>
        (Settings.Rate / 60 * seconds) + (0.9 * Math.Sin(2 * Math.PI * seconds / 613)) + (0.11 * Math.Sin(2 * Math.PI * seconds / 89));

    /// <summary>The breath in progress.</summary>
    public Breath At(double seconds)
    {
        if (Breath(_last).Start > seconds || Breath(_last).End <= seconds)
        {
            _last = (long)Math.Floor(Phase(seconds)) + 1;
            while (Start(_last) > seconds)
            {
                _last--;
            }
        }

        return Breath(_last);
    }

    public Breath Breath(long index)
    {
        ref Breath? slot = ref _breaths[index & (Kept - 1)];
        if (slot is not { } breath || breath.Index != index)
        {
            breath = Make(index);
            slot = breath;
        }

        return breath;
    }

    /// <summary>mbar.</summary>
    public double Pressure(double seconds)
    {
        Breath breath = At(seconds);
        double rise = Settings.RiseTime / 2.3;
        if (seconds < breath.Expiration)
        {
            return Settings.Peep + (Settings.InspiratoryPressure * (1 - Math.Exp((breath.Start - seconds) / rise)));
        }

        double fall = Settings.InspiratoryPressure * Math.Exp((breath.Expiration - seconds) / ValveTime);
        return Settings.Peep + fall - TriggerEffort(breath, seconds);
    }

    /// <summary>mL above the volume at PEEP.</summary>
    public double Volume(double seconds)
    {
        Breath breath = At(seconds);
        return seconds < breath.Expiration
            ? Filled(breath, seconds - breath.Start)
            : Filled(breath, breath.Expiration - breath.Start) * Emptied(breath.Lung.Emptying, seconds - breath.Expiration);
    }

    /// <summary>L/min, the derivative of the volume.</summary>
    public double Flow(double seconds)
    {
        Breath breath = At(seconds);
        double rise = Settings.RiseTime / 2.3;
        double tau = breath.Lung.Filling;
        if (seconds < breath.Expiration)
        {
            double u = seconds - breath.Start;
            double driven = breath.Lung.Compliance * Settings.InspiratoryPressure * (Math.Exp(-u / tau) - Math.Exp(-u / rise)) / (tau - rise);
            return (driven - (breath.StartVolume / tau * Math.Exp(-u / tau))) * 0.06;
        }

        double s = seconds - breath.Expiration;
        tau = breath.Lung.Emptying;
        double full = Filled(breath, breath.Expiration - breath.Start);
        return -full * (Math.Exp(-s / tau) - Math.Exp(-s / ValveTime)) / (tau - ValveTime) * 0.06;
    }

    /// <summary>mmHg: dead space, a steep rise, the alveolar plateau, then washed out by the next inspiration.</summary>
    public double Co2(double seconds)
    {
        Breath breath = At(seconds);
        if (seconds < breath.Expiration)
        {
            double washedOut = Sigmoid((seconds - breath.Start - 0.16) / 0.024);
            return 0.2 + ((Breath(breath.Index - 1).EndTidalCo2 - 0.2) * (1 - washedOut));
        }

        double since = seconds - breath.Expiration;
        double plateau = 0.87 + (0.13 * since / (breath.End - breath.Expiration));
        return 0.2 + ((breath.EndTidalCo2 - 0.2) * Sigmoid((since - 0.42) / 0.055) * plateau);
    }

    private Breath Make(long index)
    {
        double start = Start(index);
        double end = Start(index + 1);
        double expiration = start + Math.Min(Settings.InspiratoryTime, 0.6 * (end - start));
        Lung lung = LungAt(index);
        Lung before = LungAt(index - 1);
        double startBefore = Start(index - 1);
        double inspired = Math.Min(Settings.InspiratoryTime, 0.6 * (start - startBefore));
        double left = Driven(before, inspired) * Emptied(before.Emptying, start - startBefore - inspired);
        double endTidal = _endTidal + (2.2 * _noise.Drift(110, start)) + (0.4 * _noise.Normal(112, index));
        return new Breath(index, start, expiration, end, Triggered(index), lung, left, endTidal);
    }

    private bool Triggered(long index) => _noise.Unit(113, index) < 0.25;

    /// <summary>Where the smooth phase reaches the index, and up to 9 % of a breath earlier when the patient triggers.</summary>
    private double Start(long index)
    {
        double frequency = Settings.Rate / 60;
        double seconds = index / frequency;
        for (int round = 0; round < 14; round++)
        {
            seconds -= (Phase(seconds) - index) / frequency;
        }

        return Triggered(index) ? seconds - (0.09 * _noise.Unit(114, index) / frequency) : seconds;
    }

    private Lung LungAt(long index)
    {
        double stiff = 1 + (0.06 * _noise.Drift(120, index * 4.0)) + (0.012 * _noise.Normal(123, index));
        return _lung with { Compliance = _lung.Compliance * stiff };
    }

    /// <summary>mL after <paramref name="u"/> s of inspiration.</summary>
    private double Filled(Breath breath, double u) =>
        (breath.StartVolume * Math.Exp(-u / breath.Lung.Filling)) + Driven(breath.Lung, u);

    private double Driven(Lung lung, double u)
    {
        double rise = Settings.RiseTime / 2.3;
        double tau = lung.Filling;
        return lung.Compliance * Settings.InspiratoryPressure * (1 - (((tau * Math.Exp(-u / tau)) - (rise * Math.Exp(-u / rise))) / (tau - rise)));
    }

    private static double Emptied(double tau, double s) =>
        ((tau * Math.Exp(-s / tau)) - (ValveTime * Math.Exp(-s / ValveTime))) / (tau - ValveTime);

    /// <summary>The dip that a breath about to be triggered makes, at most 1.4 mbar.</summary>
    private double TriggerEffort(Breath breath, double seconds)
    {
        double before = breath.End - seconds;
        return before < 0.16 && Breath(breath.Index + 1).Triggered ? 1.4 * Math.Pow(1 - (before / 0.16), 2) : 0;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
