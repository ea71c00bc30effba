using System.Numerics;

namespace Bedside.Simulators.Philips;

/// <summary>
/// A record's gain and zero as two points of the protocol's scale. The points are chosen so that both physical values are
/// decimal numbers that a FLOAT holds without rounding; where no such points exist, the nearest are taken.
/// </summary>
internal static class ExactScale
{
    private const int Highest = ushort.MaxValue;

    /// <summary>Counts that physical 0 and each count stand for: value = (scaled - zero) / gain.</summary>
    public static (WaveScale Scale, bool Exact) Of(decimal gain, int zero)
    {
        (BigInteger numerator, BigInteger denominator) = PerCount(gain);

        // Only steps that cancel the denominator's factors other than 2 and 5 end as decimals.
        var core = BigInteger.Abs(denominator);
        while (core % 2 == 0)
        {
            core /= 2;
        }

        while (core % 5 == 0)
        {
            core /= 5;
        }

        if (core <= Highest / 2)
        {
            int step = (int)core;
            int first = zero is >= 0 and <= Highest ? zero : ((zero % step) + step) % step;
            for (int lower = first; lower < Highest; lower += step)
            {
                if (Decimal((lower - zero) * numerator, denominator) is { } low && Upper(lower, zero, step, numerator, denominator) is { } found)
                {
                    return (new WaveScale(low, found.Value, (ushort)lower, (ushort)found.Scaled), true);
                }
            }
        }

        double unit = (double)numerator / (double)denominator;
        return (new WaveScale(Nearest(-zero * unit), Nearest((Highest - zero) * unit), 0, Highest), false);
    }

    /// <summary>1/gain in lowest terms.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) PerCount(decimal gain)
    {
        int[] bits = decimal.GetBits(gain);
        int scale = (bits[3] >> 16) & 0xFF;
        var mantissa = new BigInteger(gain * Power(scale));
        var power = BigInteger.Pow(10, scale);
        var divisor = BigInteger.GreatestCommonDivisor(mantissa, power);
        return (power / divisor, mantissa / divisor);
    }

    private static decimal Power(int exponent)
    {
        decimal power = 1;
        for (int at = 0; at < exponent; at++)
        {
            power *= 10;
        }

        return power;
    }

    /// <summary>A higher scaled number whose value is a short decimal: 1, 10 or 0.1 units above zero when there is one.</summary>
    private static (int Scaled, FloatValue Value)? Upper(int lower, int zero, int step, BigInteger numerator, BigInteger denominator)
    {
        for (int power = 4; power >= -6; power--)
        {
            BigInteger above = power >= 0 ? denominator * BigInteger.Pow(10, power) : denominator;
            BigInteger below = power >= 0 ? numerator : numerator * BigInteger.Pow(10, -power);
            if (above % below == 0 && zero + (above / below) is var scaled && scaled > lower && scaled <= Highest)
            {
                return ((int)scaled, new FloatValue(1, power));
            }
        }

        for (int upper = lower + (step * ((Highest - lower) / step)); upper > lower; upper -= step)
        {
            if (Decimal((upper - zero) * numerator, denominator) is { } value)
            {
                return (upper, value);
            }
        }

        return null;
    }

    /// <summary>A fraction as a FLOAT, or null when it does not end or is too long.</summary>
    private static FloatValue? Decimal(BigInteger numerator, BigInteger denominator)
    {
        if (denominator < 0)
        {
            (numerator, denominator) = (-numerator, -denominator);
        }

        for (int decimals = 0; decimals <= 20; decimals++)
        {
            BigInteger scaled = numerator * BigInteger.Pow(10, decimals);
            if (scaled % denominator != 0)
            {
                continue;
            }

            BigInteger mantissa = scaled / denominator;
            return BigInteger.Abs(mantissa) <= FloatValue.LargestMantissa ? new FloatValue((int)mantissa, -decimals) : null;
        }

        return null;
    }

    /// <summary>Rounded to as many digits as the mantissa holds.</summary>
    private static FloatValue Nearest(double value)
    {
        int decimals = value == 0 ? 0 : (int)Math.Floor(Math.Log10(FloatValue.LargestMantissa / Math.Abs(value)));
        return FloatValue.Of(value, decimals);
    }
}
