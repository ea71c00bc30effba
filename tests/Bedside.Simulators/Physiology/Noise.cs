namespace Bedside.Simulators.Physiology;

/// <summary>
/// Chance without memory: the same seed, stream and index always give the same
/// number, so that any instant of the patient's life can be looked at without
/// living through what came before.
/// </summary>
internal readonly struct Noise(long seed)
{
    /// <summary>Evenly spread over 0 to 1, 1 excluded.</summary>
    public double Unit(int stream, long index) => (Mix(stream, index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Mean 0, standard deviation 1, never beyond 3.5 (the sum of twelve even ones would do no better).</summary>
    public double Normal(int stream, long index)
    {
        double sum = 0;
        for (int part = 0; part < 4; part++)
        {
            sum += Unit(stream + ((part + 1) << 16), index);
        }

        return (sum - 2) * Math.Sqrt(3);
    }

    /// <summary>A curve that goes smoothly between a random value of -1 to 1 every <paramref name="spacing"/> seconds.</summary>
    public double Smooth(int stream, double seconds, double spacing)
    {
        double position = seconds / spacing;
        double floor = Math.Floor(position);
        double part = position - floor;
        double from = (2 * Unit(stream, (long)floor)) - 1;
        double to = (2 * Unit(stream, (long)floor + 1)) - 1;
        return from + ((to - from) * part * part * (3 - (2 * part)));
    }

    /// <summary>A slow wandering, mostly within -1 to 1, with periods of about two, seven and thirty minutes.</summary>
    public double Drift(int stream, double seconds) =>
        (0.3 * Wander(stream, seconds, 97)) + (0.35 * Wander(stream + 1, seconds, 431)) + (0.35 * Wander(stream + 2, seconds, 1777));

    private double Wander(int stream, double seconds, double period) =>
        Math.Sin((2 * Math.PI * seconds / period) + (2 * Math.PI * Unit(stream, -1)));

    /// <summary>SplitMix64's finaliser over seed, stream and index.</summary>
    private ulong Mix(int stream, long index)
    {
        ulong x = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + ((uint)stream * 0xD1B54A32D192ED03) + (ulong)index);
        for (int round = 0; round < 2; round++)
        {
            x = unchecked(x + 0x9E3779B97F4A7C15);
            x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9);
            x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EB);
            x ^= x >> 31;
        }

        return x;
    }
}
