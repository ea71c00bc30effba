using System.Globalization;

namespace Bedside.Simulators.Draeger;

/// <summary>A curve that the device offers.</summary>
/// <param name="Code">Two hexadecimal digits, sheet section 8.</param>
/// <param name="IntervalMicroseconds">Between two samples at multiplier 1.</param>
/// <param name="Least">Value of bin 0 as the five characters sent: <c>-  10</c>.</param>
/// <param name="Most">Value of the largest bin as the five characters sent.</param>
/// <param name="LargestBin">Bin that equals <paramref name="Most"/>, at most 0FFFH.</param>
/// <param name="Value">The curve's value at an instant; null = missing now.</param>
public sealed record RealtimeTrace(string Code, int IntervalMicroseconds, string Least, string Most, int LargestBin, Func<VentilatorReadings, double?> Value)
{
    private const int MostBins = 4095;

    /// <summary>The 23 characters of a realtime configuration record.</summary>
    public string Record => string.Create(CultureInfo.InvariantCulture, $"{Code}{IntervalMicroseconds,8}{Least,5}{Most,5}{LargestBin:X3}");

    public int Bin(double value)
    {
        double least = Number(Least);
        double most = Number(Most);
        return (int)Math.Clamp(Math.Round((value - least) * LargestBin / (most - least), MidpointRounding.AwayFromZero), 0, MostBins);
    }

    private static double Number(string field) => double.Parse(field.Replace(" ", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
