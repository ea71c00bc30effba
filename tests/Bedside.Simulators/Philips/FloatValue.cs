namespace Bedside.Simulators.Philips;

/// <summary>
/// The protocol's FLOAT: mantissa (24 bits, signed) x 10^exponent (8 bits, signed); special values by their mantissa
/// (sheet, section 8).
/// </summary>
internal readonly record struct FloatValue(int Mantissa, int Exponent)
{
    public const int LargestMantissa = 0x7FFFFD;

    public static readonly FloatValue NotANumber = new(0x7FFFFF, 0);

    public double Value => Mantissa == NotANumber.Mantissa ? double.NaN : Mantissa * Math.Pow(10, Exponent);

    /// <summary>As on the wire.</summary>
    public uint Bits => ((uint)(byte)(sbyte)Exponent << 24) | ((uint)Mantissa & 0xFFFFFF);

    /// <summary>Rounded to so many decimals, or fewer when the mantissa has no room; NaN stays NaN.</summary>
    public static FloatValue Of(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return NotANumber;
        }

        double scaled = Math.Round(value * Math.Pow(10, decimals), MidpointRounding.AwayFromZero);
        return Math.Abs(scaled) <= LargestMantissa ? new FloatValue((int)scaled, -decimals) : Of(value, decimals - 1);
    }
}
