namespace Bedside.Simulators.Physiology;

/// <summary>
/// The ECG of the beat train. Leads I, II and V are made, the others follow from I and II as Einthoven
/// and Goldberger have it, so that the identities hold sample by sample.
/// </summary>
internal sealed class Electrocardiogram(Noise noise, Heart heart, Ventilation ventilation)
{
    /// <summary>P, Q, R, S, T: seconds after the R peak, widths before and after the wave's own peak, and mV in each lead.</summary>
    private readonly record struct Deflection(double Center, double Before, double After, double I, double II, double V)
    {
        public double In(PatientWave lead) => lead switch { PatientWave.EcgI => I, PatientWave.EcgII => II, _ => V };
    }

    private static readonly Deflection[] Sinus =
    [
        new(-0.158, 0.022, 0.024, 0.07, 0.13, 0.06),
        new(-0.027, 0.008, 0.007, -0.05, -0.07, -0.06),
        new(0.000, 0.0105, 0.0105, 0.58, 1.08, 0.92),
        new(0.029, 0.009, 0.011, -0.10, -0.19, -0.34),
    ];

    private static readonly Deflection Recovery = new(0.275, 0.062, 0.038, 0.15, 0.28, 0.30);

    private static readonly Deflection[] Ventricular =
    [
        new(0.000, 0.030, 0.032, -0.45, 1.45, -1.15),
        new(0.078, 0.026, 0.034, 0.22, -0.42, 0.50),
        new(0.330, 0.075, 0.055, 0.18, -0.52, 0.42),
    ];

    /// <summary>mV.</summary>
    public double Lead(PatientWave lead, double seconds) => lead switch
    {
        PatientWave.EcgI or PatientWave.EcgII or PatientWave.EcgV => Made(lead, seconds),
        PatientWave.EcgIII => Made(PatientWave.EcgII, seconds) - Made(PatientWave.EcgI, seconds),
        PatientWave.EcgAvr => -(Made(PatientWave.EcgI, seconds) + Made(PatientWave.EcgII, seconds)) / 2,
        PatientWave.EcgAvl => Made(PatientWave.EcgI, seconds) - (Made(PatientWave.EcgII, seconds) / 2),
        PatientWave.EcgAvf => Made(PatientWave.EcgII, seconds) - (Made(PatientWave.EcgI, seconds) / 2),
        _ => throw new ArgumentOutOfRangeException(nameof(lead), lead, "not a lead of the ECG"),
    };

    private double Made(PatientWave lead, double seconds)
    {
        Beat current = heart.At(seconds);
        double millivolts = Wander(lead, seconds);
        for (long index = current.Index - 1; index <= current.Index + 1; index++)
        {
            millivolts += Complex(heart.Beat(index), lead, seconds);
        }

        return millivolts;
    }

    private static double Complex(Beat beat, PatientWave lead, double seconds)
    {
        double since = seconds - beat.Time;
        if (since is < -0.35 or > 0.9)
        {
            return 0;
        }

        double sum = 0;
        foreach (Deflection deflection in beat.Premature ? Ventricular : Sinus)
        {
            sum += Bump(since, deflection, 1) * deflection.In(lead);
        }

        // The QT interval follows the root of the RR interval (Bazett).
        double stretch = Math.Sqrt(Math.Clamp(beat.Interval, 0.4, 1.4) / 0.8);
        return beat.Premature ? sum : sum + (Bump(since, Recovery, stretch) * Recovery.In(lead));
    }

    private static double Bump(double since, Deflection deflection, double stretch)
    {
        double distance = (since - (deflection.Center * stretch)) / stretch;
        double width = distance < 0 ? deflection.Before : deflection.After;
        double normalised = distance / width;
        return Math.Abs(normalised) > 6 ? 0 : Math.Exp(-0.5 * normalised * normalised);
    }

    /// <summary>Breathing moves the axis and the baseline, muscle adds a few microvolts.</summary>
    private double Wander(PatientWave lead, double seconds)
    {
        int stream = 300 + (10 * (int)lead);
        double breath = Math.Sin((2 * Math.PI * ventilation.Phase(seconds)) - 0.8);
        double slow = 0.02 * noise.Smooth(stream, seconds, 3.7);
        double muscle = 0.007 * noise.Smooth(stream + 1, seconds, 0.0037);
        double mains = 0.002 * Math.Sin(2 * Math.PI * 50 * (seconds - Math.Floor(seconds)));
        return (0.022 * breath) + slow + muscle + mains;
    }
}
