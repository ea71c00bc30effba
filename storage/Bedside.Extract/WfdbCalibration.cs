using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>Gain and baseline of WFDB for a scale; gain 0 = not calibrated.</summary>
internal readonly record struct WfdbCalibration(double Gain, long Baseline, bool Exact)
{
    public static WfdbCalibration Of(Scale? scale)
    {
        if (scale is not Scale known)
        {
            return new WfdbCalibration(0, 0, Exact: true);
        }

        double gain = Reciprocal(known.Gain);
        double baseline = Math.Round(-known.Offset / known.Gain, MidpointRounding.ToEven);
        if (known.Gain == 0 || !double.IsFinite(gain) || !double.IsFinite(baseline) || Math.Abs(baseline) > int.MaxValue)
        {
            return new WfdbCalibration(0, 0, Exact: false);
        }

        return new WfdbCalibration(gain, (long)baseline, 1 / gain == known.Gain && -baseline / gain == known.Offset);
    }

    /// <summary>Of the doubles whose reciprocal is the same, the one with fewer digits is the one a person wrote: 12.84.</summary>
    private static double Reciprocal(double value)
    {
        double inverse = 1 / value;
        double rounded = double.Parse(inverse.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return 1 / rounded == value ? rounded : inverse;
    }
}
